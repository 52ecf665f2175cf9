"""The people of a team, and the groups they are in."""

import time
from collections.abc import Callable, Iterable, Sequence
from typing import Any, Literal, NamedTuple, get_args
from uuid import uuid4

from flowloom.errors import StoreError
from flowloom.store.db import Database

Role = Literal["admin", "builder", "member"]
ROLES: tuple[Role, ...] = get_args(Role)
FACTS = "id, name, shown, role, made, seen, closed"


class Account(NamedTuple):
    """Somebody who can sign in. `name` is what they sign in with, `shown` what others see.

    `seen` is when they signed in last, `closed` since when they may not; both None where they never did.
    """

    id: str
    name: str
    shown: str
    role: Role
    made: float
    seen: float | None = None
    closed: float | None = None
    groups: tuple[str, ...] = ()
    barred: bool = False
    """Whether the rules of the workspace keep them from building, whatever their role."""

    @property
    def builds(self) -> bool:
        """Whether they may make GPTs."""
        return self.role in ("admin", "builder") and not self.barred

    @property
    def is_admin(self) -> bool:
        return self.role == "admin"


class AccountStore:
    """Every method raises StoreError where the database cannot be used."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self.may_build: Callable[[Account], bool] = lambda account: True
        """What the rules of the workspace say of one whose role would let them build."""

    def any(self) -> bool:
        """Whether there is an account at all."""
        return self._db.one("SELECT 1 FROM accounts LIMIT 1") is not None

    def add(self, name: str, shown: str, role: Role, hash: str, groups: Iterable[str] = ()) -> Account:
        """A new account. Raises StoreError where somebody has this name."""
        account = Account(uuid4().hex, name, shown, role, time.time())
        with self._db.transaction():
            if self.named(name):
                raise StoreError("“{name}” is taken.", "Choose another name.", code="people.taken", name=name)
            self._db.do(
                "INSERT INTO accounts (id, name, shown, role, hash, made) VALUES (?, ?, ?, ?, ?, ?)",
                account.id,
                name,
                shown,
                role,
                hash,
                account.made,
            )
            self.put_in(account.id, groups)
        return self._read(account._replace(groups=self._groups_of(account.id)))

    def get(self, id: str) -> Account | None:
        row = self._db.one(f"SELECT {FACTS} FROM accounts WHERE id = ?", id)
        return self._read(_read(row, self._groups_of(id))) if row else None

    def named(self, name: str) -> Account | None:
        """The account somebody signs in to with this name."""
        row = self._db.one(f"SELECT {FACTS} FROM accounts WHERE name = ?", name)
        return self._read(_read(row, self._groups_of(row[0]))) if row else None

    def all(self) -> list[Account]:
        """Everybody, by what others see of their names."""
        members: dict[str, list[str]] = {}
        for group, account in self._db.all("SELECT name, account FROM group_members ORDER BY name"):
            members.setdefault(account, []).append(group)
        rows = self._db.all(f"SELECT {FACTS} FROM accounts ORDER BY shown, id")
        return [self._read(_read(row, tuple(members.get(row[0], ())))) for row in rows]

    def _read(self, account: Account) -> Account:
        return account._replace(barred=account.role == "builder" and not self.may_build(account))

    def _groups_of(self, id: str) -> tuple[str, ...]:
        rows = self._db.all("SELECT name FROM group_members WHERE account = ? ORDER BY name", id)
        return tuple(name for (name,) in rows)

    def hash_of(self, id: str) -> str:
        """What is kept of a password; empty where there is no such account."""
        row = self._db.one("SELECT hash FROM accounts WHERE id = ?", id)
        return str(row[0]) if row else ""

    def set_hash(self, id: str, hash: str) -> None:
        self._db.do("UPDATE accounts SET hash = ? WHERE id = ?", hash, id)

    def set_shown(self, id: str, shown: str) -> None:
        self._db.do("UPDATE accounts SET shown = ? WHERE id = ?", shown, id)

    def saw(self, id: str) -> None:
        """They signed in now."""
        self._db.do("UPDATE accounts SET seen = ? WHERE id = ?", time.time(), id)

    def set_role(self, id: str, role: Role) -> None:
        """Raises StoreError where nobody would be left to look after the others."""
        with self._db.transaction():
            if role != "admin":
                self._require_other_admin(id)
            self._db.do("UPDATE accounts SET role = ? WHERE id = ?", role, id)

    def close(self, id: str) -> None:
        """Let nobody sign in to it. Raises StoreError where nobody would be left to look after the others."""
        with self._db.transaction():
            self._require_other_admin(id)
            self._db.do("UPDATE accounts SET closed = ? WHERE id = ?", time.time(), id)

    def is_in(self, id: str) -> bool:
        """Whether somebody is there and may sign in."""
        found = self.get(id)
        return found is not None and found.closed is None

    def open(self, id: str) -> None:
        """Let them sign in again."""
        self._db.do("UPDATE accounts SET closed = NULL WHERE id = ?", id)

    def _require_other_admin(self, id: str) -> None:
        left = "SELECT 1 FROM accounts WHERE role = 'admin' AND closed IS NULL AND id <> ? LIMIT 1"
        if self._db.one(left, id) is None:
            raise StoreError(
                "This is the only admin.",
                "Make somebody else an admin first.",
                code="people.last_admin",
            )

    def delete(self, id: str) -> None:
        """Let go of somebody. Raises StoreError where nobody would be left to look after the others."""
        with self._db.transaction():
            self._require_other_admin(id)
            for table in ("sign_ins", "identities", "group_members", "invitations", "api_keys", "passkeys"):
                self._db.do(f"DELETE FROM {table} WHERE account = ?", id)
            self._db.do("DELETE FROM accounts WHERE id = ?", id)

    # -- groups

    def groups(self) -> list[str]:
        """The names of all groups."""
        return [name for (name,) in self._db.all("SELECT name FROM people_groups ORDER BY name")]

    def put_in(self, id: str, groups: Iterable[str]) -> None:
        """Have somebody be in these groups and in no other; a group that is new begins with them."""
        wanted = tuple(dict.fromkeys(group.strip()[:60] for group in groups if group.strip()))
        with self._db.transaction():
            self._db.do("DELETE FROM group_members WHERE account = ?", id)
            self._keep_groups(wanted)
            self._db.do_all("INSERT INTO group_members VALUES (?, ?)", [(group, id) for group in wanted])

    def _keep_groups(self, names: Sequence[str]) -> None:
        rows = [(name,) for name in names]
        self._db.do_all("INSERT INTO people_groups VALUES (?) ON CONFLICT DO NOTHING", rows)

    def delete_group(self, name: str) -> None:
        with self._db.transaction():
            self._db.do("DELETE FROM group_members WHERE name = ?", name)
            self._db.do("DELETE FROM people_groups WHERE name = ?", name)


def _read(row: Sequence[Any], groups: tuple[str, ...]) -> Account:
    id, name, shown, role, made, seen, closed = row
    return Account(id, name, shown, role, made, seen, closed, groups)
