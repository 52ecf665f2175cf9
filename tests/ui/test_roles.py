"""Which models answer, and who is asked instead: in Settings, and where a model is taken away."""

import pytest
from tests.ui.test_pages import labelled, open_settings

from flowloom.services.models.settings import PRACTICE, ModelSettings, Provider
from flowloom.ui.settings.providers import _remove
from flowloom.workspace import Workspace

ONE, TWO, THREE = (
    Provider(id=id, kind="compatible", name=id, base_url="https://models.example/v1", models=("m",))
    for id in ("one", "two", "three")
)
LABEL = "Default model: if it can’t answer, ask"


def test_others_are_asked_in_the_order_they_were_chosen(home: Workspace) -> None:
    home.models_changed(ModelSettings(providers=(ONE, TWO, THREE), roles={"default": "one/m"}))
    app = open_settings("models")
    labelled(app.multiselect, LABEL).set_value(["three/m", "two/m"]).run()
    assert not app.exception
    assert home.models.settings.fallbacks["default"] == ("three/m", "two/m")
    assert "one/m" not in labelled(app.multiselect, LABEL).options, "nobody stands in for itself"


def test_who_comes_to_play_the_role_no_longer_stands_in_for_it(home: Workspace) -> None:
    home.models_changed(
        ModelSettings(providers=(ONE, TWO), roles={"default": "one/m"}, fallbacks={"default": ("two/m",)})
    )
    app = open_settings("models")
    app.selectbox(key="role:default:one/m").set_value("two/m").run()
    assert home.models.settings.roles["default"] == "two/m"
    assert home.models.settings.fallbacks["default"] == ()


def test_nobody_stands_in_for_the_practice_model(home: Workspace) -> None:
    home.models_changed(ModelSettings(providers=(ONE,)))
    app = open_settings("models")
    assert not [found for found in app.multiselect if found.label == LABEL]


@pytest.mark.parametrize(
    ("fallbacks", "roles", "left"),
    [
        ((), {"default": PRACTICE}, {}),
        (("two/m",), {"default": "two/m"}, {}),
        (("one/other", "two/m", "three/m"), {"default": "two/m"}, {"default": ("three/m",)}),
    ],
)
def test_where_a_provider_is_removed_who_stood_in_takes_over(
    home: Workspace, fallbacks: tuple[str, ...], roles: dict[str, str], left: dict[str, tuple[str, ...]]
) -> None:
    settings = ModelSettings(
        providers=(ONE, TWO, THREE), roles={"default": "one/m"}, fallbacks={"default": fallbacks}
    )
    home.models_changed(settings)
    _remove(settings, ONE)
    assert (home.models.settings.roles, home.models.settings.fallbacks) == (roles, left)
