"""Conversations that visitors let whoever made the GPT read: as long as they do, and not a moment longer."""

from typing import NamedTuple

from flowloom.store.db import Database
from flowloom.store.runs import PAGE, ChatTurn, RunStore

# A visitor who can no longer open the page could not end it either.
SHARED = (
    f"c.flow = ? AND c.via = '{PAGE}' AND c.shared IS NOT NULL "
    "AND EXISTS (SELECT 1 FROM publications WHERE flow = c.flow AND live)"
)


class SharedConversation(NamedTuple):
    """One in a list: nothing of whose it is. `title` is what is said first, moments are seconds since the epoch."""

    id: str
    shared: float
    title: str


class SharedConversations:
    """What visitors of the published pages of one installation share. Asked anew each time, never kept."""

    def __init__(self, db: Database, runs: RunStore) -> None:
        self._db, self._runs = db, runs

    def entries(self, flow: str, most: int = 50) -> list[SharedConversation]:
        """Those of a GPT in which something was said, the one shared last first."""
        first = "SELECT text FROM turns WHERE conversation = c.id AND NOT hidden ORDER BY number LIMIT 1"
        rows = self._db.all(
            f"SELECT c.id, c.shared, ({first}) FROM conversations c WHERE {SHARED} AND EXISTS ({first}) "
            "ORDER BY c.shared DESC LIMIT ?",
            flow,
            most,
        )
        return [SharedConversation(*row) for row in rows]

    def turns(self, flow: str, conversation: str) -> list[ChatTurn]:
        """What is said in one of a GPT; nothing once it is not shared any more."""
        found = self._db.one(f"SELECT 1 FROM conversations c WHERE {SHARED} AND c.id = ?", flow, conversation)
        return self._runs.turns(conversation) if found else []
