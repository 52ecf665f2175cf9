"""Answers a builder saved: they are given at once, as a real run, and only to the same question."""

from pathlib import Path

import pytest
from benchmarks.saved_answers import FRESH, HELD_OUT, SEEN, measure
from pydantic import ValidationError

from flowloom.differences import differences
from flowloom.flow.edit import Describe, apply
from flowloom.flow.file import read_flow, write_flow
from flowloom.flow.model import Flow, SavedAnswer
from flowloom.kinds.values import Attachment
from flowloom.run.reading.view import RunView
from flowloom.saved_answers import find_saved, saved_in, with_saved
from flowloom.services.knowledge.text_nearness import TextNearness
from flowloom.services.same_question import find_same
from flowloom.store.templates import templates
from flowloom.workspace import Workspace

QUESTION, ANSWER = "Are you open on Sunday?", "Yes, from 10 to 4."


def gpt(home: Workspace, **saved: object) -> Flow:
    flow = home.intake.create_from_template(next(each for each in templates() if each.id == "homework-tutor"))
    return flow.model_copy(update={"saved_answers": (SavedAnswer(question=QUESTION, answer=ANSWER, **saved),)})


def ask(home: Workspace, flow: Flow, message: str, attachments: tuple[Attachment, ...] = ()) -> RunView:
    run_id = home.runner.start(flow, message, home.runs.new_conversation(flow.id), attachments)
    view = home.runner.finished(run_id)
    assert view.state == "finished"
    return view


def test_the_same_question_is_answered_at_once_as_a_real_run(home: Workspace) -> None:
    view = ask(home, gpt(home), "Do you open on Sunday?")
    assert view.text == ANSWER
    assert not any((view.usage.cost, view.usage.input_tokens, view.usage.output_tokens))
    then = home.runs.flow_then(view.run_id)
    assert then
    assert saved_in(then) == SavedAnswer(question=QUESTION, answer=ANSWER)
    assert not any(node.startswith(("agent", "model")) for node in view.nodes)


@pytest.mark.parametrize("message", ["Are you open on Monday?", "Are you closed on Sunday?", "Tell me a joke"])
def test_another_question_goes_to_the_blocks(home: Workspace, message: str) -> None:
    view = ask(home, gpt(home), message)
    then = home.runs.flow_then(view.run_id)
    assert then
    assert saved_in(then) is None
    assert view.text != ANSWER


def test_one_that_is_off_answers_nothing(home: Workspace) -> None:
    assert ask(home, gpt(home, on=False), QUESTION).text != ANSWER


def test_a_message_with_a_file_is_never_answered_from_them(home: Workspace) -> None:
    file = Attachment(id="a1", name="plan.txt", text="the plan")
    assert ask(home, gpt(home), QUESTION, (file,)).text != ANSWER


@pytest.mark.parametrize(
    ("question", "other"),
    [
        ("Do I have to book a table?", "How do I book a table?"),
        ("Faut-il réserver une table ?", "Comment réserver une table ?"),
        ("需要预订座位吗？", "怎么预订座位？"),
    ],
)
def test_whether_one_has_to_is_not_how_one_does(question: str, other: str) -> None:
    nearness = TextNearness()
    assert find_same(other, [question], nearness) is None
    assert find_same(question, [other], nearness) is None
    assert find_same(question.rstrip("?？ "), [question], nearness) == 0


@pytest.mark.parametrize(
    "questions",
    [
        ["How do I register?", "When do I register?", "Where do I register?", "Can I register?", "Who registers?"],
        ["Do you repair bikes?", "How long do you repair bikes?", "What does it cost to repair bikes?"],
        ["Is there a gym?", "Where is the gym?", "When is the gym?", "Why is there a gym?"],
        [
            "Comment s’inscrire ?",
            "Quand s’inscrire ?",
            "Où s’inscrire ?",
            "Qui s’inscrit ?",
            "Peut-on s’inscrire ?",
        ],
        ["怎么报名？", "什么时候报名？", "在哪里报名？", "谁报名？", "可以报名吗？", "为什么报名？"],
    ],
)
def test_what_is_asked_about_the_same_thing_has_answers_of_its_own(questions: list[str]) -> None:
    nearness = TextNearness()
    for number, question in enumerate(questions):
        others = [each for each in questions if each != question]
        assert find_same(question, others, nearness) is None, question
        assert find_same(question.rstrip("?？ "), questions, nearness) == number


@pytest.mark.parametrize(
    ("message", "question"),
    [
        ("Which formats can be uploaded?", "Which formats can I upload?"),  # “I” is no name
        ("宿舍有无线网络吗？", "宿舍有没有无线网络？"),  # asks, and denies nothing
        ("I need to reset my password", "How do I reset my password?"),
        ("Je voudrais changer mon adresse", "Comment changer mon adresse ?"),
        ("Which files can students upload?", "Which file can a student upload?"),
    ],
)
def test_another_way_to_ask_is_recognised(message: str, question: str) -> None:
    assert find_same(message, [question], TextNearness()) == 0


def _never(text: str, others: object) -> list[float]:
    raise AssertionError("the encoder was asked")


@pytest.mark.parametrize(
    ("saved", "message"), [((), "Hello"), ((SavedAnswer(question=QUESTION, answer=ANSWER),), QUESTION.lower())]
)
def test_no_encoder_where_none_is_needed(saved: tuple[SavedAnswer, ...], message: str) -> None:
    found = find_saved(saved, message, _never)
    assert (found is not None) == bool(saved)


@pytest.mark.parametrize("message", ["", "   ", "?!", "x" * 100_000, "open " * 20_000])
def test_what_asks_nothing_matches_nothing(message: str) -> None:
    assert find_same(message, [QUESTION], None) is None


def test_an_unknown_language_goes_by_words() -> None:
    question = "Onko kauppa auki huomenna aamulla?"
    assert find_same("Huomenna aamulla kauppa auki onko?", [question], lambda text, others: []) == 0
    assert find_same("Onko kirjasto auki huomenna aamulla?", [question], lambda text, others: []) is None


def test_two_for_one_question_the_later_stands() -> None:
    kept = with_saved(with_saved([], "Open?", "No."), "open", "Yes.")
    assert [(each.question, each.answer) for each in kept] == [("open", "Yes.")]


@pytest.mark.parametrize("bad", [{"question": " "}, {"answer": "\n"}, {"answer": "x" * 100_000}])
def test_blank_or_endless_texts_are_refused(bad: dict[str, str]) -> None:
    with pytest.raises(ValidationError):
        SavedAnswer.model_validate({"question": "Q", "answer": "A", **bad})


def test_five_hundred_and_no_more() -> None:
    full = [SavedAnswer(question=f"Question {number}", answer="A") for number in range(500)]
    assert Flow(saved_answers=tuple(full)).saved_answers
    with pytest.raises(ValueError, match="full"):
        with_saved(full, "One more", "A")
    assert find_same("Question 77", [each.question for each in full], _never) == 77


def test_file_edit_and_history_carry_them() -> None:
    row = {"question": QUESTION, "answer": ANSWER}
    flow = apply(Flow(name="Shop"), Describe(changes={"saved_answers": [row]}))
    assert read_flow(write_flow(flow)) == flow
    assert differences(Flow(id=flow.id, name="Shop"), flow, "en") == [f"New saved answer to: {QUESTION}"]


@pytest.mark.parametrize("tune", [True, False])
def test_near_questions_are_told_apart(tune: bool) -> None:
    right, missed, wrong, _ = measure(SEEN, tune=tune)
    assert wrong == 0
    assert right / (right + missed) >= 0.5


@pytest.mark.parametrize("table", [HELD_OUT, FRESH])
def test_near_questions_of_other_subjects_are_not_answered(table: Path) -> None:
    found = measure(table)
    assert found.wrong == 0
    assert found.right >= 10
