"""Rows that a model writes from the documents of a GPT: the cost before, a person’s look before they are kept."""

from typing import Any

import streamlit as st

from flowloom.errors import FlowloomError, Problem
from flowloom.evaluation.rows import Made, tidied
from flowloom.evaluation.written_rows import MOST, Drafts, chosen, passages_of, tokens_of
from flowloom.flow.model import Flow
from flowloom.kinds.values import Passage
from flowloom.services.models.facts import facts_of
from flowloom.services.models.improve import is_real
from flowloom.store.datasets import DataRow
from flowloom.ui.asking import asked
from flowloom.ui.block.fields import draw_model_choice
from flowloom.ui.formatting import count_of, money, number
from flowloom.ui.messages import plain, show_problem
from flowloom.ui.session import t
from flowloom.workspace import workspace

DRAFTS, ASKED, KEEP_ALL = "written_drafts", "written_asked", "written_all"
USUAL = 20


def draw_from_documents(flow: Flow) -> tuple[str, Made] | None:
    """The rows a person ticked; None as long as there are none. Raises FlowloomError."""
    home = workspace()
    documents = passages_of(home.knowledge, flow, lambda base: home.belongings.may_search(flow.id, base))
    if not documents:
        st.info(t("This GPT has no documents that everybody may read, or too little stands in them."))
        return None
    most = min(MOST, sum(map(len, documents)))
    count = st.slider(t("Rows to write"), 1, most, min(USUAL, most), key="written_count") if most > 1 else 1
    draw_model_choice(t("Model that writes"), "careful", {"key": "written_model"})
    model = st.session_state.get("written_model", "careful")
    if not is_real(home.models.settings, model):
        st.info(t("The practice model can’t write questions. Set up a model under Settings first."))
        return None
    _draw_ask(flow, model, chosen(documents, count))
    found: Drafts | Problem | None = st.session_state.get(f"{DRAFTS}:{flow.id}")
    if isinstance(found, Problem):
        show_problem(found)
        return None
    return _draw_review(flow, found) if found else None


def _draw_ask(flow: Flow, model: str, passages: list[Passage]) -> None:
    st.markdown(f"{t('Up to {calls}.', calls=count_of('call', len(passages)))} {plain(_cost(model, passages))}")
    if st.session_state.pop(ASKED, False):
        bar = st.progress(0.0, t("Writing rows…"))

        def told(done: int) -> None:
            bar.progress(done / len(passages), t("Writing rows…"))

        try:
            drafts: Drafts | Problem = asked(workspace().experiments.write_rows(flow, model, passages, told))
        except FlowloomError as error:
            drafts = error.problem
        bar.empty()
        st.session_state[f"{DRAFTS}:{flow.id}"] = drafts
    st.button(
        t("Write rows"),
        icon=":material/edit_note:",
        key="written_ask",
        on_click=lambda: st.session_state.update({ASKED: True}),
    )


def _cost(model: str, passages: list[Passage]) -> str:
    facts = facts_of(workspace().models.settings, model)
    if facts.call == 0.0:
        return t("All of them free.")
    if facts.token is None:
        return t("What that costs is unknown, as the price of a model is.")
    return t("At most {cost}.", cost=money(facts.token * tokens_of(passages)))


def _draw_review(flow: Flow, drafts: Drafts) -> tuple[str, Made] | None:
    rows = drafts.made.rows.rows
    if drafts.unfit:
        st.caption(t("Left out because the passage doesn’t say the answer: {count}", count=number(drafts.unfit)))
    if drafts.problem:
        show_problem(drafts.problem)
    if not rows:
        st.warning(t("No row came of it. Try another model."))
        return None
    st.markdown(t("Read each row and tick those to keep. Nothing is kept by itself."))
    every = st.toggle(t("Tick all"), False, key=KEEP_ALL)
    table = [
        {
            t("Keep"): every,
            t("Question"): row.given["question"],
            t("Expected"): row.expected,
            t("Passage"): f"{row.source}: {row.quote}",
        }
        for row in rows
    ]
    shown = st.data_editor(
        table,
        disabled=[t("Passage")],
        hide_index=True,
        width="stretch",
        key=f"written_rows:{every}:{hash(tuple(row.id for row in rows))}",
    )
    kept = [_kept(row, line) for row, line in zip(rows, shown, strict=True) if line[t("Keep")]]
    return (t("From documents"), tidied(("question",), "{{question}}", kept)) if kept else None


def _kept(row: DataRow, line: dict[str, Any]) -> DataRow:
    given = {"question": str(line[t("Question")] or "")}
    return row.model_copy(update={"given": given, "expected": str(line[t("Expected")] or "")})
