"""Routes whose modules are imported with the first request for one of them, so that the app answers sooner."""

from collections.abc import Callable, Sequence
from functools import cached_property
from threading import Lock

from starlette.concurrency import run_in_threadpool
from starlette.routing import BaseRoute, Match, Router
from starlette.types import Receive, Scope, Send


class LateRoutes(BaseRoute):
    """All routes below a path, such as `/flows/`; `make` gives them, with their whole paths."""

    def __init__(self, below: str, make: Callable[[], Sequence[BaseRoute]]) -> None:
        self._below, self._make, self._lock = below, make, Lock()
        self._made: Router | None = None

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        fits = scope["type"] == "http" and scope["path"].startswith(self._below)
        return (Match.FULL if fits else Match.NONE), {}

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        # A thread may import while the others are served.
        router = self._made if self._made is not None else await run_in_threadpool(self._find)
        await router(scope, receive, send)

    @property
    def routes(self) -> list[BaseRoute]:
        return self._find().routes

    def _find(self) -> Router:
        with self._lock:
            self._made = self._router
            return self._made

    @cached_property
    def _router(self) -> Router:
        return Router(list(self._make()))
