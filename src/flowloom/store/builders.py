"""Builders as the store shows them, how each is verified, and who follows them."""

import secrets
import time
from typing import NamedTuple

from flowloom.errors import StoreError
from flowloom.store.db import Database

ADMIN, AT = "admin", "@"
"""How somebody is verified: by an admin, or by an address of the host that follows the sign."""
FACTS = "account, slug, shown, about, site, token, proof, verified"


class Builder(NamedTuple):
    """A profile; `account` is "" for whoever runs the app alone.

    `token` is what a site of theirs shows to prove that it is theirs. `proof` is how they are verified: `admin`,
    the name of that site, or `@` with the host of their e-mail address; "" where they are not.
    """

    account: str
    slug: str
    shown: str
    about: str = ""
    site: str = ""
    token: str = ""
    proof: str = ""
    verified: float | None = None


class BuilderStore:
    """Every method raises StoreError where the database cannot be used."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def of(self, account: str) -> Builder | None:
        row = self._db.one(f"SELECT {FACTS} FROM store_builders WHERE account = ?", account)
        return Builder(*row) if row else None

    def at(self, slug: str) -> Builder | None:
        row = self._db.one(f"SELECT {FACTS} FROM store_builders WHERE slug = ?", slug)
        return Builder(*row) if row else None

    def all(self) -> list[Builder]:
        """By name."""
        return [Builder(*row) for row in self._db.all(f"SELECT {FACTS} FROM store_builders ORDER BY shown, slug")]

    def put(self, builder: Builder) -> Builder:
        """Keep a profile; another site has to be proven anew. Raises StoreError where another has this address."""
        with self._db.transaction():
            other, before = self.at(builder.slug), self.of(builder.account)
            if other and other.account != builder.account:
                raise StoreError(
                    "Another builder has the address “{name}”.",
                    "Choose another.",
                    code="store.taken",
                    name=builder.slug,
                )
            kept = before if before and before.site == builder.site else None
            proven = before is not None and (before.proof == ADMIN or before.proof.startswith(AT))
            found = builder._replace(
                token=before.token if before else secrets.token_urlsafe(24),
                proof=before.proof if before and (kept or proven) else "",
                verified=before.verified if before and (kept or proven) else None,
            )
            self._write(found)
        return found

    def verify(self, account: str, proof: str) -> None:
        """From now on they are verified like this; not at all with ""."""
        found = self.of(account)
        if found:
            self._write(found._replace(proof=proof, verified=time.time() if proof else None))

    def _write(self, builder: Builder) -> None:
        self._db.do(
            "INSERT INTO store_builders VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (account) DO UPDATE SET "
            "slug = excluded.slug, shown = excluded.shown, about = excluded.about, site = excluded.site, "
            "token = excluded.token, proof = excluded.proof, verified = excluded.verified",
            *builder,
        )

    def follow(self, builder: str, person: str, yes: bool) -> None:
        if yes:
            self._db.do(
                "INSERT INTO store_followers VALUES (?, ?, ?) ON CONFLICT (builder, person) DO NOTHING",
                builder, person, time.time(),
            )  # fmt: skip
        else:
            self._db.do("DELETE FROM store_followers WHERE builder = ? AND person = ?", builder, person)

    def follows(self, builder: str, person: str) -> bool:
        return bool(self._db.one("SELECT 1 FROM store_followers WHERE builder = ? AND person = ?", builder, person))

    def followers(self, builder: str) -> int:
        (count,) = self._db.one("SELECT count(*) FROM store_followers WHERE builder = ?", builder)
        return int(count)

    def followed_by(self, person: str) -> list[str]:
        """The accounts that somebody follows."""
        return [each for (each,) in self._db.all("SELECT builder FROM store_followers WHERE person = ?", person)]
