"""What a GPT learns from good answers, and that held-out rows teach nothing."""

from flowloom.evaluation.learning import good_pairs, with_examples, with_saved_answers, with_waiting
from flowloom.saved_answers import with_example
from flowloom.store.datasets import DataRow, Rows
from tests.evaluation.trying import ECHO


def row(asked: str, *, good: bool | None = True, held_out: bool = False, answer: str = "So.") -> DataRow:
    return DataRow(id=asked, given={"message": asked}, good=good, held_out=held_out, answered=answer)


ROWS = Rows(
    titles=("message",),
    message="{{message}}",
    rows=(row("Good?"), row("Bad?", good=False), row("Unrated?", good=None), row("Held?", held_out=True)),
)


def test_only_good_answers_that_are_not_held_out_teach() -> None:
    assert good_pairs(ROWS) == [("Good?", "So.")]


def test_they_become_saved_answers() -> None:
    learnt = with_saved_answers(ECHO, ROWS)
    assert learnt
    assert [(each.question, each.answer) for each in learnt.saved_answers] == [("Good?", "So.")]
    assert with_saved_answers(learnt, ROWS) is None, "there is nothing new to learn"


def test_they_become_examples_once() -> None:
    learnt = with_examples(ECHO, ROWS)
    assert learnt
    assert [(each.question, each.answer, each.on) for each in learnt.examples] == [("Good?", "So.", True)]
    assert with_examples(learnt, ROWS) is None, "there is nothing new to learn"
    more = ROWS.model_copy(update={"rows": (*ROWS.rows, row("New?"))})
    again = with_examples(learnt, more)
    assert again
    assert [each.question for each in again.examples] == ["Good?", "New?"]


def test_examples_that_wait_are_tried_before_they_are_switched_on() -> None:
    waiting = ECHO.model_copy(update={"examples": tuple(with_example((), "Good?", "So.", on=False))})
    tried = with_waiting(waiting)
    assert tried
    assert [each.on for each in tried.examples] == [True]
    assert with_waiting(tried) is None
    assert with_waiting(ECHO) is None


def test_long_ones_and_none_are_left_out() -> None:
    assert with_examples(ECHO, ROWS.model_copy(update={"rows": (row("Long?", answer="x" * 2_000),)})) is None
    assert with_saved_answers(ECHO, ROWS.model_copy(update={"rows": ()})) is None
