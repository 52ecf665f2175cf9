"""Who may read which document, and talking to a GPT as somebody who may not read all of them."""

from collections.abc import Iterable

import streamlit as st

from flowloom.flow.model import Flow
from flowloom.intake import MAIN
from flowloom.kinds.values import OWNER, Reader
from flowloom.nodes.knowledge.shared import shared_in
from flowloom.services.knowledge.files import FileInfo
from flowloom.services.knowledge.shared import key_of_shared
from flowloom.ui.chat.conversations import current_conversation, enter
from flowloom.ui.dialogs import close_dialog
from flowloom.ui.messages import plain
from flowloom.ui.session import t
from flowloom.workspace import workspace

SHOWN = 18
"""Letters of the groups that stand on the button itself."""


def groups_in(files: Iterable[FileInfo]) -> list[str]:
    """The groups that may read some of these files."""
    return sorted({group for file in files for group in file.groups}, key=str.casefold)


def draw_readers(base: str, file: FileInfo, known: Iterable[str]) -> None:
    """The groups that may read a file: those there are to choose from, and new ones."""
    key = f"file_readers:{base}:{file.name}"
    icon = ":material/lock:" if file.groups else ":material/lock_open:"
    label = plain(_short(", ".join(file.groups))) or t("Readers")
    with st.popover(label, icon=icon, type="tertiary", key=f"{key}:menu"):
        st.multiselect(
            t("Who can read it"),
            sorted({*file.groups, *known}, key=str.casefold),
            list(file.groups),
            accept_new_options=True,
            max_selections=20,
            placeholder=t("Everyone who can use the GPT"),
            help=t("Enter groups, such as teachers. As the owner you can always read everything."),
            key=key,
            on_change=lambda: workspace().knowledge.set_readers(base, file.name, file.owner, st.session_state[key]),
        )


def _short(names: str) -> str:
    return names if len(names) <= SHOWN else names[:SHOWN].rstrip(", ") + "…"


def groups_of(flow: Flow) -> list[str]:
    """The groups among those who may read what a GPT knows."""
    bases = [f"{flow.id}/{MAIN}", *map(key_of_shared, shared_in(flow))]
    return groups_in(file for base in bases for file in workspace().knowledge.files(base))


def reader_among(groups: Iterable[str]) -> Reader:
    """Somebody in these groups, and in no other."""
    return Reader(groups=tuple(groups))


def draw_chat_as(flow: Flow) -> None:
    """The way to begin a conversation as somebody else; only where somebody may read less than another."""
    groups = groups_of(flow)
    if not groups:
        return
    key = f"chat_as:{flow.id}"
    with st.expander(t("Chat as someone else"), icon=":material/visibility:", key=f"{key}:part"):
        st.caption(t("The GPT only finds what they can read, as for people you share it with."))
        st.multiselect(t("Member of"), groups, placeholder=t("No group"), key=key)
        st.button(t("Start"), key=f"{key}:begin", on_click=lambda: _begin(flow.id, st.session_state[key]))


def _begin(flow_id: str, groups: list[str]) -> None:
    enter(flow_id, workspace().runs.new_conversation(flow_id, reader_among(groups)))
    close_dialog()


def draw_who_reads(flow_id: str) -> None:
    """One line where somebody else talks than the owner."""
    reader = workspace().runs.reader_of(current_conversation(flow_id))
    if reader == OWNER:
        return
    groups = ", ".join(map(plain, reader.groups))
    said = (
        t("The GPT only finds what members of {groups} can read.", groups=groups)
        if groups
        else t("The GPT only finds what everyone can read.")
    )
    st.caption(f":material/visibility: {said}")
