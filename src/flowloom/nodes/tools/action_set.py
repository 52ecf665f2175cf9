"""Many operations of a web service: an agent finds the right one by words, and calls it."""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Annotated, Any

from pydantic import BaseModel, Field

from flowloom.errors import NodeError, Problem
from flowloom.kinds.context import NodeContext
from flowloom.kinds.kind import node_kind
from flowloom.kinds.operations import MAX_OPERATIONS, Finder, Operation
from flowloom.kinds.values import ToolSpec
from flowloom.locales import Verbatim
from flowloom.nodes.readable import first_words
from flowloom.nodes.tools.arguments import schema_of
from flowloom.nodes.tools.calls import call, check_operation, refuse_failure
from flowloom.nodes.tools.http_request import outputs_of
from flowloom.nodes.tools.requests import host_in, refuse

FOUND = 6
"""How many operations a search gives, with all it takes to call them."""
MAX_SHOWN = 15_000
"""Characters of what a search gives; an agent reads no more of a tool."""


class Config(BaseModel):
    operations: Annotated[list[Operation], Field(max_length=MAX_OPERATIONS)] = Field(
        default_factory=list,
        title="Operations",
        description="Operations the agent can use. There can be hundreds, because it searches them.",
        json_schema_extra={"widget": "operations"},
    )
    connection: str = Field(
        default="",
        title="Account",
        description="How to sign in. Keys are stored in Settings, never in the GPT.",
        max_length=100,
        json_schema_extra={"widget": "connection"},
    )
    timeout: float = Field(
        default=30, title="Timeout in seconds", description="How long to wait for an answer.", ge=1, le=300
    )


class Inputs(BaseModel):
    query: str = Field(default="", title="Search operations")
    operation: str = Field(default="", title="Operation to call")
    arguments: dict[str, Any] = Field(default_factory=dict, title="Values")


class Outputs(BaseModel):
    text: str = Field(title="Text")
    data: Any = Field(default=None, title="Data")
    status: int = Field(default=0, title="Status")


TEXTS = {
    "zh": {
        "Action set": "操作集",
        "Gives an agent many operations of a web service. It searches for the right one and calls it.": (
            "把网络服务的许多功能交给智能体：它用词语找到合适的功能并调用。"
        ),
        "Operations": "功能",
        "Operations the agent can use. There can be hundreds, because it searches them.": (
            "智能体可以请服务做的事。它用词语搜索，所以可以有几百项。"
        ),
        "Search operations": "搜索操作",
        "Operation to call": "要调用的功能",
        "Values": "多个值",
        "No operations have been chosen yet.": "还没有选择功能。",
        "Open the block and choose its operations.": "打开这个模块，选择可以请服务做什么。",
        "There is no operation called “{name}” here.": "这里没有名为“{name}”的功能。",
        "Did you mean one of these? {names}": "相近的有：{names}。",
        "There is nothing to search for or call.": "没有要查找或调用的内容。",
        "Enter words to search for, or the name of an operation.": "请给出查找用的词，或一个功能的名称。",
    },
    "fr": {
        "Action set": "Jeu d’actions",
        "Gives an agent many operations of a web service. It searches for the right one and calls it.": (
            "Donne à un agent bien des opérations d’un service web : il trouve la bonne par des mots et l’appelle."
        ),
        "Operations": "Opérations",
        "Operations the agent can use. There can be hundreds, because it searches them.": (
            "Ce qu’un agent peut demander au service. Il cherche par des mots : il peut y en avoir des centaines."
        ),
        "Search operations": "Rechercher des opérations",
        "Operation to call": "Opération à appeler",
        "Values": "Valeurs",
        "No operations have been chosen yet.": "Aucune opération n’est encore choisie.",
        "Open the block and choose its operations.": (
            "Ouvrez le bloc et choisissez ce que l’on peut demander au service."
        ),
        "There is no operation called “{name}” here.": "Il n’y a ici aucune opération nommée « {name} ».",
        "Did you mean one of these? {names}": "Les plus proches : {names}.",
        "There is nothing to search for or call.": "Il n’y a rien à chercher ni à appeler.",
        "Enter words to search for, or the name of an operation.": (
            "Donnez quelques mots pour trouver une opération, ou le nom de l’une d’elles."
        ),
    },
}

FIND = {
    "type": "object",
    "properties": {"query": {"type": "string", "description": "What should be done, in a few words"}},
    "required": ["query"],
}
CALL = {
    "type": "object",
    "properties": {
        "operation": {"type": "string", "description": "The id of an operation, as the search gave it"},
        "arguments": {"type": "object", "description": "Its values by name, as its schema says"},
    },
    "required": ["operation"],
}


def offers(config: Config) -> Sequence[ToolSpec]:
    hosts = ", ".join(hosts_of(config))
    count = len(config.operations)
    return [
        ToolSpec(
            name="find",
            description=f"Finds, among {count} operations of {hosts}, those that do what is wanted. Search first.",
            parameters=FIND,
        ),
        ToolSpec(name="call", description=f"Calls one operation of {hosts} that a search found.", parameters=CALL),
    ]


def check(config: Config) -> Iterable[Problem]:
    if not config.operations:
        yield Problem.of(
            "action.none",
            "No operations have been chosen yet.",
            "Open the block and choose its operations.",
        )
    for operation in config.operations:
        # One that takes files is refused when it is called; the others are of use.
        problems = [found for found in check_operation(operation) if found.code != "action.files"]
        if problems:
            yield problems[0]
            return


def hosts_of(config: Config) -> list[str]:
    return list(dict.fromkeys(host for operation in config.operations for host in host_in(operation.server)))


def summarise(config: Config) -> str:
    return first_words(f"{len(config.operations)} · {', '.join(hosts_of(config))}") if config.operations else ""


@node_kind(
    id="action.set",
    label="Action set",
    icon="library_add",
    group="tools",
    can_be_tool=True,
    offers=offers,
    safe_to_repeat=False,
    repeats=lambda config: all(operation.method in ("GET", "HEAD") for operation in config.operations),
    effects=frozenset({"sends"}),
    hosts=hosts_of,
    summarise=summarise,
    check=check,
    tune="operations",
    texts=TEXTS,
)
async def action_set(config: Config, inputs: Inputs, ctx: NodeContext) -> Outputs:
    """Gives an agent many operations of a web service. It searches for the right one and calls it."""
    refuse(check(config))
    if inputs.operation.strip():
        return await _call(config, inputs.operation.strip(), inputs.arguments, ctx)
    if inputs.query.strip():
        return _find(config, inputs.query)
    raise NodeError(
        "There is nothing to search for or call.",
        "Enter words to search for, or the name of an operation.",
        code="action.nothing",
    )


async def _call(config: Config, name: str, arguments: Mapping[str, Any], ctx: NodeContext) -> Outputs:
    operation = next((each for each in config.operations if each.id == name), None)
    if operation is None:
        close = Finder(config.operations).find(name, 5) or config.operations[:5]
        raise NodeError(
            "There is no operation called “{name}” here.",
            "Did you mean one of these? {names}",
            code="action.unknown",
            name=Verbatim(first_words(name)),
            names=Verbatim(", ".join(each.id for each in close)),
        )
    reply = await call(operation, arguments, config.connection, config.timeout, ctx)
    refuse_failure(reply, "".join(host_in(operation.server)))
    given = outputs_of(reply)
    return Outputs(**{name: getattr(given, name) for name in given.model_fields_set})


def _find(config: Config, query: str) -> Outputs:
    """The operations that fit, with what it takes to call them, as text for a model and as data for a block."""
    found: list[dict[str, Any]] = []
    length = 0
    for operation in Finder(config.operations).find(query, FOUND):
        says = {
            "operation": operation.id,
            "summary": operation.summary or operation.about,
            "arguments": schema_of(operation),
        }
        length += len(json.dumps(says, ensure_ascii=False))
        if found and length > MAX_SHOWN:
            break
        found.append(says)
    if not found:
        tags = ", ".join(dict.fromkeys(each.tag or each.title for each in config.operations[:200]))
        return Outputs(text=f"Nothing fits these words. There is: {first_words(tags, 1000)}", data=[])
    return Outputs(text=json.dumps(found, ensure_ascii=False, indent=1), data=found)
