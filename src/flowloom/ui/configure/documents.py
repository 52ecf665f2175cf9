"""The documents of a GPT: dropped here, and searched by a block that comes with the first of them."""

import streamlit as st

from flowloom.configuration.choices import UseDocuments
from flowloom.configuration.reading import Configuration, read_configuration
from flowloom.editor import Document
from flowloom.intake import MAIN
from flowloom.ui.configure.choosing import choose, draw_blocks, refusal
from flowloom.ui.formatting import count_of
from flowloom.ui.knowledge.documents import draw_rows, draw_uploads
from flowloom.ui.session import t
from flowloom.workspace import workspace


def draw_knowledge(document: Document, shown: Configuration) -> None:
    base = f"{document.flow.id}/{MAIN}"
    st.markdown("**" + t("Knowledge") + "**", help=t("Documents this GPT answers from."))
    draw_uploads(base, taken=lambda: _use(document))
    files = workspace().knowledge.files(base)
    draw_rows(base, files)
    if files and not shown.searches_own:
        _draw_unused(document)
    by_hand = [id for id in shown.searches if id not in shown.documents.plain]
    said = t("{blocks} on the canvas for searching knowledge", blocks=count_of("block", len(by_hand)))
    draw_blocks(document, said, by_hand, "searches")
    if shown.documents.plain and not files:
        st.button(
            t("Stop searching documents"),
            icon=":material/search_off:",
            type="tertiary",
            key=f"configure:no_documents:{document.flow.id}",
            on_click=lambda: choose(document, UseDocuments(False)),
        )


def _use(document: Document) -> None:
    """Have the first documents searched, unless a block does so already or only the canvas can."""
    if not read_configuration(document.flow).searches_own and not refusal(document, UseDocuments(True)):
        choose(document, UseDocuments(True))


def _draw_unused(document: Document) -> None:
    st.caption(":material/warning: " + t("No block searches these documents yet."))
    if refusal(document, UseDocuments(True)):
        st.caption(t("Add a Search knowledge block on the canvas."))
        return
    st.button(
        t("Search these documents"),
        icon=":material/search:",
        key=f"configure:use_documents:{document.flow.id}",
        on_click=lambda: choose(document, UseDocuments(True)),
    )
