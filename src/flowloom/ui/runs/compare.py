"""Two or three runs of one GPT side by side: what was asked and answered, what it took, and which blocks differ."""

from collections.abc import Callable, Iterator, Sequence

import streamlit as st

from flowloom.flow.model import Flow
from flowloom.run.reading.compare import Compared, compared
from flowloom.run.reading.steps import Step, story_of
from flowloom.run.reading.view import RunView
from flowloom.store.ledger import RunEntry
from flowloom.ui.acting import require_mine
from flowloom.ui.chat.answer_text import answer_markdown
from flowloom.ui.formatting import moment_of
from flowloom.ui.messages import icon_of, name_of, plain, show_problem
from flowloom.ui.runs.list import STATE_ICONS, STATES, cost, spell, tokens
from flowloom.ui.runs.steps import list_values, step_facts, title_of
from flowloom.ui.session import t
from flowloom.workspace import workspace

LEAST, MOST = 2, 3
"""How many runs are compared."""
LONG = 1_500
"""Characters of what was asked and answered that are shown."""


def draw_compare(run_ids: Sequence[str], on_open: Callable[[str], None]) -> None:
    """The runs of the GPT of the first one. Raises FlowloomError where that GPT is gone."""
    entries = _entries(run_ids)
    if len(entries) < LEAST:
        st.info(t("These runs can’t be compared. Choose two or three runs of the same GPT."))
        return
    flow = workspace().flows.load(require_mine(entries[0].flow))
    st.markdown(f"### {icon_of(flow.icon)} {plain(name_of(flow.name))}")
    for place, (column, entry) in enumerate(zip(st.columns(len(entries)), entries, strict=True), 1):
        with column.container(border=True, gap="small", key=f"compared:{place}"):
            _draw_run(entry, place, on_open)
    stories = [story_of(workspace().runs.events(entry.id)) for entry in entries]
    _draw_blocks(flow, compared(stories))


def _entries(run_ids: Sequence[str]) -> list[RunEntry]:
    found = [workspace().ledger.entry(run_id) for run_id in dict.fromkeys(run_ids)]
    entries = [entry for entry in found if entry]
    return [entry for entry in entries if entry.flow == entries[0].flow][:MOST]


def _draw_run(entry: RunEntry, place: int, on_open: Callable[[str], None]) -> None:
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.markdown(f"**{_run(place)}** :gray[{plain(moment_of(entry.started))}]", width="content")
        st.button(
            t("Open"),
            icon=":material/open_in_new:",
            type="tertiary",
            key=f"open_run:{entry.id}",
            on_click=lambda: on_open(entry.id),
        )
    st.caption(" · ".join(_facts(entry)))
    view = workspace().runner.view(entry.id)
    if view:
        _draw_said(view)


def _run(place: int) -> str:
    return t("Run {number}", number=place)


def _facts(entry: RunEntry) -> Iterator[str]:
    state = "cancelled" if entry.state not in STATES else entry.state
    yield f":material/{STATE_ICONS[state]}: {t(STATES[state])}"
    if entry.seconds is not None:
        yield spell(entry.seconds)
    for fact in (tokens(entry.tokens), cost(entry.cost)):
        if fact:
            yield plain(fact)


def _draw_said(view: RunView) -> None:
    asked, answered = plain(_cut(view.message)).replace("\n", "  \n"), answer_markdown(_cut(view.text))
    for title, text in ((t("Question"), asked), (t("Answer"), answered)):
        if text:
            st.caption(title)
            st.markdown(text)
    if view.problem:
        show_problem(view.problem)
    elif not view.text:
        st.caption(t("No answer was produced."))


def _cut(text: str) -> str:
    return text if len(text) <= LONG else f"{text[:LONG]}…"


def _draw_blocks(flow: Flow, blocks: Sequence[Compared]) -> None:
    st.markdown(f"#### {t('Block outputs')}")
    for block in blocks:
        if block.differs:
            _draw_block(flow, block)
    same = [_title(flow, block) for block in blocks if not block.differs]
    if same:
        st.caption(t("Same in all: {names}", names=", ".join(same)))


def _title(flow: Flow, block: Compared) -> str:
    return title_of(flow, next(step for step in block.steps if step))


def _draw_block(flow: Flow, block: Compared) -> None:
    title = f"{_title(flow, block)} :orange-badge[{t('Different')}]"
    with st.expander(title, expanded=True, key=f"compare:{block.node}"):
        columns = st.columns(len(block.steps))
        for place, (column, step) in enumerate(zip(columns, block.steps, strict=True), 1):
            with column:
                _draw_step(step, place, block.differing())


def _draw_step(step: Step | None, place: int, differing: frozenset[str]) -> None:
    worked = step is not None and step.outcome != "skipped"
    facts = step_facts(step) if step and worked else [t("Not used")]
    st.markdown(f"**{_run(place)}** :gray[{' · '.join(facts)}]")
    if step and worked and step.problem:
        show_problem(step.problem)
    if step and worked:
        # What is the same in all is left out, so that the eye finds what is not.
        list_values({name: value for name, value in step.outputs.items() if name in differing})
