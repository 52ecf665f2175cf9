"""Who may call: each call brings a key of its own, and is told in the API’s shape what is wrong.

A key is asked for before a body is read; the cookie of the app opens nothing here.
"""

import asyncio
import json
import logging
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

from anyio import CapacityLimiter, to_thread
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from flowloom.api_keys import may
from flowloom.errors import FlowloomError, Problem
from flowloom.publishing import Published, PublishError
from flowloom.serve.api.errors import ApiError, api_error, outward, refusal
from flowloom.serve.api.following import RunFeed
from flowloom.serve.api.left_runs import take_up_left
from flowloom.serve.declared_size import declared_size
from flowloom.services.disk_failures import disk_problem
from flowloom.store.api_keys import ApiKey
from flowloom.store.api_keys import Scope as KeyScope
from flowloom.visits.visitors import Caller
from flowloom.workspace import Workspace

if TYPE_CHECKING:
    from flowloom.store.accounts import Account

log = logging.getLogger("flowloom.api")
Json = dict[str, Any]
P = ParamSpec("P")
T = TypeVar("T")

MOST_BYTES = 32_000_000
"""Of a body; a file in Base64 takes a third more than by itself."""
BODY_SECONDS = 60.0
"""Within which a body has to be there."""
LARGE = 200_000
"""Bytes of a body from which on it is read in a thread, so that others are answered meanwhile."""
MISTAKES = (400, 404, 409)
"""What a program got wrong, which nobody but its author needs to look into."""
AT_ONCE_BY_ONE_KEY = 200
AT_ONCE = 1_000
"""Calls that are answered at the same time."""


@dataclass
class ApiHome:
    """What all calls share. `find` gives the workspace, which is opened with the first call."""

    find: Callable[[], Workspace]
    busy: Counter[str] = field(default_factory=Counter)
    # Threads of its own, so that a flood of calls leaves those of the pages alone. The database takes one
    # statement at a time, so more threads would only wait.
    threads: CapacityLimiter = field(default_factory=lambda: CapacityLimiter(8))
    _feed: RunFeed | None = None

    def open(self) -> Workspace:
        """The workspace; with the first call it is looked after the runs of an earlier process."""
        home = self.find()
        if self._feed is None or self._feed.runner is not home.runner:
            self._feed = RunFeed(home.runner)
            take_up_left(home)
        return home

    @property
    def feed(self) -> RunFeed:
        assert self._feed is not None
        return self._feed

    async def in_thread(self, function: Callable[P, T], *values: P.args, **named: P.kwargs) -> T:
        return await to_thread.run_sync(partial(function, *values, **named), limiter=self.threads)

    @contextmanager
    def counted(self, key: ApiKey) -> Iterator[None]:
        """Count a call as being answered. Raises ApiError where there are too many."""
        if self.busy[key.id] >= AT_ONCE_BY_ONE_KEY or self.busy.total() >= AT_ONCE:
            raise ApiError.of(429, BUSY, **{"Retry-After": "1"})
        self.busy[key.id] += 1
        try:
            yield
        finally:
            self.busy[key.id] -= 1
            if not self.busy[key.id]:
                del self.busy[key.id]


@dataclass
class Call:
    """A call whose key opens what it asks for."""

    api: ApiHome
    home: Workspace
    key: ApiKey
    request: Request

    @property
    def person(self) -> "Account | None":
        """Who of a team is asked for by a program that they let in; None for whom a key says nothing of."""
        return self.home.team.accounts.get(self.key.account) if self.key.account else None

    async def json(self) -> Json:
        """The object that the body holds. Raises ApiError."""
        raw = await _body(self.request)
        found = _read(raw) if len(raw) < LARGE else await self.api.in_thread(_read, raw)
        if not isinstance(found, dict):
            raise ApiError.of(400, NO_JSON)
        return found

    def published(self, slug: Any, scope: KeyScope) -> Published:
        """The GPT of this name, if the key opens it for this. Raises ApiError."""
        if not isinstance(slug, str) or not slug:
            raise ApiError.of(400, NO_MODEL, "model")
        try:
            found = self.home.publications.find(slug)
        except PublishError:
            found = None
        if found is None or not self.opens(found, scope):
            # Of what a key does not open it is not told whether it is there.
            name = slug if len(slug) <= 80 else slug[:79] + "…"
            raise ApiError.of(404, Problem.of(UNKNOWN.code, UNKNOWN.message, UNKNOWN.hint, name=name), "model")
        return found

    def opens(self, found: Published, scope: KeyScope) -> bool:
        """Whether the key does, and whoever let a program in may still use the GPT."""
        if not may(self.key, scope, found.publication.flow):
            return False
        return not self.key.account or self.home.visits.may_use(found, Caller(account=self.person))


Handler = Callable[[Call], Awaitable[Response]]


class Endpoint:
    """A route as an ASGI app: the key first, then the handler, whose answer counts until it is sent."""

    def __init__(
        self,
        api: ApiHome,
        scope: KeyScope | None,
        handler: Handler,
        challenge: Callable[[Request], str] = lambda request: "Bearer",
    ) -> None:
        """`challenge` is what a call without a good key is told of how to get one."""
        self._api, self._scope, self._handler, self._challenge = api, scope, handler, challenge

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive, send)
        started, key = False, None

        async def note_start(message: Any) -> None:
            nonlocal started
            started = True
            await send(message)

        try:
            key, home = await self._api.in_thread(self._open, _bearer(request))
            with self._api.counted(key):
                response = await self._handler(Call(self._api, home, key, request))
                await response(scope, receive, note_start)
        except ClientDisconnect:
            return
        except (FlowloomError, OSError) as error:
            problem = None if isinstance(error, FlowloomError) else disk_problem(error)
            if started or (problem is None and not isinstance(error, FlowloomError)):
                raise
            refused = ApiError.of(503, outward(problem)) if problem else api_error(error)  # type: ignore[arg-type]
            if refused.status == HTTPStatus.UNAUTHORIZED:
                refused.headers = {"WWW-Authenticate": self._challenge(request)}
            _note(refused, key, request)
            await refusal(refused, request)(scope, receive, send)

    def _open(self, plain: str) -> tuple[ApiKey, Workspace]:
        home = self._api.open()
        key = home.api_keys.open(plain)
        if self._scope and not may(key, self._scope):
            raise ApiError.of(403, NOT_ALLOWED.model_copy(update={"params": {"scope": self._scope}}))
        return key, home


def _bearer(request: Request) -> str:
    given = request.headers.getlist("authorization")
    kind, _, plain = given[0].partition(" ") if len(given) == 1 else ("", "", "")
    return plain.strip()[:200] if kind.lower() == "bearer" else ""


def _note(error: ApiError, key: ApiKey | None, request: Request) -> None:
    """One line for each refused call, without what was sent."""
    who = key.id[:8] if key else "-"
    told = log.info if error.status in MISTAKES else log.warning
    told("refused %s %s: %d %s (key %s)", request.method, _route(request), error.status, error.problem.code, who)


def _route(request: Request) -> str:
    """The path without what a caller made up."""
    route = request.scope.get("route")
    return str(getattr(route, "path", "?"))


async def _body(request: Request) -> bytes:
    """The body. Raises ApiError where it is too large or too slow, ClientDisconnect."""
    if declared_size(request) > MOST_BYTES:
        raise ApiError.of(413, TOO_LARGE)
    pieces, size = [], 0
    try:
        async with asyncio.timeout(BODY_SECONDS):
            async for piece in request.stream():
                size += len(piece)
                if size > MOST_BYTES:
                    raise ApiError.of(413, TOO_LARGE)
                pieces.append(piece)
    except TimeoutError:
        raise ApiError.of(408, TOO_SLOW) from None
    return b"".join(pieces)


def _read(raw: bytes) -> Any:
    try:
        found = json.loads(raw)
        if b"\\ud" in raw or b"\\uD" in raw:
            # Half of a character can be written in JSON, and nowhere else.
            json.dumps(found, ensure_ascii=False).encode()
    except (ValueError, RecursionError):
        return None
    return found


BUSY = Problem.of("api.busy", "Too many calls are being answered at the moment.", "Wait a moment and try again.")
NO_JSON = Problem.of(
    "api.json", "The body of this call isn’t a JSON object.", "Send JSON, as in the examples of the guide."
)
NO_MODEL = Problem.of("api.model", "The call doesn’t say which GPT it is for.", "Put its name into “model”.")
UNKNOWN = Problem.of(
    "model_not_found",
    "There is no GPT “{name}” for this key.",
    "Check the name: it is the last part of its address. The list under /v1/models shows which this key opens.",
)
NOT_ALLOWED = Problem.of(
    "api.scope",
    "This key may not be used for this (“{scope}”).",
    "Ask whoever gave you the key for one that may.",
)
TOO_LARGE = Problem.of("api.large", "This call is larger than 32 MB.", "Send fewer or smaller files.")
TOO_SLOW = Problem.of("api.slow", "The body of this call took too long to arrive.", "Try again.")
