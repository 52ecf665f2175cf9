"""What was spent, its limits and the prices, in Settings and under About."""

import pytest
from tests.ui.test_pages import configure_page, labelled, open_page, open_settings

from flowloom.flow.model import Flow
from flowloom.services.models.presets import PRESETS
from flowloom.services.models.settings import ALL_GPTS, ModelSettings, Price
from flowloom.workspace import Workspace

ALL = "Monthly limit of all GPTs, in US dollars"


@pytest.fixture
def settings(home: Workspace) -> ModelSettings:
    found = ModelSettings().with_provider(PRESETS[0].provider())
    home.models_changed(found)
    return found


def test_what_each_gpt_spent_is_told(home: Workspace, settings: ModelSettings) -> None:
    flow = home.flows.create(Flow(name="Tutor | night"))
    home.spending.add(flow.id, 1.25)
    home.spending.add("gone", 0.25)
    home.models_changed(settings.model_copy(update={"monthly": {flow.id: 3.0}}))
    app = open_settings("models")
    said = "\n".join(each.value for each in app.markdown)
    assert "This month: \\$1.50" in said
    assert "| Tutor \\| night | \\$1.25 | \\$3.00 |" in said
    assert "| A deleted GPT | \\$0.2500 |  |" in said


def test_limits_are_set_and_taken_away(home: Workspace, settings: ModelSettings) -> None:
    app = open_settings("models")
    labelled(app.number_input, ALL).set_value(20.0).run()
    assert home.models.settings.monthly == {ALL_GPTS: 20.0}
    labelled(app.number_input, ALL).set_value(None).run()
    assert home.models.settings.monthly == {}
    assert not app.exception


def test_one_gpt_has_a_limit_of_its_own(home: Workspace, settings: ModelSettings) -> None:
    flow = home.flows.create(Flow(name="Tutor"))
    app = open_page(configure_page, gpt=flow.id)
    labelled(app.number_input, "US dollars a month").set_value(2.5).run()
    assert home.models.settings.monthly == {flow.id: 2.5}


def test_prices_are_ones_own_or_public(home: Workspace, settings: ModelSettings) -> None:
    app = open_settings("models")
    assert any("Public price: " in said.value for said in app.caption)
    labelled(app.number_input, "US dollars for a million tokens read").set_value(1.5)
    labelled(app.number_input, "US dollars for a million tokens written").set_value(6.0)
    next(button for button in app.button if button.label == "Save").click().run()
    assert home.models.settings.prices == {"openai/gpt-4.1-mini": Price(input=1.5, output=6.0)}
    app.run()
    assert any("Your own price: \\$1.50 read, \\$6.00 written" in said.value for said in app.caption)
