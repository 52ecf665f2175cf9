"""The files that came with an answer: pictures to look at, sounds to play, and each to save."""

from collections.abc import Sequence

from flowloom.kinds.values import Attachment
from flowloom.ui.answer_sounds import draw_sounds
from flowloom.ui.attachments import draw_pictures, draw_saving


def draw_answer_files(flow_id: str, files: Sequence[Attachment], key: str) -> None:
    if files:
        draw_pictures(flow_id, files)
        draw_sounds(flow_id, files)
        draw_saving(flow_id, files, key)
