"""A GPT begun from a sentence, without a browser."""

import json
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest
from tests.loopback import settings_of
from tests.openai_server import OpenAIServer, Say

from flowloom.workspace import Workspace

WISH = "A tutor that helps my pupils with bees"
TEXTS = {
    "name": "Bee tutor",
    "description": "Helps with bees.",
    "instructions": "Be patient.",
    "starters": ["What is a bee?", "Why honey?", "How many legs?"],
}


def home_page() -> None:
    from flowloom.ui.pages import home

    home.show()


def wish(sentence: str, **state: Any) -> AppTest:
    app = AppTest.from_function(home_page, default_timeout=30)
    for name, value in state.items():
        app.session_state[name] = value
    return app.run().text_input(key="wish").set_value(sentence).run()


def begins(app: AppTest) -> list[str]:
    return [str(button.key) for button in app.button if str(button.key).startswith("begin:")]


@pytest.mark.parametrize(
    ("language", "sentence"), [("en", WISH), ("fr", "Un prof pour les devoirs"), ("zh", "辅导学生的作业")]
)
def test_the_nearest_template_is_begun_and_keeps_the_sentence(
    home: Workspace, language: str, sentence: str
) -> None:
    app = wish(sentence, language=language)
    assert begins(app)[0] == "begin:homework-tutor"
    app.button(key="begin:homework-tutor").click().run()
    assert not app.exception
    flow = home.flows.load(app.session_state["gpt"])
    assert flow.description.startswith(sentence)
    assert flow.language == language
    assert flow.nodes
    assert app.session_state["going"] == "build"


def test_why_a_template_is_near_is_said(home: Workspace) -> None:
    app = wish(WISH)
    assert any("pupils" in caption.value and "tutor" in caption.value for caption in app.caption)


def test_where_nothing_is_close_an_empty_canvas_is_offered(home: Workspace) -> None:
    app = wish("Compose music for the violin")
    assert not begins(app)
    assert any(text.value == "No template matches. Start with an empty canvas." for text in app.markdown)
    app.button(key="wish_empty").click().run()
    flow = home.flows.load(app.session_state["gpt"])
    assert (flow.description, flow.nodes) == ("Compose music for the violin", ())


def test_a_real_model_writes_what_the_gpt_says_of_itself(home: Workspace) -> None:
    with OpenAIServer() as server:
        home.models_changed(settings_of(server))
        server.script.append(Say(json.dumps(TEXTS)))
        app = wish(WISH)
        assert not server.requests
        app.button(key="begin:homework-tutor").click().run()
        assert len(server.requests) == 1
    [entry] = home.flows.entries()
    flow = home.flows.load(entry.id)
    assert (flow.name, flow.instructions, list(flow.starters)) == ("Bee tutor", "Be patient.", TEXTS["starters"])
    assert flow.description == f"Helps with bees.\n\n{WISH}"
    assert app.session_state["gpt"] == flow.id


def test_a_failing_model_leaves_no_half_made_gpt(home: Workspace) -> None:
    with OpenAIServer() as server:
        home.models_changed(settings_of(server))
        server.default = Say(status=401, error={"message": "Incorrect API key"})
        app = wish(WISH)
        app.button(key="begin:homework-tutor").click().run()
    assert not app.exception
    assert "key" in app.error[0].value
    assert home.flows.entries() == []
    app.button(key="wish_plain").click().run()
    assert home.flows.load(app.session_state["gpt"]).description.startswith(WISH)


@pytest.mark.parametrize(
    ("page", "sentence", "spoken"),
    [
        ("en", "Un prof pour les devoirs de ma fille", "fr"),
        ("en", "帮孩子做作业", "zh"),
        ("fr", "A tutor for my daughter's homework", "en"),
        ("zh", "A tutor for my daughter's homework", "en"),
        ("fr", "homework tutor", "en"),
        ("en", "soutien scolaire devoirs", "fr"),
        ("fr", "Quiz", "fr"),
    ],
)
def test_the_template_speaks_the_language_one_types(home: Workspace, page: str, sentence: str, spoken: str) -> None:
    app = wish(sentence, language=page)
    app.button(key="begin:homework-tutor").click().run()
    flow = home.flows.load(app.session_state["gpt"])
    names = {"en": "Homework tutor", "fr": "Aide aux devoirs", "zh": "作业辅导"}
    assert (flow.language, flow.name) == (spoken, names[spoken])


def test_an_empty_gpt_speaks_the_language_one_types(home: Workspace) -> None:
    app = wish("Un compagnon pour écrire des poèmes", language="en")
    app.button(key="wish_empty").click().run()
    assert home.flows.load(app.session_state["gpt"]).language == "fr"
