"""Insights: a table of GPTs, brought or one's own store, seen from many sides."""

import csv
import io
from collections import OrderedDict
from collections.abc import Callable
from datetime import date
from typing import Any

import streamlit as st

from flowloom.errors import FlowloomError
from flowloom.insights.answer import Answer
from flowloom.insights.columns import SAID
from flowloom.insights.questions import QUESTIONS, Question
from flowloom.insights.selection import Selection
from flowloom.insights.table import ENDINGS, Loaded, Table
from flowloom.services.formats.csv_cells import as_cell
from flowloom.ui.drop_zone import draw_drop_zone, forget_files
from flowloom.ui.formatting import number
from flowloom.ui.messages import plain, show_problem
from flowloom.ui.session import t
from flowloom.ui.store.drawing import chart
from flowloom.workspace import workspace

KEPT = 2
"""Tables that stay in memory, of all windows."""
ROWS = 500
"""Rows of a table that are drawn; all of them are in the file."""
_tables: OrderedDict[str, Table] = OrderedDict()


def draw_insights() -> None:
    st.caption(t("Load a table of GPTs, or look at this store: who makes what, how it grows, what is copied."))
    _draw_loading()
    table = _tables.get(st.session_state.get("insights_table", ""))
    if table is None:
        return
    _draw_loaded(table.loaded)
    selection = _draw_filter(table)
    titles = {question.id: question for question in QUESTIONS}
    chosen = st.pills(
        t("Question"), list(titles), default="categories", format_func=lambda id: t(titles[id].title),
        key="insights_question", label_visibility="collapsed",
    )  # fmt: skip
    if chosen:
        _draw_question(titles[chosen], table, selection)


def _draw_loading() -> None:
    if dropped := draw_drop_zone("insights", [*ENDINGS, "gz"]):
        last = dropped[-1]
        with st.spinner(t("Reading {file}…", file=plain(last.name))):
            _load(lambda table: table.load_file(last.path, last.name))
        forget_files("insights")
        st.rerun()  # without the file in the list
    st.button(
        t("Look at this store"),
        icon=":material/storefront:",
        key="insights_own",
        on_click=lambda: _load(lambda table: table.load_rows(workspace().gallery.as_rows())),
    )
    if problem := st.session_state.pop("insights_problem", None):
        show_problem(problem)


def _load(fill: Callable[[Table], Loaded]) -> None:
    table = None
    try:
        table = Table()
        fill(table)
    except FlowloomError as error:
        if table:
            table.close()
        st.session_state["insights_problem"] = error.problem
        return
    name = f"{id(table)}"
    _tables[name] = table
    while len(_tables) > KEPT:
        _tables.popitem(last=False)[1].close()
    st.session_state["insights_table"] = name
    st.session_state.pop("insights_answers", None)


def _draw_loaded(loaded: Loaded) -> None:
    said = [t("{count} GPTs", count=number(loaded.rows))]
    if loaded.broken:
        said.append(t("{count} rows couldn’t be read and are left out", count=number(loaded.broken)))
    if loaded.lacking:
        said.append(t("without {columns}", columns=", ".join(t(each) for each in loaded.lacking)))
    st.markdown(" · ".join(said))


def _draw_filter(table: Table) -> Selection:
    with st.expander(t("Filter"), icon=":material/filter_alt:"):
        categories = st.multiselect(t("Category"), _values(table, "category"), key="insights_category")
        languages = st.multiselect(t("Language"), _values(table, "language"), key="insights_language")
        since, until, least = st.columns(3)
        begin: date | None = since.date_input(t("From"), None, key="insights_since")
        end: date | None = until.date_input(t("Until"), None, key="insights_until")
        count = least.number_input(t("At least so many conversations"), 0, value=0, key="insights_least")
    return Selection(tuple(categories), tuple(languages), begin, end, int(count))


def _values(table: Table, column: str) -> list[str]:
    rows = table.ask(f"SELECT {column} FROM gpts WHERE {column} <> '' GROUP BY 1 ORDER BY count(*) DESC LIMIT 50")
    return [name for (name,) in rows]


def _draw_question(question: Question, table: Table, selection: Selection) -> None:
    st.subheader(t(question.title), anchor=False)
    lacking = [SAID[need] for need in question.needs if SAID[need] in table.loaded.lacking]
    if lacking:
        st.info(t("This table lacks what this needs: {columns}.", columns=", ".join(map(t, lacking))))
        return
    try:
        answer = _answer(question, table, selection)
    except FlowloomError as error:
        show_problem(error.problem)
        return
    if answer.figures:
        for column, (name, figure) in zip(st.columns(len(answer.figures)), answer.figures.items(), strict=True):
            column.metric(t(name), figure_of(figure))
    if not answer.rows:
        st.markdown(t("Nothing found."))
        return
    drawn = chart(question, answer, t)
    if drawn is not None:
        st.altair_chart(drawn, width="stretch")
    st.caption(t("How it is computed: {how}", how=t(question.explained)))
    _draw_table(question, answer)


def _answer(question: Question, table: Table, selection: Selection) -> Answer:
    """Kept while the window shows this table: each change of the page asks again."""
    kept: dict[Any, Answer] = st.session_state.setdefault("insights_answers", {})
    key = (question.id, selection)
    if key not in kept:
        with st.spinner(t("Counting…")):
            kept[key] = question.ask(table, selection)
    return kept[key]


def figure_of(figure: float) -> str:
    """A whole number as one, others with what matters of them."""
    return number(int(figure)) if figure == int(figure) and abs(figure) >= 2 else f"{figure:.4g}"


def _draw_table(question: Question, answer: Answer) -> None:
    with st.expander(t("Table"), icon=":material/table:", expanded=question.mark == "table"):
        rows = answer.rows[:ROWS]
        columns = {t(name): [row[at] for row in rows] for at, name in enumerate(answer.columns)}
        st.dataframe(columns, hide_index=True)
        st.download_button(
            t("Download as CSV"), as_csv(answer, t), f"{question.id}.csv", "text/csv", icon=":material/download:",
            key=f"insights_csv:{question.id}",
        )  # fmt: skip


def as_csv(answer: Answer, say: Callable[[str], str]) -> bytes:
    """All rows, with what a spreadsheet would take for a formula made text."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([say(name) for name in answer.columns])
    writer.writerows([as_cell(value) for value in row] for row in answer.rows)
    return out.getvalue().encode("utf-8-sig")
