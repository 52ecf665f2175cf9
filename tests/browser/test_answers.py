"""How an answer looks, while it streams and afterwards: maths, money, pictures, and a page that stands still."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import quote

import pytest
from playwright.sync_api import Locator, Page, expect

from flowloom.services.network.local_network import OwnHosts
from tests.browser.conftest import App
from tests.browser.test_journey import ask
from tests.loopback import Far, png
from tests.openai_server import OpenAIServer, Say

pytestmark = pytest.mark.browser


@pytest.fixture
def page(tab: Page) -> Page:
    return tab


@pytest.fixture
def listener() -> Iterator[tuple[str, list[str]]]:
    """The address of a server that waits for a picture to be asked for, and what it was asked."""
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_error(404)

        def log_message(self, format: str, *args: object) -> None:
            pass

    listening = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=listening.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{listening.server_port}", asked
    listening.shutdown()
    listening.server_close()


PICTURES = """Look:

![inline]({at}/1) ![named][pic] ![pic] <img src="{at}/2">

[![linked]({at}/3)](https://example.org)

- `a
![in an item]({at}/4) `b

<div>

![after a tag]({at}/5)

</div>

```mermaid
flowchart TD
A@{{ img: "{at}/6", label: "x" }}
```

[pic]: {at}/7

That was all."""


def test_no_picture_is_fetched_by_itself(
    server: OpenAIServer, page: Page, chat: Locator, listener: tuple[str, list[str]]
) -> None:
    at, asked = listener
    server.script.append(Say(PICTURES.format(at=at), per_token=0.03))
    ask(page, "Show me bees")
    expect(chat.last).to_contain_text("That was all.")
    expect(page.get_by_role("button", name="Try again")).to_be_visible()
    link = chat.last.get_by_role("link", name="Picture: inline (127.0.0.1)")
    expect(link).to_have_attribute("href", f"/away?lang=en&to={quote(f'{at}/1', safe='')}")
    page.wait_for_timeout(500)
    assert asked == []
    assert chat.last.locator("img:not([src^='data:']):not([src^='blob:'])").count() == 0


LINKS = """Look:

[link]({at}/1) [named][way] <{at}/2> {at}/3 [mail](mailto:x@example.org?body=secret) <a href="{at}/4">tag</a>

| a | b |
|---|---|
| [cell]({at}/5) | {at}/6 |

[way]: {at}/7

That was all."""


def test_every_link_of_an_answer_shows_first_where_it_leads(
    server: OpenAIServer, page: Page, chat: Locator, listener: tuple[str, list[str]]
) -> None:
    at, asked = listener
    server.script.append(Say(LINKS.format(at=at), per_token=0.03))
    ask(page, "Where to?")
    expect(chat.last).to_contain_text("That was all.")
    expect(page.get_by_role("button", name="Try again")).to_be_visible()
    links = chat.last.get_by_role("link")
    addresses = links.evaluate_all("(links) => links.map((link) => link.getAttribute('href'))")
    assert len(addresses) == 7
    assert all(address.startswith("/away?") for address in addresses)
    with page.expect_popup() as opened:
        links.first.click()
    before = opened.value
    expect(before.locator("mark")).to_have_text(at.removeprefix("http://"))
    assert asked == []
    before.get_by_role("link", name="Go to").click()
    before.wait_for_url(f"{at}/1")
    assert asked[0] == "/1"
    before.close()


def test_a_link_that_nobody_wrote_anew_is_caught_at_the_click(
    page: Page, chat: Locator, listener: tuple[str, list[str]]
) -> None:
    """Wherever a text of somebody is shown: here one that stands in the page as it is."""
    at, asked = listener
    page.evaluate(
        "(at) => document.body.insertAdjacentHTML('beforeend', `<a id=raw href='${at}/x?q=secret' "
        "style='position:fixed;top:50%;left:50%;z-index:9999999'>raw</a>`)",
        at,
    )
    for press in ("left", "middle"):
        with page.context.expect_page() as opened:
            page.locator("#raw").click(button=press)  # type: ignore[arg-type]
        expect(opened.value.locator("mark")).to_have_text(at.removeprefix("http://"))
        opened.value.close()
    page.locator("#raw").evaluate("(link, at) => link.setAttribute('href', at)", at)
    page.locator("#raw").press("Shift")
    assert page.locator("#raw").get_attribute("href").startswith("/away?")  # type: ignore[union-attr]
    assert asked == []


def test_the_browser_itself_asks_no_one_else_for_pictures(
    page: Page, chat: Locator, listener: tuple[str, list[str]]
) -> None:
    at, asked = listener
    page.evaluate(
        "(at) => new Promise((done) => { const picture = new Image(); picture.onerror = done; picture.src = at; })",
        at,
    )
    assert asked == []


def test_pictures_of_a_host_are_shown_where_a_person_said_so(
    set_up: App, server: OpenAIServer, page: Page, chat: Locator
) -> None:
    with Far() as far:
        threading.Thread(target=far.serve_forever, daemon=True).start()
        OwnHosts(set_up.home).allow(far.host)
        far.places["/bee.png"] = (200, {"content-type": "image/png"}, png())
        said = f"A bee: ![Bee](http://{far.host}/bee.png) ![Gone](http://{far.host}/gone.png)"
        host = far.host
        server.script.extend([Say(said), Say(said), Say(said)])
        shown = chat.last.get_by_role("img", name=f"Bee · {host}")

        ask(page, "Show me a bee")
        expect(page.get_by_role("button", name="Try again")).to_be_visible()
        assert far.asked == []
        chat.last.get_by_role("button", name=f"Show pictures from {host}").click()
        expect(shown).to_be_visible()
        assert shown.evaluate("image => new URL(image.src).origin === location.origin && image.naturalWidth") == 40
        expect(chat.last).to_contain_text(f"A picture from {host} could not be shown.")
        asked = len(far.asked)

        # Once is for this answer only, and what was shown is not asked for again.
        ask(page, "Another one")
        expect(chat).to_have_count(4)
        expect(chat.last.get_by_role("button", name="Always for this GPT")).to_be_visible()
        assert len(far.asked) == asked
        chat.last.get_by_role("button", name="Always for this GPT").click()
        expect(shown).to_be_visible()
        ask(page, "And one more")
        expect(chat).to_have_count(6)
        expect(shown).to_be_visible()

        there = page.url
        page.goto(f"{set_up.url}/settings?part=privacy")
        expect(page.get_by_text(f"pictures from {host}")).to_be_visible()
        page.locator("[class*='st-key-consent']").get_by_role("button", name="Remove").click()
        expect(page.get_by_text(f"pictures from {host}")).to_have_count(0)
        page.goto(there)
        expect(chat.last.get_by_role("button", name=f"Show pictures from {host}")).to_be_visible()
        far.shutdown()


def test_maths_is_set_and_money_is_not(server: OpenAIServer, page: Page, chat: Locator) -> None:
    server.script.append(Say("Between $5 and $10. So \\(x^2\\) and\n\\[\ny\n+ 1\n\\]\n:red[x] :smile: `$a$`"))
    ask(page, "How much?")
    expect(chat.last.locator(".katex")).to_have_count(2)
    expect(chat.last.locator(".katex-display")).to_have_count(1)
    expect(chat.last).to_contain_text("Between $5 and $10.")
    expect(chat.last).to_contain_text(":red[x]")
    expect(chat.last).to_contain_text("smile:")
    expect(chat.last.locator("code")).to_have_text("$a$")
    chat.last.get_by_role("button", name="Why this answer").click()
    chat.last.get_by_role("radiogroup").get_by_text("Between $5 and $10.").click()
    expect(chat.last).to_contain_text("Nothing read in this run says this.")
    chat.last.get_by_role("button", name="Show “Look it up”").click()
    expect(page.get_by_role("heading", name="Look it up")).to_be_visible()


LONG = "\n\n".join(f"Line {number} of a long answer about bees." for number in range(1, 61))


@pytest.fixture
def streaming(server: OpenAIServer, page: Page, chat: Locator) -> None:
    """A long answer is coming in that no longer fits the box of the chat."""
    server.script.append(Say(LONG, per_token=0.03))
    ask(page, "Tell me all about bees")
    expect(chat.last).to_contain_text("Line 20 of")


BOX = """() => {
    let box = document.querySelector('[data-testid=stChatMessage]');
    while (box && !(/auto|scroll/.test(getComputedStyle(box).overflowY) && box.scrollHeight > box.clientHeight))
        box = box.parentElement;
    return box;
}"""
FROM_END = f"() => {{ const box = ({BOX})(); return box.scrollHeight - box.clientHeight - box.scrollTop; }}"
TOP = f"() => ({BOX})().scrollTop"


@pytest.mark.usefixtures("streaming")
def test_a_long_answer_is_followed_to_its_end(page: Page, chat: Locator) -> None:
    top = page.evaluate(TOP)
    expect(chat.last).to_contain_text("Line 40 of")
    assert page.evaluate(TOP) > top
    assert page.evaluate(FROM_END) < 80
    assert page.evaluate("scrollY") == 0
    expect(page.get_by_role("button", name="Try again")).to_be_visible()


def scrolled_to(page: Page) -> float:
    """Where the chat is once scrolling, which browsers draw out, has come to its end."""
    before, now = -1.0, float(page.evaluate(TOP))
    while before != now:
        page.wait_for_timeout(300)
        before, now = now, float(page.evaluate(TOP))
    return now


@pytest.mark.usefixtures("streaming")
def test_a_person_who_scrolls_up_is_left_there(page: Page, chat: Locator) -> None:
    first = chat.last.get_by_text("Line 2 of")
    page.mouse.move(1150, 400)
    page.mouse.wheel(0, -3000)
    top = scrolled_to(page)
    place = first.bounding_box()
    expect(chat.last).to_contain_text("Line 45 of")
    assert page.evaluate(TOP) == top
    expect(page.get_by_role("button", name="Try again")).to_have_count(1)
    page.wait_for_timeout(500)
    assert page.evaluate(TOP) == top
    assert first.bounding_box() == place
