"""The panel of a block that holds a flow: which GPT it is a copy of, and how it keeps up with that one."""

import streamlit as st
from pydantic.fields import FieldInfo

from flowloom.editor import Document
from flowloom.errors import FlowloomError
from flowloom.flow.edit import Configure
from flowloom.flow.model import Flow, Node
from flowloom.kinds.kind import ERROR_PORT, TOOL_PORT, NodeKind
from flowloom.kinds.port import Port
from flowloom.nodes.flows.combine import can_unpack
from flowloom.nodes.flows.embedded import document_of, flow_in, inputs_of, outputs_of
from flowloom.nodes.flows.for_each import FAILED
from flowloom.ui.acting import my_gpts, require_mine
from flowloom.ui.edits import attempt, change
from flowloom.ui.formatting import count_of
from flowloom.ui.gpt.diagrams import draw_picture
from flowloom.ui.gpt.opening import open_gpt
from flowloom.ui.messages import label_of, name_of, plain
from flowloom.ui.panels import look_at
from flowloom.ui.session import t
from flowloom.workspace import workspace

UNTOLD = {
    "id",
    "name",
    "description",
    "icon",
    "starters",
    "saved_answers",
    "examples",
    "examples_shown",
    "layout",
    "budget",
    "language",
}
"""What a GPT may change without the blocks that run it doing anything else."""


def draw_sub_flow(document: Document, node: Node, kind: NodeKind) -> None:
    """What the block holds; where it holds nothing, the choice of a GPT."""
    flow = flow_in(node.config.get("flow") or {})
    if flow is None:
        _draw_choice(document, node, t("Which GPT does this block run?"))
        return
    draw_picture(flow)
    source = _source(node)
    blocks = count_of("block", len(flow.nodes))
    st.caption(t("A copy of “{name}”: {blocks}.", name=_name(flow, node), blocks=blocks))
    if "over" in kind.config.model_fields:
        _draw_list(document, node, flow, kind.config.model_fields["over"])
    if source and _differs(source, flow):
        _draw_update(document, node, source)
    with st.container(horizontal=True, gap="small"):
        _way_in(document, node, flow, source)
        if can_unpack(node):
            _draw_unpack(document, node)
    with st.expander(t("Run another GPT"), icon=":material/swap_horiz:"):
        _draw_choice(document, node, t("Which GPT does this block run?"))


def _name(flow: Flow, node: Node) -> str:
    return plain(flow.name or label_of(node))


def _source(node: Node) -> Flow | None:
    """The GPT the flow is a copy of, as it is now."""
    id = str(node.config.get("source") or "")
    try:
        return workspace().flows.load(require_mine(id)) if id else None
    except FlowloomError:
        return None


def _differs(source: Flow, copy: Flow) -> bool:
    return source.model_dump(exclude=UNTOLD) != copy.model_dump(exclude=UNTOLD)


def _draw_choice(document: Document, node: Node, label: str) -> None:
    gpts = {entry.id: name_of(entry.name) for entry in my_gpts() if entry.id != document.flow.id}
    if not gpts:
        st.info(
            t("There is no other GPT yet. Create one under My GPTs, or select blocks here and turn them into one.")
        )
        return
    key = f"{document.flow.id}/{node.id}:source"
    st.selectbox(
        label,
        list(gpts),
        index=None,
        format_func=lambda id: gpts.get(id, id),
        placeholder=t("Choose a GPT"),
        key=key,
        on_change=lambda: _take(document, node, st.session_state[key]),
    )


def _take(document: Document, node: Node, source: str | None) -> None:
    if source:
        attempt(lambda: _copy(document, node, workspace().flows.load(require_mine(source))))


def _copy(document: Document, node: Node, source: Flow) -> None:
    config = {**node.config, "flow": document_of(source), "source": source.id}
    document.edit(Configure(node=node.id, config=config))


def _draw_list(document: Document, node: Node, flow: Flow, field: FieldInfo) -> None:
    """Which input gets the list."""
    ports = {port.id: port for port in inputs_of(flow)}
    chosen = str(node.config.get("over") or "")
    key = f"{document.flow.id}/{node.id}:over:{chosen}"
    st.selectbox(
        t(field.title or ""),
        list(ports),
        index=list(ports).index(chosen) if chosen in ports else 0 if ports else None,
        format_func=lambda id: _said(ports[id]),
        help=t(field.description or ""),
        key=key,
        on_change=lambda: change(
            document, Configure(node=node.id, config={**node.config, "over": st.session_state[key]})
        ),
    )


def _said(port: Port) -> str:
    return port.label if port.verbatim else t(port.label)


def _draw_update(document: Document, node: Node, source: Flow) -> None:
    """The GPT has changed since: what the block would lose by keeping up with it."""
    with st.container(border=True):
        st.markdown(f":material/sync: {t('“{name}” has changed since.', name=plain(name_of(source.name)))}")
        for line in broken_lines(document.flow, node, source):
            st.caption(f":material/link_off: {line}")
        st.button(
            t("Update"),
            type="primary",
            key=f"update:{node.id}",
            on_click=lambda: attempt(lambda: _copy(document, node, source)),
        )


def broken_lines(flow: Flow, node: Node, source: Flow) -> list[str]:
    """The lines at a block that would lead nowhere if it ran this flow, as sentences."""
    inputs = {port.id for port in inputs_of(source)}
    outputs = {port.id for port in outputs_of(source)} | {TOOL_PORT.id, ERROR_PORT.id, FAILED.id}
    found = [
        t("The connection to “{port}” would be removed.", port=plain(edge.end.port))
        for edge in flow.edges
        if edge.end.node == node.id and edge.end.port not in inputs
    ]
    return found + [
        t("The connection from “{port}” would be removed.", port=plain(edge.start.port))
        for edge in flow.edges
        if edge.start.node == node.id and edge.start.port not in outputs
    ]


def _way_in(document: Document, node: Node, flow: Flow, source: Flow | None) -> None:
    if source:
        st.button(
            t("Open “{name}”", name=plain(name_of(source.name))),
            icon=":material/open_in_new:",
            key=f"inside:{node.id}",
            on_click=lambda: _enter(document, node, source.id),
        )
    else:
        st.button(
            t("Edit its blocks"),
            icon=":material/open_in_new:",
            help=t("Saves it as a separate GPT that you can edit and test. Then update this block."),
            key=f"inside:{node.id}",
            on_click=lambda: attempt(lambda: _make_own(document, node, flow)),
        )


def _make_own(document: Document, node: Node, flow: Flow) -> None:
    home = workspace()
    made = home.flows.create(flow.model_copy(update={"name": flow.name or label_of(node)}))
    if flow.id == document.flow.id:
        home.intake.copy_documents(flow.id, made.id)
    _copy(document, node, made)
    _enter(document, node, made.id)


def _enter(document: Document, node: Node, source: str) -> None:
    st.session_state["came_from"] = (document.flow.id, node.id, source)
    open_gpt(source)


def _draw_unpack(document: Document, node: Node) -> None:
    st.button(
        t("Unpack"),
        icon=":material/unarchive:",
        help=t("Replaces this block with the blocks inside it."),
        key=f"unpack:{node.id}",
        on_click=lambda: attempt(lambda: document.unpack(node.id)),
    )


# -- within the GPT that a block runs: the way back


def draw_way_back(document: Document) -> None:
    """The bar above a GPT that was opened from a block which runs it."""
    came: tuple[str, str, str] | None = st.session_state.get("came_from")
    if not came or came[2] != document.flow.id:
        return
    outer, node = _outer(came)
    if outer is None or node is None:
        st.session_state.pop("came_from")
        return
    copy = flow_in(node.config.get("flow") or {})
    changed = copy is None or _differs(document.flow, copy)
    with st.container(border=True, horizontal=True, vertical_alignment="center", gap="small", key="way_back"):
        said = t(
            "“{gpt}” uses this GPT as its block “{block}”.",
            gpt=plain(name_of(outer.flow.name)),
            block=plain(label_of(node)),
        )
        lost = broken_lines(outer.flow, node, document.flow) if changed else []
        st.markdown("  \n".join([f":material/package_2: {said}", *lost]), width="stretch")
        if changed:
            st.button(
                t("Update it and go back"),
                type="primary",
                key="back_with",
                on_click=lambda: _go_back(outer, node, document.flow),
            )
        st.button(t("Go back"), key="back_without", on_click=lambda: _go_back(outer, node, None))


def _outer(came: tuple[str, str, str]) -> tuple[Document | None, Node | None]:
    try:
        outer = workspace().editor.open(came[0])
    except FlowloomError:
        return None, None
    return outer, outer.flow.node(came[1])


def _go_back(outer: Document, node: Node, flow: Flow | None) -> None:
    if flow:
        attempt(lambda: _copy(outer, node, flow))
    st.session_state.pop("came_from", None)
    open_gpt(outer.flow.id)
    look_at(node.id)
