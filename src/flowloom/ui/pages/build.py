"""Build: the canvas, and beside it the chat, the block that is selected, or the GPT as a form."""

import streamlit as st

from flowloom.editor import Document
from flowloom.errors import FlowloomError
from flowloom.flow.edit import Describe
from flowloom.kinds.registry import all_kinds
from flowloom.run.planning.check import blocking
from flowloom.serve.editor import catalog, mint_token
from flowloom.ui.block.fixes import show_problem_with_way
from flowloom.ui.block.inspector import draw_inspector
from flowloom.ui.block.saving_form import form_of
from flowloom.ui.block.sub_flow import draw_way_back
from flowloom.ui.canvas import canvas
from flowloom.ui.chat.conversations import current_conversation
from flowloom.ui.chat.pane import draw_chat
from flowloom.ui.chat.preview import draw_preview
from flowloom.ui.configure.panel import draw_configure
from flowloom.ui.dialogs import draw_dialog, open_dialog
from flowloom.ui.edits import change
from flowloom.ui.formatting import count_of
from flowloom.ui.gpt.exporting import export_rows
from flowloom.ui.gpt.history import draw_history
from flowloom.ui.gpt.nothing_open import draw_nothing_open
from flowloom.ui.gpt.publishing import draw_publishing
from flowloom.ui.gpt.tour import draw_tour
from flowloom.ui.messages import show_problem
from flowloom.ui.outline.panel import draw_outline
from flowloom.ui.panels import (
    PANELS,
    draw_panels,
    reached_focus,
    show_panel,
    shown_panel,
    was_overtaken,
)
from flowloom.ui.session import asked_replay, current_gpt, go, language, t
from flowloom.workspace import workspace

HEIGHT = 720
STYLE = """<style>
.stMainBlockContainer {padding: 4.2rem 1.5rem 1rem; max-width: none;}
.stChatMessage :is(h1, h2, h3) {font-size: 1.15rem; padding: 0.4rem 0 0.2rem;}
.stChatMessage th {word-break: keep-all;}
.stChatMessage [role=radiogroup] {gap: 0.5rem;}
.stChatMessage [role=radiogroup] label {align-items: flex-start;}
[class*="st-key-forecast"] button p {text-align: start;}
@media (max-width: 640px) {
  .stMainBlockContainer {padding: 0.6rem 0.7rem 4.2rem;}
  .st-key-preview_open, .st-key-saved, .st-key-ready {display: none;}
  .st-key-header > :first-child:not(:has(button)) {display: none;}
  :is(.st-key-history, .st-key-evaluate) button [data-testid="stMarkdownContainer"] {
    position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap;}
}
</style>"""
"""Less air around the canvas, more between sentences to choose from; a heading in an answer is none of the page."""
LOOK_EVERY = 3.0
"""Seconds after which edits on the canvas show in the header."""
FORM_LOOK_EVERY = 1.0
"""Seconds after which an undo on the canvas shows in the form of the selected block."""


def show() -> None:
    st.html(STYLE)
    try:
        flow_id = current_gpt()
        if not flow_id:
            draw_nothing_open()
            return
        document = workspace().editor.open(flow_id)
    except FlowloomError as error:
        st.session_state.pop("gpt", None)
        show_problem(error.problem)
        st.button(t("My GPTs"), icon=":material/apps:", on_click=lambda: go("home"))
        return
    # Asked once: a run that ends while the page is being drawn is over for all of the page, or for none of it.
    active = workspace().runner.active(current_conversation(flow_id))
    if st.session_state.get("preview") == flow_id:
        draw_preview(document, active)
        return
    _header(document, busy=active is not None)
    draw_tour(document, active)
    draw_way_back(document)
    board, panel = st.columns([1.9, 1], gap="small")
    with board, st.container(key="board"):
        _canvas(document)
    with panel:
        _panel(document, active)


def _header(document: Document, *, busy: bool) -> None:
    name, state = st.columns([2, 3], vertical_alignment="center")
    flow = document.flow
    key = f"gpt_name:{flow.id}:{flow.name}"
    name.text_input(
        t("GPT name"),
        flow.name,
        max_chars=120,
        placeholder=t("Untitled GPT"),
        label_visibility="collapsed",
        key=key,
        on_change=lambda: _rename(document, flow.name, st.session_state[key].strip()),
    )
    with state.container(horizontal=True, horizontal_alignment="right", vertical_alignment="center", key="header"):
        # A look at the clock would interrupt the chat while it streams.
        st.fragment(_state, run_every=None if busy else LOOK_EVERY)(document, st.session_state.get("focus"))
        st.button(
            t("Preview"),
            icon=":material/fullscreen:",
            key="preview_open",
            help=t("Only the chat, as others will see it."),
            on_click=lambda: st.session_state.update(preview=flow.id),
        )
        st.button(t("History"), icon=":material/history:", key="history", on_click=lambda: open_dialog("history"))
        st.button(
            t("Evaluate"),
            icon=":material/science:",
            key="evaluate",
            help=t("Know whether a change made this GPT better, and see why."),
            on_click=lambda: go("evaluate"),
        )
        st.button(t("Publish"), icon=":material/public:", key="publish", on_click=lambda: open_dialog("publish"))
        with st.popover(t("Export"), icon=":material/download:", key="export"):
            export_rows(flow.id, flow.name, "export_rows")
    draw_dialog("history", t("History"), lambda: draw_history(document))
    draw_dialog("publish", t("Publish"), lambda: draw_publishing(document.flow), width="large")


def _rename(document: Document, drawn: str, name: str) -> None:
    if name != drawn:
        change(document, Describe(changes={"name": name}))


def _state(document: Document, focus: object) -> None:
    """What edits on the canvas change in the header; `focus` is where the canvas looked as the page was drawn."""
    # A way to a block is for all of the page, and this is but a part of it.
    if st.session_state.get("focus") != focus:
        st.rerun()
    flow = document.flow
    with st.container(horizontal=True, horizontal_alignment="right", vertical_alignment="center"):
        with st.container(width="content", key="saved"):
            st.caption(":material/cloud_done: " + t("Saved automatically"), width="content")
        problems = document.problems()
        if problems:
            title = count_of("problem", len(problems))
            icon = ":material/error:" if blocking(problems) else ":material/warning:"
            with st.popover(title, icon=icon, key="problems"):
                for number, problem in enumerate(problems[:20]):
                    show_problem_with_way(problem, flow, f"show_problem:{number}")
        else:
            with st.container(width="content", key="ready"):
                st.caption(":material/check_circle: " + t("Ready to chat"), width="content")


@st.fragment(run_every=FORM_LOOK_EVERY)
def _refresh_stale_form(document: Document) -> None:
    """Draw the page anew where the form just drawn was changed elsewhere. Before the form it would never end."""
    selected = st.session_state.get("selected", ())
    if len(selected) != 1:
        return
    node = document.flow.node(selected[0])
    kind = all_kinds().get(node.kind) if node else None
    if node and kind and form_of(document, node, kind).stale:
        st.rerun()


def _canvas(document: Document) -> None:
    flow_id = document.flow.id
    selected = canvas(
        base=f"/flows/{flow_id}",
        token=mint_token(flow_id, language()),
        catalog=catalog(language()),
        key=f"canvas:{flow_id}",
        language=language(),
        focus=st.session_state.get("focus"),
        replay=asked_replay(flow_id),
        height=HEIGHT,
    )
    _follow_selection(flow_id, selected)


def _follow_selection(flow_id: str, selected: tuple[str, ...]) -> None:
    """Show the block that was just selected, and the chat once nothing is; the person may switch back."""
    before = st.session_state.get("canvas_selected")
    st.session_state["canvas_selected"] = (flow_id, selected)
    if before == (flow_id, selected):
        return
    if was_overtaken(selected):
        return
    known = before is not None and before[0] == flow_id
    st.session_state["selected"] = selected
    if reached_focus(selected):
        return
    # The outline changes the block that is selected itself; on a phone the canvas would go from under the finger.
    if len(selected) == 1 and shown_panel() not in ("outline", "canvas"):
        show_panel("block")
    elif known and not selected and shown_panel() == "block":
        show_panel("chat")


def _panel(document: Document, active: str | None) -> None:
    panel = draw_panels()
    # One place for each, emptied at once: while an answer streams, Streamlit keeps what it would replace.
    places = {name: st.empty() for name in PANELS}
    with places[panel].container():
        _draw_panel(document, panel, active)


def _draw_panel(document: Document, panel: str, active: str | None) -> None:
    if panel in ("chat", "canvas"):
        # Where there is room for both, the chat stays beside the canvas.
        with st.container(key=f"panel_of_{panel}"):
            draw_chat(document, active)
        return
    with st.container(height=HEIGHT - 56, border=True):
        if panel == "configure":
            draw_configure(document)
        elif panel == "outline":
            draw_outline(document)
        else:
            draw_inspector(document, st.session_state.get("selected", ()))
            _refresh_stale_form(document)
