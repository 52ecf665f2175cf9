"""Files that are saved whole or not at all, and that only their owner may read."""

import hashlib
import os
import stat
import tempfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

Writer = Callable[[BinaryIO], object]
"""Writes into a file what is too large to be in memory once more."""


def write_whole(path: Path, data: bytes | Writer) -> None:
    """Replace a file in one step; only its owner may read it. A crash leaves the old one."""
    beside = written_beside(path, data)
    try:
        os.replace(beside, path)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise


def sha256_of(path: Path) -> str:
    """The SHA-256 of what is in a file, in hexadecimal; read piece by piece. Raises OSError."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def write_new(path: Path, data: bytes) -> bool:
    """Save a file under a name that is free; False where another process was quicker, and then nothing changed."""
    beside = written_beside(path, data)
    try:
        os.link(beside, path)  # unlike a rename, it takes nothing away
    except FileExistsError:
        return False
    except OSError:  # a disk that knows no links
        if path.exists():
            return False
        os.replace(beside, path)
    finally:
        beside.unlink(missing_ok=True)
    return True


def written_beside(path: Path, data: bytes | Writer) -> Path:
    """The data in a new file of the same folder, safe on the disk."""
    private_folder(path.parent)
    handle, beside = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")  # made with mode 0600
    try:
        with os.fdopen(handle, "wb") as file:
            data(file) if callable(data) else file.write(data)
            file.flush()
            os.fsync(file.fileno())
    except BaseException:
        Path(beside).unlink(missing_ok=True)
        raise
    return Path(beside)


def private_folder(path: Path) -> None:
    """Make a folder that only its owner may enter, with those above it; one that is there stays as it is."""
    if path.is_dir():
        return
    private_folder(path.parent)
    path.mkdir(mode=0o700, exist_ok=True)


def make_private(path: Path) -> None:
    """Let only the owner read a file, which is made if it is not there. Raises OSError where it cannot be."""
    if not path.exists():
        with suppress(FileExistsError):
            os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        return
    # Not opened: to close it again would drop the locks that SQLite holds on it in this process.
    keep_to_owner(path)


def keep_to_owner(path: Path) -> None:
    """Take from all others what they may do with a file or folder; what its owner may do stays as they left it."""
    with suppress(OSError):  # it belongs to somebody else, who shares it
        mode = path.stat().st_mode
        os.chmod(path, stat.S_IMODE(mode) & (0o700 if stat.S_ISDIR(mode) else 0o600))


def tighten(path: Path) -> None:
    """Take from all but the owner what an earlier version let them read: a file, or a folder with all in it."""
    if os.name != "posix" or path.is_symlink() or not path.exists():
        return
    keep_to_owner(path)
    with suppress(OSError):
        if path.is_dir():
            for each in path.iterdir():
                tighten(each)


def home_folder() -> Path:
    """FLOWLOOM_HOME, else the place this system keeps the data of applications."""
    chosen = os.environ.get("FLOWLOOM_HOME")
    if chosen:
        return Path(chosen).expanduser()
    from platformdirs import user_data_path

    return user_data_path("flowloom", appauthor=False)


def cache_folder() -> Path:
    """Where this system keeps what can be made again, for this person and all their data folders."""
    from platformdirs import user_cache_path

    return user_cache_path("flowloom", appauthor=False)
