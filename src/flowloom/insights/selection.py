"""Which GPTs of a table are looked at."""

from dataclasses import dataclass
from datetime import date
from typing import Any


@dataclass(frozen=True, slots=True)
class Selection:
    """A filter; what is empty does not limit."""

    categories: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    since: date | None = None
    until: date | None = None
    least: int = 0
    """Conversations."""

    def sql(self) -> tuple[str, list[Any]]:
        """A condition on the rows, and its values."""
        wanted, values = ["TRUE"], list[Any]()
        for condition, value in (
            ("category IN (SELECT unnest(?::VARCHAR[]))", list(self.categories)),
            ("language IN (SELECT unnest(?::VARCHAR[]))", list(self.languages)),
            ("created >= ?", self.since),
            ("created <= ?", self.until),
            ("conversations >= ?", self.least),
        ):
            if value:
                wanted.append(condition)
                values.append(value)
        return " AND ".join(wanted), values
