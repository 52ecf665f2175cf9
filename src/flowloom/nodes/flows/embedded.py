"""The flow within a block: a copy it carries along, its inputs and outputs as ports."""

from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from typing import Annotated, Any

from pydantic import Field, ValidationError
from pydantic_core import from_json, to_json

from flowloom.errors import Problem
from flowloom.flow.model import Flow
from flowloom.kinds.kind import NodeKind
from flowloom.kinds.port import Port
from flowloom.kinds.registry import all_kinds
from flowloom.locales import add_texts

EmbeddedFlow = Annotated[
    dict[str, Any],
    Field(
        title="Flow",
        description="The flow within this block, as it is in a flow file.",
        json_schema_extra={"widget": "hidden"},
    ),
]
Source = Annotated[
    str,
    Field(
        title="Comes from",
        description="The GPT that the flow is a copy of.",
        json_schema_extra={"widget": "hidden"},
    ),
]

add_texts(
    {
        "zh": {
            "Flow": "流程",
            "The flow within this block, as it is in a flow file.": "这个模块里的流程，与流程文件中的写法相同。",
            "Comes from": "来自",
            "The GPT that the flow is a copy of.": "这个流程所复制的 GPT。",
            "This block holds no flow yet.": "这个模块里还没有流程。",
            "Choose below which GPT it runs.": "请在下面选择它运行哪个 GPT。",
            "The flow within this block cannot be read.": "无法读取这个模块里的流程。",
            "Choose below which GPT it runs, or remove the block.": "请在下面选择它运行哪个 GPT，或删除这个模块。",
        },
        "fr": {
            "Flow": "Flux",
            "The flow within this block, as it is in a flow file.": (
                "Le flux contenu dans ce bloc, tel que dans un fichier de flux."
            ),
            "Comes from": "Vient de",
            "The GPT that the flow is a copy of.": "Le GPT dont le flux est une copie.",
            "This block holds no flow yet.": "Ce bloc ne contient pas encore de flux.",
            "Choose below which GPT it runs.": "Choisissez ci-dessous quel GPT il exécute.",
            "The flow within this block cannot be read.": "Le flux contenu dans ce bloc est illisible.",
            "Choose below which GPT it runs, or remove the block.": (
                "Choisissez ci-dessous quel GPT il exécute, ou retirez le bloc."
            ),
        },
    }
)


def flow_in(document: dict[str, Any]) -> Flow | None:
    """The flow a block carries; None where there is none, or none that can be read."""
    return _read(to_json(document)) if document else None


# The ports of a block are asked for at every edit, and its flow changes seldom.
@lru_cache(maxsize=256)
def _read(raw: bytes) -> Flow | None:
    try:
        return Flow.model_validate(from_json(raw))
    except ValidationError:
        return None


def inputs_of(flow: Flow | None) -> list[Port]:
    """What comes into the flow from outside, as the inputs of its block."""
    return _distinct(port for kind, config in _nodes(flow) if kind.enters for port in kind.enters(config))


def outputs_of(flow: Flow | None) -> list[Port]:
    """What the flow gives, as the outputs of its block."""
    return _distinct(kind.leaves(config) for kind, config in _nodes(flow) if kind.leaves)


def _nodes(flow: Flow | None) -> Iterator[tuple[NodeKind, Any]]:
    kinds = all_kinds()
    for node in flow.nodes if flow else ():
        kind = kinds.get(node.kind)
        if kind and (kind.enters or kind.leaves):
            try:
                yield kind, kind.config.model_validate(node.config)
            except ValidationError:
                continue


def _distinct(ports: Iterable[Port]) -> list[Port]:
    found: dict[str, Port] = {}
    for port in ports:
        found.setdefault(port.id, port)
    return list(found.values())


def check_flow(document: dict[str, Any]) -> Iterator[Problem]:
    if not document:
        yield Problem.of("flow.none", "This block holds no flow yet.", "Choose below which GPT it runs.")
    elif flow_in(document) is None:
        yield Problem.of(
            "flow.unreadable",
            "The flow within this block cannot be read.",
            "Choose below which GPT it runs, or remove the block.",
        )


def name_in(document: dict[str, Any]) -> str:
    flow = flow_in(document)
    return flow.name if flow else ""


def with_ids(flow: Flow, new_id: Callable[[str], str]) -> Flow:
    """The flow with other ids, its own and those of the flows within its blocks, by which they find documents."""
    nodes = tuple(
        node.model_copy(update={"config": _with_ids(node.config, new_id)}) if "flow" in node.config else node
        for node in flow.nodes
    )
    return flow.model_copy(update={"id": new_id(flow.id), "nodes": nodes})


def _with_ids(config: dict[str, Any], new_id: Callable[[str], str]) -> dict[str, Any]:
    inner = flow_in(config["flow"]) if isinstance(config.get("flow"), dict) else None
    return {**config, "flow": document_of(with_ids(inner, new_id))} if inner else config


def document_of(flow: Flow) -> dict[str, Any]:
    """The flow as a block carries it."""
    document: dict[str, Any] = flow.model_dump(mode="json", by_alias=True)
    return document
