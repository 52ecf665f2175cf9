"""The browser comes back from a sign-in: once, to this app by its own name, and the page tells no secret."""

from collections.abc import Iterator

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from flowloom.serve.access import Access
from flowloom.serve.oauth import CALLBACK, oauth_routes
from flowloom.serve.session_key import SessionKey
from flowloom.services.connections.settings import Connection
from flowloom.workspace import Workspace
from tests.oauth_server import APP, PASSWORD, OAuthServer
from tests.services.test_connections import browse

BACK = f"http://localhost:8501{CALLBACK}"


@pytest.fixture
def server() -> Iterator[OAuthServer]:
    with OAuthServer() as found:
        yield found


@pytest.fixture
def browser(home: Workspace) -> TestClient:
    return TestClient(Starlette(routes=oauth_routes(lambda: home)), base_url="http://localhost:8501")


@pytest.fixture
def connection(home: Workspace, server: OAuthServer, monkeypatch: pytest.MonkeyPatch) -> Connection:
    monkeypatch.setenv("FLOWLOOM_SECRET_KEY", "open sesame, my keys")
    addresses = {"authorize_url": f"{server.url}/authorize", "token_url": f"{server.url}/token"}
    given = Connection(name="<b>Shop</b>", server=server.url, kind="code", user=APP, private=True, **addresses)
    return home.connections.keep(given, PASSWORD)


def test_signed_in_once(home: Workspace, browser: TestClient, connection: Connection, server: OAuthServer) -> None:
    back = browse(home.connections.begin_sign_in(connection, BACK))
    # The provider's page leads here, so it comes from another site.
    page = browser.get(CALLBACK, params=back, headers={"sec-fetch-site": "cross-site"})
    assert page.status_code == 200
    assert "&lt;b&gt;Shop" in page.text
    assert home.connections.is_ready(connection)
    assert not any(token in page.text for token in (*server.access, *server.refresh, PASSWORD, back["code"]))
    assert page.headers["referrer-policy"] == "no-referrer"
    again = browser.get(CALLBACK, params=back, headers={"accept-language": "fr-CA"})
    assert (again.status_code, "pas connue" in again.text) == (400, True)


@pytest.mark.parametrize(
    "query",
    ["", "?state=x&code=y", "?state=&code=", "?error=<script>alert(1)</script>&state=%ff", "?state=a&state=b"],
)
def test_a_stranger_gets_nothing(browser: TestClient, connection: Connection, query: str) -> None:
    page = browser.get(CALLBACK + query)
    assert page.status_code == 400
    assert "<script" not in page.text


@pytest.mark.parametrize(("host", "status"), [("evil.test", 403), ("localhost:8501", 200)])
def test_behind_the_guard_the_state_alone_counts(
    home: Workspace, connection: Connection, host: str, status: int
) -> None:
    """The other service leads here, so the browser brings no cookie of ours; a rebound name is refused."""
    app = Starlette(routes=oauth_routes(lambda: home))
    guarded = TestClient(
        Access(app, lambda: SessionKey("k" * 43), open_paths=(CALLBACK,)), base_url="http://localhost:8501"
    )
    back = browse(home.connections.begin_sign_in(connection, BACK))
    led = {"sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate", "sec-fetch-dest": "document"}
    answer = guarded.get(CALLBACK, params=back, headers={**led, "host": host})
    assert answer.status_code == status
    assert home.connections.is_ready(connection) == (status == 200)
