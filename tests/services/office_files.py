"""Office files as their own programs write them, and some that no program would."""

import io
import zipfile
from collections.abc import Mapping, Sequence

import docx
import openpyxl
import pptx
from pptx.util import Inches


def word(*blocks: str | Sequence[Sequence[str]]) -> bytes:
    """Paragraphs, `# headings` and tables."""
    document = docx.Document()
    for block in blocks:
        if not isinstance(block, str):
            table = document.add_table(len(block), len(block[0]))
            for row, cells in zip(table.rows, block, strict=True):
                for cell, text in zip(row.cells, cells, strict=True):
                    cell.text = text
        elif block.startswith("# "):
            document.add_heading(block[2:], 1)
        else:
            document.add_paragraph(block)
    return _saved(document)


def slides(*pages: tuple[str, str], notes: str = "", rows: Sequence[Sequence[str]] = ()) -> bytes:
    """Slides with a title and a text; the last has the notes and the table."""
    deck = pptx.Presentation()
    for title, text in pages:
        slide = deck.slides.add_slide(deck.slide_layouts[1])
        slide.shapes.title.text, slide.placeholders[1].text = title, text
    if notes:
        slide.notes_slide.notes_text_frame.text = notes
    if rows:
        size = (Inches(1), Inches(1), Inches(4), Inches(1))
        table = slide.shapes.add_table(len(rows), len(rows[0]), *size).table
        for at, row in enumerate(rows):
            for place, text in enumerate(row):
                table.cell(at, place).text = text
    return _saved(deck)


def workbook(**sheets: Sequence[Sequence[object]]) -> bytes:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(list(row))
    return _saved(book)


def repacked(data: bytes, changes: Mapping[str, bytes]) -> bytes:
    """The same archive with some parts replaced or added."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.namelist():
            if part not in changes:
                new.writestr(part, old.read(part))
        for part, content in changes.items():
            new.writestr(part, content)
    return out.getvalue()


def _saved(document: object) -> bytes:
    out = io.BytesIO()
    document.save(out)  # type: ignore[attr-defined]
    return out.getvalue()
