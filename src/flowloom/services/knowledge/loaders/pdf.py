"""PDF: the text of its pages."""

import io
import re
import unicodedata
from typing import Any

from flowloom.errors import KnowledgeError
from flowloom.services.knowledge.loaders import document
from flowloom.services.knowledge.loaders.document import (
    Document,
    Length,
    OnProgress,
    broken,
    locked,
    paged,
    tidy,
    too_many_pages,
)

# Signs that stand for several letters, or for one in the form it takes within an Arabic word.
_DRAWN = re.compile("[\ufb00-\ufb06\ufb13-\ufb17\ufb1d-\ufdf9\ufe70-\ufefc]+")
_SOFT_BREAK = re.compile("\u00ad\n?")


def read_pdf(name: str, data: bytes, on_progress: OnProgress) -> Document:
    """Raises KnowledgeError where it is locked, broken, or holds no text."""
    import logging

    # pypdf reports every oddity of a file; one sentence about the file is enough.
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    if b"%PDF-" not in data[:1024]:
        raise broken(name, "PDF")
    try:
        reader = _open(name, data)
        count = len(reader.pages)
        if count > document.MAX_PAGES:
            raise too_many_pages(name)
        texts = _texts(name, reader, count, on_progress)
    except KnowledgeError:
        raise
    except Exception:  # pypdf raises anything at all on damaged files
        raise broken(name, "PDF") from None
    if sum(len(text.strip()) for text in texts) < max(1, count // 50):
        raise KnowledgeError(
            "“{file}” contains scanned pages, but no text.",
            "Run text recognition (OCR) on it first, then add the result.",
            file=name,
        )
    return paged(texts)


def _open(name: str, data: bytes) -> Any:
    from pypdf import PdfReader

    reader = PdfReader(io.BytesIO(data))
    if reader.is_encrypted and not reader.decrypt(""):
        raise locked(name)
    return reader


def _texts(name: str, reader: Any, count: int, on_progress: OnProgress) -> list[str]:
    texts, length = [], Length(name)
    for number, page in enumerate(reader.pages, 1):
        texts.append(length.add(_spelled(tidy(page.extract_text() or ""))))
        on_progress(number / count)
    return texts


def _spelled(text: str) -> str:
    """The letters that a typesetter joined or drew, so that “oﬃce” is found as “office”."""
    return _SOFT_BREAK.sub("", _DRAWN.sub(lambda found: unicodedata.normalize("NFKC", found[0]), text))
