"""Preview: the chat alone and large, as those will see it who only talk with a GPT."""

import streamlit as st

from flowloom.editor import Document
from flowloom.ui.chat.pane import draw_chat
from flowloom.ui.messages import draw_title
from flowloom.ui.session import t

STYLE = """<style>
[data-testid="stHeader"] {display: none;}
.stMainBlockContainer {max-width: 54rem; padding-top: 1rem;}
.st-key-preview [data-testid="stLayoutWrapper"]:has(> .st-key-chat_box) {
  flex-basis: calc(100dvh - 17rem) !important; height: auto; min-height: 16rem;}
.st-key-preview .st-key-chat_box {height: 100%;}
</style>"""


def draw_preview(document: Document, active: str | None) -> None:
    """The chat without canvas, and the way back to it."""
    st.html(STYLE)
    flow = document.flow
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        draw_title(flow.icon, flow.picture, flow.name, 5)
        st.button(
            t("Back to the canvas"),
            icon=":material/fullscreen_exit:",
            key="preview_close",
            on_click=lambda: st.session_state.pop("preview", None),
        )
    with st.container(key="preview"):
        draw_chat(document, active)
