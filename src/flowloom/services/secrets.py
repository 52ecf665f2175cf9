"""The person's keys and passwords: encrypted on disk, named in flows, shown nowhere."""

import base64
import binascii
import hashlib
import json
import os
import threading
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from flowloom.errors import SecretError
from flowloom.services.files import write_whole

if TYPE_CHECKING:
    from cryptography.fernet import Fernet

KEY_VARIABLE = "FLOWLOOM_SECRET_KEY"
HIDDEN = "•••"
_KEYRING_SECONDS = 2.0
# Shorter values would blot out ordinary words wherever they occur.
_SHORTEST_SCRUBBED = 6
# One lock for all stores of the process: two pages may hold a store each of the same folder.
_lock = threading.RLock()


class SecretStore:
    """Secrets by name, in one encrypted file of a folder."""

    def __init__(self, folder: Path) -> None:
        self._path = Path(folder) / "secrets.json"
        self._key_path = Path(folder) / "secrets.key"
        self._fernet: Fernet | None = None
        self.changed: Callable[[str], None] = lambda name: None
        """Told the name of what was kept or deleted, never its value."""

    def __repr__(self) -> str:
        return f"SecretStore({str(self._path.parent)!r})"

    @property
    def version(self) -> int:
        """A number that changes when a secret does; cheap to ask."""
        try:
            return self._path.stat().st_mtime_ns
        except OSError:
            return 0

    def set(self, name: str, value: str) -> None:
        """Keep a value under a name; what was there before is gone."""
        name, value = name.strip(), value.strip()  # pasted keys bring line ends along
        if not name or len(name) > 200:
            raise SecretError("A key needs a name.", "Give it a short name, such as openai.")
        if not value:
            raise SecretError("The key “{name}” is empty.", "Paste the key and save again.", name=name)
        with _lock:
            token = self._cipher().encrypt(value.encode()).decode("ascii")
            self._write({**self._read(), name: token})
        self.changed(name)

    def has(self, name: str) -> bool:
        return name in self._read()

    def names(self) -> list[str]:
        return sorted(self._read())

    def delete(self, name: str) -> None:
        with _lock:
            kept = {other: token for other, token in self._read().items() if other != name}
            self._write(kept)
        self.changed(name)

    def reveal(self, name: str) -> str:
        """The value itself, for the one request that needs it. Raises SecretError."""
        from cryptography.fernet import InvalidToken

        with _lock:
            token = self._read().get(name)
            if token is None:
                raise SecretError("There is no key called “{name}”.", "Open Settings and add it.", name=name)
            try:
                return self._cipher().decrypt(token.encode("ascii")).decode()
            except (InvalidToken, ValueError):
                raise SecretError(
                    "The key “{name}” can’t be read: it was locked with another password.",
                    "Open Settings and paste it again.",
                    name=name,
                ) from None

    def values(self) -> list[str]:
        """Every value that can be read, for `scrub`."""
        found = []
        for name in self.names():
            try:
                found.append(self.reveal(name))
            except SecretError:
                continue
        return found

    def scrub(self, text: str) -> str:
        """The text without any of the values kept here."""
        return scrub(text, self.values())

    def _read(self) -> dict[str, str]:
        try:
            kept = json.loads(self._path.read_bytes())["secrets"]
            return {str(name): str(token) for name, token in kept.items()}
        except FileNotFoundError:
            return {}
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            raise SecretError(
                "The file with your keys can’t be read: {path}",
                "Move it elsewhere and paste your keys again in Settings.",
                path=self._path,
            ) from None

    def _write(self, tokens: dict[str, str]) -> None:
        text = json.dumps({"version": 1, "secrets": tokens}, indent=1, sort_keys=True, ensure_ascii=False)
        _save(self._path, text.encode())

    def _cipher(self) -> "Fernet":
        from cryptography.fernet import Fernet

        given = os.environ.get(KEY_VARIABLE, "")
        if given:
            return Fernet(_key_from(given))
        if self._fernet is None:
            self._fernet = Fernet(self._stored_key())
        return self._fernet

    def _stored_key(self) -> bytes:
        # A key file is only ever made where no keyring answered, so where there is one it is the key.
        account = hashlib.sha256(str(self._path.parent.resolve()).encode()).hexdigest()[:16]
        key = self._key_in_file() or _key_in_keyring(account)
        if key is None:
            key = base64.urlsafe_b64encode(os.urandom(32))
            _save(self._key_path, key)
        return key

    def _key_in_file(self) -> bytes | None:
        try:
            key = self._key_path.read_bytes().strip()
        except FileNotFoundError:
            return None
        except OSError:
            key = b""
        if _is_key(key):
            return key
        raise SecretError(
            "The file that unlocks your keys is damaged: {path}",
            "Move it elsewhere and paste your keys again in Settings.",
            path=self._key_path,
        )


def scrub(text: str, secrets: Iterable[str]) -> str:
    """Hide secret values in a text that leaves, also as they look inside JSON and addresses."""
    shapes = set()
    for value in secrets:
        if len(value) >= _SHORTEST_SCRUBBED:
            shapes |= {value, quote(value, safe=""), quote(value), json.dumps(value)[1:-1]}
            shapes.add(base64.b64encode(value.encode()).decode("ascii").rstrip("="))
    for shape in sorted(shapes, key=len, reverse=True):
        text = text.replace(shape, HIDDEN)
    return text


def _key_from(given: str) -> bytes:
    """A Fernet key from the environment, or one made from any other password given there."""
    key = given.strip().encode()
    if _is_key(key):
        return key
    return base64.urlsafe_b64encode(hashlib.scrypt(key, salt=b"flowloom secrets 1", n=2**14, r=8, p=1, dklen=32))


def _is_key(key: bytes) -> bool:
    try:
        return len(base64.urlsafe_b64decode(key)) == 32
    except (binascii.Error, ValueError):
        return False


def _key_in_keyring(account: str) -> bytes | None:
    """The key from the system's keyring, made there at first; None where no keyring answers in time."""
    found: list[bytes] = []

    def ask() -> None:
        try:
            import keyring

            key = keyring.get_password("flowloom", account)
            if not key:
                keyring.set_password("flowloom", account, base64.urlsafe_b64encode(os.urandom(32)).decode())
                key = keyring.get_password("flowloom", account)
            if key and _is_key(key.encode()):
                found.append(key.encode())
        except Exception:
            # Backends raise whatever their system raises; every failure means the same: no keyring.
            return

    # A locked keyring may wait for a password dialogue nobody sees.
    asking = threading.Thread(target=ask, daemon=True)
    asking.start()
    asking.join(_KEYRING_SECONDS)
    return found[0] if found else None


def _save(path: Path, data: bytes) -> None:
    try:
        write_whole(path, data)
    except OSError as error:
        raise SecretError(
            "The key couldn’t be saved to {path} ({reason}).",
            "Check that the folder exists, you can write to it and there is free disk space.",
            path=path,
            reason=error.strerror or type(error).__name__,
        ) from None
