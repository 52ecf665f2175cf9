"""The panel of the outline: the flow as sentences, and edits by choosing."""

import streamlit as st

from flowloom.editor import Document
from flowloom.flow.model import Flow
from flowloom.kinds.registry import all_kinds
from flowloom.run.reading.outline import outline
from flowloom.ui.block.fixes import show_problem_with_mend
from flowloom.ui.edits import draw_undo, redraw_when_changed
from flowloom.ui.formatting import count_of
from flowloom.ui.outline.adding import draw_add
from flowloom.ui.outline.block import draw_block
from flowloom.ui.outline.choices import Rows, choice
from flowloom.ui.outline.sentences import html_of, numbered
from flowloom.ui.panels import look_at
from flowloom.ui.session import language, t

STYLE = """<style>
.outline ol {list-style: decimal; margin: 0; padding-left: 1.7rem;}
.outline li {padding: 0.25rem 0.4rem; border-radius: 6px;}
.outline li[aria-current] > p:first-child {
  background: color-mix(in srgb, #6d66f0 16%, transparent);
  border-radius: 6px; margin: 0 -0.4rem; padding: 0.1rem 0.4rem;
}
.outline li::marker {font-weight: 600;}
.outline p {margin: 0; line-height: 1.5; overflow-wrap: anywhere;}
.outline em {font-style: italic;}
.outline div > p {margin-top: 0.35rem; opacity: 0.75; font-weight: 600;}
.outline div {border-left: 2px solid color-mix(in srgb, currentColor 18%, transparent); padding-left: 0.6rem;}
.outline .problem {border-left: 3px solid #d9482b; padding-left: 0.5rem; margin-top: 0.2rem;}
</style>"""


def draw_outline(document: Document) -> None:
    """The whole panel."""
    revision, flow = document.revision, document.flow
    problems = document.problems()
    rows = {row.node.id: row for row in outline(flow, all_kinds(), problems)}
    chosen = _chosen(rows)
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.markdown("##### " + t("Outline"), width="content")
        draw_undo(document, "outline")
    if rows:
        _choose_block(flow, rows, chosen)
    if chosen:
        with st.container(border=True):
            draw_block(document, rows, rows[chosen])
    with st.expander(t("Add a block"), icon=":material/add:", expanded=not rows, key=f"outline:adding:{flow.id}"):
        draw_add(document, rows, chosen)
    for number, problem in enumerate(problems):
        if not problem.node and rows:
            show_problem_with_mend(problem, flow, f"outline:problem:{number}")
    if rows:
        st.markdown("##### " + t("{blocks}, in the order they run", blocks=count_of("block", len(rows))))
        describe = lambda problem: str(problem.describe(language()))  # noqa: E731
        st.html(f"{STYLE}<div class='outline'>{html_of(list(rows.values()), t, describe, chosen)}</div>")
    redraw_when_changed(document, revision)


def _chosen(rows: Rows) -> str | None:
    selected = st.session_state.get("selected", ())
    return selected[0] if len(selected) == 1 and selected[0] in rows else None


def _choose_block(flow: Flow, rows: Rows, chosen: str | None) -> None:
    key = f"outline:block:{flow.id}"
    # Blocks are also chosen on the canvas.
    if st.session_state.get(key) != chosen:
        st.session_state[key] = chosen
    choice(
        t("Block to edit"),
        list(rows),
        lambda id: numbered(rows[id], t),
        key,
        t("Choose a block"),
        on_change=lambda: _look(st.session_state[key]),
    )


def _look(node: str | None) -> None:
    if node:
        look_at(node, None)
    else:
        st.session_state["selected"] = ()
