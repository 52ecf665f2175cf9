"""The forms of an MCP server: what its page shows, a program, or an address; keys are kept encrypted."""

import re
from collections.abc import Callable
from typing import Any, Literal, cast

import streamlit as st
from pydantic import ValidationError

from flowloom.errors import FlowloomError
from flowloom.services.mcp.pasted_config import read_pasted
from flowloom.services.mcp.settings import McpServer
from flowloom.ui.messages import show_problem
from flowloom.ui.session import t
from flowloom.workspace import workspace

Kind = Literal["program", "address"]
WAYS = {
    "paste": "Paste its configuration",
    "program": "Program on this computer",
    "address": "Web address",
}
EXAMPLE = '{"mcpServers": {"files": {"command": "npx", "args": ["-y", "…"]}}}'
_PAIR = re.compile(r"\s*([^\s:=]+)\s*[:=]\s*(.*)")


def draw_adding(key: str) -> None:
    """A new server, in one of three ways."""
    way = st.segmented_control(
        t("How do you add it?"),
        list(WAYS),
        default="paste",
        required=True,
        format_func=lambda name: t(WAYS[name]),
        key=f"{key}:way",
    )
    if way == "paste":
        st.text_area(
            t("Configuration from the server’s page"),
            placeholder=EXAMPLE,
            height=160,
            help=t("Keys are stored encrypted and not shown again."),
            key=f"{key}:pasted",
        )
        _keep_button(key, lambda: _keep_pasted(key))
        return
    kind = cast(Kind, way)
    st.text_input(t("Name"), placeholder="files", help=t("The name your GPTs use."), key=f"{key}:alias")
    _draw_fields(McpServer(alias="new", kind=kind), key)
    _keep_button(key, lambda: _keep_typed(kind, st.session_state[f"{key}:alias"].strip(), key))


def draw_changing(server: McpServer) -> None:
    """One that is there already; its keys stay unless new ones are written."""
    # What is kept is part of the key: a widget that stays would show what was typed before.
    key = f"mcp_edit:{server.alias}:{hash(server)}"
    _draw_fields(server, key)
    _keep_button(key, lambda: _keep_typed(server.kind, server.alias, key))


def _draw_fields(server: McpServer, key: str) -> None:
    if server.kind == "program":
        st.text_input(t("Command"), server.command, placeholder="npx", key=f"{key}:command")
        st.text_area(
            t("Arguments, one per line"),
            "\n".join(server.arguments),
            placeholder="-y\n@modelcontextprotocol/server-filesystem\n/home/me/Documents",
            key=f"{key}:arguments",
        )
    else:
        st.text_input(t("Address"), server.url, placeholder="https://mcp.example.com/mcp", key=f"{key}:url")
    is_program = server.kind == "program"
    st.text_area(
        t("Variables with keys, one per line") if is_program else t("Headers with keys, one per line"),
        "\n".join(f"{name}=" if is_program else f"{name}:" for name in server.names),
        placeholder="API_KEY=…" if is_program else "Authorization: Bearer …",
        help=t("Values are stored encrypted and not shown again. A name without a value keeps its saved one."),
        key=f"{key}:values",
    )
    st.number_input(
        t("Startup timeout in seconds"), 1.0, 300.0, float(server.patience), step=5.0, key=f"{key}:patience"
    )


def _keep_button(key: str, keep: Callable[[], None]) -> None:
    st.button(t("Save server"), type="primary", key=f"{key}:keep", on_click=lambda: _try(key, keep))
    problem = st.session_state.get(f"{key}:wrong")
    if isinstance(problem, str):
        st.error(problem)
    elif problem:
        show_problem(problem)


def _try(key: str, keep: Callable[[], None]) -> None:
    wrong = f"{key}:wrong"
    st.session_state.pop(wrong, None)
    try:
        keep()
    except ValidationError:
        st.session_state[wrong] = t("Something isn’t right. Names can only have letters, digits, - and _.")
    except FlowloomError as error:
        st.session_state[wrong] = error.problem


def _keep_pasted(key: str) -> None:
    servers = workspace().mcp.servers
    for server, values in read_pasted(st.session_state[f"{key}:pasted"], servers.free_alias):
        servers.keep(server, values)
    # The page must not hold on to the keys that were pasted.
    st.session_state[f"{key}:pasted"] = ""


def _keep_typed(kind: Kind, alias: str, key: str) -> None:
    typed: dict[str, Any] = {
        name: st.session_state.get(f"{key}:{name}", "") for name in ("command", "arguments", "url", "values")
    }
    values = pairs(typed["values"])
    lines = [line.strip() for line in typed["arguments"].splitlines()]
    server = McpServer(
        alias=alias,
        kind=kind,
        command=typed["command"].strip(),
        arguments=tuple(line for line in lines if line),
        url=typed["url"].strip(),
        names=tuple(values),
        patience=st.session_state.get(f"{key}:patience") or 30,
    )
    workspace().mcp.servers.keep(server, values)
    st.session_state[f"{key}:values"] = ""


def pairs(text: str) -> dict[str, str]:
    """Names with values, one a line, as `NAME=value` or `Name: value`."""
    found = (_PAIR.fullmatch(line) for line in text.splitlines())
    return {pair[1]: pair[2].strip() for pair in found if pair}
