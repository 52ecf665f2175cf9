"""Configure, a GPT as a form, as a person meets it, without a browser."""

import io
import json
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest
from tests.loopback import settings_of
from tests.media_answers import Sent, drawn, picture
from tests.openai_server import OpenAIServer, Say
from tests.ui.test_pages import chat_page, configure_page, home_page, labelled, open_page, template_called

from flowloom.configuration.backbone import with_edits
from flowloom.configuration.choices import AddAction, Choice, edits_for
from flowloom.flow.edit import Add, Rename
from flowloom.flow.model import Flow, Node
from flowloom.locales import translate
from flowloom.run.planning.check import blocking
from flowloom.store.talks import KEPT
from flowloom.store.templates import templates
from flowloom.ui.configure.abilities import LABELS
from flowloom.ui.configure.answering import WHO
from flowloom.workspace import Workspace


def configured(home: Workspace, flow: Flow, **state: Any) -> tuple[AppTest, str]:
    made = home.flows.create(flow)
    return open_page(configure_page, gpt=made.id, **state), made.id


def template(home: Workspace, name: str) -> Flow:
    return home.intake.create_from_template(next(each for each in templates() if each.id == name))


def toggle(app: AppTest, label: str) -> Any:
    return labelled(app.toggle, label)


def kinds_in(home: Workspace, id: str) -> list[str]:
    return [node.kind for node in home.flows.load(id).nodes]


@pytest.mark.parametrize("language", ["en", "zh", "fr"])
@pytest.mark.parametrize("name", ["", "support-desk", "weather-guide", "letter-reader", "agent-with-tools"])
def test_every_gpt_can_be_shown_in_every_language(home: Workspace, name: str, language: str) -> None:
    flow = template(home, name) if name else home.flows.create(Flow())
    app = open_page(configure_page, gpt=flow.id, language=language)
    assert not app.exception
    assert len(app.toggle) >= 5


def test_a_gpt_is_made_by_the_form_alone_and_answers(home: Workspace) -> None:
    app, id = configured(home, Flow(name="Mine"))
    labelled(app.text_area, "Instructions").input("Be kind.").run()
    toggle(app, "Sums and dates").set_value(True).run()
    labelled(app.text_input, "New conversation starter").input("What is 2 + 2?").run()
    assert not app.exception
    document = home.editor.open(id)
    assert blocking(document.problems()) == []
    assert kinds_in(home, id) == ["chat.message", "agent", "chat.answer", "calculator", "datetime"]
    run = home.runner.start(document.flow, "What is 17.5% of 2480?", home.runs.new_conversation(id))
    assert "434" in home.runner.finished(run).text


def test_each_choice_is_one_step_and_undoing_all_gives_back_the_start(home: Workspace) -> None:
    flow = template(home, "agent-with-tools")
    app, before = open_page(configure_page, gpt=flow.id), home.flows.load(flow.id)
    for label in ("Web", "Memory", "Pictures"):
        toggle(app, label).set_value(True).run()
    labelled(app.selectbox, "If it can’t answer").set_value("person").run()
    for _ in range(4):
        labelled(app.button, "Undo").click().run()
    assert home.flows.load(flow.id) == before
    assert labelled(app.button, "Undo").disabled


def test_the_texts_are_kept_and_counted(home: Workspace) -> None:
    app, id = configured(home, Flow(name="Mine"))
    labelled(app.text_input, "Name").input("Bees").run()
    labelled(app.text_area, "Description").input("All about bees").run()
    labelled(app.text_area, "Instructions").input("Be brief.").run()
    flow = home.flows.load(id)
    assert (flow.name, flow.description, flow.instructions) == ("Bees", "All about bees", "Be brief.")
    assert "9 of 100,000 characters" in [caption.value for caption in app.caption]


def test_instructions_that_are_far_too_long_are_refused_in_words(home: Workspace) -> None:
    app, id = configured(home, Flow(name="Mine", instructions="Be kind."))
    labelled(app.text_area, "Instructions").input("x" * 200_000).run()
    assert "200,000 characters; 100,000 are possible" in app.error[0].value
    assert home.flows.load(id).instructions == "Be kind."


def test_starters_are_added_moved_changed_and_removed(home: Workspace) -> None:
    app, id = configured(home, Flow(name="Mine", starters=("One?", "Two?")))

    def rows() -> list[str]:
        return list(home.flows.load(id).starters)

    labelled(app.text_input, "New conversation starter").input(" Three? ").run()
    assert rows() == ["One?", "Two?", "Three?"]
    [*_, last] = [button for button in app.button if button.label == "Move up"]
    last.click().run()
    assert rows() == ["One?", "Three?", "Two?"]
    labelled(app.text_input, "Conversation starter 1").input("First?").run()
    next(button for button in app.button if button.label == "Remove").click().run()
    assert rows() == ["Three?", "Two?"]


def test_what_was_set_up_on_the_canvas_is_shown_and_left_alone(home: Workspace) -> None:
    app, id = configured(home, Flow(name="Mine"))
    toggle(app, "Pictures").set_value(True).run()
    home.editor.open(id).edit(Rename(node="pictures", name="Our painter"))
    app.run()
    assert toggle(app, "Pictures").disabled
    assert labelled(app.button, "Our painter")


def test_a_drawn_gpt_shows_its_blocks_and_leads_to_them(home: Workspace) -> None:
    app = open_page(configure_page, gpt=template(home, "support-desk").id)
    said = [caption.value for caption in app.caption]
    assert "1 block on the canvas for searching knowledge" in said
    assert "Prompt × 3" in said
    assert all(toggle(app, label).disabled for label in ("Web", "Memory"))
    labelled(app.button, "Refund reply").click().run()
    assert app.session_state["focus"]["nodes"] == ["refund"]


def test_an_agent_takes_the_place_of_a_model_by_one_click(home: Workspace) -> None:
    flow = template(home, "knowledge-helper")
    app = open_page(configure_page, gpt=flow.id)
    labelled(app.button, "Use an agent").click().run()
    toggle(app, "Web").set_value(True).run()
    assert blocking(home.editor.open(flow.id).problems()) == []
    assert "web.search" in kinds_in(home, flow.id)


def test_documents_that_are_dropped_are_searched(home: Workspace) -> None:
    app, id = configured(home, Flow(name="Mine"))
    labelled(app.get("file_uploader"), "Add documents").upload(
        "bees.md", b"# Bees\nA hive holds 50,000 bees.", "text/markdown"
    ).run()
    assert not app.exception
    assert kinds_in(home, id) == ["chat.message", "agent", "chat.answer", "knowledge.search"]
    flow = home.flows.load(id)
    run = home.runner.start(flow, "How many bees does a hive hold?", home.runs.new_conversation(id))
    assert "50,000" in home.runner.finished(run).text


def test_a_picture_is_made_small_and_shown(home: Workspace) -> None:
    from PIL import Image

    data = io.BytesIO()
    Image.new("RGB", (900, 400), "orange").save(data, "PNG")
    app, id = configured(home, Flow(name="Mine", starters=("Hi",)))
    labelled(app.get("file_uploader"), "Upload a picture").upload("bee.png", data.getvalue(), "image/png").run()
    assert not app.exception
    assert home.flows.load(id).picture.startswith("data:image/jpeg;base64,")
    for page in (configure_page, home_page, chat_page):
        assert open_page(page, gpt=id).get("image")
    labelled(app.button, "Remove the picture").click().run()
    assert home.flows.load(id).picture == ""


def test_a_file_that_is_no_picture_says_so(home: Workspace) -> None:
    app, id = configured(home, Flow(name="Mine"))
    labelled(app.get("file_uploader"), "Upload a picture").upload("bee.png", b"no picture", "image/png").run()
    assert "isn’t a picture that can be shown" in app.error[0].value
    assert home.flows.load(id).picture == ""


@pytest.mark.parametrize(
    "choice", [AddAction("mcp.tools", {"server": "practice", "tools": [{"name": "pick", "description": "Picks"}]})]
)
def test_an_action_is_listed_and_removed(home: Workspace, choice: Choice) -> None:
    flow = with_edits(Flow(name="Mine"), edits_for(Flow(name="Mine"), choice))
    app, id = configured(home, flow)
    labelled(app.button, "Remove").click().run()
    assert kinds_in(home, id) == ["chat.message", "agent", "chat.answer"]


def test_who_answers_when_it_cannot(home: Workspace) -> None:
    app, id = configured(home, Flow(name="Mine"))
    labelled(app.selectbox, "If it can’t answer").set_value("text").run()
    labelled(app.text_area, "Fixed answer").input("Write to us.").run()
    settings = home.flows.load(id).nodes[1].settings
    assert (settings.on_error, settings.fallback["answer"]) == ("value", "Write to us.")


@pytest.mark.parametrize("language", ["zh", "fr"])
def test_labels_are_translated(language: str) -> None:
    labels = [label for labels in LABELS.values() for label in labels] + list(WHO.values())
    assert [label for label in labels if translate(label, language) == label and label != "Web"] == []


def talking(home: Workspace, flow: Flow, **state: Any) -> tuple[AppTest, str]:
    made = home.flows.create(flow)
    app = open_page(configure_page, gpt=made.id, **state)
    labelled(app.get("button_group"), "How to build").set_value("create").run()
    return app, made.id


def test_a_gpt_is_built_by_talking_and_undone_by_one_click(home: Workspace) -> None:
    app, id = talking(home, Flow(name="New GPT"))
    app.chat_input[0].set_value("a tutor that quizzes my 7th graders on French vocabulary").run()
    assert not app.exception
    flow = home.flows.load(id)
    assert (flow.name, len(flow.nodes)) == ("French vocabulary quiz", 3)
    assert any("The name is “French vocabulary quiz”" in text.value for text in app.markdown)
    app.chat_input[0].set_value("It should be able to search the web").run()
    assert any("Added the block “Search the web”" in text.value for text in app.markdown)
    assert len([button for button in app.button if str(button.key).startswith("builder:try:")]) == 2
    labelled(app.button, "Undo").click().run()
    assert home.flows.load(id) == flow


def test_what_a_change_touched_is_shown_on_the_canvas_and_what_was_left_is_named(home: Workspace) -> None:
    app, id = talking(home, template_called("support-desk").flow)
    app.chat_input[0].set_value("It should search the web. Add a refund branch.").run()
    assert not app.exception
    assert not app.error
    added = [node.id for node in home.flows.load(id).nodes if node.kind in ("web.search", "agent")]
    assert len(added) == 2
    assert set(added) <= set(app.session_state["focus"]["nodes"])
    ways = [str(button.key) for button in app.button if str(button.key).startswith("configure:way:talk:")]
    assert {key.rpartition(":")[2] for key in ways} == set(app.session_state["focus"]["nodes"])
    assert any("couldn’t do this" in text.value.replace("\\", "") for text in app.markdown)
    app.chat_input[0].set_value("Call it Shop").run()
    assert not [button for button in app.button if str(button.key).startswith("configure:way:talk:")]


def test_the_talk_and_its_undo_are_there_after_a_reload(home: Workspace) -> None:
    app, id = talking(home, Flow(name="New GPT"))
    app.chat_input[0].set_value("a tutor that quizzes my 7th graders on French vocabulary").run()
    again = open_page(configure_page, gpt=id)
    labelled(again.get("button_group"), "How to build").set_value("create").run()
    assert [text.value for text in again.markdown] == [text.value for text in app.markdown]
    assert any("French vocabulary quiz" in text.value for text in again.markdown)
    labelled(again.button, "Undo").click().run()
    assert home.flows.load(id).nodes == ()
    home.talks.add(id, '{"role": "nobody"}')
    again.run()
    assert not again.exception


def test_a_long_talk_is_kept_to_its_last_turns(home: Workspace) -> None:
    for number in range(KEPT + 5):
        home.talks.add("f", str(number))
    home.talks.add("g", "other")
    assert home.talks.turns("f") == [str(number) for number in range(5, KEPT + 5)]
    home.talks.delete_of("f")
    assert (home.talks.turns("f"), home.talks.turns("g")) == ([], ["other"])


def test_a_message_to_try_is_asked_in_the_chat(home: Workspace) -> None:
    app, id = talking(home, Flow(name="New GPT"), panel_asked=("configure", 1))
    app.chat_input[0].set_value("a tutor that quizzes my 7th graders on French vocabulary").run()
    app.button(key=f"builder:try:{id}:1:0").click().run()
    assert app.session_state["panel_asked"][0] == "chat"
    conversation = app.session_state[f"conversation:{id}"]
    assert home.runs.turns(conversation)[0].text == "Quiz me on French vocabulary"


def test_what_a_model_proposes_is_applied_or_refused_in_words(home: Workspace) -> None:
    good = {"say": "It is Bees now.", "steps": [{"op": "rename", "name": "Bees"}], "try": ["Hi", "What is a bee?"]}
    bad = {"say": "Gone.", "steps": [{"op": "instructions", "text": "<script>x</script>"}], "try": []}
    with OpenAIServer() as server:
        home.models_changed(settings_of(server))
        server.script += [Say(json.dumps(good)), *[Say(json.dumps(bad))] * 3]
        app, id = talking(home, Flow(name="Mine"))
        app.chat_input[0].set_value("Call it Bees").run()
        assert home.flows.load(id).name == "Bees"
        before = home.flows.load(id)
        app.chat_input[0].set_value("Add a script").run()
    assert not app.exception
    assert "carries a script" in app.error[0].value
    assert home.flows.load(id) == before


@pytest.mark.parametrize("works", [True, False])
def test_a_picture_is_made_by_the_picture_model(home: Workspace, works: bool) -> None:
    with OpenAIServer() as server:
        settings = settings_of(server)
        home.models_changed(settings.model_copy(update={"roles": {**settings.roles, "pictures": "loopback/m"}}))
        server.media.extend([Sent(drawn(picture()))] if works else [Sent({"data": []})] * 4)
        app, id = configured(home, Flow(name="Bees"))
        labelled(app.text_input, "Or describe one").input("A bee").run()
        labelled(app.button, "Make a picture").click().run()
        assert not app.exception
    assert home.flows.load(id).picture.startswith("data:image/") is works
    assert bool(app.error) is not works


def test_an_icon_and_a_model_are_chosen(home: Workspace) -> None:
    app, id = configured(home, Flow(name="Mine"))
    labelled(app.get("button_group"), "Or choose an icon").set_value("school").run()
    labelled(app.selectbox, "Recommended model").set_value("careful").run()
    assert not app.exception
    flow = home.flows.load(id)
    assert (flow.icon, next(node.config["model"] for node in flow.nodes if node.kind == "agent")) == (
        "school",
        "careful",
    )


def test_blocks_that_no_fixed_answer_stands_in_for_are_named_and_covered(home: Workspace) -> None:
    flow = template(home, "support-desk")
    app = open_page(configure_page, gpt=flow.id)
    labelled(app.selectbox, "If it can’t answer").set_value("text").run()
    assert not any("the run ends and says why" in caption.value for caption in app.caption)
    home.editor.open(flow.id).edit(Add(node=Node(id="sort", kind="classify")))
    app.run()
    assert any("the run ends and says why" in caption.value for caption in app.caption)
    keys = [str(button.key) for button in app.button if "unguarded" in str(button.key)]
    assert keys == ["configure:way:unguarded:sort"]
    labelled(app.button, "Answer there, too").click().run()
    assert not [button for button in app.button if "unguarded" in str(button.key)]
