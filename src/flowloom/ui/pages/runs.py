"""Runs: everything that ran, of every GPT, and each run as a timeline."""

from typing import Any

import streamlit as st

from flowloom.errors import FlowloomError
from flowloom.store.ledger import RunEntry
from flowloom.ui.dialogs import draw_dialog, open_dialog
from flowloom.ui.messages import names_of_gpts, show_problem
from flowloom.ui.runs.batches import draw_batch, draw_batches, show_batch_problem
from flowloom.ui.runs.compare import draw_compare
from flowloom.ui.runs.hooks import draw_hooks
from flowloom.ui.runs.list import STATES, draw_list, just_ticked, opened
from flowloom.ui.runs.mail_folders import draw_mail_folders
from flowloom.ui.runs.new_batch import draw_new_batch
from flowloom.ui.runs.one import draw_run
from flowloom.ui.runs.schedules import draw_schedules
from flowloom.ui.runs.ticks import draw_ticked, tick, tickable, ticked
from flowloom.ui.session import go, t
from flowloom.workspace import workspace

PAGE = 50
"""Runs shown at first; each "Show more" brings as many."""
LIST = "runs_list"
NOTHING: dict[str, Any] = {"gpt": None, "state": None, "search": ""}


def show() -> None:
    run_id, together = st.query_params.get("run"), st.query_params.get("compare")
    table = st.query_params.get("table")
    if run_id:
        _one(run_id)
    elif table:
        _table(table)
    elif together:
        _compare(together.split(","))
    else:
        _all()


def _one(run_id: str) -> None:
    _way_back()
    try:
        draw_run(run_id)
    except FlowloomError as error:
        show_problem(error.problem)


def _compare(run_ids: list[str]) -> None:
    _way_back()
    try:
        draw_compare(run_ids, _open_one)
    except FlowloomError as error:
        show_problem(error.problem)


def _table(id: str) -> None:
    _way_back()
    try:
        draw_batch(id, names_of_gpts())
    except FlowloomError as error:
        show_problem(error.problem)


def _way_back() -> None:
    # A run that was opened out of a comparison leads back to it.
    title = t("Comparison") if {"run", "compare"} <= {*st.query_params} else t("All runs")
    st.button(title, icon=":material/arrow_back:", key="all_runs", type="tertiary", on_click=_close)


def _open() -> None:
    run_id = opened(LIST)
    if run_id:
        _open_one(run_id)


def _open_one(run_id: str) -> None:
    st.query_params["run"] = run_id


def _close() -> None:
    name = next((name for name in ("run", "compare", "table") if name in st.query_params), "")
    st.query_params.pop(name, None)


def _all() -> None:
    names = names_of_gpts()
    with st.container(horizontal=True, vertical_alignment="center"):
        st.title(t("Runs"), anchor=False, width="stretch")
        if names:
            st.button(
                t("Run a table"),
                icon=":material/table_rows:",
                key="new_batch",
                help=t("Ask a GPT once for each row of a file."),
                on_click=lambda: open_dialog("batch"),
            )
            st.button(
                t("Automatic runs"),
                icon=":material/schedule:",
                key="automatic",
                help=t("Have a GPT asked by the clock, by another program, or by email."),
                on_click=lambda: open_dialog("automatic"),
            )
    draw_dialog("batch", t("Run a table"), draw_new_batch, width="large")
    draw_dialog("automatic", t("Automatic runs"), _automatic, width="large")
    show_batch_problem()
    draw_batches(names)
    wanted = _wanted(names)
    most = st.session_state.setdefault("runs_shown", PAGE)
    found = _found(names, wanted, most)
    if not found and wanted == NOTHING:
        _first_steps(has_gpts=bool(names))
        return
    _filters(names, wanted)
    if not found:
        st.caption(t("Nothing found."))
        return
    draw_ticked()
    draw_list(found[:most], names, LIST, _open, ticked(), lambda: tick(just_ticked(LIST)), tickable())
    if len(found) > most:
        st.button(t("Show more"), icon=":material/expand_more:", key="runs_more", on_click=_show_more)


def _automatic() -> None:
    # The server knows which one is open, so that drawing the window anew leaves it there.
    names = [t("By the clock"), t("By another program"), t("By email")]
    clock, calls, mail = st.tabs(names, key="automatic_runs", on_change="rerun")
    with clock:
        draw_schedules()
    with calls:
        draw_hooks()
    with mail:
        draw_mail_folders()


def _wanted(names: dict[str, str]) -> dict[str, Any]:
    """What the list is narrowed to, kept while one run is looked at; a GPT that went narrows nothing."""
    wanted: dict[str, Any] = st.session_state.setdefault("runs_wanted", dict(NOTHING))
    if wanted["gpt"] not in names:
        wanted["gpt"] = None
    return wanted


def _found(names: dict[str, str], wanted: dict[str, Any], most: int) -> list[RunEntry]:
    """The runs to show, and one more where there are more."""
    flows = [wanted["gpt"]] if wanted["gpt"] else list(names)
    return workspace().ledger.entries(flows, state=wanted["state"], search=wanted["search"], most=most + 1)


def _filters(names: dict[str, str], wanted: dict[str, Any]) -> None:
    search, gpt, state = st.columns([1.6, 1, 1])
    search.text_input(
        t("Search runs"),
        wanted["search"],
        placeholder=t("Search for a word or phrase"),
        icon=":material/search:",
        label_visibility="collapsed",
        key="runs_search",
        on_change=lambda: _want("search", st.session_state["runs_search"].strip()),
    )
    gpts = sorted(names, key=lambda flow_id: names[flow_id].casefold())
    gpt.selectbox(
        t("GPT"),
        gpts,
        index=gpts.index(wanted["gpt"]) if wanted["gpt"] else None,
        format_func=lambda flow_id: names.get(flow_id, ""),
        placeholder=t("All GPTs"),
        label_visibility="collapsed",
        key="runs_gpt",
        on_change=lambda: _want("gpt", st.session_state["runs_gpt"]),
    )
    state.selectbox(
        t("Status"),
        list(STATES),
        index=list(STATES).index(wanted["state"]) if wanted["state"] else None,
        format_func=lambda name: t(STATES[name]),
        placeholder=t("All statuses"),
        label_visibility="collapsed",
        key="runs_state",
        on_change=lambda: _want("state", st.session_state["runs_state"]),
    )


def _want(what: str, value: Any) -> None:
    st.session_state["runs_wanted"][what] = value
    st.session_state["runs_shown"] = PAGE


def _show_more() -> None:
    st.session_state["runs_shown"] += PAGE


def _first_steps(has_gpts: bool) -> None:
    with st.container(border=True):
        st.subheader(t("No runs yet"), anchor=False)
        st.markdown(
            "\n".join(
                (
                    "1. " + t("Open a GPT, or create one from a template."),
                    "2. " + t("Send it a message in the chat. Each message is one run."),
                    "3. "
                    + t("Come back to see which blocks ran, how long they took, and their inputs and outputs."),
                )
            )
        )
        title = t("Choose a GPT") if has_gpts else t("Create a GPT")
        st.button(title, icon=":material/apps:", type="primary", key="runs_to_home", on_click=lambda: go("home"))
