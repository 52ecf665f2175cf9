"""Whose a GPT, a knowledge base or a connection is."""

from collections.abc import Callable, Sequence
from typing import Literal

from flowloom.store.accounts import Account
from flowloom.store.db import Database

Thing = Literal["gpt", "base", "connection"]


class OwnerStore:
    """What is in no row was there before the team, or came by the command line: it is for admins.

    Every method raises StoreError where the database cannot be used.
    """

    def __init__(self, db: Database) -> None:
        self._db = db
        self.acting: Callable[[], Account | None] = lambda: None
        """Who does what is being done; None without a team."""

    def of(self, kind: Thing, id: str) -> str:
        """The id of the account whose it is; empty for nobody's."""
        row = self._db.one("SELECT account FROM owners WHERE kind = ? AND id = ?", kind, id)
        return str(row[0]) if row else ""

    def all(self, kind: Thing) -> dict[str, str]:
        """The account of each that has one, by its id."""
        return dict(self._db.all("SELECT id, account FROM owners WHERE kind = ?", kind))

    def begun(self, kind: Thing, id: str) -> None:
        """Something new belongs to whoever is making it."""
        account = self.acting()
        if account is not None:
            self.give(kind, id, account.id)

    def give(self, kind: Thing, id: str, account: str) -> None:
        self._db.do(
            "INSERT INTO owners VALUES (?, ?, ?) ON CONFLICT (kind, id) DO UPDATE SET account = excluded.account",
            kind,
            id,
            account,
        )

    def give_all(self, before: str, after: str, kinds: Sequence[Thing] = ("gpt", "base")) -> None:
        """Let all of these kinds that was one account's be another's."""
        for kind in kinds:
            self._db.do("UPDATE owners SET account = ? WHERE account = ? AND kind = ?", after, before, kind)

    def of_account(self, kind: Thing, account: str) -> list[str]:
        """What is somebody's."""
        rows = self._db.all("SELECT id FROM owners WHERE kind = ? AND account = ?", kind, account)
        return [id for (id,) in rows]

    def delete(self, kind: Thing, id: str) -> None:
        self._db.do("DELETE FROM owners WHERE kind = ? AND id = ?", kind, id)
