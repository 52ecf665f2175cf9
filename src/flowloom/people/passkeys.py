"""Signing in with a passkey: a key that a device keeps, and uses once its owner has shown who they are."""

import secrets
import time
from base64 import urlsafe_b64encode
from collections.abc import Callable
from typing import Any

from flowloom.people.problems import TOO_OFTEN, PeopleError
from flowloom.people.sessions import WINDOW, Place, Present, Sessions
from flowloom.services import passkeys
from flowloom.services.passkeys import PasskeyError, Site
from flowloom.store.accounts import Account, AccountStore
from flowloom.store.deeds import DeedStore
from flowloom.store.invitations import InvitationStore
from flowloom.store.passkeys import Passkey, PasskeyStore
from flowloom.store.sign_ins import SignInStore

SECONDS = 300.0
"""For how long a browser may take to answer."""
FRESH = 900.0
"""Seconds after signing in within which one may be added: who finds a browser open later shall not."""
MOST, BY_ONE = 20, 60
"""Passkeys of one account; questions from one address in a while."""
LONGEST_NAME = 60


class Passkeys:
    """Those of one team."""

    def __init__(
        self,
        store: PasskeyStore,
        accounts: AccountStore,
        invitations: InvitationStore,
        sign_ins: SignInStore,
        sessions: Sessions,
        deeds: DeedStore,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._store, self._accounts, self._invitations = store, accounts, invitations
        self._sign_ins, self._sessions, self._deeds, self._clock = sign_ins, sessions, deeds, clock

    def of(self, account: Account) -> list[Passkey]:
        return self._store.of(account.id)

    def begin_adding(self, present: Present, site: Site) -> dict[str, Any]:
        """What the browser needs. Raises PeopleError where they signed in too long ago, or have too many."""
        if self._clock() - present.sign_in.made > FRESH:
            raise PeopleError.from_problem(SIGN_IN_AGAIN)
        account = present.account
        known = [each.id for each in self._store.of(account.id)]
        if len(known) >= MOST:
            raise PeopleError("You have a lot of passkeys already.", "Remove one, then try again.")
        return passkeys.making(site, self._ask(account.id), account.id, account.name, account.shown, known)

    def add(self, present: Present, site: Site, answer: dict[str, Any], name: str, place: Place) -> None:
        """Keep what the browser made. Raises PasskeyError."""
        account = present.account
        made = passkeys.made(site, self._asked(answer, account.id), answer)
        named = name.strip()[:LONGEST_NAME]
        kept = Passkey(made.id, account.id, named, site.host, made.key, made.counter, self._clock(), None)
        if not self._store.add(kept):
            raise PasskeyError("This passkey is there already.", "Use another device, or remove the old one first.")
        self._deeds.add("passkey_added", account.id, account.shown, named, place.address)

    def begin_sign_in(self, site: Site, place: Place) -> dict[str, Any]:
        """What the browser needs. Raises PeopleError where one address asks too often."""
        if not self._sign_ins.try_once({f"passkey:{place.address}": BY_ONE}, WINDOW):
            raise PeopleError.from_problem(TOO_OFTEN)
        return passkeys.asking(site, self._ask(""))

    def sign_in(self, site: Site, answer: dict[str, Any], place: Place, before: str = "") -> str:
        """The token of a new sign-in. Raises PasskeyError."""
        challenge, id = self._asked(answer, ""), answer.get("id")
        found = self._store.find(id) if isinstance(id, str) else None
        account = self._accounts.get(found.account) if found else None
        if found is None or account is None or account.closed is not None:
            self._deeds.add("sign_in_failed", address=place.address)
            raise PasskeyError("Nobody here has this passkey.", "Sign in with your password. You can then add one.")
        counter = passkeys.shown(site, challenge, answer, found.key, found.counter)
        if not self._store.used(found.id, found.counter, counter, self._clock()):
            raise PasskeyError("This passkey couldn’t be used.", "Try again, or sign in with your password.")
        return self._sessions.begin(account, place, before)

    def remove(self, present: Present, id: str, place: Place) -> None:
        """Let nobody sign in with it any more."""
        account = present.account
        named = next((each.name for each in self._store.of(account.id) if each.id == id), "")
        if self._store.delete(account.id, id):
            self._deeds.add("passkey_removed", account.id, account.shown, named, place.address)

    def _ask(self, account: str) -> bytes:
        """A question that may be answered once, soon, and for this."""
        challenge = secrets.token_bytes(32)
        self._invitations.add(_text(challenge), "passkey", "member", SECONDS, account=account)
        return challenge

    def _asked(self, answer: dict[str, Any], account: str) -> bytes:
        """The question that is answered. Raises PasskeyError where it was not asked, or for something else."""
        challenge = passkeys.challenge_in(answer)
        taken = self._invitations.take(_text(challenge), "passkey")
        if taken is None or taken.account != account:
            raise PasskeyError("This took too long.", "Try again.")
        return challenge


def _text(challenge: bytes) -> str:
    return urlsafe_b64encode(challenge).decode()


SIGN_IN_AGAIN = PasskeyError(
    "For this you need to have signed in within the last quarter of an hour.",
    "Sign out, sign in again, then add the passkey.",
    code="people.fresh",
).problem
