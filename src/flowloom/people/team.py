"""A team, put together: who is in it, what each may do, what is whose, and what they did."""

from collections.abc import Callable, Iterable, Sequence

from flowloom.people.console import Console
from flowloom.people.identities import Identities
from flowloom.people.joining import Joining, require_admin
from flowloom.people.passkeys import Passkeys
from flowloom.people.problems import PeopleError
from flowloom.people.sessions import Sessions
from flowloom.store.accounts import Account, AccountStore, Role
from flowloom.store.db import Database
from flowloom.store.deeds import DeedStore
from flowloom.store.invitations import InvitationStore
from flowloom.store.leaving import Leaving
from flowloom.store.owners import OwnerStore, Thing
from flowloom.store.passkeys import PasskeyStore
from flowloom.store.sign_ins import SignInStore


class Team:
    """The people of one installation; empty where it is one person’s. Safe to use from several threads."""

    def __init__(self, db: Database) -> None:
        self.accounts, self.owners, self.deeds = AccountStore(db), OwnerStore(db), DeedStore(db)
        self._db, self.leaving = db, Leaving(db)
        self.forget_chats: Callable[[str], None] = self._delete_chats
        """Let go of all that an account said to GPTs, and end what runs there."""
        self.left: Callable[[str], None] = lambda account: None
        """Told once an account is gone, before what was its own is nobody’s."""
        self.console = Console(db, self.accounts, self.owners, self.deeds)
        self._sign_ins, self._invitations = SignInStore(db), InvitationStore(db)
        self.sessions = Sessions(self.accounts, self._sign_ins, self.deeds)
        self.identities = Identities(db, self.accounts, self._invitations, self.sessions, self.deeds)
        self.passkeys = Passkeys(
            PasskeyStore(db), self.accounts, self._invitations, self._sign_ins, self.sessions, self.deeds
        )
        self.joining = Joining(db, self.accounts, self._invitations, self._sign_ins, self.sessions, self.deeds)

    def act(self, who: Callable[[], Account | None]) -> None:
        """From now on, what is made belongs to whom `who` names."""
        self.owners.acting = who

    def note(self, what: str, about: str = "", address: str = "") -> None:
        """Log what is being done, and by whom; nothing without a team."""
        by = self.owners.acting()
        if by is not None:
            self.deeds.add(what, by.id, by.shown, about, address)

    def _delete_chats(self, account: str) -> None:
        for conversation in self.leaving.conversations(account):
            self.leaving.delete(conversation)

    # -- what is whose

    def may_build(self, account: Account, kind: Thing, id: str) -> bool:
        """Whether somebody may open, change, export and run this, and read what was said there."""
        return account.builds and self._is_of(account, self.owners.of(kind, id))

    def _is_of(self, account: Account, owner: str) -> bool:
        return owner == account.id or (not owner and account.is_admin)

    def those_of(self, account: Account, kind: Thing) -> Callable[[str], bool]:
        """The same for many at once."""
        owners = self.owners.all(kind)
        return lambda id: account.builds and self._is_of(account, owners.get(id, ""))

    # -- what admins do

    def set_role(self, by: Account, account: Account, role: Role) -> None:
        """Raises PeopleError, StoreError where nobody would look after the others."""
        require_admin(by)
        self.accounts.set_role(account.id, role)
        self.deeds.add("role_changed", by.id, by.shown, about=f"{account.shown}: {account.role} → {role}")

    def set_groups(self, by: Account, account: Account, groups: Iterable[str]) -> None:
        require_admin(by)
        chosen = tuple(groups)
        self.accounts.put_in(account.id, chosen)
        self.deeds.add("groups_changed", by.id, by.shown, about=f"{account.shown}: {', '.join(chosen)}")

    def delete_group(self, by: Account, name: str) -> None:
        require_admin(by)
        self.accounts.delete_group(name)
        self.deeds.add("group_deleted", by.id, by.shown, about=name)

    def close(self, by: Account, account: Account) -> None:
        """Let somebody in no more, from this moment on. Raises PeopleError, StoreError."""
        require_admin(by)
        self.accounts.close(account.id)
        self._sign_ins.delete_of(account.id)
        self._invitations.delete_for(account.id)
        self.deeds.add("deactivated", by.id, by.shown, about=account.shown)

    def open(self, by: Account, account: Account) -> None:
        """Let somebody in again."""
        require_admin(by)
        self.accounts.open(account.id)
        self.deeds.add("activated", by.id, by.shown, about=account.shown)

    def hand_over(self, by: Account, account: Account, to: Account) -> None:
        """Let all that is one person’s be another’s, but what they said."""
        require_admin(by)
        self._give_all(account, to, ("gpt", "base", "connection"))
        self.deeds.add("handed_over", by.id, by.shown, about=f"{account.shown} → {to.shown}")

    def _give_all(self, account: Account, to: Account, kinds: Sequence[Thing] = ("gpt", "base")) -> None:
        with self._db.transaction():
            self.leaving.keep_private(account.id)
            self.owners.give_all(account.id, to.id, kinds)

    def give(self, by: Account, gpt: str, to: Account, name: str, bases: Iterable[str] = ()) -> None:
        """Let a GPT be somebody’s, with those `bases` that were its owner’s. Raises PeopleError."""
        require_admin(by)
        before = self.owners.of("gpt", gpt)
        with self._db.transaction():
            if before:
                self.leaving.keep_chats_private(before, gpt)
            self.owners.give("gpt", gpt, to.id)
            for base in bases:
                if before and self.owners.of("base", base) == before:
                    self.owners.give("base", base, to.id)
        self.deeds.add("handed_over", by.id, by.shown, about=f"{name} → {to.shown}")

    def delete(self, by: Account, account: Account, to: Account | None = None, keep_chats: bool = False) -> None:
        """Let go of an account: its GPTs go to another, or wait for an owner; its chats go unless they are kept.

        Until then nobody opens those GPTs, not even an admin. Chats that are kept go when their GPT lets go of what
        is as old. Raises PeopleError, and StoreError where nobody would look after the others.
        """
        require_admin(by)
        if account.id == by.id:
            raise PeopleError("You can’t delete your own account.", "Ask another admin.", code="people.self")
        self._sign_ins.delete_of(account.id)
        self.accounts.delete(account.id)
        if to is not None:
            self._give_all(account, to)
        else:
            self.leaving.keep_private(account.id)
        if not keep_chats:
            self.forget_chats(account.id)
        self.leaving.forget(account.id)
        self.left(account.id)
        told = f"{account.shown} → {to.shown}" if to else account.shown
        self.deeds.add("account_deleted", by.id, by.shown, about=told)

    def sign_out(self, by: Account, account: Account) -> None:
        """Sign somebody out everywhere."""
        require_admin(by)
        self._sign_ins.delete_of(account.id)
        self.deeds.add("signed_out", by.id, by.shown, about=account.shown)
