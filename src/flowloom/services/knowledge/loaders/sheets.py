"""Excel workbooks, CSV and TSV: each sheet a table that keeps its header."""

from collections.abc import Iterator

from flowloom.kinds.table_text import read_table
from flowloom.services.formats.sheet_cells import Limits, sheets_of
from flowloom.services.knowledge.loaders.document import Document, Length, OnProgress, paged, table, tidy, whole
from flowloom.services.knowledge.loaders.plain import decode

MAX_COLUMNS = 500


def read_xlsx(name: str, data: bytes, on_progress: OnProgress) -> Document:
    texts, titles, length = [], [], Length(name)
    for number, sheet in enumerate(sheets_of(data, Limits(None, MAX_COLUMNS)), 1):
        made = table(_counted(sheet.rows, length))
        texts.append(tidy(f"# {sheet.title}\n\n{made}" if made else ""))
        titles.append(sheet.title)
        on_progress(number / sheet.of)
    return paged(texts, titles, is_markdown=True)


def _counted(rows: Iterator[list[str]], length: Length) -> Iterator[list[str]]:
    for cells in rows:
        length.add("".join(cells))
        yield cells


def read_csv(name: str, data: bytes, on_progress: OnProgress) -> Document:
    length = Length(name)
    found = read_table(decode(name, data))
    made = table([length.add(cell) for cell in row[:MAX_COLUMNS]] for row in found.rows)
    return whole(tidy("\n\n".join([*found.titles, made])), is_markdown=True)
