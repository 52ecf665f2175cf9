"""The next time of what repeats, on the clocks of places that put theirs forward and back."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from flowloom.services.recurrence import Every

PARIS = "Europe/Paris"


def at(text: str, zone: str = "UTC") -> float:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).timestamp()


def after(every: Every, text: str, zone: str = "UTC") -> str:
    found = every.next_after(at(text, zone))
    return datetime.fromtimestamp(found, ZoneInfo(zone)).isoformat(timespec="minutes")


@pytest.mark.parametrize(
    ("every", "moment", "following"),
    [
        (Every(hour=8), "2026-11-30T07:59", "2026-11-30T08:00+00:00"),
        (Every(hour=8), "2026-11-30T08:00", "2026-12-01T08:00+00:00"),
        (Every(unit="hour", minute=15), "2026-11-30T08:15", "2026-11-30T09:15+00:00"),
        (Every(unit="hour", minute=15), "2026-11-30T23:16", "2026-12-01T00:15+00:00"),
        (Every(unit="week", days=(0, 4)), "2026-11-30T08:00", "2026-12-04T08:00+00:00"),
        (Every(unit="week", days=(0,)), "2026-11-30T09:00", "2026-12-07T08:00+00:00"),
        (Every(unit="month", day=31), "2026-02-01T00:00", "2026-02-28T08:00+00:00"),
        (Every(unit="month", day=29), "2027-02-01T00:00", "2027-02-28T08:00+00:00"),
        (Every(unit="month", day=1), "2026-12-01T08:00", "2027-01-01T08:00+00:00"),
    ],
)
def test_the_next_time(every: Every, moment: str, following: str) -> None:
    assert after(every, moment) == following


def test_eight_in_the_morning_stays_eight_when_the_clock_changes() -> None:
    every = Every(hour=8, zone=PARIS)
    assert after(every, "2026-03-28T09:00", PARIS) == "2026-03-29T08:00+02:00"
    assert after(every, "2026-10-24T09:00", PARIS) == "2026-10-25T08:00+01:00"


def test_a_time_that_the_clock_skips_comes_an_hour_later() -> None:
    every = Every(hour=2, minute=30, zone=PARIS)
    assert after(every, "2026-03-28T12:00", PARIS) == "2026-03-29T03:30+02:00"
    assert after(every, "2026-03-29T03:30", PARIS) == "2026-03-30T02:30+02:00"


def test_a_time_that_the_clock_shows_twice_comes_once() -> None:
    every = Every(hour=2, minute=30, zone=PARIS)
    first = every.next_after(at("2026-10-24T12:00", PARIS))
    assert datetime.fromtimestamp(first, UTC).isoformat() == "2026-10-25T00:30:00+00:00"
    assert every.next_after(first) - first == 25 * 3600


def test_every_hour_is_every_hour_when_the_clock_changes() -> None:
    every = Every(unit="hour", minute=0, zone=PARIS)
    moment, times = at("2026-10-24T23:30", PARIS), []
    for _ in range(5):
        moment = every.next_after(moment)
        times.append(moment)
    assert {later - earlier for earlier, later in pairwise(times)} == {3600}


EVERY = st.builds(
    Every,
    unit=st.sampled_from(["hour", "day", "week", "month"]),
    days=st.sets(st.integers(0, 6), min_size=1).map(tuple),
    day=st.integers(1, 31),
    hour=st.integers(0, 23),
    minute=st.integers(0, 59),
    zone=st.sampled_from(
        ["UTC", PARIS, "America/New_York", "Asia/Shanghai", "Australia/Lord_Howe", "Pacific/Apia"]
    ),
)


@given(EVERY, st.floats(1.6e9, 2.0e9))
def test_it_always_goes_on_and_never_leaves_one_out(every: Every, moment: float) -> None:
    following = every.next_after(moment)
    assert following > moment
    longest = {"hour": 3600, "day": 49 * 3600, "week": 8 * 86_400, "month": 33 * 86_400}[every.unit]
    assert following - moment <= longest + 3600
    halfway = moment + (following - moment) / 2
    assert every.next_after(halfway) == following


@given(EVERY, st.floats(1.6e9, 2.0e9))
def test_it_is_the_time_that_was_asked_for(every: Every, moment: float) -> None:
    found = datetime.fromtimestamp(every.next_after(moment), ZoneInfo(every.zone))
    asked = found.replace(hour=every.hour if every.unit != "hour" else found.hour, minute=every.minute)
    assert abs(found.replace(tzinfo=None) - asked.replace(tzinfo=None)) <= timedelta(hours=1)
    if every.unit == "week" and found.hour == every.hour:
        assert found.weekday() in every.days


@pytest.mark.parametrize(
    "wrong",
    [
        {"zone": "Moon/Sea"},
        {"zone": "../etc"},
        {"zone": "Europe"},
        {"days": (7,)},
        {"hour": 24},
        {"day": 0},
        {"unit": "year"},
    ],
)
def test_what_is_no_time_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        Every.model_validate(wrong)


def test_a_week_without_days_never_comes() -> None:
    with pytest.raises(ValueError, match="week"):
        Every(unit="week").next_after(0)
