"""What the canvas is told of a run."""

from flowloom.flow.model import Flow
from flowloom.kinds.people import Question
from flowloom.run.events import NodeAdvanced, NodeAsked, NodeStarted, RunPaused
from flowloom.run.reading.view import RunView, view_of
from flowloom.serve.status import Json, full_status


def status(view: RunView) -> Json:
    return full_status(view, Flow(), "en")


def test_a_block_that_waits_for_a_person_is_no_block_at_work() -> None:
    begun = NodeStarted(run_id="r", seq=0, at=0, node="a")
    asked = NodeAsked(run_id="r", seq=1, at=1, node="a", id="q", question=Question(title="May I?"))
    found = status(view_of([begun, asked, RunPaused(run_id="r", seq=2, at=2)]))
    assert found["state"] == "paused"
    assert found["nodes"]["a"] == {"status": "asking", "note": "Waiting for approval"}


def test_a_list_says_how_far_it_is() -> None:
    done = NodeAdvanced(run_id="r", seq=1, at=1, node="a", done=2, of=5)
    found = status(view_of([NodeStarted(run_id="r", seq=0, at=0, node="a"), done]))
    assert found["nodes"]["a"] == {"status": "running", "items": [2, 5], "note": "2 of 5"}


def test_a_list_within_which_a_person_is_asked_says_both() -> None:
    done = NodeAdvanced(run_id="r", seq=0, at=0, node="a", done=2, of=5)
    begun = NodeStarted(run_id="r", seq=0, at=0, node="a")
    found = status(view_of([begun, done, RunPaused(run_id="r", seq=2, at=2)]))
    assert found["nodes"]["a"] == {"status": "asking", "items": [2, 5], "note": "Waiting for approval"}
