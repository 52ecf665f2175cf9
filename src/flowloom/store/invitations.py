"""Links that let somebody in once: to set the app up, to join a team, to choose a password anew."""

import json
import time
from typing import Literal, NamedTuple
from uuid import uuid4

from flowloom.store.accounts import Role
from flowloom.store.db import Database
from flowloom.store.sign_ins import digest

Purpose = Literal["set_up", "join", "reset", "openid", "passkey"]
FACTS = "id, kind, role, member_of, account, note, made_by, made, expires"


class Invitation(NamedTuple):
    """What a link is for. `account` is whose password it sets anew; `note` is what the inviter wrote about it."""

    id: str
    kind: Purpose
    role: Role
    groups: tuple[str, ...]
    account: str
    note: str
    made_by: str
    made: float
    expires: float


class InvitationStore:
    """Every method raises StoreError where the database cannot be used. Of a link only a digest is kept."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def add(
        self,
        token: str,
        kind: Purpose,
        role: Role,
        seconds: float,
        *,
        groups: tuple[str, ...] = (),
        account: str = "",
        note: str = "",
        made_by: str = "",
    ) -> Invitation:
        """A link that is good for so many seconds."""
        now = time.time()
        made = Invitation(uuid4().hex, kind, role, groups, account, note, made_by, now, now + seconds)
        with self._db.transaction():
            self._db.do("DELETE FROM invitations WHERE expires < ?", now)
            self._db.do(
                "INSERT INTO invitations VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                *(digest(token), made.id, kind, role, json.dumps(groups, ensure_ascii=False), account, note),
                *(made_by, now, made.expires),
            )
        return made

    def find(self, token: str, kind: Purpose | None = None) -> Invitation | None:
        """What a link is for, while it is good."""
        row = self._db.one(f"SELECT {FACTS} FROM invitations WHERE hash = ?", digest(token))
        found = _read(row) if row else None
        good = found and found.expires > time.time() and kind in (None, found.kind)
        return found if good else None

    def take(self, token: str, kind: Purpose) -> Invitation | None:
        """The same, and the link is good for nothing from now on; of two who use it at once, one gets it."""
        found = self.find(token, kind)
        taken = found and self._db.do("DELETE FROM invitations WHERE hash = ?", digest(token))
        return found if taken else None

    def open(self) -> list[Invitation]:
        """Those to join that wait, the newest first."""
        rows = self._db.all(
            f"SELECT {FACTS} FROM invitations WHERE kind = 'join' AND expires > ? ORDER BY made DESC", time.time()
        )
        return [_read(row) for row in rows]

    def delete(self, id: str) -> None:
        self._db.do("DELETE FROM invitations WHERE id = ?", id)

    def delete_for(self, account: str) -> None:
        """Let earlier links of somebody be good for nothing."""
        self._db.do("DELETE FROM invitations WHERE account = ?", account)

    def delete_kind(self, kind: Purpose) -> None:
        self._db.do("DELETE FROM invitations WHERE kind = ?", kind)


def _read(row: tuple[str, Purpose, Role, str, str, str, str, float, float]) -> Invitation:
    id, kind, role, groups, account, note, made_by, made, expires = row
    return Invitation(id, kind, role, tuple(json.loads(groups)), account, note, made_by, made, expires)
