"""Conversations whose messages mean nearly what is searched for, in other words or another language.

Each message gets its vector the first time someone searches, 1 KB beside it in the database; later searches only
compare. A GPT is compared with its own conversations alone.
"""

from collections.abc import Callable, Collection, Sequence
from typing import TYPE_CHECKING, NamedTuple

from flowloom.errors import FlowloomError, StoreError
from flowloom.services.knowledge.sentence_encoder import SentenceEncoder, built_in
from flowloom.services.knowledge.text_nearness import near_enough
from flowloom.store.db import Database
from flowloom.words import terms

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

MOST = 5
_TOGETHER = 256
"""Messages that get their vectors at once: less than a second of work, all that is lost if it is cut off."""
_LONGEST = 600
"""Characters of a message that tell what it is about."""
_NEWEST = 10_000
"""Messages of a GPT that are compared."""


class Near(NamedTuple):
    """A conversation as a list shows it, the message that is near to what is searched for, and how near it is."""

    id: str
    started: float
    title: str
    message: str
    nearness: float


class ConversationSearch:
    """The conversations of one installation, searched by meaning."""

    def __init__(self, db: Database, encoder: Callable[[], SentenceEncoder | None] = built_in) -> None:
        self._db, self._encoder = db, encoder

    def near(self, flow_id: str, wanted: str, besides: Collection[str] = (), most: int = MOST) -> list[Near]:
        """The conversations of a flow near to what is wanted, the nearest first; those of `besides` are left out.

        None where nothing is known of the meaning: of figures alone, in a language the encoder never learnt, or
        on a computer that cannot load it. Raises StoreError where the database cannot be read.
        """
        encoder = self._encoder()
        if encoder is None or not wanted.strip():
            return []
        try:
            vector = encoder.embed_query(wanted[:_LONGEST])
            messages = self._messages(flow_id)
            vectors = self._vectors(flow_id, messages, encoder)
        except StoreError:
            raise
        except FlowloomError:
            return []
        if not vector.any() or not messages:
            return []
        return self._told(messages, vectors @ vector, besides, most)

    def _messages(self, flow_id: str) -> list[tuple[int, str, str]]:
        """The newest messages a person wrote, as (number, conversation, text)."""
        found = self._db.all(
            "SELECT t.number, t.conversation, substr(t.text, 1, ?) FROM turns t JOIN conversations c "
            "ON c.id = t.conversation WHERE c.flow = ? AND c.visitor = '' AND c.via = '' "
            "AND t.role = 'user' AND NOT t.hidden "
            "ORDER BY t.number DESC LIMIT ?",
            _LONGEST,
            flow_id,
            _NEWEST,
        )
        # A word alone, such as hello, is near to every other word.
        return [message for message in found if len(terms(message[2])) > 1]

    def _vectors(
        self, flow_id: str, messages: Sequence[tuple[int, str, str]], encoder: SentenceEncoder
    ) -> "NDArray[np.float32]":
        """A row for each message: kept ones as they are, others made now and kept."""
        import numpy as np

        known: dict[int, bytes] = dict(
            self._db.all(
                "SELECT v.turn, v.vector FROM turn_vectors v JOIN turns t ON t.number = v.turn "
                "JOIN conversations c ON c.id = t.conversation WHERE c.flow = ? AND v.maker = ?",
                flow_id,
                encoder.name,
            )
        )
        missing = [(number, text) for number, _, text in messages if number not in known]
        for begin in range(0, len(missing), _TOGETHER):
            some = missing[begin : begin + _TOGETHER]
            made = encoder.embed_documents([text for _, text in some]).astype(np.float16)
            fresh = {number: row.tobytes() for (number, _), row in zip(some, made, strict=True)}
            self._keep(fresh, encoder.name)
            known |= fresh
        if not messages:
            return np.zeros((0, 1), np.float32)
        joined = b"".join(known[number] for number, _, _ in messages)
        return np.frombuffer(joined, np.float16).reshape(len(messages), -1).astype(np.float32)

    def _keep(self, vectors: dict[int, bytes], maker: str) -> None:
        if self._db.read_only:
            return
        with self._db.transaction():
            for number, vector in vectors.items():
                # A message that was deleted meanwhile leaves nothing behind.
                self._db.do(
                    "INSERT INTO turn_vectors (turn, maker, vector) SELECT number, ?, ? FROM turns "
                    "WHERE number = ? "
                    "ON CONFLICT (turn) DO UPDATE SET maker = excluded.maker, vector = excluded.vector",
                    maker,
                    vector,
                    number,
                )

    def _told(
        self,
        messages: Sequence[tuple[int, str, str]],
        nearness: "NDArray[np.float32]",
        besides: Collection[str],
        most: int,
    ) -> list[Near]:
        """The best message of each conversation, those that are near enough, with what a list shows of each."""
        best: dict[str, tuple[float, str]] = {}
        for (_, conversation, text), near in zip(messages, nearness.tolist(), strict=True):
            if conversation not in besides:
                best[conversation] = max(best.get(conversation, (-1.0, "")), (near, text))
        found = near_enough(((id, near) for id, (near, _) in best.items()), most)
        return [self._one(id, near, best[id][1]) for id, near in found]

    def _one(self, conversation: str, nearness: float, message: str) -> Near:
        started, title = self._db.one(
            "SELECT started, (SELECT text FROM turns WHERE conversation = id ORDER BY number LIMIT 1) "
            "FROM conversations WHERE id = ?",
            conversation,
        )
        return Near(conversation, started, title, message, nearness)
