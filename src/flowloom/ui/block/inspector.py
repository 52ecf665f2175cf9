"""The panel of one block: its form, what is wrong with it, its name and how it is run."""

import time
from collections.abc import Sequence

import streamlit as st

from flowloom.editor import Document
from flowloom.errors import FlowloomError
from flowloom.flow.edit import Rename
from flowloom.flow.model import Node
from flowloom.kinds.kind import NodeKind
from flowloom.kinds.registry import all_kinds
from flowloom.kinds.values import SHARED
from flowloom.services.knowledge.shared import key_of_shared
from flowloom.ui.block.fields import fields_of, starting_values
from flowloom.ui.block.fixes import show_problem_with_mend
from flowloom.ui.block.last_run import draw_block_runs, draw_pin
from flowloom.ui.block.run_settings import draw_settings
from flowloom.ui.block.saving_form import form_of
from flowloom.ui.block.sub_flow import draw_sub_flow
from flowloom.ui.edits import change
from flowloom.ui.knowledge.documents import draw_documents
from flowloom.ui.messages import label_of, plain, show_problem
from flowloom.ui.session import open_base, t
from flowloom.workspace import workspace


def draw_inspector(document: Document, selected: Sequence[str]) -> None:
    """The block that is selected, or how to select one."""
    if len(selected) != 1:
        st.info(
            t("{count} blocks selected. Select one to edit it.", count=len(selected))
            if selected
            else t("Select a block on the canvas to edit it here.")
        )
        return
    node = find_node(document, selected[0])
    if node is None:
        st.info(t("This block no longer exists."))
        return
    _draw_node(document, node)


def find_node(document: Document, node_id: str, patience: float = 1.0) -> Node | None:
    """The node, for whose edit we wait a moment: a new block is selected before it is saved."""
    end = time.monotonic() + patience
    while (node := document.flow.node(node_id)) is None and time.monotonic() < end:
        time.sleep(0.03)
    return node


def _draw_node(document: Document, node: Node) -> None:
    kind = all_kinds().get(node.kind)
    symbol = f":material/{kind.icon}:" if kind else ":material/help:"
    st.markdown(f"#### {symbol} {plain(label_of(node))}")
    if kind is None:
        st.warning(
            t(
                (
                    "This version of Flowloom doesn’t know the block “{kind}”. It is kept unchanged. "
                    "Update Flowloom to use it."
                ),
                kind=plain(node.kind),
            )
        )
        return
    st.caption(plain(t(kind.help)))
    if kind.flow_of:
        draw_sub_flow(document, node, kind)
    draw_pin(document, node)
    bases = _bases(node, kind)
    if bases:
        _draw_knowledge(document, node, kind, bases)
    else:
        form_of(document, node, kind).draw()
    # Below the form, which would jump under the hands of whoever types; boxed, as what comes after keeps its place.
    with st.container():
        _draw_problems(document, node)
    if not kind.annotates:
        draw_block_runs(document, node, kind)
        draw_name(document, node, kind)
        draw_settings(document, node)


def _bases(node: Node, kind: NodeKind) -> list[str]:
    """The knowledge bases that a block searches."""
    values = starting_values(kind.config, node.config)
    named = (values.get(field.name) for field in fields_of(kind.config) if field.widget == "knowledge")
    return [str(base) for base in named if base]


def _draw_knowledge(document: Document, node: Node, kind: NodeKind, bases: Sequence[str]) -> None:
    """The documents first, as adding some is all that most people do; how they are searched is folded below."""
    for base in bases:
        _draw_documents(document.flow.id, base)
    form = form_of(document, node, kind)
    key = f"search_settings:{document.flow.id}:{node.id}"
    with st.expander(t("Search options"), icon=":material/tune:", key=key, expanded=form.has_errors):
        form.draw()


def _draw_documents(flow_id: str, base: str) -> None:
    try:
        key = workspace().searched.key_to_fill(flow_id, base)
    except FlowloomError as error:
        show_problem(error.problem)
    else:
        _offer_page(base)
        draw_documents(key)


def _offer_page(base: str) -> None:
    """A shared base has a page of its own, where there is room for more."""
    id = base.removeprefix(SHARED)
    if id != base and workspace().knowledge.exists(key_of_shared(id)):
        st.button(
            t("Open in Knowledge"),
            icon=":material/library_books:",
            key=f"open_shared:{id}",
            on_click=lambda: open_base(id),
        )


def _draw_problems(document: Document, node: Node) -> None:
    for number, problem in enumerate(document.problems()):
        if problem.node == node.id:
            show_problem_with_mend(problem, document.flow, f"block_problem:{node.id}:{number}")


def draw_name(document: Document, node: Node, kind: NodeKind) -> None:
    # The saved value is part of the key, so that a rename on the canvas shows here.
    key = f"{document.flow.id}/{node.id}:name:{node.name}"
    st.text_input(
        t("Block name"),
        node.name,
        max_chars=120,
        placeholder=t(kind.label),
        key=key,
        on_change=lambda: _rename(document, node, st.session_state[key].strip()),
    )


def _rename(document: Document, node: Node, name: str) -> None:
    # Streamlit also calls back for a widget that was gone for a moment, its value as it was.
    if name != node.name:
        change(document, Rename(node=node.id, name=name))
