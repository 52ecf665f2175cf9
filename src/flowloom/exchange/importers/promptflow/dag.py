"""What a flow.dag.yaml says, its variants chosen, as PromptFlow reads it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from flowloom.errors import FlowFileError
from flowloom.exchange.source import Source
from flowloom.flow.sorts import mapping
from flowloom.locales import Verbatim

FILE = "flow.dag.yaml"
_PARTS = re.compile(r"(\w++)|\['([^']*+)'\]|\[(\d++)\]")


class Reference(NamedTuple):
    """`${inputs.name}` where `step` is "", else `${step.output…}` with the way into its output."""

    step: str
    name: str = ""
    path: str = ""
    unread: bool = False
    """Whether PromptFlow itself fails on it when it runs."""


@dataclass(frozen=True)
class Step:
    """One node. `when` and `equals` are its activate config."""

    name: str
    type: str
    said: Mapping[str, Any]
    inputs: Mapping[str, Any]
    path: str = ""
    tool: str = ""
    when: Reference | None = None
    equals: Any = None
    aggregates: bool = False
    variants: tuple[str, ...] = ()
    ignored: bool = False
    """Whether an activate config beside `use_variants` was passed over."""

    @property
    def references(self) -> dict[str, Reference]:
        found = {name: reference(value) for name, value in self.inputs.items()}
        return {name: ref for name, ref in found.items() if ref}


@dataclass(frozen=True)
class Dag:
    folder: str
    inputs: Mapping[str, Mapping[str, Any]]
    outputs: Mapping[str, Mapping[str, Any]]
    steps: tuple[Step, ...]
    said: Mapping[str, Any] = field(default_factory=dict)

    def step(self, name: str) -> Step | None:
        return next((step for step in self.steps if step.name == name), None)


TYPES = ("llm", "python", "prompt", "custom_llm", "action", "csharp", "typescript")
"""What PromptFlow knows a node to be (`ToolType` in its contracts)."""


def dag_files(source: Source) -> list[str]:
    """The flow files that were brought, nearest to the top first; a lone YAML file counts by what is in it."""
    named = [name for name in source.named(".yaml", ".yml") if name.rsplit("/", 1)[-1] == FILE]
    return named or (source.named("", ".yaml", ".yml")[:1] if len(source.files) == 1 else [])


def is_dag(found: Any) -> bool:
    if not isinstance(found, dict) or not isinstance(found.get("nodes"), list):
        return False
    nodes = [node for node in found["nodes"] if isinstance(node, dict)]
    known = all("name" in node and (node.get("type") in TYPES or "use_variants" in node) for node in nodes)
    whole = bool(nodes) and len(nodes) == len(found["nodes"])
    return known and whole and isinstance(found.get("inputs", {}) or {}, dict)


def read_dag(source: Source) -> Dag:
    """Raises FlowFileError for what PromptFlow could not load either."""
    name = next(name for name in dag_files(source) if is_dag(source.yaml_of(name)))
    found = source.yaml_of(name)
    variants = mapping(found.get("node_variants"))
    steps = tuple(_step(node, variants) for node in found["nodes"])
    return Dag(
        folder=name.rpartition("/")[0],
        inputs={str(key): mapping(value) for key, value in mapping(found.get("inputs")).items()},
        outputs={str(key): mapping(value) for key, value in mapping(found.get("outputs")).items()},
        steps=steps,
        said=found,
    )


def _step(node: dict[str, Any], variants: Mapping[str, Any]) -> Step:
    name, ignored = str(node["name"]), False
    others: tuple[str, ...] = ()
    if node.get("use_variants"):
        known = mapping(variants.get(name))
        offered = mapping(known.get("variants"))
        chosen = mapping(mapping(offered.get(str(known.get("default_variant_id")))).get("node"))
        if not chosen:
            raise FlowFileError(
                "“{name}” has no default variant, so PromptFlow can’t load this flow either.",
                "Choose its default variant in PromptFlow, then import it again.",
                name=Verbatim(name),
            )
        ignored = "activate" in node and "activate" not in chosen
        others = tuple(str(id) for id in offered if id != known.get("default_variant_id"))
        # What stands beside `use_variants` does not count.
        node = {**chosen, "name": name}
    where, activate = mapping(node.get("source")), mapping(node.get("activate"))
    return Step(
        name=name,
        type=str(node.get("type", "")),
        said=node,
        inputs={str(key): value for key, value in mapping(node.get("inputs")).items()},
        path=str(where.get("path") or ""),
        tool=str(where.get("tool") or ""),
        when=reference(activate.get("when")) if activate else None,
        equals=activate.get("is"),
        aggregates=node.get("aggregation") is True,
        variants=others,
        ignored=ignored,
    )


def reference(value: Any) -> Reference | None:
    """What a value refers to; None for a literal. Raises FlowFileError for a part of a flow input."""
    if not isinstance(value, str) or not re.fullmatch(r"\$\{.+\}", value, re.DOTALL):
        return None
    said = value[2:-1]
    for prefix in ("inputs.", "flow.", "parent.inputs."):
        if said.startswith(prefix):
            return _input(said.removeprefix(prefix))
    step, _, rest = said.partition(".")
    section, _, path = rest.partition(".")
    # PromptFlow takes what is before the first dot as one word: `.output[0]` is a section it does not know.
    plain = section in ("", "output")
    return Reference(step, path=_path(path if plain else rest.removeprefix("output")), unread=not plain)


def _input(name: str) -> Reference:
    if re.search(r"[.\[]", name):
        raise FlowFileError(
            "This flow takes a part of the input “{name}”, which PromptFlow can’t load either.",
            "Have it take the whole input, then import it again.",
            name=Verbatim(re.split(r"[.\[]", name)[0]),
        )
    return Reference("", name)


def _path(path: str) -> str:
    parts = [f"[{index}]" if index else f".{word or key}" for word, key, index in _PARTS.findall(path)]
    return "".join(parts).removeprefix(".")
