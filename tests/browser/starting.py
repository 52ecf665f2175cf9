"""A GPT to begin with, made as the button of a template makes it, without drawing the page that has the button."""

from contextlib import closing
from pathlib import Path
from typing import Protocol

from playwright.sync_api import Page, expect

from flowloom.store.templates import templates
from flowloom.workspace import Workspace
from tests.browser.test_journey import drawn


class Running(Protocol):
    """An app that answers at `url` and keeps its data in `home`."""

    home: Path
    url: str


def open_template(app: Running, page: Page, name: str) -> str:
    """Show a new GPT, ready to be talked to; its id."""
    template = next(each for each in templates() if each.flow.name == name)
    with closing(Workspace(app.home)) as workspace:
        flow = workspace.intake.create_from_template(template)
    page.goto(f"{app.url}/build?gpt={flow.id}")
    expect(page.get_by_test_id("canvas")).to_be_attached()
    expect(page.get_by_test_id("stChatInputTextArea")).to_be_visible()
    drawn(page)
    return flow.id
