"""A fragment that asks to be drawn just as the page has ended waits until Streamlit has heard that end.

Otherwise Streamlit starts anew for the fragment and never tells the browser that the page is whole, and what the
page had replaced stays beside it until the next click (streamlit/streamlit#9921).
"""

import asyncio
from typing import Any

from streamlit.runtime.app_session import AppSession
from streamlit.runtime.scriptrunner_utils.script_requests import ScriptRequestType

MOMENT = 0.02
"""Seconds until a fragment asks again."""
TRIES = 100


def mend_fragments() -> None:
    """Once for the process. Where Streamlit is built otherwise than we know it, it stays as it is."""
    ask = AppSession.request_rerun
    if getattr(ask, "is_mended", False):
        return

    def request_rerun(self: AppSession, client_state: Any, tries: int = TRIES) -> None:
        if tries and client_state and client_state.fragment_id and _has_just_ended(self):
            asyncio.get_running_loop().call_later(MOMENT, request_rerun, self, client_state, tries - 1)
        else:
            ask(self, client_state)

    request_rerun.is_mended = True  # type: ignore[attr-defined]
    AppSession.request_rerun = request_rerun  # type: ignore[method-assign]


def _has_just_ended(session: AppSession) -> bool:
    requests = getattr(getattr(session, "_scriptrunner", None), "_requests", None)
    return getattr(requests, "_state", None) == ScriptRequestType.STOP
