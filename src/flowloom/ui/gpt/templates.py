"""The templates: what each does, a picture of its flow, and a button to make it one's own."""

from typing import Any

import streamlit as st

from flowloom.flow.model import Flow
from flowloom.kinds.registry import all_kinds
from flowloom.store.templates import TAGS, Template, templates
from flowloom.ui.gpt.opening import open_gpt
from flowloom.ui.messages import icon_of, label_of, plain
from flowloom.ui.session import language, t
from flowloom.workspace import workspace

BLOCK_STYLE = {
    "background": "#eef0ff",
    "color": "#1c2030",
    "border": "1px solid #a5a1f5",
    "borderRadius": "10px",
    "fontSize": "13px",
    "width": "150px",
}

TAG_LABELS = {
    "teaching": "Teaching",
    "support": "Support",
    "office": "Office",
    "data": "Data",
    "writing": "Writing",
}


def show_templates() -> None:
    found = templates(language())
    if not found:
        return
    st.subheader(t("Templates"), anchor=False)
    found = _for(_chosen_tag(), found)
    for start in range(0, len(found), 3):
        for column, template in zip(st.columns(3), found[start : start + 3], strict=False):
            with column.container(border=True, height="stretch", key=f"template:{template.id}"):
                _card(template)


def _chosen_tag() -> str | None:
    return st.pills(
        t("Topics"),
        TAGS,
        format_func=lambda tag: t(TAG_LABELS[tag]),
        label_visibility="collapsed",
        key="template_tag",
    )


def _for(tag: str | None, found: tuple[Template, ...]) -> tuple[Template, ...]:
    return tuple(template for template in found if tag is None or tag in template.tags)


def _card(template: Template) -> None:
    flow = template.flow
    st.markdown(f"#### {icon_of(flow.icon)} {plain(flow.name)}")
    st.markdown(plain(flow.description))
    opened = f"look:{template.id}:open"
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.button(
            t("Use this template"),
            type="primary",
            key=f"use:{template.id}",
            on_click=lambda: open_gpt(workspace().intake.create_from_template(template).id),
        )
        st.button(
            t("Look inside"),
            type="tertiary",
            key=f"look:{template.id}",
            on_click=lambda: st.session_state.update({opened: not st.session_state.get(opened)}),
        )
    if st.session_state.get(opened):
        draw(flow, f"picture:{template.id}:{language()}")


def draw(flow: Flow, key: str, height: int = 260) -> None:
    """A picture of a flow that cannot be changed."""
    from streamlit_flow import streamlit_flow  # type: ignore[import-untyped]

    # The component takes a new state for a change of the flow, so each visit makes it once.
    kept = f"{key}:state"
    if kept not in st.session_state:
        st.session_state[kept] = _state(flow)
    streamlit_flow(key, st.session_state[kept], height=height, fit_view=True, show_controls=False, min_zoom=0.1)


def _state(flow: Flow) -> Any:
    from streamlit_flow.elements import StreamlitFlowEdge  # type: ignore[import-untyped]
    from streamlit_flow.state import StreamlitFlowState  # type: ignore[import-untyped]

    edges = [
        StreamlitFlowEdge(f"{edge.source}>{edge.target}", edge.start.node, edge.end.node) for edge in flow.edges
    ]
    return StreamlitFlowState([_block(flow, index) for index in range(len(flow.nodes))], edges)


def _block(flow: Flow, index: int) -> Any:
    from streamlit_flow.elements import StreamlitFlowNode

    node = flow.nodes[index]
    at = flow.layout.get(node.id)
    kind = all_kinds().get(node.kind)
    return StreamlitFlowNode(
        node.id,
        (at.x, at.y) if at else (index * 220.0, 0.0),
        {"content": plain(label_of(node))},
        "input" if kind and kind.starts else "output" if kind and kind.answers else "default",
        source_position="right",
        target_position="left",
        draggable=False,
        style=BLOCK_STYLE,
    )
