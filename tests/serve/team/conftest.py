"""The whole app of a team, with one of each kind of person in it; each has a browser of their own."""

from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

import pytest
from argon2 import PasswordHasher
from starlette.applications import Starlette
from starlette.testclient import TestClient
from streamlit.runtime import Runtime

from flowloom.flow.model import Flow
from flowloom.people import passwords
from flowloom.people.sessions import Place
from flowloom.store.accounts import Account
from flowloom.store.publications import Audience, Terms
from flowloom.ui import acting, server
from flowloom.workspace import Workspace, workspace
from tests.test_consents import made

HERE = "http://localhost:8501"
PASSWORD = "a kite over the harbour"
COOKIE = "flowloom-team-8501"
OUR_PAGE = {"origin": HERE}
SOCKET = "ws://localhost:8501/_stcore/stream"
"""With its host, which the test client would make up."""
ROLES = {"admin": "admin", "ben": "builder", "other": "builder", "member": "member", "pupil": "member"}
"""Who is in the team. `ben` built the GPTs; `pupil` is in the group `pupils`."""


@cache
def _cheap() -> PasswordHasher:
    return PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


class School(NamedTuple):
    """A team and its app."""

    app: Starlette
    home: Workspace
    people: dict[str, Account]
    tokens: dict[str, str]
    gpts: dict[str, Flow]

    def browser(self, who: str = "") -> TestClient:
        """The browser of one of them, or of a stranger."""
        client = TestClient(self.app, base_url=HERE, follow_redirects=False)
        if who:
            client.cookies.set(COOKIE, self.tokens[who])
        return client


@pytest.fixture(scope="module")
def school(tmp_path_factory: pytest.TempPathFactory) -> Iterator[School]:
    before, Runtime._instance = Runtime._instance, None
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passwords, "_hasher", _cheap)
        patch.setenv("FLOWLOOM_HOME", str(tmp_path_factory.mktemp("home")))
        workspace.cache_clear()
        app = server.make_app(team=True)._build_starlette_app()
        home = workspace()
        acting.begin_team(home)
        people, tokens = _let_in(home)
        yield School(app, home, people, tokens, _build(home, people))
        acting.end_team(home)
        home.close()
        workspace.cache_clear()
        passwords._nobodys.cache_clear()
    Runtime._instance = before


def _let_in(home: Workspace) -> tuple[dict[str, Account], dict[str, str]]:
    joining, place, tokens = home.team.joining, Place("192.0.2.1"), {}
    tokens["admin"] = joining.set_up(joining.new_code(), "admin", "Ada", PASSWORD, place)
    admin = home.team.sessions.who(tokens["admin"])
    assert admin
    for who, role in list(ROLES.items())[1:]:
        groups = ("pupils",) if who == "pupil" else ()
        link = joining.invite(admin.account, role, groups)  # type: ignore[arg-type]
        tokens[who] = joining.join(link, who, who.title(), PASSWORD, place)
    found = {each.name: each for each in home.team.accounts.all()}
    return found, tokens


def _build(home: Workspace, people: dict[str, Account]) -> dict[str, Flow]:
    """GPTs of Ben, one for each audience, each under the name of it."""
    home.team.act(lambda: people["ben"])
    gpts = {}
    audiences: tuple[Audience, ...] = ("me", "people", "workspace", "link")
    for audience in audiences:
        flow = made(home, {}, "m.message>z.text")
        flow = home.flows.load(flow.id).model_copy(update={"name": f"Secret {audience}"})
        home.flows.save(flow)
        terms = Terms(audience=audience, people=(people["member"].id,), groups=("pupils",))
        home.publications.publish(flow, f"gpt-{audience}", terms)
        gpts[audience] = flow
    home.team.act(acting.me)
    return gpts
