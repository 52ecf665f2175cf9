"""What GPTs remember about their visitors: each visitor's own, for one GPT, and nobody else's."""

import json
import time
from typing import Any

from flowloom.errors import StoreError
from flowloom.store.db import Database
from flowloom.store.memory import written

MOST_OF_ONE = 100
"""Facts that are kept about one visitor."""


class VisitorFacts:
    """Fulfils `Facts` for one visitor of one GPT."""

    def __init__(self, db: Database, flow: str, visitor: str) -> None:
        self._db, self._flow, self._visitor = db, flow, visitor

    def all(self) -> dict[str, Any]:
        rows = self._db.all(
            "SELECT name, value FROM visitor_facts WHERE visitor = ? AND flow = ? ORDER BY name",
            self._visitor,
            self._flow,
        )
        return {name: json.loads(value) for name, value in rows}

    def set(self, name: str, value: Any, *, here: bool) -> None:
        """Keep a fact for this GPT, as another GPT may be somebody else's. Raises StoreError for a secret."""
        said = written(name, value)
        with self._db.transaction():
            known = self.all()
            if name not in known and len(known) >= MOST_OF_ONE:
                raise StoreError(
                    "{most} facts about you are saved already, so “{name}” wasn’t.",
                    "Ask to have your data deleted on this page, and begin anew.",
                    code="memory.full",
                    most=MOST_OF_ONE,
                    name=name,
                )
            self._db.do(
                "INSERT INTO visitor_facts (visitor, flow, name, value, learned_at) VALUES (?, ?, ?, ?, ?) "
                "ON CONFLICT (visitor, flow, name) DO UPDATE SET value = excluded.value, "
                "learned_at = excluded.learned_at",
                self._visitor,
                self._flow,
                name,
                said,
                time.time(),
            )


def forget_visitor(db: Database, flow: str, visitor: str) -> None:
    """Let go of all that a GPT remembers about a visitor."""
    db.do("DELETE FROM visitor_facts WHERE visitor = ? AND flow = ?", visitor, flow)
