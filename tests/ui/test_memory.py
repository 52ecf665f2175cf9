"""What is remembered, as a person sees and corrects it."""

import time
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest
from tests.ui.test_pages import chat_page, labelled, open_page, open_settings

from flowloom.flow.model import Edge, Flow, Node
from flowloom.kinds.values import Message
from flowloom.workspace import Workspace


def conversations_page() -> None:
    import streamlit as st

    from flowloom.ui.chat.conversations import draw_conversations

    draw_conversations(st.session_state["gpt"])


def forget(app: AppTest, key: str) -> None:
    next(button for button in app.button if (button.key or "").startswith(key)).click().run()


def test_facts_are_seen_corrected_limited_and_deleted(home: Workspace) -> None:
    flow = home.flows.create(Flow(name="Bees"))
    home.memory.learn("Town", "Lyon", learned_by=flow.id)
    app = open_settings("privacy")
    assert any("Saved by “Bees”" in said.value for said in app.caption)
    labelled(app.text_input, "Town").input("Paris").run()
    (fact,) = home.memory.facts()
    assert (fact.value, fact.learned_by) == ("Paris", "")
    assert any("Added by you" in said.value for said in app.caption)
    labelled(app.selectbox, "Who can use it").select(flow.id).run()
    assert home.memory.facts()[0].flow == flow.id
    forget(app, "fact:")
    assert home.memory.facts() == []


def test_a_fact_is_added_and_a_secret_is_not(home: Workspace) -> None:
    app = open_settings("privacy")
    for name, value in (("Town", "Lyon"), ("Password", "correct horse")):
        app.text_input(key="fact_name").input(name)
        app.text_input(key="fact_value").input(value)
        next(
            button for button in app.button if button.label == "Add this fact" and "add_fact" in str(button.key)
        ).click().run()
    assert [(fact.name, fact.value) for fact in home.memory.facts()] == [("Town", "Lyon")]
    assert "looks like a key or password" in app.error[0].value
    assert not app.run().error


def test_values_of_a_conversation_are_corrected(home: Workspace) -> None:
    flow = home.flows.create(Flow(name="Bees"))
    conversation = home.runs.new_conversation(flow.id)
    for name, value in {"mood": "sad", "count": 2}.items():
        home.memory.set_variable(conversation, name, value)
    app = open_page(conversations_page, gpt=flow.id)
    labelled(app.text_input, "mood").input("merry").run()
    labelled(app.text_input, "count").input("3").run()
    labelled(app.text_input, "count").input("three").run()
    assert "This isn’t a number, list or similar" in app.toast[0].value
    assert home.memory.variables(conversation) == {"mood": "merry", "count": 3}
    forget(app, f"variable:{conversation}:mood")
    assert home.memory.variables(conversation) == {"count": 3}


def test_the_summary_of_a_conversation_is_corrected(home: Workspace) -> None:
    flow = home.flows.create(Flow(name="Bees"))
    conversation = home.runs.new_conversation(flow.id)
    home.runs.add_turn(conversation, "user", "Honey?")
    home.memory.keep_summary(conversation, [Message(role="user", text="Honey?")], "They like honey.")
    app = open_page(conversations_page, gpt=flow.id)
    labelled(app.text_input, "Summary of the earlier conversation").input("They like wax.").run()
    assert home.memory.summary_of(conversation, home.runs.history(conversation)).text == "They like wax."


def talker(**config: Any) -> Flow:
    nodes = [("m", "chat.message", {}), ("a", "model", config), ("z", "chat.answer", {})]
    lines = ["m.message>a.prompt", "m.history>a.history", "a.answer>z.text"]
    return Flow(
        name="Talker",
        nodes=tuple(Node(id=id, kind=kind, config=settings) for id, kind, settings in nodes),
        edges=tuple(Edge.model_validate(dict(zip(("from", "to"), line.split(">"), strict=True))) for line in lines),
    )


@pytest.mark.parametrize("fast", ["practice/practice", "gone/model"])
def test_a_long_talk_is_summed_up_or_it_is_said_that_it_was_not(home: Workspace, fast: str) -> None:
    settings = home.models.settings
    home.models_changed(settings.model_copy(update={"roles": {**settings.roles, "fast": fast}}))
    flow = home.flows.create(talker(memory="summary", history_turns=1))
    conversation = home.runs.new_conversation(flow.id)
    for number in range(5):
        home.runs.add_turn(conversation, "user", f"My bee number {number} is called Ada {number}.")
        home.runs.add_turn(conversation, "assistant", "Noted.")
    view = home.runner.finished(home.runner.start(flow, "And now?", conversation))
    assert view.state == "finished"
    summary = home.memory.summary_of(conversation, home.runs.history(conversation))
    app = open_page(chat_page, gpt=flow.id)
    said = [line.value for line in app.caption if "could not be summed up" in line.value]
    if fast == "practice/practice":
        assert (summary.covered, said) == (8, [])
        assert "bee number" in summary.text
        return
    assert summary.covered == 0
    assert len(said) == 1
    assert "“gone/model” isn’t set up" in said[0]


def test_a_fact_goes_from_one_gpt_to_another(home: Workspace) -> None:
    nodes = (Node(id="m", kind="chat.message"), Node(id="r", kind="memory.remember", config={"scope": "person"}))
    learner = Flow(
        name="Learner",
        nodes=(*nodes, Node(id="z", kind="chat.answer")),
        edges=(
            Edge.model_validate({"from": "m.message", "to": "r.value"}),
            Edge.model_validate({"from": "r.value", "to": "z.text"}),
        ),
    )
    teller = Flow(
        name="Teller",
        nodes=(
            Node(id="m", kind="chat.message"),
            Node(id="f", kind="memory.facts"),
            Node(id="z", kind="chat.answer"),
        ),
        edges=(
            Edge.model_validate({"from": "m.message", "to": "f.after"}),
            Edge.model_validate({"from": "f.text", "to": "z.text"}),
        ),
    )
    texts = []
    for flow, message in ((learner, "I keep bees"), (teller, "What do you know?"), (learner, "sk-" + "a1" * 20)):
        kept = home.flows.create(flow)
        run_id = home.runner.start(kept, message, home.runs.new_conversation(kept.id))
        texts.append(home.runner.finished(run_id))
    assert texts[1].text == "memory: I keep bees"
    assert texts[2].problem is not None
    assert texts[2].problem.code == "memory.secret"
    (fact,) = home.memory.facts()
    assert fact.value == "I keep bees"
    assert fact.learned_at <= time.time()


def test_conversations_that_say_it_in_other_words_stand_below_and_are_marked(home: Workspace) -> None:
    flow, other = home.flows.create(Flow(name="Desk")), home.flows.create(Flow(name="Other"))
    ids = {}
    for text in ("Comment changer mon mot de passe ?", "My password is too long", "Will it rain tomorrow?"):
        for gpt in (flow, other):
            ids[text, gpt.name] = home.runs.new_conversation(gpt.id)
            home.runs.add_turn(ids[text, gpt.name], "user", text)
    app = AppTest.from_function(conversations_page)
    app.session_state["gpt"] = flow.id
    app.run()
    labelled(app.text_input, "Search conversations").set_value("password").run()
    listed = [button.key.partition(":")[2] for button in app.button if button.key.startswith("conversation:")]
    assert listed == [
        ids["My password is too long", "Desk"],
        ids["Comment changer mon mot de passe ?", "Desk"],
    ]
    assert [caption.value for caption in app.caption if "meaning" in caption.value] == ["Similar in meaning"]
    labelled(app.text_input, "Search conversations").set_value("quantum physics").run()
    assert not any((button.key or "").startswith("conversation:") for button in app.button)
    assert any(caption.value == "Nothing found." for caption in app.caption)
