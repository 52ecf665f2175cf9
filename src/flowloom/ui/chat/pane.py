"""The chat beside the canvas: what was said, and the run under way as it streams."""

import time
from typing import Any

import streamlit as st

from flowloom.editor import Document
from flowloom.errors import FlowloomError
from flowloom.flow.model import Flow
from flowloom.kinds.values import Attachment
from flowloom.run.reading.view import RunView
from flowloom.runner import problems_of
from flowloom.services.models.settings import ROLES
from flowloom.store.runs import ChatTurn
from flowloom.ui.block.fixes import show_problem_with_way
from flowloom.ui.chat.answer_row import STYLE as ROW_STYLE
from flowloom.ui.chat.answer_row import draw_answer_row
from flowloom.ui.chat.answer_text import answer_markdown
from flowloom.ui.chat.answers import draw_answer
from flowloom.ui.chat.attachments import draw_attachments
from flowloom.ui.chat.autoscroll import follow_end
from flowloom.ui.chat.conversations import current_conversation, draw_conversations, enter, new_chat
from flowloom.ui.chat.documents import base_to_fill, draw_chat_documents, draw_import_notes, was_imported
from flowloom.ui.chat.markdown import with_cursor
from flowloom.ui.chat.message_files import take
from flowloom.ui.chat.progress import AtWork
from flowloom.ui.chat.saved_answer import save_for
from flowloom.ui.chat.shared_conversations import draw_shared_one
from flowloom.ui.chat.voice import draw_spoken, takes_speech
from flowloom.ui.chat.waiting_runs import draw_interrupted, draw_waiting
from flowloom.ui.dialogs import draw_dialog, open_dialog
from flowloom.ui.gpt.fidelity import draw_kept_report
from flowloom.ui.gpt.forecast import draw_forecast, forecast_of
from flowloom.ui.knowledge.documents import read_uploads
from flowloom.ui.knowledge.readers import draw_chat_as, draw_who_reads
from flowloom.ui.messages import avatar_of, draw_title, name_of, plain
from flowloom.ui.session import go, t
from flowloom.words import language_of
from flowloom.workspace import workspace

HEIGHT = 504
LOOK = 0.25
"""Seconds between looks for a click of the person while the run says nothing."""
POLL_SECONDS = 0.02
"""Seconds in which pieces of text are gathered before they are shown together."""
PRACTICE = "practice/"


# No fragment: Streamlit would hold back a click on Stop until the page around it has been drawn.
def draw_chat(document: Document, active: str | None) -> None:
    """The conversation of this visit; `active` is its run that was under way as the page began to be drawn."""
    flow = document.flow
    conversation = current_conversation(flow.id)
    workspace().healing.heal(conversation)
    paused = None if active else workspace().runner.paused(conversation)
    if not active and not paused and _goes_on(conversation):
        st.rerun()
    turns = [turn for turn in workspace().runs.turns(conversation) if turn.role == "user" or turn.run_id != active]
    st.html(ROW_STYLE)
    _buttons(flow, turns, active or paused)
    draw_dialog("conversations", t("Conversations"), lambda: _draw_conversations(flow))
    draw_who_reads(flow.id)
    with st.container(height=HEIGHT, border=True, autoscroll=False, key="chat_box"):
        said = [turn.number for turn in turns if turn.role == "user"]
        # An empty chat is read from its beginning.
        if turns or active:
            follow_end(f"{conversation}:{max(said, default=0)}", "chat_end")
        live = _history(document, turns, active, busy=bool(active or paused))
        if paused:
            draw_waiting(document, paused)
    _make_ready(flow)
    key = f"say:{flow.id}"
    st.chat_input(
        t("Message {name}", name=name_of(flow.name)),
        accept_file="multiple",
        accept_audio=takes_speech(flow),
        disabled=bool(active or paused),
        key=key,
        on_submit=lambda: _send_typed(document, st.session_state[key]),
    )
    draw_forecast(flow)
    if active and live is not None:
        _follow(flow, active, live)
        st.rerun()


def _make_ready(flow: Flow) -> None:
    """Have the documents ready before the first question, once in a visit."""
    if not st.session_state.get(f"ready:{flow.id}"):
        st.session_state[f"ready:{flow.id}"] = True
        workspace().searched.make_ready_for(flow)


def _goes_on(conversation: str) -> bool:
    """Whether a run went on between two looks at it: the page would show neither the run nor its next question."""
    runner = workspace().runner
    return bool(runner.active(conversation) or runner.paused(conversation))


def _history(document: Document, turns: list[ChatTurn], active: str | None, *, busy: bool) -> Any:
    flow = document.flow
    if not turns:
        _welcome(document)
    asked = [turn.number for turn in turns if turn.role == "user"]
    for turn in turns:
        is_last = not busy and turn is turns[-1]
        _turn(document, turn, is_last_asked=turn.number in asked[-1:], is_last=is_last, busy=busy)
    _refusal(flow)
    if not active:
        draw_interrupted(flow.id)
        return None
    with st.chat_message("assistant", avatar=avatar_of(flow)):
        return st.empty()


def _welcome(document: Document) -> None:
    flow = document.flow
    draw_title(flow.icon, flow.picture, flow.name, 3)
    st.markdown(plain(flow.description) or t("Say something to try your GPT."))
    _model_notice(flow)
    base = base_to_fill(flow)
    is_empty = base is not None and not workspace().knowledge.files(base)
    draw_import_notes(flow.id, lacks_documents=is_empty)
    if was_imported(flow.id) and flow.id in workspace().imports.reported():
        with st.expander(t("What came across"), icon=":material/move_to_inbox:"):
            draw_kept_report(flow.id, flow.name, f"report:{flow.id}")
    if base and is_empty:
        draw_chat_documents(base)
    for number, starter in enumerate(flow.starters):
        st.button(
            plain(starter),
            key=f"starter:{flow.id}:{number}",
            width="stretch",
            on_click=lambda starter=starter: send(document, starter),
        )
    if base and not is_empty:
        draw_chat_documents(base)


def _model_notice(flow: Flow) -> None:
    found = forecast_of(flow)
    if found is not None and not found.most:
        return
    roles = workspace().models.settings.roles
    if not all(roles.get(role, PRACTICE).startswith(PRACTICE) for role in ROLES):
        return
    st.caption(
        ":material/info: "
        + t(
            "You are talking to the practice model. This isn’t a real AI: it follows simple rules so "
            "you can try everything without a key. Choose a model in Settings for real answers."
        )
    )
    st.button(
        t("Choose a model"),
        icon=":material/tune:",
        type="tertiary",
        key="to_settings",
        on_click=lambda: go("settings"),
    )


def _turn(document: Document, turn: ChatTurn, *, is_last_asked: bool, is_last: bool, busy: bool) -> None:
    if turn.role == "user":
        with st.chat_message("user", avatar=":material/person:"):
            with st.container(horizontal=True, gap="small", wrap=False, key=f"message_row:{turn.number}"):
                st.markdown(plain(turn.text).replace("\n", "  \n"), width="stretch")
                if is_last_asked:
                    _edit_button(document, turn, busy)
            draw_attachments(document.flow.id, turn.attachments, f"files:{turn.number}")
        return
    flow, conversation = document.flow, current_conversation(document.flow.id)
    with st.chat_message("assistant", avatar=avatar_of(flow)):
        draw_answer(flow, turn)
        on_retry = (lambda: _retry(document)) if is_last else None
        draw_answer_row(flow, turn, conversation, on_retry, lambda: _branch(flow.id, turn), save_for(document))
        draw_spoken(flow.id, conversation, turn)


def _edit_button(document: Document, turn: ChatTurn, busy: bool) -> None:
    # It is there also while the answer comes in, which would jump down if it came later.
    key = f"edit:{turn.number}"
    with st.popover(t("Edit"), icon=":material/edit:", type="tertiary", key=f"{key}:open", disabled=busy):
        st.text_area(t("Your message"), turn.text, key=key, height=120)
        st.button(
            t("Resend"),
            type="primary",
            key=f"{key}:send",
            on_click=lambda: _ask_again(document, turn, st.session_state[key].strip()),
        )


def _retry(document: Document) -> None:
    asked = [turn for turn in workspace().runs.turns(current_conversation(document.flow.id)) if turn.role == "user"]
    if asked:
        _ask_again(document, asked[-1], asked[-1].text)


def _ask_again(document: Document, turn: ChatTurn, message: str) -> None:
    """Send a message in the place of an earlier one; that one and its answer are hidden."""
    if not message and not turn.attachments:
        return
    if _may_send(document.flow):
        send(document, message, turn.attachments, instead_of=turn.number)


def _branch(flow_id: str, turn: ChatTurn) -> None:
    enter(flow_id, workspace().runs.branch(current_conversation(flow_id), turn.number))


def _refusal(flow: Flow) -> None:
    """What kept the last message from being sent."""
    for number, problem in enumerate(st.session_state.get(f"refused:{flow.id}", ())):
        show_problem_with_way(problem, flow, f"refused:{number}")
    unsent = st.session_state.get(f"unsent:{flow.id}")
    if unsent and st.session_state.get(f"refused:{flow.id}"):
        st.caption(t("Your message wasn’t sent. You can copy it from here."))
        st.code(unsent, language=None, wrap_lines=True)


def _buttons(flow: Flow, turns: list[ChatTurn], active: str | None) -> None:
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        st.button(
            t("Conversations"),
            icon=":material/forum:",
            type="tertiary",
            key="talks",
            on_click=lambda: open_dialog("conversations"),
        )
        if active:
            st.button(
                t("Stop"),
                icon=":material/stop_circle:",
                key="stop",
                on_click=lambda: workspace().runner.cancel(active),
            )
        elif turns:
            st.button(
                t("New chat"),
                icon=":material/add_comment:",
                type="tertiary",
                key="new_chat",
                on_click=lambda: new_chat(flow.id),
            )


def _draw_conversations(flow: Flow) -> None:
    if draw_shared_one(flow):
        return
    draw_conversations(flow.id)
    draw_chat_as(flow)


def _send_typed(document: Document, said: Any) -> None:
    if said is None:
        return
    taken = take(document.flow, current_conversation(document.flow.id), said)
    if taken.problems:
        st.session_state[f"refused:{document.flow.id}"] = taken.problems
        st.session_state[f"unsent:{document.flow.id}"] = taken.text
        return
    send(document, taken.text, taken.files)


def _may_send(flow: Flow) -> bool:
    """Whether the flow can run; what stands against it is kept for the next drawing."""
    problems = problems_of(flow)
    st.session_state[f"refused:{flow.id}"] = problems
    return not problems


def send(
    document: Document, message: str, files: tuple[Attachment, ...] = (), *, instead_of: int | None = None
) -> None:
    """Begin a run in the conversation that is open now, which another click may just have changed."""
    flow = document.flow
    st.session_state[f"unsent:{flow.id}"] = message
    read_uploads(workspace().searched.bases_waiting_for(flow))
    if not _may_send(flow):
        return
    try:
        conversation = current_conversation(flow.id)
        # Blocks speak the language that is typed; a sum or a name tells none.
        spoken = language_of(message, otherwise=flow.language)
        workspace().runner.start(flow, message, conversation, files, language=spoken, instead_of=instead_of)
        st.session_state.pop(f"unsent:{flow.id}")
    except FlowloomError as error:
        st.session_state[f"refused:{flow.id}"] = [error.problem]


def _follow(flow: Flow, run_id: str, place: Any) -> None:
    """Show the run as it goes on; any click interrupts this, and the next drawing takes it up again."""
    runner, at_work = workspace().runner, AtWork()
    while (view := runner.view(run_id)) and view.state == "running":
        # Writing is also where Streamlit stops us for a click, so it happens even without news.
        place.markdown(_so_far(flow, view, at_work))
        if runner.wait(run_id, view.count, LOOK) > view.count:
            time.sleep(POLL_SECONDS)


def _so_far(flow: Flow, view: RunView, at_work: AtWork) -> str:
    if view.text:
        return with_cursor(answer_markdown(view.text))
    return at_work.said(flow, view, time.monotonic())
