"""Examples of good answers through a whole run: chosen by meaning, logged, kept with the GPT, told in words."""

import pytest

from flowloom.differences import differences
from flowloom.exchange.outgoing import write_outgoing
from flowloom.exchange.personal_data import personal_data_in
from flowloom.flow.edit import Describe, apply
from flowloom.flow.file import read_flow, write_flow
from flowloom.flow.model import Flow, SavedAnswer
from flowloom.run.reading.steps import story_of
from flowloom.services.near_questions import NearQuestions
from flowloom.workspace import Workspace
from tests.evaluation.trying import ASKING, Scripted

PAIRS = (
    SavedAnswer(question="How do I return shoes?", answer="Send them back within 30 days. Regards, the shop"),
    SavedAnswer(question="What is the tallest mountain?", answer="Everest."),
    SavedAnswer(question="How do I return a coat?", answer="Off.", on=False),
)
WITH = ASKING.model_copy(update={"examples": PAIRS, "examples_shown": 1})


def test_the_log_says_which_example_was_read(home: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    models = Scripted(lambda said: "Yes.")
    monkeypatch.setattr(home.models, "reply", models.reply)
    flow = home.flows.create(WITH)
    run = home.runner.start(flow, "How can I return boots?", home.runs.new_conversation(flow.id))
    home.runner.finished(run)
    (asked,) = [step for step in story_of(home.runs.events(run)) if step.node == "x"]
    assert [each["question"] for each in asked.examples] == ["How do I return shoes?"]


def test_they_are_a_fact_of_the_flow() -> None:
    assert read_flow(write_flow(WITH)) == WITH
    changed = apply(Flow(name="Shop"), Describe(changes={"examples": [PAIRS[0].model_dump()], "examples_shown": 5}))
    assert changed.examples == PAIRS[:1]
    assert differences(ASKING, WITH, "en")[:2] == [
        "New example: How do I return shoes?",
        "New example: What is the tallest mountain?",
    ]
    assert "Another number of examples is shown to the model." in differences(ASKING, WITH, "en")


def test_what_they_say_is_looked_through_before_it_leaves() -> None:
    pair = SavedAnswer(question="Who helps?", answer="Write to jane.roe@example.com")
    assert personal_data_in(ASKING.model_copy(update={"examples": (pair,)}))
    notes = write_outgoing("python", WITH).report.notes
    assert "Examples of good answers don’t come along." in [note.message for note in notes]


def test_words_stand_in_where_meaning_is_not_known() -> None:
    near = NearQuestions(lambda text, others: [])
    first, second = near("Return boots", ["How do I return shoes?", "The tallest mountain"])
    assert first > 0 == second
