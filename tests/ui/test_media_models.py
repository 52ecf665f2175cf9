"""Who draws, speaks and listens: chosen in Settings for all blocks, in a form for one."""

import pytest
from tests.ui.test_pages import open_settings

from flowloom.services.models.settings import MEDIA, ModelSettings, Provider
from flowloom.ui.settings.providers import _remove
from flowloom.workspace import Workspace

OPENAI = Provider(id="openai", kind="openai", models=("gpt-4.1",))


def test_what_is_chosen_by_itself_is_said(home: Workspace) -> None:
    app = open_settings("models")
    assert app.selectbox(key="media:pictures:").options[0] == "Automatic (Practice model)"
    home.models_changed(ModelSettings(providers=(OPENAI,)))
    app = open_settings("models")
    assert app.selectbox(key="media:pictures:").options[0] == "Automatic (openai/gpt-image-1)"


def test_another_is_chosen_and_let_go(home: Workspace) -> None:
    home.models_changed(ModelSettings(providers=(OPENAI,)))
    app = open_settings("models")
    app.selectbox(key="media:voice:").set_value("openai/gpt-4.1").run()
    assert home.models.settings.media_model("voice") == "openai/gpt-4.1"
    app.selectbox(key="media:voice:openai/gpt-4.1").set_value("").run()
    assert home.models.settings.media_model("voice") == f"openai/{MEDIA['voice']}"
    assert not app.exception


@pytest.mark.parametrize("role", ["pictures", "voice", "hearing", "moderation"])
def test_who_is_removed_plays_no_role(home: Workspace, role: str) -> None:
    settings = ModelSettings(providers=(OPENAI,), roles={"default": "openai/gpt-4.1", role: "openai/x"})
    home.models_changed(settings)
    _remove(settings, OPENAI)
    assert home.models.settings.roles == {"default": "practice/practice"}
