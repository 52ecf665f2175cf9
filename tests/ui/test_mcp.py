"""MCP servers are added, tested and removed in Settings, and their tools ticked in a block."""

import asyncio
import json
import re
import sys
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest
from tests.ui.test_form import config, inspect, labelled
from tests.ui.test_pages import open_settings

from flowloom.flow.model import Node
from flowloom.kinds.code import CodeJob
from flowloom.services.code.walled import Walls
from flowloom.services.mcp.settings import McpServer
from flowloom.workspace import Workspace

KEY = "k3y/of+mine=x7Qx7Q"
GIVEN = {"command": "npx", "args": ["-y"], "env": {"TOKEN": KEY, "B": "<yours>"}}
PASTED = json.dumps({"mcpServers": {"files": GIVEN}})


def settings(home: Workspace) -> AppTest:
    return open_settings("tools")


def texts(app: AppTest) -> str:
    shown = [*app.markdown, *app.caption, *app.success, *app.error, *app.text_area, *app.text_input, *app.code]
    return "\n".join(str(each.value) for each in shown)


def of(app: AppTest, key: str) -> Any:
    widgets = [*app.button, *app.text_input, *app.text_area, *app.number_input]
    return next(each for each in widgets if each.key and re.fullmatch(key, each.key))


def test_what_a_page_shows_is_pasted(home: Workspace) -> None:
    app = settings(home)
    of(app, "mcp_new:1:pasted").input(PASTED).run()
    of(app, "mcp_new:1:keep").click().run()
    assert not app.exception
    assert home.mcp.servers.values(home.mcp.servers.find("files")) == {"TOKEN": KEY}
    assert "Saved, encrypted: TOKEN" in texts(app)
    assert "Values missing: B" in texts(app)
    assert KEY not in texts(app)
    of(app, "mcp_remove:files").click().run()
    assert home.mcp.servers.aliases == ["practice"]


@pytest.mark.parametrize(
    ("way", "typed", "kept"),
    [
        ("program", {"alias": "a", "command": "uvx", "arguments": "-q\n\n x y ", "values": f"TOKEN={KEY}"}, "uvx"),
        ("address", {"alias": "a", "url": "https://a.example/mcp", "values": f"Authorization: {KEY}"}, "a.example"),
    ],
)
def test_the_two_forms(home: Workspace, way: str, typed: dict[str, str], kept: str) -> None:
    app = settings(home)
    way_choice = next(each for each in app.get("button_group") if each.key == "mcp_new:1:way")
    way_choice.set_value(way).run()
    for name, value in typed.items():
        of(app, f"mcp_new:1:{name}").input(value)
    of(app, "mcp_new:1:keep").click().run()
    assert not app.exception
    server = home.mcp.servers.find("a")
    assert kept in (server.command, server.where)
    assert server.arguments == (("-q", "x y") if way == "program" else ())
    assert list(home.mcp.servers.values(server).values()) == [KEY]
    assert KEY not in texts(app)


def test_what_does_not_fit_is_said(home: Workspace) -> None:
    app = settings(home)
    of(app, "mcp_new:1:pasted").input("hello").run()
    of(app, "mcp_new:1:keep").click().run()
    assert "This text doesn’t contain an MCP server" in texts(app)
    assert home.mcp.servers.aliases == ["practice"]


def test_one_is_changed_and_its_key_stays(home: Workspace) -> None:
    home.mcp.servers.keep(McpServer(alias="files", command="npx", names=("TOKEN",)), {"TOKEN": KEY})
    app = settings(home)
    of(app, "mcp_edit:files:.*:command").input("uvx").run()
    of(app, "mcp_edit:files:.*:keep").click().run()
    server = home.mcp.servers.find("files")
    assert server.command == "uvx"
    assert home.mcp.servers.values(server) == {"TOKEN": KEY}


def test_a_program_is_confirmed_in_two_steps(home: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    program = str(Path(__file__).parents[1] / "mcp_server.py")
    server = home.mcp.servers.keep(McpServer(alias="good", command=sys.executable, arguments=(program,)))
    app = settings(home)
    of(app, "mcp_test:good").click().run()
    assert "hasn’t been confirmed on this computer" in texts(app)
    of(app, "program:mcp:good:ask").click().run()
    assert f"{sys.executable} {program}" in texts(app)
    of(app, "program:mcp:good:word").input(Path(sys.executable).name)
    of(app, "program:mcp:good:confirm").click().run()
    assert "Please read what will be started first" in texts(app)
    assert not home.mcp.servers.may_start(server)
    monkeypatch.setattr("flowloom.services.programs.READING", 0.0)
    of(app, "program:mcp:good:confirm").click().run()
    assert not app.exception
    assert home.mcp.servers.may_start(server)
    assert "Not confirmed yet" not in texts(app)
    of(app, "mcp_edit:good:.*:arguments").input(f"{program}\n-x").run()
    of(app, "mcp_edit:good:.*:keep").click().run()
    assert "Not confirmed yet" in texts(app)


def test_pandas_is_switched_on_the_same_way(home: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("flowloom.services.programs.READING", 0.0)
    monkeypatch.setattr(Walls, "hold", True)
    job = CodeJob(code="import pandas")
    failure = asyncio.run(home.code.run(job)).failure
    assert failure is not None
    assert failure.problem.code == "code.pandas_off"
    assert tuple(asyncio.run(home.code.engines())) == ("small",)
    app = settings(home)
    of(app, "program:pandas:ask").click().run()
    of(app, "program:pandas:word").input("pandas")
    of(app, "program:pandas:confirm").click().run()
    assert not app.exception
    assert tuple(asyncio.run(home.code.engines())) == ("small", "pandas")
    of(app, "pandas_off").click().run()
    assert tuple(asyncio.run(home.code.engines())) == ("small",)


def test_a_test_lists_the_tools(home: Workspace) -> None:
    app = settings(home)
    of(app, "mcp_test:practice").click().run()
    assert not app.exception
    assert "It works and has 3 tools." in texts(app)
    assert "**Convert units**" in texts(app)


def test_a_test_says_what_the_server_said(home: Workspace) -> None:
    program = str(Path(__file__).parents[1] / "bad_mcp_server.py")
    arguments = ("-I", program, "dies at once", str(home.home / "pids"))
    server = McpServer(alias="bad", command=sys.executable, arguments=arguments, names=("KEY",))
    home.mcp.servers.keep(server, {"KEY": KEY})
    home.mcp.servers.allow(server)
    app = settings(home)
    of(app, "mcp_test:bad").click().run()
    assert "stopped before it answered" in texts(app)
    assert "no database at •••" in texts(app)


def test_tools_are_ticked_and_kept(home: Workspace) -> None:
    app = inspect(home, Node(id="n", kind="mcp.tools"))
    assert labelled(app.button, "Show tools").disabled
    labelled(app.selectbox, "MCP server").select("practice").run()
    labelled(app.button, "Show tools").click().run()
    assert [box.label for box in app.checkbox] == ["**Convert units**", "**Count words**", "**Pick one**"]
    app.checkbox[1].check().run()
    labelled(app.button, "Use these 1").click().run()
    assert not app.exception
    (tool,) = config(home, app)["tools"]
    assert (tool["name"], list(tool["takes"]["properties"])) == ("count_words", ["text"])


def test_a_server_that_is_not_connected_is_named(home: Workspace) -> None:
    tool = {"name": "echo", "takes": {"type": "object"}}
    app = inspect(home, Node(id="n", kind="mcp.tools", config={"server": "ghost", "tools": [tool]}))
    assert not app.exception
    assert labelled(app.selectbox, "MCP server").options[-1] == "ghost (not connected)"
    assert any("“ghost” isn’t connected here" in each.value for each in app.warning)
