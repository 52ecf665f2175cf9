"""Tables in texts: CSV in its dialects and Markdown read as rows, and rows written as a table to read."""

import csv
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

from flowloom.errors import NodeError
from flowloom.kinds.table_text import read_table
from flowloom.locales import add_texts
from flowloom.nodes.readable import readable

MAX_ROWS = 20_000
MAX_COLUMNS = 200
MAX_TEXT = 10_000_000
MAX_CELL = 100_000
_HEAD = 100_000
_RULE = re.compile(r"\s*+(?:\|\s*+)?:?-{3,}+:?\s*+(?:\|\s*+:?-{3,}+:?\s*+)*+(?:\|\s*+)?")
_WHOLE = re.compile(r"-?(?:0|[1-9][0-9]{0,14})")
_DECIMAL = re.compile(r"-?(?:0|[1-9][0-9]{0,14})\.[0-9]{1,10}")
SHEET = re.compile(r"^## (.+)$", re.MULTILINE)
"""How a workbook of several sheets is written as a text: each under its name."""

add_texts(
    {
        "zh": {
            "This is no table that can be read.": "这不是可以读取的表格。",
            "Hand on a CSV or XLSX file, or rows with commas or tabs between the cells.": (
                "请传入 CSV 或 XLSX 文件，或单元格之间用逗号或制表符隔开的行。"
            ),
            "The table is larger than {rows} rows or {columns} columns.": "表格超过 {rows} 行或 {columns} 列。",
            "Hand on a part of it.": "请只传入其中一部分。",
        },
        "fr": {
            "This is no table that can be read.": "Ce n’est pas un tableau lisible.",
            "Hand on a CSV or XLSX file, or rows with commas or tabs between the cells.": (
                "Transmettez un fichier CSV ou XLSX, ou des lignes aux cellules séparées par des virgules ou "
                "des tabulations."
            ),
            "The table is larger than {rows} rows or {columns} columns.": (
                "Le tableau dépasse {rows} lignes ou {columns} colonnes."
            ),
            "Hand on a part of it.": "Transmettez-en une partie.",
        },
    }
)


def cells_of(text: str, most: int = MAX_ROWS, longest: int = MAX_TEXT) -> list[list[str]]:
    """The cells of a table, row by row, without empty rows and what stands above it. Raises NodeError."""
    if len(text) > longest:
        raise too_large(most)
    lines = text[:_HEAD].splitlines()
    if any(_RULE.fullmatch(line) and "-" in line for line in lines[:50]):
        rows: Iterator[list[str]] = (
            _piped(line) for line in text.splitlines() if "|" in line and not _RULE.fullmatch(line)
        )
    else:
        rows = _separated(text)
    # No more is read than is needed to say that it is too much.
    found = list(islice((row for row in rows if any(map(str.strip, row))), most + 2))
    if len(found) > most + 1 or max(map(len, found), default=0) > MAX_COLUMNS:
        raise too_large(most)
    return [[" ".join(cell.split()) if "\n" in cell else cell.strip() for cell in row] for row in found]


def _piped(line: str) -> list[str]:
    cells = re.split(r"(?<!\\)\|", line.strip().removeprefix("|").removesuffix("|"))
    return [cell.replace("\\|", "|") for cell in cells]


def _separated(text: str) -> Iterator[list[str]]:
    try:
        for row in read_table(text).rows:
            # A lone quote makes one cell of all that follows.
            if any(len(cell) > MAX_CELL for cell in row):
                raise unreadable()
            yield row
    except csv.Error:
        raise unreadable() from None


def unreadable() -> NodeError:
    return NodeError(
        "This is no table that can be read.",
        "Hand on a CSV or XLSX file, or rows with commas or tabs between the cells.",
        code="table.unreadable",
    )


def too_large(most: int) -> NodeError:
    return NodeError(
        "The table is larger than {rows} rows or {columns} columns.",
        "Hand on a part of it.",
        code="table.large",
        rows=most,
        columns=MAX_COLUMNS,
    )


def sheet_of(text: str, name: str) -> str:
    """The sheet of that name, in any case; without a name, or in a text without sheets, the first."""
    parts: list[str] = SHEET.split(text)
    if len(parts) < 3 or parts[0].strip():
        return text
    sheets = dict(zip((part.strip().casefold() for part in parts[1::2]), parts[2::2], strict=True))
    return sheets.get(name.strip().casefold(), parts[2]) if name.strip() else parts[2]


def named(cells: Sequence[Sequence[str]], header: bool) -> tuple[list[str], list[dict[str, Any]]]:
    """The names of the columns, and each row by them. A name that stands twice gets a number."""
    width = max(map(len, cells), default=0)
    given = list(cells[0]) if header and cells else []
    columns: list[str] = []
    for at in range(width):
        name = (given[at] if at < len(given) else "") or f"Column {at + 1}"
        number = 1 + sum(name == other or other.startswith(f"{name} (") for other in columns)
        columns.append(name if number == 1 else f"{name} ({number})")
    rows = [dict(zip(columns, [*map(value_of, row), *[""] * (width - len(row))], strict=True)) for row in cells]
    return columns, rows[1:] if header else rows


def value_of(cell: str) -> str | int | float:
    """A number where the cell says one as programs write it; 007 and +33 1 23 stay as they are."""
    if _WHOLE.fullmatch(cell):
        return int(cell)
    return float(cell) if _DECIMAL.fullmatch(cell) else cell


def markdown_table(columns: Sequence[str], rows: Iterable[Mapping[str, Any]]) -> str:
    """Rows as a table to read."""
    if not columns:
        return ""
    lines = [columns, ["---"] * len(columns), *([_cell(row.get(name)) for name in columns] for row in rows)]
    head = [_cell(name) for name in columns]
    return "\n".join(f"| {' | '.join(line)} |" for line in [head, *lines[1:]])


def _cell(value: Any) -> str:
    return " ".join(readable(value).replace("\\", "\\\\").replace("|", "\\|").split())
