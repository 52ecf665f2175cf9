"""Talking with a GPT: what the person says into the microphone, and answers that are read aloud."""

import asyncio
import re

import streamlit as st

from flowloom.errors import FlowloomError, Problem
from flowloom.flow.model import Flow
from flowloom.kinds.media import Made, Recording, SpeechWish
from flowloom.kinds.values import Attachment
from flowloom.services.formats.sounds import ENDINGS
from flowloom.services.media.media_problems import LONGEST_SPOKEN
from flowloom.store.runs import ChatTurn
from flowloom.ui.chat.answer_sounds import draw_sounds
from flowloom.ui.messages import show_problem
from flowloom.ui.session import language, t
from flowloom.workspace import workspace

_CODE = re.compile(r"```.*?(?:```|$)", re.DOTALL)
_LINK = re.compile(r"!?\[([^\[\]]*)\]\((?:[^)\]]|\](?!\())*+\)")
_MARKS = re.compile(r"^[^\S\n]*+(?:#+|>|[-*+])[^\S\n]++|[*_`|~]|\[\d+\]", re.MULTILINE)
_END = re.compile(r"[.!?。！？\n]")


def takes_speech(flow: Flow) -> bool:
    """Whether it is any use to speak to this GPT."""
    return hears_itself(flow) or workspace().media.hears()


def hears_itself(flow: Flow) -> bool:
    """Whether a recording goes to a block of the flow."""
    sources = {edge.source for edge in flow.edges}
    return any(f"{node.id}.recording" in sources for node in flow.nodes if node.kind == "chat.message")


def written_down(flow_id: str, data: bytes) -> str:
    """What was said, as the message it is meant to be. Raises ModelError."""
    recording = Recording(data=data, language=language())
    return asyncio.run(workspace().media_for(flow_id).write_down(recording)).text


def speak_button(conversation: str, turn: ChatTurn) -> None:
    """Has an answer read aloud, where somebody is set up who can and it has not been done."""
    if not spoken_words(turn.text) or not turn.run_id or not workspace().media.speaks():
        return
    if _kept(conversation, turn):
        return
    wish = _wish(turn)
    st.button(
        t("Read aloud"),
        icon=":material/volume_up:",
        type="tertiary",
        help=t("Reads this answer with the voice from Settings. This may cost money."),
        key=f"icon_{wish}",
        on_click=lambda: st.session_state.update({wish: True}),
    )


def draw_spoken(flow_id: str, conversation: str, turn: ChatTurn) -> None:
    """The answer as it was spoken, once somebody asked for that."""
    wish, problem = _wish(turn), f"{_wish(turn)}:problem"
    if st.session_state.get(wish):
        with st.spinner(t("Speaking…")):
            st.session_state[problem] = _speak(flow_id, conversation, turn)
            # Only now: what interrupts it has the next drawing begin it again.
            del st.session_state[wish]
    if st.session_state.get(problem):
        show_problem(st.session_state[problem])
    draw_sounds(flow_id, _kept(conversation, turn))


def _wish(turn: ChatTurn) -> str:
    return f"speak:{turn.number}"


def _kept(conversation: str, turn: ChatTurn) -> tuple[Attachment, ...]:
    known: dict[str, tuple[Attachment, ...]] = st.session_state.setdefault(f"spoken:{conversation}", {})
    run = f"spoken:{turn.run_id}"  # one of its own, as it came after that of the answer had ended
    if run not in known:
        known[run] = workspace().runs.files_of(run, conversation)[-1:]
    return known[run]


def _speak(flow_id: str, conversation: str, turn: ChatTurn) -> Problem | None:
    """Keep the spoken answer; what went wrong, or None."""
    if _kept(conversation, turn):
        return None
    wish = SpeechWish(text=spoken_words(turn.text), language=language())
    try:
        made: Made = asyncio.run(workspace().media_for(flow_id).speak(wish))
    except FlowloomError as error:
        return error.problem
    name = f"answer-{turn.number}{ENDINGS[made.media_type]}"
    workspace().runs.keep_file(conversation, f"spoken:{turn.run_id}", name, made.media_type, made.data)
    st.session_state.pop(f"spoken:{conversation}", None)
    return None


def spoken_words(markdown: str) -> str:
    """What of an answer is spoken: words without marks, up to the last sentence that fits."""
    text = _MARKS.sub("", _LINK.sub(r"\1", _CODE.sub("", markdown)))
    text = re.sub(r"\n{2,}", "\n", text).strip()
    if len(text) <= LONGEST_SPOKEN:
        return text
    ends = [found.end() for found in _END.finditer(text, 0, LONGEST_SPOKEN)]
    return text[: ends[-1] if ends else LONGEST_SPOKEN].strip()
