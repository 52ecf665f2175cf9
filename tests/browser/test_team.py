"""A team as its people meet it: set up from the terminal's code, joined by links, each with what is theirs."""

import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.conftest import PHONE, WarmApp, new_context
from tests.browser.test_journey import drawn, use_template
from tests.browser.test_no_edit_is_lost import ready

pytestmark = pytest.mark.browser

PASSWORD = "a kite over the harbour"
CODE = re.compile(r"(?:[0-9A-Z]{5}-){3}[0-9A-Z]{5}")


class TeamApp(WarmApp):
    """As `flowloom open --team`."""

    more = ("--team",)

    def code(self) -> str:
        """The set-up code that the terminal shows."""
        for _ in range(600):
            if found := CODE.search(self.log.read_text("utf-8")):
                return found[0]
            time.sleep(0.05)
        raise AssertionError("no set-up code was shown")


@pytest.fixture
def team(tmp_path: Path) -> Iterator[TeamApp]:
    found = TeamApp(tmp_path / "home")
    yield found
    found.stop()


@pytest.fixture
def visit(chromium: Browser) -> Iterator[Callable[[], Page]]:
    """A browser of somebody else, as often as it is asked for."""
    opened: list[BrowserContext] = []

    def make() -> Page:
        opened.append(new_context(chromium))
        return opened[-1].new_page()

    yield make
    for context in opened:
        context.close()


def set_up(team: TeamApp, page: Page) -> None:
    page.goto(team.url)
    expect(page).to_have_url(f"{team.url}/set-up")
    page.get_by_label("Set-up code").fill(team.code())
    page.get_by_label("Your name").fill("Ada Lovelace")
    page.get_by_label("Email or name").fill("ada@example.org")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Create account").click()
    expect(page.get_by_role("heading", name="My GPTs")).to_be_visible()


def invite(team: TeamApp, page: Page, role: str) -> str:
    """The link that the app shows once."""
    page.goto(f"{team.url}/settings?part=people")
    expect(page.get_by_role("heading", name="Invite people")).to_be_visible()
    drawn(page)
    page.get_by_role("combobox", name=re.compile("Role")).first.click()
    page.get_by_role("option", name=role).click()
    page.get_by_role("button", name="Create link").click()
    link = page.locator("code").filter(has_text="/invitation/")
    expect(link).to_be_visible()
    found = link.inner_text()
    page.get_by_role("button", name="I copied it").click()
    expect(link).to_have_count(0)
    return found


def join(page: Page, link: str, name: str) -> None:
    page.goto(link)
    page.get_by_label("Your name").fill(name.title())
    page.get_by_label("Email or name").fill(name)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Create account").click()


def test_a_team_from_the_first_account_to_the_first_answer(team: TeamApp, visit: Callable[[], Page]) -> None:
    ada, ben, cy = visit(), visit(), visit()
    set_up(team, ada)
    builder, member = invite(team, ada, "Builder"), invite(team, ada, "Member")
    join(ben, builder, "ben")
    expect(ben.get_by_role("heading", name="My GPTs")).to_be_visible()
    join(cy, member, "cy")
    expect(cy).to_have_url(f"{team.url}/gpts")
    expect(cy.get_by_text("Nothing is shared with you yet")).to_be_visible()

    ada.goto(team.url)
    use_template(ada, "Knowledge helper")
    ready(ada)
    address = ada.url
    ada.get_by_role("button", name="Publish").first.click()
    dialog = ada.get_by_role("dialog")
    expect(dialog.get_by_text("Everyone in this workspace")).to_be_visible()
    dialog.get_by_role("button", name="Publish").click()
    expect(dialog.get_by_text("Stop sharing")).to_be_visible()

    cy.reload()
    cy.get_by_role("link", name=re.compile("Knowledge helper")).click()
    cy.get_by_role("textbox").first.fill("How many days of holiday do I have?")
    cy.keyboard.press("Enter")
    expect(cy.get_by_text(re.compile("28 days")).first).to_be_visible()
    cy.goto(f"{team.url}/build")
    expect(cy.get_by_text("You can’t open this.")).to_be_visible()

    ben.goto(address)
    expect(ben.get_by_text("You can’t open this.")).to_be_visible()
    ben.goto(team.url)
    expect(ben.get_by_role("heading", name="Shared with you")).to_be_visible()
    stranger = visit()
    stranger.goto(f"{team.url}/gpt/knowledge-helper")
    expect(stranger).to_have_url(re.compile("/sign-in"))


def test_signing_out_everywhere_ends_what_is_open(team: TeamApp, visit: Callable[[], Page]) -> None:
    one, other = visit(), visit()
    set_up(team, one)
    other.goto(f"{team.url}/runs")
    other.get_by_label("Email or name").fill("ADA@example.org")
    other.get_by_label("Password").fill(PASSWORD)
    other.get_by_role("button", name="Sign in", exact=True).click()
    expect(other.get_by_role("heading", name="Runs", exact=True)).to_be_visible()
    one.goto(f"{team.url}/you")
    one.get_by_role("link", name=re.compile("Sign out")).click()
    expect(one.get_by_text("Where you are signed in")).to_be_visible()
    one.get_by_role("button", name="Sign out everywhere").click()
    expect(one).to_have_url(f"{team.url}/sign-in")
    drawn(other)
    other.get_by_role("link", name="Knowledge").first.click()
    expect(other.get_by_role("heading", name="Knowledge", exact=True)).to_have_count(0)
    other.reload()
    expect(other).to_have_url(re.compile("/sign-in"))


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_serious_stands_in_the_way(
    team: TeamApp, chromium: Browser, scheme: Literal["light", "dark"]
) -> None:
    context = chromium.new_context(**{**PHONE, "color_scheme": scheme})
    page = context.new_page()
    page.goto(team.url)
    found: list[str] = []

    def look(place: str) -> None:
        for rule in Axe().run(page).response["violations"]:
            found.append(f"{place}: {rule['id']}: {[node['html'] for node in rule['nodes']]}")
        wide = page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
        assert not wide, f"{place} is wider than a phone"

    look("set up")
    set_up(team, page)
    page.goto(f"{team.url}/account")
    look("account")
    page.get_by_label("Current password").fill("wrong password")
    page.get_by_label("New password").fill("another long sentence")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("alert")).to_be_visible()
    look("account, wrong password")
    page.goto(f"{team.url}/gpts")
    look("GPTs")
    page.goto(f"{team.url}/account")
    page.get_by_role("button", name="Sign out", exact=True).first.click()
    expect(page).to_have_url(f"{team.url}/sign-in")
    look("sign in")
    page.goto(f"{team.url}/invitation/x")
    look("an old link")
    context.close()
    assert not found
