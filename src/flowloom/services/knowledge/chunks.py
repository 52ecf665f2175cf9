"""A document cut into passages that keep their place: page, offset and heading; tables keep their header."""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict, Field

from flowloom.kinds.values import Passage
from flowloom.services.knowledge.loaders.document import Document, Page

if TYPE_CHECKING:
    from langchain_text_splitters import RecursiveCharacterTextSplitter

SIZE = 900
OVERLAP = 120
_HEADING = re.compile(r"^#{1,6}[^\S\n]++(.+)$", re.MULTILINE)
_TABLE = re.compile(r"^\|.*\|[ \t]*\n\|(?:[ \t]*:?-{3,}:?[ \t]*\|)+[ \t]*(?:\n\|.*)*", re.MULTILINE)
# Chinese has no spaces to cut at, so its own full stops and commas come before single characters.
_CUTS = ["\n\n", "\n", "。", "！", "？", "；", ". ", "! ", "? ", "; ", "，", ", ", " ", ""]


class Cutting(BaseModel):
    """How long passages are at most, and how much of one the next begins with, in characters."""

    model_config = ConfigDict(frozen=True)

    size: int = Field(SIZE, ge=100, le=8_000)
    overlap: int = Field(OVERLAP, ge=0, le=4_000)


def cut(name: str, document: Document, size: int = SIZE, overlap: int = OVERLAP) -> list[Passage]:
    """The passages of a document, in reading order."""
    from langchain_text_splitters import RecursiveCharacterTextSplitter

    splitter = RecursiveCharacterTextSplitter(
        chunk_size=size,
        chunk_overlap=min(overlap, size // 2),
        separators=_CUTS,
        keep_separator="end",
        add_start_index=True,
        strip_whitespace=True,
    )
    return [
        made.model_copy(update={"file": name, "page": page.number, "part": page.part, "heading": heading})
        for page in document.pages
        for heading, section in (_sections(page) if document.is_markdown else [("", page)])
        for made in _cut_section(section, splitter, size)
        # A heading alone says nothing that the passage below it does not.
        if re.search(r"\w", made.text) and made.text.strip("# \n") != heading
    ]


def preview(document: Document, size: int = SIZE, overlap: int = OVERLAP) -> list[Passage]:
    """How a document would be cut; nothing is kept."""
    return cut("", document, size, overlap)


def _cut_section(section: Page, splitter: "RecursiveCharacterTextSplitter", size: int) -> Iterator[Passage]:
    at = 0
    for table in _TABLE.finditer(section.text) if len(section.text) > size else ():
        yield from _cut_text(section.text[at : table.start()], section.start + at, splitter)
        yield from _cut_table(table[0], section.start + table.start(), splitter, size)
        at = table.end()
    yield from _cut_text(section.text[at:], section.start + at, splitter)


def _cut_text(text: str, start: int, splitter: "RecursiveCharacterTextSplitter") -> Iterator[Passage]:
    if text.strip():
        for made in splitter.create_documents([text]):
            offset = start + max(0, made.metadata["start_index"])
            yield Passage(text=made.page_content, file="", start=offset)


def _cut_table(text: str, start: int, splitter: "RecursiveCharacterTextSplitter", size: int) -> Iterator[Passage]:
    """Whole rows, each passage below the header; a table whose header fills half a passage is cut as text."""
    body = text.index("\n", text.index("\n") + 1) + 1 if text.count("\n") > 1 else len(text)
    header, room = text[:body], size - body
    if len(text) <= size or body > size // 2:
        yield from _cut_text(text, start, splitter)
        return
    rows, at = "", body
    for row in text[body:].splitlines(keepends=True):
        if rows and len(rows) + len(row.rstrip("\n")) > room:
            yield from _rows(header, rows, start + at, room)
            rows, at = "", at + len(rows)
        rows += row
    yield from _rows(header, rows, start + at, room)


def _rows(header: str, rows: str, start: int, room: int) -> Iterator[Passage]:
    # A single row may be longer than a passage may be.
    for at in range(0, len(rows), room) if len(rows.rstrip("\n")) > room else [0]:
        piece = rows[at : at + room] if len(rows.rstrip("\n")) > room else rows
        yield Passage(text=header + piece.rstrip("\n"), file="", start=start + at, repeated=len(header))


def _sections(page: Page) -> list[tuple[str, Page]]:
    """Markdown by its headings, so that a passage is about one thing. Small neighbours stay apart, too."""
    headings = {match.start(): match[1].rstrip().rstrip("#").rstrip() for match in _HEADING.finditer(page.text)}
    starts = sorted({0, *headings})
    ends = [*starts[1:], len(page.text)]
    return [
        (headings.get(a, ""), Page(page.text[a:b], page.start + a, page.number))
        for a, b in zip(starts, ends, strict=True)
    ]
