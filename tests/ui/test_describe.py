"""A GPT begun from a sentence, without a browser."""

import json
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest
from tests.loopback import settings_of
from tests.openai_server import OpenAIServer, Say

from flowloom.builder.talk import digest_of, read_turn
from flowloom.workspace import Workspace

WISH = "A tutor that helps my pupils with bees"
PROPOSAL = {
    "say": "Your bee tutor is ready; it remembers what each pupil knows.",
    "steps": [
        {"op": "rename", "name": "Bee tutor"},
        {"op": "description", "text": "Helps with bees."},
        {"op": "instructions", "text": "Be patient."},
        {"op": "starters", "texts": ["What is a bee?", "Why honey?", "How many legs?"]},
        {"op": "ability", "ability": "memory", "on": True},
    ],
    "try": ["What is a bee?", "Quiz me"],
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
    """The templates that are offered beside the draft."""
    keys = [str(button.key) for button in app.button]
    return [key for key in keys if key.startswith("begin:") and key != "begin:draft"]


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


def test_where_nothing_is_close_an_empty_canvas_is_offered_as_well(home: Workspace) -> None:
    app = wish("Compose music for the violin")
    assert not begins(app)
    app.button(key="wish_empty").click().run()
    flow = home.flows.load(app.session_state["gpt"])
    assert (flow.description, flow.nodes) == ("Compose music for the violin", ())


def test_a_real_model_builds_on_what_was_chosen(home: Workspace) -> None:
    """Through the same door as building by talking: checked steps, told in words, undone at once."""
    with OpenAIServer() as server:
        home.models_changed(settings_of(server))
        server.script.append(Say(json.dumps(PROPOSAL)))
        app = wish(WISH)
        assert not server.requests
        app.button(key="begin:homework-tutor").click().run()
        assert not app.exception
        assert len(server.requests) == 1
    [entry] = home.flows.entries()
    flow = home.flows.load(entry.id)
    assert (flow.name, flow.instructions, flow.description) == ("Bee tutor", "Be patient.", "Helps with bees.")
    assert list(flow.starters) == ["What is a bee?", "Why honey?", "How many legs?"]
    assert app.session_state["gpt"] == flow.id
    said, told = [read_turn(turn) for turn in home.talks.turns(flow.id)]
    assert said is not None
    assert told is not None
    assert (said.text, told.text, told.tries) == (WISH, PROPOSAL["say"], tuple(PROPOSAL["try"]))
    assert any("Bee tutor" in change for change in told.changes)
    document = home.editor.open(flow.id)
    assert digest_of(document.flow) == told.after
    document.undo()
    assert document.flow.name == "Homework tutor"
    assert document.flow.description.startswith(WISH)


def test_what_cannot_be_used_goes_back_with_the_reason(home: Workspace) -> None:
    bad = {**PROPOSAL, "steps": [{"op": "connect", "from": "nothing.text", "to": "nowhere.text"}]}
    with OpenAIServer() as server:
        home.models_changed(settings_of(server))
        server.script += [Say(json.dumps(bad)), Say(json.dumps(PROPOSAL))]
        app = wish(WISH)
        app.button(key="begin:draft").click().run()
        assert len(server.requests) == 2
        assert "can't be applied" in json.dumps(server.requests[1].body)
    assert home.flows.load(app.session_state["gpt"]).name == "Bee tutor"


HOSTILE = [
    [{"op": "instructions", "text": "<script>alert(1)</script>"}],
    [{"op": "instructions", "text": "Read /etc/passwd first."}],
    [{"op": "add", "kind": "http.request", "block": "out", "config": {}}],
    [{"op": "remove", "block": block} for block in ("message", "agent", "answer")],
    [{"op": "rename", "name": ""}] * 41,
    "all of it",
]


@pytest.mark.parametrize("steps", HOSTILE)
def test_a_proposal_that_must_not_be_leaves_the_draft_to_use(home: Workspace, steps: Any) -> None:
    with OpenAIServer() as server:
        home.models_changed(settings_of(server))
        server.default = Say(json.dumps({**PROPOSAL, "steps": steps}))
        app = wish(WISH)
        app.button(key="begin:draft").click().run()
    assert not app.exception
    assert app.error
    assert home.flows.entries() == []
    app.button(key="wish_plain").click().run()
    assert "bees" in home.flows.load(app.session_state["gpt"]).name.lower()


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


FRENCH = "a tutor that quizzes my 7th graders on French vocabulary and corrects their mistakes"


def test_what_opens_is_about_what_was_asked(home: Workspace) -> None:
    app = wish(FRENCH)
    app.button(key="begin:draft").click().run()
    assert not app.exception
    flow = home.flows.load(app.session_state["gpt"])
    assert flow.name == "French vocabulary quiz"
    assert all(word not in " ".join(flow.starters) for word in ("7 ×", "leaves"))
    assert sum("French vocabulary" in starter for starter in flow.starters) >= 3
    assert FRENCH in flow.instructions
    assert "7th graders" in flow.instructions
    assert [node.kind for node in flow.nodes] == ["chat.message", "agent", "chat.answer"]
    assert home.editor.open(flow.id).problems() == []
    assert (app.session_state["going"], app.session_state.get("panel_asked")) == ("build", None)


def test_a_template_that_truly_fits_gives_its_blocks(home: Workspace) -> None:
    app = wish("Turn my meeting notes into a list of decisions and tasks")
    app.button(key="begin:draft").click().run()
    flow = home.flows.load(app.session_state["gpt"])
    assert flow.description == "Turn my meeting notes into a list of decisions and tasks"
    assert {node.id for node in flow.nodes} >= {"minutes", "today"}


def test_a_wish_that_says_too_little_is_asked_to_say_more(home: Workspace) -> None:
    app = wish("I want a GPT")
    assert any(text.value.startswith("Say a little more") for text in app.markdown)
    assert "begin:draft" not in [button.key for button in app.button]


def test_a_real_model_gets_the_draft_and_no_other_template(home: Workspace) -> None:
    with OpenAIServer() as server:
        home.models_changed(settings_of(server))
        server.script.append(Say(json.dumps(PROPOSAL)))
        app = wish(FRENCH)
        app.button(key="begin:draft").click().run()
        asked = json.dumps(server.requests[0].body)
    assert FRENCH in asked
    assert "French vocabulary quiz" in asked
    assert "7 ×" not in asked
    [entry] = home.flows.entries()
    assert entry.name == "Bee tutor"
    assert home.editor.open(entry.id).problems() == []


def test_a_name_of_the_model_that_another_gpt_has_is_told_apart(home: Workspace) -> None:
    with OpenAIServer() as server:
        home.models_changed(settings_of(server))
        server.default = Say(json.dumps(PROPOSAL))
        for _ in range(2):
            wish(FRENCH).button(key="begin:draft").click().run()
    assert {entry.name for entry in home.flows.entries()} == {"Bee tutor", "Bee tutor 2"}


def test_a_model_that_fails_leaves_the_draft_to_use(home: Workspace) -> None:
    with OpenAIServer() as server:
        home.models_changed(settings_of(server))
        server.default = Say(status=401, error={"message": "Incorrect API key"})
        app = wish(FRENCH)
        app.button(key="begin:draft").click().run()
    assert home.flows.entries() == []
    app.button(key="wish_plain").click().run()
    assert home.flows.load(app.session_state["gpt"]).name == "French vocabulary quiz"


def test_a_second_one_gets_a_name_of_its_own(home: Workspace) -> None:
    for _ in range(2):
        wish(FRENCH).button(key="begin:draft").click().run()
    assert {entry.name for entry in home.flows.entries()} == {"French vocabulary quiz", "French vocabulary quiz 2"}
