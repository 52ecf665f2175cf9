"""Ways out that lead to no answer: warned of before a run, named as the cause after it, mended at a click."""

import asyncio
from typing import Any

import pytest

from flowloom.flow.edit import apply
from flowloom.flow.model import Flow
from flowloom.kinds.context import Turn
from flowloom.kinds.registry import all_kinds
from flowloom.locales import LANGUAGES
from flowloom.run.events import RunEvent
from flowloom.run.execution.executor import execute
from flowloom.run.planning.check import blocking, find_problems
from flowloom.run.planning.fixes import mend
from flowloom.run.planning.plan import plan_of
from flowloom.run.reading.record import Decision, Record
from flowloom.run.reading.steps import story_of
from flowloom.run.reading.view import view_of
from tests.run.test_executor import SERVICES

MESSAGE: dict[str, Any] = {"id": "message", "kind": "chat.message"}
SORT: dict[str, Any] = {
    "id": "sort",
    "kind": "branch",
    "config": {
        "rows": [{"name": "Refund", "conditions": [{"input": "text", "operator": "contains", "value": "money"}]}]
    },
}
ANSWER: dict[str, Any] = {"id": "answer", "kind": "chat.answer"}
IN = ("message.message", "sort.text")
REFUND = ("sort.refund", "answer.text")
OTHERWISE = ("sort.otherwise", "answer.text")
ALWAYS: dict[str, Any] = {"id": "always", "kind": "chat.answer", "config": {"text": "Hello."}}
APPROVE: dict[str, Any] = {"id": "sort", "kind": "people.approve"}


def flow_of(nodes: list[dict[str, Any]], *lines: tuple[str, str], language: str = "en") -> Flow:
    edges = [{"from": start, "to": end} for start, end in lines]
    return Flow.model_validate({"nodes": nodes, "edges": edges, "language": language})


def run(flow: Flow, message: str) -> tuple[list[RunEvent], str]:
    events: list[RunEvent] = []
    asyncio.run(execute(plan_of(flow, all_kinds()), Turn(message), SERVICES, events.append, "r"))
    return events, view_of(events).text


def dead_ends(flow: Flow, events: list[RunEvent]) -> list[Decision]:
    return Record(flow, all_kinds(), tuple(story_of(events))).dead_ends()


CASES = {
    "one way leads nowhere": (flow_of([MESSAGE, SORT, ANSWER], IN, REFUND), ["otherwise"]),
    "every way answers": (flow_of([MESSAGE, SORT, ANSWER], IN, REFUND, OTHERWISE), []),
    "something else answers all the same": (flow_of([MESSAGE, SORT, ANSWER, ALWAYS], IN, REFUND), []),
    "the answer comes by another line": (
        flow_of([MESSAGE, SORT, ANSWER, {"id": "echo", "kind": "chat.answer"}], IN, REFUND,
                ("message.message", "echo.text")),
        [],
    ),
    "a comment is no way": (
        flow_of([MESSAGE, APPROVE, ANSWER], ("message.message", "sort.value"), ("sort.approved", "answer.text"),
                ("sort.declined", "answer.text")),
        [],
    ),
    "a refusal is one": (
        flow_of([MESSAGE, APPROVE, ANSWER], ("message.message", "sort.value"), ("sort.approved", "answer.text")),
        ["declined"],
    ),
    "a pinned block takes no other way": (
        flow_of([MESSAGE, {**SORT, "settings": {"pinned": {"refund": "x"}}}, ANSWER], IN, REFUND),
        [],
    ),
}  # fmt: skip


@pytest.mark.parametrize(("flow", "ports"), CASES.values(), ids=CASES)
def test_a_loose_way_is_a_warning(flow: Flow, ports: list[str]) -> None:
    problems = find_problems(flow, all_kinds())
    assert [problem.port for problem in problems if problem.code == "run.loose_way"] == ports
    assert blocking(problems) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_is_mended_by_a_fixed_answer(language: str) -> None:
    flow = flow_of([MESSAGE, SORT, ANSWER], IN, REFUND, language=language)
    (problem,) = find_problems(flow, all_kinds())
    assert problem.describe(language).message != problem.describe("en").message or language == "en"
    for edit in mend(flow, problem, all_kinds()):
        flow = apply(flow, edit)
    assert find_problems(flow, all_kinds()) == []
    said = {"en": "Sorry, I can’t help with that.", "zh": "抱歉，这个我帮不上忙。",
            "fr": "Désolé, je ne peux pas vous aider pour cela."}  # fmt: skip
    assert run(flow, "Hello")[1] == said[language]
    assert run(flow, "my money")[1] == "my money"


def test_after_the_run_it_is_the_cause() -> None:
    flow = flow_of([MESSAGE, SORT, ANSWER], IN, REFUND)
    events, text = run(flow, "Hello")
    assert text == ""
    (found,) = dead_ends(flow, events)
    assert (found.step.node, found.way.id) == ("sort", "otherwise")
    events, text = run(flow, "my money")
    assert text == "my money"
    assert dead_ends(flow, events) == []
