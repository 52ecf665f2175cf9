"""Why an answer is as it is: the blocks that worked, what they took and gave, the passages and the tool calls."""

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from flowloom.errors import FlowloomError
from flowloom.flow.model import Flow
from flowloom.kinds.port import as_text
from flowloom.kinds.registry import all_kinds
from flowloom.kinds.values import Passage
from flowloom.run.story import Step, story_of
from flowloom.run.view import RunView
from flowloom.ui.figures import seconds
from flowloom.ui.session import go_through, language, t
from flowloom.ui.speech import facts_of, label_of, plain, show_problem
from flowloom.workspace import MAIN, workspace

LONG = 4_000
"""Characters of one value that are shown."""


def draw_why(flow: Flow, view: RunView) -> None:
    """An expander below the answer, whose content is only made once it is open."""
    title = t("Why this answer")
    with st.expander(title, icon=":material/route:", key=f"why:{view.run_id}", on_change="rerun") as why:
        if why.open:
            _story(flow, story_of(workspace().runs.events(view.run_id)))
            st.button(
                t("Show on the canvas"),
                icon=":material/play_circle:",
                type="tertiary",
                help=t("Goes through this run step by step."),
                key=f"replay:{view.run_id}",
                on_click=lambda: go_through(flow.id, view.run_id),
            )


def draw_sources(flow: Flow, view: RunView) -> None:
    """The passages the answer stands on, each with a way to its document."""
    with st.expander(t("Sources ({count})", count=len(view.passages)), icon=":material/menu_book:"):
        for number, passage in enumerate(view.passages, 1):
            st.markdown(f"**[{number}] {plain(passage.place)}**  \n{plain(passage.text)}")
            key = f"open_source:{view.run_id}:{number}"
            if st.button(t("Open the document"), icon=":material/description:", type="tertiary", key=key):
                _document(flow, passage)


def _story(flow: Flow, steps: Sequence[Step]) -> None:
    worked = [step for step in steps if step.outcome != "skipped" and not step.caller]
    st.markdown(" → ".join(title_of(flow, step) for step in worked))
    passed_over = [title_of(flow, step) for step in steps if step.outcome == "skipped"]
    if passed_over:
        st.caption(t("Not needed this time: {names}", names=", ".join(passed_over)))
    for number, step in enumerate(step for step in steps if step.outcome != "skipped"):
        _step(flow, step, number)


def _step(flow: Flow, step: Step, number: int) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        facts = " · ".join(step_facts(step))
        indent = ":material/subdirectory_arrow_right: " if step.caller else ""
        st.markdown(f"{indent}{title_of(flow, step)} :gray[{facts}]", width="stretch")
        with st.popover(t("Look inside"), type="tertiary", key=f"step:{step.node}:{step.call}:{step.at}:{number}"):
            show_values(t("What came in"), step.inputs)
            show_values(t("What it gave"), step.outputs)
    if step.problem:
        show_problem(step.problem)


def step_facts(step: Step) -> list[str]:
    facts = [] if step.seconds is None else [seconds(step.seconds, 2)]
    facts += facts_of(step.usage) if step.usage else []
    if step.round > 1:
        facts.append(t("round {round}", round=step.round))
    if step.attempts > 1:
        facts.append(t("{count} tries", count=step.attempts))
    return facts


def show_values(title: str, values: Mapping[str, Any]) -> None:
    st.markdown(f"**{title}**")
    if not values:
        st.caption(t("Nothing"))
    for name, value in values.items():
        text = as_text(value)
        shown = text if len(text) <= LONG else f"{text[:LONG]}…"
        st.caption(plain(name))
        st.code(shown or " ", language=None, wrap_lines=True)


def title_of(flow: Flow, step: Step) -> str:
    node = flow.node(step.node)
    kind = all_kinds().get(node.kind) if node else None
    symbol = f":material/{kind.icon}:" if kind else ":material/help:"
    return f"{symbol} {plain(label_of(node) if node else step.node)}"


def _document(flow: Flow, passage: Passage) -> None:
    st.dialog(passage.file, width="large")(_show_document)(flow, passage)


def _show_document(flow: Flow, passage: Passage) -> None:
    try:
        text = _text_of(flow, passage.file)
    except FlowloomError as error:
        said = error.problem.describe(language())
        st.info(f"{said.message} {said.hint}")
        st.markdown(plain(passage.text))
        return
    end = passage.start + len(passage.text)
    before, found, after = text[: passage.start], text[passage.start : end], text[end:]
    st.caption(plain(passage.place))
    near = 3_000
    st.markdown(_lines(before[-near:]) + f":blue-background[{_lines(found)}]" + _lines(after[:near]))


def _text_of(flow: Flow, file: str) -> str:
    bases = dict.fromkeys([MAIN, *(str(node.config["base"]) for node in flow.nodes if node.config.get("base"))])
    problem: FlowloomError | None = None
    for base in bases:
        try:
            return workspace().knowledge.text(f"{flow.id}/{base}", file)
        except FlowloomError as error:
            problem = error
    assert problem is not None
    raise problem


def _lines(text: str) -> str:
    return plain(text).replace("\n", "  \n")
