"""What a sentence of an answer stands on: passages, choices, tools, and the one setting to change."""

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from flowloom.flow.model import Flow
from flowloom.kinds.port import as_text
from flowloom.kinds.registry import all_kinds
from flowloom.run.events import RunEvent
from flowloom.run.execution.rerun import set_otherwise
from flowloom.run.reading.provenance import Grounds, Setting, Support, Telling, answers_of
from flowloom.run.reading.record import Decision
from flowloom.run.reading.sentences import Sentence
from flowloom.run.reading.steps import Step
from flowloom.ui.chat.sources import document_button, marked
from flowloom.ui.messages import label_of, plain
from flowloom.ui.panels import look_at
from flowloom.ui.runs.steps import look_inside, title_of
from flowloom.ui.session import language, t

MANY = 7
"""Sentences beyond which their list scrolls by itself."""
HEIGHT = 300
SHORT = 160
"""Characters of a sentence or a value that are shown in a line."""


def draw_grounds(then: Flow, now: Flow, events: Sequence[RunEvent], run_id: str) -> None:
    """The sentences of a run's answers, and what the chosen one stands on.

    They are read from the flow as the run used it (`then`); what one may change is of the flow `now`.
    """
    answers = answers_of(events, then, all_kinds(), language())
    places = [(answer, number) for answer in answers for number in range(len(answer.sentences))]
    if not places:
        return
    with st.container(height=HEIGHT if len(places) > MANY else "content", border=len(places) > MANY):
        chosen = st.radio(
            t("Choose a sentence to see its source"),
            range(len(places)),
            index=None,
            format_func=lambda at: _line(places[at][0].sentences[places[at][1]]),
            key=f"sentence:{run_id}",
        )
    if not all(answer.is_whole for answer in answers):
        st.caption(t("The answer is very long, so only its first sentences are listed."))
    if chosen is not None:
        answer, number = places[chosen]
        with st.container(border=True, gap="small", key=f"grounds:{run_id}"):
            _draw(then, now, answer.grounds(number), f"grounds:{run_id}:{chosen}")


def _line(sentence: Sentence) -> str:
    said = _short(sentence.said)
    return f"`{said.replace('`', ' ')}`" if sentence.is_code else plain(said)


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= SHORT else f"{line[:SHORT]}…"


def _draw(flow: Flow, now: Flow, found: Grounds, key: str) -> None:
    if found.nothing_says_it:
        st.markdown(f":material/help: **{t('Nothing read in this run says this.')}**")
    for number, support in enumerate(found.passages):
        _passage(flow, support, f"{key}:passage:{number}")
    for telling in found.tellings:
        st.markdown(f":material/notes: **{_teller(flow, telling)}**  \n{marked(telling.text, telling.marks)}")
    _calls(flow, found.calls, key)
    if found.source:
        said = "“{block}” wrote this wording." if found.phrased else "This is the exact wording of “{block}”."
        st.markdown(":material/format_quote: " + t(said, block=_block(flow, found.source.node)))
    for decision in found.decisions:
        _decision(flow, decision)
    if found.setting and now.node(found.setting.node):
        if found.setting.node in set_otherwise(flow, now):
            st.caption(t("“{block}” has been edited since this answer.", block=_block(now, found.setting.node)))
        _setting(now, found.setting, key)


def _passage(flow: Flow, support: Support, key: str) -> None:
    cited = f" :gray[{plain(t('cited as [{number}]', number=support.cited))}]" if support.cited else ""
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown(f":material/menu_book: **{plain(support.passage.place)}**{cited}", width="stretch")
        document_button(flow, support.passage, key)
    st.markdown(marked(support.passage.text, support.marks))


def _teller(flow: Flow, telling: Telling) -> str:
    return _block(flow, telling.node) if telling.node else t("Instructions of this GPT")


def _calls(flow: Flow, calls: Sequence[Step], key: str) -> None:
    for step in calls:
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            facts = f"{_values(step.inputs)} → {_values(step.outputs)}"
            st.markdown(f"{title_of(flow, step)} :gray[{plain(facts)}]", width="stretch")
            look_inside(step, f"{key}:call")


def _values(values: Mapping[str, Any]) -> str:
    return _short(" · ".join(filter(None, dict.fromkeys(as_text(value) for value in values.values()))))


def _decision(flow: Flow, decision: Decision) -> None:
    way = f"{title_of(flow, decision.step)} → **{plain(t(decision.way.said))}**"
    round = t("round {round}", round=decision.step.round) if decision.step.round > 1 else ""
    said = " · ".join(filter(None, (round, decision.because)))
    st.markdown(f"{way} :gray[{plain(said)}]" if said else way)


def _setting(flow: Flow, setting: Setting, key: str) -> None:
    st.markdown(f":material/tune: {_advice(flow, setting)}")
    st.button(
        t("Show “{block}”", block=_block(flow, setting.node)),
        icon=":material/my_location:",
        key=f"{key}:setting",
        on_click=lambda: look_at(setting.node),
    )


def _advice(flow: Flow, setting: Setting) -> str:
    block, field = _block(flow, setting.node), _field(flow, setting)
    if not field:
        return t("To change this, edit “{block}”.", block=block)
    if setting.reads:
        return t("To read more, change “{field}” in “{block}”.", field=field, block=block)
    return t("To change this, edit “{field}” in “{block}”.", field=field, block=block)


def _field(flow: Flow, setting: Setting) -> str:
    """The name of the field as the form of the block says it."""
    node = flow.node(setting.node)
    kind = all_kinds().get(node.kind) if node else None
    field = kind.config.model_fields.get(setting.field) if kind else None
    return plain(t(field.title)) if field and field.title else ""


def _block(flow: Flow, id: str) -> str:
    node = flow.node(id)
    return plain(label_of(node) if node else id)
