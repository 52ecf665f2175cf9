"""Learning from answers with a thumb up: what it would change is tried before it is switched on."""

import streamlit as st

from flowloom.evaluation.learning import good_pairs, with_examples, with_saved_answers
from flowloom.flow.model import Flow
from flowloom.store.datasets import Rows
from flowloom.ui.formatting import number
from flowloom.ui.session import t

WAYS = {"saved": "With good answers as saved answers", "examples": "With good answers as examples"}


def draw_learning(flow: Flow, rows: Rows) -> list[tuple[str, Flow]]:
    """The versions that learnt, each with its name; nothing where there are no good answers. Raises NodeError."""
    pairs = good_pairs(rows)
    if not pairs:
        return []
    with st.expander(t("Learn from {count} good answers", count=number(len(pairs))), icon=":material/school:"):
        chosen = st.pills(
            t("Learn from good answers"),
            list(WAYS),
            selection_mode="multi",
            format_func=lambda way: t(WAYS[way]),
            label_visibility="collapsed",
            key="learning_ways",
        )
        st.caption(
            t("Saved answers need no model. Examples are added to the instructions, so every message costs more.")
        )
        if not any(row.held_out for row in rows.rows):
            st.caption(
                ":material/warning: " + t("No rows are held out, so this shows only what was learnt by heart.")
            )
        else:
            st.caption(t("Choose the held-out rows above: what was learnt comes from the others."))
    learnt = {"saved": with_saved_answers, "examples": with_examples}
    found = [(way, learnt[way](flow, rows)) for way in chosen or ()]
    return [(t(WAYS[way]), version) for way, version in found if version]
