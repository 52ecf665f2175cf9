"""What SQLite reports, as sentences a person can act on."""

import errno
import sqlite3

from flowloom.errors import Problem, StoreError

FULL = Problem.of(
    "store.full",
    "The disk is full, so this couldn’t be saved.",
    "Free some disk space, then try again. Everything saved before is still there.",
)
READ_ONLY = Problem.of(
    "store.readonly",
    "Flowloom can’t write to its data folder, so this wasn’t saved.",
    "Make the folder writable, or set FLOWLOOM_HOME to another folder. You can still read everything.",
)
ONLY_READ = Problem.of(
    "store.only_read",
    "Flowloom can’t write to its data folder, so nothing new is saved.",
    "Make the folder writable, or set FLOWLOOM_HOME to another folder, then restart Flowloom.",
)
NO_ROOM = Problem.of(
    "store.no_room",
    "The disk is full, so nothing new is saved.",
    "Free some disk space, then restart Flowloom. Everything saved before is still there.",
)
DAMAGED = Problem.of(
    "store.damaged",
    "The database is damaged, so this couldn’t be read or saved.",
    "Restart Flowloom. It will put the damaged file aside, recover what it can and offer the last backup.",
)
BUSY = Problem.of(
    "store.busy",
    "Another program is blocking the database.",
    "Close other Flowloom windows and programs that use its database, then try again.",
)
UNREADABLE = Problem.of(
    "store.disk",
    "The disk reported an error, so this couldn’t be read or saved.",
    "Check that the disk is connected and has free space, then try again.",
)
_KNOWN = {
    sqlite3.SQLITE_FULL: FULL,
    sqlite3.SQLITE_READONLY: READ_ONLY,
    sqlite3.SQLITE_CANTOPEN: UNREADABLE,
    sqlite3.SQLITE_PERM: READ_ONLY,
    sqlite3.SQLITE_AUTH: READ_ONLY,
    sqlite3.SQLITE_CORRUPT: DAMAGED,
    sqlite3.SQLITE_NOTADB: DAMAGED,
    sqlite3.SQLITE_BUSY: BUSY,
    sqlite3.SQLITE_LOCKED: BUSY,
    sqlite3.SQLITE_IOERR: UNREADABLE,
}


def problem_of(error: sqlite3.Error) -> Problem | None:
    """What happened to the disk; None for a fault of the program."""
    code = getattr(error, "sqlite_errorcode", None)
    if code == sqlite3.SQLITE_IOERR_SHMSIZE:  # what its processes share did not fit on the disk
        return FULL
    # The low byte says what kind of failure it is, the others say where.
    return None if code is None else _KNOWN.get(code & 0xFF)


def translated(error: sqlite3.Error) -> Exception:
    """The same failure for people; what is a fault of the program stays as it is."""
    problem = problem_of(error)
    return StoreError.from_problem(problem) if problem else error


def disk_problem(error: BaseException) -> Problem | None:
    """What the disk refused, of any failure; None where it was something else."""
    if isinstance(error, sqlite3.Error):
        return problem_of(error)
    if not isinstance(error, OSError):
        return None
    if error.errno in (errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC), errno.EFBIG):
        return FULL
    if error.errno in (errno.EROFS, errno.EACCES, errno.EPERM):
        return READ_ONLY
    return UNREADABLE if error.errno == errno.EIO else None


def is_damage(error: BaseException) -> bool:
    """Whether the file no longer holds a database that can be read."""
    if isinstance(error, StoreError):
        return error.problem.code == DAMAGED.code
    return isinstance(error, sqlite3.Error) and problem_of(error) is DAMAGED
