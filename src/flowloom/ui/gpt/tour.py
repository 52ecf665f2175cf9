"""The tour for newcomers: a GPT drawn, asked and changed, in three steps above the canvas."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import streamlit as st

from flowloom.editor import Document
from flowloom.flow.model import Flow, Node
from flowloom.store.templates import templates
from flowloom.ui.chat.conversations import current_conversation
from flowloom.ui.chat.pane import send
from flowloom.ui.gpt.opening import open_gpt
from flowloom.ui.messages import label_of, plain
from flowloom.ui.panels import look_at, show_panel
from flowloom.ui.session import go, is_phone, keep_preference, language, preference, t
from flowloom.workspace import workspace

TEMPLATE, CHANGED_KIND = "knowledge-helper", "prompt"
DRAWN, ASKED, CHANGED, READY = 1, 2, 3, 4
SEEN = "seen_tour"
STYLE = """<style>
.st-key-tour {background: color-mix(in srgb, #5850ec 9%, transparent);}
@media (min-width: 640px) {.st-key-tour > :first-child {flex: 1 1 20rem;}}
</style>"""


@dataclass(frozen=True, slots=True)
class Tour:
    """How far the tour of one GPT has come; `blocks` is how they were at its beginning."""

    gpt: str
    blocks: tuple[Node, ...]
    step: int = DRAWN


def offer_tour(*, is_empty: bool) -> None:
    """The way in on My GPTs: until the tour was seen or declined, and as long as there is nothing else."""
    is_new = not preference(SEEN)
    if not (is_new or is_empty):
        return
    with st.container(border=True, horizontal=True, vertical_alignment="center", key="tour_offer"):
        st.markdown(t("New here? Learn in three steps how to build, test and edit a GPT."), width="stretch")
        tour_button("tour_home")
        if is_new:
            st.button(t("No, thanks"), type="tertiary", key="tour_decline", on_click=_see)


def tour_button(key: str) -> None:
    st.button(t("Show me around"), icon=":material/explore:", key=key, on_click=_begin)


def _see() -> None:
    keep_preference(SEEN, True)


def _begin() -> None:
    _see()
    template = next(template for template in templates(language()) if template.id == TEMPLATE)
    flow = workspace().intake.create_from_template(template)
    st.session_state["tour"] = Tour(flow.id, flow.nodes)
    open_gpt(flow.id)
    show_panel("canvas" if is_phone() else "chat")


def draw_tour(document: Document, active: str | None) -> None:
    """The bar above the canvas, while the tour of this GPT is on."""
    tour: Tour | None = st.session_state.get("tour")
    if not tour or tour.gpt != document.flow.id:
        return
    tour = st.session_state["tour"] = _brought_on(tour, document.flow, active)
    st.html(STYLE)
    with st.container(border=True, horizontal=True, vertical_alignment="center", gap="small", key="tour"):
        if tour.step == READY:
            _draw_ready(document, active)
        else:
            _draw_step(tour, document, active)


def _brought_on(tour: Tour, flow: Flow, active: str | None) -> Tour:
    """The tour past the steps the person has done by themselves."""
    if tour.step == ASKED and _is_answered(flow.id, active):
        tour = replace(tour, step=CHANGED)
    if tour.step == CHANGED and flow.nodes != tour.blocks:
        tour = replace(tour, step=READY)
    return tour


def _is_answered(flow_id: str, active: str | None) -> bool:
    turns = workspace().runs.turns(current_conversation(flow_id))
    return any(turn.role == "assistant" and turn.text and turn.run_id != active for turn in turns)


def _draw_step(tour: Tour, document: Document, active: str | None) -> None:
    if tour.step == DRAWN:
        _say(
            tour,
            t(
                "This is your GPT. A message comes in on the left, goes from block to block along "
                "the connections, and leaves on the right as the answer."
            ),
        )
    elif tour.step == ASKED:
        _say(tour, t("Ask it something and watch on the canvas which block is running."))
        _ask_button(document, active)
    else:
        _draw_change(tour, document.flow)
    st.button(t("Next"), key="tour_next", on_click=lambda: _go_on(tour))
    st.button(t("Skip"), type="tertiary", key="tour_skip", on_click=_end)


def _say(tour: Tour, text: str) -> None:
    st.markdown(f"**{tour.step}/{CHANGED}** &nbsp;{text}", width="stretch")


def _draw_change(tour: Tour, flow: Flow) -> None:
    node = next((node for node in flow.nodes if node.kind == CHANGED_KIND), None)
    name = label_of(node) if node else "…"
    _say(
        tour,
        t(
            "Edit a block: select “{block}” and edit its text. It saves automatically.",
            block=plain(name),
        ),
    )
    if node:
        st.button(
            t("Show “{block}”", block=plain(name)),
            icon=":material/my_location:",
            type="primary",
            key="tour_show",
            on_click=lambda: look_at(node.id),
        )


def _draw_ready(document: Document, active: str | None) -> None:
    st.markdown("**" + t("You’re ready.") + "** " + t("Ask again to see what your change does."), width="stretch")
    _ask_button(document, active)
    _leave_button(t("Templates"), ":material/dashboard:", "tour_templates", lambda: go("home"))
    _leave_button(t("Settings"), ":material/tune:", "tour_settings", lambda: go("settings"))
    st.button(t("Close"), type="tertiary", key="tour_close", on_click=_end)


def _ask_button(document: Document, active: str | None) -> None:
    flow = document.flow
    if not flow.starters:
        return
    st.button(
        plain(flow.starters[0]),
        icon=":material/chat:",
        type="primary",
        key="tour_ask",
        disabled=active is not None,
        on_click=lambda: _ask(document),
    )


def _ask(document: Document) -> None:
    show_panel("chat")
    send(document, document.flow.starters[0])


def _leave_button(label: str, icon: str, key: str, leave: Callable[[], None]) -> None:
    def end_and_leave() -> None:
        _end()
        leave()

    st.button(label, icon=icon, key=key, on_click=end_and_leave)


def _go_on(tour: Tour) -> None:
    st.session_state["tour"] = replace(tour, step=tour.step + 1)
    if tour.step == DRAWN:
        show_panel("chat")


def _end() -> None:
    st.session_state.pop("tour", None)
