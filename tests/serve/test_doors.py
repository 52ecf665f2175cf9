"""What is published and the API have doors of their own: no key of the app, and still no call of another page."""

from typing import Any

import pytest
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.testclient import TestClient
from starlette.types import Receive, Scope, Send

from flowloom.serve.access import Access
from flowloom.serve.doors import DOORS, FRAMED_BY, Door, door_of, is_owner
from flowloom.serve.session_key import SessionKey, cookie_name

KEY = SessionKey("s3cret-" * 7)
HERE = "http://localhost:8501"
COOKIE = {"cookie": f"{cookie_name('8501')}={KEY.stamp('8501')}"}
OURS = {"origin": HERE, "sec-fetch-site": "same-origin"}
ELSEWHERE = {"origin": "https://other.example", "sec-fetch-site": "cross-site", "sec-fetch-mode": "cors"}
LINK = {"sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate", "sec-fetch-dest": "document"}
FRAME = {"sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate", "sec-fetch-dest": "iframe"}
SCRIPT = {"sec-fetch-site": "cross-site", "sec-fetch-mode": "no-cors", "sec-fetch-dest": "script"}


def call(path: str, headers: dict[str, str], method: str = "GET", framed_by: tuple[str, ...] | None = None) -> Any:
    async def inside(scope: Scope, receive: Receive, send: Send) -> None:
        if framed_by is not None:
            scope[FRAMED_BY] = framed_by
        await JSONResponse({"owner": is_owner(Request(scope).scope)})(scope, receive, send)

    guard = Access(inside, lambda: KEY, doors=DOORS)
    return TestClient(guard, base_url=HERE, follow_redirects=False).request(method, path, headers=headers)


@pytest.mark.parametrize(
    ("method", "path", "headers", "passes"),
    [
        ("GET", "/gpt/trips", {}, True),
        ("GET", "/gpt/trips", LINK, True),
        ("POST", "/gpt/trips/messages", OURS, True),
        ("POST", "/gpt/trips/messages", {}, False),
        ("POST", "/gpt/trips/messages", ELSEWHERE, False),
        ("GET", "/gpt/trips/chats", ELSEWHERE, False),
        ("GET", "/gpt/trips", FRAME, False),
        ("GET", "/embed/trips", FRAME, True),
        ("GET", "/embed/loader.js", SCRIPT, True),
        ("POST", "/embed/trips", FRAME, False),
        ("GET", "/gpt/trips", SCRIPT, False),
        ("POST", "/v1/chat/completions", {}, True),
        ("POST", "/v1/chat/completions", ELSEWHERE, True),
        ("POST", "/mcp/trips", {}, True),
        ("POST", "/a2a/trips", {}, True),
        ("GET", "/gptx", {}, False),
        ("GET", "/v1x", {}, False),
        ("GET", "/build", {}, False),
        ("POST", "/flows/x/ops", OURS, False),
    ],
)
def test_who_passes_which_door(method: str, path: str, headers: dict[str, str], passes: bool) -> None:
    assert (call(path, headers, method).status_code == 200) == passes


@pytest.mark.parametrize("path", ["/gpt/trips", "/embed/trips", "/v1/models", "/mcp/trips"])
def test_a_name_that_is_not_ours_passes_none(path: str) -> None:
    assert call(path, {"host": "evil.example:8501"}).status_code == 403


@pytest.mark.parametrize(
    ("path", "headers", "owner"),
    [
        ("/gpt/trips", COOKIE, True),
        ("/gpt/trips", {}, False),
        ("/v1/models", COOKIE | OURS, True),
        ("/v1/models", COOKIE | ELSEWHERE, False),
        ("/gpt/trips", COOKIE | LINK, True),
    ],
)
def test_the_owner_is_known_where_our_own_page_asks(path: str, headers: dict[str, str], owner: bool) -> None:
    assert call(path, headers).json() == {"owner": owner}


def test_a_page_is_framed_by_the_sites_its_route_names() -> None:
    policy = call("/embed/trips", FRAME, framed_by=("https://school.example",)).headers
    assert "frame-ancestors 'self' https://school.example" in policy["content-security-policy"]
    assert "x-frame-options" not in policy
    nobody = call("/embed/trips", FRAME).headers
    assert nobody["content-security-policy"].endswith("frame-ancestors 'self'")
    assert nobody["x-frame-options"] == "SAMEORIGIN"


def test_doors_are_known_by_whole_parts_of_a_path() -> None:
    door = Door("/gpt/", for_pages=True)
    assert [door.fits(path) for path in ("/gpt", "/gpt/", "/gpt/a/b", "/gpts", "/a/gpt/")] == [True] * 3 + [
        False
    ] * 2
    assert door_of("/") is None
