"""Signing in by an account of one's organisation, against a service of our own; and every way to forge one."""

import base64
import json
import time
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from joserfc.jwk import ECKey
from starlette.applications import Starlette
from starlette.testclient import TestClient

from flowloom.errors import FlowloomError
from flowloom.serve.team.guard import BACK, TeamAccess
from flowloom.serve.team.routes import team_routes
from flowloom.services import openid
from flowloom.workspace import Workspace
from tests.openid_server import CLIENT, SECRET, OpenIdServer
from tests.people.conftest import _cheap_hashes  # noqa: F401
from tests.serve.team.conftest import COOKIE, HERE, PASSWORD

HTML = {"accept": "text/html"}
ELSEWHERE = {"sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate", "sec-fetch-dest": "document"}


@pytest.fixture
def service() -> Iterator[OpenIdServer]:
    with OpenIdServer() as found:
        yield found


@pytest.fixture(autouse=True)
def _settings(service: OpenIdServer, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {
        openid.ISSUER: service.issuer,
        openid.CLIENT: CLIENT,
        openid.SECRET: SECRET,
        openid.NAME: "School account",
    }.items():
        monkeypatch.setenv(name, value)


@pytest.fixture
def admin(home: Workspace) -> str:
    from flowloom.people.sessions import Place

    joining = home.team.joining
    return joining.set_up(joining.new_code(), "ada@example.org", "Ada", PASSWORD, Place())


def browser_of(home: Workspace, token: str = "") -> TestClient:
    app = TeamAccess(Starlette(routes=team_routes(lambda: home)), lambda: home.team)
    client = TestClient(app, base_url=HERE, follow_redirects=False)
    if token:
        client.cookies.set(COOKIE, token)
    return client


def signed_in_there(browser: TestClient) -> dict[str, str]:
    """Go to the service and sign in; what it leads back with."""
    away = browser.get("/sign-in/elsewhere?next=/account", headers=HTML)
    assert away.status_code == 303
    back = urlsplit(httpx.get(away.headers["location"], trust_env=False).headers["location"])
    assert f"{back.scheme}://{back.netloc}{back.path}" == f"{HERE}{BACK}"
    return {name: values[0] for name, values in parse_qs(back.query).items()}


def came_back(browser: TestClient) -> httpx.Response:
    return browser.get(BACK, params=signed_in_there(browser), headers=HTML)


def test_a_newcomer_joins_where_the_operator_lets_them(
    home: Workspace, admin: str, service: OpenIdServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    service.person["email_verified"] = True
    monkeypatch.setenv(openid.JOINS_AS, "member")
    browser = browser_of(home)
    assert "Continue with School account" in browser.get("/sign-in").text
    came = came_back(browser)
    assert (came.status_code, came.headers["location"]) == (303, "/account")
    assert "Dee" in browser.get("/account").text
    account = home.team.accounts.named("dee@example.org")
    assert account
    assert (account.role, account.shown) == ("member", "Dee")
    assert came_back(browser_of(home)).status_code == 303
    assert len(home.team.accounts.all()) == 2, "the second time it is the same account"


@pytest.mark.parametrize(
    ("verified", "joins_as", "email"),
    [(True, "", "dee@example.org"), (False, "member", "dee@example.org"), (True, "member", "ada@example.org")],
)
def test_an_address_of_email_alone_is_nobody(
    home: Workspace,
    admin: str,
    service: OpenIdServer,
    monkeypatch: pytest.MonkeyPatch,
    verified: bool,
    joins_as: str,
    email: str,
) -> None:
    """Not even that of an account: whoever joined chose their name themselves."""
    service.person |= {"email": email, "email_verified": verified}
    monkeypatch.setenv(openid.JOINS_AS, joins_as)
    came = came_back(browser_of(home))
    assert (came.status_code, "flowloom-team-8501=" in came.headers.get("set-cookie", "")) == (403, False)
    assert len(home.team.accounts.all()) == 1


def test_whoever_is_signed_in_connects_it_and_uses_it_from_then_on(
    home: Workspace, admin: str, service: OpenIdServer
) -> None:
    assert "Connect School account" in browser_of(home, admin).get("/account").text
    assert came_back(browser_of(home, admin)).status_code == 303
    other = browser_of(home)
    assert came_back(other).status_code == 303
    assert "Ada" in other.get("/account").text
    assert "linked" in {each.what for each in home.team.deeds.all(9)}


def test_who_was_deactivated_comes_in_neither_way(home: Workspace, admin: str, service: OpenIdServer) -> None:
    present = home.team.sessions.who(admin)
    assert present
    link = home.team.joining.invite(present.account, "admin")
    from flowloom.people.sessions import Place

    token = home.team.joining.join(link, "ben", "", PASSWORD, Place())
    assert came_back(browser_of(home, token)).status_code == 303
    ben = home.team.accounts.named("ben")
    assert ben
    home.team.close(present.account, ben)
    assert came_back(browser_of(home)).status_code == 403


def none_of(service: OpenIdServer) -> str:
    """A token that says of itself that it is signed by nobody."""
    now = int(time.time())
    claims = {"iss": service.issuer, "aud": CLIENT, "exp": now + 60, "sub": "u1", "nonce": "x"}
    parts = (json.dumps(each).encode() for each in ({"alg": "none"}, claims))
    return ".".join(base64.urlsafe_b64encode(each).decode().rstrip("=") for each in parts) + "."


FORGED: dict[str, Any] = {
    "another nonce": {"lie": {"nonce": "of another sign-in"}},
    "for another app": {"lie": {"aud": "another-app"}},
    "for several apps": {"lie": {"aud": [CLIENT, "another-app"], "azp": "another-app"}},
    "of another service": {"lie": {"iss": "https://evil.example"}},
    "an old one": {"lie": {"exp": int(time.time()) - 900}},
    "without an end": {"lie": {"exp": None}},
    "of nobody": {"lie": {"sub": None}},
    "with another key": {"signs_with": ECKey.generate_key("P-256", {"kid": "one"})},
    "signed by nobody": {"raw": none_of},
    "no token": {"raw": "x.y.z"},
}


@pytest.mark.parametrize("how", FORGED)
def test_a_forged_token_lets_nobody_in(home: Workspace, admin: str, service: OpenIdServer, how: str) -> None:
    assert came_back(browser_of(home, admin)).status_code == 303  # connected, so that `u1` is somebody
    for name, value in FORGED[how].items():
        setattr(service, name, value(service) if callable(value) else value)
    came = came_back(browser_of(home))
    assert came.status_code == 403
    assert "didn’t confirm who you are" in came.text


def test_a_code_of_another_browser_is_refused(home: Workspace, admin: str) -> None:
    """Whoever sends a link with their own code signs nobody in as themselves, and connects nothing."""
    attacker, victim = browser_of(home), browser_of(home, admin)
    theirs = signed_in_there(attacker)
    assert victim.get(BACK, params=theirs, headers=HTML).status_code == 403
    signed_in_there(victim)
    assert victim.get(BACK, params=theirs, headers=HTML).status_code == 403
    for wrong in ({}, {"code": "x"}, {"state": "é" * 50}, {"error": "access_denied"}):
        assert browser_of(home).get(BACK, params=wrong, headers=HTML).status_code == 403


def test_an_errand_is_good_once(home: Workspace, admin: str) -> None:
    browser = browser_of(home, admin)
    given = signed_in_there(browser)
    cookies = dict(browser.cookies)
    assert browser.get(BACK, params=given, headers=HTML).status_code == 303
    browser.cookies.update(cookies)
    assert browser.get(BACK, params=given, headers=HTML).status_code == 403


def test_the_way_back_is_led_by_a_page_of_ours(home: Workspace, admin: str) -> None:
    """The service is another site, from which no cookie comes along."""
    led = browser_of(home).get(f"{BACK}?code=c&state=s", headers=HTML | ELSEWHERE)
    assert (led.status_code, 'content="0;url=/sign-in/back?code=c&amp;state=s"' in led.text) == (200, True)
    assert led.headers["referrer-policy"] == "no-referrer"


def test_a_service_that_does_not_answer_is_told_of(home: Workspace, admin: str, service: OpenIdServer) -> None:
    service.issuer = "https://another.example"
    answer = browser_of(home).get("/sign-in/elsewhere", headers=HTML)
    assert (answer.status_code, "didn’t confirm" in answer.text) == (403, True)


@pytest.mark.parametrize(("name", "value"), [(openid.ISSUER, "http://sso.example.org"), (openid.JOINS_AS, "admin")])
def test_wrong_settings_are_told_at_the_start(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(FlowloomError):
        team_routes()


def test_without_settings_there_is_no_such_way(
    home: Workspace, admin: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(openid.ISSUER)
    browser = browser_of(home)
    assert "Continue with" not in browser.get("/sign-in").text
    assert browser.get("/sign-in/elsewhere", headers=HTML).status_code == 404
    assert browser.get(BACK, headers=HTML).status_code == 404
