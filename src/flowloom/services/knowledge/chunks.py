"""A document cut into passages that keep their place: page, offset and heading."""

import re
from bisect import bisect_right

from flowloom.kinds.values import Passage
from flowloom.services.knowledge.loaders import Document, Page

SIZE = 900
OVERLAP = 120
_HEADING = re.compile(r"^#{1,6}\s+(.+?)\s*#*$", re.MULTILINE)
# Chinese has no spaces to cut at, so its own full stops and commas come before single characters.
_CUTS = ["\n\n", "\n", "。", "！", "？", "；", ". ", "! ", "? ", "; ", "，", ", ", " ", ""]


def cut(name: str, document: Document, size: int = SIZE, overlap: int = OVERLAP) -> list[Passage]:
    """The passages of a document, in reading order."""
    from langchain_text_splitters import RecursiveCharacterTextSplitter

    splitter = RecursiveCharacterTextSplitter(
        chunk_size=size,
        chunk_overlap=overlap,
        separators=_CUTS,
        keep_separator="end",
        add_start_index=True,
        strip_whitespace=True,
    )
    passages = []
    for page in document.pages:
        for section in _sections(page) if document.is_markdown else [page]:
            for made in splitter.create_documents([section.text]):
                start = section.start + max(0, made.metadata["start_index"])
                if re.search(r"\w", made.page_content):
                    passages.append(Passage(text=made.page_content, file=name, page=page.number, start=start))
    return _with_headings(passages, document) if document.is_markdown else passages


def _sections(page: Page) -> list[Page]:
    """Markdown by its headings, so that a passage is about one thing. Small neighbours stay apart, too."""
    starts = sorted({0, *(match.start() for match in _HEADING.finditer(page.text))})
    ends = [*starts[1:], len(page.text)]
    return [Page(page.text[a:b], page.start + a, page.number) for a, b in zip(starts, ends, strict=True)]


def _with_headings(passages: list[Passage], document: Document) -> list[Passage]:
    found = list(_HEADING.finditer(document.text))
    starts = [match.start() for match in found]
    placed = []
    for passage in passages:
        at = bisect_right(starts, passage.start) - 1
        heading = found[at][1] if at >= 0 else ""
        # A heading alone says nothing that the passage below it does not.
        if passage.text.strip("# \n") != heading:
            placed.append(passage.model_copy(update={"heading": heading}))
    return placed
