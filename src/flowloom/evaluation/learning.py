"""What a GPT learns from answers that were found good: as saved answers, or as examples in its instructions.

Held-out rows teach nothing: they tell whether what was learnt helps with other questions.
"""

from collections.abc import Iterable

from flowloom.flow.model import MAX_SAVED_ANSWERS, Flow
from flowloom.nodes.templates import fill
from flowloom.saved_answers import with_saved
from flowloom.services.models.practice_rules import without_notes
from flowloom.store.datasets import Rows

MOST_EXAMPLES = 5
LONGEST_QUESTION, LONGEST_ANSWER, LONGEST_EXAMPLE = 1_000, 8_000, 1_500
LONGEST_INSTRUCTIONS = 100_000
HEADING = "Examples of good answers:"


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
    """The GPT with a few good answers as examples its models read; None where there are none. Raises NodeError."""
    told = "\n\n".join(_examples(good_pairs(rows)))
    before = flow.instructions.partition(HEADING)[0].strip()
    instructions = f"{before}\n\n{HEADING}\n\n{told}".strip()
    if not told or instructions == flow.instructions or len(instructions) > LONGEST_INSTRUCTIONS:
        return None
    return flow.model_copy(update={"instructions": instructions})


def _examples(pairs: Iterable[tuple[str, str]]) -> list[str]:
    """The shortest ones, as they leave the most room for the question."""
    fitting = [pair for pair in pairs if pair[0] and pair[1] and sum(map(len, pair)) <= LONGEST_EXAMPLE]
    chosen = sorted(fitting, key=lambda pair: sum(map(len, pair)))[:MOST_EXAMPLES]
    return [f"Question: {question}\nAnswer: {answer}" for question, answer in chosen]
