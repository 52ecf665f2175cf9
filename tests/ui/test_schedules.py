"""Schedules from the page: said in words, switched off, run at once, with what failed on top."""

import time

import pytest
from streamlit.testing.v1 import AppTest
from tests.test_batches import ECHO

from flowloom.errors import Problem
from flowloom.flow.model import Flow
from flowloom.services.recurrence import Every
from flowloom.ui.runs.schedules import in_words
from flowloom.workspace import Workspace


def schedules_page() -> None:
    from flowloom.ui.runs.schedules import draw_schedules

    draw_schedules()


@pytest.fixture
def flow(home: Workspace) -> Flow:
    return home.flows.create(ECHO)


def opened() -> AppTest:
    return AppTest.from_function(schedules_page, default_timeout=30).run()


def said(app: AppTest) -> str:
    assert not app.exception
    return "\n".join(str(part.value) for part in (*app.markdown, *app.caption, *app.warning, *app.error, *app.info))


def test_a_new_one_is_kept_and_told_in_words(home: Workspace, flow: Flow) -> None:
    app = opened()
    app.text_area(key="schedule_message").set_value("Good morning")
    app.selectbox(key="schedule_unit").set_value("week").run()
    app.button(key="schedule_add").click().run()
    (kept,) = home.schedules.store.all()
    assert (kept.message, kept.every.unit, kept.every.days) == ("Good morning", "week", (0, 1, 2, 3, 4))
    assert "Monday, Tuesday, Wednesday, Thursday, Friday at 08:00" in said(app)


@pytest.mark.parametrize(
    ("every", "words"),
    [
        (Every(unit="hour", minute=5), "every hour at minute 5"),
        (Every(hour=7, minute=30), "every day at 07:30"),
        (Every(unit="week", days=(6,)), "Sunday at 08:00"),
        (Every(unit="month", day=31), "on day 31 of every month at 08:00"),
        (Every(zone="Asia/Shanghai"), "every day at 08:00 (Asia/Shanghai)"),
    ],
)
def test_how_it_repeats_is_said(home: Workspace, monkeypatch: pytest.MonkeyPatch, every: Every, words: str) -> None:
    monkeypatch.setattr("flowloom.ui.runs.schedules.own_zone", lambda: "UTC")
    assert in_words(every) == words


def test_what_is_missing_is_said_and_keeps_nothing(home: Workspace, flow: Flow) -> None:
    app = opened()
    app.button(key="schedule_add").click().run()
    assert "Write what it shall be asked" in said(app)
    app.text_area(key="schedule_message").set_value("Hello")
    app.selectbox(key="schedule_unit").set_value("week").run()
    app.get("button_group")[0].set_value([]).run()
    app.button(key="schedule_add").click().run()
    assert "Choose at least one day" in said(app)
    assert home.schedules.store.all() == []


def test_it_is_switched_off_run_at_once_and_deleted(home: Workspace, flow: Flow) -> None:
    id = home.schedules.add(flow.id, "Hello", Every())
    app = opened()
    app.toggle(key=f"schedule_on:{id}:True").set_value(False).run()
    assert "switched off" in said(app)
    app.button(key=f"schedule_now:{id}").click().run()
    end = time.monotonic() + 20
    while not (kept := home.schedules.store.all()[0]).run or home.runner.is_running(kept.run):
        assert time.monotonic() < end
        time.sleep(0.01)
    assert home.runner.view(kept.run).text == "Said: Hello"  # type: ignore[union-attr]
    app.run()
    app.button(key=f"schedule_delete:{id}").click().run()
    assert home.schedules.store.all() == []


def test_what_failed_is_on_top_with_its_reason(home: Workspace, flow: Flow) -> None:
    good = home.schedules.add(flow.id, "Fine", Every(hour=1))
    bad = home.schedules.add(flow.id, "Broken", Every(hour=23))
    home.schedules.store.ran(bad, time.time(), "", Problem.of("x", "The model is out.", "Try again."))
    app = opened()
    assert "The model is out" in said(app)
    assert [toggle.key.split(":")[1] for toggle in app.toggle] == [bad, good]


def test_without_a_gpt_there_is_nothing_to_schedule(home: Workspace) -> None:
    assert "Make a GPT first" in said(opened())
