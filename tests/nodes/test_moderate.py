"""Moderate: words stop at once, rules ask a model, and one of two ways is gone."""

import pytest

from flowloom.kinds.media import Judgement
from flowloom.kinds.registry import all_kinds
from flowloom.kinds.values import ModelReply, Usage
from tests.nodes.conftest import Ports, World


def test_a_listed_word_stops_without_a_model(world: World) -> None:
    outputs = world.run("moderate", {"words": "idiot\nfool"}, text="You FOOL!")
    assert outputs == {"stopped": "You FOOL!", "reason": "It contains “FOOL” from your list."}
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


def test_openai_judges_by_its_own_rules(world: World) -> None:
    world.media.judgement = Judgement(unwanted=("hate", "violence"), usage=Usage(model="omni", cost=0.0))
    config = {"judge": "openai", "rules": "", "words": "fool"}
    assert world.run("moderate", config, text="Hi") == {
        "stopped": "Hi",
        "reason": "OpenAI moderation found: hate, violence.",
    }
    assert world.media.asked == [("Hi", "moderation")]
    assert world.spent == [Usage(model="omni", cost=0.0)]
    world.media.judgement = Judgement()
    assert world.run("moderate", config, text="Hi") == {"passed": "Hi"}
    assert "fool" in world.run("moderate", config, text="a fool")["reason"]
    assert len(world.media.asked) == 2


@pytest.mark.parametrize(("language", "said"), [("fr", "haine"), ("zh", "仇恨")])
def test_what_openai_found_is_said_in_the_persons_language(world: World, language: str, said: str) -> None:
    world.language, world.media.judgement = language, Judgement(unwanted=("hate", "a new one"))
    reason = world.run("moderate", {"judge": "openai"}, text="Hi")["reason"]
    assert f"{said}, a new one" in reason


def test_openai_needs_no_rules(ports: Ports) -> None:
    kind = all_kinds()["moderate"]
    config = kind.config.model_validate({"judge": "openai", "rules": ""})
    assert list(kind.calls(config, 0)) == [("moderation", 0, 1)]
    assert ports.problems("moderate", judge="openai", rules="") == []
