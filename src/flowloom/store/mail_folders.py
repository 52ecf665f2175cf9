"""Folders of mail accounts whose new messages a GPT is asked, and how each message went."""

from typing import NamedTuple
from uuid import uuid4

from flowloom.errors import Problem
from flowloom.services.mail.folders import MailBox
from flowloom.store.db import Database
from flowloom.store.problem_column import in_column, of_column

FACTS = "id, flow, message, box, minutes, active, next, validity, seen, last, problem"
KEPT = 30 * 86_400.0
"""Seconds for which it is known how a message went; that it came is known by its number for ever."""


class MailFolder(NamedTuple):
    """`seen` is the number of the last message that was taken in the folder that the server calls `validity`.

    Moments are seconds since the epoch; `last` is when it was read, `problem` why it could not be.
    """

    id: str
    flow: str
    message: str
    box: MailBox
    minutes: int
    active: bool
    next: float
    validity: int
    seen: int
    last: float | None = None
    problem: Problem | None = None


class Taken(NamedTuple):
    """A message that was taken and failed: the run it began, if any, and why it failed."""

    folder: str
    validity: int
    uid: int
    at: float
    subject: str
    run: str
    problem: Problem


class MailFolderStore:
    """Every method raises StoreError where the database cannot be used."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def add(self, flow: str, message: str, box: MailBox, minutes: int, now: float) -> str:
        id = uuid4().hex
        self._db.do(
            "INSERT INTO mail_folders (id, flow, message, box, minutes, active, next, validity, seen) "
            "VALUES (?, ?, ?, ?, ?, TRUE, ?, 0, 0)",
            id,
            flow,
            message,
            box.model_dump_json(),
            minutes,
            now,
        )
        return id

    def get(self, id: str) -> MailFolder | None:
        row = self._db.one(f"SELECT {FACTS} FROM mail_folders WHERE id = ?", id)
        return _read(row) if row else None

    def all(self) -> list[MailFolder]:
        """Those that could not be read first."""
        rows = self._db.all(f"SELECT {FACTS} FROM mail_folders ORDER BY problem IS NULL, id")
        return [_read(row) for row in rows]

    def of(self, flow: str) -> list[str]:
        """The ids of those of a GPT."""
        return [id for (id,) in self._db.all("SELECT id FROM mail_folders WHERE flow = ?", flow)]

    def due(self, now: float) -> list[MailFolder]:
        """Those that are to be read now."""
        rows = self._db.all(f"SELECT {FACTS} FROM mail_folders WHERE active AND next <= ? ORDER BY next", now)
        return [_read(row) for row in rows]

    def next_time(self) -> float | None:
        (moment,) = self._db.one("SELECT min(next) FROM mail_folders WHERE active")
        return None if moment is None else float(moment)

    def take(self, folder: MailFolder, following: float) -> bool:
        """Whether it is this process that reads it now; of several, one is first."""
        asked = "UPDATE mail_folders SET next = ? WHERE id = ? AND next = ? AND active"
        return self._db.do(asked, following, folder.id, folder.next) == 1

    def looked(self, id: str, at: float, problem: Problem | None = None) -> None:
        """Keep when it was read, and why it could not be."""
        self._db.do("UPDATE mail_folders SET last = ?, problem = ? WHERE id = ?", at, in_column(problem), id)
        self._db.do("DELETE FROM mail_messages WHERE at < ?", at - KEPT)

    def reached(self, folder: MailFolder, validity: int, seen: int) -> None:
        """Keep how far it was read, unless another process is further."""
        self._db.do(
            "UPDATE mail_folders SET validity = ?, seen = ? WHERE id = ? AND (validity <> ? OR seen < ?)",
            validity,
            seen,
            folder.id,
            validity,
            seen,
        )

    def claim(self, id: str, validity: int, uid: int, subject: str, at: float) -> bool:
        """Whether a message is new; of those who claim it, one is first."""
        return (
            self._db.do(
                "INSERT INTO mail_messages VALUES (?, ?, ?, ?, ?, '', NULL) ON CONFLICT DO NOTHING",
                id,
                validity,
                uid,
                at,
                subject,
            )
            == 1
        )

    def went(self, id: str, validity: int, uid: int, run: str, problem: Problem | None = None) -> None:
        """Keep what a message began, or why it began nothing."""
        asked = "UPDATE mail_messages SET run = ?, problem = ? WHERE folder = ? AND validity = ? AND uid = ?"
        self._db.do(asked, run, in_column(problem), id, validity, uid)

    def ended(self, run: str, problem: Problem | None) -> None:
        """Keep how a run ended that a message began; another run changes nothing."""
        self._db.do("UPDATE mail_messages SET problem = ? WHERE run = ? AND run <> ''", in_column(problem), run)

    def failures(self, id: str, most: int) -> list[Taken]:
        """The messages that failed, newest first."""
        asked = "SELECT folder, validity, uid, at, subject, run, problem FROM mail_messages"
        rows = self._db.all(f"{asked} WHERE folder = ? AND problem IS NOT NULL ORDER BY at DESC LIMIT ?", id, most)
        return [_taken(row) for row in rows]

    def last_run(self, id: str) -> str:
        """The run of the message that came last; "" where there is none."""
        asked = "SELECT run FROM mail_messages WHERE folder = ? AND run <> '' ORDER BY at DESC, uid DESC LIMIT 1"
        row = self._db.one(asked, id)
        return str(row[0]) if row else ""

    def activate(self, id: str, active: bool, following: float) -> None:
        self._db.do("UPDATE mail_folders SET active = ?, next = ? WHERE id = ?", active, following, id)

    def delete(self, id: str) -> None:
        self._db.do("DELETE FROM mail_folders WHERE id = ?", id)
        self._db.do("DELETE FROM mail_messages WHERE folder = ?", id)


def _read(row: tuple[str, str, str, str, int, int, float, int, int, float | None, str | None]) -> MailFolder:
    id, flow, message, box, minutes, active, following, validity, seen, last, problem = row
    told = of_column(problem)
    found = MailBox.model_validate_json(box)
    return MailFolder(id, flow, message, found, minutes, bool(active), following, validity, seen, last, told)


def _taken(row: tuple[str, int, int, float, str, str, str]) -> Taken:
    folder, validity, uid, at, subject, run, problem = row
    return Taken(folder, validity, uid, at, subject, run, Problem.model_validate_json(problem))
