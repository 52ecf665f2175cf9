"""The cells of a workbook as its sheets show them, for all who read one: merged cells filled, formulas told."""

import io
import re
import warnings
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from flowloom.services.formats.number_formats import general, shown_duration, shown_number

_MERGED = re.compile(rb'<(?:\w{1,20}:)?mergeCell\s[^>]{0,200}?ref="([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})"')
_UNREAD = re.compile(
    rb"</(?:\w{1,20}:)?f>\s{0,20}(?:<(?:\w{1,20}:)?v\s?/>|<(?:\w{1,20}:)?v></(?:\w{1,20}:)?v>)?\s{0,20}</"
)
_BARE = re.compile(rb"<(?:\w{1,20}:)?f\b[^>]{0,200}/>\s{0,20}</")
MAX_MERGED = 20_000


@dataclass(frozen=True, slots=True)
class Limits:
    """How much of a workbook is read."""

    rows: int | None
    columns: int
    sheets: int | None = None


@dataclass(frozen=True, slots=True)
class Sheet:
    """One of a workbook's sheets; there are `of` of them to read."""

    title: str
    of: int
    rows: Iterator[list[str]]


def sheets_of(data: bytes, limits: Limits, yes_no: tuple[str, str] = ("TRUE", "FALSE")) -> Iterator[Sheet]:
    """Each sheet and its rows of texts, read one after the other. Raises what openpyxl raises on damaged files."""
    with warnings.catch_warnings():
        # It reports every extension of a vendor that it leaves out.
        warnings.simplefilter("ignore")
        book = _open(data, values=True)
        try:
            found = book.worksheets[: limits.sheets]
            for at, sheet in enumerate(found):
                source = _source(data, sheet)
                rows = _values(data, sheet, source, at, limits)
                merged = _Merged(source)
                yield Sheet(
                    sheet.title, len(found), ([_shown(cell, yes_no) for cell in row] for row in merged.filled(rows))
                )
        finally:
            book.close()


def _open(data: bytes, *, values: bool) -> Any:
    from openpyxl import load_workbook  # type: ignore[import-untyped]

    return load_workbook(io.BytesIO(data), read_only=True, data_only=values, keep_links=False)


def _source(data: bytes, sheet: Any) -> bytes:
    """A sheet's own XML, of which the library tells no merged cells while it reads row by row."""
    path = getattr(sheet, "_worksheet_path", "")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return archive.read(path.lstrip("/"))
    except KeyError:
        return b""


Cells = Sequence[Any]


def _values(data: bytes, sheet: Any, source: bytes, at: int, limits: Limits) -> Iterable[Cells]:
    # What a file says of its own size may be wrong by millions of cells.
    sheet.reset_dimensions()
    rows = sheet.iter_rows(max_row=limits.rows, max_col=limits.columns)
    return _with_formulas(data, rows, at, limits) if _UNREAD.search(source) or _BARE.search(source) else rows


def _with_formulas(data: bytes, rows: Iterable[Cells], at: int, limits: Limits) -> Iterator[Cells]:
    """Where a program saved a formula and never worked it out, the formula says more than nothing."""
    book = _open(data, values=False)
    try:
        written = book.worksheets[at]
        written.reset_dimensions()
        formulas = written.iter_rows(max_row=limits.rows, max_col=limits.columns)
        for row, said in zip(rows, formulas, strict=False):
            yield [
                formula if cell.value is None and formula.value is not None else cell
                for cell, formula in zip(row, said, strict=False)
            ]
    finally:
        book.close()


class _Merged:
    """The cells that stand for one another down a sheet: each row of a merged cell has its value."""

    def __init__(self, source: bytes) -> None:
        tail = source[source.rfind(b"sheetData>") :]
        found = list(_MERGED.finditer(tail))[:MAX_MERGED]
        self._begins: dict[int, list[tuple[int, int]]] = {}
        for area in found:
            first, last = int(area[2]), int(area[4])
            if last > first:
                self._begins.setdefault(first, []).append((_column(area[1]), last))

    def filled(self, rows: Iterable[Cells]) -> Iterator[Cells]:
        open_areas: dict[int, tuple[int, Any]] = {}
        for number, row in enumerate(rows, 1):
            if open_areas:
                open_areas = {at: area for at, area in open_areas.items() if area[0] >= number}
                row = [open_areas[at][1] if at in open_areas else cell for at, cell in enumerate(row)]
            for at, last in self._begins.get(number, ()):
                if at < len(row):
                    open_areas[at] = (last, row[at])
            yield row


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - ord("A") + 1
    return number - 1


def _shown(cell: Any, yes_no: tuple[str, str]) -> str:
    match cell.value:
        case None:
            return ""
        case bool() as value:
            return yes_no[0] if value else yes_no[1]
        case datetime() as value:
            return value.date().isoformat() if value.time() == time() else value.isoformat(" ", "seconds")
        case date() as value:
            return value.isoformat()
        case time() as value:
            return value.isoformat("seconds") if value.second else value.isoformat("minutes")
        case timedelta() as value:
            return shown_duration(value)
        case int() | float() as value:
            code = getattr(cell, "number_format", None)
            return shown_number(value, code) if isinstance(code, str) else general(value)
    # A line break within a cell would end its row for those who read line by line.
    return " ".join(str(cell.value).split())
