"""Moderate: words stop at once, rules ask a model, and one of two ways is gone."""

import pytest

from flowloom.kinds.registry import all_kinds
from flowloom.kinds.values import ModelReply
from tests.nodes.conftest import Ports, World


def test_a_listed_word_stops_without_a_model(world: World) -> None:
    outputs = world.run("moderate", {"words": "idiot\nfool"}, text="You FOOL!")
    assert outputs == {"stopped": "You FOOL!", "reason": "It holds “FOOL”, which is on your list."}
    assert world.models.requests == []


@pytest.mark.parametrize(
    ("fields", "outputs"),
    [
        ({"unwanted": False, "why": "all fine"}, {"passed": "Hi"}),
        (
            {"unwanted": True, "why": "an insult"},
            {"stopped": "Hi", "reason": "A model found that it breaks your rules: an insult"},
        ),
        ({"unwanted": True, "why": ""}, {"stopped": "Hi", "reason": "A model found that it breaks your rules."}),
        ({}, {"stopped": "Hi", "reason": "A model found that it breaks your rules."}),
    ],
)
def test_a_model_judges_by_the_rules(world: World, fields: dict[str, object], outputs: dict[str, str]) -> None:
    world.models.replies = [ModelReply(fields=fields)]
    assert world.run("moderate", {"rules": "Insults"}, text="Hi") == outputs
    assert "Insults" in world.models.requests[0].messages[0].text


@pytest.mark.parametrize(("config", "text"), [({"rules": " "}, "foolish"), ({}, "  ")])
def test_no_model_is_asked_where_there_is_nothing_to_judge(world: World, config: dict[str, str], text: str) -> None:
    assert world.run("moderate", {"words": "fool", **config}, text=text) == {"passed": text}
    assert world.models.requests == []


def test_what_is_foretold(ports: Ports) -> None:
    kind = all_kinds()["moderate"]
    assert [call[1:] for call in kind.calls(kind.config(), 0)] == [(0, 1)]
    assert list(kind.calls(kind.config.model_validate({"rules": ""}), 0)) == []
    assert ports.problems("moderate", rules="") == ["moderate.nothing"]
    assert ports.problems("moderate") == []
