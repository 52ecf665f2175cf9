"""What a visitor says into the microphone, as the words of their message or as a recording that a block hears."""

import asyncio
from typing import Literal

from flowloom.errors import ModelError
from flowloom.flow.model import Flow
from flowloom.kinds.media import Recording
from flowloom.spending import paid_media
from flowloom.visits.visitors import VisitError
from flowloom.workspace import Workspace


def voice_of(home: Workspace, flow: Flow) -> Literal["", "recording", "words"]:
    """What becomes of speech: a recording for a block of the flow, words, or nothing where nobody hears."""
    sources = {edge.source for edge in flow.edges}
    if any(f"{node.id}.recording" in sources for node in flow.nodes if node.kind == "chat.message"):
        return "recording"
    return "words" if home.media.hears() else ""


def words_of(home: Workspace, flow: Flow, data: bytes, language: str) -> str:
    """The words of a recording; blocks until they are there. Raises VisitError."""
    if voice_of(home, flow) != "words":
        raise VisitError("This GPT can’t listen.", "Type your message.")
    media = paid_media(home.media, home.allowances.purse_of(flow.id))
    try:
        return asyncio.run(media.write_down(Recording(data=data, language=language))).text.strip()
    except ModelError:
        raise VisitError("What you said couldn’t be written down.", "Try again, or type your message.") from None
