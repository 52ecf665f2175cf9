"""What blocks remember: the running summary a model sees, and facts about the person."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pytest

from flowloom.errors import BudgetError, StoreError
from flowloom.kinds.registry import all_kinds
from flowloom.kinds.values import Message, ModelReply, Usage
from flowloom.nodes.models.recollection import BEFORE, FRESH
from tests.nodes.conftest import World

SUMMARY = {"memory": "summary", "history_turns": 1}


@dataclass
class Shelf:
    """Facts and summaries in memory."""

    facts: dict[str, tuple[Any, bool]] = field(default_factory=dict)
    kept: list[tuple[int, str]] = field(default_factory=list)

    def all(self) -> Mapping[str, Any]:
        return {name: value for name, (value, _) in self.facts.items()}

    def set(self, name: str, value: Any, *, here: bool) -> None:
        if value == "secret":
            raise StoreError("No.")
        self.facts[name] = (value, here)

    def find(self, said: Sequence[Message]) -> tuple[int, str]:
        return max((each for each in self.kept if each[0] <= len(said)), default=(0, ""))

    def keep(self, said: Sequence[Message], text: str) -> None:
        self.kept.append((len(said), text))


@pytest.fixture
def shelf(world: World) -> Shelf:
    world.memory = Shelf()
    return world.memory


def talk(turns: int) -> list[Message]:
    """So many questions and answers: q1, a1, q2, a2."""
    return [
        message
        for number in range(1, turns + 1)
        for message in (Message(role="user", text=f"q{number}"), Message(role="assistant", text=f"a{number}"))
    ]


def texts(messages: Sequence[Message]) -> list[str]:
    return [message.text for message in messages]


@pytest.mark.parametrize(("kind", "asked"), [("model", "prompt"), ("agent", "message")])
def test_what_leaves_the_window_is_summed_up(world: World, shelf: Shelf, kind: str, asked: str) -> None:
    world.models.replies = [ModelReply(text="They spoke of q1 to q4."), ModelReply(text="Fine.")]
    world.run(kind, SUMMARY, **{asked: "And now?", "history": talk(5)})
    summed_up, request = world.models.requests
    assert summed_up.model == "fast"
    assert "Person: q1\nAssistant: a1" in summed_up.messages[1].text
    assert "q5" not in summed_up.messages[1].text
    assert texts(request.messages) == [f"{BEFORE}\n\nThey spoke of q1 to q4.", "q5", "a5", "And now?"]
    assert shelf.kept == [(8, "They spoke of q1 to q4.")]


def test_only_what_is_new_is_added_to_the_summary(world: World, shelf: Shelf) -> None:
    shelf.kept = [(8, "Up to q4.")]
    world.models.replies = [ModelReply(text="Up to q8."), ModelReply(text="Fine.")]
    world.run("model", SUMMARY, prompt="And now?", history=talk(9))
    said = world.models.requests[0].messages[1].text
    assert "Up to q4." in said
    assert "q5" in said
    assert "q1" not in said


def test_a_few_new_turns_are_sent_as_they_are(world: World, shelf: Shelf) -> None:
    shelf.kept = [(8, "Up to q4.")]
    world.models.replies = [ModelReply(text="Fine.")]
    world.run("model", SUMMARY, prompt="And now?", history=talk(6))
    (request,) = world.models.requests
    assert texts(request.messages)[1:] == ["q5", "a5", "q6", "a6", "And now?"]


def test_a_short_conversation_needs_no_summary(world: World, shelf: Shelf) -> None:
    world.models.replies = [ModelReply(text="Fine.")]
    world.run("model", SUMMARY, prompt="And now?", history=talk(FRESH // 2))
    assert len(world.models.requests) == 1


@pytest.mark.parametrize("reply", ["", None], ids=["empty", "failed"])
def test_without_a_summary_the_window_does(world: World, shelf: Shelf, reply: str | None) -> None:
    world.models.failing_first = reply is None
    world.models.replies = [ModelReply(text=reply)] if reply is not None else []
    world.models.replies.append(ModelReply(text="Fine."))
    outputs = world.run("model", SUMMARY, prompt="And now?", history=talk(5))
    assert outputs["answer"] == "Fine."
    assert texts(world.models.requests[-1].messages) == ["q5", "a5", "And now?"]
    (warned,) = world.warned
    assert (warned.code, warned.severity) == ("model.no_summary", "warning")
    assert shelf.kept == []


def test_a_summary_counts_against_the_budget(world: World, shelf: Shelf) -> None:
    def spend(usage: Usage) -> None:
        raise BudgetError("Enough.")

    world.spend = spend
    world.models.replies = [ModelReply(text="Up to q4."), ModelReply(text="Fine.")]
    with pytest.raises(BudgetError):
        world.run("model", SUMMARY, prompt="And now?", history=talk(5))


@pytest.mark.parametrize("kind", ["model", "agent"])
def test_the_call_for_a_summary_is_foretold(kind: str) -> None:
    found = all_kinds()[kind]
    config = found.config.model_validate(SUMMARY)
    assert [tuple(calls) for calls in found.calls(config, 0)] == [("default", 1, 1), ("fast", 0, 1)]


@pytest.mark.parametrize(("scope", "here"), [("person", False), ("here", True)])
def test_a_fact_about_the_person_is_remembered_and_recalled(
    world: World, shelf: Shelf, scope: str, here: bool
) -> None:
    world.run("memory.remember", {"name": "colour", "scope": scope}, value="gold")
    assert shelf.facts == {"colour": ("gold", here)}
    assert world.run("memory.recall", {"name": "colour", "scope": "person"}) == {"value": "gold"}
    assert world.run("memory.recall", {"name": "colour", "default": "none"}) == {"value": "none"}


def test_what_is_refused_stops_the_block(world: World, shelf: Shelf) -> None:
    with pytest.raises(StoreError):
        world.run("memory.remember", {"name": "colour", "scope": "person"}, value="secret")


def test_all_facts_as_text_and_data(world: World, shelf: Shelf) -> None:
    shelf.facts = {"name": ("Ada", False), "pets": (["cat", "dog"], True)}
    outputs = world.run("memory.facts")
    assert outputs["data"] == {"name": "Ada", "pets": ["cat", "dog"]}
    assert outputs["text"].startswith("name: Ada\npets: ")
