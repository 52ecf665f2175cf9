"""What a GPT learns from answers that were found good: as saved answers, or as examples its models read.

Held-out rows teach nothing: they tell whether what was learnt helps with other questions.
"""

from collections.abc import Sequence

from flowloom.flow.model import MAX_EXAMPLES, MAX_SAVED_ANSWERS, Flow, SavedAnswer
from flowloom.nodes.templates import fill
from flowloom.saved_answers import with_example, with_saved
from flowloom.services.models.practice_rules import without_notes
from flowloom.store.datasets import Rows

LONGEST_QUESTION, LONGEST_ANSWER, LONGEST_EXAMPLE = 1_000, 8_000, 1_500


def good_pairs(rows: Rows) -> list[tuple[str, str]]:
    """Question and answer of each row that somebody found good and that is not held out. Raises NodeError."""
    return [
        (fill(rows.message, row.given).strip(), without_notes(row.answered or row.expected).strip())
        for row in rows.rows
        if row.good and not row.held_out and (row.answered or row.expected)
    ]


def with_saved_answers(flow: Flow, rows: Rows) -> Flow | None:
    """The GPT with good answers as saved ones; None where there is nothing new to learn. Raises NodeError."""
    saved = list(flow.saved_answers)
    for question, answer in good_pairs(rows):
        fits = len(question) <= LONGEST_QUESTION and len(answer) <= LONGEST_ANSWER and question and answer
        if fits and len(saved) < MAX_SAVED_ANSWERS:
            saved = list(with_saved(saved, question, answer))
    return flow.model_copy(update={"saved_answers": tuple(saved)}) if tuple(saved) != flow.saved_answers else None


def with_examples(flow: Flow, rows: Rows) -> Flow | None:
    """The GPT with good answers as examples, of which its models read the nearest; None where none is new.

    Raises NodeError.
    """
    examples = list(flow.examples)
    for question, answer in good_pairs(rows):
        # Long ones would leave little room for the question itself.
        fits = question and answer and len(question) + len(answer) <= LONGEST_EXAMPLE
        if fits and len(examples) < MAX_EXAMPLES:
            examples = with_example(examples, question, answer, on=True)
    return _learnt(flow, examples)


def with_waiting(flow: Flow) -> Flow | None:
    """The GPT with the examples in use that were kept and not yet tried; None where none waits."""
    return _learnt(flow, [each.model_copy(update={"on": True}) for each in flow.examples])


def _learnt(flow: Flow, examples: Sequence[SavedAnswer]) -> Flow | None:
    return flow.model_copy(update={"examples": tuple(examples)}) if tuple(examples) != flow.examples else None
