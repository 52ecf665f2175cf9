"""A mail folder, from the page: made there, a message arrives, and its run is looked at."""

from contextlib import closing

import pytest
from playwright.sync_api import Page, expect

from flowloom.services.network.local_network import OwnHosts
from flowloom.workspace import Workspace
from tests.browser.conftest import App
from tests.imap_server import imap_server
from tests.test_batches import ECHO
from tests.test_mail_folders import until

pytestmark = pytest.mark.browser


def test_a_message_that_arrives_is_asked(own_app: App, own_page: Page) -> None:
    page = own_page
    with imap_server() as imap, closing(Workspace(own_app.home)) as workspace:
        workspace.flows.create(ECHO)
        OwnHosts(own_app.home).allow(f"127.0.0.1:{imap.port}")
        page.goto(f"{own_app.url}/runs")
        page.get_by_role("button", name="Automatic runs").click()
        page.get_by_role("tab", name="By email").click()
        page.get_by_role("textbox", name="IMAP server").fill("127.0.0.1")
        page.get_by_role("combobox", name="Security").click()
        page.get_by_role("option", name="None, only on this computer").click()
        port = page.get_by_role("spinbutton", name="Port")
        expect(port).to_have_value("143")
        port.fill(str(imap.port))
        port.press("Enter")
        page.get_by_role("textbox", name="User name").fill("ada@example.org")
        page.get_by_role("textbox", name="Password").fill(imap.password)
        page.get_by_role("button", name="Add mail folder").click()
        expect(page.get_by_text("ada@example.org")).to_be_visible()
        (folder,) = workspace.mail_folders.store.all()
        until(lambda: workspace.mail_folders.store.get(folder.id).last)  # type: ignore[union-attr]
        imap.inbox.put(b"From: Ben <ben@example.org>\nSubject: Lamp\n\nIt is broken.\n")
        page.get_by_role("button", name="Check now").click()
        until(lambda: workspace.mail_folders.store.last_run(folder.id))
        page.get_by_role("button", name="Check now").click()
        page.get_by_role("button", name="Last run").click()
        expect(page.get_by_text("It is broken.").first).to_be_visible()
