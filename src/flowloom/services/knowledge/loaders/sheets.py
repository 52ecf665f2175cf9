"""Excel workbooks, CSV and TSV: each sheet a table that keeps its header."""

import csv
import io
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from flowloom.services.knowledge.loaders.document import Document, Length, OnProgress, paged, table, tidy, whole
from flowloom.services.knowledge.loaders.plain import decode

MAX_COLUMNS = 500


def read_xlsx(name: str, data: bytes, on_progress: OnProgress) -> Document:
    import openpyxl  # type: ignore[import-untyped]

    book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
    texts, titles, length = [], [], Length(name)
    for number, sheet in enumerate(book.worksheets, 1):
        # What a file says of its own size may be wrong by millions of cells.
        sheet.reset_dimensions()
        made = table(_rows(sheet, length))
        texts.append(tidy(f"# {sheet.title}\n\n{made}" if made else ""))
        titles.append(sheet.title)
        on_progress(number / len(book.worksheets))
    book.close()
    return paged(texts, titles, is_markdown=True)


def _rows(sheet: Any, length: Length) -> Iterator[list[str]]:
    for row in sheet.iter_rows(values_only=True, max_col=MAX_COLUMNS):
        cells = [_shown(value) for value in row]
        length.add("".join(cells))
        yield cells


def _shown(value: Any) -> str:
    if isinstance(value, datetime) and not (value.hour or value.minute or value.second):
        return value.date().isoformat()
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return "" if value is None else str(value)


def read_csv(name: str, data: bytes, on_progress: OnProgress) -> Document:
    text = decode(name, data)
    lines = io.StringIO(text, newline="")
    length = Length(name)
    # A lone quote may swallow the rest of the file as one cell; better a long cell than none.
    csv.field_size_limit(max(csv.field_size_limit(), len(text) + 1))
    rows = (
        [length.add(cell) for cell in row[:MAX_COLUMNS]] for row in csv.reader(lines, delimiter=_delimiter(text))
    )
    return whole(tidy(table(rows)), is_markdown=True)


def _delimiter(text: str) -> str:
    """The one that the first line has most of: a comma within prices loses against the semicolons between them."""
    first = text.lstrip("\n").partition("\n")[0]
    return max(",;\t|", key=first.count) if any(map(first.count, ",;\t|")) else ","
