"""Inbox: everything that waits for a person, of every GPT, and what was answered."""

import streamlit as st

from flowloom.store.questions import Asked
from flowloom.ui.chat.questions import draw_answered, draw_question
from flowloom.ui.formatting import ago, number
from flowloom.ui.gpt.opening import open_gpt
from flowloom.ui.messages import names_of_gpts, plain
from flowloom.ui.session import go, t
from flowloom.workspace import workspace

LOOK_EVERY = 5.0
"""Seconds after which new questions show."""
ANSWERED = 20


def title() -> str:
    """The page's name, with how many questions wait."""
    count = len(_waiting())
    return f"{t('Inbox')} ({number(count)})" if count else t("Inbox")


def _waiting() -> list[Asked]:
    """The open questions of their GPTs but those that were deleted."""
    home = workspace()
    is_mine = home.belongings.gpts_of_whoever_acts()
    return [asked for asked in home.questions.open() if home.flows.exists(asked.flow) and is_mine(asked.flow)]


def show() -> None:
    st.title(t("Inbox"), anchor=False)
    names = names_of_gpts()
    waiting = _waiting()
    if not waiting:
        _nothing_waits()
    for asked in waiting:
        _draw_one(asked, names[asked.flow])
    _draw_answered(names)
    _look_again([asked.id for asked in waiting])


def _nothing_waits() -> None:
    with st.container(border=True):
        st.subheader(t("Nothing is waiting for you"), anchor=False)
        st.markdown(
            t(
                "A GPT asks here before it sends something to another computer for the first time, "
                "and at **Approve**, **Ask to choose** and **Ask for details** blocks or blocks that "
                "require approval."
            )
        )
        st.button(t("My GPTs"), icon=":material/apps:", key="inbox_to_home", on_click=lambda: go("home"))


def _draw_one(asked: Asked, name: str) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f"**{plain(name)}** :gray[{ago(asked.asked)}]", width="stretch")
        if workspace().runs.guest_of(asked.conversation).is_private:
            st.badge(t("from the published page"), icon=":material/public:")
        else:
            st.button(
                t("Open"),
                icon=":material/open_in_new:",
                type="tertiary",
                key=f"inbox_open:{asked.id}",
                on_click=lambda: _open(asked),
            )
    draw_question(asked, "inbox")


def _open(asked: Asked) -> None:
    st.session_state[f"conversation:{asked.flow}"] = asked.conversation
    open_gpt(asked.flow)


def _draw_answered(names: dict[str, str]) -> None:
    answered = [asked for asked in workspace().questions.answered(ANSWERED) if asked.flow in names]
    if answered:
        st.subheader(t("Answer"), anchor=False)
    for asked in answered:
        draw_answered(asked)


def _look_again(shown: list[str]) -> None:
    @st.fragment(run_every=LOOK_EVERY)
    def look() -> None:
        if [asked.id for asked in _waiting()] != shown:
            st.rerun()

    look()
