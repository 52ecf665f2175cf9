"""What belongs to whom: who may open it, whose preferences count, and what goes when somebody leaves."""

import shutil
from collections.abc import Callable, Sequence
from pathlib import Path

from flowloom.people.console import Ownerless
from flowloom.people.team import Team
from flowloom.services.connections.signing import ConnectionKeeper
from flowloom.services.custom_instructions import load_custom_instructions
from flowloom.services.knowledge.shared import SharedBases
from flowloom.store.accounts import Account
from flowloom.store.flows import FlowStore
from flowloom.store.runs import RunStore


class Belongings:
    """What is made belongs to whoever makes it; nothing of this is asked where there is no team."""

    def __init__(
        self,
        home: Path,
        team: Team,
        flows: FlowStore,
        runs: RunStore,
        shared: SharedBases,
        connections: ConnectionKeeper,
        end: Callable[[Sequence[str]], object],
    ) -> None:
        """`end` ends runs."""
        self._home, self._team, self._flows = home, team, flows
        self._shared, self._connections, self._end = shared, connections, end
        owners = team.owners
        runs.owner_of = lambda flow_id: owners.of("gpt", flow_id)
        flows.begun = lambda flow_id: owners.begun("gpt", flow_id)
        flows.going, flows.seen_by = self._note_deletion, self.gpts_of_whoever_acts
        team.joining.first = self._give_all_to
        team.forget_chats, team.left = self._forget_chats_of, self._forget_whoever_left

    def gpts_of_whoever_acts(self) -> Callable[[str], bool]:
        """Which GPTs whoever is acting may open; all where there is no team."""
        account = self._team.owners.acting()
        return self._team.those_of(account, "gpt") if account else lambda flow_id: True

    def folder_of(self, account: str) -> Path:
        """Where the preferences of somebody are kept; of whoever runs the app where there is no team."""
        return self._home / "people" / account if account else self._home

    def may_search(self, flow_id: str, base: str) -> bool:
        """A GPT searches what is its owner’s, and what is nobody’s in particular."""
        owners = self._team.owners
        return owners.of("base", base) in ("", owners.of("gpt", flow_id))

    def custom_instructions(self, flow_id: str) -> str:
        return load_custom_instructions(self.folder_of(self._team.owners.of("gpt", flow_id))).told

    def ownerless(self) -> list[tuple[Ownerless, str]]:
        """The GPTs that nobody looks after, each with its name."""
        names = {entry.id: entry.name for entry in self._flows.entries()}
        return [(each, names[each.flow]) for each in self._team.console.ownerless(list(names))]

    def name_of_account(self, id: str) -> str:
        found = self._team.accounts.get(id)
        return found.shown if found else id

    def _give_all_to(self, account: Account) -> None:
        """What was here before the team is its first admin’s."""
        for entry in self._flows.entries():
            self._team.owners.give("gpt", entry.id, account.id)
        for base in self._shared.all():
            self._team.owners.give("base", base.id, account.id)
        for connection in self._connections.settings.connections:
            self._team.owners.give("connection", connection.id, account.id)

    def _note_deletion(self, flow_id: str) -> None:
        if self._team.owners.acting():
            name = next((entry.name for entry in self._flows.entries() if entry.id == flow_id), "")
            self._team.note("gpt_deleted", name or flow_id)

    def _forget_chats_of(self, account: str) -> None:
        """Let go of all that somebody said to GPTs; what runs there ends first."""
        for conversation in self._team.leaving.conversations(account):
            self._end(self._team.leaving.runs_of(conversation))
            self._team.leaving.delete(conversation)

    def _forget_whoever_left(self, account: str) -> None:
        """Let go of their accounts at other services, which nobody else may use, and of what they preferred."""
        for connection in self._team.owners.of_account("connection", account):
            self._connections.delete(connection)
        shutil.rmtree(self.folder_of(account), ignore_errors=True)
