"""The app as a server: the pages, and the routes the canvas speaks to."""

import logging
import tomllib
from pathlib import Path
from typing import Any

import streamlit as st
from starlette.middleware import Middleware

from flowloom.serve.editor import editor_routes
from flowloom.serve.leaving import leave_with_the_server
from flowloom.serve.oauth import oauth_routes
from flowloom.serve.policy import PicturesFromHere
from flowloom.ui.canvas import asset_routes
from flowloom.ui.fragments import mend_fragments

log = logging.getLogger(__name__)
# Not beside `pages/`, which Streamlit would take for pages of its own making.
MAIN = Path(__file__).parent / "script" / "main.py"


def app_parts() -> dict[str, Any]:
    """What `st.App` is made of: the script, our routes, and what the person sees when a page fails."""
    mend_fragments()
    leave_with_the_server()
    return {
        "script_path": str(MAIN.resolve()),
        "routes": [*editor_routes(), *oauth_routes(), *asset_routes()],
        "middleware": [Middleware(PicturesFromHere)],
        "on_script_error": apologise,
    }


def make_app() -> st.App:
    """The ASGI app of pages and routes."""
    return st.App(**app_parts())


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


def apologise(error: Exception) -> bool:
    """Keep the traceback for the log and show the person a sentence; True tells Streamlit it was shown."""
    from flowloom.errors import FlowloomError
    from flowloom.store.failures import disk_problem
    from flowloom.ui.session import t
    from flowloom.ui.speech import show_problem

    problem = error.problem if isinstance(error, FlowloomError) else disk_problem(error)
    if problem:
        show_problem(problem)
        return True
    log.error("A page failed", exc_info=error)
    st.error(
        t("Something went wrong here. Your GPTs are saved.")
        + " "
        + t("Reload the page; if it happens again, look at the log of the program."),
        icon=":material/sentiment_dissatisfied:",
    )
    return True
