"""What comes out of a run of code: values made plain and kept small, and failures told in words."""

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from pydantic import ValidationError

from flowloom.errors import Problem
from flowloom.kinds.code import MAX_CHARTS, Chart, CodeResult, Failure

MAX_ITEMS = 50_000
"""All the values within a result; what is nested may unfold without end."""
MAX_DEPTH = 8
MAX_TEXT = 100_000
MAX_PRINTED = 20_000
MAX_TOLD = 2_000

_NO_PANDAS = "ModuleNotFoundError: there is no pandas and no numpy here. Write it with the table functions."
SHORTER = "Ask for less at once, or group the rows first."


def plain(value: Any) -> Any:
    """A value as JSON can hold it, cut off where it is too large."""
    return _Plain().of(value, 0)


class _Plain:
    def __init__(self) -> None:
        self._left, self._room = MAX_ITEMS, 10 * MAX_TEXT

    def of(self, value: Any, depth: int) -> Any:
        self._left -= 1
        match value:
            case None | bool():
                return value
            case int():
                return value if abs(value) < 10**300 else "…"
            case float():
                return value if math.isfinite(value) else None
            case str():
                return self._text(value)
            case Mapping() if depth < MAX_DEPTH:
                return {
                    self._text(str(name) if isinstance(name, str | int | float) else type(name).__name__): self.of(
                        each, depth + 1
                    )
                    for name, each in self._items(value.items())
                }
            case list() | tuple() | set() | frozenset() if depth < MAX_DEPTH:
                return [self.of(each, depth + 1) for each in self._items(value)]
        if hasattr(value, "isoformat"):
            return str(value.isoformat())
        return f"<{type(value).__name__}>"

    def _items(self, values: Iterable[Any]) -> Iterable[Any]:
        for each in values:
            if self._left <= 0:
                return
            yield each

    def _text(self, text: str) -> str:
        cut = text[: max(0, min(MAX_TEXT, self._room))]
        self._room -= len(cut)
        # Halves of characters can be neither stored nor sent.
        return cut.encode("utf-8", "replace").decode()


def charts_of(asked: Sequence[Any]) -> tuple[Chart, ...]:
    """The charts that can be drawn, of what code says it wants."""
    found = []
    for each in asked[:MAX_CHARTS]:
        try:
            found.append(Chart.model_validate(plain_chart(each)))
        except ValidationError:
            continue
    return tuple(found)


def plain_chart(chart: Any) -> Any:
    cleaned = plain(chart)
    return cleaned if isinstance(cleaned, dict) else {}


def too_slow(seconds: float) -> Failure:
    return Failure(
        problem=Problem.of(
            "code.time", "The code ran longer than {seconds} seconds.", SHORTER, seconds=f"{seconds:g}"
        ),
        told=f"TimeoutError: the code worked longer than {seconds:g} seconds. Do it with fewer steps.",
    )


def too_large() -> Failure:
    return Failure(
        problem=Problem.of("code.memory", "The code used more memory than allowed.", SHORTER),
        told=(
            "MemoryError: the code needed more memory than it may use. Do not make large lists; hand the name of a "
            "table to group(), where() and the others instead of its rows."
        ),
    )


def too_many_calls(most: int) -> Failure:
    return Failure(
        problem=Problem.of(
            "code.calls", "The code called the table functions more than {most} times.", SHORTER, most=most
        ),
        told=f"RuntimeError: the table functions were called more than {most} times. Call them outside of loops.",
    )


def broke(told: str = "") -> Failure:
    return Failure(
        problem=Problem.of(
            "code.broke",
            "The code stopped for an unknown reason. Nothing was damaged.",
            "Edit it, or rephrase your question.",
        ),
        told=told[:MAX_TOLD] or "The code broke the place it ran in.",
    )


def unreachable(told: str) -> Failure:
    return Failure(
        problem=Problem.of(
            "code.reach",
            "The code tried to access files, programs or settings of this computer, which isn’t allowed.",
            "Only use the tables and values it receives.",
        ),
        told=told[:MAX_TOLD],
    )


def went_wrong(kind: str, reason: str, line: int | None, told: str) -> Failure:
    """An error of the code itself, with the line where it stands."""
    said = f"{kind}: {reason}".strip(": ")[:300]
    hint = "Check this line of the code, or rephrase your question."
    if line is None:
        problem = Problem.of("code.error", "The code stopped: {reason}", hint, reason=said)
    else:
        problem = Problem.of(
            "code.error", "The code stopped at line {line}: {reason}", hint, reason=said, line=line
        )
    return Failure(problem=problem, told=told[:MAX_TOLD])


def pandas_is_off() -> CodeResult:
    problem = Problem.of(
        "code.pandas_off",
        "The code needs pandas, which isn’t turned on.",
        "Turn it on in Settings → Python with pandas, or use the table functions instead.",
    )
    return CodeResult(engine="pandas", failure=Failure(problem=problem, told=_NO_PANDAS))


def no_pandas() -> CodeResult:
    problem = Problem.of(
        "code.no_pandas",
        "The code needs pandas, which can’t be sandboxed on this computer.",
        "Write it with the table functions, such as group() and chart().",
    )
    return CodeResult(engine="pandas", failure=Failure(problem=problem, told=_NO_PANDAS))
