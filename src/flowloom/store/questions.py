"""What runs have asked people, each question open until it is answered once."""

import time
from typing import Any, NamedTuple

from flowloom.errors import StoreError
from flowloom.kinds.people import Question, Reply
from flowloom.store.db import Database

FACTS = "id, run, conversation, flow, node, asked, question, reply"
FOR_OWNER = "coalesce(CAST(json_extract(question, '$.to_owner') AS TEXT), '') IN ('1', 'true')"
NOT_PRIVATE = f"(conversation NOT IN (SELECT id FROM conversations WHERE via = 'page') OR {FOR_OWNER})"
"""What visitors are asked is for them to answer, and to read; not what is for the owner."""


class Asked(NamedTuple):
    """A question as it stands; `asked` is seconds since the epoch."""

    id: str
    run: str
    conversation: str
    flow: str
    node: str
    asked: float
    question: Question
    reply: Reply | None


class QuestionStore:
    """The questions of all runs."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def post(self, id: str, run: str, conversation: str, flow: str, node: str, question: Question) -> None:
        """Keep a question; one that is there already stays as it is."""
        self._db.do(
            "INSERT INTO questions (id, run, conversation, flow, node, asked, question, deadline) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
            id,
            run,
            conversation,
            flow,
            node,
            time.time(),
            question.model_dump_json(),
            question.deadline,
        )

    def find(self, id: str) -> Asked | None:
        row = self._db.one(f"SELECT {FACTS} FROM questions WHERE id = ?", id)
        return _asked(row) if row else None

    def reply(self, id: str) -> Reply | None:
        row = self._db.one("SELECT reply FROM questions WHERE id = ?", id)
        return Reply.model_validate_json(row[0]) if row and row[0] else None

    def answer(self, id: str, reply: Reply) -> Asked:
        """Keep an answer. Raises StoreError where the question was answered before or is no longer asked."""
        with self._db.transaction():
            asked = self.find(id)
            if asked is None:
                raise StoreError(
                    "This question is no longer open: its run has ended.",
                    "Send the message again if it is still needed.",
                    code="question.gone",
                )
            if asked.reply is not None:
                raise StoreError(
                    "This question has been answered already.",
                    "The first answer counts. Open the run to see what happened.",
                    code="question.answered",
                )
            self._db.do("UPDATE questions SET reply = ? WHERE id = ?", reply.model_dump_json(), id)
        return asked

    def open_of(self, conversation: str) -> list[Asked]:
        """What a conversation waits for, the oldest first."""
        return self._all("conversation = ? AND reply IS NULL ORDER BY asked", conversation)

    def for_guest(self, conversation: str) -> list[Asked]:
        """What whoever chats may answer, the oldest first, where that is not the owner of this computer."""
        return self._all(f"conversation = ? AND reply IS NULL AND NOT ({FOR_OWNER}) ORDER BY asked", conversation)

    def open(self) -> list[Asked]:
        """Everything that waits for the owner of this computer, the oldest first."""
        return self._all(f"reply IS NULL AND {NOT_PRIVATE} ORDER BY asked")

    def answered(self, most: int = 50) -> list[Asked]:
        """What the owner of this computer was asked and answered, the latest first."""
        return self._all(
            f"reply IS NOT NULL AND {NOT_PRIVATE} "
            "ORDER BY CAST(json_extract(reply, '$.at') AS DOUBLE PRECISION) DESC LIMIT ?",
            most,
        )

    def overdue(self, now: float) -> list[Asked]:
        """What nobody answered in time; `now` is seconds since the epoch."""
        return self._all("reply IS NULL AND deadline <= ?", now)

    def next_deadline(self) -> float | None:
        (deadline,) = self._db.one("SELECT min(deadline) FROM questions WHERE reply IS NULL")
        return None if deadline is None else float(deadline)

    def taken_up_late(self, run: str | None = None) -> list[str]:
        """Runs, or this one, that stand still although one of their questions was answered."""
        rows = self._db.all(
            "SELECT DISTINCT q.run FROM questions q JOIN unfinished u ON u.run = q.run "
            "JOIN runs r ON r.id = q.run WHERE r.state = 'paused' AND q.reply IS NOT NULL AND NOT q.taken "
            "AND (CAST(?1 AS TEXT) IS NULL OR q.run = ?1)",
            run,
        )
        return [run for (run,) in rows]

    def taken(self, id: str) -> None:
        """The run has heard the answer."""
        self._db.do("UPDATE questions SET taken = TRUE WHERE id = ?", id)

    def withdraw(self, run: str) -> None:
        """A run has ended: nobody needs to answer it any more."""
        self._db.do("DELETE FROM questions WHERE run = ? AND reply IS NULL", run)

    def delete_of(self, flow: str) -> None:
        self._db.do("DELETE FROM questions WHERE flow = ?", flow)

    def _all(self, condition: str, *values: Any) -> list[Asked]:
        return [_asked(row) for row in self._db.all(f"SELECT {FACTS} FROM questions WHERE {condition}", *values)]


def _asked(row: Any) -> Asked:
    question = Question.model_validate_json(row[6])
    reply = Reply.model_validate_json(row[7]) if row[7] else None
    id, run, conversation, flow, node, asked = row[:6]
    return Asked(id, run, conversation, flow, node, asked, question, reply)


class ConversationPeople:
    """Whoever talks in one conversation, as the nodes of one run see them."""

    def __init__(self, questions: QuestionStore, run: str, conversation: str, flow: str) -> None:
        self._questions, self._run, self._conversation, self._flow = questions, run, conversation, flow

    def post(self, id: str, node: str, question: Question) -> None:
        self._questions.post(id, self._run, self._conversation, self._flow, node, question)

    def reply(self, id: str) -> Reply | None:
        return self._questions.reply(id)
