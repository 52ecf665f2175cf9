"""Writing a prompt: its steps, the values it names, how it is asked, and what that costs at most."""

from typing import Any

import streamlit as st

from flowloom.errors import FlowloomError
from flowloom.nodes.templates import names_in
from flowloom.services.models.counting import count_tokens
from flowloom.services.models.settings import PRACTICE, ROLES
from flowloom.store.prompts import Program, Prompt, Step, TryPlan
from flowloom.studio.forecast import forecast
from flowloom.studio.tries import check, inputs_of
from flowloom.ui.acting import me
from flowloom.ui.block.fields import ROLE_LABELS
from flowloom.ui.formatting import count_of, money, number
from flowloom.ui.messages import plain
from flowloom.ui.session import t
from flowloom.workspace import workspace

TAKES = {
    "first": "The first answer",
    "likeliest": "The one the model is surest of",
    "vote": "What most answers say",
    "judge": "The best, as the model judges",
}
HELP = {
    "vote": "Answers whose last line says the same count together.",
    "likeliest": "By the mean probability of its words. A model that doesn’t tell any gives the first answer.",
}
MOST_STEPS, MOST_SAMPLES = 6, 50


def who() -> str:
    """The name beside what somebody of a team did."""
    account = me()
    return account.shown if account else ""


def draw_writing(prompt: Prompt) -> None:
    """What is written is kept as a version as soon as it is asked."""
    kept = workspace().studio.store.program(prompt.id, prompt.number)
    key = f"studio:{prompt.id}:{prompt.number}"
    count = st.session_state.setdefault(f"{key}:steps", len(kept.steps))
    steps = [_draw_step(key, place, count, _kept_step(kept, place)) for place in range(count)]
    _draw_step_buttons(key, count)
    program = Program(steps=tuple(steps))
    before = next((each.plan.inputs for each in workspace().studio.store.tries(prompt.id, most=1)), {})
    inputs = {name: _draw_input(prompt, name, before.get(name, "")) for name in inputs_of(program)}
    plan = _draw_plan(prompt, inputs)
    _draw_asking(prompt, program, plan)


def _kept_step(kept: Program, place: int) -> Step:
    return kept.steps[place] if place < len(kept.steps) else Step(name=f"step{place + 1}")


def _draw_step(key: str, place: int, count: int, kept: Step) -> Step:
    key = f"{key}:{place}"
    with st.container(border=count > 1, gap="small", key=f"{key}:box"):
        name = kept.name
        if count > 1:
            name = _name(
                st.text_input(t("Step {number}", number=place + 1), kept.name, max_chars=40, key=f"{key}:name")
            )
        text = st.text_area(
            t("Prompt"),
            kept.text,
            height=170,
            key=f"{key}:text",
            help=t("A name in double braces, such as {{topic}}, becomes a field to fill in."),
        )
        model = _draw_model(key, kept.model)
        _draw_count(text, model)
        more = _draw_more(key, kept)
        return Step(name=name or kept.name, text=text or "", model=model, **more)


def _name(written: str | None) -> str:
    """A name as braces can hold it."""
    found = names_in("{{" + (written or "").strip() + "}}")
    return found[0] if found else ""


def _draw_model(key: str, kept: str) -> str:
    options = list(dict.fromkeys([*map(str, ROLES), PRACTICE, *workspace().models.settings.choices(), kept]))
    chosen = st.selectbox(
        t("Model"), options, index=options.index(kept), format_func=model_label, key=f"{key}:model"
    )
    return chosen or kept


def model_label(model: str) -> str:
    """How a role or a model is called, and which model plays the role."""
    settings = workspace().models.settings
    label = t(ROLE_LABELS[model]) if model in ROLE_LABELS else model
    played = settings.roles.get(model, "") if model in ROLE_LABELS else ""
    shown = [t("Practice model") if each == PRACTICE else each for each in (label, played) if each]
    return " · ".join(shown)


def _draw_count(text: str, model: str) -> None:
    found = count_tokens(text, model, workspace().models.settings)
    said = t("{count} tokens", count=number(found.tokens))
    st.caption(said if found.exact else t("About {count} tokens", count=number(found.tokens)))


def _draw_more(key: str, kept: Step) -> dict[str, Any]:
    with st.container(horizontal=True, vertical_alignment="bottom"):
        samples = st.number_input(t("Answers"), 1, MOST_SAMPLES, kept.samples, key=f"{key}:samples", width=130)
        length = st.number_input(
            t("Tokens at most"), 1, 32_000, kept.most_tokens, step=50, key=f"{key}:length", width=150
        )
    found: dict[str, Any] = {"samples": samples, "most_tokens": length, "take": kept.take, "rule": kept.rule}
    if samples > 1:
        found |= _draw_take(key, kept)
    with st.expander(t("More"), key=f"{key}:more"):
        found["system"] = (
            st.text_area(t("Instructions before it"), kept.system, key=f"{key}:system", height=90) or ""
        )
        found["temperature"] = st.number_input(
            t("Temperature"),
            0.0,
            2.0,
            kept.temperature,
            step=0.1,
            key=f"{key}:temperature",
            placeholder=t("as the model has it"),
            help=t("0 is always the same answer as far as the model can; higher is more varied."),
        )
    return found


def _draw_take(key: str, kept: Step) -> dict[str, Any]:
    take = st.selectbox(
        t("Which answer counts"),
        list(TAKES),
        index=list(TAKES).index(kept.take),
        format_func=lambda take: t(TAKES[take]),
        key=f"{key}:take",
    )
    if take in HELP:
        st.caption(t(HELP[take]))
    rule = kept.rule
    if take == "judge":
        rule = st.text_input(t("What makes an answer good"), kept.rule, key=f"{key}:rule") or ""
    return {"take": take, "rule": rule}


def _draw_step_buttons(key: str, count: int) -> None:
    def step(by: int) -> None:
        st.session_state[f"{key}:steps"] = count + by

    with st.container(horizontal=True):
        if count < MOST_STEPS:
            st.button(
                t("Add a step"),
                icon=":material/add:",
                type="tertiary",
                key=f"{key}:add",
                help=t("The next step can use this answer by the name of its step in double braces."),
                on_click=step,
                args=(1,),
            )
        if count > 1:
            st.button(
                t("Remove the last step"),
                icon=":material/remove:",
                type="tertiary",
                key=f"{key}:remove",
                on_click=step,
                args=(-1,),
            )


def _draw_input(prompt: Prompt, name: str, before: str) -> str:
    """A field that begins with what was asked last."""
    key = f"studio_input:{prompt.id}:{name}"
    if key not in st.session_state:
        st.session_state[key] = before
    return st.text_area(name, key=key, height=68) or ""


def _draw_plan(prompt: Prompt, inputs: dict[str, str]) -> TryPlan:
    key = f"studio_plan:{prompt.id}"
    with st.expander(t("Speed and budget"), icon=":material/speed:", key=f"{key}:box"):
        at_once = st.slider(t("Model calls at the same time"), 1, 16, 4, key=f"{key}:at_once")
        a_minute = st.number_input(
            t("Calls a minute at most"), 1, None, None, key=f"{key}:a_minute", placeholder=t("no limit")
        )
        budget = st.number_input(
            t("Budget in $"),
            0.0,
            None,
            None,
            step=0.1,
            key=f"{key}:budget",
            placeholder=t("no limit"),
            help=t("Nothing more is asked once this much is spent. What was answered is kept."),
        )
    return TryPlan(inputs=inputs, at_once=at_once, a_minute=a_minute, budget=budget)


def _draw_asking(prompt: Prompt, program: Program, plan: TryPlan) -> None:
    try:
        check(program, {name: value for name, value in plan.inputs.items() if value.strip()})
        st.caption(cost_in_words(program, plan))
        ready = True
    except FlowloomError as error:
        said = error.problem.describe(st.session_state.get("language", "en"))
        st.caption(plain(f"{said.message} {said.hint}"))
        ready = False
    st.button(
        t("Ask"),
        icon=":material/play_arrow:",
        type="primary",
        key="studio_ask",
        width="stretch",
        disabled=not ready,
        on_click=_ask,
        args=(prompt, program, plan),
    )


def cost_in_words(program: Program, plan: TryPlan) -> str:
    """What asking costs at most."""
    found = forecast(program, plan, workspace().models.settings)
    said = t(
        "{calls}, at most about {tokens} tokens.",
        calls=count_of("call", found.calls),
        tokens=number(found.read + found.written),
    )
    if found.cost is None:
        return said + " " + t("What that costs is unknown, as the price of a model is.")
    return (
        said + " " + (plain(t("At most {cost}.", cost=money(found.cost))) if found.cost else t("All of them free."))
    )


def _ask(prompt: Prompt, program: Program, plan: TryPlan) -> None:
    studio = workspace().studio
    try:
        version = studio.store.add_version(prompt.id, program, who())
        st.session_state[f"studio_try:{prompt.id}"] = studio.ask(prompt.id, version, plan, who())
    except FlowloomError as error:
        st.session_state["studio_problem"] = error.problem
