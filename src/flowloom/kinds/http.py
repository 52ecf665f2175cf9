"""Requests to other computers, and the connections that sign them."""

from typing import Protocol

from pydantic import Field

from flowloom.errors import HttpError
from flowloom.kinds.values import Value


class HttpRequest(Value):
    """A request to another computer; `body` is sent as it is."""

    method: str = "GET"
    url: str
    headers: dict[str, str] = Field(default_factory=dict)
    body: str = ""
    timeout: float = 30.0
    stays: bool = False
    """It may not be sent on to another server, as its address carries a key."""


class HttpReply(Value):
    """What the other computer answered; `text` is cut off at the size limit. `url` is where redirects led to."""

    status: int
    headers: dict[str, str] = Field(default_factory=dict)
    text: str = ""
    data: bytes = Field(default=b"", exclude=True, repr=False)
    """The bytes that `text` was read from."""
    url: str = ""
    """Where it came from in the end, after redirects."""


class Http(Protocol):
    """Guarded requests to other computers."""

    async def request(self, request: HttpRequest) -> HttpReply:
        """Send it and read the answer within the limits. Raises HttpError."""
        ...


class Connections(Protocol):
    """Where a person signed in, each connection good for one server."""

    async def request(self, connection: str, request: HttpRequest) -> HttpReply:
        """Send it with the key of a connection, to that one's server only. Raises HttpError and SecretError."""
        ...


class NoConnections:
    """Fulfils `Connections` where nobody signed in anywhere."""

    async def request(self, connection: str, request: HttpRequest) -> HttpReply:
        raise HttpError(
            "The account of this block isn’t set up here.",
            "Open the block and choose another, or add one in Settings → Accounts.",
            code="connection.missing",
        )
