"""The files of a message: pictures as pictures, and each by name and size with a way to save it."""

from collections.abc import Sequence

import streamlit as st

from flowloom.errors import FlowloomError
from flowloom.kinds.values import Attachment
from flowloom.services.formats.pictures import thumbnail
from flowloom.ui.chat.answer_sounds import draw_sounds
from flowloom.ui.download import File, save_buttons
from flowloom.ui.formatting import size_of
from flowloom.ui.messages import plain
from flowloom.ui.session import t
from flowloom.workspace import workspace

WIDTH = 240
"""Pixels a picture is wide at most; twice that is sent for fine screens."""


def draw_attachments(flow_id: str, files: Sequence[Attachment], key: str) -> None:
    """The files a person added to a message."""
    if not files:
        return
    if draw_pictures(flow_id, files):
        st.caption(t("For blocks that look at images. Models that only read text aren’t listed."))
    draw_sounds(flow_id, files)
    draw_saving(flow_id, files, key)


def draw_pictures(flow_id: str, files: Sequence[Attachment]) -> int:
    """Each picture as one; how many there are."""
    pictures = [file for file in files if file.media_type.startswith("image/") and not file.text]
    for file in pictures:
        _picture(flow_id, file)
    return len(pictures)


def draw_saving(flow_id: str, files: Sequence[Attachment], key: str) -> None:
    save_buttons(flow_id, [saved_as(file) for file in files], key, "tags")


def saved_as(file: Attachment) -> File:
    return File(file.name, f"files/{file.id}", file.name, hint=t("Save this file"), size=size_of(file.size))


def _picture(flow_id: str, file: Attachment) -> None:
    small = _small(flow_id, file.id)
    if small:
        st.image(small, caption=plain(file.name), width=WIDTH)


@st.cache_data(max_entries=200, show_spinner=False)
def _small(flow_id: str, attachment: str) -> bytes | None:
    """A picture small enough to be sent with every drawing of the page."""
    data = workspace().runs.attachment(flow_id, attachment)
    try:
        return thumbnail(data[1], 2 * WIDTH) if data else None
    except FlowloomError:
        return None
