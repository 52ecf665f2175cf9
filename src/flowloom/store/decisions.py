"""Reports about GPTs of the store, and what was decided: each with its reason, and what the builder said to it."""

import time
from typing import Literal, NamedTuple
from uuid import uuid4

from flowloom.store.db import Database

What = Literal["down", "warned", "dismissed"]
"""Taken down; left with a warning; left as it is."""
FACTS = "id, flow, account, at, who, what, reason, appeal, appealed, ended"
YEAR = 365 * 86_400.0
LATELY = 100


class Report(NamedTuple):
    """What somebody says is wrong with a GPT; `decision` is the one that settled it, "" while it is open."""

    id: str
    flow: str
    at: float
    person: str
    kind: str
    text: str
    decision: str = ""


class Decision(NamedTuple):
    """What was decided about a GPT of `account`, by whom and why.

    `appeal` is what the builder said against it, at `appealed`; `ended` is when it was taken back.
    """

    id: str
    flow: str
    account: str
    at: float
    who: str
    what: What
    reason: str
    appeal: str = ""
    appealed: float | None = None
    ended: float | None = None


class DecisionStore:
    """Every method raises StoreError where the database cannot be used."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def report(self, flow: str, person: str, kind: str, text: str) -> None:
        """Keep a report; another one of the same person that is still open goes."""
        with self._db.transaction():
            self._db.do(
                "DELETE FROM store_reports WHERE flow = ? AND person = ? AND person <> '' AND decision = ''",
                flow,
                person,
            )
            self._db.do(
                "INSERT INTO store_reports (id, flow, at, person, kind, text) VALUES (?, ?, ?, ?, ?, ?)",
                uuid4().hex, flow, time.time(), person, kind, text,
            )  # fmt: skip

    def open_reports(self) -> list[Report]:
        """Those nobody decided about yet, the oldest first."""
        rows = self._db.all(
            "SELECT id, flow, at, person, kind, text, decision FROM store_reports WHERE decision = '' ORDER BY at"
        )
        return [Report(*row) for row in rows]

    def decide(self, flow: str, account: str, who: str, what: What, reason: str) -> Decision:
        """Keep a decision, which settles all open reports about the GPT."""
        found = Decision(uuid4().hex, flow, account, time.time(), who, what, reason)
        with self._db.transaction():
            self._db.do(
                "INSERT INTO store_decisions (id, flow, account, at, who, what, reason) "
                "VALUES (?, ?, ?, ?, ?, ?, ?)",
                *found[:7],
            )
            self._db.do("UPDATE store_reports SET decision = ? WHERE flow = ? AND decision = ''", found.id, flow)
        return found

    def get(self, id: str) -> Decision | None:
        row = self._db.one(f"SELECT {FACTS} FROM store_decisions WHERE id = ?", id)
        return Decision(*row) if row else None

    def of_account(self, account: str) -> list[Decision]:
        """All about GPTs of somebody, the latest first."""
        rows = self._db.all(
            f"SELECT {FACTS} FROM store_decisions WHERE account = ? ORDER BY at DESC LIMIT ?", account, LATELY
        )
        return [Decision(*row) for row in rows]

    def lately(self) -> list[Decision]:
        """The latest of all, the latest first."""
        rows = self._db.all(f"SELECT {FACTS} FROM store_decisions ORDER BY at DESC LIMIT ?", LATELY)
        return [Decision(*row) for row in rows]

    def appeals(self) -> list[Decision]:
        """Those that somebody disagrees with and nobody looked at again, the oldest first."""
        rows = self._db.all(
            f"SELECT {FACTS} FROM store_decisions WHERE appealed IS NOT NULL AND ended IS NULL ORDER BY appealed"
        )
        return [Decision(*row) for row in rows]

    def appeal(self, id: str, text: str) -> None:
        """What the builder says against it; once."""
        self._db.do(
            "UPDATE store_decisions SET appeal = ?, appealed = ? WHERE id = ? AND appeal = ''",
            text, time.time(), id,
        )  # fmt: skip

    def uphold(self, id: str) -> None:
        """It stays; the appeal was looked at."""
        self._db.do("UPDATE store_decisions SET appealed = NULL WHERE id = ?", id)

    def take_back(self, flow: str) -> None:
        """What took a GPT down holds no more."""
        self._db.do(
            "UPDATE store_decisions SET ended = ? WHERE flow = ? AND what = 'down' AND ended IS NULL",
            time.time(), flow,
        )  # fmt: skip

    def strikes(self, account: str) -> int:
        """How many GPTs of somebody were taken down within a year, without those that came back."""
        (count,) = self._db.one(
            "SELECT count(*) FROM store_decisions WHERE account = ? AND what = 'down' AND ended IS NULL AND at > ?",
            account, time.time() - YEAR,
        )  # fmt: skip
        return int(count)

    def delete_of(self, flow: str) -> None:
        """Let go of reports about a GPT; what was decided stays, as strikes follow from it."""
        self._db.do("DELETE FROM store_reports WHERE flow = ?", flow)
