"""The chats that are kept as tests: replaying them all, and what is other than then, in words."""

import streamlit as st

from flowloom.evaluation.cassettes import Replayed
from flowloom.flow.model import Flow
from flowloom.store.cassettes import KeptCassette
from flowloom.ui.edits import attempt
from flowloom.ui.formatting import ago
from flowloom.ui.messages import plain
from flowloom.ui.session import language, t
from flowloom.workspace import workspace

OUTCOMES = {
    "same": (":green-badge", "check", "As before"),
    "different": (":red-badge", "difference", "Different"),
    "stale": (":orange-badge", "help", "Can’t tell"),
}


def draw_tests(flow: Flow) -> None:
    tests = workspace().cassettes.all(flow.id)
    key = f"tested:{flow.id}"
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.subheader(t("Kept chats"), anchor=False)
        if tests:
            st.button(
                t("Run tests"),
                icon=":material/fact_check:",
                key="run_tests",
                help=t("Replays every kept chat with what models and tools answered then. It costs nothing."),
                on_click=lambda: attempt(lambda: _run(flow, key)),
            )
    if not tests:
        st.caption(t("Under Conversations beside the chat, keep a chat as a test. It then runs without a model."))
    replayed: dict[str, Replayed] = st.session_state.get(key, {})
    for test in tests:
        _draw_test(test, replayed.get(test.id), key)


def _run(flow: Flow, key: str) -> None:
    st.session_state[key] = workspace().run_tests(flow)


def _draw_test(test: KeptCassette, replayed: Replayed | None, key: str) -> None:
    with st.container(border=True, gap="small", key=f"kept:{test.id}"):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(f"**{plain(test.name)}**  \n:gray[{ago(test.made)}]", width="stretch")
            if replayed:
                badge, icon, said = OUTCOMES[replayed.outcome]
                st.markdown(f"{badge}[:material/{icon}: {t(said)}]", width="content")
            st.button(
                t("Delete"),
                icon=":material/delete:",
                type="tertiary",
                key=f"forget_test:{test.id}",
                on_click=lambda: attempt(lambda: workspace().cassettes.delete(test.id)),
            )
        if replayed:
            _draw_differences(replayed)


def _draw_differences(replayed: Replayed) -> None:
    for difference in (*replayed.differences, *replayed.stale):
        st.markdown(f"- {plain(str(difference.describe(language())))}")
    if replayed.stale:
        st.caption(
            t("The recorded answers may no longer be what would be said. Ask again in the chat and keep that one.")
        )
