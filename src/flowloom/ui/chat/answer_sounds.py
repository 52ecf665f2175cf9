"""The sounds of an answer, and of a message, each with a player."""

from collections.abc import Sequence

import streamlit as st

from flowloom.kinds.values import Attachment
from flowloom.workspace import workspace

PLAYED = 5
"""Players drawn for one message; all its files can be saved."""


def draw_sounds(flow_id: str, files: Sequence[Attachment]) -> None:
    """A player for each file that is a sound."""
    for file in [file for file in files if file.media_type.startswith("audio/")][:PLAYED]:
        data = _data(flow_id, file.id)
        if data:
            st.audio(data, format=file.media_type, alt=file.name)


@st.cache_data(max_entries=20, show_spinner=False)
def _data(flow_id: str, attachment: str) -> bytes | None:
    found = workspace().runs.attachment(flow_id, attachment)
    return found[1] if found else None
