"""Measures and verdicts as a person reads them."""

from collections.abc import Sequence

from flowloom.errors import FlowloomError
from flowloom.evaluation.evaluators.evaluator import Evaluator
from flowloom.evaluation.findings import Finding
from flowloom.evaluation.statistics import MOST_ROWS, Difference, Interval
from flowloom.nodes.templates import fill
from flowloom.store.datasets import DataRow, Rows
from flowloom.ui.formatting import money, number, seconds
from flowloom.ui.session import t

VERDICTS = {"better": "Better", "worse": "Worse", "same": "No real difference", "unclear": "Can’t tell yet"}
COLOURS = {"better": "green", "worse": "red", "same": "gray", "unclear": "orange"}
LONGEST = 1_000
"""Characters of a passage that stand in a cell."""
ICONS = {"better": "trending_up", "worse": "trending_down", "same": "trending_flat", "unclear": "help"}


def counted_rows(count: int) -> str:
    return t("1 row") if count == 1 else t("{count} rows", count=number(count))


def facts_of_rows(rows: Sequence[DataRow]) -> list[dict[str, str]]:
    """Beside the questions: their files, and who wrote them from what; columns that some row has."""
    facts = [
        {
            t("Files"): ", ".join(file.name for file in row.files),
            t("Written by"): row.written_by,
            t("From passage"): f"{row.source}: {row.quote}"[:LONGEST] if row.source else "",
        }
        for row in rows
    ]
    used = {name for each in facts for name, value in each.items() if value}
    return [{name: value for name, value in each.items() if name in used} for each in facts]


def measured(evaluator: Evaluator, value: float, *, sign: bool = False) -> str:
    """A value in its unit; a share in percent."""
    before = ("+" if value >= 0 else "−") if sign else ""
    size = abs(value) if sign else value
    match evaluator.unit:
        case "share":
            said = t("{count} %", count=number(100 * size, 1 if 0 < abs(size) < 1 else 0))
        case "seconds":
            said = seconds(size, 2)
        case "dollars":
            said = money(size)
        case "years":
            said = t("{count} years", count=number(size, 1))
    return before + said


def interval_in_words(evaluator: Evaluator, interval: Interval | None) -> str:
    """A mean is never alone: with it, where the true one lies."""
    if interval is None:
        return t("nothing measured")
    return t(
        "{mean} (between {low} and {high})",
        mean=measured(evaluator, interval.mean),
        low=measured(evaluator, interval.low),
        high=measured(evaluator, interval.high),
    )


def verdict_in_words(difference: Difference) -> str:
    """Better, worse or not to be told, and then how many rows it would take."""
    if difference.verdict == "unclear" and difference.more is not None:
        return _more(difference.more)
    return t(VERDICTS[difference.verdict])


def difference_in_words(finding: Finding, difference: Difference) -> str:
    """The difference and where the true one lies."""
    interval = difference.interval
    return t(
        "The difference is {mean}, between {low} and {high}.",
        mean=measured(finding.evaluator, interval.mean, sign=True),
        low=measured(finding.evaluator, interval.low, sign=True),
        high=measured(finding.evaluator, interval.high, sign=True),
    )


def _more(rows: int) -> str:
    if rows >= MOST_ROWS:
        return t("Can’t tell yet: it would take more than {count} rows.", count=number(MOST_ROWS))
    return t("Can’t tell yet: about {count} more rows.", count=number(_rounded(rows)))


def _rounded(rows: int) -> int:
    """An estimate says no more than it knows."""
    step = 10 if rows < 200 else 100 if rows < 2_000 else 1_000
    return max(step, round(rows / step) * step)


def asked_of(rows: Rows, row: DataRow) -> str:
    """What a row asks."""
    try:
        return fill(rows.message, row.given).strip()
    except FlowloomError:
        return " · ".join(row.given.values())
