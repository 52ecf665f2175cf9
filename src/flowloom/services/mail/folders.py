"""A folder of a mail account, read by IMAP without changing anything in it."""

import imaplib
import re
import socket
import ssl
from base64 import b64encode
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Any, NamedTuple

from pydantic import BaseModel, ConfigDict, Field

from flowloom.errors import MailError
from flowloom.services.mail.letters import Letter, letter_of
from flowloom.services.mail.settings import Security
from flowloom.services.mail.smtp import is_here

SECONDS = 20.0
"""How long each answer of the server may take."""
MOST_AT_ONCE = 20
"""Messages taken in one look; the rest come with the next."""
MOST_BYTES = 25_000_000
"""Of one message, with its attachments."""


LARGEST = 2**32 - 1
"""What a number of IMAP may be."""


class MailBox(BaseModel):
    """Where a folder is, without the password."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    host: str = Field(min_length=1, max_length=253, pattern=r"^[A-Za-z0-9.:-]+$")
    port: int = Field(default=993, ge=1, le=65535)
    security: Security = "tls"
    user: str = Field(min_length=1, max_length=254, pattern=r'^[^\s"\\\x00-\x1f\x7f]+$')
    folder: str = Field(default="INBOX", min_length=1, max_length=200, pattern=r"^[^\x00-\x1f\x7f]+$")


class Looked(NamedTuple):
    """What a look found. `validity` is the server’s number of the folder, `seen` the number of the last message
    that this look has come to."""

    validity: int
    seen: int
    letters: list[tuple[int, Letter]]
    more: bool = False


class MailFolders:
    """Reads folders. `context` makes what checks the server’s certificate."""

    def __init__(self, context: Callable[[], ssl.SSLContext] = ssl.create_default_context) -> None:
        self._context = context

    def look(self, box: MailBox, password: str, addresses: Sequence[str], validity: int, seen: int) -> Looked:
        """The messages after `seen`. For another `validity` only where the folder stands now. Raises MailError."""
        with self._opened(box, password, addresses) as server:
            found, following = server.number("UIDVALIDITY"), server.number("UIDNEXT")
            if found != validity:
                return Looked(found, following - 1, [])
            new = server.after(seen)
            taken = new[:MOST_AT_ONCE]
            letters = [(uid, letter) for uid in taken if (letter := server.letter(uid))]
            return Looked(found, taken[-1] if taken else seen, letters, len(new) > len(taken))

    def letter(
        self, box: MailBox, password: str, addresses: Sequence[str], validity: int, uid: int
    ) -> Letter | None:
        """One message once more; None where it is no longer there. Raises MailError."""
        with self._opened(box, password, addresses) as server:
            return server.letter(uid) if server.number("UIDVALIDITY") == validity else None

    @contextmanager
    def _opened(self, box: MailBox, password: str, addresses: Sequence[str]) -> Iterator["_Server"]:
        if box.security == "none" and not is_here(box.host):
            raise MailError(
                "Your password and emails would cross the network without encryption ({server}).",
                "Choose TLS or STARTTLS.",
                code="mail.open",
                server=box.host,
            )
        server = None
        try:
            server = _Server(box, addresses, self._context)
            server.enter(password)
            yield server
        except (OSError, imaplib.IMAP4.error, UnicodeError, ValueError) as error:
            raise _failure(box, error) from None
        finally:
            if server:
                server.leave()


class _Server(imaplib.IMAP4):
    """A connection to one of the addresses that were checked, whatever its name leads to by now."""

    def __init__(self, box: MailBox, addresses: Sequence[str], context: Callable[[], ssl.SSLContext]) -> None:
        self._box, self._addresses, self._secure = box, addresses, context
        super().__init__(box.host, box.port, timeout=SECONDS)

    def _create_socket(self, timeout: float | None) -> socket.socket:
        failure: OSError = OSError()
        for address in self._addresses:
            try:
                raw = socket.create_connection((address, self._box.port), timeout)
            except OSError as error:
                failure = error
                continue
            return self._wrapped(raw) if self._box.security == "tls" else raw
        raise failure

    def _wrapped(self, raw: socket.socket) -> socket.socket:
        try:
            return self._secure().wrap_socket(raw, server_hostname=self._box.host)
        except BaseException:
            raw.close()
            raise

    def read(self, size: int) -> bytes:
        # A server may announce more than it said a message has.
        if size > MOST_BYTES:
            raise self.abort("too large")
        return super().read(size)

    def enter(self, password: str) -> None:
        """Sign in and open the folder for reading alone."""
        if self._box.security == "starttls":
            self.starttls(self._secure())
        try:
            self.login(self._box.user, password)
        except self.abort:
            raise
        except self.error:
            raise _said(self._box, SIGN_IN) from None
        kind, _ = self.select('"' + re.sub(r'(["\\])', r"\\\1", folder_name(self._box.folder)) + '"', readonly=True)
        if kind != "OK":
            raise _said(self._box, NO_FOLDER, folder=self._box.folder)

    def leave(self) -> None:
        try:
            self.logout()
        except (OSError, self.error):
            with suppress(OSError):
                self.shutdown()

    def number(self, name: str) -> int:
        _, found = self.response(name)
        given = int(found[0]) if found and found[0] else 0
        if not 0 <= given <= LARGEST:
            raise ValueError(name)
        return given

    def after(self, seen: int) -> list[int]:
        """The numbers of the messages after this one, smallest first."""
        _, found = self.uid("SEARCH", f"UID {seen + 1}:*")
        # “*” is the last message, which is there also where it is not after.
        return sorted({uid for each in (found[0] or b"").split() if seen < (uid := int(each)) <= LARGEST})

    def letter(self, uid: int) -> Letter | None:
        _, facts = self.uid("FETCH", str(uid), "(RFC822.SIZE)")
        size = re.search(rb"RFC822\.SIZE (\d+)", _flat(facts))
        if size is None:
            return None
        if int(size[1]) > MOST_BYTES:
            return Letter("", "", "", unread="large")
        _, parts = self.uid("FETCH", str(uid), "(BODY.PEEK[])")
        raw = next((part[1] for part in parts if isinstance(part, tuple)), None)
        return None if raw is None else letter_of(raw)


def _flat(parts: Sequence[Any]) -> bytes:
    return b" ".join(part[0] if isinstance(part, tuple) else part or b"" for part in parts)


def folder_name(name: str) -> str:
    """As IMAP writes a name: what is not ASCII in a Base64 of its own (RFC 3501, 5.1.3)."""

    def written(found: re.Match[str]) -> str:
        if found[0] == "&":
            return "&-"
        return "&" + b64encode(found[0].encode("utf-16-be")).decode().rstrip("=").replace("/", ",") + "-"

    return re.sub(r"&|[^\x20-\x7e]+", written, name)


SIGN_IN = (
    "mail.sign_in",
    "{server} didn’t accept the user name or password.",
    "Check them. Many providers need a separate app password.",
)
NO_FOLDER = (
    "mail.folder",
    "There is no folder “{folder}” on {server}.",
    "Check its name. The inbox is called INBOX.",
)


def _said(box: MailBox, told: tuple[str, str, str], **facts: str) -> MailError:
    code, message, hint = told
    return MailError(message, hint, code=code, server=box.host, **facts)


def _failure(box: MailBox, error: Exception) -> MailError:
    # A server’s own words may repeat the name or the password, so only the kind of the failure is told.
    if isinstance(error, ssl.SSLError):
        return _said(
            box,
            (
                "mail.tls",
                "No secure connection to {server} was possible.",
                "Try the other security setting and its port.",
            ),
        )
    place = box.model_copy(update={"host": f"{box.host}:{box.port}"})
    told = ("mail.connection", "The connection to {server} failed ({reason}).", "Check the server and port.")
    return _said(place, told, reason=type(error).__name__)
