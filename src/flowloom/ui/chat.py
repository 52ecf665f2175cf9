"""The chat beside the canvas: what was said, and the run under way as it streams."""

import time
from typing import Any

import streamlit as st

from flowloom.editor import Document
from flowloom.errors import FlowloomError, Problem
from flowloom.flow.model import Flow
from flowloom.kinds.values import Attachment
from flowloom.run.view import RunView
from flowloom.runner import problems_of
from flowloom.services.models.settings import ROLES
from flowloom.store.runs import ChatTurn
from flowloom.ui.session import go, language, t
from flowloom.ui.speech import icon_of, label_of, name_of, plain, show_problem_with_way
from flowloom.workspace import workspace

HEIGHT = 552
LOOK = 0.25
"""Seconds between looks for a click of the person while the run says nothing."""
BREATH = 0.02
"""Seconds in which pieces of text are gathered before they are shown together."""
PRACTICE = "practice/"


def current_conversation(flow_id: str) -> str:
    """The conversation this visit is in: the latest of the GPT, or a new one."""
    key = f"conversation:{flow_id}"
    if key not in st.session_state:
        runs = workspace().runs
        st.session_state[key] = runs.latest_conversation(flow_id) or runs.new_conversation(flow_id)
    return str(st.session_state[key])


# No fragment: Streamlit would hold back a click on Stop until the page around it has been drawn.
def draw_chat(document: Document) -> None:
    flow = document.flow
    conversation = current_conversation(flow.id)
    active = workspace().runner.active(conversation)
    turns = [turn for turn in workspace().runs.turns(conversation) if turn.role == "user" or turn.run_id != active]
    with st.container(height=HEIGHT, border=True, autoscroll=True):
        live = _history(document, turns, active)
    _buttons(flow, turns, active)
    key = f"say:{flow.id}"
    st.chat_input(
        t("Message {name}", name=name_of(flow.name)),
        accept_file="multiple",
        disabled=active is not None,
        key=key,
        on_submit=lambda: _send_typed(document, conversation, st.session_state[key]),
    )
    if active and live is not None:
        _follow(flow, active, live)
        st.rerun()


def _history(document: Document, turns: list[ChatTurn], active: str | None) -> Any:
    flow = document.flow
    if not turns:
        _welcome(document)
    for number, turn in enumerate(turns):
        _turn(flow, turn, number)
    _refusal(flow)
    if not active:
        return None
    with st.chat_message("assistant", avatar=_avatar(flow)):
        return st.empty()


def _avatar(flow: Flow) -> str:
    icon = icon_of(flow.icon)
    return icon if icon.startswith(":material/") else ":material/forum:"


def _welcome(document: Document) -> None:
    flow = document.flow
    st.markdown(f"### {icon_of(flow.icon)} {plain(name_of(flow.name))}")
    st.markdown(plain(flow.description) or t("Say something to try your GPT."))
    _model_notice()
    conversation = current_conversation(flow.id)
    for number, starter in enumerate(flow.starters):
        st.button(
            plain(starter),
            key=f"starter:{flow.id}:{number}",
            width="stretch",
            on_click=lambda starter=starter: _send(document, conversation, starter, ()),
        )


def _model_notice() -> None:
    roles = workspace().models.settings.roles
    if not all(roles.get(role, PRACTICE).startswith(PRACTICE) for role in ROLES):
        return
    st.caption(
        ":material/info: "
        + t(
            "The practice model answers. It is no AI: it follows simple rules, so that you can try everything "
            "without a key. Choose a model in Settings for real answers."
        )
    )
    st.button(
        t("Choose a model"),
        icon=":material/tune:",
        type="tertiary",
        key="to_settings",
        on_click=lambda: go("settings"),
    )


def _turn(flow: Flow, turn: ChatTurn, number: int) -> None:
    if turn.role == "user":
        with st.chat_message("user", avatar=":material/person:"):
            st.markdown(plain(turn.text).replace("\n", "  \n"))
            for file in turn.attachments:
                st.caption(f":material/attach_file: {plain(file.name)}")
        return
    with st.chat_message("assistant", avatar=_avatar(flow)):
        if turn.text:
            st.markdown(turn.text)
        if turn.problem:
            show_problem_with_way(turn.problem, flow, f"turn:{number}:{turn.run_id}")
        view = _ended_view(turn.run_id)
        if view:
            _footer(view, turn)


def _ended_view(run_id: str | None) -> RunView | None:
    """The run of a turn; an ended one never changes, so it is folded once a visit."""
    if not run_id:
        return None
    kept: dict[str, RunView | None] = st.session_state.setdefault("ended_runs", {})
    if run_id not in kept:
        kept[run_id] = workspace().runner.view(run_id)
    return kept[run_id]


def _footer(view: RunView, turn: ChatTurn) -> None:
    if view.state == "cancelled":
        st.caption(":material/stop_circle: " + t("Stopped"))
    elif not turn.text and not turn.problem:
        st.caption(t("This run gave no answer."))
    if view.passages:
        with st.expander(t("Sources ({count})", count=len(view.passages)), icon=":material/menu_book:"):
            for number, passage in enumerate(view.passages, 1):
                st.markdown(f"**[{number}] {plain(passage.place)}**  \n{plain(passage.text)}")
    facts = _facts(view)
    if facts:
        st.caption(" · ".join(facts))


def _facts(view: RunView) -> list[str]:
    facts = []
    if view.ended is not None and view.started:
        facts.append(t("{seconds} s", seconds=f"{view.ended - view.started:.1f}"))
    used = [count for count in (view.usage.input_tokens, view.usage.output_tokens) if count is not None]
    if used:
        facts.append(t("{count} tokens", count=sum(used)))
    if view.usage.cost:
        facts.append(f"${view.usage.cost:.4f}")
    if view.usage.model:
        facts.append(plain(view.usage.model))
    return facts


def _refusal(flow: Flow) -> None:
    """What kept the last message from being sent."""
    for number, problem in enumerate(st.session_state.get(f"refused:{flow.id}", ())):
        show_problem_with_way(problem, flow, f"refused:{number}")


def _buttons(flow: Flow, turns: list[ChatTurn], active: str | None) -> None:
    with st.container(horizontal=True, horizontal_alignment="right"):
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
                on_click=lambda: _new_chat(flow.id),
            )


def _new_chat(flow_id: str) -> None:
    st.session_state[f"conversation:{flow_id}"] = workspace().runs.new_conversation(flow_id)
    st.session_state.pop(f"refused:{flow_id}", None)


def _send_typed(document: Document, conversation: str, said: Any) -> None:
    if said is None:
        return
    files, problems = [], []
    for file in said.files:
        try:
            files.append(
                workspace().runs.save_attachment(conversation, file.name, file.type or "", file.getvalue())
            )
        except FlowloomError as error:
            problems.append(error.problem)
    if problems:
        st.session_state[f"refused:{document.flow.id}"] = problems
        return
    _send(document, conversation, said.text.strip(), tuple(files))


def _send(document: Document, conversation: str, message: str, files: tuple[Attachment, ...]) -> None:
    """Begin a run, or keep what stands against it for the next drawing."""
    flow = document.flow
    problems: list[Problem] = problems_of(flow)
    if not problems:
        try:
            workspace().runner.start(flow, message, conversation, files, language())
        except FlowloomError as error:
            problems = [error.problem]
    st.session_state[f"refused:{flow.id}"] = problems


def _follow(flow: Flow, run_id: str, place: Any) -> None:
    """Show the run as it goes on; any click interrupts this, and the next drawing takes it up again."""
    runner = workspace().runner
    while (view := runner.view(run_id)) and view.state == "running":
        # Writing is also where Streamlit stops us for a click, so it happens even without news.
        place.markdown(_so_far(flow, view))
        if runner.wait(run_id, view.count, LOOK) > view.count:
            time.sleep(BREATH)


def _so_far(flow: Flow, view: RunView) -> str:
    if view.text:
        return f"{view.text} ▌"
    at_work = [node for node in flow.nodes if node.id in view.nodes and view.nodes[node.id].status == "running"]
    names = ", ".join(plain(label_of(node)) for node in at_work[:3])
    return f":gray[:material/progress_activity: {names or t('Starting')}…]"
