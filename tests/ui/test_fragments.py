"""A fragment waits for the end of the page, and asks no longer than that takes."""

import asyncio
from types import SimpleNamespace
from typing import Any

import pytest
from streamlit.runtime.app_session import AppSession
from streamlit.runtime.scriptrunner_utils.script_requests import ScriptRequests, ScriptRequestType

from flowloom.ui import fragments


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    found: list[str] = []
    monkeypatch.setattr(AppSession, "request_rerun", lambda self, state: found.append(state.fragment_id))
    fragments.mend_fragments()
    return found


def session_in(state: ScriptRequestType) -> Any:
    requests = ScriptRequests()
    requests._state = state
    return SimpleNamespace(_scriptrunner=SimpleNamespace(_requests=requests))


def ask(session: Any, fragment: str) -> None:
    AppSession.request_rerun(session, SimpleNamespace(fragment_id=fragment))  # type: ignore[arg-type]


def test_a_fragment_waits_until_the_end_was_heard(asked: list[str]) -> None:
    async def visit() -> None:
        session = session_in(ScriptRequestType.STOP)
        ask(session, "f")
        assert asked == []
        session._scriptrunner = None
        await asyncio.sleep(3 * fragments.MOMENT)

    asyncio.run(visit())
    assert asked == ["f"]


@pytest.mark.parametrize(("state", "fragment"), [(ScriptRequestType.CONTINUE, "f"), (ScriptRequestType.STOP, "")])
def test_nothing_else_waits(asked: list[str], state: ScriptRequestType, fragment: str) -> None:
    ask(session_in(state), fragment)
    assert asked == [fragment]


def test_it_is_mended_once(asked: list[str]) -> None:
    mended = AppSession.request_rerun
    fragments.mend_fragments()
    assert AppSession.request_rerun is mended
    ask(session_in(ScriptRequestType.CONTINUE), "f")
    assert asked == ["f"]
