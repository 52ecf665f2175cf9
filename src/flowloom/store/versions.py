"""The history of every flow: how it stood before each spell of editing, and the versions a person named."""

import time
from typing import NamedTuple

from flowloom.errors import StoreError
from flowloom.flow.file import read_flow, write_flow
from flowloom.flow.model import Flow
from flowloom.store.db import Database

SPELL = 5 * 60.0
"""Seconds between unnamed versions: what is edited within them is one spell of work."""
UNNAMED = 100
"""How many unnamed versions of a flow are kept; named ones are kept for good."""


class Version(NamedTuple):
    """A flow as it once was; `saved_at` is seconds since the epoch."""

    number: int
    saved_at: float
    name: str


class VersionStore:
    """Earlier states of the flows of one installation."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def entries(self, flow_id: str) -> list[Version]:
        """Every version of a flow, the newest first."""
        rows = self._db.all(
            "SELECT number, saved_at, name FROM versions WHERE flow = ? ORDER BY number DESC", flow_id
        )
        return [Version(*row) for row in rows]

    def load(self, flow_id: str, number: int) -> Flow:
        """The flow of a version. Raises StoreError where there is none."""
        row = self._db.one("SELECT data FROM versions WHERE flow = ? AND number = ?", flow_id, number)
        if row is None:
            raise StoreError("This version no longer exists.", "Choose another one.")
        return read_flow(row[0])

    def keep(self, flow: Flow, name: str = "") -> None:
        """Keep the flow as it is now, under a name if it has one."""
        with self._db.transaction():
            row = self._db.one("SELECT max(number) FROM versions WHERE flow = ?", flow.id)
            number = (row[0] or 0) + 1
            values = (flow.id, number, time.time(), name, write_flow(flow).encode())
            self._db.do("INSERT INTO versions VALUES (?, ?, ?, ?, ?)", *values)
            self._db.do(
                "DELETE FROM versions WHERE flow = ? AND name = '' AND number NOT IN "
                "(SELECT number FROM versions WHERE flow = ? AND name = '' ORDER BY number DESC LIMIT ?)",
                flow.id,
                flow.id,
                UNNAMED,
            )

    def before_edit(self, flow: Flow) -> None:
        """Keep the flow about to be edited, unless that was done in this spell of work; a clock may jump."""
        with self._db.transaction():
            row = self._db.one("SELECT max(saved_at) FROM versions WHERE flow = ?", flow.id)
            if row[0] is None or abs(time.time() - row[0]) > SPELL:
                self.keep(flow)

    def delete_of(self, flow_id: str) -> None:
        self._db.do("DELETE FROM versions WHERE flow = ?", flow_id)
