"""Learning from answers with a thumb up: what it would change is tried before it is switched on."""

import streamlit as st

from flowloom.evaluation.learning import good_pairs, with_examples, with_saved_answers, with_waiting
from flowloom.flow.model import Flow
from flowloom.store.datasets import Rows
from flowloom.ui.formatting import number
from flowloom.ui.session import t

WAYS = {
    "saved": "With good answers as saved answers",
    "examples": "With good answers as examples",
    "waiting": "With the examples that wait",
}


def draw_learning(flow: Flow, rows: Rows) -> list[tuple[str, Flow]]:
    """The versions that learnt, each with its name; nothing where there are no good answers. Raises NodeError."""
    pairs, waiting = good_pairs(rows), sum(not each.on for each in flow.examples)
    ways = [*(("saved", "examples") if pairs else ()), *(("waiting",) if waiting else ())]
    if not ways:
        return []
    count = len(pairs) or waiting
    with st.expander(t("Learn from good answers ({count})", count=number(count)), icon=":material/school:"):
        chosen = st.pills(
            t("Learn from good answers"),
            ways,
            selection_mode="multi",
            format_func=lambda way: t(WAYS[way]),
            label_visibility="collapsed",
            key="learning_ways",
        )
        st.caption(
            t(
                "Saved answers need no model. "
                "Examples are sent along with the questions near to them, so these cost more."
            )
        )
        if pairs and not any(row.held_out for row in rows.rows):
            st.caption(
                ":material/warning: " + t("No rows are held out, so this shows only what was learnt by heart.")
            )
        elif pairs:
            st.caption(t("Choose the held-out rows above: what was learnt comes from the others."))
    learnt = {
        "saved": lambda: with_saved_answers(flow, rows),
        "examples": lambda: with_examples(flow, rows),
        "waiting": lambda: with_waiting(flow),
    }
    found = [(way, learnt[way]()) for way in chosen or ()]
    return [(t(WAYS[way]), version) for way, version in found if version]
