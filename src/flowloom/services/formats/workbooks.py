"""XLSX files as text: the values of their cells as CSV, each sheet under its name where there are several."""

import csv
import io
import zipfile
from collections.abc import Iterable, Iterator

from flowloom.errors import KnowledgeError
from flowloom.services.formats.sheet_cells import Limits, sheets_of
from flowloom.services.formats.xml_parts import NotXml, declares, xml_parts

MAX_ENTRIES = 2_000
MAX_UNPACKED = 80_000_000
MAX_RATIO = 300
MAX_ROWS = 20_001
MAX_COLUMNS = 200
MAX_SHEETS = 30
MAX_CHARACTERS = 5_000_000


def is_workbook(data: bytes) -> bool:
    """Whether a file is an XLSX one by what it holds, whatever it is called."""
    if not data.startswith(b"PK\x03\x04"):
        return False
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return "xl/workbook.xml" in archive.namelist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        return False


def workbook_text(name: str, data: bytes) -> str:
    """The cells of a workbook. Raises KnowledgeError that names the file."""
    _refuse_bombs(name, data)
    try:
        sheets = list(_sheets(data))
    except KnowledgeError:
        raise
    except Exception:  # openpyxl raises anything at all on damaged files
        raise _broken(name) from None
    texts = [text for _, text in sheets]
    if not any(text.strip() for text in texts):
        raise KnowledgeError("“{file}” is empty.", "Choose a file with text in it.", file=name)
    if len(sheets) == 1:
        return texts[0]
    return "\n".join(f"## {' '.join(title.split())}\n\n{text}" for title, text in sheets)


def _sheets(data: bytes) -> Iterator[tuple[str, str]]:
    room = MAX_CHARACTERS
    # Blocks speak of yes and no; what a sheet shows is for those who read it.
    for sheet in sheets_of(data, Limits(MAX_ROWS, MAX_COLUMNS, MAX_SHEETS), ("yes", "no")):
        text = _csv(sheet.rows, room)
        room -= len(text)
        yield sheet.title, text


def _csv(rows: Iterable[list[str]], room: int) -> str:
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    for cells in rows:
        while cells and not cells[-1]:
            cells.pop()
        if cells:
            writer.writerow(cells)
        if file.tell() > room:
            break
    return file.getvalue()[:room]


def _refuse_bombs(name: str, data: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
            unpacked = sum(entry.file_size for entry in entries)
            if len(entries) > MAX_ENTRIES or unpacked > min(MAX_UNPACKED, MAX_RATIO * len(data) + 1_000_000):
                raise KnowledgeError(
                    "“{file}” contains more than can be read.", "Save a smaller part of it.", file=name
                )
            for entry in xml_parts(archive):
                with archive.open(entry) as file:
                    if declares(file):
                        raise _broken(name)
    except (NotXml, zipfile.BadZipFile, ValueError, NotImplementedError, RuntimeError, OSError, EOFError):
        raise _broken(name) from None


def _broken(name: str) -> KnowledgeError:
    return KnowledgeError(
        "“{file}” isn’t a readable spreadsheet.",
        "Open it on your computer. If that works, save it again as XLSX or CSV.",
        file=name,
    )
