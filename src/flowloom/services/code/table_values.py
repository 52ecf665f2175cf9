"""Values of tables as code meets them: what is a number, what is the same, what comes first, what they come to."""

import math
import statistics
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

MAX_ROWS = 1_000_000
MAX_CELLS = 5_000_000
MAX_CELL = 10_000
MAX_POINTS = 5_000
LONGEST = 200
HOWS: dict[str, Callable[[Sequence[Any]], Any]] = {
    "sum": lambda numbers: tidy(math.fsum(numbers)),
    "mean": lambda numbers: tidy(math.fsum(numbers) / len(numbers)) if numbers else None,
    "median": lambda numbers: tidy(statistics.median(numbers)) if numbers else None,
}
EVERY_HOW = [*HOWS, "min", "max", "count", "distinct"]
ALSO = {"total": "sum", "average": "mean", "avg": "mean", "highest": "max", "lowest": "min", "nunique": "distinct"}
TESTS: dict[str, Callable[[Any, Any], bool]] = {
    "=": lambda cell, value: same(cell, value),
    "!=": lambda cell, value: not same(cell, value),
    ">": lambda cell, value: ordered(cell, value) and cell > value,
    ">=": lambda cell, value: ordered(cell, value) and cell >= value,
    "<": lambda cell, value: ordered(cell, value) and cell < value,
    "<=": lambda cell, value: ordered(cell, value) and cell <= value,
    "contains": lambda cell, value: said(value).casefold() in str(cell).casefold(),
    "in": lambda cell, value: any(same(cell, each) for each in value[:LONGEST]),
}


def check_lengths(count: int, labels: int) -> None:
    if count != labels:
        raise wrong(f"x has {labels} values and y has {count}: they must be as many.")
    if count > MAX_POINTS:
        raise wrong(f"A chart has at most {MAX_POINTS} points. Group the rows first.")


def wrong(text: str) -> ValueError:
    """An error of the code, told in English as Python tells its own."""
    return ValueError(text)


def said(value: Any) -> str:
    """A value as a short text. What is nested may unfold without end, so only its type is told."""
    if isinstance(value, str):
        return value[:LONGEST]
    is_plain = value is None or (isinstance(value, int | float) and abs(value) < 1e300)
    return str(value) if is_plain or hasattr(value, "isoformat") else f"<{type(value).__name__}>"


def checked_rows(table: Any) -> list[dict[str, Any]]:
    """Rows that code made, as far as they are a table at all; the same row may stand in it a million times."""
    if not isinstance(table, list | tuple) or not all(isinstance(row, Mapping) for row in table):
        raise wrong("A table is the name of a file, or a list of rows, each a dict.")
    if len(table) > MAX_ROWS or sum(map(len, table)) > MAX_CELLS:
        raise wrong(f"A table has at most {MAX_ROWS} rows and {MAX_CELLS} cells.")
    return [{said(name): checked_cell(value) for name, value in row.items()} for row in table]


def checked_cell(value: Any) -> Any:
    if isinstance(value, str):
        if len(value) > MAX_CELL:
            raise wrong(f"A cell of a table holds at most {MAX_CELL} characters.")
        return value
    if isinstance(value, int) and abs(value) > 10**300:
        raise wrong("A cell of a table holds a number that is too large.")
    if value is None or isinstance(value, int | float):
        return value
    if hasattr(value, "item"):  # a number of numpy
        return checked_cell(value.item())
    if not hasattr(value, "isoformat"):
        raise wrong("A cell of a table is a text, a number or nothing, no list and no dict.")
    return value.isoformat()


def test_called(name: Any) -> Callable[[Any, Any], bool]:
    wanted = {"==": "=", "is": "="}.get(said(name), said(name))
    if wanted not in TESTS:
        raise wrong(f"There is no test {wanted!r}. Use one of {list(TESTS)}")
    return TESTS[wanted]


def as_list(value: Any) -> list[Any]:
    if value is None:
        return []
    if isinstance(value, list | tuple | set | range):
        return list(value)[: MAX_ROWS + 1]
    return list(value.tolist()) if hasattr(value, "tolist") else [value]


def labelled(value: Any, kind: str) -> str | float:
    if kind in ("scatter", "line") and number(value) is not None:
        return float(value)
    return "" if value is None else said(value)


def number(value: Any) -> float | None:
    """The value where it is a number that can be drawn."""
    if isinstance(value, bool) or not hasattr(value, "__float__"):
        return None
    try:
        found = float(value)
    except (TypeError, ValueError, OverflowError):
        return None
    return found if math.isfinite(found) else None


def numbers_in(values: Iterable[Any]) -> list[float | int]:
    return [value for value in values if isinstance(value, int | float) and number(value) is not None]


def summed(values: Sequence[Any], how: str) -> Any:
    """What values come to; what is no number is passed over."""
    how = ALSO.get(said(how), said(how))
    full = [value for value in values if not is_empty(value)]
    if how == "count":
        return len(full)
    if how == "distinct":
        return len({hashable(value) for value in full})
    numbers = numbers_in(full)
    if how in ("min", "max"):
        chosen: Sequence[Any] = numbers or [str(value) for value in full]
        return (min if how == "min" else max)(chosen) if chosen else None
    if how not in HOWS:
        raise wrong(f"There is no way to sum up called {how!r}. Use one of {EVERY_HOW}")
    return HOWS[how](numbers)


def facts_of(name: str, values: Sequence[Any]) -> dict[str, Any]:
    full = [value for value in values if not is_empty(value)]
    numbers = numbers_in(full)
    facts = {
        "column": name,
        "numbers": len(numbers),
        "texts": len(full) - len(numbers),
        "empty": len(values) - len(full),
        "distinct": summed(values, "distinct"),
        "min": summed(full, "min"),
        "max": summed(full, "max"),
    }
    mean = summed(full, "mean")
    return facts | {
        "mean": None if mean is None else round(mean, 4),
        "sum": summed(full, "sum") if numbers else None,
    }


def is_empty(value: Any) -> bool:
    return value is None or value == "" or (isinstance(value, float) and math.isnan(value))


def hashable(value: Any) -> Any:
    return value if isinstance(value, str | int | float | bool | None) else said(value)


def same(cell: Any, value: Any) -> bool:
    if isinstance(cell, str) and isinstance(value, str):
        return cell.strip().casefold() == value.strip().casefold()
    return bool(cell == value)


def ordered(cell: Any, value: Any) -> bool:
    both = (cell, value)
    return all(isinstance(each, int | float) for each in both) or all(
        isinstance(each, str) and each for each in both
    )


def rank(value: Any) -> tuple[int, Any]:
    """Numbers before words, so that a column of both can be sorted."""
    return (0, value) if isinstance(value, int | float) else (1, str(value).casefold())


def tidy(value: float) -> float | int:
    """A sum without the dust of floats: 0.1 + 0.2 is 0.3."""
    rounded = round(value, 10)
    return int(rounded) if rounded == int(rounded) and abs(rounded) < 1e15 else rounded


def stem_of(name: str) -> str:
    return name.casefold().rpartition(".")[0] or name.casefold()
