"""Word documents: headings and tables as Markdown."""

import io
import re
from typing import Any

from flowloom.services.knowledge.loaders.document import Document, Length, OnProgress, table, tidy, whole


def read_docx(name: str, data: bytes, on_progress: OnProgress) -> Document:
    import docx
    from docx.table import Table

    source = docx.Document(io.BytesIO(data))
    blocks, length = [], Length(name)
    for block in source.iter_inner_content():
        text = _table(block) if isinstance(block, Table) else _paragraph(block)
        if text:
            blocks.append(length.add(text))
    return whole(tidy("\n\n".join(blocks)), is_markdown=True, title=source.core_properties.title or "")


def _paragraph(paragraph: Any) -> str:
    text = paragraph.text.strip()
    style = (paragraph.style.name or "") if paragraph.style is not None else ""
    level = re.fullmatch(r"Heading (\d)", style)
    if text and (level or style == "Title"):
        return "#" * min(6, int(level[1]) if level else 1) + " " + " ".join(text.split())
    return f"- {text}" if text and style.startswith("List") else text


def _table(block: Any) -> str:
    # By the rows as they stand in the file: the library's own way takes the square of their number.
    rows = ([_text(cell) for cell in row.tc_lst] for row in block._tbl.tr_lst)
    return table(rows)


def _text(cell: Any) -> str:
    return " ".join("".join(run.text or "" for run in p.iter(f"{{{_NS}}}t")) for p in cell.iter(f"{{{_NS}}}p"))


_NS = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
