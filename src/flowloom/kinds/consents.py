"""What is about to leave for another computer, and the leave it needs."""

from collections.abc import Callable

from flowloom.kinds.values import Value


class Sending(Value):
    """Something about to leave for another computer: `to` is its host, `what` all that it gets, line by line."""

    to: str
    what: str
    opens_page: bool = False
    """It only asks for a page of the web."""


Permit = Callable[[Sending], None]
"""Returns where something may leave. Raises Waiting until a person has said so, NodeError where it may not."""


PICTURES_OF = "pictures:"
"""Before a host: that answers may show its pictures."""
ANY_ADDRESS = "any web address"
"""What a block names as its host that opens pages whose address it is given."""
ANY_RECIPIENT = "email"
"""What a block names as its host that writes to addresses it is given."""
ANY_PAGE = "*"
"""The host of all pages that are only read."""
