"""A document as text with its places, and the limits each format keeps to."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from flowloom.errors import KnowledgeError

MAX_BYTES = 50 * 1024 * 1024
MAX_PAGES = 2_000
MAX_CHARACTERS = 20_000_000

OnProgress = Callable[[float], None]


@dataclass(frozen=True, slots=True)
class Page:
    """A page's text; `number` is None where the format has no pages. `start` is its offset in the whole.

    `part` says what the page is called where it is none: `slide 3`, or the name of a sheet.
    """

    text: str
    start: int = 0
    number: int | None = None
    part: str = ""


@dataclass(frozen=True, slots=True)
class Document:
    pages: tuple[Page, ...]
    is_markdown: bool = False
    title: str = ""

    @property
    def text(self) -> str:
        return "\n".join(page.text for page in self.pages)


def whole(text: str, is_markdown: bool = False, title: str = "") -> Document:
    """A document without pages."""
    return Document((Page(text),), is_markdown, title)


def paged(texts: Iterable[str], parts: Iterable[str] = (), is_markdown: bool = False) -> Document:
    """A document of pages, slides or sheets, numbered from 1; `parts` are their names."""
    pages: list[Page] = []
    names, start = list(parts), 0
    for number, text in enumerate(texts, 1):
        pages.append(Page(text, start, number, names[number - 1] if names else ""))
        start += len(text) + 1
    return Document(tuple(pages), is_markdown)


def tidy(text: str) -> str:
    """The text with plain line ends and nothing in it that cannot be saved."""
    # Lone surrogates come out of broken PDFs and cannot be saved.
    text = text.encode("utf-8", "ignore").decode("utf-8")
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")


def table(rows: Iterable[Sequence[Any]]) -> str:
    """Rows as a Markdown table, the first one its header; empty ones are left out."""
    kept = [cells for row in rows if any(cells := [_cell(value) for value in row])]
    if not kept:
        return ""
    width = max(max((at for at, cell in enumerate(row, 1) if cell), default=0) for row in kept)
    lines = [[*row[:width], *[""] * (width - len(row))] for row in kept]
    lines.insert(1, ["---"] * width)
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _cell(value: Any) -> str:
    text = "" if value is None else str(value)
    return " ".join(text.split()).replace("|", "\\|")


class Length:
    """Counts the characters a file unfolds into. Raises KnowledgeError past the limit."""

    def __init__(self, name: str) -> None:
        self._name, self._sum = name, 0

    def add(self, text: str) -> str:
        self._sum += len(text)
        if self._sum > MAX_CHARACTERS:
            raise KnowledgeError(
                "“{file}” contains more text than can be saved.", "Add it in smaller parts.", file=self._name
            )
        return text


def too_many_pages(name: str) -> KnowledgeError:
    return KnowledgeError(
        "“{file}” has more than 2,000 pages.", "Split it into smaller files and add those.", file=name
    )


def no_text(name: str) -> KnowledgeError:
    return KnowledgeError("“{file}” contains no text.", "Choose a file with text in it.", file=name)


def locked(name: str) -> KnowledgeError:
    return KnowledgeError(
        "“{file}” is locked with a password.", "Save a copy without a password and add that.", file=name
    )


def broken(name: str, format: str) -> KnowledgeError:
    return KnowledgeError(
        "“{file}” isn’t a readable {format}.",
        "Open it on your computer. If that works, save it again and add that.",
        file=name,
        format=format,
    )
