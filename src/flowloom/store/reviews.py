"""What the review of a GPT found before it went into the store, and what people said of that."""

import json
import time
from typing import Literal, NamedTuple

from flowloom.errors import Problem
from flowloom.store.db import Database

State = Literal["passed", "held", "asked", "accepted", "refused"]
"""Nothing against it; something is; a person is asked; and what they answered."""
GOOD: tuple[State, ...] = ("passed", "accepted")
FACTS = "flow, digest, at, state, findings, reason"


class Reviewed(NamedTuple):
    """A review; `digest` is of all that was looked at, `reason` what a person said with their answer."""

    flow: str
    digest: str
    at: float
    state: State
    findings: tuple[Problem, ...]
    reason: str = ""

    @property
    def is_good(self) -> bool:
        return self.state in GOOD


class ReviewStore:
    """Every method raises StoreError where the database cannot be used."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def find(self, flow: str, digest: str) -> Reviewed | None:
        row = self._db.one(f"SELECT {FACTS} FROM store_reviews WHERE flow = ? AND digest = ?", flow, digest)
        return _read(row) if row else None

    def asked(self) -> list[Reviewed]:
        """Those a person is asked about, the oldest first."""
        rows = self._db.all(f"SELECT {FACTS} FROM store_reviews WHERE state = 'asked' ORDER BY at")
        return [_read(row) for row in rows]

    def keep(self, flow: str, digest: str, state: State, findings: tuple[Problem, ...]) -> Reviewed:
        found = Reviewed(flow, digest, time.time(), state, findings)
        said = json.dumps([each.model_dump() for each in findings], ensure_ascii=False)
        self._db.do(
            "INSERT INTO store_reviews (flow, digest, at, state, findings) VALUES (?, ?, ?, ?, ?) "
            "ON CONFLICT (flow, digest) DO UPDATE SET at = excluded.at, state = excluded.state, "
            "findings = excluded.findings, reason = ''",
            flow, digest, found.at, state, said,
        )  # fmt: skip
        return found

    def say(self, flow: str, digest: str, state: State, reason: str = "") -> bool:
        """Another state, with why; whether there is such a review."""
        changed = self._db.do(
            "UPDATE store_reviews SET state = ?, reason = ? WHERE flow = ? AND digest = ?",
            state, reason, flow, digest,
        )  # fmt: skip
        return changed > 0

    def delete_of(self, flow: str) -> None:
        self._db.do("DELETE FROM store_reviews WHERE flow = ?", flow)


def _read(row: tuple[str, str, float, State, str, str]) -> Reviewed:
    flow, digest, at, state, findings, reason = row
    return Reviewed(flow, digest, at, state, tuple(map(Problem.model_validate, json.loads(findings))), reason)
