"""The block that measures an answer, by the measures of experiments."""

import asyncio
from dataclasses import replace
from typing import Any

import pytest

from flowloom.errors import NodeError
from flowloom.evaluation.evaluators.all import EVALUATORS
from flowloom.evaluation.measuring import Measuring
from flowloom.kinds.registry import all_kinds
from flowloom.kinds.services import Services
from flowloom.kinds.values import ModelReply, Passage, Usage
from flowloom.nodes.logic.evaluate import ASK_MODELS, CALLS, LABELS
from tests.nodes.conftest import Ports, World

PASSAGES = [Passage(text="The library is open until six.", file="a.txt")]
PARIS = {"answer": "It is Paris.", "expected": "Paris"}
CASES: dict[str, tuple[dict[str, Any], dict[str, Any], tuple[float, bool]]] = {
    "contains": ({}, PARIS, (1.0, True)),
    "exact": ({"measure": "exact"}, PARIS, (0.0, False)),
    "pattern": ({"measure": "regex", "rule": "P.ris"}, PARIS, (1.0, True)),
    "fields": ({"measure": "json"}, {"answer": '{"a": 1, "b": 2}', "expected": '{"a": 1, "b": 3}'}, (0.5, True)),
    "passes from": (
        {"measure": "json", "passes_from": 0.9},
        {"answer": '{"a": 1, "b": 2}', "expected": '{"a": 1, "b": 3}'},
        (0.5, False),
    ),
    "number": ({"measure": "number", "within": 1}, {"answer": "About 41.", "expected": "42"}, (1.0, True)),
    "near": ({"measure": "similar"}, PARIS, (0.75, True)),
    "cites": (
        {"measure": "cites"},
        {"answer": "The library is open until six [1].", "passages": PASSAGES},
        (1.0, True),
    ),
    "grounded": ({"measure": "grounded"}, {"answer": "Dogs are welcome.", "passages": PASSAGES}, (0.0, False)),
    "refuses": ({"measure": "refuses", "should_refuse": True}, {"answer": "I can’t help with that."}, (1.0, True)),
    "language": ({"measure": "language"}, {"answer": "Bonjour, voici le plan.", "question": "Why?"}, (0.0, False)),
    "reading": (
        {"measure": "reading", "years": 3},
        {"answer": "Organisational incompatibilities complicate administrations. " * 4},
        (0.0, False),
    ),
}


def run(world: World, config: dict[str, Any], given: dict[str, Any]) -> dict[str, Any]:
    kind = all_kinds()["evaluate"]
    base = world.context
    services: Services = replace(base.services, measures=Measuring(lambda text, others: [0.75]))
    ctx = replace(base, services=services)
    found: Any = kind.function(kind.config.model_validate(config), kind.inputs.model_validate(given), ctx)
    result = asyncio.run(found)
    return {name: getattr(result, name) for name in result.model_fields_set}


@pytest.mark.parametrize(("config", "given", "expected"), CASES.values(), ids=CASES)
def test_what_it_measures(
    world: World, config: dict[str, Any], given: dict[str, Any], expected: tuple[float, bool]
) -> None:
    found = run(world, config, given)
    assert (found["score"], found["passed"]) == expected
    assert found["reason"]


@pytest.mark.parametrize("measure", ASK_MODELS)
@pytest.mark.parametrize(("letters", "score"), [("AB", 1.0), ("BA", 0.0), ("AA", None), ("?!", None)])
def test_a_model_is_asked_in_both_orders_and_paid_for(
    world: World, measure: str, letters: str, score: float | None
) -> None:
    world.models.replies = [ModelReply(text=letter, usage=Usage(model="m", cost=0.01)) for letter in letters]
    found = run(world, {"measure": measure}, {**PARIS, "passages": PASSAGES})
    assert found.get("score") == score
    assert found["reason"]
    assert ("passed" in found) == (score is not None), "what can’t be told fires nothing that could be taken for it"
    assert len(world.spent) == len(world.models.requests) <= CALLS


def test_a_rule_reaches_the_judge(world: World) -> None:
    world.models.replies = [ModelReply(text="A"), ModelReply(text="B")]
    run(world, {"measure": "judge", "rule": "It rhymes."}, PARIS)
    assert "It rhymes." in world.models.requests[0].messages[0].text


def test_what_is_missing_is_said(world: World, ports: Ports) -> None:
    assert run(world, {"measure": "grounded"}, PARIS) == {"reason": "This answer had no passages to stand on."}
    assert ports.problems("evaluate", measure="regex") == ["evaluate.no_pattern"]
    with pytest.raises(NodeError):
        world.run("evaluate", {}, **PARIS)


def test_it_has_every_measure_that_needs_no_run_and_calls_it_the_same() -> None:
    of_runs = {"route", "tool", "cost", "time", "own"}
    assert set(LABELS) == set(EVALUATORS) - of_runs
    assert {EVALUATORS[id].title for id in LABELS} == set(LABELS.values())
