"""The store as people meet it: found, tried, rated, reported, and what is taken down in the middle of a talk."""

from collections.abc import Iterator
from contextlib import closing

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from flowloom.gallery.moderation import By
from flowloom.workspace import Workspace
from tests.browser.conftest import App, WarmApp
from tests.browser.test_published_page import SCREENS, answer, ask, settled, visitor
from tests.gallery.stocking import stock

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    home = tmp_path_factory.mktemp("store") / "home"
    home.mkdir(parents=True)
    with closing(Workspace(home)) as workspace:
        about = "Says back what you say, to practise a language."
        stock(workspace, "Parrot", description=about, category="education", starters=("Bonjour",), may_copy=True)
        stock(workspace, "Tulips", description="Says when to plant which bulbs.", category="Gardening", use=5)
    found = WarmApp(home)
    yield found
    found.stop()


def legible(page: Page) -> None:
    violations = Axe().run(page).response["violations"]
    assert [(each["id"], each["nodes"][0]["target"]) for each in violations] == []


@pytest.mark.parametrize("screen", SCREENS)
def test_from_the_store_to_a_rating_and_a_takedown(app: App, chromium: Browser, screen: str) -> None:
    context = visitor(chromium, screen, color_scheme="dark" if screen == "phone" else "light")
    page = context.new_page()
    page.goto(f"{app.url}/store")
    legible(page)
    page.get_by_role("searchbox").fill("apprendre une langue")
    page.get_by_role("button", name="Search").click()
    page.get_by_role("link", name="Parrot").click()
    expect(page.get_by_role("heading", name="What it can do")).to_be_visible()
    expect(page.get_by_alt_text("Drawing of the blocks")).to_have_js_property("complete", True)
    legible(page)
    shared = page.url

    page.get_by_text("Rate this GPT").click()
    page.get_by_text("5 ★").click()
    page.get_by_role("button", name="Rate it").click()
    expect(page.get_by_role("status").filter(has_text="You haven’t used this GPT yet.")).to_be_visible()
    page.get_by_role("link", name="Chat now").click()
    ask(page, "Polly wants a cracker")
    expect(answer(page)).to_contain_text("Polly wants a cracker")
    settled(page)

    page.goto(shared)
    page.get_by_text("Rate this GPT").click()
    page.get_by_text("5 ★").click()
    page.get_by_label("Why?").fill(f"Patient, on a {screen}.")
    page.get_by_role("button", name="Rate it").click()
    expect(page.get_by_role("status").filter(has_text="Thank you.")).to_be_visible()
    page.reload()
    expect(page.get_by_text(f"Patient, on a {screen}.")).to_be_visible()
    page.get_by_text("Report this GPT").click()
    page.get_by_label("Tell more").fill("It repeats rude words.")
    page.get_by_role("button", name="Send report").click()
    expect(page.get_by_role("status").filter(has_text="will read it")).to_be_visible()

    page.get_by_role("link", name="Chat now").click()
    ask(page, "Once more")
    expect(answer(page)).to_contain_text("Once more")
    settled(page)
    with closing(Workspace(app.home)) as workspace:
        found = workspace.publications.find("parrot").flow.id
        moderation = workspace.gallery.moderation
        assert [each.text for each in moderation.reports()[found]] == ["It repeats rude words."]
        moderation.decide(found, "down", "It repeats rude words.", By(True))
        ask(page, "Still there?")
        expect(
            page.get_by_text("taken down by whoever looks after the store: It repeats rude words.")
        ).to_be_visible()
        moderation.restore(found, By(True))
    context.close()
