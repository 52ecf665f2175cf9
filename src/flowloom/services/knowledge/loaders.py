"""The text of a document, page by page, or what is wrong with the file."""

import io
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any

from flowloom.errors import KnowledgeError

MAX_BYTES = 50 * 1024 * 1024
MAX_PAGES = 2_000
MAX_CHARACTERS = 20_000_000
TEXT_ENDINGS = frozenset({".txt", ".md", ".markdown", ".csv", ".tsv", ".json", ".log", ".rst", ".yaml", ".yml", ""})
_MARKDOWN = frozenset({".md", ".markdown"})
# What other programs' files begin with, so that a renamed one is told by its real kind.
_SIGNATURES = (
    (b"PK\x03\x04", "an Office document or archive"),
    (b"\xd0\xcf\x11\xe0", "an old Office document"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"\x7fELF", "a program"),
    (b"MZ", "a program"),
)
_BOMS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))

OnProgress = Callable[[float], None]


@dataclass(frozen=True, slots=True)
class Page:
    """A page's text; `number` is None where the format has no pages. `start` is its offset in the whole."""

    text: str
    start: int = 0
    number: int | None = None


@dataclass(frozen=True, slots=True)
class Document:
    pages: tuple[Page, ...]
    is_markdown: bool = False

    @property
    def text(self) -> str:
        return "\n".join(page.text for page in self.pages)


def read_document(name: str, data: bytes, on_progress: OnProgress = lambda done: None) -> Document:
    """The pages of a document. Raises KnowledgeError that names the file."""
    if len(data) > MAX_BYTES:
        raise KnowledgeError(
            "“{file}” is larger than 50 MB.", "Split it into smaller files and add those.", file=name
        )
    if not data.strip():
        raise KnowledgeError("“{file}” is empty.", "Choose a file with text in it.", file=name)
    ending = PurePath(name).suffix.lower()
    if ending == ".pdf" or data.startswith(b"%PDF-"):
        return _placed(_read_pdf(name, data, on_progress), numbered=True)
    if ending not in TEXT_ENDINGS:
        raise KnowledgeError(
            "“{file}” is of a kind that cannot be read here.",
            "Save it as PDF, Markdown or plain text and add that.",
            file=name,
        )
    return _placed([_decode(name, data)], numbered=False, is_markdown=ending in _MARKDOWN)


def read_text(name: str, data: bytes) -> str:
    """The text of a file a person attached. Raises KnowledgeError that names the file."""
    return read_document(name, data).text


def _placed(texts: list[str], numbered: bool, is_markdown: bool = False) -> Document:
    pages, start = [], 0
    for number, text in enumerate(texts, 1):
        pages.append(Page(text, start, number if numbered else None))
        start += len(text) + 1
    return Document(tuple(pages), is_markdown)


def _decode(name: str, data: bytes) -> str:
    kind = next((kind for signature, kind in _SIGNATURES if data.startswith(signature)), "")
    if kind or (b"\0" in data[:4096] and not data.startswith((b"\xff\xfe", b"\xfe\xff"))):
        raise KnowledgeError(
            "“{file}” is not text but {kind}.",
            "Save it as PDF, Markdown or plain text and add that.",
            file=name,
            kind=kind or "some other kind of file",
        )
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            return _tidy(data.decode(encoding, "replace"))
    # gb18030 accepts nearly everything, so Western text is tried for first.
    for encoding in ("utf-8", *(("gb18030", "cp1252") if _looks_chinese(data) else ("cp1252", "latin-1"))):
        try:
            return _tidy(data.decode(encoding))
        except UnicodeDecodeError:
            continue
    raise KnowledgeError(
        "The letters of “{file}” are in an unknown encoding.",
        "Open it in an editor and save it again as UTF-8.",
        file=name,
    )


def _looks_chinese(data: bytes) -> bool:
    """Chinese in GBK is pairs of high bytes; Western text has single accents between plain letters."""
    try:
        text = data.decode("gb18030")
    except UnicodeDecodeError:
        return False
    chinese = len(re.findall(r"[\u4e00-\u9fff，。、：！？]", text))
    return chinese * 4 > len(re.findall(r"[^\x00-\x7f]", text)) * 3 and bool(re.search(rb"[\x81-\xfe]{4}", data))


def _read_pdf(name: str, data: bytes, on_progress: OnProgress) -> list[str]:
    import logging

    # pypdf reports every oddity of a file; one sentence about the file is enough.
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    if not data.lstrip()[:1024].startswith(b"%PDF-") and b"%PDF-" not in data[:1024]:
        raise _broken(name)
    try:
        reader = _open(name, data)
        count = len(reader.pages)
        if count > MAX_PAGES:
            raise KnowledgeError(
                "“{file}” has more than 2,000 pages.", "Split it into smaller files and add those.", file=name
            )
        texts = _pages(name, reader, count, on_progress)
    except KnowledgeError:
        raise
    except Exception:  # pypdf raises anything at all on damaged files
        raise _broken(name) from None
    if sum(len(text.strip()) for text in texts) < max(1, count // 50):
        raise KnowledgeError(
            "“{file}” holds pictures of pages, but no text.",
            "Run it through text recognition (OCR) first, and add the result.",
            file=name,
        )
    return texts


def _open(name: str, data: bytes) -> Any:
    from pypdf import PdfReader

    reader = PdfReader(io.BytesIO(data))
    if reader.is_encrypted and not reader.decrypt(""):
        raise KnowledgeError(
            "“{file}” is locked with a password.", "Save a copy without the password and add that.", file=name
        )
    return reader


def _pages(name: str, reader: Any, count: int, on_progress: OnProgress) -> list[str]:
    texts, length = [], 0
    for number, page in enumerate(reader.pages, 1):
        texts.append(_tidy(page.extract_text() or ""))
        length += len(texts[-1])
        if length > MAX_CHARACTERS:
            raise KnowledgeError(
                "“{file}” unfolds into more text than can be kept.", "Add it in smaller parts.", file=name
            )
        on_progress(number / count)
    return texts


def _tidy(text: str) -> str:
    # Lone surrogates come out of broken PDFs and cannot be saved.
    text = text.encode("utf-8", "ignore").decode("utf-8")
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")


def _broken(name: str) -> KnowledgeError:
    return KnowledgeError(
        "“{file}” is no PDF that can be read.",
        "Open it on your computer; if it opens there, save it anew as PDF and add that.",
        file=name,
    )
