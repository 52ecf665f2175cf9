"""A damaged database: set aside under a clear name, what can be read of it brought into a new one."""

import os
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from flowloom.errors import Problem, StoreError
from flowloom.services.disk_failures import is_damage
from flowloom.services.files import write_whole
from flowloom.store.sqlite import SqliteDatabase

CHECKED = 50_000_000
"""Bytes of a database up to which it is looked through at every start; a larger one after it gave an error."""
PARTS = ("", "-wal", "-shm")
NOT_KEPT = {"processes", "leases"}
"""What means nothing once the processes have ended."""


class Recovery(BaseModel):
    """What happened to a damaged database: the name it has now, and how many rows could be read of it."""

    model_config = ConfigDict(frozen=True)

    file: str
    rows: int
    at: float

    def problem(self) -> Problem:
        if self.rows:
            return Problem.of(
                "store.rescued",
                "The database was damaged. It was put aside as {file}, and everything readable was recovered.",
                "Check your conversations and runs. If something is missing, restore the last backup.",
                file=self.file,
            )
        return Problem.of(
            "store.set_aside",
            "The database was damaged and couldn’t be read. It was put aside as {file}.",
            "Your GPTs and documents are safe. Restore the last backup to get conversations and runs back.",
            file=self.file,
        )


def open_file(path: Path) -> SqliteDatabase:
    """The database of an installation, a new one where it is damaged. Raises StoreError."""
    found = _stamp(path)
    try:
        if path.exists() or not _size(path.with_name(path.name + "-wal")):
            database = SqliteDatabase(path)
            if database.read_only or _sound(database):
                return database
            database.close()
        # Only the newest changes are left, which mean nothing without the rest.
    except StoreError as error:
        if not is_damage(error):
            raise
    return _replaced(path, found)


def recovery_of(home: Path) -> Recovery | None:
    """What the person has not been told yet."""
    try:
        return Recovery.model_validate_json((home / "recovery.json").read_bytes())
    except (OSError, ValidationError):
        return None


def forget_recovery(home: Path) -> None:
    """The person knows."""
    with suppress(OSError):
        (home / "recovery.json").unlink(missing_ok=True)


def _sound(database: SqliteDatabase) -> bool:
    mark = database.damage_mark
    if _size(database.path) > CHECKED and not mark.exists():
        return True
    sound = database.is_sound()
    if sound:
        with suppress(OSError):
            mark.unlink(missing_ok=True)
    return sound


def _replaced(path: Path, found: int) -> SqliteDatabase:
    if _stamp(path) != found:
        return SqliteDatabase(path)  # Another process was quicker.
    aside = _free(path)
    moved = []
    for part in PARTS:
        with suppress(FileNotFoundError):
            os.replace(path.with_name(path.name + part), aside.with_name(aside.name + part))
            moved.append(aside.name + part)
    database = SqliteDatabase(path)
    rows = _copy_readable(aside, database)
    told = Recovery(file=moved[0] if moved else aside.name, rows=rows, at=time.time())
    write_whole(path.with_name("recovery.json"), told.model_dump_json().encode())
    with suppress(OSError):
        database.damage_mark.unlink(missing_ok=True)
    return database


def _free(path: Path) -> Path:
    day = time.strftime("%Y-%m-%d")
    names = (f"{path.stem}.damaged-{day}{more}.sqlite" for more in ("", *(f"-{n}" for n in range(2, 1000))))
    return next(
        path.with_name(name) for name in names if not any(path.with_name(name + part).exists() for part in PARTS)
    )


def _copy_readable(aside: Path, database: SqliteDatabase) -> int:
    """How many rows of the tables that are known could be read."""
    if not aside.exists():
        return 0
    rows = 0
    names = database.all("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
    with suppress(sqlite3.Error), closing(sqlite3.connect(aside, timeout=5)) as source:
        for (table,) in names:
            if table not in NOT_KEPT:
                rows += _copy_table(source, database, table)
    return rows


def _copy_table(source: sqlite3.Connection, database: SqliteDatabase, table: str) -> int:
    facts = database.all(f"PRAGMA table_info({table})")
    with suppress(sqlite3.Error):
        known = {row[1] for row in source.execute(f"PRAGMA table_info({table})")}
        columns = [row[1] for row in facts if row[1] in known]
        key = [row[1] for row in sorted(facts, key=lambda row: row[5]) if row[5]]
        if not columns:
            return 0
        named, marks = ", ".join(columns), ", ".join("?" * len(columns))
        copied = 0
        with database.transaction():
            for order in ("", f" ORDER BY {_backwards(source, table, key)}"):
                # From both ends, so that only what lies between the first and the last damaged page is lost.
                for row in _readable(source, f"SELECT {named} FROM {table}{order}"):
                    with suppress(sqlite3.IntegrityError):
                        copied += database.do(f"INSERT OR IGNORE INTO {table} ({named}) VALUES ({marks})", *row)
        return copied
    return 0


def _backwards(source: sqlite3.Connection, table: str, key: list[str]) -> str:
    with suppress(sqlite3.Error):
        source.execute(f"SELECT rowid FROM {table} LIMIT 0")
        return "rowid DESC"
    return ", ".join(f"{name} DESC" for name in key)


def _readable(source: sqlite3.Connection, select: str) -> Iterator[tuple[object, ...]]:
    with suppress(sqlite3.Error):
        yield from source.execute(select)


def _stamp(path: Path) -> int:
    try:
        return path.stat().st_ino
    except OSError:
        return 0


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0
