"""Who of a team may build, publish, use which models, reach which hosts and bring in GPTs from outside."""

from collections.abc import Iterable
from typing import Literal, get_args

from pydantic import BaseModel, ConfigDict, Field

from flowloom.store.accounts import Account

Action = Literal["build", "publish", "publish_outside", "bring_in", "connect"]
ACTIONS: tuple[Action, ...] = get_args(Action)
LONGEST_KEPT = 3_650
"""Days."""


class Who(BaseModel):
    """Those of certain groups, or everybody; admins always."""

    model_config = ConfigDict(frozen=True)

    groups: tuple[str, ...] | None = None
    """None for everybody."""

    def holds(self, account: Account) -> bool:
        return account.is_admin or self.groups is None or not set(self.groups).isdisjoint(account.groups)


EVERYBODY = Who()


class Permissions(BaseModel):
    """The rules of a workspace; at first everybody may what their role allows."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    build: Who = EVERYBODY
    """Which builders may build."""
    publish: Who = EVERYBODY
    """Who may share with others in the workspace."""
    publish_outside: Who = EVERYBODY
    """Who may share with anyone: by an address, in the store, with programs."""
    bring_in: Who = EVERYBODY
    """Who may take in GPTs from outside: files, capsules, other stores."""
    connect: Who = EVERYBODY
    """Whose GPTs may reach any host, beside `hosts`."""
    hosts: tuple[str, ...] = ()
    """Hosts that everybody’s GPTs may reach."""
    models: dict[str, Who] = {}
    """By `provider/model`, or a provider for all of its models. What is not here is for everybody."""
    store_is_open: bool = True
    """Whether anyone may visit the store and chat with what is in it, or only people with an account."""
    keep_days: int | None = Field(None, ge=1, le=LONGEST_KEPT)
    """After how many days conversations and runs go, where a GPT has no number of its own; None for never."""

    def may(self, account: Account, action: Action) -> bool:
        who: Who = getattr(self, action)
        return who.holds(account)

    def may_use(self, account: Account, model: str) -> bool:
        """Whether somebody’s GPTs may ask a `provider/model`: its own rule, and that of its provider."""
        rules = (self.models.get(model), self.models.get(model.partition("/")[0]))
        return all(rule.holds(account) for rule in rules if rule)

    def may_reach(self, account: Account, host: str) -> bool:
        """Whether somebody’s GPTs may reach a host, given with its port or without."""
        return self.connect.holds(account) or is_listed(host, self.hosts)


def is_listed(host: str, listed: Iterable[str]) -> bool:
    """Whether a host is one of these, or below one written as `*.example.org`."""
    names = {host.lower(), host.lower().rpartition(":")[0] or host.lower()}
    return any(
        each in names or (each.startswith("*.") and any(name.endswith(each[1:]) for name in names))
        for each in map(str.lower, listed)
    )
