"""Who is signed in where, and how often somebody tried to: nothing here opens anything if it is read.

A token is 256 random bits, so that its SHA-256 tells nobody the token.
"""

import hashlib
import time
from typing import NamedTuple
from uuid import uuid4

from flowloom.store.db import Database

FACTS = "id, account, made, seen, device, address"


class SignIn(NamedTuple):
    """A browser that somebody signed in with; times are seconds since the epoch."""

    id: str
    account: str
    made: float
    seen: float
    device: str
    address: str


def digest(token: str) -> str:
    """What is kept of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


class SignInStore:
    """Every method raises StoreError where the database cannot be used."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def add(self, token: str, account: str, device: str, address: str) -> SignIn:
        now = time.time()
        made = SignIn(uuid4().hex, account, now, now, device, address)
        values = (digest(token), made.id, account, now, now, device, address)
        self._db.do("INSERT INTO sign_ins VALUES (?, ?, ?, ?, ?, ?, ?)", *values)
        return made

    def find(self, token: str) -> SignIn | None:
        row = self._db.one(f"SELECT {FACTS} FROM sign_ins WHERE hash = ?", digest(token))
        return SignIn(*row) if row else None

    def of(self, account: str) -> list[SignIn]:
        """Where somebody is signed in, the latest first."""
        rows = self._db.all(f"SELECT {FACTS} FROM sign_ins WHERE account = ? ORDER BY seen DESC", account)
        return [SignIn(*row) for row in rows]

    def saw(self, id: str) -> None:
        """It was used now."""
        self._db.do("UPDATE sign_ins SET seen = ? WHERE id = ?", time.time(), id)

    def delete(self, id: str) -> None:
        self._db.do("DELETE FROM sign_ins WHERE id = ?", id)

    def delete_of(self, account: str, besides: str = "") -> None:
        """End all of somebody’s but the one with this id."""
        self._db.do("DELETE FROM sign_ins WHERE account = ? AND id <> ?", account, besides)

    def delete_old(self, made_before: float, seen_before: float) -> None:
        self._db.do("DELETE FROM sign_ins WHERE made < ? OR seen < ?", made_before, seen_before)

    # -- attempts

    def try_once(self, limits: dict[str, int], seconds: float) -> bool:
        """Count one attempt for each of these, unless one of them made that many within so many seconds.

        Counted before a password is looked at, so that many at once are no way around it.
        """
        now = time.time()
        with self._db.transaction():
            self._db.do("DELETE FROM attempts WHERE at < ?", now - seconds)
            for who, most in limits.items():
                (count,) = self._db.one("SELECT count(*) FROM attempts WHERE who = ?", who)
                if count >= most:
                    return False
            self._db.do_all("INSERT INTO attempts VALUES (?, ?, ?)", [(uuid4().hex, who, now) for who in limits])
        return True

    def forget_attempts(self, who: str) -> None:
        self._db.do("DELETE FROM attempts WHERE who = ?", who)
