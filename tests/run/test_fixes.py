"""Problems that mend themselves at a click, and those where a person has to choose."""

from typing import Any

import pytest

from flowloom.flow.edit import apply
from flowloom.flow.model import Flow
from flowloom.kinds.registry import all_kinds
from flowloom.run.planning.check import find_problems
from flowloom.run.planning.fixes import mend

MESSAGE, PROMPT, ANSWER = (
    {"id": "message", "kind": "chat.message"},
    {"id": "prompt", "kind": "prompt", "config": {"template": "{{question}}"}},
    {"id": "answer", "kind": "chat.answer"},
)
SAVE = {"id": "save", "kind": "file.save"}
TO_SAVE = {"from": "message.message", "to": "save.content"}
TO_PROMPT = {"from": "message.message", "to": "prompt.question"}
TO_ANSWER = {"from": "prompt.prompt", "to": "answer.text"}


def flow_of(nodes: list[dict[str, Any]], edges: list[dict[str, str]]) -> Flow:
    return Flow.model_validate({"nodes": nodes, "edges": edges})


@pytest.mark.parametrize(
    ("nodes", "edges", "code"),
    [
        ([MESSAGE, PROMPT, ANSWER], [TO_ANSWER], "run.input"),
        ([MESSAGE, PROMPT, ANSWER], [TO_PROMPT], "run.input"),
        ([MESSAGE, PROMPT], [TO_PROMPT], "run.no_answer"),
        ([MESSAGE, SAVE], [TO_SAVE], "run.no_answer"),
        (
            [MESSAGE, PROMPT, ANSWER],
            [TO_PROMPT, TO_ANSWER, {"from": "message.message", "to": "prompt.gone"}],
            "run.no_port",
        ),
    ],
)
def test_what_is_certain_is_mended(nodes: list[dict[str, Any]], edges: list[dict[str, str]], code: str) -> None:
    flow = flow_of(nodes, edges)
    (problem,) = [found for found in find_problems(flow, all_kinds()) if found.code == code]
    edits = mend(flow, problem, all_kinds())
    assert edits
    for edit in edits:
        flow = apply(flow, edit)
    assert find_problems(flow, all_kinds()) == []


def test_of_two_ways_none_is_taken() -> None:
    other = {"id": "other", "kind": "prompt", "config": {"template": "{{question}}"}}
    edges = [TO_PROMPT, {"from": "message.message", "to": "other.question"}]
    flow = flow_of([MESSAGE, PROMPT, other, ANSWER], edges)
    (problem,) = find_problems(flow, all_kinds())
    assert mend(flow, problem, all_kinds()) == ()


def test_mending_never_makes_a_loop() -> None:
    flow = flow_of([PROMPT, ANSWER], [TO_ANSWER])
    for problem in find_problems(flow, all_kinds()):
        assert mend(flow, problem, all_kinds()) == ()
