"""Why an answer is as it is, sentence by sentence, as a person meets it."""

import pytest
from streamlit.testing.v1 import AppTest
from tests.ui.test_pages import chat_page, labelled, open_page

from flowloom.flow.model import Flow
from flowloom.locales import translate
from flowloom.run.planning.fixes import SORRY
from flowloom.store.templates import templates
from flowloom.ui.chat.sources import EXCERPT, marked
from flowloom.workspace import Workspace

ASKED = {
    "knowledge-helper": "How many days of holiday do I have?",
    "support-desk": "I want my money back for order 1042",
    "agent-with-tools": "What is 17.5% of 2480?",
}


def why(home: Workspace, template: str, sentence: int, language: str = "en") -> AppTest:
    flow = home.intake.create_from_template(next(each for each in templates() if each.id == template))
    conversation = home.runs.new_conversation(flow.id)
    run = home.runner.start(flow, ASKED[template], conversation, language=language)
    home.runner.finished(run)
    app = open_page(chat_page, gpt=flow.id, language=language, **{f"opened:{run}": "why"})
    choice = app.radio(key=f"sentence:{run}")
    return choice.set_value(sentence).run()


def said(app: AppTest) -> str:
    assert not app.exception
    return "\n".join(each.value for each in app.markdown)


@pytest.mark.parametrize("language", ["en", "zh", "fr"])
@pytest.mark.parametrize("template", ASKED)
def test_a_sentence_says_what_it_stands_on(home: Workspace, template: str, language: str) -> None:
    app = why(home, template, 0, language)
    assert translate("“{block}” wrote this wording.", language).split("{block}")[-1] in said(app)


def test_a_sentence_shows_its_passages_with_their_words_marked(home: Workspace) -> None:
    app = why(home, "knowledge-helper", 0)
    assert ":blue-background[" in said(app)
    labelled([button for button in app.button if "grounds" in button.key], "Open the document").click().run()
    assert not app.exception
    assert app.session_state["dialog"].startswith("grounds:")


def test_a_sentence_shows_the_way_that_was_chosen(home: Workspace) -> None:
    assert "The model chose “Refund”" in said(why(home, "support-desk", 0))


def test_a_sentence_shows_the_calls_of_tools(home: Workspace) -> None:
    text = said(why(home, "agent-with-tools", 0))
    assert "→ 434" in text


def test_the_setting_leads_to_its_block(home: Workspace) -> None:
    app = why(home, "support-desk", 0)
    labelled(app.button, "Show “Refund reply”").click().run()
    assert app.session_state["focus"]["nodes"] == ["refund"]
    assert app.session_state["panel_asked"][0] == "block"


def test_marks_of_a_long_passage() -> None:
    text = "before " * 300 + "the *bees*\nmake honey" + " after" * 300
    at = text.index("bees")
    shown = marked(text, [(at, at + 4)])
    assert r"\*:blue-background[bees]\*" in shown
    assert shown.startswith("…")
    assert shown.endswith("…")
    assert len(shown) < EXCERPT + 60
    assert marked("short", []) == "short"


@pytest.mark.parametrize("language", ["en", "zh", "fr"])
def test_without_an_answer_it_names_the_way_that_leads_nowhere(home: Workspace, language: str) -> None:
    condition = {"input": "text", "operator": "contains", "value": "money"}
    flow = Flow.model_validate(
        {
            "name": "Desk",
            "language": language,
            "nodes": [
                {"id": "message", "kind": "chat.message"},
                {
                    "id": "sort",
                    "kind": "branch",
                    "name": "Which wish",
                    "config": {"rows": [{"name": "Refund", "conditions": [condition]}]},
                },
                {"id": "answer", "kind": "chat.answer"},
            ],
            "edges": [
                {"from": "message.message", "to": "sort.text"},
                {"from": "sort.refund", "to": "answer.text"},
            ],
        }
    )
    flow = home.flows.create(flow)
    conversation = home.runs.new_conversation(flow.id)
    run = home.runner.start(flow, "Hello", conversation, language=language)
    home.runner.finished(run)
    app = open_page(chat_page, gpt=flow.id, language=language, **{f"opened:{run}": "why"})
    way = translate("Otherwise", language)
    assert any("Which wish" in each.value and way in each.value for each in app.markdown)
    sorry = translate(SORRY, language)
    labelled(app.button, translate("Answer with: {text}", language, text=sorry)).click().run()
    assert not app.exception
    mended = home.editor.open(flow.id)
    assert mended.problems() == []
    run = home.runner.start(mended.flow, "Hello", conversation, language=language)
    home.runner.finished(run)
    view = home.runner.view(run)
    assert view is not None
    assert view.text == sorry
