"""The whole panel: a GPT built by talking, or by a form from its picture to its limits."""

import streamlit as st

from flowloom.configuration.reading import Configuration, read_configuration
from flowloom.editor import Document
from flowloom.kinds.registry import all_kinds
from flowloom.ui.configure.abilities import draw_abilities
from flowloom.ui.configure.actions import draw_actions
from flowloom.ui.configure.answering import draw_custom, draw_fallback, draw_model
from flowloom.ui.configure.choosing import draw_blocks
from flowloom.ui.configure.create import draw_create
from flowloom.ui.configure.documents import draw_knowledge
from flowloom.ui.configure.face import draw_instructions, draw_name, draw_picture
from flowloom.ui.configure.saved_answers import draw_examples, draw_saved_answers
from flowloom.ui.configure.starters import draw_starters
from flowloom.ui.edits import draw_undo, redraw_when_changed
from flowloom.ui.gpt.limits import draw_limits
from flowloom.ui.gpt.protection import draw_protection
from flowloom.ui.session import t

WAYS = {"configure": ":material/tune: {}", "create": ":material/forum: {}"}
LABELS = {"create": "By talking", "configure": "By form"}


def draw_configure(document: Document) -> None:
    """Two doors to the same flow: a form, and talking."""
    way = st.segmented_control(
        t("How to build"),
        list(WAYS),
        default="configure",
        required=True,
        format_func=lambda name: WAYS[name].format(t(LABELS[name])),
        key=f"configure:way_to_build:{document.flow.id}",
        label_visibility="collapsed",
        width="stretch",
    )
    if way == "create":
        draw_create(document)
    else:
        _draw_form(document)


def _draw_form(document: Document) -> None:
    # Beside fields of a fixed height, Streamlit would squeeze the texts rather than scroll.
    with st.container():
        revision = document.revision
        shown = read_configuration(document.flow)
        with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
            draw_picture(document)
            draw_undo(document, "configure")
        draw_name(document)
        draw_instructions(document)
        draw_blocks(document, t("Blocks with instructions of their own:"), shown.instructed, "instructed")
        draw_starters(document)
        draw_saved_answers(document)
        draw_examples(document)
        draw_knowledge(document, shown)
        draw_abilities(document, shown)
        draw_actions(document, shown)
        draw_model(document, shown)
        draw_fallback(document, shown)
        draw_custom(document)
        _draw_others(document, shown)
        draw_limits(document)
        draw_protection(document)
    redraw_when_changed(document, revision)


def _draw_others(document: Document, shown: Configuration) -> None:
    """What only the canvas can say, so that a form never hides what a GPT does."""
    if not shown.others:
        return
    st.markdown("**" + t("Only on the canvas") + "**", help=t("This form can’t express these blocks. They stay."))
    for kind, blocks in shown.others:
        known = all_kinds().get(kind)
        label = t(known.label) if known else kind
        draw_blocks(document, label if len(blocks) == 1 else f"{label} × {len(blocks)}", blocks, f"others:{kind}")
