"""What every kind promises, whoever wrote it."""

import ast
import json
import re
import string
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import Any, get_args

import pytest
from pydantic import BaseModel

import flowloom.nodes
from flowloom import locales
from flowloom.errors import FlowloomError
from flowloom.kinds import registry
from flowloom.kinds.kind import GROUPS, NodeKind
from flowloom.kinds.registry import all_kinds
from flowloom.locales import translate
from tests.nodes.conftest import World

HOME = Path(flowloom.nodes.__path__[0])
KINDS = [pytest.param(kind, id=kind.id) for kind in all_kinds().values()]
every_kind = pytest.mark.parametrize("kind", KINDS)
every_language = pytest.mark.parametrize("language", ["zh", "fr"])

SAME_IN_BOTH = {
    "zh": {"Asia/Shanghai", "JSON", "items[0].name", "Accept-Language"},
    "fr": {
        "Action",
        "JSON",
        "Agent",
        "Message",
        "Passages",
        "Instructions",
        "Type",
        "Description",
        "Question",
        "Conditions",
        "Date",
        "Note",
        "items[0].name",
        "Accept-Language",
        '{"question": "{{message}}"}',
        "fr",
    },
}
EXPECTED = set(
    "chat.message chat.answer prompt model agent classify branch knowledge.search calculator datetime http.request "
    "text template json.pick memory.remember memory.recall merge note".split()
)


def test_all_kinds_are_found() -> None:
    assert set(all_kinds()) >= EXPECTED


EFFECTS = {"spends money", "sends", "saves files", "runs code", "reads knowledge", "writes memory", "reads memory"}


@every_kind
def test_facts(kind: NodeKind) -> None:
    assert re.fullmatch(r"[a-z]+(\.[a-z]+)*", kind.id)
    assert kind.icon
    assert kind.label
    assert kind.help
    assert kind.group in GROUPS
    assert kind.effects <= EFFECTS


@every_kind
def test_default_config(kind: NodeKind) -> None:
    config = kind.config()
    ports = [*kind.input_ports(config), *kind.output_ports(config)]
    assert all(port.label and "." not in port.id for port in ports)
    assert len({port.id for port in kind.input_ports(config)}) == len(kind.input_ports(config))
    assert len({port.id for port in kind.output_ports(config)}) == len(kind.output_ports(config))
    assert isinstance(kind.summarise(config), str)
    assert "\n" not in kind.summarise(config)
    list(kind.check(config))
    assert kind.config.model_validate(json.loads(config.model_dump_json())) == config
    json.dumps(kind.config.model_json_schema())


@every_kind
def test_every_field_explains_itself(kind: NodeKind) -> None:
    for model in models_within(kind.config):
        for name, field in model.model_fields.items():
            assert field.title, (model, name)
            assert field.description, (model, name)


@every_language
@every_kind
def test_what_a_kind_says_is_translated(kind: NodeKind, language: str) -> None:
    missing = {text for text in texts_of(kind) if untranslated(text, language)}
    assert not missing


@every_language
def test_what_goes_wrong_is_translated(language: str) -> None:
    said = set(chain.from_iterable(map(sentences_raised, HOME.rglob("*.py"))))
    assert len(said) > 50
    assert not {text for text in said if untranslated(text, language)}


@every_language
def test_translations_keep_their_placeholders(language: str) -> None:
    for source, translation in own_texts(language):
        if "{{" not in source and "{%" not in source:
            assert placeholders(source) == placeholders(translation), source


@every_language
def test_one_source_has_one_translation(language: str) -> None:
    known: dict[str, str] = json.loads((Path(locales.__file__).parent / f"{language}.json").read_text("utf-8"))
    for source, translation in own_texts(language):
        assert known.setdefault(source, translation) == translation, source


def test_nodes_import_only_what_they_may() -> None:
    allowed = {"flowloom", "pydantic", "pydantic_core", "jinja2", "simpleeval"}
    rooms = {"kinds", "flow", "errors", "locales", "nodes"}
    for file in HOME.rglob("*.py"):
        for module in imports_of(file):
            if module.startswith("flowloom."):
                assert module.split(".")[1] in rooms, (file, module)
            elif module.split(".")[0] not in allowed:
                assert module.split(".")[0] in STDLIB, (file, module)


STDLIB = set(__import__("sys").stdlib_module_names)

NEW_KIND = '''
"""A kind that did not exist a moment ago."""

from pydantic import BaseModel

from flowloom.kinds.kind import NoPorts, node_kind


class Outputs(BaseModel):
    text: str


@node_kind(id="fresh.kind", label="Fresh", icon="star", group="data", texts={})
def fresh(config, inputs, ctx):
    """Says hello."""
    return Outputs(text="hello")
'''


def test_a_new_kind_is_one_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "fresh_kind.py").write_text(NEW_KIND)
    monkeypatch.setattr(flowloom.nodes, "__path__", [*flowloom.nodes.__path__, str(tmp_path)])
    found = {kind.id: kind for kind in registry._find("flowloom.nodes")}
    assert found["fresh.kind"].help == "Says hello."
    assert set(found) == {*all_kinds(), "fresh.kind"}


@pytest.mark.parametrize("value", ["\ud800", ["\udfff"], {"\ud800": "\ud800"}])
@pytest.mark.parametrize(
    ("kind_id", "config", "port"),
    [
        ("prompt", {}, "message"),
        ("template", {"template": "{{ x }} {{ x|title }}"}, "x"),
        ("json.pick", {}, "data"),
        ("branch", {}, "value"),
        ("http.request", {"url": "https://a.com/{{x}}"}, "x"),
        ("http.request", {"url": "https://a.com/", "method": "POST", "body": '["{{x}}", {{x}}]'}, "x"),
    ],
)
def test_halves_of_characters(world: World, kind_id: str, config: dict[str, Any], port: str, value: Any) -> None:
    try:
        world.run_with(kind_id, config, {port: value})
    except FlowloomError:
        pass


def untranslated(text: str, language: str) -> bool:
    return translate(text, language) == text and text not in SAME_IN_BOTH[language]


def models_within(model: type[BaseModel]) -> Iterator[type[BaseModel]]:
    yield model
    for field in model.model_fields.values():
        for part in parts_of(field.annotation):
            if isinstance(part, type) and issubclass(part, BaseModel):
                yield from models_within(part)


def parts_of(annotation: Any) -> Iterator[Any]:
    yield annotation
    for part in get_args(annotation):
        yield from parts_of(part)


def texts_of(kind: NodeKind) -> Iterator[str]:
    yield from (kind.label, kind.help)
    for model in models_within(kind.config):
        for field in model.model_fields.values():
            extra = field.json_schema_extra or {}
            assert isinstance(extra, dict)
            labels = extra.get("labels", {})
            assert isinstance(labels, dict)
            yield from (field.title or "", field.description or "", *map(str, labels.values()))
            yield from filter(None, [str(extra.get("example", ""))])
    for model in (kind.inputs, kind.outputs):
        for field in model.model_fields.values():
            yield field.title or ""
            yield from filter(None, [field.description])
    config = kind.config()
    for port in (*kind.input_ports(config), *kind.output_ports(config)):
        # A port named by a person's own words needs no translation; those of a kind do.
        if port.id != "tool" and port.label not in ("name", "message", "value"):
            yield port.label


def sentences_raised(file: Path) -> Iterator[str]:
    """The literal sentences of every NodeError and Problem of a module."""
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.Call) and ast.unparse(node.func) in ("NodeError", "Problem.of"):
            texts = node.args[1:] if ast.unparse(node.func) == "Problem.of" else node.args
            for text in texts:
                assert isinstance(text, ast.Constant), (file, ast.unparse(node))
                yield text.value


def own_texts(language: str) -> Iterator[tuple[str, str]]:
    """Every translation written in the folder of the kinds, as it stands in the source."""
    for file in HOME.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Dict) and any(
                isinstance(key, ast.Constant) and key.value == language for key in node.keys
            ):
                for key, value in zip(node.keys, node.values, strict=True):
                    if isinstance(value, ast.Dict) and isinstance(key, ast.Constant) and key.value == language:
                        yield from ast.literal_eval(value).items()


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def imports_of(file: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module or ""
