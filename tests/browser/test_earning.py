"""A GPT is bought as people buy: seen in the store, refused in the chat, ordered, paid, used, and earned from."""

from collections.abc import Iterator
from contextlib import closing

import pytest
from playwright.sync_api import Browser, expect

from flowloom.earning.settings import SellingSettings
from flowloom.money import Price
from flowloom.workspace import Workspace
from tests.browser.conftest import App, WarmApp, new_context
from tests.browser.test_published_page import answer, ask, settled, visitor
from tests.browser.test_store import legible
from tests.earning.shop import IBAN
from tests.gallery.stocking import stock

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    home = tmp_path_factory.mktemp("earning") / "home"
    home.mkdir(parents=True)
    with closing(Workspace(home)) as workspace:
        workspace.selling.keep_settings(
            SellingSettings(currencies=("EUR",), name="Evening school", address="1 Quay Street\nGalway", iban=IBAN)
        )
        price = Price(kind="month", amount=450, currency="EUR")
        stock(workspace, "Parrot", description="Says back what you say.", category="education", price=price)
    found = WarmApp(home)
    yield found
    found.stop()


def test_from_the_price_to_the_earnings(app: App, chromium: Browser) -> None:
    context = visitor(chromium, "phone")
    page = context.new_page()
    page.goto(f"{app.url}/gpt/parrot")
    ask(page, "Polly")
    expect(page.get_by_text("This GPT has a price.")).to_be_visible()
    page.get_by_role("link", name="Buy").click()
    expect(page.get_by_text("4.50\u00a0EUR a month")).to_be_visible()
    legible(page)
    page.get_by_label("Your name or company").fill("Ann Example")
    page.get_by_role("button", name="Order on invoice").click()
    expect(page.get_by_role("heading", name="Order 00001")).to_be_visible()
    expect(page.get_by_text("DE89 3704 0044 0532 0130 00")).to_be_visible()
    legible(page)

    desk = new_context(chromium)
    app.let_in(desk)
    host = desk.new_page()
    host.goto(f"{app.url}/my-store")
    host.get_by_role("tab", name="Sales").click()
    host.get_by_role("button", name="Mark as paid").click()
    expect(host.get_by_text("Nobody owes you anything.")).to_be_visible()

    page.reload()
    page.get_by_role("link", name="Chat now").click()
    ask(page, "Polly")
    expect(answer(page)).to_contain_text("Polly")
    settled(page)

    host.get_by_role("tab", name="Earnings").click()
    expect(host.get_by_test_id("stMetricValue")).to_have_text("4.50\u00a0EUR")
    with host.expect_download() as saved:
        host.get_by_role("button", name="Statement as PDF").click()
    assert saved.value.path().read_bytes().startswith(b"%PDF")
    context.close(), desk.close()
