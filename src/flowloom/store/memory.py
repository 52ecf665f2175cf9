"""What is remembered: values and summaries of a conversation, and facts about the person across conversations."""

import json
import time
from collections.abc import Iterator, Sequence
from hashlib import sha256
from typing import Any, NamedTuple

from pydantic_core import to_jsonable_python

from flowloom.errors import StoreError
from flowloom.flow.secrets import holds_secret
from flowloom.kinds.values import Message
from flowloom.store.db import Database
from flowloom.store.file_identity import is_file_id

MOST_FACTS = 500
LONGEST_FACT = 20_000
"""Characters of a fact's value as JSON."""
SUMMARIES_KEPT = 20
"""How many summaries of a conversation are kept, so that one fits again after its last turns were taken back."""
ALL_GPTS = ""
THE_PERSON = ""


class Fact(NamedTuple):
    """Something known about the person.

    `flow` is the only GPT that may use it, or ALL_GPTS; `learned_by` the GPT that learned it, or THE_PERSON.
    """

    id: int
    name: str
    value: Any
    flow: str
    learned_by: str
    learned_at: float


class Summary(NamedTuple):
    """What the first `covered` messages of a conversation said."""

    covered: int
    text: str


class MemoryStore:
    """Everything that is remembered, on disk."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def forget_flow(self, flow_id: str) -> None:
        """Let go of what only a flow could use."""
        theirs = "(SELECT id FROM conversations WHERE flow = ?)"
        self._db.do(f"DELETE FROM summaries WHERE conversation IN {theirs}", flow_id)
        self._db.do("DELETE FROM facts WHERE flow = ?", flow_id)

    # -- values of a conversation

    def variables(self, conversation: str) -> dict[str, Any]:
        row = self._db.one("SELECT variables FROM conversations WHERE id = ?", conversation)
        return dict(json.loads(row[0])) if row else {}

    def set_variable(self, conversation: str, name: str, value: Any) -> None:
        with self._db.transaction():
            known = {**self.variables(conversation), name: to_jsonable_python(value, fallback=str)}
            self._keep_variables(conversation, known)

    def forget_variable(self, conversation: str, name: str) -> None:
        with self._db.transaction():
            known = self.variables(conversation)
            known.pop(name, None)
            self._keep_variables(conversation, known)

    def _keep_variables(self, conversation: str, known: dict[str, Any]) -> None:
        self._db.do("UPDATE conversations SET variables = ? WHERE id = ?", json.dumps(known), conversation)

    # -- the running summary of a conversation

    def summary_of(self, conversation: str, said: Sequence[Message]) -> Summary:
        """The one that covers most of these messages from the first on; an empty one where none fits."""
        rows = self._db.all(
            "SELECT covered, digest, text FROM summaries WHERE conversation = ? ORDER BY covered DESC", conversation
        )
        digests = dict(enumerate(_digests(said), 1))
        fitting = (Summary(covered, text) for covered, digest, text in rows if digests.get(covered) == digest)
        return next(fitting, Summary(0, ""))

    def keep_summary(self, conversation: str, said: Sequence[Message], text: str) -> None:
        """Keep what these messages, the first of the conversation, said."""
        *_, digest = _digests(said)
        with self._db.transaction():
            self._db.do(
                "INSERT INTO summaries (conversation, covered, digest, text) VALUES (?, ?, ?, ?) "
                "ON CONFLICT (conversation, covered) DO UPDATE SET digest = excluded.digest, text = excluded.text",
                conversation,
                len(said),
                digest,
                text,
            )
            self._db.do(
                "DELETE FROM summaries WHERE conversation = ? AND covered NOT IN "
                "(SELECT covered FROM summaries WHERE conversation = ? ORDER BY covered DESC LIMIT ?)",
                conversation,
                conversation,
                SUMMARIES_KEPT,
            )

    def correct_summary(self, conversation: str, summary: Summary) -> None:
        """Put the person's words in the place of the summary that covers as much."""
        self._db.do(
            "UPDATE summaries SET text = ? WHERE conversation = ? AND covered = ?",
            summary.text,
            conversation,
            summary.covered,
        )

    def forget_summaries(self, conversation: str) -> None:
        self._db.do("DELETE FROM summaries WHERE conversation = ?", conversation)

    # -- facts about the person

    def facts(self, flow: str | None = None) -> list[Fact]:
        """All facts by name, or those a flow may use, where its own comes before one for all GPTs."""
        rows = self._db.all(
            "SELECT id, name, value, flow, learned_by, learned_at FROM facts "
            "WHERE CAST(?1 AS TEXT) IS NULL OR flow IN (?1, '') ORDER BY name, flow = ''",
            flow,
        )
        return [Fact(id, name, json.loads(value), *rest) for id, name, value, *rest in rows]

    def learn(self, name: str, value: Any, *, flow: str = ALL_GPTS, learned_by: str = THE_PERSON) -> None:
        """Keep a fact in the place of an earlier one. Raises StoreError for a secret, or where there is no room."""
        said = written(name, value)
        with self._db.transaction():
            if flow == ALL_GPTS:
                # One of its own would hide from the flow what it has just learned.
                self._db.do("DELETE FROM facts WHERE name = ? AND flow = ?", name, learned_by)
            self._require_room(name, flow)
            self._db.do(
                "INSERT INTO facts (name, value, flow, learned_by, learned_at) VALUES (?, ?, ?, ?, ?) "
                "ON CONFLICT (name, flow) DO UPDATE SET value = excluded.value, "
                "learned_by = excluded.learned_by, learned_at = excluded.learned_at",
                name,
                said,
                flow,
                learned_by,
                time.time(),
            )

    def _require_room(self, name: str, flow: str) -> None:
        (count,) = self._db.one("SELECT count(*) FROM facts WHERE NOT (name = ? AND flow = ?)", name, flow)
        if count >= MOST_FACTS:
            raise StoreError(
                "{most} facts about you are saved already, so “{name}” wasn’t.",
                "Delete some under Settings.",
                code="memory.full",
                most=MOST_FACTS,
                name=name,
            )

    def correct(self, id: int, value: Any) -> None:
        """Put the person's word in the place of what was learned. Raises StoreError for a secret."""
        row = self._db.one("SELECT name FROM facts WHERE id = ?", id)
        if row:
            self._db.do(
                "UPDATE facts SET value = ?, learned_by = ?, learned_at = ? WHERE id = ?",
                written(row[0], value),
                THE_PERSON,
                time.time(),
                id,
            )

    def limit(self, id: int, flow: str) -> None:
        """Let one GPT alone use a fact, or ALL_GPTS; a fact of the same name there gives way."""
        with self._db.transaction():
            self._db.do(
                "DELETE FROM facts WHERE flow = ? AND id != ? AND name = (SELECT name FROM facts WHERE id = ?)",
                flow,
                id,
                id,
            )
            self._db.do("UPDATE facts SET flow = ? WHERE id = ?", flow, id)

    def forget(self, id: int) -> None:
        self._db.do("DELETE FROM facts WHERE id = ?", id)


def written(name: str, value: Any) -> str:
    """A fact's value as JSON. Raises StoreError for what must not be kept."""
    plain = to_jsonable_python(value, fallback=str)
    if holds_secret({name: plain}):
        raise StoreError(
            "“{name}” looks like a key or password, so it wasn’t saved.",
            "Keep keys under Settings, and passwords in a password manager.",
            code="memory.secret",
            name=name if not holds_secret(name) else "…",
        )
    said = json.dumps(plain, ensure_ascii=False)
    if len(said) > LONGEST_FACT:
        raise StoreError(
            "“{name}” is too long to be remembered about a person.",
            "Remember less, up to {most} characters, or save it for this conversation only.",
            code="memory.long",
            name=name,
            most=LONGEST_FACT,
        )
    return said


def _digests(said: Sequence[Message]) -> Iterator[str]:
    """What tells the first message, the first two, and so on from any others."""
    digest = ""
    for message in said:
        digest = sha256(json.dumps([digest, message.role, message.text]).encode()).hexdigest()
        yield digest


class ConversationVariables:
    """The values of one conversation, as nodes see them."""

    def __init__(self, memory: MemoryStore, conversation: str) -> None:
        self._memory, self._conversation = memory, conversation

    def get(self, name: str) -> Any:
        return self._memory.variables(self._conversation).get(name)

    def set(self, name: str, value: Any) -> None:
        self._memory.set_variable(self._conversation, name, value)


class ConversationSummaries:
    """The running summary of one conversation, as nodes see it."""

    def __init__(self, memory: MemoryStore, conversation: str) -> None:
        self._memory, self._conversation = memory, conversation

    def find(self, said: Sequence[Message]) -> tuple[int, str]:
        return self._memory.summary_of(self._conversation, said)

    def keep(self, said: Sequence[Message], text: str) -> None:
        self._memory.keep_summary(self._conversation, said, text)


class FlowFacts:
    """What one flow may know about the person, as nodes see it; a file only what it learned itself."""

    def __init__(self, memory: MemoryStore, flow_id: str) -> None:
        self._memory, self._flow, self._alone = memory, flow_id, is_file_id(flow_id)

    def all(self) -> dict[str, Any]:
        facts = [fact for fact in self._memory.facts(self._flow) if not self._alone or fact.flow == self._flow]
        known = {fact.name: fact.value for fact in reversed(facts)}
        return dict(reversed(known.items()))

    def set(self, name: str, value: Any, *, here: bool) -> None:
        flow = self._flow if here or self._alone else ALL_GPTS
        self._memory.learn(name, value, flow=flow, learned_by=self._flow)
