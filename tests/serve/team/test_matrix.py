"""Every route, page and websocket as everybody: a route without a row in the table fails here."""

import re
from collections.abc import Iterator

import pytest
from starlette.routing import Mount, Route, WebSocketRoute
from starlette.testclient import TestClient
from starlette.websockets import WebSocketDisconnect

from flowloom.serve.late_routes import LateRoutes
from flowloom.serve.team.rules import RULES, Needs, Rule, rule_for
from tests.serve.team.conftest import HERE, OUR_PAGE, School
from tests.serve.test_access import BY_OWN_KEY, STRANGERS

PEOPLE = ("", "member", "other", "ben", "admin")
MAY: dict[Needs, set[str]] = {
    Needs.NOTHING: {*PEOPLE},
    Needs.PERSON: {*PEOPLE} - {""},
    Needs.BUILDER: {"other", "ben", "admin"},
    Needs.OWNER: {"ben"},
    Needs.ADMIN: {"admin"},
    Needs.NOBODY: set(),
}
"""Who passes the guard. The GPT in each path is Ben’s: another builder and the admin are refused as well."""
ENDS_THE_SIGN_IN = ("/sign-out", "/sign-out/everywhere")


def templates(school: School) -> Iterator[tuple[str, str]]:
    """Every method and path there is, as it is written; `WS` for a websocket."""
    late = [inner for route in school.app.routes if isinstance(route, LateRoutes) for inner in route.routes]
    for route in [*late, *(route for route in school.app.routes if not isinstance(route, LateRoutes))]:
        path = getattr(route, "path", "") or "/"
        match route:
            case WebSocketRoute():
                yield "WS", path
            case Route():
                yield from ((method, path) for method in sorted(route.methods or ()))
            case Mount():
                yield from [
                    ("GET", "/"),
                    ("HEAD", "/"),
                    ("POST", "/"),
                    ("GET", "/{page}"),
                    ("GET", "/static/{file}"),
                ]
            case _:
                raise AssertionError(f"A kind of route that nobody has thought of: {route!r}")


def normal(path: str) -> str:
    return re.sub(r"{\w+(:path)?}", "x", path)


def row_of(method: str, path: str) -> Rule | None:
    """The row of a route: one written for it, not merely one that fits whatever is left."""
    asked = "GET" if method == "HEAD" else method
    wanted = normal(path)
    rows = [rule for rule in RULES if asked in rule.methods.split()]
    exact = next((rule for rule in rows if normal(rule.path) == wanted), None)
    if exact or path not in ("/", "/{page}", "/static/{file}"):
        return exact
    return next((rule for rule in rows if rule.path == "/{path:path}"), None)


def test_every_route_has_a_row(school: School) -> None:
    without = {(method, path) for method, path in templates(school) if row_of(method, path) is None}
    assert not without, f"Say in flowloom/serve/team/rules.py who may call {without}"


def test_every_row_is_that_of_a_route(school: School) -> None:
    used = {row_of(method, path) for method, path in templates(school)}
    assert not [rule for rule in RULES if rule not in used]


def test_each_call_finds_the_row_that_was_written_for_it(school: School) -> None:
    for method, path in templates(school):
        row = row_of(method, path)
        assert row
        assert rule_for(method, normal(path)).needs is row.needs, f"{method} {path}"


def test_nobody_downloads_everything_by_the_browser(school: School) -> None:
    """It holds what is others’, whatever token somebody has."""
    from flowloom.serve.page_token import mint_token

    headers = OUR_PAGE | {"x-flowloom-token": mint_token(".everything")}
    for who in PEOPLE:
        assert school.browser(who).get("/flows/.everything/backup", headers=headers).status_code == 403


def test_what_is_in_no_row_is_refused() -> None:
    for method, path in [("POST", "/build"), ("DELETE", "/account"), ("PATCH", "/flows/x"), ("WS", "/x")]:
        assert rule_for(method, path).needs is Needs.NOBODY


def calls(school: School) -> Iterator[tuple[str, str, Needs]]:
    """Each route with real names in its path: the GPT is Ben’s, and private to him."""
    for method, path in templates(school):
        row = row_of(method, path)
        assert row
        filled = path.replace("{flow}", school.gpts["me"].id).replace("{slug}", "gpt-me").replace("{gpt}", "gpt-me")
        yield method, normal(filled), row.needs


def refusal(browser: TestClient, method: str, path: str) -> bool:
    """Whether the guard refuses it, or leads to the page on which one signs in."""
    if method == "WS":
        try:
            with browser.websocket_connect(f"ws://localhost:8501{path}", headers=OUR_PAGE):
                return False
        except WebSocketDisconnect as closed:
            return closed.code == 1008
        except RuntimeError:  # It got as far as Streamlit, which was not started for a test of routes.
            return False
    answer = browser.request(method, path, headers=OUR_PAGE)
    if answer.status_code == 403 and method == "HEAD":
        return True
    if answer.status_code == 303 and answer.headers["location"].startswith(("/sign-in?next=", "/gpts")):
        return True
    is_ours = answer.headers.get("content-type") == "application/json" and answer.status_code == 403
    return is_ours and answer.json()["problem"]["code"].startswith(("access.", "people."))


@pytest.mark.parametrize("who", PEOPLE)
def test_everybody_gets_as_far_as_they_may(school: School, who: str) -> None:
    browser = school.browser(who)
    for method, path, needs in calls(school):
        if needs is Needs.OWN or path in ENDS_THE_SIGN_IN or (method == "GET" and path.endswith("/live")):
            continue
        if needs in (Needs.NOBODY, Needs.NOTHING) and method == "OPTIONS":
            continue
        if method == "HEAD" and who in MAY[needs]:
            continue  # what is behind the guard may refuse as well, and says no more than that
        assert refusal(browser, method, path) == (who not in MAY[needs]), f"{method} {path} to {who or 'nobody'}"


def test_a_page_token_of_their_own_opens_no_flow_of_another(school: School) -> None:
    """Even with the token that the page of that GPT has, another builder is refused."""
    from flowloom.serve.page_token import mint_token

    flow = school.gpts["me"].id
    headers = OUR_PAGE | {"x-flowloom-token": mint_token(flow)}
    for who, status in [("ben", 200), ("other", 403), ("admin", 403), ("member", 403), ("", 403)]:
        assert school.browser(who).get(f"/flows/{flow}", headers=headers).status_code == status, who


@pytest.mark.parametrize("who", STRANGERS)
def test_a_stranger_of_any_kind_is_refused_by_every_route(school: School, who: str) -> None:
    """Also with the cookie of the admin: a rebound name, another page, a frame."""
    headers, code = STRANGERS[who]
    if code == "access.key":
        return  # who has no cookie is `nobody` above
    cookie = f"flowloom-team-8501={school.tokens['admin']}"
    headers = {name: value for name, value in headers.items() if name != "cookie"} | {"cookie": cookie}
    browser = TestClient(school.app, base_url=HERE, follow_redirects=False)
    for method, path, needs in calls(school):
        own_key = (method.replace("HEAD", "GET"), path) in BY_OWN_KEY or path.startswith(("/v1/", "/a2a/", "/mcp"))
        by_programs = ("/hooks/", "/metrics", "/embed/", "/.well-known/oauth-", "/oauth/assistants/")
        if needs is Needs.OWN and (own_key or path.startswith(by_programs)):
            continue  # keys of programs, tested with the guard of one person’s app
        if path in ("/health", "/ready"):
            continue
        if method == "WS":
            with (
                pytest.raises(WebSocketDisconnect) as closed,
                browser.websocket_connect(f"ws://localhost:8501{path}", headers=headers),
            ):
                pass
            assert closed.value.code == 1008
            continue
        answer = browser.request(method, path, headers=headers)
        assert answer.status_code == 403, f"{method} {path} to {who}"


def test_the_key_of_the_app_opens_nothing_in_a_team(school: School) -> None:
    from flowloom.serve.session_key import cookie_name, session_key

    key = session_key(school.home.home)
    browser = school.browser()
    assert (
        browser.get("/", params={"key": key.value}, headers={"accept": "text/html"})
        .headers["location"]
        .startswith("/sign-in")
    )
    cookie = {"cookie": f"{cookie_name('8501')}={key.stamp('8501')}"}
    assert browser.get("/", headers=cookie | {"accept": "application/json"}).status_code == 403
