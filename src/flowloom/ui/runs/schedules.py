"""GPTs by the clock: the list, with what failed on top, and a form for a new one."""

from pathlib import Path
from zoneinfo import ZoneInfo

import streamlit as st
from pydantic import ValidationError

from flowloom.errors import FlowloomError
from flowloom.services.recurrence import Every, Unit
from flowloom.store.schedules import Missed, Schedule
from flowloom.ui.formatting import ago, moment_of
from flowloom.ui.messages import names_of_gpts, plain, show_problem
from flowloom.ui.runs.gpt_choice import choose_gpt
from flowloom.ui.runs.trigger_actions import Now, Trigger, draw_actions
from flowloom.ui.session import t
from flowloom.workspace import workspace

UNITS: dict[Unit, str] = {
    "hour": "every hour",
    "day": "every day",
    "week": "on days of the week",
    "month": "every month",
}
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MISSED: dict[Missed, str] = {"once": "make it up once", "skip": "skip it"}
WORKDAYS = (0, 1, 2, 3, 4)


def draw_schedules() -> None:
    names = names_of_gpts()
    st.caption(
        t(
            "Flowloom has to be running at that time. A published GPT runs as it is published, "
            "any other as it is then."
        )
    )
    is_mine = workspace().belongings.gpts_of_whoever_acts()
    found = [schedule for schedule in workspace().schedules.store.all() if is_mine(schedule.flow)]
    for schedule in found:
        _draw_one(schedule, names)
    with st.expander(t("New schedule"), icon=":material/add:", expanded=not found):
        _draw_new(names)


def _draw_one(schedule: Schedule, names: dict[str, str]) -> None:
    with st.container(border=True):
        st.markdown(f"**{plain(names.get(schedule.flow, t('a deleted GPT')))}** · {in_words(schedule.every)}")
        st.caption(plain(schedule.message[:200]))
        st.caption(_standing(schedule))
        if schedule.problem:
            show_problem(schedule.problem)
        _draw_actions(schedule)


def _draw_actions(schedule: Schedule) -> None:
    schedules, id = workspace().schedules, schedule.id
    draw_actions(
        Trigger("schedule", id, schedule.active, schedule.run),
        switch=lambda: schedules.switch(id, not schedule.active),
        delete=lambda: schedules.store.delete(id),
        now=Now(t("Run now"), ":material/play_arrow:", lambda: schedules.run_now(id)),
    )


def _standing(schedule: Schedule) -> str:
    last = [t("last {when}", when=ago(schedule.last))] if schedule.last else []
    if not schedule.active:
        return " · ".join([t("switched off"), *last])
    following = moment_of(schedule.next, ZoneInfo(schedule.every.zone))
    return " · ".join([t("next {when}", when=following), *last])


def in_words(every: Every) -> str:
    """How something repeats, as one says it."""
    at = f"{every.hour:02d}:{every.minute:02d}"
    match every.unit:
        case "hour":
            return t("every hour at minute {minute}", minute=every.minute)
        case "day":
            said = t("every day at {time}", time=at)
        case "week":
            days = ", ".join(t(DAYS[day]) for day in every.days)
            said = t("{days} at {time}", days=days, time=at)
        case "month":
            said = t("on day {day} of every month at {time}", day=every.day, time=at)
    return said if every.zone == own_zone() else f"{said} ({every.zone})"


def own_zone() -> str:
    """The time zone of the person’s browser, else of this computer, else UTC."""
    here = st.context.timezone
    if here:
        return str(here)
    link = Path("/etc/localtime")
    parts = link.resolve().parts if link.exists() else ()
    return "/".join(parts[parts.index("zoneinfo") + 1 :]) if "zoneinfo" in parts else "UTC"


def _draw_new(names: dict[str, str]) -> None:
    if not names:
        st.info(t("Make a GPT first."))
        return
    flow = choose_gpt(names, "schedule_gpt")
    message = st.text_area(t("What it is asked"), key="schedule_message", max_chars=20_000)
    every = _draw_every()
    missed: Missed = st.radio(
        t("If Flowloom isn’t running then"),
        list(MISSED),
        format_func=lambda each: t(MISSED[each]),
        key="schedule_missed",
        horizontal=True,
    )
    if st.button(t("Add schedule"), icon=":material/schedule:", type="primary", key="schedule_add"):
        _add(flow, message.strip(), every, missed)


def _draw_every() -> Every | None:
    unit: Unit = st.selectbox(
        t("How often"), list(UNITS), index=1, format_func=lambda each: t(UNITS[each]), key="schedule_unit"
    )
    days: list[int] = []
    day = 1
    if unit == "week":
        days = st.pills(
            t("Days"),
            list(range(7)),
            selection_mode="multi",
            default=WORKDAYS,
            format_func=lambda each: t(DAYS[each]),
            key="schedule_days",
        )
    if unit == "month":
        day = st.number_input(
            t("Day of the month"), 1, 31, 1, key="schedule_day", help=t("31 is always the last day.")
        )
    if unit == "hour":
        minute = st.number_input(t("Minute"), 0, 59, 0, key="schedule_minute")
        return Every(unit="hour", minute=minute, zone=own_zone())
    at = st.time_input(t("Time of day"), "08:00", step=300, key="schedule_time")
    try:
        return Every(unit=unit, days=tuple(days), day=day, hour=at.hour, minute=at.minute, zone=own_zone())
    except ValidationError:
        return None


def _add(flow: str, message: str, every: Every | None, missed: Missed) -> None:
    if not message:
        st.warning(t("Write what it shall be asked."))
        return
    if every is None or (every.unit == "week" and not every.days):
        st.warning(t("Choose at least one day."))
        return
    try:
        workspace().schedules.add(flow, message, every, missed)
    except FlowloomError as error:
        show_problem(error.problem)
        return
    st.rerun()
