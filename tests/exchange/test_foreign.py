"""Each flow is known by one importer, what nobody knows is refused, and no stumble reaches the person as code."""

import ast
from typing import NoReturn

import pytest
from benchmarks.fidelity.cases import formats, tried_flows

from flowloom.errors import FlowFileError
from flowloom.exchange import foreign
from flowloom.exchange.drawing import Imported
from flowloom.exchange.foreign import Importer, importer_for, importers, read_foreign
from flowloom.exchange.source import Source

FLOWS = [flow for format in formats() for flow in tried_flows(format)]


@pytest.mark.parametrize("format", formats())
def test_each_flow_is_known_by_one_importer_alone(format: str) -> None:
    for flow in FLOWS:
        if flow.format == format:
            source = Source.of_path(flow.path)
            assert [each.id for each in importers() if each.recognises(source)] == [format.removesuffix("-ts")]


@pytest.mark.parametrize("data", [b"Hello", b"{}", b"[]", b"a: 1", b"import os\n", b'{"nodes": [], "edges": []}'])
def test_what_nobody_knows_is_refused(data: bytes) -> None:
    assert importer_for(Source.of_data(data)) is None
    with pytest.raises(FlowFileError, match=r"isn’t a flow that Flowloom knows.*Dify.*Langflow"):
        read_foreign(Source.of_data(data))


BROKEN: dict[str, tuple[dict[str, bytes], str]] = {
    "cut": ({"a.json": b'{\n "nodes": [\n  {"id": 1},\n  {"id'}, "“a.json” can’t be read from line 4 on"),
    "a comma too much": ({"a.json": b"[\n1,\n]"}, "“a.json” can’t be read from line 3 on"),
    "pasted": ({"pasted": b'{"name": "Be'}, "“pasted” can’t be read from line 1 on"),
    "yaml": ({"a.yml": b"app:\n  name: x\n - y\n"}, "“a.yml” can’t be read from line 3 on"),
    "in a folder": ({"b.md": b"", "flow.dag.yaml": b"nodes: [\n"}, "“flow.dag.yaml” can’t be read from line 2 on"),
    "empty": ({"a.json": b" \n"}, "“a.json” is empty"),
    "not UTF-8": ({"a.json": b'{"name": "caf\xe9"}'}, "“a.json” isn’t saved as text.*UTF-8"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_where_a_file_is_broken_is_told(name: str) -> None:
    files, told = BROKEN[name]
    with pytest.raises(FlowFileError, match=told):
        read_foreign(Source(files))


def test_a_file_of_a_windows_shell_is_read() -> None:
    flow = next(flow for flow in FLOWS if flow.format == "n8n")
    data = flow.path.read_text("utf-8").encode("utf-16")
    assert read_foreign(Source.of_data(data, "a.json")).fidelity.rows


def stumble(error: type[Exception]) -> NoReturn:
    if error is SyntaxError:
        ast.parse(")")
    raise error("secret detail")


STUMBLES = (AttributeError, KeyError, IndexError, TypeError, ValueError, RecursionError, SyntaxError)


@pytest.mark.parametrize("error", STUMBLES)
def test_an_importer_that_stumbles_says_that_the_file_is_damaged(
    error: type[Exception], monkeypatch: pytest.MonkeyPatch
) -> None:
    def read(source: Source) -> Imported:
        stumble(error)

    knows = Importer("else", "Elsewhere", lambda source: True, read)
    monkeypatch.setattr(foreign, "importers", lambda: (knows,))
    with pytest.raises(FlowFileError, match="from Elsewhere is damaged") as raised:
        read_foreign(Source.of_data(b"x"))
    assert "secret" not in str(raised.value)


@pytest.mark.parametrize("error", STUMBLES)
def test_one_that_stumbles_over_what_is_not_its_own_lets_others_look(
    error: type[Exception], monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = Importer("a", "A", lambda source: stumble(error), lambda source: stumble(error))
    other = Importer("b", "B", lambda source: True, lambda source: stumble(ValueError))
    monkeypatch.setattr(foreign, "importers", lambda: (broken, other))
    assert importer_for(Source.of_data(b"x")) == other
