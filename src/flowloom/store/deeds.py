"""Who did what, for whoever looks after a team: no secrets, and nothing of what was said to a GPT."""

import time
from collections.abc import Iterator
from typing import NamedTuple
from uuid import uuid4

from flowloom.store.db import Database
from flowloom.store.runs import escaped

KEPT = 400 * 86_400.0
"""Seconds for which it is kept."""
LONGEST = 200
FACTS = "at, account, who, what, about, address"


class Deed(NamedTuple):
    """`what` is a word for machines, `about` the name of what it was done to, `who` the name of who did it then."""

    at: float
    account: str
    who: str
    what: str
    about: str
    address: str


class DeedStore:
    """Every method raises StoreError where the database cannot be used."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def add(self, what: str, account: str = "", who: str = "", about: str = "", address: str = "") -> None:
        values = (uuid4().hex, time.time(), account, who[:LONGEST], what, about[:LONGEST], address[:LONGEST])
        self._db.do("INSERT INTO deeds VALUES (?, ?, ?, ?, ?, ?, ?)", *values)

    def all(
        self, most: int, *, what: tuple[str, ...] = (), account: str = "", search: str = "", before: float = 0.0
    ) -> list[Deed]:
        """The latest first: only those of these words, of this account, with this in a name, before that moment."""
        wanted, values = ["(who LIKE ? ESCAPE '\\' OR about LIKE ? ESCAPE '\\')"], [f"%{escaped(search)}%"] * 2
        for column, value in (("account = ?", account), ("at < ?", before)):
            if value:
                wanted.append(column)
                values.append(value)  # type: ignore[arg-type]
        if what:
            wanted.append(f"what IN ({', '.join('?' * len(what))})")
            values += what
        rows = self._db.all(
            f"SELECT {FACTS} FROM deeds WHERE {' AND '.join(wanted)} ORDER BY at DESC, id LIMIT ?", *values, most
        )
        return [Deed(*row) for row in rows]

    def every(self, page: int = 1_000) -> Iterator[Deed]:
        """All of them, the latest first, read a page at a time; none twice and none left out."""
        last: tuple[float, str] = (1e18, "")
        while True:
            rows = self._db.all(
                f"SELECT {FACTS}, id FROM deeds WHERE at < ?1 OR (at = ?1 AND id > ?2) "
                "ORDER BY at DESC, id LIMIT ?3",
                *last,
                page,
            )
            if not rows:
                return
            yield from (Deed(*row[:-1]) for row in rows)
            last = (rows[-1][0], rows[-1][-1])

    def forget_old(self) -> None:
        self._db.do("DELETE FROM deeds WHERE at < ?", time.time() - KEPT)
