"""Making a dataset: from a table, chats, documents, or by hand, with what was tidied told before it is kept."""

import streamlit as st

from flowloom.errors import FlowloomError
from flowloom.evaluation.attached_files import MOST_BYTES, table_of
from flowloom.evaluation.brought_files import kept
from flowloom.evaluation.evaluators.all import EVALUATORS
from flowloom.evaluation.foreign_rows import ENDINGS as FOREIGN
from flowloom.evaluation.foreign_rows import EXPECTED, Foreign, read_foreign
from flowloom.evaluation.rows import (
    ASKS,
    EXPECTS,
    Made,
    rows_of_chats,
    rows_of_table,
    rows_typed,
    usual_column,
)
from flowloom.flow.model import Flow
from flowloom.services.formats.row_files import ENDINGS, Rows, read_rows
from flowloom.ui.dialogs import close_dialog
from flowloom.ui.evaluate.from_documents import DRAFTS, draw_from_documents
from flowloom.ui.evaluate.row_files import KEPT, draw_row_files
from flowloom.ui.evaluate.words import asked_of, counted_rows, facts_of_rows
from flowloom.ui.formatting import number
from flowloom.ui.messages import plain, show_problem
from flowloom.ui.session import language, t
from flowloom.workspace import workspace

WAYS = {"file": "From a file", "chats": "From chats", "documents": "From documents", "typed": "By hand"}
SHOWN = 5
FILES = "dataset_brought"


def draw_new_dataset(flow: Flow) -> None:
    way = st.segmented_control(
        t("Where rows come from"),
        list(WAYS),
        default="file",
        required=True,
        format_func=lambda way: t(WAYS[way]),
        key="dataset_way",
        label_visibility="collapsed",
    )
    try:
        found = MAKERS[way or "file"](flow)
    except FlowloomError as error:
        show_problem(error.problem)
        return
    if found:
        _draw_made(flow, *found)


def _from_file(flow: Flow) -> tuple[str, Made] | None:
    file = st.file_uploader(
        t("Table"),
        type=[*ENDINGS, *FOREIGN, "zip"],
        key="dataset_file",
        max_upload_size=MOST_BYTES // 1_000_000,
        help=t(
            "CSV, XLSX or JSONL, a ZIP file with a table and its files, or a dataset of OpenAI Evals, promptfoo, "
            "LangSmith or Langfuse."
        ),
    )
    if file is None:
        return None
    name, data, inside = table_of(file.name, file.getvalue())
    foreign = read_foreign(name, data)
    if foreign:
        _draw_foreign(foreign)
        table, message, usual = Rows(foreign.titles, foreign.rows), foreign.message, EXPECTED
    else:
        table = read_rows(name, data)
        message = f"{{{{{usual_column(table.titles, ASKS) or table.titles[0]}}}}}"
        usual = usual_column(table.titles, EXPECTS)
    message, expected = _columns(table, file.file_id, message, usual)
    brings = draw_row_files(table, inside, file.file_id)
    st.session_state[FILES] = brings.data
    made = rows_of_table(table.titles, table.rows, message, expected, files=brings.of)
    if foreign:
        made = made._replace(rows=made.rows.model_copy(update={"measures": foreign.measures}))
    return name.rpartition(".")[0] or name, made


def _draw_foreign(foreign: Foreign) -> None:
    """What came across of a dataset of another tool, and what has to be done by hand."""
    measures = ", ".join(t(EVALUATORS[each.id].title) for each in foreign.measures)
    said = t("A dataset of {origin}.", origin=foreign.origin)
    st.markdown(f"{said} {plain(t('It measures: {measures}', measures=measures)) if measures else ''}")
    for remark in foreign.remarks:
        st.caption(":material/warning: " + plain(str(remark.describe(language()))))


def _columns(table: Rows, key: str, asks: str, usual: str) -> tuple[str, str]:
    """What each row asks, and the column of what is expected."""
    message = st.text_area(
        t("What each row asks"),
        asks,
        key=f"dataset_message:{key}",
        height=80,
        help=t("Write a column in double braces, such as {{name}}, to put its value there."),
    )
    options = ["", *table.titles]
    expected = st.selectbox(
        t("Column with the expected answer"),
        options,
        index=options.index(usual) if usual in options and asks != f"{{{{{usual}}}}}" else 0,
        format_func=lambda title: title or t("None"),
        key=f"dataset_expected:{key}",
    )
    return message, expected or ""


def _from_chats(flow: Flow) -> tuple[str, Made] | None:
    st.caption(t("From your own chats with this GPT. What visitors say stays theirs."))
    only_rated = st.toggle(t("Only answers with a thumb"), True, key="dataset_rated")
    made = rows_of_chats(workspace().runs, flow.id, only_rated=only_rated)
    if not made.rows.rows:
        st.info(t("No such chats yet. Rate some answers with a thumb, or use all chats."))
        return None
    return t("Chats"), made


def _typed(flow: Flow) -> tuple[str, Made] | None:
    text = st.text_area(
        t("One question per line"),
        key="dataset_typed",
        height=200,
        help=t("Write => and the expected answer behind a question, where you expect one."),
        placeholder=t("What is the capital of France? => Paris"),
    )
    return (t("By hand"), rows_typed(text)) if text.strip() else None


def _draw_made(flow: Flow, name: str, made: Made) -> None:
    rows = made.rows.rows
    if not rows:
        st.warning(t("Some rows ask nothing. Choose a column that is filled in."))
        return
    held = sum(row.held_out for row in rows)
    st.markdown(f"**{counted_rows(len(rows))}** · " + plain(" · ".join(_tidied(made))))
    if held:
        st.caption(
            t(
                "{held} of them are held out: they are for the last check and never for improving.",
                held=number(held),
            )
        )
    st.dataframe(
        [
            {t("Question"): asked_of(made.rows, row)[:300], t("Expected"): row.expected[:300], **facts}
            for row, facts in zip(rows[:SHOWN], facts_of_rows(rows[:SHOWN]), strict=True)
        ],
        hide_index=True,
        width="stretch",
    )
    title = st.text_input(t("Name"), name[:80], max_chars=80, key=f"dataset_name:{name}")
    st.button(
        t("Save dataset"),
        icon=":material/save:",
        type="primary",
        key="dataset_save",
        width="stretch",
        on_click=_save,
        args=(flow.id, title.strip() or name, made),
    )


def _tidied(made: Made) -> list[str]:
    said = [
        t("repeated rows left out: {count}", count=number(made.twice)) if made.twice else "",
        t("empty rows left out: {count}", count=number(made.empty)) if made.empty else "",
        t("personal data masked: {count}", count=number(made.masked)) if made.masked else "",
    ]
    return [each for each in said if each] or [t("nothing to tidy")]


def _save(flow_id: str, name: str, made: Made) -> None:
    try:
        store = workspace().datasets
        rows = kept(store.files, flow_id, made.rows, st.session_state.pop(FILES, {}))
        id = store.create(flow_id, name, rows)
    except FlowloomError as error:
        st.session_state["evaluate_problem"] = error.problem
        return
    for key in (KEPT, f"{DRAFTS}:{flow_id}"):
        st.session_state.pop(key, None)
    close_dialog()
    st.query_params["dataset"] = id


MAKERS = {"file": _from_file, "chats": _from_chats, "documents": draw_from_documents, "typed": _typed}
