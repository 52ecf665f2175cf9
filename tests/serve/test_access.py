"""One guard in front of every route, the framework's own too: which name, which page, which browser."""

import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Mount, Route, WebSocketRoute
from starlette.testclient import TestClient
from starlette.types import Receive, Scope, Send
from starlette.websockets import WebSocketDisconnect
from streamlit.runtime import Runtime

from flowloom.locales import LANGUAGES
from flowloom.serve.access import NO_KEY, OLD_KEY, WRONG_NAME, WRONG_PAGE, Access
from flowloom.serve.doors import door_of
from flowloom.serve.draining import Draining
from flowloom.serve.embed import embed_routes
from flowloom.serve.late_routes import LateRoutes
from flowloom.serve.meters import METRICS, Measured
from flowloom.serve.oauth import CALLBACK
from flowloom.serve.operations import PROBES
from flowloom.serve.page.routes import page_routes
from flowloom.serve.session_key import LIFETIME, RENEWED_AFTER, SessionKey, cookie_name
from flowloom.serve.store.routes import store_routes
from flowloom.ui import server
from flowloom.workspace import workspace

SECRET = SessionKey("s3cret-" * 7)
HERE = "http://localhost:8501"
OUR_NAME = {"host": "localhost:8501"}
OUR_PAGE = {"origin": HERE}
COOKIE = {"cookie": f"{cookie_name('8501')}={SECRET.stamp('8501')}"}
RIGHT = OUR_NAME | OUR_PAGE | COOKIE
A_PAGE = {"sec-fetch-mode": "navigate", "sec-fetch-dest": "document"}

STRANGERS = {
    "a rebound name": (RIGHT | {"host": "evil.example:8501", "origin": "http://evil.example:8501"}, "access.name"),
    "a rebound name behind a forwarded one": (
        RIGHT
        | {"host": "evil.example:8501", "x-forwarded-host": "localhost:8501", "forwarded": "host=localhost:8501"},
        "access.name",
    ),
    "a name that begins like ours": (RIGHT | {"host": "localhost.evil.example:8501"}, "access.name"),
    "no name": (RIGHT | {"host": ""}, "access.name"),
    "a name with a user": (RIGHT | {"host": "localhost:8501@evil.example"}, "access.name"),
    "another page of this computer": (RIGHT | {"origin": "http://localhost:9999"}, "access.page"),
    "a page without a port": (RIGHT | {"origin": "http://localhost"}, "access.page"),
    "another name of this computer": (RIGHT | {"origin": "http://127.0.0.1:8501"}, "access.page"),
    "a page of the web": (RIGHT | {"origin": "https://evil.example"}, "access.page"),
    "a page in a sandbox": (RIGHT | {"origin": "null"}, "access.page"),
    "a part of another page": (
        RIGHT | {"sec-fetch-site": "cross-site", "sec-fetch-mode": "no-cors"},
        "access.page",
    ),
    "a part of a page of this computer": (RIGHT | {"sec-fetch-site": "same-site"}, "access.page"),
    "a frame in another page": (
        RIGHT | {"sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate", "sec-fetch-dest": "iframe"},
        "access.page",
    ),
    "a browser without our cookie": (OUR_NAME | OUR_PAGE, "access.key"),
    "an empty cookie": (OUR_NAME | OUR_PAGE | {"cookie": "flowloom-8501="}, "access.key"),
    "the cookie of another key": (
        OUR_NAME | OUR_PAGE | {"cookie": f"flowloom-8501={SessionKey('x' * 43).stamp('8501')}"},
        "access.key",
    ),
    "the cookie of another port": (
        OUR_NAME | OUR_PAGE | {"cookie": f"flowloom-8501={SECRET.stamp('9999')}"},
        "access.key",
    ),
    "a cookie without a key": (OUR_NAME | OUR_PAGE | {"cookie": "flowloom-8501=1795943424."}, "access.key"),
}

BY_OWN_KEY = {
    ("GET", "/v1/models"),
    ("GET", "/v1/models/x"),
    ("POST", "/v1/chat/completions"),
    ("POST", "/v1/responses"),
    ("GET", "/v1/responses/x"),
    ("DELETE", "/v1/responses/x"),
    ("POST", "/v1/responses/x/cancel"),
    ("POST", "/v1/runs"),
    ("GET", "/v1/runs/x"),
    ("GET", "/v1/runs/x/events"),
    ("POST", "/v1/runs/x/answer"),
    ("POST", "/v1/runs/x/cancel"),
    ("POST", "/v1/runs/x/resume"),
    ("GET", "/v1/runs/x/files/x"),
    ("POST", "/a2a/x"),
    *((method, path) for method in ("GET", "POST", "DELETE") for path in ("/mcp", "/mcp/", "/mcp/x")),
}
"""What asks for a key of its own at every call, whatever page or browser it comes from."""
FOR_EVERYBODY = {
    "/v1/openapi.json": 200,
    "/a2a/x/.well-known/agent-card.json": 404,
    "/.well-known/oauth-protected-resource/mcp/x": 200,
    "/.well-known/oauth-authorization-server": 200,
}
"""What says nothing of anybody, or only of what is published, and the status where nothing is."""
LETS_IN = {f"/oauth/assistants/{each}" for each in ("register", "token", "revoke")}
"""Where programs register and get what was allowed them, with no cookie."""


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Starlette]:
    """The whole app as `flowloom open` and `streamlit run app.py` serve it, with nothing published."""
    before, Runtime._instance = Runtime._instance, None
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("FLOWLOOM_HOME", str(tmp_path_factory.mktemp("home")))
        workspace.cache_clear()
        made = server.make_app()._build_starlette_app()
        yield made
        if workspace.cache_info().currsize:
            workspace().close()
        workspace.cache_clear()
    Runtime._instance = before


@pytest.fixture(autouse=True)
def _one_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Access, "_key", SECRET)


@pytest.fixture
def browser(app: Starlette) -> TestClient:
    return TestClient(app, base_url=HERE, follow_redirects=False)


def paths(app: Starlette) -> Iterator[tuple[str, str]]:
    """Every method and path there is, `WS` for a websocket; a path's parameters are made up."""
    late = [inner for route in app.routes if isinstance(route, LateRoutes) for inner in route.routes]
    for route in [*late, *(route for route in app.routes if not isinstance(route, LateRoutes))]:
        path = re.sub(r"{\w+(:path)?}", "x", getattr(route, "path", "") or "/")
        match route:
            case WebSocketRoute():
                yield "WS", path
            case Route():
                yield from ((method, path) for method in sorted(route.methods or ()))
            case Mount():
                # Streamlit's pages and files, also where no route is.
                yield from [("GET", "/"), ("HEAD", "/"), ("GET", "/build"), ("POST", "/"), ("GET", "/static/x.js")]
            case _:
                raise AssertionError(f"A kind of route that nobody has thought of: {route!r}")


def refusal(browser: TestClient, method: str, path: str, headers: dict[str, str]) -> str:
    """The code of the guard's refusal; empty where the call passed."""
    if method == "WS":
        try:
            with browser.websocket_connect(path, headers=headers):
                return ""
        except WebSocketDisconnect as closed:
            return "access" if closed.code == 1008 else ""
    answer = browser.request(method, path, headers=headers)
    if method == "HEAD":
        return "access" if answer.status_code == 403 else ""
    if answer.status_code != 403 or answer.headers.get("content-type") != "application/json":
        return ""
    return str(answer.json()["problem"]["code"])


@pytest.mark.parametrize("who", STRANGERS)
def test_a_stranger_is_refused_by_every_route(app: Starlette, browser: TestClient, who: str) -> None:
    headers, code = STRANGERS[who]
    for method, path in paths(app):
        if (method.replace("HEAD", "GET"), path) in BY_OWN_KEY and code != "access.name":
            answer = browser.request(method, path, headers=headers)
            assert answer.status_code == 401, f"{method} {path} to {who}"
            continue
        if method in ("GET", "HEAD") and path in FOR_EVERYBODY and code != "access.name":
            assert browser.request(method, path, headers=headers).status_code == FOR_EVERYBODY[path]
            continue
        if path == CALLBACK and code == "access.key":
            continue  # asks for the state that it gave away
        if path in {*PROBES, METRICS} or path.startswith("/hooks/") or (path in LETS_IN and code != "access.name"):
            continue  # tell nothing, or ask for a key of their own: `test_hooks`, `test_assistants`…
        if door_of(path) and (code == "access.key" or may_be_framed(path, who)):
            continue  # has rules of its own: `RULES`
        found = refusal(browser, method, path, headers)
        assert found in (code, "access" if method in ("WS", "HEAD") else code), f"{method} {path} to {who}"


def may_be_framed(path: str, who: str) -> bool:
    return path.startswith("/embed/") and who == "a frame in another page"


RULES = {
    "/gpt/": "tests.serve.test_page",
    "/embed/": "tests.serve.test_page",
    "/store": "tests.serve.store.test_store_pages",
    METRICS: "tests.serve.test_operations",
    "/hooks/": "tests.test_hooks",
    "/oauth/assistants/": "tests.serve.test_assistants",
}
"""Where the rules of what is behind each door are tested, route by route."""


def test_each_route_behind_a_door_has_rules(app: Starlette) -> None:
    """A route nobody thought of fails here: it is behind no door that has rules, or those do not know it."""
    keyed = {path for _, path in BY_OWN_KEY} | {*FOR_EVERYBODY}
    behind = {path for _, path in paths(app) if door_of(path)} - keyed
    assert {next((rule for rule in RULES if path.startswith(rule)), path) for path in behind} <= {*RULES}
    page = {route.path for route in [*page_routes(), *embed_routes(), *store_routes()]}  # type: ignore[attr-defined]
    known = {re.sub(r"{\w+}", "x", path) for path in page}
    assert {path for path in behind if not path.startswith((METRICS, "/hooks/", *LETS_IN))} == known


def test_a_change_without_a_page_is_refused(app: Starlette, browser: TestClient) -> None:
    """A program, or an old browser: reading needs no Origin, changing and talking do."""
    keyed = {
        ("POST", "/hooks/x"),
        ("POST", "/hooks/payments/x"),
        *BY_OWN_KEY,
        *(("POST", each) for each in LETS_IN),
    }
    changing = [call for call in paths(app) if call[0] not in ("GET", "HEAD") and call not in keyed]
    assert {"WS", "POST", "PUT", "DELETE"} <= {method for method, _ in changing}
    for method, path in changing:
        assert refusal(browser, method, path, OUR_NAME | COOKIE).startswith("access"), f"{method} {path}"


def test_what_asks_for_a_key_of_its_own_is_there(app: Starlette, browser: TestClient) -> None:
    """Each call needs that key; the cookie of the app is none."""
    assert {*paths(app)} >= BY_OWN_KEY
    for method, path in BY_OWN_KEY:
        assert browser.request(method, path, headers=RIGHT).status_code == 401, f"{method} {path}"


def test_the_framework_s_own_routes_are_among_them(app: Starlette) -> None:
    assert {("WS", "/_stcore/stream"), ("PUT", "/_stcore/upload_file/x/x"), ("GET", "/media/x")} <= {*paths(app)}


def seen_through(headers: dict[str, str], method: str = "GET", names: tuple[str, ...] = ()) -> httpx.Response:
    async def inside(scope: Scope, receive: Receive, send: Send) -> None:
        told = PlainTextResponse("inside", headers={"Access-Control-Allow-Origin": "*"})
        await told(scope, receive, send)

    guard = Access(inside, lambda: SECRET, names)
    client = TestClient(guard, base_url=HERE, follow_redirects=False)
    return client.request(method, "/", headers=headers)


@pytest.mark.parametrize(
    ("method", "headers"),
    [
        ("GET", OUR_NAME | COOKIE),
        ("GET", RIGHT),
        ("POST", RIGHT),
        ("OPTIONS", RIGHT),
        ("GET", OUR_NAME | COOKIE | {"sec-fetch-site": "none"}),
        ("GET", OUR_NAME | COOKIE | {"sec-fetch-site": "same-origin"}),
        # A link of another page, whose cookie the browser brings: it opens a page and changes nothing.
        ("GET", OUR_NAME | COOKIE | {"sec-fetch-site": "same-site", **A_PAGE}),
        ("PUT", {"host": "LOCALHOST:8501", "origin": "HTTP://localhost:8501"} | COOKIE),
        ("GET", {"host": "127.0.0.1:8501"} | COOKIE),
        ("GET", {"host": "[::1]:8501"} | COOKIE),
    ],
)  # fmt: skip
def test_our_own_browser_passes(method: str, headers: dict[str, str]) -> None:
    answer = seen_through(headers, method)
    assert (answer.status_code, answer.text) == (200, "inside")


def test_a_websocket_of_our_own_passes() -> None:
    async def inside(scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "websocket.accept"})
        await send({"type": "websocket.close"})

    client = TestClient(Access(inside, lambda: SECRET), base_url=HERE)
    with client.websocket_connect("/_stcore/stream", headers=RIGHT):
        pass


def test_answers_to_the_names_its_owner_added() -> None:
    added = {"host": "gpts.example.org", "cookie": f"{cookie_name('')}={SECRET.stamp('')}"}
    for headers, names, status in [(added, (), 403), (added, ("gpts.example.org",), 200)]:
        answer = seen_through(headers, names=names)
        assert answer.status_code == status


def test_what_a_browser_may_do_with_an_answer() -> None:
    answer = seen_through(RIGHT)
    assert "frame-ancestors 'self'" in answer.headers["content-security-policy"]
    assert "img-src 'self' data: blob:;" in answer.headers["content-security-policy"]
    assert not [name for name in answer.headers if name.startswith("access-control-")]


def test_nobody_may_message_the_page(app: Starlette, browser: TestClient) -> None:
    from streamlit import config

    before = config.get_option("client.allowedOrigins")
    config.set_option("client.allowedOrigins", ["https://*.example.org"])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(server, "_key", lambda: SECRET)
        server.lock_settings()
    try:
        told = browser.get("/_stcore/host-config", headers=RIGHT).json()
        assert told["allowedOrigins"] == []
    finally:
        config.set_option("client.allowedOrigins", before)


def test_the_address_with_the_key_lets_a_browser_in_once(browser: TestClient) -> None:
    answer = browser.get("/", params={"key": SECRET.value, "lang": "fr"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/?lang=fr")
    cookie = answer.headers["set-cookie"]
    assert {"HttpOnly", "SameSite=Strict", "Path=/"} <= {*cookie.split("; ")}
    assert SECRET.value not in str(answer.headers)
    assert refusal(browser, "GET", "/", OUR_NAME | {"cookie": cookie.partition(";")[0]}) == ""


@pytest.mark.parametrize("path", ["//evil.example/", "/\\evil.example/", "/build"])
def test_the_key_leads_to_no_other_page(browser: TestClient, path: str) -> None:
    answer = browser.get(f"{HERE}{path}", params={"key": SECRET.value})
    assert (answer.status_code, "set-cookie" in answer.headers) == (403, False)


@pytest.mark.parametrize("key", ["", "x", SECRET.value[:-1], SECRET.value + "x", "é"])
def test_another_key_lets_nobody_in(browser: TestClient, key: str) -> None:
    answer = browser.get("/", params={"key": key}, headers={"accept": "text/html"})
    assert (answer.status_code, "set-cookie" in answer.headers) == (403, False)
    assert OLD_KEY.message in answer.text


def test_who_is_in_loses_an_old_key_from_the_address(browser: TestClient) -> None:
    answer = browser.get("/", params={"key": "old"}, headers=OUR_NAME | COOKIE)
    assert (answer.status_code, answer.headers["location"]) == (303, "/")


def test_a_link_of_another_site_is_led_here_by_ourselves(browser: TestClient) -> None:
    """Such a link brings no cookie; our own page, which it gets, does."""
    led = {"sec-fetch-site": "cross-site", **A_PAGE}
    answer = browser.get("/build?gpt=a&x=<", headers=led)
    assert answer.status_code == 200
    assert 'content="0;url=/build?gpt=a&amp;x=%3C"' in answer.text
    keyed = browser.get("/", params={"key": SECRET.value}, headers=led)
    assert "set-cookie" in keyed.headers
    assert 'content="0;url=/"' in keyed.text
    browser.cookies.clear()
    # Where we led here ourselves and there still is no cookie, it says what to do.
    assert browser.get("/", headers={**led, "sec-fetch-site": "same-origin"}).status_code == 403


def test_a_cookie_grows_old_and_is_renewed(monkeypatch: pytest.MonkeyPatch) -> None:
    now = time.time()
    for later, status, renewed in [(0, 200, False), (RENEWED_AFTER + 9, 200, True), (LIFETIME + 9, 403, False)]:
        monkeypatch.setattr("flowloom.serve.session_key.time.time", lambda later=later: now + later)
        answer = seen_through(OUR_NAME | COOKIE)
        assert (answer.status_code, "set-cookie" in answer.headers) == (status, renewed)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("said", [WRONG_NAME, WRONG_PAGE, NO_KEY], ids=lambda said: said.code)
def test_a_person_reads_what_to_do(browser: TestClient, said: Any, language: str) -> None:
    headers = {
        "access.name": {"host": "evil.example"},
        "access.page": {"origin": "http://evil.example"},
        "access.key": {},
    }[said.code]
    page = browser.get(
        "/", headers=headers | {"accept": "text/html,*/*", "accept-language": f"xx, {language}-CA;q=0.9"}
    )
    assert (page.status_code, said.describe(language).message in page.text) == (403, True)
    assert f'<html lang="{language}">' in page.text
    assert "<script" not in page.text
    assert "evil" not in page.text


def test_without_a_page_it_is_told_as_data(browser: TestClient) -> None:
    assert browser.get("/flows/x", headers={"accept": "application/json"}).json()["problem"]["code"] == "access.key"


def test_app_py_stands_behind_the_guard() -> None:
    """`streamlit run app.py` and `python app.py` serve what the file makes of the parts."""
    text = (Path(__file__).parents[2] / "app.py").read_text("utf-8")
    assert "app = st.App(**app_parts())" in text
    assert [each.cls for each in server.app_parts()["middleware"]] == [Measured, Access, Draining]
