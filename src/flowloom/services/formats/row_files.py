"""Tables whose rows are worked through one by one: read from CSV, XLSX and JSONL, and written back as the same."""

import csv
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Literal, NamedTuple

from flowloom.errors import KnowledgeError
from flowloom.kinds.table_text import read_table
from flowloom.services.formats.workbooks import is_workbook, workbook_text

MOST_ROWS, MOST_COLUMNS, LONGEST_CELL = 20_000, 200, 50_000
LARGEST = 20 * 1024 * 1024
"""Bytes of a file."""
ENDINGS = ("csv", "tsv", "xlsx", "jsonl", "ndjson", "txt")
Form = Literal["csv", "xlsx", "jsonl"]


class Rows(NamedTuple):
    """The columns of a table, and each of its rows by them, all as text."""

    titles: tuple[str, ...]
    rows: list[dict[str, str]]


def read_rows(name: str, data: bytes) -> Rows:
    """The table of a file; the first sheet of a workbook. Raises KnowledgeError that names file and line."""
    if len(data) > LARGEST:
        raise KnowledgeError(
            "“{file}” is larger than {size} MB.", "Split it into several files.", file=name, size=LARGEST >> 20
        )
    if is_workbook(data):
        return _checked(name, _of_text(_first_sheet(workbook_text(name, data)), name))
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("cp1252", "replace")
    is_lines = text.lstrip()[:1] == "{"
    return _checked(name, _of_lines(text, name) if is_lines else _of_text(text, name))


def _first_sheet(text: str) -> str:
    """Of several sheets, which stand under their names, the first."""
    return text.partition("\n\n")[2].partition("\n## ")[0] if text.startswith("## ") else text


def _of_text(text: str, name: str) -> Rows:
    try:
        header, *rows = list(read_table(text).rows) or [[]]
    except csv.Error:
        raise KnowledgeError(
            "“{file}” can’t be read as a table.", "Save it as CSV or XLSX in your spreadsheet program.", file=name
        ) from None
    titles = _distinct([title.strip() for title in header])
    return Rows(titles, [dict(zip(titles, row, strict=False)) for row in rows if any(map(str.strip, row))])


def _distinct(titles: Sequence[str]) -> tuple[str, ...]:
    """Names for the columns: those without one, or with one that is taken, get a number."""
    found: list[str] = []
    for number, title in enumerate(titles, 1):
        name = title or f"column {number}"
        found.append(f"{name} {number}" if name in found else name)
    return tuple(found)


def _of_lines(text: str, name: str) -> Rows:
    titles: dict[str, None] = {}
    rows = []
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except (ValueError, RecursionError):
            row = None
        if not isinstance(row, dict):
            raise KnowledgeError(
                "Line {number} of “{file}” is not a JSON object.",
                "Each line holds one row: the columns by their names, in braces.",
                file=name,
                number=number,
            )
        titles |= dict.fromkeys(map(str, row))
        rows.append({str(title): _as_text(value) for title, value in row.items()})
    return Rows(tuple(titles), rows)


def _as_text(value: Any) -> str:
    if isinstance(value, str):
        return value
    return "" if value is None else json.dumps(value, ensure_ascii=False)


def require_size(name: str, rows: int, columns: int) -> None:
    """Raises KnowledgeError for a table with more rows or columns than are taken."""
    if rows > MOST_ROWS or columns > MOST_COLUMNS:
        raise KnowledgeError(
            "“{file}” has more than {rows} rows or {columns} columns.",
            "Split it into several files.",
            file=name,
            rows=MOST_ROWS,
            columns=MOST_COLUMNS,
        )


def _checked(name: str, found: Rows) -> Rows:
    if not found.rows:
        raise KnowledgeError(
            "“{file}” holds no rows.", "The first line names the columns; each line below it is a row.", file=name
        )
    require_size(name, len(found.rows), len(found.titles))
    for number, row in enumerate(found.rows, 1):
        if any(len(cell) > LONGEST_CELL for cell in row.values()):
            raise KnowledgeError(
                "A cell in row {number} of “{file}” is longer than {most} characters.",
                "Shorten it, or give long texts to the GPT as documents.",
                file=name,
                number=number,
                most=LONGEST_CELL,
            )
    return found


def write_rows(form: Form, titles: Sequence[str], rows: Iterable[Mapping[str, Any]]) -> bytes:
    """The table as a file; what a spreadsheet would take for a formula stays words."""
    if form == "jsonl":
        return "".join(json.dumps(dict(row), ensure_ascii=False) + "\n" for row in rows).encode()
    return _workbook(titles, rows) if form == "xlsx" else _csv(titles, rows)


def _csv(titles: Sequence[str], rows: Iterable[Mapping[str, Any]]) -> bytes:
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(map(_harmless, titles))
    for row in rows:
        writer.writerow([_harmless(row.get(title, "")) for title in titles])
    return b"\xef\xbb\xbf" + out.getvalue().encode()  # so that spreadsheets read it as UTF-8


def _harmless(cell: Any) -> Any:
    is_formula = isinstance(cell, str) and cell.lstrip()[:1] in tuple("=+-@＝＋－＠") and not _is_number(cell)
    return f"'{cell}" if is_formula else cell


def _is_number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return True


def _workbook(titles: Sequence[str], rows: Iterable[Mapping[str, Any]]) -> bytes:
    from openpyxl import Workbook  # type: ignore[import-untyped]
    from openpyxl.cell.cell import (  # type: ignore[import-untyped]
        ILLEGAL_CHARACTERS_RE,
        WriteOnlyCell,
    )

    book = Workbook(write_only=True)
    sheet = book.create_sheet("Results")

    def cell(value: Any) -> Any:
        if not isinstance(value, str):
            return WriteOnlyCell(sheet, value)
        made = WriteOnlyCell(sheet, ILLEGAL_CHARACTERS_RE.sub("", value)[:32_767])
        made.data_type = "s"
        return made

    for line in ([*titles], *([row.get(title, "") for title in titles] for row in rows)):
        sheet.append([cell(value) for value in line])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
