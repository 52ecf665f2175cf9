"""Saved answers of a GPT: which of them a message asks for, and the flow that gives it without a model."""

from collections.abc import Sequence

from flowloom.flow.model import MAX_EXAMPLES, MAX_SAVED_ANSWERS, Edge, Flow, Node, Position, SavedAnswer
from flowloom.run.reading.view import RunView
from flowloom.services.same_question import Nearness as Nearness
from flowloom.services.same_question import find_same
from flowloom.store.runs import RunStore
from flowloom.words import raw_words

SAVED = "saved_answer"
"""The block of such a run that answers."""


def find_saved(saved: Sequence[SavedAnswer], message: str, nearness: Nearness | None) -> SavedAnswer | None:
    """The saved answer to what a message asks, of those that are on; None where there is none."""
    usable = [each for each in saved if each.on]
    if not usable:
        return None
    found = find_same(message, [each.question for each in usable], nearness)
    return None if found is None else usable[found]


def answering_at_once(flow: Flow, saved: SavedAnswer) -> Flow:
    """The flow of a run that is answered with a saved answer: a message and an answer; the flow itself where it
    takes no message.

    Its message block has the id it has in the flow, so that a replay on the canvas lights up there.
    """
    start = next((node for node in flow.nodes if node.kind == "chat.message"), None)
    if start is None:
        return flow
    answer = Node(id=SAVED, kind="chat.answer", name="Saved answer", config={"text": saved.answer})
    return flow.model_copy(
        update={
            "nodes": (Node(id=start.id, kind=start.kind, name=start.name), answer),
            "edges": (Edge.model_validate({"from": f"{start.id}.message", "to": f"{SAVED}.after"}),),
            "layout": {start.id: Position(x=0, y=0), SAVED: Position(x=230, y=0)},
            "variables": (),
            "saved_answers": (saved,),
        }
    )


def saved_in(flow: Flow) -> SavedAnswer | None:
    """The saved answer a run was answered with, by the flow it ran; None for any other run."""
    is_at_once = len(flow.nodes) == 2 and flow.node(SAVED) is not None and len(flow.saved_answers) == 1
    return flow.saved_answers[0] if is_at_once else None


def saved_answer_of(runs: RunStore, view: RunView) -> SavedAnswer | None:
    """The saved answer a run was answered with; None for any other run, which needs no look at what is kept."""
    then = runs.flow_then(view.run_id) if SAVED in view.nodes else None
    return saved_in(then) if then else None


def with_saved(saved: Sequence[SavedAnswer], question: str, answer: str) -> list[SavedAnswer]:
    """The list with one more; it takes the place of one to the same question.

    Raises ValueError for a blank or too long text, or where the list is full.
    """
    return _with(saved, SavedAnswer(question=question.strip(), answer=answer.strip()), MAX_SAVED_ANSWERS)


def with_example(examples: Sequence[SavedAnswer], question: str, answer: str, *, on: bool) -> list[SavedAnswer]:
    """The same for the examples of a GPT; one that is not on waits until somebody has tried what it changes."""
    return _with(examples, SavedAnswer(question=question.strip(), answer=answer.strip(), on=on), MAX_EXAMPLES)


def _with(saved: Sequence[SavedAnswer], fresh: SavedAnswer, most: int) -> list[SavedAnswer]:
    said = raw_words(fresh.question)
    kept = [each for each in saved if raw_words(each.question) != said or not said]
    if len(kept) >= most:
        raise ValueError("full")
    return [*kept, fresh]
