"""Putting a table through a GPT: the file, what each row asks, and what it may cost, before anything runs."""

from typing import Any

import streamlit as st

from flowloom.batches import MOST_AT_ONCE
from flowloom.errors import FlowloomError
from flowloom.flow.model import Flow
from flowloom.nodes.templates import fill
from flowloom.run.planning.forecast import Forecast
from flowloom.runner import require_runnable
from flowloom.services.formats.row_files import ENDINGS, LARGEST, Rows, read_rows
from flowloom.ui.dialogs import close_dialog
from flowloom.ui.formatting import count_of, money, number
from flowloom.ui.messages import names_of_gpts, plain, show_problem
from flowloom.ui.runs.gpt_choice import choose_gpt
from flowloom.ui.session import t
from flowloom.workspace import workspace

USUAL = ("message", "question", "text", "prompt", "input", "消息", "问题", "文本", "texte")
"""Names of the column that a row asks by itself."""
SHOWN = 3
"""Rows of which one sees what they ask."""


def draw_new_batch() -> None:
    names = names_of_gpts()
    chosen = choose_gpt(names, "batch_gpt")
    file = st.file_uploader(
        t("Table"),
        type=list(ENDINGS),
        key="batch_file",
        max_upload_size=LARGEST >> 20,
        help=t("CSV, XLSX or JSONL. The first line names the columns; each line below it is a row."),
    )
    if file is None:
        return
    try:
        flow, rows = workspace().flows.load(chosen), read_rows(file.name, file.getvalue())
        forecast = workspace().forecast(flow)
        require_runnable(flow)
    except FlowloomError as error:
        show_problem(error.problem)
        return
    _draw_choices(flow, rows, file.name, file.file_id, forecast)


def _draw_choices(flow: Flow, rows: Rows, name: str, key: str, forecast: Forecast) -> None:
    st.caption(
        t(
            "{rows} rows with the columns: {columns}",
            rows=number(len(rows.rows)),
            columns=plain(", ".join(rows.titles)),
        )
    )
    message = st.text_area(
        t("What each row asks"),
        _usual(rows),
        key=f"batch_message:{key}",
        help=t("Write a column in double braces, such as {{name}}, to put its value there."),
    )
    try:
        asked = [fill(message, row).strip() for row in rows.rows[:SHOWN]]
    except FlowloomError as error:
        show_problem(error.problem)
        return
    st.markdown("\n".join(f"{place}. {plain(text[:200])}" for place, text in enumerate(asked, 1)))
    at_once = st.slider(t("Rows at the same time"), 1, MOST_AT_ONCE, 2, key="batch_at_once")
    st.info(_cost(flow, forecast, len(rows.rows)), icon=":material/payments:")
    if not all(asked):
        st.warning(t("Some rows ask nothing. Choose a column that is filled in."))
        return
    st.button(
        t("Start"),
        icon=":material/play_arrow:",
        type="primary",
        key="batch_start",
        width="stretch",
        on_click=_start,
        args=(flow, name, rows, message, at_once),
    )


def _usual(rows: Rows) -> str:
    named = next((title for title in rows.titles if title.casefold() in USUAL), rows.titles[0])
    return f"{{{{{named}}}}}"


def _cost(flow: Flow, found: Forecast, rows: int) -> str:
    """What all rows together may take, as far as that is known."""
    calls = count_of("call", found.most * rows)
    usual = workspace().ledger.usual_cost(flow.id)
    if not found.most:
        return t("No model is asked, so this costs nothing.")
    if found.cost == 0:
        return t("Up to {calls}, all of them free.", calls=calls)
    parts = [t("Up to {calls}.", calls=calls)]
    if found.cost is not None:
        parts.append(t("At most {cost}.", cost=money(found.cost * rows)))
    if usual:
        parts.append(t("Usually about {cost}.", cost=money(usual * rows)))
    if found.cost is None and not usual:
        parts.append(t("What that costs is unknown, as the price of a model is."))
    return plain(" ".join(parts))


def _start(flow: Flow, name: str, rows: Rows, message: str, at_once: int) -> None:
    home: Any = workspace()
    try:
        id = home.batches.store.create(flow, name, rows.titles, rows.rows, message, at_once)
        home.batches.resume(id)
    except FlowloomError as error:
        st.session_state["batch_problem"] = error.problem
        return
    close_dialog()
    st.query_params["table"] = id
