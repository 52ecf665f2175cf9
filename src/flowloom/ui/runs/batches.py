"""Tables that go through GPTs: how far each is, what came of its rows, and the file of results."""

from collections.abc import Iterator
from functools import partial
from typing import Any

import streamlit as st

from flowloom.services.formats.row_files import Form, write_rows
from flowloom.store.batches import Batch, Row, RowState
from flowloom.ui.acting import require_mine
from flowloom.ui.download import file_stem
from flowloom.ui.edits import attempt
from flowloom.ui.formatting import ago, money, number
from flowloom.ui.messages import plain, show_problem
from flowloom.ui.session import language, t
from flowloom.workspace import workspace

LISTED, SHOWN = 6, 200
"""Tables in the list, and rows of one that are shown; the file holds all of them."""
LOOK_EVERY = 1.0
STATES: dict[RowState, str] = {
    "waiting": "waiting",
    "running": "running",
    "asking": "waiting for a person",
    "done": "done",
    "failed": "failed",
}
FORMS: dict[Form, tuple[str, str]] = {
    "xlsx": ("Excel (XLSX)", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    "csv": ("CSV", "text/csv"),
    "jsonl": ("JSON lines", "application/jsonl"),
}


def draw_batches(names: dict[str, str]) -> None:
    """The latest tables, each with how far it is; nothing where there is none."""
    is_mine = workspace().belongings.gpts_of_whoever_acts()
    found = [batch for batch in workspace().batches.store.all(LISTED) if is_mine(batch.flow)]
    if not found:
        return
    with st.expander(t("Tables ({count})", count=len(found)), icon=":material/table_rows:"):
        for batch in found:
            with st.container(horizontal=True, vertical_alignment="center"):
                counts = workspace().batches.store.counts(batch.id)
                gpt = plain(names.get(batch.flow, t("a deleted GPT")))
                st.markdown(f"**{plain(batch.name)}** · {gpt}  \n:gray[{_counted(counts)} · {ago(batch.begun)}]")
                st.button(t("Open"), key=f"open_batch:{batch.id}", on_click=_open, args=(batch.id,))


def _open(id: str) -> None:
    st.query_params["table"] = id


def draw_batch(id: str, names: dict[str, str]) -> None:
    """One table. Raises StoreError where there is none."""
    batch = workspace().batches.store.get(id)
    require_mine(batch.flow)
    st.title(plain(batch.name), anchor=False)
    st.caption(f"{plain(names.get(batch.flow, t('a deleted GPT')))} · {ago(batch.begun)} · `{batch.message[:200]}`")
    is_going = workspace().batches.is_going(id)
    st.fragment(_progress, run_every=LOOK_EVERY if is_going else None)(batch, is_going)
    rows = workspace().batches.store.rows(id, SHOWN)
    _draw_rows(batch, rows)
    _draw_files(batch)


def _progress(batch: Batch, drawn_going: bool) -> None:
    batches = workspace().batches
    is_going, counts = batches.is_going(batch.id), batches.store.counts(batch.id)
    if is_going != drawn_going:
        st.rerun()
    total = sum(counts.values())
    over = counts.get("done", 0) + counts.get("failed", 0)
    st.progress(over / total if total else 1.0, text=_counted(counts))
    cost = batches.store.cost(batch.id)
    if cost:
        st.caption(t("Cost so far: {cost}", cost=plain(money(cost))))
    with st.container(horizontal=True):
        _buttons(batch, counts, is_going=is_going)


def _buttons(batch: Batch, counts: dict[RowState, int], *, is_going: bool) -> None:
    batches = workspace().batches
    left = counts.get("waiting", 0) + counts.get("running", 0)
    if is_going and batches.store.get(batch.id).going:
        st.button(
            t("Stop"),
            icon=":material/stop:",
            key="batch_stop",
            on_click=lambda: attempt(lambda: batches.stop(batch.id)),
        )
    elif left and not is_going:
        st.button(
            t("Continue"),
            icon=":material/play_arrow:",
            key="batch_go",
            type="primary",
            on_click=lambda: attempt(lambda: batches.resume(batch.id)),
        )
    elif is_going:
        st.caption(t("Stopping: the rows under way come to their end."), width="content")
    if counts.get("failed") and not is_going:
        st.button(
            t("Try failed rows again"),
            icon=":material/refresh:",
            key="batch_again",
            on_click=lambda: attempt(lambda: batches.try_again(batch.id)),
        )
    if not is_going:
        st.button(
            t("Delete"),
            icon=":material/delete:",
            key="batch_delete",
            type="tertiary",
            on_click=_delete,
            args=(batch.id,),
        )


def _delete(id: str) -> None:
    attempt(lambda: workspace().batches.delete(id))
    st.query_params.pop("table", None)


def _counted(counts: dict[RowState, int]) -> str:
    """30 done · 2 failed · 8 waiting."""
    return " · ".join(f"{number(counts[state])} {t(label)}" for state, label in STATES.items() if counts.get(state))


def _draw_rows(batch: Batch, rows: list[Row]) -> None:
    shown = [_line(row, list(batch.titles), short=True) for row in rows]
    empty = [name for name in (t("Problem"), t("Cost in $")) if not any(line[name] for line in shown)]
    st.dataframe(
        [{name: value for name, value in line.items() if name not in empty} for line in shown],
        hide_index=True,
        width="stretch",
        column_config={t("Answer"): st.column_config.TextColumn(width="large")},
    )
    total = sum(workspace().batches.store.counts(batch.id).values())
    if total > len(rows):
        st.caption(t("The first {count} rows. The file holds all {total}.", count=len(rows), total=number(total)))


def _line(row: Row, titles: list[str], *, short: bool = False) -> dict[str, Any]:
    problem = str(row.problem.describe(language())) if row.problem else ""
    given = {title: row.given.get(title, "")[: 300 if short else None] for title in titles}
    return {
        **given,
        t("Answer"): row.answer[: 2_000 if short else None],
        t("Status"): t(STATES[row.state]),
        t("Problem"): problem,
        t("Seconds"): None if row.seconds is None else round(row.seconds, 2),
        t("Cost in $"): row.cost,
    }


def _draw_files(batch: Batch) -> None:
    with st.container(horizontal=True):
        for form, (label, kind) in FORMS.items():
            st.download_button(
                t("Results as {form}", form=t(label)),
                partial(_file, batch, form),
                f"{file_stem(batch.name.rpartition('.')[0] or batch.name)}-results.{form}",
                kind,
                icon=":material/download:",
                key=f"batch_file:{form}",
                on_click="ignore",
            )


def _file(batch: Batch, form: Form) -> bytes:
    lines: Iterator[dict[str, Any]] = (
        _line(row, list(batch.titles)) for row in workspace().batches.store.rows(batch.id)
    )
    empty = Row(0, {}, "waiting", "", "", None, None, None)
    return write_rows(form, list(_line(empty, list(batch.titles))), lines)


def show_batch_problem() -> None:
    """Why a table could not begin."""
    problem = st.session_state.pop("batch_problem", None)
    if problem:
        show_problem(problem)
