"""A new block by the outline: its kind, and the output it follows."""

from collections.abc import Mapping
from functools import partial

import streamlit as st

from flowloom.editor import Document
from flowloom.kinds.kind import GROUPS, TOOL_PORT, NodeKind
from flowloom.kinds.registry import all_kinds
from flowloom.run.planning import possible_connections
from flowloom.ui.edits import attempt
from flowloom.ui.messages import plain
from flowloom.ui.outline.choices import Rows, choice, end_label
from flowloom.ui.panels import look_at
from flowloom.ui.session import t


def draw_add(document: Document, rows: Rows, chosen: str | None) -> None:
    flow, kinds = document.flow, {id: kind for id, kind in all_kinds().items() if kind.offered}
    key = f"outline:kind:{flow.id}"
    order = list(GROUPS)
    offered = sorted(kinds, key=lambda id: order.index(kinds[id].group) if kinds[id].group in order else len(order))
    kind_id = choice(t("Block type"), offered, partial(_kind_label, kinds), key, t("Choose a type"))
    kind = kinds[kind_id] if kind_id else None
    if kind:
        st.caption(plain(t(kind.help)))
        _choose_after(document, rows, kind, chosen)
    st.button(
        t("Add"),
        icon=":material/add:",
        key=f"outline:add:{flow.id}",
        type="primary",
        disabled=kind is None,
        on_click=lambda: _add(document, key, chosen),
    )


def _kind_label(kinds: Mapping[str, NodeKind], id: str) -> str:
    group = kinds[id].group
    return f"{t(kinds[id].label)} · {t(GROUPS.get(group, group))}"


def _choose_after(document: Document, rows: Rows, kind: NodeKind, chosen: str | None) -> None:
    """Ask for the output the new block follows; the selected block is offered first."""
    ends = {end.name: end for end in possible_connections.outputs_for(document.flow, all_kinds(), kind)}
    if not ends:
        return
    choice(
        t("After"),
        list(dict.fromkeys([_offered(document, kind, chosen), "", *ends])),
        lambda name: end_label(rows, ends[name]) if name else t("Nothing yet"),
        _after_key(document, kind, chosen),
        begun=True,
    )


def _after_key(document: Document, kind: NodeKind, chosen: str | None) -> str:
    # The block that is selected is part of the key, so that the offer follows it.
    return f"outline:after:{document.flow.id}:{kind.id}:{chosen}"


def _offered(document: Document, kind: NodeKind, chosen: str | None) -> str:
    """The first output of the selected block that the new one can follow."""
    ends = possible_connections.outputs_for(document.flow, all_kinds(), kind)
    return next((end.name for end in ends if end.node.id == chosen and end.port.id != TOOL_PORT.id), "")


def _add(document: Document, key: str, chosen: str | None) -> None:
    kind = all_kinds().get(st.session_state.get(key) or "")
    if kind is None:
        return
    # Who chooses a kind and presses at once has not been asked what it should follow: it is what would be offered.
    after = st.session_state.get(_after_key(document, kind, chosen))
    after = _offered(document, kind, chosen) if after is None else after

    def edit() -> None:
        node, edits = possible_connections.add(document.flow, all_kinds(), kind, after or None)
        document.edit(*edits)
        st.session_state[key] = None
        look_at(node.id, None)
        st.toast(t("“{block}” was added.", block=plain(t(kind.label))), icon=":material/add:")

    attempt(edit)
