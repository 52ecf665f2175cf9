"""Signing in, being known again, and signing out."""

import re
import secrets
import time
from collections.abc import Callable
from typing import NamedTuple

from flowloom.people.names import tried_name
from flowloom.people.passwords import check_password, fits, hash_password, is_outdated
from flowloom.people.problems import NOT_THE_OLD_ONE, TOO_OFTEN, WRONG_PASSWORD, PeopleError
from flowloom.store.accounts import Account, AccountStore
from flowloom.store.deeds import DeedStore
from flowloom.store.sign_ins import SignIn, SignInStore

DAY = 86_400.0
IDLE, LONGEST = 7 * DAY, 30 * DAY
"""Seconds after which a sign-in ends that nobody used, and after which any does."""
NOTED_EVERY = 300.0
"""Seconds between two notes of when a sign-in was used."""
WINDOW = 900.0
"""Seconds within which attempts are counted."""
FROM_ONE, FOR_ONE, BY_ONE = 5, 50, 40
"""Attempts in that time for one name from one address, for one name, and from one address.

Somebody who tries names from one place locks nobody out who signs in from another.
"""
LONGEST_DEVICE = 250
_TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")


class Present(NamedTuple):
    """Who asks, and by which of their sign-ins."""

    account: Account
    sign_in: SignIn


class Place(NamedTuple):
    """Where somebody signs in from, as far as it says of itself."""

    address: str = ""
    device: str = ""


class Sessions:
    """The sign-ins of one team, looked up at each call: what was ended opens nothing anywhere."""

    def __init__(
        self,
        accounts: AccountStore,
        sign_ins: SignInStore,
        deeds: DeedStore,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._accounts, self._sign_ins, self._deeds, self._clock = accounts, sign_ins, deeds, clock

    def sign_in(self, name: str, password: str, place: Place, before: str = "") -> str:
        """The token of a new sign-in; an earlier one of this browser ends. Raises PeopleError."""
        tried = tried_name(name)
        self._count(tried, place)
        account = self._accounts.named(tried) if tried else None
        kept = self._accounts.hash_of(account.id) if account else ""
        right = fits(password, kept)
        if account is None or not right or account.closed is not None:
            # A name that nobody has may be a password in the wrong field.
            self._note("sign_in_failed", account, place)
            raise PeopleError.from_problem(WRONG_PASSWORD)
        if is_outdated(kept):
            self._accounts.set_hash(account.id, hash_password(password))
        self._sign_ins.forget_attempts(_pair(tried, place))
        return self.begin(account, place, before)

    def _count(self, name: str, place: Place) -> None:
        limits = {_pair(name, place): FROM_ONE, f"name:{name}": FOR_ONE, f"from:{place.address}": BY_ONE}
        if not self._sign_ins.try_once(limits, WINDOW):
            self._deeds.add("sign_in_paused", address=place.address)
            raise PeopleError.from_problem(TOO_OFTEN)

    def begin(self, account: Account, place: Place, before: str = "") -> str:
        """Sign somebody in who has shown who they are."""
        if before:
            self.end(before)
        now = self._clock()
        self._sign_ins.delete_old(now - LONGEST, now - IDLE)
        token = secrets.token_urlsafe(32)
        self._sign_ins.add(token, account.id, place.device[:LONGEST_DEVICE], place.address)
        self._accounts.saw(account.id)
        self._note("sign_in", account, place)
        return token

    def who(self, token: str) -> Present | None:
        """Whose token this is; None where it is nobody’s any more."""
        if not _TOKEN.fullmatch(token):
            return None
        found, now = self._sign_ins.find(token), self._clock()
        if found is None or now - found.made > LONGEST or now - found.seen > IDLE:
            return None
        account = self._accounts.get(found.account)
        if account is None or account.closed is not None:
            return None
        if now - found.seen > NOTED_EVERY:
            self._sign_ins.saw(found.id)
        return Present(account, found)

    def end(self, token: str) -> None:
        """Sign one browser out."""
        found = self._sign_ins.find(token) if _TOKEN.fullmatch(token) else None
        if found:
            self._sign_ins.delete(found.id)
            self._note("sign_out", self._accounts.get(found.account), Place(found.address))

    def of(self, account: Account) -> list[SignIn]:
        """Where somebody is signed in."""
        return self._sign_ins.of(account.id)

    def end_one(self, present: Present, id: str) -> None:
        """Sign out another browser of theirs."""
        if any(each.id == id for each in self.of(present.account)):
            self._sign_ins.delete(id)
            self._note("sign_out", present.account, Place(present.sign_in.address))

    def end_all(self, account: Account, besides: str = "") -> None:
        """Sign somebody out everywhere, but where this sign-in is."""
        self._sign_ins.delete_of(account.id, besides)
        self._note("sign_out_everywhere", account, Place())

    def change_password(self, present: Present, old: str, new: str, place: Place) -> str:
        """A new password; all sign-ins end, and this browser gets the token of a new one. Raises PeopleError."""
        account = present.account
        self._count(account.name, place)
        if not fits(old, self._accounts.hash_of(account.id)):
            self._note("password_failed", account, place)
            raise PeopleError.from_problem(NOT_THE_OLD_ONE)
        check_password(new, account.name)
        self._accounts.set_hash(account.id, hash_password(new))
        self._sign_ins.forget_attempts(_pair(account.name, place))
        self._sign_ins.delete_of(account.id)
        self._note("password_changed", account, place)
        return self.begin(account, place)

    def _note(self, what: str, account: Account | None, place: Place) -> None:
        id, shown = (account.id, account.shown) if account else ("", "")
        self._deeds.add(what, id, shown, address=place.address)


def _pair(name: str, place: Place) -> str:
    return f"both:{name} {place.address}"
