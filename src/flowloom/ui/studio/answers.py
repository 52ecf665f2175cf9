"""What models answered to a prompt: as it comes, token by token, and going on from another word."""

from collections.abc import Sequence
from math import exp

import streamlit as st

from flowloom.errors import FlowloomError
from flowloom.store.prompts import Program, Prompt, Sample, Try
from flowloom.studio.pieces import Piece, pieces_of
from flowloom.studio.tries import SPENT
from flowloom.ui.edits import attempt
from flowloom.ui.formatting import ago, money, number, seconds
from flowloom.ui.messages import plain, show_problem
from flowloom.ui.session import t
from flowloom.ui.studio.tokens import draw_tokens, percent, picked
from flowloom.workspace import workspace

LOOK_EVERY = 0.6
SHOWN = 20
"""Answers of one try that are drawn."""
LEGEND = "The stronger the colour, the less likely. Choose a token to see what else was likely, and continue there."
SILENT = "This model doesn’t tell how likely its words are. Everything else works as usual."


def draw_answers(prompt: Prompt) -> None:
    tries = workspace().studio.store.tries(prompt.id)
    if not tries:
        st.caption(t("The answers appear here."))
        return
    chosen = _chosen(prompt, tries)
    going = workspace().studio.is_going(chosen.id)
    st.fragment(_draw, run_every=LOOK_EVERY if going else None)(prompt, chosen, going)


def _chosen(prompt: Prompt, tries: Sequence[Try]) -> Try:
    """The one that is looked at: the last, unless a person chose another."""
    key, by_id = f"studio_try:{prompt.id}", {each.id: each for each in tries}
    kept = st.session_state.get(key)
    if kept not in by_id:
        kept = tries[0].id
    if len(tries) > 1:
        name = f"{key}:choice:{kept}:{len(tries)}"
        st.selectbox(
            t("Asked"),
            list(by_id),
            index=list(by_id).index(kept),
            format_func=lambda id: _label(by_id[id]),
            key=name,
            on_change=lambda: st.session_state.update({key: st.session_state[name]}),
        )
    return by_id[kept]


def _label(asked: Try) -> str:
    facts = (t("version {number}", number=asked.number), ago(asked.at), asked.who)
    return " · ".join(filter(None, facts))


def _draw(prompt: Prompt, asked: Try, was_going: bool) -> None:
    studio = workspace().studio
    going = studio.is_going(asked.id)
    if going != was_going or "studio_problem" in st.session_state:
        st.rerun()
    program, samples = studio.store.program(prompt.id, asked.number), studio.store.samples(asked.id)
    _draw_state(asked, program, samples, going)
    problem = next((each.problem for each in studio.store.tries(prompt.id) if each.id == asked.id), None)
    if problem and not going:
        show_problem(problem.as_warning())
        if problem.code != SPENT.code:
            st.button(
                t("Continue"),
                icon=":material/play_arrow:",
                key="studio_continue",
                on_click=lambda: attempt(lambda: studio.resume(asked.id)),
            )
    shown = _ordered(program, samples)
    if any(not each.problem and not each.tokens for each in shown):
        st.caption(t(SILENT))
    if any(each.tokens for each in shown):
        st.caption(t(LEGEND))
    for sample in shown[:SHOWN]:
        _draw_sample(prompt, asked, program, sample, samples, may_pick=not going)
    if len(shown) > SHOWN:
        st.caption(t("The first {count} answers of {total}.", count=SHOWN, total=number(len(shown))))


def _ordered(program: Program, samples: Sequence[Sample]) -> list[Sample]:
    """The last step first, and in it the answer that counts, then those a person branched off."""
    return sorted(samples, key=lambda each: (-each.step, not each.taken, not each.begun, each.number))


def _draw_state(asked: Try, program: Program, samples: Sequence[Sample], going: bool) -> None:
    total = max(sum(step.samples for step in program.steps), len(samples))
    costs = [each.cost for each in samples if each.cost is not None]
    facts = [t("{done} of {total} answers", done=number(len(samples)), total=number(total))]
    if sum(costs):
        facts.append(t("Cost so far: {cost}", cost=money(sum(costs))))
    if not going:
        st.caption(plain(" · ".join(facts)))
        return
    st.progress(min(1.0, len(samples) / total), text=plain(" · ".join(facts)))
    st.button(
        t("Stop"),
        icon=":material/stop:",
        key="studio_stop",
        on_click=lambda: attempt(lambda: workspace().studio.stop(asked.id)),
    )


def _draw_sample(
    prompt: Prompt, asked: Try, program: Program, sample: Sample, samples: Sequence[Sample], *, may_pick: bool
) -> None:
    key = f"answer:{asked.id}:{sample.step}:{sample.number}"
    with st.container(border=True, gap="small", key=key):
        st.markdown(_heading(program, sample, samples))
        if sample.problem:
            show_problem(sample.problem)
            return
        if not sample.tokens:
            st.markdown(plain(sample.whole).replace("\n", "  \n"))
            return
        pieces = _pieces(asked, sample)
        name = f"tokens:{asked.id}:{sample.step}:{sample.number}"
        draw_tokens(
            pieces,
            sample.begun,
            name,
            lambda: _go_on(prompt, asked, sample, picked(name, pieces)),
            may_pick=may_pick,
        )


def _pieces(asked: Try, sample: Sample) -> list[Piece]:
    return pieces_of(sample.tokens, sample.begun)


def _heading(program: Program, sample: Sample, samples: Sequence[Sample]) -> str:
    title = t("Answer {number}", number=sample.number)
    if len(program.steps) > 1:
        title = f"{program.steps[sample.step].name} · {title}"
    badge = ""
    if sample.taken and sum(each.step == sample.step for each in samples) > 1:
        votes = f" ({sample.because})" if sample.because else ""
        badge = f" :green-badge[:material/check: {plain(t('Chosen answer') + votes)}]"
    if sample.begun:
        badge += f" :blue-badge[:material/alt_route: {plain(t('Continued from your choice'))}]"
    return f"**{plain(title)}**{badge}  \n:gray[{plain(' · '.join(_facts(sample)))}]"


def _facts(sample: Sample) -> list[str]:
    facts = []
    if sample.sureness is not None:
        facts.append(t("{share} likely on average", share=percent(exp(sample.sureness))))
    if sample.written is not None:
        facts.append(t("{count} tokens", count=number(sample.written)))
    if sample.seconds is not None:
        facts.append(seconds(sample.seconds))
    if sample.cost:
        facts.append(money(sample.cost))
    return facts or [sample.model]


def _go_on(prompt: Prompt, asked: Try, sample: Sample, begun: str | None) -> None:
    if begun is None:
        return
    try:
        workspace().studio.go_on(prompt.id, asked.id, sample, begun)
        st.session_state[f"studio_try:{prompt.id}"] = asked.id
    except FlowloomError as error:
        st.session_state["studio_problem"] = error.problem
