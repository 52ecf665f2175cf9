"""What each GPT may spend, and which models and computers the rules of its workspace let it use."""

from collections.abc import Callable

from flowloom.kinds.consents import Permit
from flowloom.people.team import Team
from flowloom.services.models.settings import ModelSettings
from flowloom.spending import BUILDING, KeyPurse, Pending, Purse
from flowloom.store.api_keys import ApiKeyStore
from flowloom.store.runs import API, MCP, Guest
from flowloom.store.spending import SpendingStore


class Allowances:
    """Asked before every call to a model, and before anything is sent. Safe to use from several threads."""

    def __init__(
        self, spending: SpendingStore, settings: Callable[[], ModelSettings], keys: ApiKeyStore, team: Team
    ) -> None:
        self._spending, self._settings, self._keys, self._team = spending, settings, keys, team
        self._pending = Pending()

    def purse_of(self, flow_id: str) -> Purse:
        """What a GPT may still spend."""
        return Purse(self._spending, self._settings, flow_id, self._pending, self._may_use(flow_id))

    def purse_for(self, flow_id: str, guest: Guest) -> Purse:
        """The same where somebody else may ask it, a program with its key among them."""
        if guest.via not in (API, MCP):
            return self.purse_of(flow_id)
        key, may_use = guest.visitor.partition("/")[0], self._may_use(flow_id)
        return KeyPurse(
            self._spending, self._settings, flow_id, self._keys, key, pending=self._pending, may_use=may_use
        )

    def permit(self, flow_id: str) -> Permit | None:
        """What the rules of the workspace say to all that a GPT sends; None where it may reach any host."""
        console = self._team.console
        owner = console.owner(flow_id)
        if owner is None or console.permissions.connect.holds(owner):
            return None
        return lambda sending: console.require_host(flow_id, sending.to)

    def _may_use(self, flow_id: str) -> Callable[[str], bool]:
        """Which models the rules of the workspace let a GPT ask, or whoever describes one that is not there yet."""
        console = self._team.console
        if flow_id == BUILDING:  # Asked later, in a thread that is nobody’s.
            builder = self._team.owners.acting()
            return lambda model: builder is None or console.permissions.may_use(builder, model)
        return lambda model: console.may_use(flow_id, model)
