"""Start from a sentence: a GPT drafted for it, the templates near it, and a model that builds on the choice."""

from typing import Any, NamedTuple

import streamlit as st

from flowloom.builder.talk import Turn, turn_of_change
from flowloom.builder.talking import Reply, propose_first
from flowloom.configuration.backbone import with_edits
from flowloom.drafting.draft import draft, fitting_template, template_texts
from flowloom.drafting.wish import Wish, read_wish
from flowloom.errors import FlowloomError
from flowloom.flow.edit import Describe, Operation
from flowloom.flow.model import Flow
from flowloom.kinds.registry import all_kinds
from flowloom.services.models.settings import PRACTICE
from flowloom.store.nearest import MOST, Nearest, find_nearest, language_of_wish
from flowloom.store.templates import Template
from flowloom.ui.asking import asked
from flowloom.ui.gpt.opening import create_empty, open_gpt
from flowloom.ui.messages import draw_title, icon_of, label_of, plain, show_problem
from flowloom.ui.session import language, t
from flowloom.workspace import workspace

LONGEST = 500
DRAFT = "draft"
"""Stands among the ids of templates for the GPT that was drafted."""


class Start(NamedTuple):
    """What a person may begin with: a flow as it would be made, by its id among the choices."""

    id: str
    flow: Flow
    template: Template | None = None


def draw_wish() -> None:
    wish = st.text_input(
        t("Describe the GPT you want"),
        placeholder=t("For example: a tutor that helps my students with their homework"),
        max_chars=LONGEST,
        icon=":material/auto_awesome:",
        key="wish",
    ).strip()
    if not wish:
        return
    spoken = language_of_wish(wish, language())
    read = read_wish(wish, spoken)
    if not read.topic:
        _too_little(wish)
        return
    with st.spinner(t("Drafting your GPT…")):  # the first time it reads what it compares meanings with
        start = _drafted(read)
        nearest = find_nearest(wish, spoken)
    _draw_draft(wish, start)
    found = [near for near in nearest if near.template != start.template]
    starts = [start, *(Start(near.template.id, near.template.flow, near.template) for near in found)]
    _cards(wish, found)
    _say_what_is_sent()
    _write(wish, starts)


def _drafted(wish: Wish) -> Start:
    template = fitting_template(wish)
    if template is None:
        return Start(DRAFT, draft(wish))
    return Start(DRAFT, template.flow.model_copy(update=template_texts(wish, template)), template)


def _too_little(wish: str) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(t("Say a little more: what should it do, and for whom?"), width="content")
        _empty_button(wish)


def _empty_button(wish: str) -> None:
    st.button(
        t("Start with an empty canvas"),
        icon=":material/add:",
        key="wish_empty",
        on_click=lambda: _leave_to(create_empty(language_of_wish(wish, language()), wish)),
    )


def _draw_draft(wish: str, start: Start) -> None:
    """The GPT as it would be: its name, its blocks in a line, and its conversation starters."""
    flow = start.flow
    with st.container(border=True, key="wish_draft"):
        draw_title(flow.icon, flow.picture, flow.name)
        st.markdown("\n".join(f"- {plain(starter)}" for starter in flow.starters[:4]))
        st.caption(t("Blocks: {blocks}", blocks=_blocks(flow)))
        with st.container(horizontal=True):
            st.button(
                t("Create this GPT"),
                type="primary",
                icon=":material/auto_awesome:",
                key=f"begin:{DRAFT}",
                on_click=lambda: _begin(wish, start),
            )
            _empty_button(wish)


def _blocks(flow: Flow) -> str:
    """What people call its blocks, in the order of the file."""
    kinds = all_kinds()
    shown = [node for node in flow.nodes if node.kind in kinds and not kinds[node.kind].annotates]
    return plain(" · ".join(label_of(node) for node in shown))


def _cards(wish: str, found: list[Nearest]) -> None:
    if not found:
        return
    st.caption(t("Or start from a template:"))
    for column, near in zip(st.columns(MOST), found, strict=False):
        with column.container(border=True, height="stretch", key=f"near:{near.template.id}"):
            _card(wish, near)


def _card(wish: str, near: Nearest) -> None:
    flow = near.template.flow
    st.markdown(f"#### {icon_of(flow.icon)} {plain(flow.name)}")
    st.markdown(plain(flow.description))
    if near.words:  # in meaning alone, there are none
        st.caption(t("Matches: {words}", words=plain(", ".join(near.words))))
    st.button(
        t("Start with this"),
        key=f"begin:{near.template.id}",
        on_click=lambda: _begin(wish, Start(near.template.id, flow, near.template)),
    )


def _say_what_is_sent() -> None:
    model = _real_model()
    if model:
        st.caption(
            t(
                "Your description and the draft are sent to {model}, which makes the draft fit what you want.",
                model=plain(model),
            )
        )


def _real_model() -> str:
    """The model of the default role, "" where that is the practice model."""
    chosen = workspace().models.settings.roles.get("default", PRACTICE)
    return "" if chosen == PRACTICE else chosen


def _begin(wish: str, start: Start) -> None:
    st.session_state.pop("wish_problem", None)
    if _real_model():
        st.session_state["wish_begun"] = (wish, start.id)
    else:
        _begin_plain(wish, start)


def _begin_plain(wish: str, start: Start) -> None:
    _leave_to(_made_plain(wish, start))


def _made_plain(wish: str, start: Start) -> Flow:
    """Without a model: the draft as it was shown, or the template with the sentence described first."""
    if start.id == DRAFT:
        return _make(start, start.flow.model_dump(include={"name", "description", "instructions", "starters"}))
    return _make(start, {"description": f"{wish}\n\n{start.flow.description}"})


def _make(start: Start, texts: dict[str, Any]) -> Flow:
    """Keep it, with these texts and a name no other has. Raises FlowloomError."""
    if start.template:
        return workspace().intake.create_from_template(start.template, texts)
    named = {**texts, "name": workspace().flows.free_name(texts["name"])}
    return workspace().flows.create(Flow.model_validate({**start.flow.model_dump(by_alias=True), **named}))


def _leave_to(flow: Flow) -> None:
    for name in ("wish", "wish_begun", "wish_problem"):
        st.session_state.pop(name, None)
    open_gpt(flow.id)


def _write(wish: str, starts: list[Start]) -> None:
    """Have the model build on what was chosen; where it can't, that is said, and nothing is kept."""
    begun = st.session_state.pop("wish_begun", None)
    for start in starts:
        if begun == (wish, start.id):
            with st.spinner(t("Building your GPT…")):
                _try(wish, start)
        problem = st.session_state.get("wish_problem")
        if problem and problem[:2] == (wish, start.id):
            _failed(wish, start, problem[2])


def _try(wish: str, start: Start) -> None:
    try:
        reply = asked(propose_first(workspace().models_for(), start.flow, wish))
        flow = _made_plain(wish, start)
        _apply(wish, flow, reply)
    except FlowloomError as error:
        st.session_state["wish_problem"] = (wish, start.id, error.problem)
        return
    _leave_to(flow)
    st.rerun()


def _apply(wish: str, flow: Flow, reply: Reply) -> None:
    """Make the model's changes one step, which a click undoes, and begin the talk about this GPT with them."""
    document, talks = workspace().editor.open(flow.id), workspace().talks
    document.edit_by(lambda now: [*reply.edits, *_named_apart(with_edits(now, reply.edits), flow.name)])
    told = turn_of_change(reply.say, flow, document.flow, reply.tries, language())
    for turn in (Turn(role="user", text=wish), told):
        talks.add(flow.id, turn.model_dump_json())


def _named_apart(flow: Flow, own: str) -> list[Operation]:
    """What gives it a name that no other GPT has."""
    free = flow.name if flow.name == own else workspace().flows.free_name(flow.name)
    return [] if free == flow.name else [Describe(changes={"name": free})]


def _failed(wish: str, start: Start, problem: Any) -> None:
    show_problem(problem)
    st.button(
        t("Use the draft unchanged") if start.id == DRAFT else t("Use the template unchanged"),
        key="wish_plain",
        on_click=lambda: _begin_plain(wish, start),
    )
