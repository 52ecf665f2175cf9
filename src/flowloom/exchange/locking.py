"""A capsule behind a password: the format `age` (age-encryption.org/v1), so that its own tools open it as well.

age derives the key of a password by scrypt, and encrypts in pieces with ChaCha20-Poly1305. The library takes a
whole file into memory where it works with a password, so a password opens a key, and the key opens the capsule
piece by piece: `age --decrypt key.age > key.txt`, then `age --decrypt -i key.txt capsule.age > gpt.capsule`.
"""

import stat
import unicodedata
import zipfile
from typing import IO

from flowloom.errors import FlowFileError

KEY, BODY = "key.age", "capsule.age"
LARGEST_KEY = 10_000
PIECE = 1024 * 1024
_EPOCH = (1980, 1, 1, 0, 0, 0)


def is_locked(file: IO[bytes]) -> bool:
    """Whether a file is a zip of a key and a capsule that it opens."""
    try:
        file.seek(0)
        with zipfile.ZipFile(file) as archive:
            return {KEY, BODY} == set(archive.namelist())
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        return False
    finally:
        file.seek(0)


def lock(capsule: IO[bytes], out: IO[bytes], password: str) -> None:
    """Write a capsule so that only the password opens it, a piece at a time."""
    from pyrage import encrypt_io, passphrase, x25519  # type: ignore[import-untyped]

    key = x25519.Identity.generate()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr(_entry(KEY), passphrase.encrypt(str(key).encode(), _typed(password)))
        with archive.open(_entry(BODY), "w", force_zip64=True) as body:
            encrypt_io(capsule, body, [key.to_public()])


def _typed(password: str) -> str:
    """The password in one spelling: keyboards give é as one letter, or as e with an accent."""
    return unicodedata.normalize("NFC", password)


def _entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, _EPOCH)
    entry.external_attr = (stat.S_IFREG | 0o644) << 16
    return entry


def unlock(file: IO[bytes], out: IO[bytes], password: str) -> None:
    """Write the capsule that is in a locked one. Raises FlowFileError where the password or the file is wrong."""
    from pyrage import DecryptError, IdentityError, decrypt_io, passphrase, x25519

    try:
        with zipfile.ZipFile(file) as archive:
            entry = archive.getinfo(KEY)
            if entry.file_size > LARGEST_KEY:
                raise _damaged()
            try:
                key = x25519.Identity.from_str(passphrase.decrypt(archive.read(entry), _typed(password)).decode())
            except (DecryptError, IdentityError, UnicodeDecodeError):
                raise FlowFileError(
                    "This password doesn’t open the capsule.",
                    "Check for capital letters, or ask whoever sent it.",
                    code="file.password",
                ) from None
            with archive.open(BODY) as body:
                decrypt_io(body, out, [key])
    except (DecryptError, zipfile.BadZipFile, KeyError, OSError, ValueError, EOFError, NotImplementedError):
        raise _damaged() from None
    out.seek(0)
    file.seek(0)


def _damaged() -> FlowFileError:
    return FlowFileError(
        "This capsule was changed or damaged on its way.", "Nothing was imported. Ask for the file again."
    )
