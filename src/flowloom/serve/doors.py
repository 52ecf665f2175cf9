"""The doors beside the app’s own page: what answers people and programs who were not let into Flowloom itself.

Behind each of them a route has rules of its own: who may use what is published, or a key of an API.
"""

from collections.abc import Iterable
from typing import TYPE_CHECKING, NamedTuple

from starlette.types import Scope

if TYPE_CHECKING:
    from flowloom.store.accounts import Account

OWNER = "flowloom.owner"
"""In the scope of a call: whether the browser was let into Flowloom itself."""
PRESENT = "flowloom.present"
"""In the scope of a call to a team's app: who it is, and by which sign-in; None for a stranger."""
FRAMED_BY = "flowloom.framed_by"
"""In the scope of a call, set by its route: the sites that may show the answer inside a page of theirs."""


class Door(NamedTuple):
    """What begins with `path` is answered without the key of the app.

    `for_pages`: browsers use it with what they keep for our pages, so another site may lead to it but not call it.
    Otherwise each call brings a key of its own, which no other page has.
    """

    path: str
    for_pages: bool
    framed: bool = False
    """Whether other sites may be allowed to show it inside a page of theirs, or to load it."""

    def fits(self, path: str) -> bool:
        return path == self.path.rstrip("/") or path.startswith(self.path.rstrip("/") + "/")


PAGE = Door("/gpt/", for_pages=True)
STORE = Door("/store/", for_pages=True)
FRAME = Door("/embed/", for_pages=True, framed=True)
API = Door("/v1/", for_pages=False)
MCP = Door("/mcp/", for_pages=False)
AGENTS = Door("/a2a/", for_pages=False)
HOOKS = Door("/hooks/", for_pages=False)
COUNTS = Door("/metrics", for_pages=False)
LETTING_IN = tuple(
    Door(path, for_pages=False)
    for path in (
        "/.well-known/oauth-protected-resource",
        "/.well-known/oauth-authorization-server",
        *(f"/oauth/assistants/{each}" for each in ("register", "token", "revoke")),
    )
)
"""How programs are let in by OAuth; the page on which somebody is asked is the app’s own."""
DOORS = (PAGE, STORE, FRAME, API, MCP, AGENTS, HOOKS, COUNTS, *LETTING_IN)


def door_of(path: str, doors: Iterable[Door] = DOORS) -> Door | None:
    """The door a path leads through; None where it is the app’s own."""
    return next((door for door in doors if door.fits(path)), None)


def is_owner(scope: Scope) -> bool:
    """Whether a call comes from a browser that was let into Flowloom itself."""
    return bool(scope.get(OWNER))


def person_of(scope: Scope) -> "Account | None":
    """Who of a team calls; None for a stranger, and where there is no team."""
    present = scope.get(PRESENT)
    return present.account if present else None


def is_team(scope: Scope) -> bool:
    """Whether this is the app of a team, in which nobody is let in by the key of the app."""
    return PRESENT in scope
