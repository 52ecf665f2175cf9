"""The console of a workspace, and a GPT that comes from another store, as people meet them."""

import re
from collections.abc import Callable, Iterator
from contextlib import closing
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from flowloom.store_feed import StoreFeed
from flowloom.workspace import Workspace
from tests.browser.conftest import App, WarmApp, new_context
from tests.browser.test_journey import drawn
from tests.browser.test_team import PASSWORD, TeamApp, visit
from tests.gallery.stocking import stock
from tests.workspace_staff import staff_of

pytestmark = pytest.mark.browser
assert visit


@pytest.fixture
def team(tmp_path: Path) -> Iterator[TeamApp]:
    home = tmp_path / "home"
    home.mkdir()
    with closing(Workspace(home)) as workspace:
        staff = staff_of(workspace)
        staff.gpt("ben")
        staff.says("dee", "zanzibar")
        workspace.team.close(staff.people["ada"], staff.people["ben"])
    found = TeamApp(home)
    yield found
    found.stop()


def sign_in(team: TeamApp, page: Page, name: str, path: str) -> None:
    page.goto(f"{team.url}{path}")
    page.get_by_label("Email or name").fill(name)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()


def test_rules_leaving_and_what_people_are_told(team: TeamApp, visit: Callable[[], Page]) -> None:
    ada, dee = visit(), visit()
    sign_in(team, ada, "ada", "/settings?part=workspace")
    expect(ada.get_by_role("heading", name="Rules")).to_be_visible()
    drawn(ada)
    ada.get_by_role("combobox", name="Who shares outside").click()
    ada.get_by_role("option", name="teachers").click()
    drawn(ada)
    days = ada.get_by_label("Days that conversations are kept")
    days.fill("30")
    days.press("Enter")
    expect(ada.get_by_text("deleted 30 days after the last message").first).to_be_visible()
    expect(ada.get_by_text("was Ben’s")).to_be_visible()

    ada.goto(f"{team.url}/settings?part=people")
    expect(ada.get_by_text("Deactivated", exact=True)).to_be_visible()
    drawn(ada)
    ada.get_by_role("button", name=re.compile("Builder")).first.click()
    ada.get_by_role("combobox", name=re.compile("Their GPTs go to")).click()
    ada.get_by_role("option", name="Cy").click()
    ada.get_by_role("button", name="Delete for good").click()
    expect(ada.get_by_text("Ben", exact=True)).to_have_count(0)
    ada.goto(f"{team.url}/settings?part=workspace")
    expect(ada.get_by_text("Every GPT has an owner.")).to_be_visible()

    sign_in(team, dee, "dee", "/gpts")
    dee.get_by_role("link", name="What happens with your chats").click()
    expect(dee.get_by_text("deleted 30 days after the last message")).to_be_visible()
    assert [each["id"] for each in Axe().run(dee).response["violations"]] == []
    with closing(Workspace(team.home)) as workspace:
        told = {each.what: each.about for each in workspace.team.deeds.all(20)}
        assert workspace.team.console.permissions.publish_outside.groups == ("teachers",)
    assert told["account_deleted"] == "Ben → Cy"
    assert "rules_changed" in told


class _Files(SimpleHTTPRequestHandler):
    def log_message(self, *_: Any) -> None: ...


@pytest.fixture
def app(tmp_path: Path) -> Iterator[App]:
    """One that shows the store of a school, which lies on a web host of files."""
    with closing(Workspace(tmp_path / "school")) as school:
        stock(school, "parrot", description="Says back what you say.", may_copy=True)
        StoreFeed(school).write(tmp_path / "web")
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(_Files, directory=str(tmp_path / "web"))) as host:
        Thread(target=host.serve_forever, args=(0.01,), daemon=True).start()
        with closing(Workspace(tmp_path / "home")) as home:
            home.own_hosts.allow(f"127.0.0.1:{host.server_port}")
        found = WarmApp(tmp_path / "home")
        found.feed = f"http://127.0.0.1:{host.server_port}/feed.json"  # type: ignore[attr-defined]
        yield found
        found.stop()
        host.shutdown()


def test_a_gpt_comes_from_another_store_by_the_window_of_imports(app: App, chromium: Browser) -> None:
    context = new_context(chromium)
    app.let_in(context)
    page = context.new_page()
    page.goto(f"{app.url}/settings?part=store")
    expect(page.get_by_role("heading", name="Other stores")).to_be_visible()
    drawn(page)
    field = page.get_by_label("Add a store")
    field.fill(app.feed)  # type: ignore[attr-defined]
    field.press("Enter")
    expect(page.get_by_role("button", name="Ask now")).to_be_visible()

    page.goto(f"{app.url}/store?q=parrot")
    page.get_by_role("link", name=re.compile("parrot")).click()
    assert [each["id"] for each in Axe().run(page).response["violations"]] == []
    page.get_by_role("link", name="Get it").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_text("From another store")).to_be_visible()
    expect(dialog.get_by_text("Says back what you say.")).to_be_visible()
    dialog.get_by_role("button", name="Import this file").click()
    expect(page).to_have_url(re.compile(r"/build\?"))
    with closing(Workspace(app.home)) as home:
        assert [each.name for each in home.flows.entries()] == ["parrot"]
    context.close()
