"""One dataset: its rows, its versions, and changing it."""

from typing import Any

import streamlit as st

from flowloom.errors import FlowloomError
from flowloom.evaluation.rows import added, rows_typed, tidied
from flowloom.flow.model import Flow
from flowloom.store.datasets import DataRow, Dataset, Rows
from flowloom.ui.acting import require_mine
from flowloom.ui.edits import attempt
from flowloom.ui.evaluate.words import counted_rows, facts_of_rows
from flowloom.ui.formatting import ago, number
from flowloom.ui.messages import plain
from flowloom.ui.session import t
from flowloom.workspace import workspace

BESIDE = {"good", "answered", "written_by", "source", "quote", "files"}
"""What stays with a row as long as it asks the same."""
SHOWN = 500
"""Rows that are shown and can be changed on the page."""


def draw_dataset(id: str, flow: Flow) -> None:
    """Raises StoreError where there is none."""
    dataset = workspace().datasets.get(id)
    require_mine(dataset.flow)
    rows = workspace().datasets.rows(id)
    st.title(plain(dataset.name), anchor=False)
    held = sum(row.held_out for row in rows.rows)
    facts = [
        counted_rows(len(rows.rows)),
        t("{count} held out", count=number(held)),
        t("version {number}", number=dataset.number),
    ]
    st.caption(" · ".join([*facts, f"`{rows.message[:200]}`"]))
    _draw_rows(dataset, rows)
    _draw_more(dataset, rows)
    _draw_versions(dataset)
    st.button(
        t("Delete dataset"), icon=":material/delete:", type="tertiary", key="dataset_delete",
        on_click=_delete, args=(id,),
    )  # fmt: skip


def _draw_rows(dataset: Dataset, rows: Rows) -> None:
    key = f"rows:{dataset.id}:{dataset.number}"
    table = [
        {**row.given, t("Expected"): row.expected, t("Held out"): row.held_out, **facts}
        for row, facts in zip(rows.rows[:SHOWN], facts_of_rows(rows.rows[:SHOWN]), strict=True)
    ]
    changed = st.data_editor(
        table,
        num_rows="dynamic" if len(rows.rows) <= SHOWN else "fixed",
        disabled=[t("Files"), t("Written by"), t("From passage")],
        width="stretch",
        key=key,
    )
    if len(rows.rows) > SHOWN:
        st.caption(t("The first {count} rows of {total}.", count=SHOWN, total=number(len(rows.rows))))
    if changed != table:
        st.button(
            t("Save as version {number}", number=dataset.number + 1),
            icon=":material/save:",
            type="primary",
            key="rows_save",
            on_click=lambda: attempt(lambda: _save(dataset, rows, changed)),
        )


def _save(dataset: Dataset, before: Rows, table: list[dict[str, Any]]) -> None:
    rows = [_row(before, line, number) for number, line in enumerate(table)]
    made = tidied(before.titles, before.message, (*rows, *before.rows[SHOWN:]), hold_out=False)
    workspace().datasets.add_version(dataset.id, made.rows)


def _row(before: Rows, line: dict[str, Any], number: int) -> DataRow:
    given = {title: str(line.get(title) or "") for title in before.titles}
    old = before.rows[number] if number < len(before.rows) and before.rows[number].given == given else None
    old = old or next((row for row in before.rows if row.given == given), None)
    kept = old.model_dump(include=BESIDE) if old else {}
    expected, held = str(line.get(t("Expected")) or ""), bool(line.get(t("Held out")))
    return DataRow.model_validate({"id": "", "given": given, "expected": expected, "held_out": held, **kept})


def _draw_more(dataset: Dataset, rows: Rows) -> None:
    if rows.message != "{{question}}":
        return
    with st.expander(t("Add rows"), icon=":material/add:"):
        text = st.text_area(
            t("One question per line"),
            key=f"more:{dataset.number}",
            help=t("Write => and the expected answer behind a question, where you expect one."),
        )
        st.button(
            t("Add"),
            key="rows_add",
            disabled=not text.strip(),
            on_click=lambda: attempt(lambda: _add(dataset, rows, text)),
        )


def _add(dataset: Dataset, rows: Rows, text: str) -> None:
    made = added(rows, rows_typed(text).rows.rows)
    workspace().datasets.add_version(dataset.id, made.rows)


def _draw_versions(dataset: Dataset) -> None:
    versions = workspace().datasets.versions(dataset.id)
    if len(versions) < 2:
        return
    with st.expander(t("Versions ({count})", count=len(versions)), icon=":material/history:"):
        for version in versions:
            with st.container(horizontal=True, vertical_alignment="center"):
                said = t("version {number}", number=version.number)
                st.markdown(f"{said} :gray[{counted_rows(version.amount)} · {ago(version.at)}]", width="stretch")
                if version.number != dataset.number:
                    st.button(
                        t("Restore"),
                        key=f"version:{version.number}",
                        on_click=_restore,
                        args=(dataset.id, version.number),
                    )


def _restore(id: str, number: int) -> None:
    store = workspace().datasets
    attempt(lambda: store.add_version(id, store.rows(id, number)))


def _delete(id: str) -> None:
    try:
        workspace().datasets.delete(id)
    except FlowloomError as error:
        st.session_state["evaluate_problem"] = error.problem
        return
    st.query_params.pop("dataset", None)
