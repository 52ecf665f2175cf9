"""The parts of the server that only the app of a team has: its guard, its routes, and what the terminal says."""

from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import streamlit as st
from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware
from starlette.routing import BaseRoute

from flowloom.serve.doors import DOORS
from flowloom.serve.oauth import CALLBACK
from flowloom.serve.operations import PROBES
from flowloom.serve.team.guard import TeamAccess
from flowloom.serve.team.routes import team_routes
from flowloom.ui import early_imports

if TYPE_CHECKING:
    from flowloom.people.team import Team
    from flowloom.workspace import Workspace


def guard(names: frozenset[str]) -> Middleware:
    """Who is let in where."""

    def find_team() -> "Team":
        return _workspace().team

    return Middleware(
        TeamAccess, find_team=find_team, names=names, open_paths=(CALLBACK,), doors=DOORS, probes=PROBES
    )


def _workspace() -> "Workspace":
    early_imports.wait()
    from flowloom.workspace import workspace

    return workspace()


def routes() -> list[BaseRoute]:
    """By which people come in and go. Raises OpenIdError."""
    return team_routes(_workspace)


def lifespan(names: frozenset[str], lock_settings: Callable[[], None]) -> Any:
    """Has every page belong to somebody before the first is shown."""

    @asynccontextmanager
    async def begin(app: st.App) -> AsyncIterator[None]:
        from streamlit import config

        lock_settings()
        port = int(config.get_option("server.port"))
        early_imports.begin()
        code = await run_in_threadpool(_begin_team)
        print(greeting(port, names, code), flush=True)
        yield

    return begin


def _begin_team() -> str:
    """Have every page belong to somebody; a code where nobody has an account yet."""
    home = _workspace()
    from flowloom.ui.acting import begin_team

    begin_team(home)
    home.team.deeds.forget_old()
    return "" if home.team.joining.is_set_up() else home.team.joining.new_code()


def greeting(port: int, names: Iterable[str], code: str) -> str:
    """What the terminal says once the app of a team answers, with the code that makes the first account."""
    addresses = "".join(f"    https://{name}/\n" for name in sorted(names))
    told = f"\n  Flowloom is ready for your team:\n\n    http://localhost:{port}/\n{addresses}"
    if not code:
        return told
    return f"{told}\n  Nobody has an account yet. Open it and make yours with this set-up code:\n\n    {code}\n"
