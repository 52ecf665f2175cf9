"""Programs that people let in by OAuth, and what those hold: only digests are kept of what opens anything."""

from typing import Literal, NamedTuple

from flowloom.store.api_keys import NO_TEXT, hash_of
from flowloom.store.db import Database

Kind = Literal["code", "access", "refresh"]
FACTS = "kind, client, key, expires, spent, facts"
MOST_UNUSED = 1_000
"""Programs that were registered and that nobody let in yet; of more, the oldest go."""


class Token(NamedTuple):
    """A code or a token as it is kept: of which program, for which key, until when.

    `spent` is when it was used up.
    """

    kind: Kind
    client: str
    key: str
    expires: float
    spent: float | None
    facts: str


class AssistantStore:
    """Every method raises StoreError where the database cannot be used."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self.whole = db.transaction

    def register(self, id: str, made: float, facts: str) -> None:
        unused = "id NOT IN (SELECT client FROM assistant_tokens)"
        with self._db.transaction():
            self._db.do("INSERT INTO assistants VALUES (?, ?, ?)", id, made, facts)
            old = f"SELECT id FROM assistants WHERE {unused} ORDER BY made DESC LIMIT 10000 OFFSET {MOST_UNUSED}"
            self._db.do_all("DELETE FROM assistants WHERE id = ?", self._db.all(old))

    def client(self, id: str) -> str | None:
        """What a program said of itself."""
        row = self._db.one("SELECT facts FROM assistants WHERE id = ?", id)
        return str(row[0]) if row else None

    def add(self, plain: str, token: Token) -> None:
        self._db.do("INSERT INTO assistant_tokens VALUES (?, ?, ?, ?, ?, ?, ?)", hash_of(plain), *token)

    def find(self, plain: str, kind: Kind) -> Token | None:
        """Also one that is spent or too old."""
        row = self._db.one(f"SELECT {FACTS} FROM assistant_tokens WHERE hash = ?", hash_of(plain))
        return Token(*row) if row and row[0] == kind else None

    def spend(self, plain: str, key: str, now: float) -> bool:
        """Use up a code or a token, which stands for this key; of two who do so at once, one does."""
        only = "WHERE hash = ? AND spent IS NULL"
        return bool(self._db.do(f"UPDATE assistant_tokens SET spent = ?, key = ? {only}", now, key, hash_of(plain)))

    def end_access(self, key: str) -> None:
        """Let the tokens that open something for a key open nothing, as there are newer ones."""
        self._db.do("DELETE FROM assistant_tokens WHERE key = ? AND kind = 'access'", key)

    def forget_old(self, now: float) -> None:
        """Let go of what is too old, and of keys of assistants that nothing stands for any more."""
        with self._db.transaction():
            self._db.do("DELETE FROM assistant_tokens WHERE expires < ?", now)
            self._db.do(
                f"UPDATE api_keys SET revoked = TRUE WHERE NOT revoked AND hash LIKE '{NO_TEXT}%' "
                "AND id NOT IN (SELECT key FROM assistant_tokens)"
            )
