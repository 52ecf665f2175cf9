"""GPTs that another program has asked: their addresses, what each asks, and the key that is shown once."""

from urllib.parse import urlsplit

import streamlit as st

from flowloom.errors import FlowloomError
from flowloom.store.hooks import Hook
from flowloom.ui.formatting import ago
from flowloom.ui.messages import names_of_gpts, plain, show_problem
from flowloom.ui.runs.gpt_choice import choose_gpt
from flowloom.ui.runs.trigger_actions import Trigger, draw_actions
from flowloom.ui.session import t
from flowloom.workspace import workspace

FRESH = "fresh_hook"
"""In the state of a visit: the address that was just made, with its key."""


def draw_hooks() -> None:
    st.caption(
        t(
            "Another program calls an address, and the GPT is asked. Each call is signed with a key (Standard "
            "Webhooks, or as GitHub does); what came once begins no second run."
        )
    )
    names = names_of_gpts()
    _draw_fresh()
    found = [
        hook for hook in workspace().hooks.store.all() if workspace().belongings.gpts_of_whoever_acts()(hook.flow)
    ]
    for hook in found:
        _draw_one(hook, names)
    with st.expander(t("New address"), icon=":material/add:", expanded=not found):
        _draw_new(names)


def _draw_fresh() -> None:
    fresh = st.session_state.get(FRESH)
    if not fresh:
        return
    id, key = fresh
    with st.container(border=True):
        st.success(t("Copy the key now. It isn’t shown again."), icon=":material/key:")
        st.code(_address(id), language=None, wrap_lines=True)
        st.code(key, language=None, wrap_lines=True)
        st.button(t("I have copied it"), key="hook_copied", on_click=lambda: st.session_state.pop(FRESH, None))


def _address(id: str) -> str:
    here = urlsplit(st.context.url or "http://localhost:8501")
    return f"{here.scheme}://{here.netloc}/hooks/{id}"


def _draw_one(hook: Hook, names: dict[str, str]) -> None:
    with st.container(border=True):
        last = t("last called {when}", when=ago(hook.last)) if hook.last else t("never called")
        st.markdown(f"**{plain(names.get(hook.flow, t('a deleted GPT')))}** · {last}")
        st.caption(f"`{_address(hook.id)}`  \n{plain(hook.message[:200])}")
        if hook.problem:
            show_problem(hook.problem)
        hooks = workspace().hooks
        draw_actions(
            Trigger("hook", hook.id, hook.active, hook.run),
            switch=lambda: hooks.store.activate(hook.id, not hook.active),
            delete=lambda: hooks.delete(hook.id),
        )


def _draw_new(names: dict[str, str]) -> None:
    if not names:
        st.info(t("Make a GPT first."))
        return
    flow = choose_gpt(names, "hook_gpt")
    message = st.text_area(
        t("What it is asked"),
        "{{body}}",
        key="hook_message",
        max_chars=20_000,
        help=t("All that is received is {{body}}. Fields of JSON go by their names, such as {{title}}."),
    )
    if st.button(t("Make an address"), icon=":material/add_link:", type="primary", key="hook_add"):
        if not message.strip():
            st.warning(t("Write what it shall be asked."))
            return
        try:
            st.session_state[FRESH] = workspace().hooks.add(flow, message.strip())
        except FlowloomError as error:
            show_problem(error.problem)
            return
        st.rerun()
