"""What was said while a GPT was built by talking, so that a reload or a restart takes nothing of it away."""

from flowloom.store.db import Database

KEPT = 200
"""So many turns of a talk are shown; older ones are let go."""


class TalkStore:
    """The turns of each GPT as JSON. Every method raises StoreError where the database cannot be used."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def turns(self, flow: str) -> list[str]:
        """The turns of a GPT, the first first."""
        found = self._db.all("SELECT turn FROM talks WHERE flow = ? ORDER BY number", flow)
        return [turn for (turn,) in found]

    def add(self, flow: str, turn: str) -> None:
        with self._db.transaction():
            (last,) = self._db.one("SELECT coalesce(max(number), 0) FROM talks WHERE flow = ?", flow)
            self._db.do("INSERT INTO talks VALUES (?, ?, ?)", flow, last + 1, turn)
            self._db.do("DELETE FROM talks WHERE flow = ? AND number <= ?", flow, last + 1 - KEPT)

    def delete_of(self, flow: str) -> None:
        self._db.do("DELETE FROM talks WHERE flow = ?", flow)
