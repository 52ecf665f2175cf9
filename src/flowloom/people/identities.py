"""Coming in by an account of one’s organisation."""

import json
import secrets
from typing import NamedTuple

from flowloom.people.names import shown_name, tried_name
from flowloom.people.problems import OLD_LINK, PeopleError
from flowloom.people.sessions import Place, Present, Sessions
from flowloom.services.openid import Identity, Provider
from flowloom.store.accounts import Account, AccountStore, Role
from flowloom.store.db import Database
from flowloom.store.deeds import DeedStore
from flowloom.store.invitations import InvitationStore

SECONDS = 600.0
"""For how long somebody may be away to sign in there."""


class Errand(NamedTuple):
    """What is remembered while somebody signs in elsewhere; `token` is kept by their browser alone."""

    token: str
    state: str
    nonce: str
    verifier: str
    onward: str


class Identities:
    """Who of the team is who at the provider; an address of email alone is nobody."""

    def __init__(
        self,
        db: Database,
        accounts: AccountStore,
        invitations: InvitationStore,
        sessions: Sessions,
        deeds: DeedStore,
    ) -> None:
        self._db, self._accounts, self._invitations = db, accounts, invitations
        self._sessions, self._deeds = sessions, deeds

    def leave(self, onward: str) -> Errand:
        """Remember that somebody goes there."""
        token, state, nonce = (secrets.token_urlsafe(32) for _ in range(3))
        errand = Errand(token, state, nonce, secrets.token_urlsafe(48), onward)
        said = json.dumps(errand._replace(token="")._asdict())
        self._invitations.add(errand.token, "openid", "member", SECONDS, note=said)
        return errand

    def back(self, token: str, state: str) -> Errand:
        """Somebody comes back, once. Raises PeopleError where they did not go from this browser."""
        taken = self._invitations.take(token, "openid") if token else None
        errand = Errand(**json.loads(taken.note)) if taken else None
        if errand is None or not secrets.compare_digest(errand.state.encode(), state.encode()):
            raise PeopleError.from_problem(OLD_LINK)
        return errand

    def sign_in(
        self, identity: Identity, provider: Provider, place: Place, present: Present | None, before: str
    ) -> str:
        """The token of a new sign-in. Raises PeopleError for whoever has no account and may not make one."""
        account = self._known(identity)
        if account is None and present is not None:
            account = present.account
            self._keep(identity, account)
            self._deeds.add("linked", account.id, account.shown, provider.name, place.address)
        if account is None:
            account = self._join(identity, provider, place)
        if account.closed is not None:
            raise PeopleError.from_problem(OLD_LINK)
        account = self._take_groups(account, identity, provider)
        return self._sessions.begin(account, place, before)

    def _take_groups(self, account: Account, identity: Identity, provider: Provider) -> Account:
        """Where the provider names groups, they are those of the account: at each sign-in, and no others."""
        if identity.groups is None or set(identity.groups) == set(account.groups):
            return account
        self._accounts.put_in(account.id, identity.groups)
        told = f"{account.shown}: {', '.join(identity.groups)} ({provider.name})"
        self._deeds.add("groups_changed", account.id, account.shown, about=told)
        return self._accounts.get(account.id) or account

    def _known(self, identity: Identity) -> Account | None:
        row = self._db.one("SELECT account FROM identities WHERE subject = ?", identity.subject)
        return self._accounts.get(row[0]) if row else None

    def _keep(self, identity: Identity, account: Account) -> None:
        self._db.do("INSERT INTO identities VALUES (?, ?)", identity.subject, account.id)

    def _join(self, identity: Identity, provider: Provider, place: Place) -> Account:
        name, role = tried_name(identity.email), provider.joins_as
        if not role or not name or not self._accounts.any():
            self._deeds.add("sign_in_failed", about=provider.name, address=place.address)
            raise PeopleError(
                "There is no account here for you yet.",
                "Ask an admin for an invitation. With it, sign in once and connect {name} under your account.",
                code="people.unknown",
                name=provider.name,
            )
        with self._db.transaction():
            # Whoever has this name chose it themselves: it is not proof that they are the same.
            account = self._accounts.add(name, shown_name(identity.name, name), _role(role), "")
            self._keep(identity, account)
        self._deeds.add("joined", account.id, account.shown, about=role, address=place.address)
        return account


def _role(name: str) -> Role:
    return "builder" if name == "builder" else "member"
