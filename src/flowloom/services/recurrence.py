"""When something that repeats happens next, on the clock of a place, also where that clock is put forward or back.

A time that a clock skips (in spring) happens as much later as the clock was put forward; one that it shows twice
(in autumn) happens once, the first time: as `zoneinfo` reads local times (PEP 495, `fold=0`).
"""

from calendar import monthrange
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import BaseModel, ConfigDict, Field, field_validator

Unit = Literal["hour", "day", "week", "month"]
LOOKED = 400
"""Days that are looked through for the next time."""


class Every(BaseModel):
    """How something repeats: each hour at a minute, on days of the week at a time, or on a day of the month.

    `days` are Monday 0 to Sunday 6; `day` 31 is the last day of a shorter month.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    unit: Unit = "day"
    days: tuple[int, ...] = Field((), max_length=7)
    day: int = Field(1, ge=1, le=31)
    hour: int = Field(8, ge=0, le=23)
    minute: int = Field(0, ge=0, le=59)
    zone: str = "UTC"

    @field_validator("days")
    @classmethod
    def _of_a_week(cls, days: tuple[int, ...]) -> tuple[int, ...]:
        assert all(0 <= day <= 6 for day in days)
        return tuple(sorted(set(days)))

    @field_validator("zone")
    @classmethod
    def _known(cls, zone: str) -> str:
        try:
            ZoneInfo(zone)
        except (ZoneInfoNotFoundError, OSError):
            raise ValueError(zone) from None
        return zone

    def next_after(self, moment: float) -> float:
        """The next time after a moment; both in seconds since the epoch. Raises ValueError where there is none."""
        if self.unit == "hour":
            return self._next_hour(moment)
        zone = ZoneInfo(self.zone)
        today = datetime.fromtimestamp(moment, zone).date()
        at = time(self.hour, self.minute)
        for day in self._days_from(today - timedelta(days=1)):
            found = datetime.combine(day, at, zone).astimezone(UTC).timestamp()
            if found > moment:
                return found
        raise ValueError(self.unit)

    def _next_hour(self, moment: float) -> float:
        """Hours are counted, not read off the clock, so that none is left out and none comes twice."""
        zone = ZoneInfo(self.zone)
        here = datetime.fromtimestamp(moment, zone).replace(minute=self.minute, second=0, microsecond=0)
        found = here.astimezone(UTC).timestamp()
        while found <= moment:
            found += 3600
        return found

    def _days_from(self, first: date) -> Iterator[date]:
        for day in (first + timedelta(days=number) for number in range(LOOKED)):
            last = monthrange(day.year, day.month)[1]
            fits = {
                "day": True,
                "week": day.weekday() in self.days,
                "month": day.day == min(self.day, last),
            }
            if fits.get(self.unit):
                yield day
