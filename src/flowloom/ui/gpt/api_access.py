"""How programs use a published GPT: their keys, each shown once, and code to paste."""

import time
from typing import get_args

import streamlit as st

from flowloom.api_keys import Limits
from flowloom.errors import FlowloomError
from flowloom.store.api_keys import ApiKey, Scope
from flowloom.ui.edits import attempt
from flowloom.ui.formatting import ago, moment_of
from flowloom.ui.gpt.api_examples import draw_examples
from flowloom.ui.messages import plain, show_problem
from flowloom.ui.session import t
from flowloom.workspace import workspace

DAY = 86_400
SCOPES: dict[Scope, str] = {
    "chat": "Ask and get answers",
    "runs": "Start long runs and fetch them later",
    "mcp": "Use it as a tool of other assistants",
}
LASTS: dict[int, str] = {0: "No end", 30: "30 days", 90: "90 days", 365: "1 year"}
"""How many days a key may be good for."""
A_MINUTE = 60
"""Requests a minute that are offered."""


def draw_api_access(flow_id: str, slug: str) -> None:
    """The keys of a GPT, a way to make one, and how programs ask it under its name in the address."""
    st.markdown(
        t(
            "Programs can ask this GPT the way they ask a model of OpenAI. Each needs a key, which says what it "
            "may do and how much."
        )
    )
    st.caption(
        t(
            "An assistant that speaks MCP often needs no key: give it the address under MCP, and you are asked "
            "when it connects."
        )
    )
    _draw_new_key(flow_id)
    for key in workspace().api_keys.of(flow_id):
        _draw_key(key)
    with st.expander(t("Make a key"), icon=":material/key:", key=f"api_key_form:{flow_id}"):
        _draw_form(flow_id)
    draw_examples(slug)


def _draw_new_key(flow_id: str) -> None:
    plain_key = st.session_state.get(_place(flow_id))
    if not plain_key:
        return
    with st.container(border=True):
        st.markdown(f"**{t('Your new key')}**")
        st.code(plain_key, language=None, wrap_lines=True)
        st.warning(
            t("It is shown only now. Copy it and keep it like a password."), icon=":material/visibility_off:"
        )
        st.button(
            t("I copied it"),
            key="api_key_copied",
            on_click=lambda: st.session_state.pop(_place(flow_id), None),
        )


def _place(flow_id: str) -> str:
    return f"new_api_key:{flow_id}"


def _draw_key(key: ApiKey) -> None:
    with st.container(border=True, horizontal=True, vertical_alignment="center"):
        st.markdown(_told(key), width="stretch")
        connected = bool(key.facts.assistant)
        with st.popover(t("Disconnect") if connected else t("Revoke"), icon=":material/block:"):
            st.markdown(
                t("It gets no more answers, at once. Whoever connected it can do so again.")
                if connected
                else t("Programs with this key get no more answers, at once and for good.")
            )
            st.button(
                t("Disconnect it") if connected else t("Revoke it"),
                type="primary",
                key=f"api_key_revoke:{key.id}",
                on_click=lambda: attempt(lambda: workspace().api_keys.revoke(key.id)),
            )


def _told(key: ApiKey) -> str:
    """A key in two lines: its name and ending; when it was used, until when it is good, and what it may."""
    used = t("last used {when}", when=ago(key.used)) if key.used is not None else t("never used")
    scope = [] if key.flow else [t("for all published GPTs")]
    end = key.facts.expires
    lasts = [t("until {when}", when=moment_of(end))] if end is not None else []
    if end is not None and end <= time.time():
        lasts = [t("expired")]
    facts = " · ".join([used, *scope, *lasts, *_limits(key)])
    if key.facts.assistant:
        by = [t("connected by {name}", name=plain(key.facts.by))] if key.facts.by else [t("connected by you")]
        return f"**{plain(key.facts.assistant)}**  \n:gray[{' · '.join([*by, used])}]"
    return f"**{plain(key.facts.name)}** `fl_…{key.facts.ending}`  \n:gray[{facts}]"


def _limits(key: ApiKey) -> list[str]:
    found, facts = [], key.facts
    if facts.requests_a_minute is not None:
        found.append(t("{most} requests a minute", most=facts.requests_a_minute))
    if facts.runs_a_day is not None:
        found.append(t("{most} runs a day", most=facts.runs_a_day))
    if facts.money_a_month is not None:
        spent = f"{workspace().api_keys.spent(key.id):.2f}"
        found.append(t("\\${spent} of \\${limit} this month", spent=spent, limit=f"{facts.money_a_month:g}"))
    return found


def _draw_form(flow_id: str) -> None:
    name = st.text_input(t("What is it for?"), max_chars=80, key="api_key_name", placeholder=t("School website"))
    scopes = st.multiselect(
        t("What it may do"),
        list(get_args(Scope)),
        list(get_args(Scope)),
        format_func=lambda each: t(SCOPES[each]),
        key="api_key_scopes",
    )
    every = st.checkbox(t("It opens all my published GPTs"), key="api_key_every")
    days = st.selectbox(
        t("How long it is good for"), list(LASTS), format_func=lambda each: t(LASTS[each]), key="api_key_days"
    )
    with st.container(horizontal=True):
        limits = Limits(
            st.number_input(t("Requests a minute"), 1, None, A_MINUTE, key="api_key_minute"),
            st.number_input(t("Runs a day"), 1, None, None, key="api_key_day", placeholder=t("no limit")),
            st.number_input(
                t("US dollars a month"), 0.01, None, None, key="api_key_money", placeholder=t("no limit")
            ),
        )
    if st.button(t("Make this key"), type="primary", key="api_key_make"):
        _make(flow_id, name, "" if every else flow_id, tuple(scopes), days, limits)


def _make(flow_id: str, name: str, flow: str, scopes: tuple[Scope, ...], days: int, limits: Limits) -> None:
    if not name.strip():
        st.warning(t("Say what the key is for, so that you know later which one to revoke."))
        return
    expires = time.time() + days * DAY if days else None
    try:
        _, plain_key = workspace().api_keys.make(name, flow, scopes, expires, limits)
    except FlowloomError as error:
        show_problem(error.problem)
        return
    st.session_state[_place(flow_id)] = plain_key
    st.rerun()
