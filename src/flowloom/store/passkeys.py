"""The passkeys of a team: public halves alone, which open nothing if they are read."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from flowloom.store.db import Database

FACTS = "id, account, name, host, key, counter, made, used"


class Passkey(NamedTuple):
    """A passkey as it is kept.

    `host` is the name of the app that its device knows it by; `used` is None before it was first signed in with.
    """

    id: str
    account: str
    name: str
    host: str
    key: bytes
    counter: int
    made: float
    used: float | None


class PasskeyStore:
    """Every method raises StoreError where the database cannot be used."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def add(self, passkey: Passkey) -> bool:
        """Keep one; false where it is there already."""
        marks = "?, ?, ?, ?, ?, ?, ?, ?"
        return bool(self._db.do(f"INSERT INTO passkeys VALUES ({marks}) ON CONFLICT DO NOTHING", *passkey))

    def find(self, id: str) -> Passkey | None:
        row = self._db.one(f"SELECT {FACTS} FROM passkeys WHERE id = ?", id)
        return _read(row) if row else None

    def of(self, account: str) -> list[Passkey]:
        """Somebody’s, the newest first."""
        return [
            _read(row)
            for row in self._db.all(f"SELECT {FACTS} FROM passkeys WHERE account = ? ORDER BY made DESC", account)
        ]

    def used(self, id: str, before: int, counter: int, at: float) -> bool:
        """Note that it was used; of two uses with one count, one is noted."""
        only = "WHERE id = ? AND counter = ?"
        return bool(self._db.do(f"UPDATE passkeys SET counter = ?, used = ? {only}", counter, at, id, before))

    def delete(self, account: str, id: str) -> bool:
        return bool(self._db.do("DELETE FROM passkeys WHERE account = ? AND id = ?", account, id))


def _read(row: Sequence[Any]) -> Passkey:
    id, account, name, host, key, counter, made, used = row
    return Passkey(id, account, name, host, bytes(key), counter, made, used)
