"""Plain text and Markdown, in whatever encoding they come."""

import re

from flowloom.errors import KnowledgeError
from flowloom.services.formats.charsets import decode_named
from flowloom.services.knowledge.loaders.document import tidy

# What other programs' files begin with, so that a renamed one is told by its real kind.
_SIGNATURES = (
    (b"PK\x03\x04", "an Office document or archive"),
    (b"\xd0\xcf\x11\xe0", "an old Office document"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"\x1f\x8b", "an Office document or archive"),
    (b"\x7fELF", "a program"),
    (b"MZ", "a program"),
)
_BOMS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))


def decode(name: str, data: bytes, declared: str = "") -> str:
    """The text of a file; `declared` is the encoding it says it has. Raises KnowledgeError."""
    kind = next((kind for signature, kind in _SIGNATURES if data.startswith(signature)), "")
    if kind or (b"\0" in data[:4096] and not data.startswith((b"\xff\xfe", b"\xfe\xff"))):
        raise KnowledgeError(
            "“{file}” isn’t text, but {kind}.",
            "Save it as PDF, Markdown or plain text and add that.",
            file=name,
            kind=kind or "some other kind of file",
        )
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            return tidy(data.decode(encoding, "replace"))
    if declared and (named := decode_named(data, declared)) is not None:
        return tidy(named)
    # gb18030 accepts nearly everything, so Western text is tried for first.
    others = ("gb18030", "cp1252") if _looks_chinese(data) else ("cp1252", "latin-1")
    for encoding in ("utf-8", *others):
        try:
            return tidy(data.decode(encoding))
        except (UnicodeError, LookupError):
            continue
    raise KnowledgeError(
        "The text encoding of “{file}” is unknown.",
        "Open it in a text editor and save it as UTF-8.",
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
