"""What is kept of visitors, and how all of it goes when one of them says so."""

import time

from flowloom.store.bucket import delete_files
from flowloom.store.db import Database
from flowloom.store.runs import PAGE
from flowloom.store.visitor_facts import forget_visitor


class VisitorRecords:
    """Every method raises StoreError where the database cannot be used."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def conversations(self, flow: str, visitor: str) -> list[str]:
        """All conversations of a visitor with a GPT, the latest first, also those in which nothing was said."""
        rows = self._db.all(
            "SELECT id FROM conversations WHERE visitor = ? AND flow = ? AND via = ? ORDER BY started DESC",
            visitor,
            flow,
            PAGE,
        )
        return [id for (id,) in rows]

    def empty(self, flow: str, visitor: str, before: float) -> list[str]:
        """Conversations begun before that moment in which nothing was said."""
        rows = self._db.all(
            "SELECT id FROM conversations c WHERE visitor = ? AND flow = ? AND via = ? AND started < ? "
            "AND NOT EXISTS (SELECT 1 FROM turns WHERE conversation = c.id)",
            visitor,
            flow,
            PAGE,
            before,
        )
        return [id for (id,) in rows]

    def owns(self, flow: str, visitor: str, conversation: str) -> bool:
        """Whether a conversation is this visitor’s, with this GPT."""
        return bool(
            self._db.one(
                "SELECT 1 FROM conversations WHERE id = ? AND visitor = ? AND flow = ? AND via = ?",
                conversation,
                visitor,
                flow,
                PAGE,
            )
        )

    def share(self, conversation: str) -> None:
        """From now on, whoever made the GPT may read a conversation; once is enough."""
        self._db.do("UPDATE conversations SET shared = coalesce(shared, ?) WHERE id = ?", time.time(), conversation)

    def stop_sharing(self, conversation: str) -> None:
        """Only the visitor reads it again."""
        self._db.do("UPDATE conversations SET shared = NULL WHERE id = ?", conversation)

    def is_shared(self, conversation: str) -> bool:
        """Whether whoever made the GPT may read a conversation."""
        return bool(self._db.one("SELECT 1 FROM conversations WHERE id = ? AND shared IS NOT NULL", conversation))

    def size_of(self, flow: str, visitor: str | None = None) -> int:
        """Bytes of all files of one visitor of a GPT, or of all its visitors."""
        (size,) = self._db.one(
            "SELECT coalesce(sum(CAST(json_extract(facts, '$.size') AS BIGINT)), 0) FROM attachments "
            "WHERE conversation IN (SELECT id FROM conversations WHERE flow = ?1 AND via = ?2 "
            "AND (CAST(?3 AS TEXT) IS NULL OR visitor = ?3))",
            flow,
            PAGE,
            visitor,
        )
        return int(size)

    def delete_unsent(self, conversation: str, file: str) -> None:
        """Let go of a file that was added to a message and not sent with it."""
        delete_files(
            self._db,
            "conversation = ?1 AND id = ?2 AND NOT EXISTS ("
            "SELECT 1 FROM turns, json_each(turns.attachments) AS file "
            "WHERE turns.conversation = ?1 AND json_extract(file.value, '$.id') = ?2)",
            conversation,
            file,
        )

    def runs_of(self, conversation: str) -> list[str]:
        """The runs of a conversation, ended or not."""
        rows = self._db.all(
            "SELECT id FROM runs WHERE conversation = ?1 UNION SELECT run FROM unfinished WHERE conversation = ?1",
            conversation,
        )
        return [run for (run,) in rows]

    def delete(self, conversation: str) -> None:
        """Let go of a conversation with all that was said, sent, asked and logged in it."""
        with self._db.transaction():
            runs = "(SELECT id FROM runs WHERE conversation = ?)"
            turns = "(SELECT number FROM turns WHERE conversation = ?)"
            self._db.do(f"DELETE FROM turn_vectors WHERE turn IN {turns}", conversation)
            self._db.do(f"DELETE FROM ratings WHERE run IN {runs}", conversation)
            self._db.do(f"DELETE FROM events WHERE run IN {runs}", conversation)
            delete_files(self._db, "conversation = ?", conversation)
            for table in ("questions", "summaries", "unfinished", "turns", "runs"):
                self._db.do(f"DELETE FROM {table} WHERE conversation = ?", conversation)
            self._db.do("DELETE FROM conversations WHERE id = ?", conversation)

    def forget(self, flow: str, visitor: str) -> None:
        """Let go of what a GPT remembers about a visitor."""
        forget_visitor(self._db, flow, visitor)
