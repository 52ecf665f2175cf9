"""Copies of the database, one a day, the newest seven, and of all that is kept in one file, to be taken back."""

import contextlib
import logging
import os
import re
import sqlite3
import threading
import time
import uuid
from pathlib import Path
from typing import NamedTuple

from flowloom.errors import FlowloomError, StoreError
from flowloom.services.files import private_folder
from flowloom.store.archives import Contents, save_archive
from flowloom.store.db import Database
from flowloom.store.restoring import END_SIGN_INS, restore_archive
from flowloom.store.sqlite import require_sound

log = logging.getLogger(__name__)
DAYS = 7
LOOK = 3_600.0
"""Seconds between looks whether today's copy is still to be made."""
_NAME = re.compile(r"flowloom-\d{4}-\d\d-\d\d\.sqlite")


class Backup(NamedTuple):
    """A copy; `made` is seconds since the epoch, `size` bytes."""

    name: str
    made: float
    size: int


class Backups:
    """The copies of one installation."""

    def __init__(self, home: Path, db: Database) -> None:
        self._home, self._folder, self._db = home, home / "backups", db
        self._stop, self._making = threading.Event(), threading.RLock()
        self._thread: threading.Thread | None = None

    @property
    def possible(self) -> bool:
        """Whether Flowloom makes one each day, or whoever looks after its database has to."""
        return self._db.copies

    def all(self) -> list[Backup]:
        """Every copy, the newest first."""
        found = []
        for path in self._folder.glob("flowloom-*.sqlite"):
            with contextlib.suppress(OSError):
                if _NAME.fullmatch(path.name):
                    facts = path.stat()
                    found.append(Backup(path.name, facts.st_mtime, facts.st_size))
        return sorted(found, reverse=True)

    def make(self) -> Backup:
        """Copy the database as it is now; an earlier copy of today gives way. Raises StoreError."""
        with self._making:  # or one that began earlier would take the place of this one
            return self._make()

    def _make(self) -> Backup:
        target = self._folder / f"flowloom-{time.strftime('%Y-%m-%d')}.sqlite"
        beside = self._folder / f".{uuid.uuid4().hex}.sqlite"
        try:
            private_folder(self._folder)
            self._db.back_up(beside)
            require_sound(beside)
            with beside.open("rb+") as file:
                os.fsync(file.fileno())
            os.replace(beside, target)
            for old in self.all()[DAYS:]:
                (self._folder / old.name).unlink(missing_ok=True)
            return next(each for each in self.all() if each.name == target.name)
        except OSError as error:
            raise StoreError(
                "The backup couldn’t be saved ({reason}).",
                "Check that there is free disk space and you can write to the folder.",
                reason=error.strerror or type(error).__name__,
            ) from None
        finally:
            with contextlib.suppress(OSError):
                beside.unlink(missing_ok=True)

    def take_back(self, name: str) -> str:
        """Put a copy in the place of the database, which is kept under the name returned. Raises StoreError."""
        backup = self._folder / name
        if not _NAME.fullmatch(name) or not backup.is_file():
            raise StoreError("There is no backup “{name}”.", "Choose a listed one.", name=name)
        require_sound(backup)
        before = self._home / f"flowloom.before-{time.strftime('%Y-%m-%d-%H%M%S')}.sqlite"
        self._db.back_up(before)
        self._db.take_in(backup)
        self._db.do(END_SIGN_INS)
        return before.name

    def save_all(self, path: Path) -> Contents:
        """Write all that is kept, documents and settings too, into one file. Raises StoreError."""
        return save_archive(self._home, self._db, path)

    def restore_all(self, path: Path) -> Path:
        """Put such a file in the place of all that is kept; what was there before is in the file returned.

        Raises StoreError; then everything is as it was.
        """
        return restore_archive(self._home, self._db, path)

    def keep_daily(self) -> None:
        """Make a copy each day from now on, in a thread of its own."""
        if self._thread is None and self.possible and not self._db.read_only:
            self._thread = threading.Thread(target=self._daily, name="flowloom-backups", daemon=True)
            self._thread.start()

    def _daily(self) -> None:
        while not self._stop.is_set():
            today = f"flowloom-{time.strftime('%Y-%m-%d')}.sqlite"
            try:
                with self._making:
                    if all(each.name != today for each in self.all()):
                        self.make()
            except (FlowloomError, OSError, sqlite3.Error) as error:
                # Whoever works must not be held up by this; the next look tries again.
                log.warning("No backup was made: %s", error)
            self._stop.wait(LOOK)

    def close(self) -> None:
        self._stop.set()
        if self._thread:
            self._thread.join(timeout=10)
