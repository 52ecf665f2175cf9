"""One fine-tuning: how far it is, its curve, and what can be done with the model it gives."""

from collections.abc import Callable

import streamlit as st

from flowloom.errors import FlowloomError
from flowloom.flow.model import Flow
from flowloom.services.models.settings import ROLES
from flowloom.store.tunings import Point, Tuning
from flowloom.tuning.costs import cost_of
from flowloom.ui.acting import is_admin
from flowloom.ui.block.fields import ROLE_LABELS
from flowloom.ui.formatting import ago, money, number
from flowloom.ui.messages import plain, show_problem
from flowloom.ui.session import go, t
from flowloom.workspace import workspace

LOOK_EVERY = 2.0
STATES = {
    "preparing": "Being sent",
    "validating": "Being checked",
    "queued": "In the queue",
    "running": "Training",
    "succeeded": "Done",
    "failed": "Failed",
    "cancelled": "Cancelled",
}
COLOURS = {"succeeded": "green", "failed": "red", "cancelled": "gray"}


def draw_tuning(flow: Flow, tuning: Tuning) -> None:
    going = tuning.going and workspace().tunings.is_followed(tuning.id)
    with st.container(border=True, key=f"tuning:{tuning.id}"):
        st.fragment(_draw, run_every=LOOK_EVERY if going else None)(tuning.id, tuning.state, going)
        # Not in what is drawn again by itself, as a press may lead to another page.
        with st.container(horizontal=True, vertical_alignment="bottom"):
            _draw_buttons(flow, tuning, followed=going)


def _draw(id: str, drawn: str, was_followed: bool) -> None:
    try:
        tuning = workspace().tunings.store.get(id)
    except FlowloomError as error:
        show_problem(error.problem)
        return
    followed = tuning.going and workspace().tunings.is_followed(id)
    if (tuning.state, followed) != (drawn, was_followed):
        st.rerun()
    _draw_facts(tuning)
    if tuning.problem:
        problem = tuning.problem if tuning.state == "failed" else tuning.problem.as_warning()
        show_problem(problem)
    _draw_curve(tuning.progress.points)
    if tuning.progress.said:
        with st.expander(t("What the provider says"), key=f"tuning_said:{id}"):
            st.markdown("  \n".join(map(plain, reversed(tuning.progress.said))))


def _draw_facts(tuning: Tuning) -> None:
    badge = f":{COLOURS.get(tuning.state, 'blue')}-badge[{plain(t(STATES[tuning.state]))}]"
    facts = [
        tuning.plan.base,
        t("{count} examples", count=number(tuning.plan.training)),
        t("{count} passes", count=number(tuning.plan.epochs)),
        ago(tuning.at),
        tuning.who,
        _cost(tuning),
    ]
    st.markdown(f"**{plain(tuning.name)}** {badge}  \n:gray[{plain(' · '.join(filter(None, facts)))}]")
    if tuning.model:
        said = t("The model is called {model}. It is among the models in Settings.", model=tuning.model)
        st.markdown(plain(said))


def _cost(tuning: Tuning) -> str:
    """What was trained on, where the provider tells it, else what is expected."""
    plan, trained = tuning.plan, tuning.progress.trained
    cost = cost_of(trained, 1, plan.price) if trained else cost_of(plan.tokens, plan.epochs, plan.price)
    return "" if cost is None else money(cost) if trained else t("about {cost}", cost=money(cost))


def _draw_curve(points: tuple[Point, ...]) -> None:
    """How far off the model still is, step by step."""
    if not points:
        return
    import altair as alt

    names = {"loss": t("on the examples"), "held_out": t("on held-out examples")}
    rows = [
        {"step": each.step, "value": value, "of": names[name]}
        for each in points
        for name, value in (("loss", each.loss), ("held_out", each.held_out))
        if value is not None
    ]
    chart = (
        alt.Chart(alt.InlineData(values=rows))
        .mark_line(point=len(points) <= 40)
        .encode(
            x=alt.X("step:Q", title=t("Step"), axis=alt.Axis(tickMinStep=1)),
            y=alt.Y("value:Q", title=t("Loss"), scale=alt.Scale(zero=False)),
            color=alt.Color("of:N", title=None, legend=alt.Legend(orient="bottom")),
            strokeDash=alt.StrokeDash("of:N", title=None),
            tooltip=[alt.Tooltip("step:Q", title=t("Step")), alt.Tooltip("value:Q", title=t("Loss"), format=".3f")],
        )
        .properties(height=280)
    )
    st.altair_chart(chart, width="stretch")


def _draw_buttons(flow: Flow, tuning: Tuning, *, followed: bool) -> None:
    id, tunings = tuning.id, workspace().tunings
    if tuning.going and not followed:
        _button(t("Look again"), "refresh", f"tuning_follow:{id}", lambda: tunings.follow(id))
    if tuning.going:
        _button(t("Cancel training"), "stop", f"tuning_cancel:{id}", lambda: tunings.cancel(id))
        return
    if tuning.state == "succeeded":
        if tuning.plan.held_out:
            _button(
                t("Compare before and after"),
                "compare_arrows",
                f"tuning_compare:{id}",
                lambda: _compare(flow, tuning),
                help=t("Both models answer the {count} held-out questions.", count=number(tuning.plan.held_out)),
            )
        _draw_role(tuning)
    _button(t("Delete"), "delete", f"tuning_delete:{id}", lambda: tunings.delete(id), tertiary=True)


def _draw_role(tuning: Tuning) -> None:
    """Settings are for whoever looks after them."""
    if not is_admin():
        return
    settings = workspace().models.settings
    name = f"{tuning.plan.provider}/{tuning.model}"
    with st.popover(t("Use as"), icon=":material/neurology:", key=f"tuning_use:{tuning.id}"):
        for role in ROLES:
            _button(
                t(ROLE_LABELS[role]),
                "check" if settings.roles.get(role) == name else "radio_button_unchecked",
                f"tuning_role:{tuning.id}:{role}",
                lambda role=role: workspace().tunings.play(tuning, role),  # type: ignore[misc]
                tertiary=True,
            )


def _compare(flow: Flow, tuning: Tuning) -> None:
    home = workspace()
    id = home.tunings.compare(tuning, home.flows.load(flow.id), home.experiments, (tuning.plan.base, tuning.model))
    go("evaluate", experiment=id)


def _button(
    label: str, icon: str, key: str, act: Callable[[], None], *, tertiary: bool = False, help: str = ""
) -> None:
    st.button(
        label,
        icon=f":material/{icon}:",
        key=key,
        type="tertiary" if tertiary else "secondary",
        help=help or None,
        on_click=_tried,
        args=(act,),
    )


def _tried(act: Callable[[], None]) -> None:
    try:
        act()
    except FlowloomError as error:
        st.session_state["tuning_problem"] = error.problem
