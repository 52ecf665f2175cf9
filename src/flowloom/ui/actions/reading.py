"""Reading the description of a web service: from an address, pasted, or from a file."""

import asyncio
from collections.abc import Awaitable

import streamlit as st

from flowloom.errors import FlowloomError
from flowloom.services.openapi.document import MAX_BYTES
from flowloom.services.openapi.fetching import fetch_specification, read_given
from flowloom.services.openapi.specification import Specification
from flowloom.ui.messages import show_problem
from flowloom.ui.session import t
from flowloom.workspace import workspace

SPECIFICATION = "specification"
"""Where the one read last is kept for this visit, so that the next block need not read it again."""
WAYS = {"address": "Address", "paste": "Paste", "file": "File"}
WISH, PROBLEM = "specification_wish", "specification_problem"


def draw_reading(key: str) -> None:
    """Ask where the description is, and read it."""
    st.markdown(
        t(
            "Many services have an OpenAPI or Swagger file, often at an address ending in "
            "openapi.json. The schema of a custom GPT’s action works too."
        )
    )
    way = st.segmented_control(
        t("Where is it?"),
        list(WAYS),
        default="address",
        required=True,
        format_func=lambda name: t(WAYS[name]),
        key=f"{key}:way",
    )
    _ask(str(way), key)
    wish = st.session_state.get(WISH)
    if wish:
        with st.spinner(t("Reading the description…")):
            _read(*wish)
            # Only now: what interrupts the reading has the next drawing begin it again.
            del st.session_state[WISH]
    problem = st.session_state.get(PROBLEM)
    if problem:
        show_problem(problem)


def _ask(way: str, key: str) -> None:
    name = f"{key}:given:{way}"
    if way == "address":
        st.text_input(t("Address of the description"), placeholder="https://api.example.com/openapi.json", key=name)
    elif way == "paste":
        st.text_area(t("Text of the description"), placeholder="openapi: 3.1.0", height=260, key=name)
    else:
        st.file_uploader(t("File of the description"), type=["json", "yaml", "yml", "txt"], key=name)
    st.button(t("Read"), type="primary", key=f"{key}:read", on_click=lambda: _wish(way, st.session_state.get(name)))


def _wish(way: str, given: object) -> None:
    st.session_state.pop(PROBLEM, None)
    if way == "file":
        data = given.getvalue() if hasattr(given, "getvalue") else b""
        given = data.decode("utf-8-sig", "replace")
    st.session_state[WISH] = (way, str(given or ""))


def _read(way: str, given: str) -> None:
    http = workspace().own_hosts.http(max_bytes=MAX_BYTES)
    found: Awaitable[Specification]
    found = fetch_specification(given, http) if way == "address" else read_given(given, http)
    try:
        st.session_state[SPECIFICATION] = asyncio.run(_awaited(found))
    except FlowloomError as error:
        st.session_state[PROBLEM] = error.problem


async def _awaited(found: Awaitable[Specification]) -> Specification:
    return await found
