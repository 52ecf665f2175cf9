"""What the next message takes, and the limits of a run, as a person meets them."""

from typing import Any

import pytest
from streamlit.testing.v1 import AppTest
from tests.ui.test_pages import chat_page, configure_page, labelled, open_page

from flowloom.flow.model import Budget, Flow
from flowloom.run.planning.forecast import Forecast
from flowloom.services.models.presets import PRESETS
from flowloom.services.models.settings import ROLES, ModelSettings, Provider
from flowloom.store.templates import templates
from flowloom.workspace import Workspace


def line_page() -> None:
    import streamlit as st

    from flowloom.ui.gpt.forecast import line_of

    st.text(line_of(st.session_state["found"], st.session_state["usual"]))


def line(usual: float | None = None, language: str = "en", **facts: Any) -> str:
    found = Forecast(
        **{"least": 3, "most": 9, "cost": 0.04, "hosts": (), "blocks": (), "stops": None, "unpriced": ()} | facts
    )
    app = AppTest.from_function(line_page)
    for name, value in {"found": found, "usual": usual, "language": language}.items():
        app.session_state[name] = value
    return str(app.run().text[0].value)


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ({"hosts": ("a", "b")}, "3 to 9 model calls · at most \\$0.0400 · data can reach 2 hosts"),
        ({"least": 1, "most": 1, "cost": 0.0}, "1 model call · free · data stays on this computer"),
        ({"cost": None, "hosts": ("a",)}, "3 to 9 model calls · cost unknown · data can reach 1 host"),
        ({"stops": 0.01}, "3 to 9 model calls · stops near \\$0.0100 · data stays on this computer"),
        ({"least": 0, "most": 0, "cost": 0.0}, "no model needed · data stays on this computer"),
        (
            {"language": "fr", "cost": 0.0},
            "3 à 9 appels de modèle · gratuit · les données restent sur cet ordinateur",
        ),
        ({"language": "zh", "hosts": ("a",)}, "3 至 9 次模型调用 · 最多 US\\$0.0400 · 数据可到达 1 台主机"),
    ],
)
def test_the_forecast_in_a_line(facts: dict[str, Any], said: str) -> None:
    assert line(**facts) == said


def test_what_is_usual_comes_first() -> None:
    assert "usually \\$0.0020, at most" in line(usual=0.002)


def test_the_chat_says_what_the_next_message_takes(home: Workspace) -> None:
    flow = home.intake.create_from_template(next(each for each in templates() if each.id == "support-desk"))
    openai = ModelSettings().with_provider(PRESETS[0].provider())
    home.models_changed(openai.model_copy(update={"roles": dict.fromkeys(ROLES, "openai/gpt-4.1-mini")}))
    texts = [said.value for said in open_page(chat_page, gpt=flow.id).markdown]
    assert any("api.openai.com" in text and text.startswith("Data can reach") for text in texts)


def test_limits_are_kept_and_taken_away(home: Workspace) -> None:
    flow = home.flows.create(Flow(name="Mine"))
    app = open_page(configure_page, gpt=flow.id)
    labelled(app.number_input, "US dollars").set_value(0.05).run()
    labelled(app.number_input, "Steps").set_value(None).run()
    assert home.flows.load(flow.id).budget == Budget(steps=None, money=0.05)


def test_a_limit_of_money_without_a_price_is_told(home: Workspace) -> None:
    own = Provider(id="own", kind="compatible", base_url="https://models.example/v1", models=("m",))
    settings = ModelSettings().with_provider(own)
    home.models_changed(settings.model_copy(update={"roles": dict.fromkeys(ROLES, "own/m")}))
    flow = home.intake.create_from_template(next(each for each in templates() if each.id == "translator"))
    app = open_page(configure_page, gpt=flow.id)
    labelled(app.number_input, "US dollars").set_value(1.0).run()
    assert any("The price of own/m isn’t known" in said.value for said in app.caption)


@pytest.mark.parametrize(
    ("budget", "said"),
    [(Budget(steps=2), "limit of 2 steps"), (Budget(tokens=1), "limit of 1 tokens")],
)
def test_a_run_that_reached_a_limit_says_which_and_leads_to_it(home: Workspace, budget: Budget, said: str) -> None:
    template = next(each for each in templates() if each.id == "support-desk").flow
    flow = home.flows.create(template.model_copy(update={"budget": budget}))
    app = open_page(chat_page, gpt=flow.id)
    run_id = home.runner.start(flow, "Good morning", app.session_state[f"conversation:{flow.id}"])
    home.runner.finished(run_id)
    app.run()
    assert any(said in problem.value for problem in app.error)
    labelled(app.button, "Raise the limit").click().run()
    assert app.session_state["panel_asked"][0] == "configure"
