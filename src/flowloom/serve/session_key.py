"""The key that lets a browser in: the address the app prints carries it once, a cookie stands for it after.

It is kept in the data folder, so that bookmarks, open tabs and a second window go on working when the app starts
again. Whoever deletes the file and starts the app again locks every browser out.
"""

import hashlib
import hmac
import os
import secrets
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from flowloom.services.files import write_whole

FILE = "session.key"
DAYS = 86_400
LIFETIME = 30 * DAYS
"""Seconds for which a browser is let in since it was last used here."""
RENEWED_AFTER = DAYS
_LENGTH = 43
"""Characters of a key: 32 random bytes."""


@dataclass(frozen=True, slots=True)
class SessionKey:
    """The key of a data folder. `repr` does not show it."""

    value: str = field(repr=False)

    def opens(self, given: str) -> bool:
        """Whether this is the key, compared in constant time; nothing is never the key."""
        return bool(given and self.value) and hmac.compare_digest(given.encode(), self.value.encode())

    def stamp(self, port: str) -> str:
        """What the cookie holds: when it was made, and a signature, which tells nobody the key."""
        return self._signed(port, int(time.time()))

    def age(self, stamp: str, port: str) -> float | None:
        """Seconds since a cookie of ours was made; None where it is not ours or too old."""
        made = stamp.partition(".")[0]
        if not (self.value and made.isascii() and made.isdigit() and len(made) < 16):
            return None
        if not hmac.compare_digest(stamp.encode(), self._signed(port, int(made)).encode()):
            return None
        age = time.time() - int(made)
        # A clock that was set back makes a cookie of the future; it is as good as new.
        return max(age, 0.0) if age < LIFETIME else None

    def _signed(self, port: str, made: int) -> str:
        signature = hmac.new(self.value.encode(), f"cookie:{port}:{made}".encode(), hashlib.sha256)
        return f"{made}.{signature.hexdigest()}"


def cookie_name(port: str) -> str:
    """Cookies ignore ports, so that each app on this computer needs a name of its own for its cookie."""
    return f"flowloom-{port or 'web'}"


def session_key(home: Path) -> SessionKey:
    """The key of a data folder, made where there is none yet.

    Where the folder takes no file, the key lasts as long as the process.
    """
    path = home / FILE
    return SessionKey(_kept(path) or _make(path))


def _kept(path: Path) -> str | None:
    try:
        if os.name == "posix" and path.stat().st_mode & 0o077:
            path.chmod(0o600)
        text = path.read_text("ascii").strip()
    except (OSError, UnicodeDecodeError):
        return None
    return text if len(text) >= _LENGTH else None


def _make(path: Path) -> str:
    made = secrets.token_urlsafe(32)
    beside = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    with suppress(OSError):
        write_whole(beside, made.encode())
        made = _first_of(made, beside, path)
    with suppress(OSError):
        beside.unlink(missing_ok=True)
    return made


def _first_of(made: str, beside: Path, path: Path) -> str:
    """Put a new key in its place; of two processes that start together, the first one's counts."""
    try:
        os.link(beside, path)
        return made
    except FileExistsError:
        if kept := _kept(path):
            return kept
    except OSError:  # a file system without links
        pass
    os.replace(beside, path)
    return made
