"""The history of a GPT: earlier versions with their pictures, names for the good ones, and the way back."""

import streamlit as st

from flowloom.differences import differences
from flowloom.editor import Document
from flowloom.errors import FlowloomError
from flowloom.flow.model import Flow
from flowloom.store.versions import Version
from flowloom.ui.dialogs import close_dialog
from flowloom.ui.edits import attempt
from flowloom.ui.formatting import ago
from flowloom.ui.gpt.diagrams import draw_difference, draw_picture
from flowloom.ui.messages import plain
from flowloom.ui.session import language, t

SHOWN = 12
"""Versions drawn at first; the rest come by a button."""
MOST_CHANGES = 30


def draw_history(document: Document) -> None:
    _name_this(document)
    versions = document.versions()
    named = next((version for version in versions if version.name), None)
    if named:
        st.button(
            t("Back to “{name}”", name=named.name),
            icon=":material/undo:",
            key="history_back",
            width="stretch",
            on_click=lambda: _restore(document, named),
        )
    if not versions:
        st.caption(t("Earlier versions appear here automatically as you edit."))
        return
    most = st.session_state.setdefault("history_shown", SHOWN)
    with st.container(height=420, border=False):
        for version in versions[:most]:
            _row(document, version)
        if len(versions) > most:
            st.button(t("Show more"), key="history_more", on_click=_show_more)


def _name_this(document: Document) -> None:
    with st.form("history_name", clear_on_submit=True, border=False):
        name = st.text_input(t("Save version as"), max_chars=80, placeholder=t("For example: before the open day"))
        if st.form_submit_button(t("Save"), icon=":material/bookmark_add:") and name.strip():
            document.keep_version(name.strip())
            st.rerun(scope="fragment")


def _row(document: Document, version: Version) -> None:
    try:
        flow = document.version(version.number)
    except FlowloomError:
        return
    with st.container(border=True, gap="small"):
        draw_picture(flow)
        with st.container(horizontal=True, vertical_alignment="center"):
            title = f"**{plain(version.name)}**  \n" if version.name else ""
            st.markdown(title + f":gray[{ago(version.saved_at)}]")
            st.button(
                t("Restore"),
                icon=":material/restore:",
                key=f"restore:{version.number}",
                on_click=lambda: _restore(document, version),
            )
        _draw_changes(flow, document.flow)


def _draw_changes(earlier: Flow, now: Flow) -> None:
    """What became of the GPT since this version, in words."""
    changes = differences(earlier, now.model_copy(update={"id": earlier.id}), language())
    if changes:
        with st.expander(t("Changed since then ({count})", count=len(changes))):
            draw_difference(earlier, now)
            st.markdown("\n".join(f"- {plain(change)}" for change in changes[:MOST_CHANGES]))
            if len(changes) > MOST_CHANGES:
                st.caption(t("And {count} more.", count=len(changes) - MOST_CHANGES))


def _restore(document: Document, version: Version) -> None:
    def restore() -> None:
        document.restore(version.number)
        close_dialog()
        st.toast(t("Restored. Use Undo to go back."), icon=":material/restore:")

    attempt(restore)


def _show_more() -> None:
    st.session_state["history_shown"] += 2 * SHOWN
