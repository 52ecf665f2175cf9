"""The files of an answer: pictures to look at, sounds to play, and every file with a way to save it."""

import re
from collections.abc import Sequence
from pathlib import PurePath

import streamlit as st

from flowloom.errors import FlowloomError
from flowloom.kinds.values import Attachment
from flowloom.services.formats.pictures import thumbnail
from flowloom.ui.chat.answer_sounds import draw_sounds
from flowloom.ui.chat.attachments import draw_saving
from flowloom.ui.messages import plain
from flowloom.workspace import workspace

WIDTH = 640
"""Pixels a picture is wide at most; twice that is sent for fine screens."""
MAX_DRAWING = 2_000_000
"""Bytes of a drawing that is sent with every drawing of the page."""


def draw_answer_files(flow_id: str, files: Sequence[Attachment], key: str) -> None:
    """Below an answer: its pictures, its sounds, then all its files to save."""
    if not files:
        return
    for file in files:
        if file.media_type.startswith("image/"):
            _picture(flow_id, file)
    draw_sounds(flow_id, files)
    draw_saving(flow_id, files, key)


def _picture(flow_id: str, file: Attachment) -> None:
    shown = _shown(flow_id, file.id)
    if shown:
        st.image(shown, width=WIDTH, alt=plain(title_of(file)))


def title_of(file: Attachment) -> str:
    """What a picture shows, as its name tells: without ending, and without the number that tells files apart."""
    return re.sub(r" \(\d+\)$", "", PurePath(file.name).stem)


@st.cache_data(max_entries=100, show_spinner=False)
def _shown(flow_id: str, attachment: str) -> bytes | str | None:
    """A picture as it is sent to the page: small enough, or a drawing as its text."""
    found = workspace().runs.attachment(flow_id, attachment)
    if found is None:
        return None
    file, data = found
    if file.media_type == "image/svg+xml":
        # The browser draws it as a picture, in which no script runs.
        return data.decode("utf-8", "replace") if len(data) <= MAX_DRAWING else None
    try:
        return thumbnail(data, 2 * WIDTH)
    except FlowloomError:
        return None
