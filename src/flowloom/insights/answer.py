"""What comes of a question to a table of GPTs."""

from dataclasses import dataclass, field
from typing import Any

Row = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """A table with its columns by name, and figures that sum it up."""

    columns: tuple[str, ...]
    rows: list[Row]
    figures: dict[str, float] = field(default_factory=dict)
