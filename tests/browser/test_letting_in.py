"""A passkey and an assistant, as people let them in: a real browser with a device of its own, a real client."""

import asyncio
import re
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from queue import Queue
from urllib.parse import parse_qs, urlsplit

import httpx2
import pytest
from mcp import Client
from mcp.client.auth import OAuthClientProvider
from mcp.client.streamable_http import streamable_http_client
from mcp.shared.auth import AuthorizationCodeResult, OAuthClientMetadata
from playwright.sync_api import Browser, Page, expect
from pydantic import AnyUrl

from flowloom.store.publications import Terms
from flowloom.store.templates import templates
from flowloom.workspace import Workspace
from tests.browser.conftest import new_context
from tests.browser.test_team import TeamApp, set_up, team
from tests.serve.test_assistants import Kept

pytestmark = pytest.mark.browser
__all__ = ["team"]

DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@contextmanager
def led_back() -> Iterator[tuple[str, "Queue[str]"]]:
    """Where a program of this computer waits for its person to come back."""
    came: Queue[str] = Queue()

    class Back(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if self.path.startswith("/back"):
                came.put(self.path)
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b"You can close this page.")

        def log_message(self, *args: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Back)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/back", came
    server.shutdown()
    server.server_close()
    thread.join(5)


def ask(address: str, back: str, came: "Queue[str]", leads: "Queue[str]") -> str:
    """One question by the official client, whose person decides in a browser."""

    async def leave(url: str) -> None:
        leads.put(url)

    async def come() -> AuthorizationCodeResult:
        told = parse_qs(urlsplit(await asyncio.to_thread(came.get, True, 30)).query)
        return AuthorizationCodeResult(code=told["code"][0], state=told["state"][0], iss=told["iss"][0])

    async def whole() -> str:
        metadata = OAuthClientMetadata(client_name="Scribe", redirect_uris=[AnyUrl(back)])
        async with (
            httpx2.AsyncClient(
                auth=OAuthClientProvider(address, metadata, Kept(), leave, come), timeout=60
            ) as http,
            Client(streamable_http_client(address, http_client=http)) as client,
        ):
            answer = await client.call_tool("ask", {"message": "How many days of holiday do I have?"})
            return str(answer.content[0].text)  # type: ignore[union-attr]

    return asyncio.run(whole())


def with_device(chromium: Browser) -> Page:
    page = new_context(chromium).new_page()
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})
    return page


def publish_template(team: TeamApp) -> None:
    template = next(each for each in templates() if each.flow.name == "Knowledge helper")
    with closing(Workspace(team.home)) as home:
        flow = home.intake.create_from_template(template)
        home.publications.publish(flow, "holidays", Terms(audience="workspace"))


def test_a_passkey_signs_in_and_an_assistant_is_let_in(team: TeamApp, chromium: Browser) -> None:
    page = with_device(chromium)
    set_up(team, page)
    page.goto(f"{team.url}/account")
    page.get_by_role("button", name="Add a passkey").click()
    kept = page.get_by_text(re.compile("added .* for localhost"))
    expect(kept).to_be_visible()
    page.get_by_role("button", name="Sign out", exact=True).first.click()
    expect(page).to_have_url(f"{team.url}/sign-in")
    publish_template(team)
    with led_back() as (back, came), ThreadPoolExecutor(1) as beside:
        leads: Queue[str] = Queue()
        asked = beside.submit(ask, f"{team.url}/mcp/holidays", back, came, leads)
        page.goto(leads.get(timeout=30))
        # Nobody is signed in: the passkey does that, and leads on to what was asked.
        page.get_by_role("button", name="Sign in with a passkey").click()
        expect(page.get_by_role("heading", name="Connect Scribe?")).to_be_visible()
        expect(page.get_by_text("You are signed in as Ada Lovelace.")).to_be_visible()
        page.get_by_role("button", name="Connect it").click()
        expect(page.get_by_text("You can close this page.")).to_be_visible()
        assert "28 days" in asked.result(60)
    page.goto(f"{team.url}/account")
    connected = page.get_by_text("Scribe · Knowledge helper")
    expect(connected).to_be_visible()
    page.get_by_role("button", name="Disconnect").click()
    expect(connected).to_have_count(0)
    page.get_by_role("button", name="Remove").click()
    expect(kept).to_have_count(0)
    page.context.close()
