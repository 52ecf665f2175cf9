"""The example GPTs that travel with the app: a flow file each, the folder of its knowledge beside it, and both
in the other languages: `LANGUAGE/texts.json` maps every English text of the flows, `LANGUAGE/NAME.knowledge/`
holds the documents. `tags.toml` says what each is for."""

import json
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any

from flowloom.flow.edit import Configure, Describe, Rename, apply
from flowloom.flow.file import load_flow
from flowloom.flow.model import Flow, Node
from flowloom.kinds.port import Port
from flowloom.kinds.registry import all_kinds
from flowloom.run.planning.nested_nodes import flow_within

TAGS = ("teaching", "support", "office", "data", "writing")
"""What a template may be for, in the order people see them."""


@dataclass(frozen=True, slots=True)
class Template:
    """A GPT to start from; `knowledge` holds its documents by name, `tags` are some of TAGS."""

    id: str
    flow: Flow
    knowledge: dict[str, bytes] = field(default_factory=dict)
    tags: tuple[str, ...] = ()


def templates_folder() -> Path:
    """Inside an installed package, or `flows/` of a checkout."""
    package = Path(__file__).parent.parent
    installed = package / "templates"
    return installed if installed.is_dir() else package.parent.parent / "flows"


@cache
def templates(language: str = "en") -> tuple[Template, ...]:
    """Every template, by file name."""
    folder = templates_folder()
    tags = tomllib.loads((folder / "tags.toml").read_text("utf-8"))
    found = (read_template(path, language) for path in sorted(folder.glob("*.json")))
    return tuple(replace(template, tags=tuple(tags.get(template.id, ()))) for template in found)


def read_template(path: Path, language: str = "en") -> Template:
    """A flow file with the documents in `NAME.knowledge/` beside it, if there are any."""
    flow, folder = load_flow(path), path.parent
    if (folder / language / "texts.json").is_file():
        folder = folder / language
        texts = json.loads((folder / "texts.json").read_text("utf-8"))
        flow = in_words(flow, texts, language)
    documents = sorted((folder / path.name).with_suffix(".knowledge").glob("*"))
    return Template(path.stem, flow, {file.name: file.read_bytes() for file in documents if file.is_file()})


def in_words(flow: Flow, texts: Mapping[str, str], language: str) -> Flow:
    """The flow with every text that `texts` has replaced; edges follow ports whose name is such a text."""
    for node in flow.nodes:
        config = _said(node.config, texts) | _within(node, texts, language)
        flow = apply(flow, Configure(node=node.id, config=config, **_renamed(node, config)))
        flow = apply(flow, Rename(node=node.id, name=texts.get(node.name, node.name)))
    shown = flow.model_dump(include={"name", "description", "instructions", "starters"})
    return apply(flow, Describe(changes=_said(shown, texts))).model_copy(update={"language": language})


def _within(node: Node, texts: Mapping[str, str], language: str) -> dict[str, Any]:
    """The flow that a node carries, in words: its edges have ports of their own to follow."""
    inner = flow_within(node, all_kinds())
    return {"flow": in_words(inner, texts, language).model_dump(mode="json", by_alias=True)} if inner else {}


def _said(value: Any, texts: Mapping[str, str]) -> Any:
    match value:
        case str():
            return texts.get(value, value)
        case Mapping():
            return {key: _said(inner, texts) for key, inner in value.items()}
        case list() | tuple():
            return [_said(inner, texts) for inner in value]
    return value


def _renamed(node: Node, config: Mapping[str, Any]) -> dict[str, dict[str, str]]:
    kind = all_kinds()[node.kind]
    before, after = (kind.config.model_validate(each) for each in (node.config, config))
    return {
        "renamed_inputs": _pairs(kind.input_ports(before), kind.input_ports(after)),
        "renamed_outputs": _pairs(kind.output_ports(before), kind.output_ports(after)),
    }


def _pairs(before: Sequence[Port], after: Sequence[Port]) -> dict[str, str]:
    """What each port is called now: the texts change, the rows stay in their order."""
    return {old.id: new.id for old, new in zip(before, after, strict=True) if old.id != new.id}
