"""Keeping an answer of the chat, being answered with it, and changing it in Configure."""

from typing import Any

import pytest
from streamlit.testing.v1 import AppTest
from tests.ui.test_pages import chat_page, configure_page, labelled, open_page, template_called

from flowloom.flow.model import Flow, SavedAnswer
from flowloom.locales import translate
from flowloom.services.models.practice_rules import is_signed
from flowloom.store.templates import templates
from flowloom.workspace import Workspace

NO_MODEL = "No model was asked and it cost nothing: the message asks the same as a saved question."


def keyed(widgets: Any, begins: str, ends: str) -> Any:
    return next(each for each in widgets if (each.key or "").startswith(begins) and (each.key or "").endswith(ends))


def tutor(home: Workspace, *saved: SavedAnswer) -> Flow:
    template = next(each for each in templates() if each.id == "homework-tutor")
    return home.flows.create(template.flow.model_copy(update={"saved_answers": saved}))


def say(home: Workspace, app: AppTest, flow: Flow, message: str) -> AppTest:
    app.chat_input[0].set_value(message).run()
    run_id = home.runner.latest(flow.id)
    assert run_id
    home.runner.finished(run_id)
    return app.run()


@pytest.mark.parametrize("language", ["en", "zh", "fr"])
def test_a_corrected_answer_is_kept_and_given_from_then_on(home: Workspace, language: str) -> None:
    flow = tutor(home)
    app = say(home, open_page(chat_page, gpt=flow.id, language=language), flow, "What is a bee?")
    field = next(
        each for each in app.text_area if (each.key or "").startswith("save_answer") and "answer" in each.key[12:]
    )
    field.set_value("A friend.").run()
    next(
        each for each in app.button if (each.key or "").endswith(":save") and "save_answer" in each.key
    ).click().run()
    assert not app.exception
    kept = home.editor.open(flow.id).flow.saved_answers
    assert [(each.question, each.answer) for each in kept] == [("What is a bee?", "A friend.")]
    app = say(home, app, flow, "what is a bee")
    assert any(translate("From a saved answer", language) in each.value for each in app.caption)
    assert any("A friend." in each.value for each in app.markdown)
    why = [each for each in app.button if (each.key or "").startswith("icon_why")][-1]
    why.click().run()
    assert any(each.value == translate(NO_MODEL, language) for each in app.markdown)
    assert not app.exception


def test_what_the_practice_model_says_of_itself_is_no_part_of_it(home: Workspace) -> None:
    flow = home.intake.create_from_template(template_called("support-desk"))
    app = say(home, open_page(chat_page, gpt=flow.id), flow, "Do you open on Sunday?")
    assert any(is_signed(each.value) for each in app.markdown)
    field = keyed(app.text_area, "save_answer:", ":answer")
    assert field.value
    assert not is_signed(field.value)


def test_a_blank_field_is_not_kept(home: Workspace) -> None:
    flow = tutor(home)
    app = say(home, open_page(chat_page, gpt=flow.id), flow, "What is a bee?")
    keyed(app.text_area, "save_answer:", ":question").set_value("  ").run()
    next(
        each for each in app.button if (each.key or "").endswith(":save") and "save_answer" in each.key
    ).click().run()
    assert not home.editor.open(flow.id).flow.saved_answers
    assert any("Fill in the question" in each.value for each in app.caption)


def test_configure_changes_switches_off_and_removes(home: Workspace) -> None:
    flow = tutor(home, SavedAnswer(question="Open?", answer="**Yes** <script>"))
    app = open_page(configure_page, gpt=flow.id)
    labelled(app.text_area, "Answer").set_value("No.").run()
    labelled(app.toggle, "In use").set_value(False).run()
    document = home.editor.open(flow.id)
    assert document.flow.saved_answers == (SavedAnswer(question="Open?", answer="No.", on=False),)
    next(
        each for each in app.button if (each.key or "").endswith(":remove") and ":saved:" in each.key
    ).click().run()
    assert document.flow.saved_answers == ()
    document.undo()
    assert len(document.flow.saved_answers) == 1
    assert not app.exception


def test_a_correction_becomes_an_example_that_waits(home: Workspace) -> None:
    flow = tutor(home)
    app = say(home, open_page(chat_page, gpt=flow.id), flow, "What is a bee?")
    keyed(app.text_area, "save_answer:", ":answer").set_value("Ask jane.roe@example.com.")
    app.session_state[keyed(app.button, "save_answer:", ":save").key.removesuffix("save") + "way"] = True
    app.run()
    keyed(app.button, "save_answer:", ":save").click().run()
    assert not app.exception
    (example,) = home.editor.open(flow.id).flow.examples
    assert (example.question, example.answer, example.on) == ("What is a bee?", "Ask [email].", False)


def test_configure_keeps_examples_as_steps_that_are_undone(home: Workspace) -> None:
    flow = tutor(home)
    app = open_page(configure_page, gpt=flow.id)
    keyed(app.text_input, "configure:new_example", ":question").set_value("Open?")
    keyed(app.text_area, "configure:new_example", ":answer").set_value("Yes.").run()
    keyed(app.button, "configure:new_example", ":add").click().run()
    document = home.editor.open(flow.id)
    assert document.flow.examples == (SavedAnswer(question="Open?", answer="Yes."),)
    keyed(app.slider, "configure:examples_shown", "").set_value(5).run()
    assert document.flow.examples_shown == 5
    keyed(app.button, "configure:example:", ":remove").click().run()
    assert document.flow.examples == ()
    document.undo()
    assert len(document.flow.examples) == 1
    assert not app.exception
