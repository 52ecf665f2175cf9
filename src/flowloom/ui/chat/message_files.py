"""What comes with a message: files that are kept, and speech that is kept and perhaps written down."""

from typing import Any, NamedTuple

from flowloom.errors import FlowloomError, Problem
from flowloom.flow.model import Flow
from flowloom.kinds.values import Attachment
from flowloom.services.formats import pictures, sounds
from flowloom.ui.chat.voice import hears_itself, written_down
from flowloom.workspace import workspace


class Taken(NamedTuple):
    """A message as it may be sent, or why not."""

    text: str
    files: tuple[Attachment, ...]
    problems: list[Problem]


def take(flow: Flow, conversation: str, said: Any) -> Taken:
    """Keep what came in by the line below the chat. Speech is the message itself where no block listens."""
    text, files, problems = said.text.strip(), list[Attachment](), list[Problem]()
    spoken: Any = getattr(said, "audio", None)
    for file in [*said.files, *([spoken] if spoken else [])]:
        try:
            pictures.check_size(file.name, file.size)
            sounds.check_size(file.name, file.size)
            data = file.getvalue()
            if file is spoken and not text and not hears_itself(flow):
                text = written_down(flow.id, data)
            files.append(workspace().runs.save_attachment(conversation, file.name, file.type or "", data))
        except FlowloomError as error:
            problems.append(error.problem)
    return Taken(text, tuple(files), problems)
