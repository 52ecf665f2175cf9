"""What stands beside the canvas, the chat, a block, the outline or the form of the GPT, and which of them."""

from collections.abc import Sequence
from typing import Any

import streamlit as st

from flowloom.ui.session import t

PANELS = {
    "chat": ":material/chat: {}",
    "canvas": ":material/account_tree: {}",
    "block": ":material/tune: {}",
    "outline": ":material/toc: {}",
    "configure": ":material/edit_note: {}",
}
LABELS = {"chat": "Chat", "canvas": "Canvas", "block": "Block", "outline": "Outline", "configure": "Configure"}
STYLE = """<style>
@media (min-width: 641px) {[class*="st-key-panel-"] button[role="radio"]:nth-of-type(2) {display: none;}}
@media (max-width: 640px) {
  [class*="st-key-panel-"] button[role="radio"] {padding-inline: 0.2rem; flex: 1 1 auto;}
  [class*="st-key-panel-"] span:has(> [data-testid="stIconMaterial"]) {display: none;}
  .stColumn:has([class*="st-key-panel-"]) {order: -1;}
  .stColumn:has(.st-key-board) {
    position: absolute; inset-inline-start: -200vw; visibility: hidden; width: calc(100vw - 1.4rem);}
  .stHorizontalBlock:has(.st-key-panel_of_canvas) > .stColumn:has(.st-key-board) {
    position: static; visibility: visible;}
  .st-key-panel_of_canvas {display: none;}
  .st-key-panel_of_chat [data-testid="stLayoutWrapper"]:has(> .st-key-chat_box) {
    flex-basis: calc(100dvh - 21.4rem) !important; height: auto; min-height: 14rem;}
  .st-key-panel_of_chat .st-key-chat_box {height: 100%;}
}
</style>"""
"""On a phone the canvas is behind a tab; it keeps its size meanwhile, as it could not fit the blocks into none."""


def draw_panels() -> str:
    """The buttons to choose by, and the panel that is chosen."""
    st.html(STYLE)
    asked, count = _asked()
    panel: str = st.segmented_control(
        t("Panel"),
        list(PANELS),
        default=asked,
        required=True,
        format_func=lambda name: PANELS[name].format(t(LABELS[name])),
        key=f"panel:{count}",
        label_visibility="collapsed",
        width="stretch",
    )
    return panel


def shown_panel() -> str:
    asked, count = _asked()
    return str(st.session_state.get(f"panel:{count}") or asked)


def show_panel(name: str) -> None:
    """Have another panel shown from the next pass on.

    By buttons with a new key: what the browser still sends of the old ones would take the choice back.
    """
    if name != "chat":
        st.session_state.pop("preview", None)
    if name != shown_panel():
        st.session_state["panel_asked"] = (name, _asked()[1] + 1)


def _asked() -> tuple[str, int]:
    """The panel that was asked for last, and how often one was."""
    asked: tuple[str, int] = st.session_state.get("panel_asked", ("chat", 0))
    return asked


def look_at(node: str, panel: str | None = "block") -> None:
    """Have the canvas centre and select a block, and a panel show it; None leaves the panel as it is."""
    look_at_all((node,))
    if panel:
        show_panel(panel)


def look_at_all(nodes: Sequence[str]) -> None:
    """Have the canvas show and select blocks, one at least; the panel stays as it is."""
    before = st.session_state.get("focus") or {"nonce": 0, "nodes": []}
    nonce = before["nonce"] + 1
    if st.session_state.get("focus_reached") != before["nonce"]:
        st.session_state["focus_overtaken"] = before["nodes"]
    st.session_state["focus"] = {"nodes": list(nodes), "nonce": nonce}
    if set(st.session_state.get("canvas_selected", ("", ()))[1]) == set(nodes):
        st.session_state["focus_reached"] = nonce
    st.session_state["selected"] = tuple(nodes)


def was_overtaken(selected: tuple[str, ...]) -> bool:
    """Whether a selection is the canvas's answer to a `look_at` after which another came."""
    focus = st.session_state.get("focus")
    before = st.session_state.get("focus_overtaken")
    if not focus or not before or _is_reached(focus):
        return False
    return set(selected) == set(before) != set(focus["nodes"])


def _is_reached(focus: dict[str, Any]) -> bool:
    return bool(st.session_state.get("focus_reached") == focus["nonce"])


def reached_focus(selected: tuple[str, ...]) -> bool:
    """Whether a selection is the canvas's answer to `look_at`; the person may have gone on to another panel."""
    focus = st.session_state.get("focus")
    if not focus or set(selected) != set(focus["nodes"]) or st.session_state.get("focus_reached") == focus["nonce"]:
        return False
    st.session_state["focus_reached"] = focus["nonce"]
    return True
