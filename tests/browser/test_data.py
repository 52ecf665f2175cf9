"""A question over a table a person attaches: the chart is seen, also after a reload, and the code can be read."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import App
from tests.browser.starting import open_template
from tests.browser.test_journey import ask

pytestmark = pytest.mark.browser


@pytest.fixture
def page(tab: Page) -> Page:
    return tab


CSV = "Région;Montant\nNord;1 234,50\nSud;2 000,00\nNord;10,5\n".encode()


def test_a_table_becomes_a_chart(app: App, page: Page) -> None:
    open_template(app, page, "Sales analyst")
    file = {"name": "ventes.csv", "mimeType": "text/csv", "buffer": CSV}
    page.get_by_test_id("stChatInput").locator("input[type=file]").set_input_files([file])
    expect(page.get_by_test_id("stChatInput").get_by_text("ventes.csv")).to_be_visible()
    ask(page, "Dessine le total du montant par région en barres")
    picture = page.get_by_role("img", name="Somme Montant par Région")
    expect(picture).to_be_visible()
    page.reload()
    expect(picture).to_be_visible()
    assert picture.evaluate("image => image.naturalWidth") > 600
    page.get_by_text("Show the calculation").click()
    expect(page.get_by_text("chart('bar', result")).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("button", name="Somme Montant par Région.png").click()
    assert download.value.suggested_filename == "Somme Montant par Région.png"
