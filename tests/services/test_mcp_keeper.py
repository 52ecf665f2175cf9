"""Servers are kept with their keys apart, read from what their pages show, and compared with what was chosen."""

import json
from pathlib import Path
from typing import Any

import pytest

from flowloom.errors import FlowloomError
from flowloom.services.mcp.pasted_config import read_pasted
from flowloom.services.mcp.practice import reply
from flowloom.services.mcp.registry import McpServers
from flowloom.services.mcp.settings import McpServer
from flowloom.services.mcp.tools import change, tool_from, unfit
from flowloom.services.secrets import SecretStore

KEY = "k3y/of+mine=x7Qx7Q"
FILES = McpServer(alias="files", command="npx", arguments=("-y", "files"), names=("TOKEN",))
THERE = McpServer(alias="there", kind="address", url="https://a.example/mcp?x=1", names=("Authorization",))


@pytest.fixture
def servers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> McpServers:
    monkeypatch.setenv("FLOWLOOM_SECRET_KEY", "open sesame, my keys")
    return McpServers(tmp_path, SecretStore(tmp_path))


def test_kept_and_found_again(servers: McpServers, tmp_path: Path) -> None:
    servers.keep(FILES, {"TOKEN": KEY})
    assert servers.aliases == ["files", "practice"]
    assert servers.values(servers.find("files")) == {"TOKEN": KEY}
    assert KEY not in (tmp_path / "mcp-servers.json").read_text()
    assert (tmp_path / "mcp-servers.json").stat().st_mode & 0o077 == 0


def test_a_name_without_a_value_keeps_the_one_it_has(servers: McpServers) -> None:
    servers.keep(FILES, {"TOKEN": KEY})
    servers.keep(FILES.model_copy(update={"arguments": ("other",)}), {"TOKEN": ""})
    assert servers.values(servers.find("files")) == {"TOKEN": KEY}
    servers.keep(FILES.model_copy(update={"names": ()}))
    servers.keep(FILES)
    assert servers.values(FILES) == {}


MOVES = [
    ({"url": "https://a.example/other"}, True),
    ({"url": "https://b.example/mcp"}, False),
    ({"kind": "program", "command": "npx"}, False),
]


@pytest.mark.parametrize(("moved", "kept"), MOVES)
def test_a_key_does_not_move_to_another_place(servers: McpServers, moved: dict[str, Any], kept: bool) -> None:
    servers.keep(THERE, {"Authorization": f"Bearer {KEY}"})
    servers.keep(THERE.model_copy(update=moved))
    assert bool(servers.values(servers.find("there"))) is kept


def test_what_is_forgotten_is_gone_with_its_keys(servers: McpServers) -> None:
    servers.keep(FILES, {"TOKEN": KEY})
    servers.forget("files")
    assert servers.aliases == ["practice"]
    servers.keep(FILES)
    assert servers.values(FILES) == {}


def test_where_it_goes(servers: McpServers) -> None:
    assert (FILES.where, THERE.where) == ("files", "a.example")
    assert THERE.shown == "https://a.example/mcp"


WRONG = [
    FILES.model_copy(update={"alias": "practice"}),
    FILES.model_copy(update={"alias": "a b"}),
    FILES.model_copy(update={"command": " "}),
    FILES.model_copy(update={"arguments": ("a\0b",)}),
    THERE.model_copy(update={"url": "file:///etc/passwd"}),
    THERE.model_copy(update={"url": "https://me:secret@a.example/"}),
]


@pytest.mark.parametrize("server", WRONG)
def test_what_cannot_be_is_refused(servers: McpServers, server: McpServer) -> None:
    with pytest.raises(FlowloomError):
        servers.keep(server)
    assert servers.aliases == ["practice"]


def test_a_damaged_file_is_said_and_left_alone(servers: McpServers, tmp_path: Path) -> None:
    (tmp_path / "mcp-servers.json").write_text("{")
    assert servers.aliases == ["practice"]
    with pytest.raises(FlowloomError, match="can’t be read"):
        servers.keep(FILES)
    assert (tmp_path / "mcp-servers.json").read_text() == "{"


ONE = {"command": "npx", "args": ["-y", "files", 7], "env": {"TOKEN": KEY, "OTHER": "<your token>"}}
PASTES = [
    ({"mcpServers": {"files": ONE}}, "files", {"TOKEN": KEY}),
    ({"servers": {"My files!": ONE}}, "My-files", {"TOKEN": KEY}),
    ({"mcp": {"servers": {"files": ONE}}}, "files", {"TOKEN": KEY}),
    ({"files": ONE}, "files", {"TOKEN": KEY}),
    (ONE, "server", {"TOKEN": KEY}),
    ({"mcpServers": {"practice": ONE}}, "practice-2", {"TOKEN": KEY}),
    (
        {"mcpServers": {"w": {"url": "https://a.example/mcp", "headers": {"Authorization": f"Bearer {KEY}"}}}},
        "w",
        {"Authorization": f"Bearer {KEY}"},
    ),
    ({"w": {"type": "http", "url": "https://a.example", "headers": {"A": "Bearer ${input:key}"}}}, "w", {}),
]


@pytest.mark.parametrize(("pasted", "alias", "values"), PASTES)
def test_what_a_page_shows_is_understood(
    servers: McpServers, pasted: Any, alias: str, values: dict[str, str]
) -> None:
    ((server, found),) = read_pasted(json.dumps(pasted, indent=2), servers.free_alias)
    assert (server.alias, found) == (alias, values)
    assert KEY not in repr(server)
    if server.kind == "program":
        assert (server.command, server.arguments) == ("npx", ("-y", "files", "7"))
        assert server.names == ("TOKEN", "OTHER")


def test_several_at_once_and_the_inner_part_alone(servers: McpServers) -> None:
    found = read_pasted('"a": {"command": "x"}, "b": {"command": "y"},', servers.free_alias)
    assert [server.alias for server, _ in found] == ["a", "b"]


NO_PASTES = [
    "",
    "hello",
    "{}",
    "[1]",
    '{"mcpServers": {"a": {"command": 7}}}',
    "[" * 50_000,
    '{"a":' * 5_000,
    "x" * 200_000,
]


@pytest.mark.parametrize("text", NO_PASTES, ids=lambda text: text[:20])
def test_what_is_none_is_said(servers: McpServers, text: str) -> None:
    with pytest.raises(FlowloomError, match="This text doesn’t contain an MCP server"):
        read_pasted(text, servers.free_alias)


TEXT, NUMBER, LIST = {"type": "string"}, {"type": "number"}, {"type": "array", "items": {"type": "string"}}


def values(*required: str, **properties: Any) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "required": list(required)}


CHANGES = [
    (values("a", a=TEXT), values("a", a=TEXT), ""),
    (values("a", a=TEXT), values("a", a={**TEXT, "description": "other words"}), ""),
    (values("a", a=TEXT), values("a", a=TEXT, b=TEXT), ""),
    (values("a", a=TEXT), values(a=TEXT), ""),
    (values("a", a=TEXT), values("a", a={"type": ["string", "null"]}), ""),
    (values("a", a=TEXT), values("a", "b", a=TEXT, b=TEXT), "b"),
    (values("a", a=TEXT), values("b", b=TEXT), "b"),
    (values(a=TEXT), values(b=TEXT), "a"),
    (values(a=TEXT), values(a=NUMBER), "a"),
    (values(a=LIST), values(a={"type": "array", "items": NUMBER}), "a.[]"),
    (values(a=values(b=TEXT)), values(a=values(b=NUMBER)), "a.b"),
    (values(a={"enum": ["x", "y"]}), values(a={"enum": ["x", "y", "z"]}), ""),
    (values(a={"enum": ["x", "y"]}), values(a={"enum": ["x"]}), "a"),
    (values(a=TEXT), values(a={**TEXT, "enum": ["x"]}), "a"),
    (values(a=TEXT), {"type": "object"}, ""),
    (values(a=TEXT), {"type": "array"}, "?"),
]


@pytest.mark.parametrize(("kept", "live", "what"), CHANGES)
def test_a_change_that_matters_is_found(kept: dict[str, Any], live: dict[str, Any], what: str) -> None:
    assert change(kept, live) == what


FITS = [
    ({"n": 1}, values("n", n={"type": "integer"}), ""),
    ({"n": 1.0}, values("n", n={"type": "integer"}), ""),
    ({"n": True}, values("n", n={"type": "integer"}), "n"),
    ({}, values("n", n=NUMBER), "n"),
    ({"l": ["a", 1]}, values(l=LIST), "l[1]"),
    ({"a": "q"}, values(a={"enum": ["x"]}), "a"),
    (None, values(), "?"),
    ({"a": {"b": []}}, values(a=values(b=TEXT)), "a.b"),
    ({"more": 1}, values(), ""),
]


@pytest.mark.parametrize(("value", "schema", "what"), FITS)
def test_a_broken_promise_is_found(value: Any, schema: dict[str, Any], what: str) -> None:
    assert unfit(value, schema) == what


def test_a_pattern_that_never_ends_is_not_run() -> None:
    schema = {**TEXT, "pattern": "^(a+)+$"}
    tool = tool_from("t", "", "", values(a=schema), values(a=schema))
    assert tool is not None
    assert unfit({"a": "a" * 60 + "!"}, tool.gives) == ""


def call(tool: str, **arguments: Any) -> dict[str, Any]:
    said = reply(json.dumps({"id": 1, "method": "tools/call", "params": {"name": tool, "arguments": arguments}}))
    assert said is not None
    return said["result"] if "result" in said else said["error"]


MEASURES = [
    ("Convert 3 miles into km", "3 mi = 4.82803 km"),
    ("3 milles", "3 mi = 4.82803 km"),
    ("5 livres en g", "5 lb = 2267.96 g"),
    ("把 3 英里换成公里", "3 mi = 4.82803 km"),
    ("2,5 m in cm", "2.5 m = 250 cm"),
    ("350 °F", "350 °F = 176.667 °C"),
    ("-40 celsius", "-40 °C = -40 °F"),
]


@pytest.mark.parametrize(("measure", "said"), MEASURES)
def test_the_practice_server_converts(measure: str, said: str) -> None:
    assert call("convert_units", measure=measure)["content"][0]["text"] == said


REFUSALS = [
    ("convert_units", {"measure": "three"}, "number"),
    ("convert_units", {"measure": "3 miles in kg"}, "cannot be converted"),
    ("convert_units", {}, "measure"),
    ("pick_one", {"things": "tea"}, "at least two"),
    ("count_words", {"text": 7}, ""),
]


@pytest.mark.parametrize(("tool", "arguments", "said"), REFUSALS)
def test_the_practice_server_refuses_in_words(tool: str, arguments: dict[str, Any], said: str) -> None:
    found = call(tool, **arguments)
    assert found["isError"] is True
    assert said in found["content"][0]["text"]


@pytest.mark.parametrize("line", ["", "nonsense", "[]", '{"id": 1}', '{"id": 1, "method": "x"}', '{"method": "x"}'])
def test_the_practice_server_bears_nonsense(line: str) -> None:
    found = reply(line)
    assert found is None or "error" in found


def test_the_practice_server_picks_one_of_what_is_named() -> None:
    assert call("pick_one", things="Pick one: tea, coffee or water")["content"][0]["text"] in (
        "tea",
        "coffee",
        "water",
    )
    assert call("count_words", text="你好 world")["structuredContent"]["words"] == 3
