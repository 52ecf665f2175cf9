"""The pages as a person meets them, without a browser."""

import ast
import json
import re
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest
from tests.run.test_resume import after_a_crash, whole

from flowloom.flow.model import Flow
from flowloom.locales import translate
from flowloom.store.templates import TAGS, Template, templates
from flowloom.ui import pages as pages_package
from flowloom.ui.gpt.templates import TAG_LABELS
from flowloom.workspace import Workspace

UI = Path(pages_package.__file__).parent.parent


def home_page() -> None:
    from flowloom.ui.pages import home

    home.show()


def runs_page() -> None:
    from flowloom.ui.pages import runs

    runs.show()


def settings_page() -> None:
    from flowloom.ui.pages import settings

    settings.show()


def open_settings(part: str, **state: Any) -> AppTest:
    """One page of the settings."""
    app = AppTest.from_function(settings_page, default_timeout=30)
    app.query_params["part"] = part
    for name, value in state.items():
        app.session_state[name] = value
    return app.run()


def chat_page() -> None:
    import streamlit as st

    from flowloom.ui.chat.conversations import current_conversation
    from flowloom.ui.chat.pane import draw_chat
    from flowloom.workspace import workspace

    document = workspace().editor.open(st.session_state["gpt"])
    draw_chat(document, workspace().runner.active(current_conversation(document.flow.id)))


def configure_page() -> None:
    import streamlit as st

    from flowloom.ui.configure.panel import draw_configure
    from flowloom.workspace import workspace

    draw_configure(workspace().editor.open(st.session_state["gpt"]))


def open_page(page: Any, **state: Any) -> AppTest:
    app = AppTest.from_function(page, default_timeout=30)
    for name, value in state.items():
        app.session_state[name] = value
    return app.run()


def labelled(widgets: Any, label: str) -> Any:
    return next(widget for widget in widgets if widget.label == label)


@pytest.mark.parametrize("language", ["en", "zh", "fr"])
@pytest.mark.parametrize("page", [home_page, runs_page, settings_page])
def test_page_renders_in_every_language(home: Workspace, page: Any, language: str) -> None:
    assert not open_page(page, language=language).exception


def test_empty_home_teaches(home: Workspace) -> None:
    app = open_page(home_page)
    assert any("first GPT" in title.value for title in app.subheader)


def test_deleted_gpt_comes_back(home: Workspace) -> None:
    flow = home.flows.create(Flow(name="Keep me"))
    home.flows.delete(flow.id)
    app = open_page(home_page, deleted=home_entry(flow))
    labelled(app.button, "Undo").click().run()
    assert home.flows.exists(flow.id)


def test_traces_go_to_an_address_and_nothing_else(home: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OTEL_EXPORTER_OTLP_ENDPOINT", raising=False)
    app = open_settings("general")
    labelled(app.text_input, "Send traces to").input("a collector").run()
    assert home.traces.settings.address == ""
    assert not app.checkbox
    labelled(app.text_input, "Send traces to").input(" http://localhost:4318 ").run()
    assert home.traces.settings.address == "http://localhost:4318"
    labelled(app.checkbox, "Include inputs and outputs").check().run()
    assert home.traces.settings.with_values


def home_entry(flow: Flow) -> Any:
    from flowloom.store.flows import FlowEntry

    return FlowEntry(flow.id, flow.name, "", "", 0.0, 0)


def test_only_the_latest_of_many_gpts_are_drawn_at_first(home: Workspace) -> None:
    for number in range(12):
        home.flows.create(Flow(name=f"GPT {number}"))
    app = open_page(home_page)
    assert sum(button.label == "Open" for button in app.button) == 9
    labelled(app.button, "Show more").click().run()
    assert sum(button.label == "Open" for button in app.button) == 12


def test_many_gpts_are_searched(home: Workspace) -> None:
    for number in range(7):
        home.flows.create(Flow(name=f"GPT {number}", description="Bees" if number == 3 else ""))
    app = open_page(home_page)
    labelled(app.text_input, "Search GPTs").set_value("bees").run()
    cards = [text.value for text in app.markdown if text.value.startswith("####") and "GPT" in text.value]
    assert cards == ["#### :material/forum: GPT 3"]


@pytest.mark.parametrize(
    ("search", "by_words", "near"),
    [
        ("honey", ["Bees"], ["Apiculture"]),
        ("vacation", [], ["Leave desk"]),
        ("请假", [], ["Leave desk"]),
        ("quantum physics", [], []),
    ],
)
def test_gpts_are_found_in_other_words_too(
    home: Workspace, search: str, by_words: list[str], near: list[str]
) -> None:
    about = {
        "Bees": "Keeps notes on honey",
        "Leave desk": "Answers questions about paid leave and days off",
        "Apiculture": "Tout sur le miel et les abeilles",
        "Cook": "Suggests a soup for tonight",
        "Fractions": "Explains maths to children",
        "Train times": "Tells when the next train leaves",
        "Lamps": "Sells lamps and bulbs",
    }
    for name, description in about.items():
        home.flows.create(Flow(name=name, description=description))
    app = open_page(home_page)
    labelled(app.text_input, "Search GPTs").set_value(search).run()
    cards = [text.value.rpartition("/forum: ")[2] for text in app.markdown if text.value.startswith("####")]
    assert [card for card in cards if card in about] == [*by_words, *near]
    said = [caption.value for caption in app.caption]
    assert ("Similar in meaning" in said) == bool(near)
    assert ("Nothing found." in said) == (not by_words and not near)


def test_every_template_answers_in_the_chat(home: Workspace) -> None:
    for template in templates():
        flow = home.intake.create_from_template(template)
        app = open_page(chat_page, gpt=flow.id)
        assert not app.exception
        app.chat_input[0].set_value(flow.starters[0] if flow.starters else "Hello").run()
        app.run()
        assert not app.exception
        assert not app.error, (template.id, [error.value for error in app.error])
        assert len(app.chat_message) == 2, template.id


def template_called(id: str) -> Template:
    return next(one for one in templates() if one.id == id)


ECHO = Flow.model_validate(
    {
        "name": "Parrot",
        "nodes": [{"id": "message", "kind": "chat.message"}, {"id": "answer", "kind": "chat.answer"}],
        "edges": [{"from": "message.message", "to": "answer.text"}],
    }
)


@pytest.mark.parametrize(("flow", "told"), [(ECHO, False), (template_called("translator").flow, True)])
def test_that_the_practice_model_answers_is_told_where_a_model_is_asked(
    home: Workspace, flow: Flow, told: bool
) -> None:
    app = open_page(chat_page, gpt=home.flows.create(flow).id)
    said = "This isn’t a real AI: it follows simple rules so you can try everything without a key"
    assert any(said in caption.value for caption in app.caption) == told


@pytest.mark.parametrize(
    ("template", "message", "needed"),
    [
        ("translator", "Into Spanish: Good morning", True),
        ("support-desk", "Where are you?", False),
    ],
)
def test_an_answer_that_needs_a_model_has_a_way_to_add_one(
    home: Workspace, template: str, message: str, needed: bool
) -> None:
    flow = home.intake.create_from_template(template_called(template))
    app = open_page(chat_page, gpt=flow.id)
    app.chat_input[0].set_value(message).run()
    app.run()
    ways = [button for button in app.button if str(button.key).startswith("add_model:")]
    assert ways, "also below the first answer by rules"
    assert any("can’t write this" in caption.value for caption in app.caption) == needed
    for way in ways:
        way.click().run()
        assert app.session_state["going"] == "settings"


def test_templates_are_found_by_what_they_are_for(home: Workspace) -> None:
    app = open_page(home_page)
    assert cards_of(app) == {template.id for template in templates()}
    app.button_group(key="template_tag").set_value("teaching").run()
    assert cards_of(app) == {template.id for template in templates() if "teaching" in template.tags}


def cards_of(app: AppTest) -> set[str]:
    return {str(button.key).removeprefix("use:") for button in app.button if str(button.key).startswith("use:")}


@pytest.mark.parametrize("language", ["zh", "fr"])
def test_every_tag_has_a_name(language: str) -> None:
    assert set(TAG_LABELS) == set(TAGS)
    assert all(translate(label, language) != label for label in TAG_LABELS.values())


def test_empty_gpt_says_what_is_missing(home: Workspace) -> None:
    flow = home.flows.create(Flow(name="Empty"))
    app = open_page(chat_page, gpt=flow.id)
    app.chat_input[0].set_value("Hello").run()
    assert "canvas is empty" in app.error[0].value
    assert not home.runs.turns(app.session_state[f"conversation:{flow.id}"])


def test_a_message_that_could_not_be_sent_is_not_lost(home: Workspace) -> None:
    flow = home.intake.create_from_template(next(each for each in templates() if each.id == "translator"))
    app = open_page(chat_page, gpt=flow.id)
    home.flows.db.one("PRAGMA query_only = 1")
    app.chat_input[0].set_value("A long message about `bees`\nin two lines").run()
    app.run()
    assert "wasn’t saved" in app.error[0].value
    assert [code.value for code in app.code] == ["A long message about `bees`\nin two lines"]
    home.flows.db.one("PRAGMA query_only = 0")
    app.chat_input[0].set_value("Hello").run()
    app.run()
    assert not app.error
    assert not app.code


def sending_page() -> None:
    from types import SimpleNamespace

    import streamlit as st

    from flowloom.ui.chat.pane import _send_typed
    from flowloom.workspace import workspace

    # A file that fails the page as soon as it is read.
    huge = SimpleNamespace(name="bees.png", size=50_000_000, type="image/png")
    document = workspace().editor.open(st.session_state["gpt"])
    _send_typed(document, SimpleNamespace(files=[huge], text="Look"))


def test_a_huge_picture_is_refused_unread(home: Workspace) -> None:
    flow = home.intake.create_from_template(templates()[0])
    app = open_page(sending_page, gpt=flow.id)
    assert not app.exception
    [problem] = app.session_state[f"refused:{flow.id}"]
    assert "larger than 10 MB" in str(problem)
    assert app.session_state[f"unsent:{flow.id}"] == "Look"
    assert not home.runs.turns(app.session_state[f"conversation:{flow.id}"])


def said() -> Iterator[str]:
    """Every sentence that a page says by `t`."""
    for file in UI.rglob("*.py"):
        for call in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(call, ast.Call) and getattr(call.func, "id", "") == "t":
                choices = call.args[0]
                parts = [choices.body, choices.orelse] if isinstance(choices, ast.IfExp) else [choices]
                yield from (str(part.value) for part in parts if isinstance(part, ast.Constant))


def is_known(text: str, language: str) -> bool:
    """Whether a sentence has a translation that came with another part, or is the same there."""
    return translate(text, language, **dict.fromkeys(re.findall(r"{(\w+)}", text), "")) != translate(
        text, "en", **dict.fromkeys(re.findall(r"{(\w+)}", text), "")
    )


@pytest.mark.parametrize("language", ["zh", "fr"])
def test_every_text_is_translated(language: str) -> None:
    known = json.loads((files("flowloom.ui") / "texts" / f"{language}.json").read_text("utf-8"))
    assert sorted({text for text in said() if text and text not in known and not is_known(text, language)}) == []
    for text, translated in known.items():
        assert set(re.findall(r"{\w+}", text)) == set(re.findall(r"{\w+}", translated)), text


@pytest.mark.parametrize(("choice", "answered"), [("Continue", True), ("Don’t continue", False)])
def test_a_run_that_was_cut_off_goes_on_or_is_left(home: Workspace, choice: str, answered: bool) -> None:
    (template,) = (each for each in templates() if each.id == "form-filler")
    flow = home.intake.create_from_template(template)
    events, _, _ = whole(home, flow, "Ada, ada@example.org")
    after_a_crash(home, flow, "Ada, ada@example.org", events[:4], "cut-off")
    app = open_page(chat_page, gpt=flow.id)
    (button,) = (each for each in app.button if each.label == choice)
    button.click().run()
    while home.runner.view("cut-off").state == "running":  # type: ignore[union-attr]
        app.run()
    app.run()
    assert not [each for each in app.button if each.label == choice]
    assert any("Booking request" in said.value for said in app.markdown) == answered


def test_a_computer_of_ones_own_network_is_allowed_and_forgotten(home: Workspace) -> None:
    app = open_settings("privacy")
    field = next(field for field in app.text_input if field.label == "Allow a computer")
    field.set_value("two words").run()
    assert any("This web address can’t be opened" in error.value for error in app.error)
    next(field for field in app.text_input if field.label == "Allow a computer").set_value("nas.local:5000").run()
    assert home.own_hosts.names == ("nas.local:5000",)
    assert not app.error
    app.button(key="own_host:nas.local:5000").click().run()
    assert home.own_hosts.names == ()


def test_an_answer_is_in_the_language_one_types(home: Workspace) -> None:
    flow = home.intake.create_from_template(template_called("agent-with-tools"))
    app = open_page(chat_page, gpt=flow.id, language="en")
    app.chat_input[0].set_value("今天星期几？").run()
    app.run()
    assert any("星期" in each.value and "年" in each.value for each in app.chat_message[1].markdown)
