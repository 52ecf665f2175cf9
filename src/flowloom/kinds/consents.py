"""What a person allows to leave for other computers."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol

from flowloom.kinds.values import Value

if TYPE_CHECKING:
    from flowloom.kinds.services import Services


class Sending(Value):
    """Something about to leave for another computer: `to` is its host, `what` all that it gets, line by line."""

    to: str
    what: str
    opens_page: bool = False
    """It only asks for a page of the web."""


Permit = Callable[[Sending], None]
"""Returns where something may leave. Raises Waiting until a person has said so, NodeError where it may not."""


class Consents(Protocol):
    """Which hosts a person lets a GPT send to."""

    def verdict(self, sending: Sending) -> bool | None:
        """What they said once for all; None where they have to be asked."""
        ...

    def keep(self, host: str, allowed: bool) -> None:
        """Remember it for all runs to come. ANY_PAGE is the host of all pages that are only read."""
        ...

    def watch(self, services: "Services", permit: Permit) -> "Services":
        """The same outside world, in which nothing is sent without a permit."""
        ...


ANY_PAGE = "*"


class NoConsents:
    """Fulfils `Consents` where everything may leave."""

    def verdict(self, sending: Sending) -> bool | None:
        return True

    def keep(self, host: str, allowed: bool) -> None:
        """Keeps nothing."""

    def watch(self, services: "Services", permit: Permit) -> "Services":
        return services
