"""One SQLite file, shared by the threads of the app and by other processes on the same data."""

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from threading import RLock
from typing import Any, TypeVar

from flowloom.errors import StoreError
from flowloom.services.disk_failures import FULL, READ_ONLY, disk_problem, is_damage, translated
from flowloom.services.files import make_private, private_folder
from flowloom.store.db import Database
from flowloom.store.schema import CHANGES, SCHEMA

T = TypeVar("T")
WAIT = 30.0
"""Seconds a statement waits for another process to finish its transaction."""


class SqliteDatabase(Database):
    """Statements one at a time; a transaction is whole or not at all.

    Every method raises StoreError where the disk is full, the folder is read-only, the file is damaged or
    another process keeps it busy.
    """

    def __init__(self, path: Path) -> None:
        self.path, self._lock, self._depth = path, RLock(), 0
        try:
            self._connection = self._open()
        except (OSError, sqlite3.Error) as error:
            if is_damage(error):
                raise translated(error) from None  # type: ignore[arg-type]
            self._connection = self._open_to_read(error)

    def _open(self) -> sqlite3.Connection:
        private_folder(self.path.parent)
        make_private(self.path)
        connection = _connect(self.path)
        try:
            connection.execute("PRAGMA journal_mode=WAL")
            connection.execute("PRAGMA synchronous=NORMAL")
            _bring_up_to_date(connection)
        except BaseException:
            connection.close()
            raise
        return connection

    def _open_to_read(self, why: Exception) -> sqlite3.Connection:
        """A folder that cannot be written to can still be read, where a database of this version is in it."""
        for query in ("mode=ro", "immutable=1"):
            with suppress(OSError, sqlite3.Error):
                connection = _connect(self.path, query)
                if connection.execute("PRAGMA user_version").fetchone()[0] == len(CHANGES):
                    self.read_only, self.no_room = True, disk_problem(why) is FULL
                    return connection
                connection.close()
        raise StoreError(
            "Flowloom can’t open its database in {folder}: {reason}.",
            (
                "Check that you can write to the folder and the disk has free space, or set "
                "FLOWLOOM_HOME to another folder."
            ),
            folder=self.path.parent.name,
            reason=_reason(why),
        ) from None

    @property
    def damage_mark(self) -> Path:
        """A file that has the database looked through at the next start, however large it is."""
        return self.path.with_name("flowloom.check")

    def all(self, statement: str, *values: Any) -> list[Any]:
        return self._told(lambda: self._connection.execute(statement, values).fetchall())

    def one(self, statement: str, *values: Any) -> Any:
        return self._told(lambda: self._connection.execute(statement, values).fetchone())

    def do(self, statement: str, *values: Any) -> int:
        return self._told(lambda: self._connection.execute(statement, values).rowcount)

    def do_all(self, statement: str, rows: Iterable[Sequence[Any]]) -> None:
        self._told(lambda: self._connection.executemany(statement, rows))

    def _told(self, work: Callable[[], T]) -> T:
        with self._lock:
            try:
                return work()
            except sqlite3.Error as error:
                if is_damage(error) and not self.damaged:
                    self.damaged = True
                    with suppress(OSError):
                        self.damage_mark.touch(mode=0o600)
                raise self._said(error) from None

    def _said(self, error: sqlite3.Error) -> Exception:
        """The failure for people; what may only be read because the disk is full is called so."""
        found = translated(error)
        if self.no_room and isinstance(found, StoreError) and found.problem == READ_ONLY:
            return StoreError.from_problem(FULL)
        return found

    @contextmanager
    def transaction(self) -> Iterator[None]:
        with self._lock:
            if self._depth:
                yield
                return
            self.do("BEGIN IMMEDIATE")
            self._depth = 1
            try:
                yield
                self.do("COMMIT")
            except BaseException:
                # On a full disk SQLite may have rolled back already.
                if self._connection.in_transaction:
                    self._connection.rollback()
                raise
            finally:
                self._depth = 0

    def back_up(self, target: Path) -> None:
        make_private(target)
        try:
            # A connection of its own, so that nobody waits for it; one statement, so that it sees one state.
            with closing(_connect(self.path)) as source:
                source.execute("VACUUM INTO ?", (str(target),))
        except sqlite3.Error as error:
            with suppress(OSError):
                target.unlink(missing_ok=True)
            raise translated(error) from None

    def is_sound(self) -> bool:
        """Whether every page of the file can be read and fits the others."""
        try:
            return bool(self.one("PRAGMA quick_check(1)")[0] == "ok")
        except StoreError as error:
            if is_damage(error):
                return False
            raise

    def take_in(self, backup: Path) -> None:
        def copy() -> None:
            source = _connect(backup, "mode=ro")
            try:
                source.backup(self._connection)
            finally:
                source.close()
            _bring_up_to_date(self._connection)

        self._told(copy)

    def close(self) -> None:
        with self._lock:
            self._connection.close()


def _connect(path: Path, query: str = "") -> sqlite3.Connection:
    address = f"{path.absolute().as_uri()}?{query}" if query else str(path)
    connection = sqlite3.connect(
        address, uri=bool(query), check_same_thread=False, isolation_level=None, timeout=WAIT
    )
    # A full temporary folder must not stop a search.
    connection.execute("PRAGMA temp_store=MEMORY")
    return connection


def _bring_up_to_date(connection: sqlite3.Connection) -> None:
    if _version(connection) == len(CHANGES):
        return
    # One transaction, so that of two processes that start together only one does it.
    connection.execute("BEGIN IMMEDIATE")
    try:
        done = _version(connection)
        for statement in filter(str.strip, SCHEMA.split(";")):
            connection.execute(statement)
        for change in CHANGES[done:]:
            connection.execute(change)
        connection.execute(f"PRAGMA user_version = {max(done, len(CHANGES)):d}")
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.rollback()
        raise


def _version(connection: sqlite3.Connection) -> int:
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def _reason(error: Exception) -> str:
    found = (
        error if isinstance(error, OSError) else translated(error) if isinstance(error, sqlite3.Error) else error
    )
    if isinstance(found, StoreError):
        return found.problem.message.rstrip(".")
    return (getattr(found, "strerror", "") or type(found).__name__).lower()


def require_sound(path: Path) -> None:
    """Raises StoreError where a backup is no database, or not a whole one."""
    with suppress(sqlite3.Error), closing(sqlite3.connect(path)) as copy:
        if copy.execute("PRAGMA quick_check(1)").fetchone() == ("ok",):
            return
    raise StoreError("The backup {name} is damaged.", "Choose an earlier one.", name=path.name)
