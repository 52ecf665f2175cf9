"""Proving that an e-mail address is a builder's: a code is sent to it, and said here."""

import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from hmac import compare_digest
from threading import Lock

from flowloom.gallery.problems import GalleryError
from flowloom.kinds.mail import Mail, Mailer
from flowloom.locales import translate

LASTS, TRIES = 900.0, 5
"""Seconds, and wrong codes, after which a code is none any more."""
PER_HOUR = 3
"""Codes that one account is sent."""
DIGITS = 6


@dataclass(slots=True)
class _Sent:
    address: str
    digest: bytes
    at: float
    wrong: int = 0


class MailProofs:
    """Codes on their way; a restart forgets them. Safe to use from several threads."""

    def __init__(self, mailer: Mailer, clock: Callable[[], float] = time.monotonic) -> None:
        self._mailer, self._clock, self._lock = mailer, clock, Lock()
        self._sent: dict[str, _Sent] = {}
        self._times: dict[str, list[float]] = {}

    async def send(self, account: str, line: str, language: str) -> str:
        """Send a code to an address; the address as it was understood.

        Raises GalleryError, MailError where it is none or can't be reached, SecretError.
        """
        addresses = self._mailer.recipients(line)
        if len(addresses) != 1:
            raise GalleryError("Write one email address.", "For example anna@example.org.", code="store.mail")
        self._count(account)
        code = f"{secrets.randbelow(10**DIGITS):0{DIGITS}}"
        text = translate(
            "Your code is {code}. It proves in the store of Flowloom that this address is yours. If you didn’t ask "
            "for it, do nothing.",
            language,
            code=code,
        )
        mail = Mail(to=addresses, subject=translate("Your code for the store", language), text=text)
        if await self._mailer.send(mail):
            raise GalleryError(
                "{address} doesn’t take email.", "Check the address.", code="store.mail", address=addresses[0]
            )
        with self._lock:
            self._sent[account] = _Sent(addresses[0], _digest(account, code), self._clock())
        return addresses[0]

    def waiting(self, account: str) -> str:
        """The address a code was sent to, which is waited for; "" for none."""
        with self._lock:
            found = self._found(account)
            return found.address if found else ""

    def confirm(self, account: str, code: str) -> str:
        """The host of the address whose code this is. Raises GalleryError."""
        with self._lock:
            found = self._found(account)
            if found is None:
                raise GalleryError("This code is too old.", "Have another one sent.", code="store.code")
            if not compare_digest(found.digest, _digest(account, "".join(code.split()))):
                found.wrong += 1
                raise GalleryError("This isn’t the code.", "Look at the latest email.", code="store.code")
            del self._sent[account]
        return found.address.rpartition("@")[2]

    def _found(self, account: str) -> _Sent | None:
        found = self._sent.get(account)
        if found and (found.wrong >= TRIES or self._clock() - found.at > LASTS):
            return self._sent.pop(account) and None
        return found

    def _count(self, account: str) -> None:
        with self._lock:
            now = self._clock()
            times = [each for each in self._times.get(account, ()) if now - each < 3600]
            if len(times) >= PER_HOUR:
                raise GalleryError(
                    "You had {count} codes sent within an hour.",
                    "Try again later.",
                    code="store.mail",
                    count=PER_HOUR,
                )
            self._times[account] = [*times, now]


def _digest(account: str, code: str) -> bytes:
    return sha256(f"{account}\0{code}".encode()).digest()
