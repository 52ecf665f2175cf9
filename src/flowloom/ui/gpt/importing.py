"""Taking in a GPT that somebody exported: what is in the file is told before anything is kept."""

from typing import IO

import streamlit as st

from flowloom.errors import FlowloomError
from flowloom.exchange.capsule import ENDING, Capsule, Manifest
from flowloom.file_exchange import is_capsule, take_in
from flowloom.ui.chat.documents import keep_import_notes
from flowloom.ui.formatting import count_of
from flowloom.ui.gpt.opening import open_gpt
from flowloom.ui.messages import icon_of, name_of, plain, show_problem
from flowloom.ui.session import t
from flowloom.workspace import workspace

MOST_MB = 200
NAMED = 5
"""Documents and hosts that are told by name."""


def draw_import() -> None:
    st.caption(t("Choose an exported GPT file. Importing won’t run anything."))
    file = st.file_uploader(
        t("GPT file"), type=["json", ENDING.removeprefix(".")], key="import_file", max_upload_size=MOST_MB
    )
    if not file:
        return
    file_id, problem = st.session_state.get("import_problem", (None, None))
    if problem and file_id == file.file_id:
        show_problem(problem)
        return
    try:
        _draw_found(file)
    except FlowloomError as error:
        show_problem(error.problem)
        return
    st.button(t("Import this file"), type="primary", key="import_go", on_click=_take_in)


def _draw_found(file: IO[bytes]) -> None:
    """What a capsule holds. Raises FlowFileError."""
    if not is_capsule(file):
        return
    with Capsule(file) as capsule:
        manifest, blocks = capsule.manifest, len(capsule.flow.nodes)
    with st.container(border=True, key="import_found"):
        st.markdown(f"{icon_of(manifest.icon)} **{plain(name_of(manifest.name))}**")
        if manifest.description:
            st.caption(plain(manifest.description))
        for line in _lines(manifest, blocks):
            st.markdown(f"- {line}")


def _lines(manifest: Manifest, blocks: int) -> list[str]:
    names = [plain(each.name) for each in manifest.documents]
    said = [count_of("block", blocks)]
    if names:
        said.append(f"{count_of('document', len(names))}: {_some(names)}")
    hosts, servers = (list(map(plain, names)) for names in (manifest.needs.hosts, manifest.needs.servers))
    if hosts:
        said.append(t("Can send data to: {hosts}", hosts=_some(hosts)))
    if servers:
        said.append(t("Uses the MCP servers: {names}", names=_some(servers)))
    return said


def _some(names: list[str]) -> str:
    return ", ".join(names[:NAMED]) + ("…" if len(names) > NAMED else "")


def _take_in() -> None:
    file = st.session_state["import_file"]
    if file is None:
        return
    try:
        flow, notes, _ = take_in(workspace(), file)
        keep_import_notes(flow.id, notes)
        open_gpt(flow.id)
    except FlowloomError as error:
        st.session_state["import_problem"] = (file.file_id, error.problem)
