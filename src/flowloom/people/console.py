"""The console of a workspace: its rules, kept, changed by admins, and asked wherever something is done."""

from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from flowloom.errors import NodeError
from flowloom.people.joining import require_admin
from flowloom.people.permissions import Action, Permissions
from flowloom.people.problems import PeopleError
from flowloom.store.accounts import Account, AccountStore
from flowloom.store.db import Database
from flowloom.store.deeds import DeedStore
from flowloom.store.group_use import GroupUse
from flowloom.store.owners import OwnerStore
from flowloom.store.retention import RetentionStore
from flowloom.store.workspace_settings import WorkspaceSettings

NAME = "permissions"
REFUSED: dict[Action, str] = {
    "build": "You can’t build GPTs in this workspace.",
    "publish": "You can’t share GPTs in this workspace.",
    "publish_outside": "You can’t share GPTs outside this workspace.",
    "bring_in": "You can’t bring GPTs from outside into this workspace.",
    "connect": "You can’t connect other computers in this workspace.",
}
ASK = "Ask an admin of this workspace."


class Ownerless(NamedTuple):
    """A GPT that nobody looks after; `before` is whose it was, where that account is still there."""

    flow: str
    before: str = ""


class Console:
    """What counts where there is a team. What nobody owns came before the team, or is an admin’s: no rule holds."""

    def __init__(self, db: Database, accounts: AccountStore, owners: OwnerStore, deeds: DeedStore) -> None:
        self.kept, self._accounts, self._owners, self._deeds = WorkspaceSettings(db), accounts, owners, deeds
        self.retention, self.use = RetentionStore(db), GroupUse(db)
        accounts.may_build = lambda account: self.permissions.may(account, "build")

    @property
    def permissions(self) -> Permissions:
        """The rules as they are now, also where another process changed them."""
        return _read(self.kept.get(NAME))

    def change(self, by: Account, permissions: Permissions) -> None:
        """Raises PeopleError for whoever is no admin."""
        require_admin(by)
        before = self.permissions
        changed = [name for name in Permissions.model_fields if getattr(before, name) != getattr(permissions, name)]
        if changed:
            self.kept.set(NAME, permissions.model_dump_json())
            self._deeds.add("rules_changed", by.id, by.shown, about=", ".join(changed))

    # -- asked where something is done

    def require(self, action: Action, account: Account | None = None) -> None:
        """Raises PeopleError where somebody, or else whoever is acting, may not do this."""
        who = account or self._owners.acting()
        if who is not None and not self.permissions.may(who, action):
            raise PeopleError(REFUSED[action], ASK, code=f"rules.{action}")

    def require_sharing(self, audience: str, flow_id: str) -> None:
        """The same for letting others use a GPT: it is its owner who shares it. Raises PeopleError."""
        account = self._owners.acting() or self.owner(flow_id)
        if account is None or audience == "me":
            return
        self.require("publish", account)
        if audience in ("link", "store"):
            self.require("publish_outside", account)

    def may_use(self, flow_id: str, model: str) -> bool:
        """Whether a GPT may ask a model."""
        account = self.owner(flow_id)
        return account is None or self.permissions.may_use(account, model)

    def require_host(self, flow_id: str, host: str) -> None:
        """Raises NodeError where a GPT may not reach a host; of an e-mail address, what follows the @."""
        account = self.owner(flow_id)
        if account is None or self.permissions.connect.holds(account):
            return
        for each in host.split(","):
            name = each.strip().rpartition("@")[2]
            if not self.permissions.may_reach(account, name):
                raise NodeError(
                    "This workspace doesn’t allow this GPT to reach {host}.",
                    "Use another block, or ask an admin of this workspace to add the host.",
                    code="rules.host",
                    host=name,
                )

    def owner(self, flow_id: str) -> Account | None:
        """Whose a GPT is; None for nobody’s. Of somebody who left, it is as of one in no group."""
        id = self._owners.of("gpt", flow_id) if flow_id else ""
        return (self._accounts.get(id) or Account(id, "", "", "builder", 0.0)) if id else None

    # -- what is kept how long

    def days_of(self, flow_id: str) -> int | None:
        """After how many days what was said to a GPT goes; None for never."""
        return self.retention.all().get(flow_id, self.permissions.keep_days)

    def keep(self, by: Account, flow_id: str, days: int | None, name: str) -> None:
        """Have a GPT keep what was said for so many days; None for as long as all others.

        Raises PeopleError for whoever is neither an admin nor its owner, and for an owner who wants it kept longer.
        """
        if self._owners.of("gpt", flow_id) != by.id:
            require_admin(by)
        usual = self.permissions.keep_days
        if days is not None and usual is not None and days > usual and not by.is_admin:
            raise PeopleError(
                "This workspace keeps conversations for {days} days at most.", ASK, code="rules.keep", days=usual
            )
        self.retention.set(flow_id, days)
        self._deeds.add("retention_changed", by.id, by.shown, about=f"{name}: {days or '–'}")

    # -- what nobody looks after

    def ownerless(self, flows: Sequence[str]) -> list[Ownerless]:
        """Those of these GPTs that are nobody’s, or of somebody who is not let in any more."""
        owners = self._owners.all("gpt")
        people = {each.id: each for each in self._accounts.all()}
        found = []
        for flow in flows:
            account = people.get(owners.get(flow, ""))
            if account is None or account.closed is not None:
                found.append(Ownerless(flow, account.shown if account else ""))
        return found


@lru_cache(8)
def _read(said: str) -> Permissions:
    return Permissions.model_validate_json(said) if said else Permissions()
