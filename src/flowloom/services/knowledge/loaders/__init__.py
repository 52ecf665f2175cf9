"""The text of a document with its places, or what is wrong with the file: one module for each family of formats."""

from collections.abc import Callable
from pathlib import PurePath

from flowloom.errors import KnowledgeError
from flowloom.services.knowledge.loaders import document
from flowloom.services.knowledge.loaders.document import Document, OnProgress, Page, broken, whole
from flowloom.services.knowledge.loaders.html import read_html
from flowloom.services.knowledge.loaders.mail import read_mail
from flowloom.services.knowledge.loaders.office import FORMATS, check_office
from flowloom.services.knowledge.loaders.pdf import read_pdf
from flowloom.services.knowledge.loaders.plain import decode
from flowloom.services.knowledge.loaders.sheets import read_csv, read_xlsx
from flowloom.services.knowledge.loaders.slides import read_pptx
from flowloom.services.knowledge.loaders.word import read_docx

__all__ = ["READABLE", "Document", "Page", "check_size", "read_document", "read_text"]

Loader = Callable[[str, bytes, OnProgress], Document]

MARKDOWN = frozenset({".md", ".markdown"})
TABLES = frozenset({".csv", ".tsv"})
TEXT_ENDINGS = frozenset({".txt", ".json", ".log", ".rst", ".yaml", ".yml", "", *MARKDOWN, *TABLES})
_OFFICE: dict[str, Loader] = {".docx": read_docx, ".pptx": read_pptx, ".xlsx": read_xlsx}
_OTHERS: dict[str, Loader] = {
    **dict.fromkeys(TABLES, read_csv),
    **dict.fromkeys((".html", ".htm"), read_html),
    ".eml": read_mail,
}
_NAMES = {".html": "web page", ".htm": "web page", ".eml": "email", ".csv": "table", ".tsv": "table"}
READABLE = sorted(ending[1:] for ending in {".pdf", *_OFFICE, *_OTHERS, *TEXT_ENDINGS} if ending)
"""The endings of the files that can be read, as a file chooser wants them."""


def read_document(name: str, data: bytes, on_progress: OnProgress = lambda done: None) -> Document:
    """The pages of a document. Raises KnowledgeError that names the file."""
    check_size(name, len(data))
    if not data.strip():
        raise KnowledgeError("“{file}” is empty.", "Choose a file with text in it.", file=name)
    ending = PurePath(name).suffix.lower()
    if ending == ".pdf" or data.startswith(b"%PDF-"):
        return read_pdf(name, data, on_progress)
    if ending in _OFFICE:
        check_office(name, data, ending)
        return _guarded(_OFFICE[ending], FORMATS[ending], name, data, on_progress)
    if ending in _OTHERS:
        return _guarded(_OTHERS[ending], _NAMES[ending], name, data, on_progress)
    if ending not in TEXT_ENDINGS:
        raise KnowledgeError(
            "“{file}” is a type of file that can’t be read.",
            "Save it as PDF, Markdown or plain text and add that.",
            file=name,
        )
    return whole(decode(name, data), is_markdown=ending in MARKDOWN)


def read_text(name: str, data: bytes) -> str:
    """The text of a file a person attached; tables as they were written. Raises KnowledgeError."""
    if PurePath(name).suffix.lower() in TABLES and not data.startswith(b"%PDF-"):
        check_size(name, len(data))
        return decode(name, data)
    return read_document(name, data).text


def check_size(name: str, size: int) -> None:
    """Refuse a file by its size alone. Raises KnowledgeError."""
    if size > document.MAX_BYTES:
        raise KnowledgeError(
            "“{file}” is larger than 50 MB.", "Split it into smaller files and add those.", file=name
        )


def _guarded(load: Loader, format: str, name: str, data: bytes, on_progress: OnProgress) -> Document:
    try:
        return load(name, data, on_progress)
    except KnowledgeError:
        raise
    except Exception:  # the libraries raise anything at all on damaged files
        raise broken(name, format) from None
