"""A first model: its key is tested before anything is kept, and it is offered for everything."""

from collections.abc import Iterator

import pytest
from streamlit.testing.v1 import AppTest
from tests.openai_server import OpenAIServer, Say
from tests.ui.test_pages import labelled, open_settings

from flowloom.services.models.presets import PRESETS, Preset
from flowloom.services.models.probe import Found
from flowloom.services.models.settings import PRACTICE, load_settings
from flowloom.ui.settings import add_model
from flowloom.workspace import Workspace

KEY = "sk-very-secret"


@pytest.fixture
def server() -> Iterator[OpenAIServer]:
    with OpenAIServer(models=("gpt-4.1-mini", "text-embedding-3-small", "gpt-9")) as found:
        yield found


@pytest.fixture(autouse=True)
def nothing_local(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(add_model, "_local_models", list)


@pytest.fixture
def page(home: Workspace, server: OpenAIServer, monkeypatch: pytest.MonkeyPatch) -> AppTest:
    """The settings, where OpenAI is the server of this test."""
    ours = {"openai": server.url}
    presets = tuple(
        preset.model_copy(update={"base_url": ours.get(preset.id, preset.base_url)}) for preset in PRESETS
    )
    monkeypatch.setattr(add_model, "PRESETS", presets)
    return open_settings("models")


def add_openai(page: AppTest, key: str) -> AppTest:
    page.button(key="add_model:openai").click().run()
    labelled(page.text_input, "Key").input(key)
    return labelled(page.button, "Test and add").click().run()


@pytest.mark.parametrize("pasted", [f" {KEY} ", f'"{KEY}"', f'export OPENAI_API_KEY="{KEY}"\n'])
def test_a_key_is_all_it_takes(home: Workspace, page: AppTest, server: OpenAIServer, pasted: str) -> None:
    add_openai(page, pasted)
    assert not page.exception
    assert [said.value for said in page.success] == ["OpenAI works."]
    assert {request.headers["authorization"] for request in server.requests} == {f"Bearer {KEY}"}
    assert load_settings(home.home).roles == dict.fromkeys(("default", "fast", "careful"), PRACTICE)
    labelled(page.button, "Use it everywhere").click().run()
    kept = load_settings(home.home)
    assert kept.roles == dict.fromkeys(("default", "fast", "careful"), "openai/gpt-4.1-mini")
    assert kept.provider("openai").models == ("gpt-4.1-mini",)  # type: ignore[union-attr]
    assert home.secrets.reveal("openai") == KEY
    assert KEY not in (home.home / "models.json").read_text("utf-8")
    assert KEY not in str(page.main) + str([field.value for field in page.text_input])


def test_a_key_that_fails_is_not_kept(home: Workspace, page: AppTest, server: OpenAIServer) -> None:
    server.default = Say(status=401, error={"message": "no"})
    add_openai(page, KEY)
    assert len(page.error) == 1
    assert load_settings(home.home).provider("openai") is None
    assert not home.secrets.has("openai")
    server.default = None
    labelled(page.button, "Test and add").click().run()  # the key is still in its field
    assert not page.error
    assert home.secrets.reveal("openai") == KEY


def test_without_a_key_nothing_is_asked(page: AppTest, server: OpenAIServer) -> None:
    add_openai(page, "  ")
    assert "Paste the key first" in page.error[0].value
    assert not server.requests


def test_who_is_offline_adds_it_anyway(home: Workspace, page: AppTest, server: OpenAIServer) -> None:
    server.default = Say(status=503, error={"message": "away"})
    add_openai(page, KEY)
    page.button(key="add_untested").click().run()
    assert load_settings(home.home).provider("openai")
    assert home.secrets.reveal("openai") == KEY
    assert not page.success


@pytest.mark.parametrize("address", ["ftp://x", "", "my server", "https://user:pass@x/v1"])
def test_a_wrong_address_is_refused(home: Workspace, page: AppTest, address: str) -> None:
    labelled(page.selectbox, "Add a provider").select("other").run()
    labelled(page.text_input, "Server address").input(address)
    labelled(page.button, "Test and add").click().run()
    assert "has to start with http" in page.error[0].value
    assert len(load_settings(home.home).providers) == 1


def test_any_compatible_server_is_added(home: Workspace, page: AppTest, server: OpenAIServer) -> None:
    labelled(page.selectbox, "Add a provider").select("other").run()
    labelled(page.text_input, "Server address").input(server.url)
    labelled(page.button, "Test and add").click().run()
    labelled(page.selectbox, "Model").select("gpt-9").run()
    page.button(key="use:connected").click().run()
    (provider,) = (each for each in load_settings(home.home).providers if each.kind == "compatible")
    assert provider.models == ("gpt-4.1-mini", "gpt-9")
    assert provider.name == "127.0.0.1"
    assert not provider.secret
    assert home.models.settings.roles["careful"] == f"{provider.id}/gpt-9"


def test_what_runs_on_this_computer_is_offered(
    home: Workspace, server: OpenAIServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    near = Preset(id="lmstudio", name="LM Studio", kind="compatible", base_url=server.url, needs_key=False)
    monkeypatch.setattr(add_model, "_local_models", lambda: [Found(near, ("m", "n"))])
    page = open_settings("models")
    assert any("LM Studio is running on this computer" in said.value for said in page.markdown)
    labelled(page.selectbox, "Model").select("n").run()
    page.button(key="use:lmstudio").click().run()
    assert home.models.settings.roles["default"] == "lmstudio/n"
    assert not any("is running on this computer" in said.value for said in page.markdown)


def test_a_key_of_another_vendor_is_refused_before_it_is_tried(home: Workspace) -> None:
    app = open_settings("models")
    app.button(key="add_model:openai").click().run()
    labelled(app.text_input, "Key").set_value(" 'sk-ant-secret' ")
    labelled(app.button, "Test and add").click().run()
    assert any("This is a key of Anthropic" in said.value for said in app.error)
    assert not home.secrets.has("openai")
