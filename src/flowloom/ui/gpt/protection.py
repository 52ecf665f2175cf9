"""What a GPT may use and not hand out, and a rehearsal that shows whether it holds."""

from typing import Any

import streamlit as st

from flowloom.editor import Document
from flowloom.errors import FlowloomError
from flowloom.flow.edit import Describe
from flowloom.flow.model import Flow, Protection
from flowloom.rehearsal import Outcome, Rehearsal, attacks
from flowloom.ui.chat.conversations import current_conversation
from flowloom.ui.edits import change
from flowloom.ui.formatting import count_of
from flowloom.ui.messages import plain, show_problem
from flowloom.ui.session import t
from flowloom.workspace import workspace

LOOK_EVERY = 1.0
"""Seconds between two looks at a rehearsal under way."""
SHOWN = 10
"""How many of the attacks that got something are shown."""
EXCERPT = 600


def draw_protection(document: Document) -> None:
    flow = document.flow
    st.markdown(
        "**" + t("Privacy protection") + "**",
        help=t(
            "Protected texts can be used for answers, but long quotes never leave this GPT: not in "
            "answers, not to other computers, not encoded or reversed. A model can still describe "
            "what it read in its own words."
        ),
    )
    _switch(document, "knowledge", t("Protect the documents"))
    _switch(document, "instructions", t("Protect the instructions"))
    if flow.protection.knowledge or flow.protection.instructions:
        _quote(document)
    _draw_rehearsal(flow)


def _switch(document: Document, name: str, label: str) -> None:
    flow = document.flow
    value = getattr(flow.protection, name)
    # The saved value is part of the key, so that a change made elsewhere shows here.
    key = f"protection:protect_{name}:{flow.id}:{value}"
    st.toggle(label, value, key=key, on_change=lambda: _keep(document, flow, name, st.session_state[key]))


def _quote(document: Document) -> None:
    flow = document.flow
    key = f"protection:quote:{flow.id}:{flow.protection.quote}"
    st.number_input(
        t("Longest quote in words"),
        min_value=10,
        max_value=500,
        value=flow.protection.quote,
        step=5,
        key=key,
        on_change=lambda: _keep(document, flow, "quote", st.session_state[key]),
    )


def _keep(document: Document, drawn: Flow, name: str, value: Any) -> None:
    if value is not None and value != getattr(drawn.protection, name):
        protection = Protection.model_validate(document.flow.protection.model_dump() | {name: value})
        change(document, Describe(changes={"protection": protection.model_dump()}))


def _draw_rehearsal(flow: Flow) -> None:
    key = f"rehearsal:{flow.id}"
    with st.expander(t("Leak test"), icon=":material/security:", key=f"{key}:shown", on_change="rerun") as place:
        if not place.open:
            return
        found = st.session_state.get(key)
        if isinstance(found, str) and (rehearsal := workspace().rehearsals.find(found)):
            # Only while it runs: a fragment would draw the ended one again after a click on "Rehearse again".
            if rehearsal.ended:
                _draw_ended(flow, rehearsal, key)
            else:
                st.fragment(_draw_running, run_every=LOOK_EVERY)(rehearsal, key)
            return
        if found and not isinstance(found, str):
            show_problem(found)
        _draw_start(flow, key)


def _draw_start(flow: Flow, key: str) -> None:
    st.caption(
        t(
            (
                "Tries {count} times to get this GPT’s documents and instructions, in three languages "
                "and with many tricks. Each attempt is one message to its models; nothing is saved."
            ),
            count=len(attacks()),
        )
    )
    st.button(
        t("Start leak test"),
        icon=":material/play_arrow:",
        key=f"{key}:start",
        on_click=lambda: _start(flow, key),
    )


def _start(flow: Flow, key: str) -> None:
    try:
        st.session_state[key] = workspace().rehearsals.start(flow, current_conversation(flow.id))
    except FlowloomError as error:
        st.session_state[key] = error.problem


def _draw_running(rehearsal: Rehearsal, key: str) -> None:
    if rehearsal.ended:
        st.rerun()
    done = len(rehearsal.outcomes)
    st.progress(done / max(1, rehearsal.of), t("{done} of {count} attempts", done=done, count=rehearsal.of))
    st.button(t("Stop"), key=f"{key}:stop", on_click=lambda: workspace().rehearsals.cancel(st.session_state[key]))


def _draw_ended(flow: Flow, rehearsal: Rehearsal, key: str) -> None:
    _draw_grade(flow, rehearsal)
    for number, outcome in enumerate(rehearsal.leaks[:SHOWN]):
        _draw_leak(outcome, f"{key}:leak:{number}")
    st.button(t("Test again"), icon=":material/replay:", key=f"{key}:again", on_click=lambda: _start(flow, key))


def _draw_grade(flow: Flow, rehearsal: Rehearsal) -> None:
    asked, leaks, silent = len(rehearsal.outcomes), len(rehearsal.leaks), len(rehearsal.silent)
    if not asked or silent == asked:
        st.warning(t("No attempt was answered, so the test shows nothing. Send a message in the chat to see why."))
        return
    said = t("{held} of {count} attempts got nothing.", held=asked - leaks, count=asked)
    if asked < rehearsal.of:
        said += " " + t("It was stopped before the end.")
    if silent:
        said += " " + t("{count} ended with an error and don’t count.", count=silent)
    show = st.success if not leaks else st.error
    show(f"**{t('Grade {grade}', grade=rehearsal.grade)}**  \n{said}")
    if rehearsal.protection != flow.protection:
        st.caption(t("The protection has changed since. Test again."))
    elif leaks and not (flow.protection.knowledge and flow.protection.instructions):
        st.caption(t("Turn on the protection above, then test again."))


def _draw_leak(outcome: Outcome, key: str) -> None:
    words = count_of("word", outcome.words)
    with st.popover(f"{words} · {plain(outcome.asked[:60])}…", type="tertiary", key=key):
        st.markdown(f"**{t('Question')}**  \n{plain(outcome.asked)}")
        st.markdown(f"**{t('Answer')}**")
        st.code(outcome.answer[:EXCERPT] + ("…" if len(outcome.answer) > EXCERPT else ""), None, wrap_lines=True)
