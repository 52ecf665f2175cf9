"""Whatever a text says and wherever it is shown: no page of ours asks another computer for anything by itself."""

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from flowloom.flow.edit import Describe
from flowloom.flow.model import Flow, Node, Position
from flowloom.services.models.settings import save_settings
from flowloom.store.templates import Template, templates
from flowloom.workspace import Workspace
from tests.browser.conftest import App, WarmApp, new_context
from tests.browser.test_journey import ask, drawn, open_block
from tests.browser.test_no_edit_is_lost import ready
from tests.loopback import Sink, settings_of
from tests.openai_server import OpenAIServer, Say

pytestmark = pytest.mark.browser


def ways_out(at: str) -> str:
    """One line with every way in which a text can name something of another computer."""
    return (
        f'![p]({at}1) [![q]({at}2)](https://example.org) ![r][far] <img src="{at}3"> '
        f'<svg><image href="{at}4"/></svg> '
        f'<iframe src="{at}5"></iframe> <link rel="stylesheet" href="{at}6"> <style>@import "{at}7";</style> '
        f'<video src="{at}8"></video> [link]({at}9) <{at}10> {at}11 ![s](data:image/svg+xml,%3Csvg/%3E) '
        f"\n\n[far]: {at}12\n"
    )


@pytest.fixture(scope="module")
def far() -> Iterator[Sink]:
    """The other computer."""
    from threading import Thread

    with Sink() as sink:
        Thread(target=sink.serve_forever, daemon=True).start()
        yield sink
        sink.shutdown()


@pytest.fixture(scope="module")
def talkative(tmp_path_factory: pytest.TempPathFactory, server: OpenAIServer, far: Sink) -> Iterator[App]:
    """An app with a GPT all whose texts name things of the other computer."""
    home = tmp_path_factory.mktemp("talkative") / "home"
    home.mkdir(parents=True)
    save_settings(home, settings_of(server))
    workspace = Workspace(home)
    keep_talkative(workspace, ways_out(far.url))
    workspace.close()
    found = WarmApp(home)
    yield found
    found.stop()


def keep_talkative(workspace: Workspace, said: str) -> None:
    helper = next(each for each in templates() if each.id == "knowledge-helper")
    wide = Template(
        helper.id, Flow.model_validate(_told(helper.flow, said)), {"bees.md": f"# Bees\n\n{said}".encode()}
    )
    flow = workspace.intake.create_from_template(wide)
    workspace.editor.open(flow.id).edit(Describe(changes={"name": f"Hives {said}"[:120]}))


def _told(flow: Flow, said: str) -> dict[str, object]:
    nodes = [
        node.model_copy(update={"config": {"template": f"{said} {{{{message}}}}"}})
        if node.kind == "prompt"
        else node
        for node in flow.nodes
    ]
    changed = flow.model_copy(
        update={
            "nodes": (*nodes, Node(id="paper", kind="note", config={"text": said})),
            "description": said[:900],
            "starters": (said[:180].replace("\n", " "),),
            "instructions": said,
            "layout": {**flow.layout, "paper": Position(x=0, y=900)},
        }
    )
    return changed.model_dump(mode="json", by_alias=True)


class Walk:
    """Goes through the pages and notes what they ask for, and of whom."""

    def __init__(self, page: Page, home: str) -> None:
        self.page, self.asked, self.said = page, set[str](), list[str]()
        self._own = urlsplit(home).netloc
        page.on("request", lambda request: self._note(request.url))
        page.on("console", lambda message: self.said.append(message.text))

    def _note(self, url: str) -> None:
        if url.startswith(("http", "ws")) and urlsplit(url).netloc != self._own:
            self.asked.add(url)

    def look(self, place: str) -> None:
        drawn(self.page)
        shown = self.page.evaluate(SHOWN)
        assert not shown, (place, shown)
        led = self.page.evaluate(FOLLOWED)
        assert not led, (place, led)


SHOWN = """() => [...document.querySelectorAll('[src], [srcset], image, use, link[href], object, embed, iframe')]
  .map((each) => each.getAttribute('src') || each.getAttribute('srcset') || each.getAttribute('href') ||
                 each.getAttribute('xlink:href') || each.getAttribute('data') || '')
  .filter((address) => address && !/^(data|blob):/.test(address) &&
                       new URL(address, document.baseURI).origin !== location.origin)"""

FOLLOWED = """() => [...document.querySelectorAll('a[href]')].filter((link) => {
    link.dispatchEvent(new PointerEvent('pointerdown', {bubbles: true, composed: true}));
    // What is no address leads nowhere.
    if (!URL.canParse(link.getAttribute('href'), document.baseURI)) return false;
    const at = new URL(link.getAttribute('href'), document.baseURI);
    return at.origin !== location.origin && at.protocol !== 'data:' && at.protocol !== 'blob:';
  }).map((link) => link.outerHTML)"""


@pytest.fixture
def visitor_of(talkative: App, chromium: Browser) -> Iterator[BrowserContext]:
    context = new_context(chromium)
    talkative.let_in(context)
    yield context
    context.close()


def test_no_place_of_the_app_asks_another_computer(
    talkative: App, visitor_of: BrowserContext, server: OpenAIServer, far: Sink, tmp_path: Path
) -> None:
    page = visitor_of.new_page()
    walk = Walk(page, talkative.url)
    page.goto(talkative.url)
    expect(page.get_by_role("button", name="Open", exact=True)).to_be_visible()
    walk.look("My GPTs")
    page.get_by_role("button", name="Open", exact=True).click()
    ready(page)
    walk.look("Build, with a note and a starter")

    server.script.append(Say(f"{ways_out(far.url)}\n\nThat was all. [1]", per_token=0.01))
    ask(page, f"Where do the hives stand? {ways_out(far.url)}")
    answer = page.get_by_test_id("stChatMessage").last
    expect(answer).to_contain_text("That was all.")
    expect(page.get_by_role("button", name="Try again")).to_be_visible()
    walk.look("An answer")
    for inside in ("1 source", "Why this answer"):
        answer.get_by_role("button", name=inside).click()
        walk.look(inside)
    answer.get_by_role("radiogroup").locator("label").last.click()
    walk.look("Why a sentence is so")

    open_block(page, "prompt")
    page.get_by_text("Preview with last run").click()
    expect(page.locator(".fl-filled")).to_be_visible()
    walk.look("Preview of a prompt")
    open_block(page, "search")
    expect(page.get_by_text("bees.md").first).to_be_visible()
    walk.look("Documents of a block")
    page.get_by_role("button", name="History").click()
    expect(page.get_by_label("Save version as")).to_be_visible()
    walk.look("History")
    page.keyboard.press("Escape")

    page.get_by_role("button", name="Export").click()
    for kind in ("Picture to print (SVG)", "Picture (PNG)"):
        with page.expect_download() as waiting:
            page.get_by_role("button", name=kind).click()
        waiting.value.save_as(tmp_path / waiting.value.suggested_filename)
    page.keyboard.press("Escape")
    (drawing,) = tmp_path.glob("*.svg")
    alone = visitor_of.new_page()
    alone.goto(drawing.as_uri())
    assert alone.evaluate("() => document.documentElement.nodeName") == "svg"
    alone.close()

    page.get_by_role("link", name="Runs").click()
    expect(page.get_by_role("row").filter(has_text="Where do the hives")).to_be_visible()
    walk.look("Runs")
    page.get_by_role("row").filter(has_text="Where do the hives").click()
    expect(page.get_by_role("table", name="Timeline")).to_be_visible()
    for row in page.get_by_role("table", name="Timeline").get_by_role("button").all():
        row.press("Enter")
        walk.look("A block of a run")
    page.get_by_role("link", name="Inbox").click()
    walk.look("Inbox")
    assert walk.asked == set()
    assert far.got == []
    assert [line for line in walk.said if "Content Security" in line] == []
