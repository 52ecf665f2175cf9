"""Who gets in, seen from a real browser: by our own name, from our own page, and with the key."""

from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import ARGUMENTS, App, find_chromium
from tests.visiting import key_address

pytestmark = pytest.mark.browser

ATTACK = """
async (app) => {
  const socket = await new Promise((done) => {
    const one = new WebSocket(app.replace("http", "ws") + "/_stcore/stream", ["streamlit"]);
    one.onopen = () => done("open");
    one.onerror = () => done("refused");
  });
  const ask = (path, how) => fetch(app + path, {credentials: "include", ...how})
    .then(() => "read", () => "refused");
  const read = await ask("/_stcore/host-config", {});
  const sent = await ask("/_stcore/upload_file/a/b", {method: "PUT"});
  const frame = document.createElement("iframe");
  frame.src = app;
  document.body.append(frame);
  await new Promise((done) => (frame.onload = done));
  let inside = "hidden";
  try { inside = frame.contentDocument ? "empty" : "hidden"; } catch {}
  return {socket, read, sent, inside};
}
"""


@pytest.fixture
def other_page() -> Iterator[str]:
    """The address of a page of another program on this computer."""

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(b"<!doctype html><title>Other</title><body>Other</body>")

        def log_message(self, *_: object) -> None:
            return

    with ThreadingHTTPServer(("127.0.0.1", 0), Answer) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://localhost:{server.server_port}"
        server.shutdown()


@pytest.fixture
def stranger(chromium: Browser) -> Iterator[Page]:
    context = chromium.new_context()
    yield context.new_page()
    context.close()


def test_the_printed_address_lets_a_browser_in(app: App, stranger: Page) -> None:
    printed = key_address(app.url, app.home)
    assert printed in app.log.read_text()
    stranger.goto(app.url)
    expect(stranger.get_by_text("This browser doesn’t have access yet.")).to_be_visible()
    stranger.goto(printed)
    expect(stranger.get_by_role("heading", name="Templates")).to_be_visible()
    assert "key" not in stranger.url
    stranger.goto(f"{app.url}/settings")
    expect(stranger.get_by_role("heading", level=1, name="Settings")).to_be_visible()


def test_it_lasts_over_a_restart(own_app: App, own_page: Page) -> None:
    expect(own_page.get_by_role("heading", name="Templates")).to_be_visible()
    own_app.stop()
    own_app.start()
    own_page.goto(f"{own_app.url}/settings")
    expect(own_page.get_by_role("heading", level=1, name="Settings")).to_be_visible()


def test_a_rebound_name_gets_a_plain_refusal(app: App, chromium: Browser) -> None:
    port = urlsplit(app.url).port
    rebound = [*ARGUMENTS, "--host-resolver-rules=MAP evil.example 127.0.0.1"]
    with chromium.browser_type.launch(executable_path=find_chromium(), args=rebound) as browser:
        page = browser.new_page()
        for path in ("/", key_address("", app.home)):
            page.goto(f"http://evil.example:{port}{path}")
            expect(page.get_by_text("Flowloom isn’t available at this address.")).to_be_visible()
            assert page.locator("script").count() == 0


def test_another_page_of_this_computer_reaches_nothing(app: App, page: Page, other_page: str) -> None:
    """Its requests carry our cookie, as cookies know no ports; the guard looks at where they come from."""
    theirs = page.context.new_page()
    theirs.goto(other_page)
    found = theirs.evaluate(ATTACK, app.url)
    assert found == {"socket": "refused", "read": "refused", "sent": "refused", "inside": "hidden"}
    theirs.close()


def test_a_link_of_another_page_still_opens_ours(app: App, page: Page, other_page: str) -> None:
    theirs = page.context.new_page()
    theirs.goto(other_page.replace("localhost", "127.0.0.1"))
    theirs.evaluate("(app) => { location.href = app + '/settings' }", app.url)
    expect(theirs.get_by_role("heading", level=1, name="Settings")).to_be_visible()
    theirs.close()


def test_no_page_of_ours_needs_what_the_policy_forbids(app: App, page: Page) -> None:
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text) if "Content Security" in message.text else None)
    for path in ("/", "/knowledge", "/inbox", "/runs", "/settings"):
        page.goto(f"{app.url}{path}")
        expect(page.get_by_test_id("stMain")).to_be_visible()
        page.wait_for_load_state("networkidle")
    assert said == []
