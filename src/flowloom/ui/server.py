"""The app as a server: the pages, and the routes the canvas speaks to."""

import logging
import tomllib
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from functools import cache
from pathlib import Path
from typing import Any

import streamlit as st
from starlette.middleware import Middleware
from starlette.routing import BaseRoute

from flowloom.errors import FlowloomError, Problem
from flowloom.serve.access import KEY, Access
from flowloom.serve.away import away_routes
from flowloom.serve.doors import DOORS
from flowloom.serve.draining import Draining
from flowloom.serve.first_visit import FirstVisit, has_screen, open_browser
from flowloom.serve.host_names import own_names
from flowloom.serve.late_routes import LateRoutes
from flowloom.serve.leaving import leave_with_the_server
from flowloom.serve.logs import wants_json, write_json_logs
from flowloom.serve.meters import METERS, Measured
from flowloom.serve.oauth import CALLBACK, oauth_routes
from flowloom.serve.operations import PROBES, operation_routes
from flowloom.serve.sending import send_at_once
from flowloom.serve.session_key import LIFETIME, SessionKey, session_key
from flowloom.services.disk_failures import disk_problem
from flowloom.services.files import home_folder
from flowloom.ui import early_imports
from flowloom.ui.canvas import asset_routes
from flowloom.ui.component_scan import skip_component_scan
from flowloom.ui.fragments import mend_fragments

log = logging.getLogger(__name__)
# Not beside `pages/`, which Streamlit would take for pages of its own making.
MAIN = Path(__file__).parent / "script" / "main.py"


LOCKED = {"client.allowedOrigins": [], "server.enableAgentApi": False, "logger.enableRich": False}
"""Settings of Streamlit that hold whatever a file says: nobody messages the page, nothing else drives it, and what
it logs goes through its logger, which keeps to what the page does not explain."""


def app_parts(hosts: Iterable[str] = (), opens_browser: bool = False, team: bool = False) -> dict[str, Any]:
    """What `st.App` is made of: the script, our routes, the guard, and what a person sees when a page fails.

    `hosts` are names beside those of this computer; `opens_browser` shows the app once it answers; in the app of a
    `team`, people sign in.
    Raises HostNameError where one is none.
    """
    mend_fragments()
    skip_component_scan()
    leave_with_the_server()
    send_at_once()
    hush_explained()
    if wants_json():
        write_json_logs(_without_secrets())
    names = own_names(hosts)
    visit = FirstVisit() if opens_browser and has_screen() and not team else None
    guard = _own_guard(names, visit)
    routes, lifespan = _routes(), _lifespan(names, visit)
    if team:
        from flowloom.ui import team_server  # nobody else waits for it

        guard, lifespan = team_server.guard(names), team_server.lifespan(names, lock_settings)
        routes = [*team_server.routes(), *routes]
    return {
        "script_path": str(MAIN.resolve()),
        "routes": routes,
        # Streamlit puts these around its own, so that the guard sees every request and websocket first; what it
        # refuses is counted as well.
        "middleware": [Middleware(Measured, meters=METERS), guard, Middleware(Draining)],
        "lifespan": lifespan,
        "on_script_error": apologise,
    }


def _own_guard(names: frozenset[str], visit: FirstVisit | None) -> Middleware:
    return Middleware(
        Access, find_key=_key, names=names, open_paths=(CALLBACK,), first_visit=visit, doors=DOORS, probes=PROBES
    )


def _routes() -> list[BaseRoute]:
    return [
        LateRoutes("/flows/", _of_flows),
        LateRoutes("/hooks/", _of_hooks),
        LateRoutes("/gpt/", _of_pages),
        LateRoutes("/store", _of_store),
        LateRoutes("/embed/", _of_embeds),
        LateRoutes("/v1/", _of_api),
        LateRoutes("/mcp", _of_mcp),
        LateRoutes("/a2a/", _of_agents),
        LateRoutes("/.well-known/oauth-", _of_assistants),
        LateRoutes("/oauth/assistants/", _of_assistants),
        *operation_routes(),
        *oauth_routes(),
        *away_routes(),
        *asset_routes(),
    ]


def _of_flows() -> list[BaseRoute]:
    early_imports.wait()
    from flowloom.serve.backups import backup_routes
    from flowloom.serve.documents import document_routes
    from flowloom.serve.editor import editor_routes
    from flowloom.serve.uploads import upload_routes

    return [*editor_routes(), *document_routes(), *upload_routes(), *backup_routes()]


def _of_api() -> list[BaseRoute]:
    early_imports.wait()
    from flowloom.serve.api.routes import api_routes

    return api_routes()


def _of_mcp() -> list[BaseRoute]:
    early_imports.wait()
    from flowloom.serve.mcp_tools import mcp_routes

    return mcp_routes()


def _of_agents() -> list[BaseRoute]:
    early_imports.wait()
    from flowloom.serve.agents import agent_routes

    return agent_routes()


@cache
def _of_assistants() -> list[BaseRoute]:
    early_imports.wait()
    from flowloom.serve.assistants.routes import assistant_routes

    return assistant_routes()


def _of_hooks() -> list[BaseRoute]:
    early_imports.wait()
    from flowloom.serve.hooks import hook_routes
    from flowloom.serve.store.purchases import payment_routes

    return [*hook_routes(), *payment_routes()]


def _of_pages() -> list[BaseRoute]:
    early_imports.wait()
    from flowloom.serve.page.routes import page_routes

    return page_routes()


def _of_store() -> list[BaseRoute]:
    early_imports.wait()
    from flowloom.serve.store.routes import store_routes

    return store_routes()


def _of_embeds() -> list[BaseRoute]:
    early_imports.wait()
    from flowloom.serve.embed import embed_routes

    return embed_routes()


def make_app(hosts: Iterable[str] = (), opens_browser: bool = False, team: bool = False) -> st.App:
    """The ASGI app of pages and routes."""
    return st.App(**app_parts(hosts, opens_browser, team))


def _without_secrets() -> Callable[[str], str]:
    """Hides the keys kept here, and the one of the app, in a text."""
    from flowloom.services.secrets import SecretStore, scrub

    kept = SecretStore(home_folder())
    return lambda text: scrub(text, [*kept.values(), _key().value])


@cache
def _key() -> SessionKey:
    return session_key(home_folder())


def lock_settings() -> None:
    """Set Streamlit's settings that are not a file's to choose."""
    from streamlit import config

    for option, value in LOCKED.items():
        config.set_option(option, value)


def _lifespan(names: frozenset[str], visit: FirstVisit | None) -> Any:
    @asynccontextmanager
    async def begin(app: st.App) -> AsyncIterator[None]:
        from streamlit import config

        lock_settings()
        port = int(config.get_option("server.port"))
        print(greeting(port, _key(), names), flush=True)
        if visit is not None:
            open_browser(f"http://localhost:{port}/?{KEY}={visit.value}", port)
        early_imports.begin()
        yield

    return begin


def greeting(port: int, key: SessionKey, names: Iterable[str] = ()) -> str:
    """What the terminal says once the app answers: the addresses that let a browser in."""
    days = LIFETIME // 86_400
    others = "".join(f"    https://{name}/?{KEY}={key.value}\n" for name in sorted(names))
    through = f"\n  or, where your own web server leads here:\n\n{others}" if others else ""
    return (
        "\n  Flowloom is ready. Open this address in your browser:\n\n"
        f"    http://localhost:{port}/?{KEY}={key.value}\n{through}\n"
        f"  It lets that browser in for {days} days after its last visit. Keep it to yourself.\n"
    )


def options() -> dict[str, Any]:
    """Streamlit's settings as `section.name`: those of `.streamlit/config.toml`, which a package carries along."""
    package = Path(__file__).parent
    installed = package / "config.toml"
    file = installed if installed.is_file() else package.parents[2] / ".streamlit" / "config.toml"
    return _flat(tomllib.loads(file.read_text("utf-8")))


def _flat(settings: dict[str, Any], section: str = "") -> dict[str, Any]:
    found = {}
    for name, value in settings.items():
        found.update(_flat(value, f"{section}{name}.") if isinstance(value, dict) else {section + name: value})
    return found


def problem_behind(error: BaseException) -> Problem | None:
    """What the page says of a failure in plain words; None where nobody foresaw it."""
    return error.problem if isinstance(error, FlowloomError) else disk_problem(error)


def is_news(record: logging.LogRecord) -> bool:
    """Whether the terminal has to show it: not the traceback of what the page explains."""
    error = record.exc_info[1] if record.exc_info else None
    problem = problem_behind(error) if error else None
    if problem is None:
        return True
    log.warning("%s", problem.describe().message)
    return False


def hush_explained() -> None:
    """Streamlit logs the traceback of every failure before it asks what the page should say."""
    logging.getLogger("streamlit.error_util").addFilter(is_news)


def apologise(error: Exception) -> bool:
    """Keep the traceback for the log and show the person a sentence; True tells Streamlit it was shown."""
    from flowloom.ui.messages import show_problem
    from flowloom.ui.session import t

    problem = problem_behind(error)
    if problem:
        show_problem(problem)
        return True
    # Streamlit has logged the traceback by now.
    st.error(
        t("Something went wrong. Your GPTs are saved.")
        + " "
        + t("Reload the page. If it happens again, look at Flowloom’s log."),
        icon=":material/sentiment_dissatisfied:",
    )
    return True
