"""An e-mail that came: who wrote it, and its text without what is attached."""

from collections.abc import Iterator
from contextlib import suppress
from email import message_from_bytes, policy
from email.message import EmailMessage, Message
from html.parser import HTMLParser
from typing import Literal, NamedTuple

LONGEST = 100_000
"""Characters of a text that are handed on."""
_BREAKS = frozenset({"p", "br", "div", "tr", "li", "h1", "h2", "h3", "table", "blockquote"})
_UNSEEN = frozenset({"style", "script", "head", "title"})


class Letter(NamedTuple):
    """What a GPT is told of a message; `files` are the names of attachments, which are left out.

    `unread` says why there is nothing of it.
    """

    subject: str
    sender: str
    text: str
    files: tuple[str, ...] = ()
    unread: Literal["", "large", "broken"] = ""


def letter_of(raw: bytes) -> Letter:
    """Read a message, as well as one that is broken can be read."""
    subject = sender = ""
    try:
        message = message_from_bytes(raw, policy=policy.default)
        assert isinstance(message, EmailMessage)
        subject, sender = _header(message, "subject"), _header(message, "from")
        return Letter(subject, sender, _text(message)[:LONGEST], tuple(_files(message)))
    except Exception:  # The parsers of the library fail on some broken messages in ways of their own.
        return Letter(subject, sender, "", unread="broken")


def _header(message: EmailMessage, name: str) -> str:
    try:
        found = str(message.get(name, ""))
    except Exception:  # As above; of a broken header the rest is read.
        return ""
    return " ".join(found.encode("utf-8", "replace").decode().split())[:500]


def _text(message: EmailMessage) -> str:
    body = message.get_body(("plain", "html"))
    if body is None:
        return ""
    text = _content(body)
    return (_seen(text) if body.get_content_type() == "text/html" else text).strip()


def _content(part: Message) -> str:
    data = part.get_payload(decode=True)
    if not isinstance(data, bytes):
        return ""
    with suppress(LookupError, ValueError):
        return data.decode(part.get_content_charset() or "utf-8", "replace").replace("\r\n", "\n")
    return data.decode("utf-8", "replace").replace("\r\n", "\n")


def _files(message: EmailMessage) -> Iterator[str]:
    for part in message.iter_attachments() if message.is_multipart() else ():
        yield " ".join((part.get_filename() or part.get_content_type()).split())[:200]


class _Seen(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.pieces: list[str] = []
        self._hidden = 0

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self._hidden += tag in _UNSEEN
        if tag in _BREAKS:
            self.pieces.append("\n")

    def handle_endtag(self, tag: str) -> None:
        self._hidden = max(0, self._hidden - (tag in _UNSEEN))

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.pieces.append(" ".join(data.split()) + (" " if data[-1:].isspace() else ""))


def _seen(html: str) -> str:
    """The text of a page as one reads it."""
    parser = _Seen()
    parser.feed(html[: LONGEST * 10])
    parser.close()
    lines = [" ".join(line.split()) for line in "".join(parser.pieces).split("\n")]
    return "\n".join(line for line in lines if line)
