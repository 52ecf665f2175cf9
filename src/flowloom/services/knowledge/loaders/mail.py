"""E-mail: who wrote to whom about what, and what they wrote; attachments are only named.

Which parts are shown follows RFC 2046: of alternatives the best that has something to say, of mixed parts all texts
in their order, and a forwarded mail as a mail within (5.1.3, 5.1.4, 5.2.1).
"""

import email
import email.policy
from collections.abc import Iterator
from email.errors import HeaderParseError
from email.header import decode_header
from email.message import Message
from typing import Any

from flowloom.errors import KnowledgeError
from flowloom.services.formats.charsets import decode_named, decode_page
from flowloom.services.knowledge.loaders.document import Document, Length, OnProgress, broken, tidy, whole
from flowloom.services.knowledge.loaders.html import main_text
from flowloom.services.knowledge.loaders.plain import decode

HEADERS = ("From", "To", "Cc", "Subject", "Date")
DEEPEST = 20
"""Mails within mails, and parts within parts."""
_LITTLE = 40
"""Characters of a plain part that only says that there is an HTML one."""


def read_mail(name: str, data: bytes, on_progress: OnProgress) -> Document:
    message = email.message_from_bytes(data, policy=email.policy.compat32)
    if not (message["From"] or message["Subject"]):
        raise broken(name, "email")
    text = "\n".join(_said(message, Length(name))) + "\n"
    return whole(tidy(text), is_markdown=True, title=_header(message, "Subject"))


def _said(message: Message, length: Length, depth: int = 0) -> Iterator[str]:
    """The heads of a mail and what is written in it; a mail within has a heading below its own."""
    subject = _header(message, "Subject")
    if subject:
        yield f"{'#' * min(6, depth + 1)} {subject}"
    for head in HEADERS:
        if message[head]:
            yield f"{head}: {_header(message, head)}"
    if attached := list(_attached(message)):
        yield f"Attachments: {', '.join(attached)}"
    yield ""
    yield length.add("\n\n".join(_texts(message, length, depth)))


def _texts(part: Message, length: Length, depth: int) -> Iterator[str]:
    if depth > DEEPEST:
        return
    kind, inner = part.get_content_type(), _parts_of(part)
    if kind == "multipart/alternative":
        told = ("\n\n".join(_texts(each, length, depth + 1)).strip() for each in inner)
        yield _best([text for text in told if text])
    elif kind == "multipart/related":
        yield from _texts(inner[0], length, depth + 1) if inner else ()
    elif part.get_content_maintype() == "multipart":
        for each in inner:
            yield from _texts(each, length, depth + 1)
    elif kind == "message/rfc822":
        yield from ("\n".join(_said(each, length, depth + 1)) for each in inner[:1])
    elif kind in ("text/plain", "text/html") and not _is_attached(part):
        yield _text(part).strip("\n")


def _parts_of(part: Message) -> list[Message]:
    payload: Any = part.get_payload() if part.is_multipart() else ()
    return [each for each in payload if isinstance(each, Message)]


def _best(texts: list[str]) -> str:
    """The first of several that say the same, unless another says far more: some send a blank plain one."""
    if not texts:
        return ""
    longest = max(texts, key=len)
    return longest if len(texts[0]) < _LITTLE and len(longest) > 3 * len(texts[0]) else texts[0]


def _is_attached(part: Message) -> bool:
    return part.get_content_disposition() == "attachment"


def _attached(message: Message) -> Iterator[str]:
    """The names of the files that came along, mails within left out."""
    for part in _parts_of(message) if message.get_content_maintype() == "multipart" else ():
        if part.get_content_maintype() == "multipart":
            yield from _attached(part)
        elif part.get_content_type() != "message/rfc822" and part.get_filename():
            is_inline = part.get_content_disposition() == "inline" or part["Content-ID"]
            if _is_attached(part) or not is_inline:
                yield _one_line(_decoded(part.get_filename() or ""))


def _text(part: Message) -> str:
    payload = part.get_payload(decode=True)
    data = payload if isinstance(payload, bytes) else b""
    label = str(part.get_content_charset() or "")
    if part.get_content_type() == "text/html":
        return main_text(decode_page(data, label))[0]
    return _flowed(_plain(data, label), part)


def _plain(data: bytes, label: str) -> str:
    known = decode_named(data, label) if label else None
    if known is not None:
        return known
    try:
        return decode("", data)
    except KnowledgeError:
        return data.decode("utf-8", "replace")


def _flowed(text: str, part: Message) -> str:
    """Lines that were broken only to fit a screen put together again (RFC 3676, section 4)."""
    if str(part.get_param("format") or "").lower() != "flowed":
        return text
    drops = str(part.get_param("delsp") or "").lower() == "yes"
    lines: list[str] = []
    goes_on, before = False, 0
    for line in text.splitlines():
        quoted = len(line) - len(line.lstrip(">"))
        said = line[quoted:].removeprefix(" ") if quoted or line.startswith(" ") else line
        if goes_on and quoted == before:
            lines[-1] += said
        else:
            lines.append(">" * quoted + (" " if quoted else "") + said)
        # The line above a signature ends in a blank without going on.
        goes_on, before = said.endswith(" ") and said != "-- ", quoted
        if goes_on and drops:
            lines[-1] = lines[-1][:-1]
    return "\n".join(line.rstrip() for line in lines)


def _header(message: Message, name: str) -> str:
    # By `message[name]` the library would already have replaced what names no encoding.
    raw = next((value for key, value in message.raw_items() if key.lower() == name.lower()), "")
    return _one_line(_decoded(str(raw)))


def _decoded(raw: str) -> str:
    """A header's words, also those in an encoding it names only loosely (RFC 2047) or does not name at all."""
    try:
        pieces = decode_header(raw)
    except (HeaderParseError, ValueError):
        return raw.encode("utf-8", "replace").decode()
    return "".join(_word(piece, label or "") for piece, label in pieces)


def _word(piece: Any, label: str) -> str:
    if isinstance(piece, str):
        is_raw = any("\udc80" <= sign <= "\udcff" for sign in piece)
        return _plain(piece.encode("utf-8", "surrogateescape"), "") if is_raw else piece
    return _plain(piece, label)


def _one_line(text: str) -> str:
    return " ".join(text.split())[:1_000]
