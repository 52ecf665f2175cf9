"""How somebody gets an account: the first by a code from the terminal, all others by a link from an admin."""

import secrets
from collections.abc import Callable, Sequence

from flowloom.people.names import shown_name, sign_in_name
from flowloom.people.passwords import check_password, hash_password
from flowloom.people.problems import OLD_LINK, SET_UP_ALREADY, TOO_OFTEN, WRONG_CODE, PeopleError
from flowloom.people.sessions import DAY, WINDOW, Place, Sessions
from flowloom.store.accounts import Account, AccountStore, Role
from flowloom.store.db import Database
from flowloom.store.deeds import DeedStore
from flowloom.store.invitations import Invitation, InvitationStore, Purpose
from flowloom.store.sign_ins import SignInStore

CODE_LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Without those that look like others."""
CODE_LENGTH, CODE_PART = 20, 5
CODE_SECONDS, RESET_SECONDS = DAY, DAY
LASTS = (1, 7, 30)
"""How many days an invitation may be good for."""
CODES = 100
"""Set-up codes and links that may be tried from one address within a quarter of an hour."""


class Joining:
    """Links and codes, each good for one person and one time."""

    def __init__(
        self,
        db: Database,
        accounts: AccountStore,
        invitations: InvitationStore,
        sign_ins: SignInStore,
        sessions: Sessions,
        deeds: DeedStore,
    ) -> None:
        self._db, self._accounts, self._invitations = db, accounts, invitations
        self._sign_ins, self._sessions, self._deeds = sign_ins, sessions, deeds
        self.first: Callable[[Account], None] = lambda account: None
        """What happens once there is somebody to look after all the others."""

    # -- the first account

    def is_set_up(self) -> bool:
        return self._accounts.any()

    def new_code(self) -> str:
        """A code that makes whoever types it the first admin, for a day."""
        code = "".join(secrets.choice(CODE_LETTERS) for _ in range(CODE_LENGTH))
        self._invitations.add(code, "set_up", "admin", CODE_SECONDS)
        return "-".join(code[at : at + CODE_PART] for at in range(0, CODE_LENGTH, CODE_PART))

    def set_up(self, code: str, name: str, shown: str, password: str, place: Place) -> str:
        """Make the first account and sign it in; the token of that. Raises PeopleError, StoreError."""
        self._count(place)
        typed = read_code(code)
        if self.is_set_up():
            raise PeopleError.from_problem(SET_UP_ALREADY)
        if self._invitations.find(typed, "set_up") is None:
            self._deeds.add("set_up_failed", address=place.address)
            raise PeopleError.from_problem(WRONG_CODE)
        account = self._add(typed, "set_up", name, shown, password)
        self._invitations.delete_kind("set_up")
        self._deeds.add("set_up", account.id, account.shown, address=place.address)
        self.first(account)
        return self._sessions.begin(account, place)

    def _add(self, token: str, kind: Purpose, name: str, shown: str, password: str) -> Account:
        """Take a link and make an account of it, or leave the link as it is."""
        known = sign_in_name(name)
        check_password(password, known)
        hash = hash_password(password)
        with self._db.transaction():
            if kind == "set_up" and self.is_set_up():
                raise PeopleError.from_problem(SET_UP_ALREADY)
            taken = self._invitations.take(token, kind)
            if taken is None:
                raise PeopleError.from_problem(OLD_LINK)
            return self._accounts.add(known, shown_name(shown, known), taken.role, hash, taken.groups)

    def _count(self, place: Place) -> None:
        if not self._sign_ins.try_once({f"link:{place.address}": CODES}, WINDOW):
            raise PeopleError.from_problem(TOO_OFTEN)

    # -- all others

    def invite(self, by: Account, role: Role, groups: Sequence[str] = (), note: str = "", days: int = 7) -> str:
        """The token of a link by which somebody joins once. Raises PeopleError."""
        require_admin(by)
        token = secrets.token_urlsafe(32)
        self._invitations.add(
            token, "join", role, days * DAY, groups=tuple(groups), note=note.strip()[:80], made_by=by.shown
        )
        self._deeds.add("invited", by.id, by.shown, about=note.strip()[:80] or role)
        return token

    def open(self) -> list[Invitation]:
        """The invitations that nobody used yet."""
        return self._invitations.open()

    def take_back(self, by: Account, invitation: Invitation) -> None:
        require_admin(by)
        self._invitations.delete(invitation.id)
        self._deeds.add("invitation_taken_back", by.id, by.shown, about=invitation.note or invitation.role)

    def look_at(self, token: str, place: Place) -> tuple[Invitation, Account | None]:
        """What a link is for, and whose password it sets. Raises PeopleError where it is good for nothing."""
        self._count(place)
        found = self._invitations.find(token)
        if found is None or found.kind not in ("join", "reset"):
            raise PeopleError.from_problem(OLD_LINK)
        return found, self._accounts.get(found.account) if found.account else None

    def join(self, token: str, name: str, shown: str, password: str, place: Place, before: str = "") -> str:
        """Make an account by a link and sign it in; the token of that. Raises PeopleError, StoreError."""
        self._count(place)
        account = self._add(token, "join", name, shown, password)
        self._deeds.add("joined", account.id, account.shown, about=account.role, address=place.address)
        return self._sessions.begin(account, place, before)

    def reset_link(self, by: Account, account: Account) -> str:
        """The token of a link by which somebody chooses a new password. Raises PeopleError."""
        require_admin(by)
        token = secrets.token_urlsafe(32)
        self._invitations.delete_for(account.id)
        self._invitations.add(token, "reset", account.role, RESET_SECONDS, account=account.id, made_by=by.shown)
        self._deeds.add("reset_link", by.id, by.shown, about=account.shown)
        return token

    def reset(self, token: str, password: str, place: Place, before: str = "") -> str:
        """Set a password anew by a link; every other sign-in of theirs ends. Raises PeopleError."""
        _, account = self.look_at(token, place)
        if account is None or account.closed is not None:
            raise PeopleError.from_problem(OLD_LINK)
        check_password(password, account.name)
        hash = hash_password(password)
        with self._db.transaction():
            if self._invitations.take(token, "reset") is None:
                raise PeopleError.from_problem(OLD_LINK)
            self._accounts.set_hash(account.id, hash)
            self._sign_ins.delete_of(account.id)
            # Whoever lost their password may have lost the device with it.
            self._db.do("DELETE FROM passkeys WHERE account = ?", account.id)
        self._deeds.add("password_changed", account.id, account.shown, address=place.address)
        return self._sessions.begin(account, place, before)


def require_admin(account: Account) -> None:
    """Raises PeopleError for everybody else."""
    if not account.is_admin:
        raise PeopleError("Only admins can do this.", "Ask an admin of this workspace.", code="people.admin")


def read_code(typed: str) -> str:
    """A set-up code however it was typed."""
    letters = "".join(letter for letter in typed.upper()[:100] if letter.isalnum())
    return letters.translate(str.maketrans("OIL", "011"))
