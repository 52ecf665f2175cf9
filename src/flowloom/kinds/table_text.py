"""Tables in plain text as spreadsheets write them: CSV with any sign between cells, titles above, `sep=` on top."""

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice

SIGNS = "\t;,|"
"""What may stand between cells; of signs that do equally well the first is taken."""
_SAMPLE = 65_536
_RECORDS = 50
_TITLES = 10
"""Rows above a table that may be its title."""
_DECLARED = re.compile(r"\ufeff?sep=(.)\r?(?:\n|$)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Table:
    """A table in a text: what stands above it, and its rows with the header first, each read as it is asked for."""

    titles: tuple[str, ...]
    rows: Iterator[list[str]]
    sign: str


def read_table(text: str) -> Table:
    """The table in a text. Raises csv.Error while its rows are read, where quotes never end."""
    text = text.removeprefix("\ufeff").replace("\0", "")
    declared = _DECLARED.match(text)
    if declared:
        text = text[declared.end() :]
    sign = declared[1] if declared else sign_of(text)
    rows = _records(text, sign)
    first = list(islice(rows, _RECORDS))
    above = _count_titles(first)
    titles = tuple(" ".join(" ".join(row).split()) for row in first[:above])
    return Table(tuple(filter(None, titles)), chain(first[above:], rows), sign)


def sign_of(text: str) -> str:
    """The sign between the cells of a table: the one that parts most rows into equally many, quotes minded."""
    sample = text[:_SAMPLE]
    if len(sample) < len(text):
        sample = sample.rpartition("\n")[0] or sample
    return max(SIGNS, key=lambda sign: _evenness(sample, sign)) if any(each in sample for each in SIGNS) else ","


def _evenness(sample: str, sign: str) -> float:
    """The share of rows that have the most usual number of cells, if that is more than one."""
    try:
        widths = [len(row) for row in islice(_records(sample, sign), _RECORDS) if row]
    except csv.Error:
        return 0.0
    usual, count = max(Counter(widths).items(), key=lambda each: (each[1], each[0]), default=(0, 0))
    # A title above, or a remark below, is no reason against a sign that parts all rows between.
    return round(count / len(widths), 1) if usual > 1 else 0.0


def _records(text: str, sign: str) -> Iterator[list[str]]:
    # A lone quote may swallow the rest of the text as one cell; better a long cell than none.
    csv.field_size_limit(max(csv.field_size_limit(), len(text) + 1))
    lines = io.StringIO(text.replace("\r\n", "\n").replace("\r", "\n"), newline="")
    # Empty lines say nothing, and there may be a million of them.
    return filter(None, csv.reader(lines, delimiter=sign))


def _count_titles(rows: Sequence[list[str]]) -> int:
    """How many rows stand above the table: those with one filled cell, or none, where the table has more."""
    filled = [sum(bool(cell.strip()) for cell in row) for row in rows]
    begins = next((at for at, count in enumerate(filled[: _TITLES + 1]) if count > 1), 0)
    below = [count for count in filled[begins:] if count]
    return begins if len(below) > 1 and sum(count > 1 for count in below) * 2 > len(below) else 0
