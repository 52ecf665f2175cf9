"""Search knowledge: what it hands on, and what when there is nothing."""

from typing import Any

import pytest

from flowloom.kinds.values import Filter, Match, Passage
from tests.nodes.conftest import Ports, World

GOOD = Passage(text="Ten days.", file="handbook.pdf", page=3, score=0.8)
POOR = Passage(text="Something else.", file="notes.md", heading="Misc", score=0.1)


def test_it_hands_on_passages_and_a_cited_text(world: World) -> None:
    world.knowledge.passages = [GOOD, POOR]
    assert world.run("knowledge.search", {"knowledge": "staff", "top_k": 2}, question=" How long? ") == {
        "passages": [GOOD, POOR],
        "text": "[1] handbook.pdf, p. 3\nTen days.\n\n[2] notes.md, Misc\nSomething else.",
    }
    assert world.knowledge.asked == [("staff", "How long?", 2)]


def test_poor_passages_are_left_out(world: World) -> None:
    world.knowledge.passages = [GOOD, POOR]
    assert world.run("knowledge.search", {"minimum_score": 0.5}, question="How long?")["passages"] == [GOOD]


FAR = POOR.model_copy(update={"why": Match(by_meaning=2, enough=False)})


@pytest.mark.parametrize(
    ("config", "kept"),
    [({}, [GOOD]), ({"minimum_score": 0}, [GOOD, FAR]), ({"minimum_score": 0.9}, [])],
    ids=["empty", "0", "0.9"],
)
def test_what_hardly_fits_is_left_out_unless_a_minimum_says_otherwise(
    world: World, config: dict[str, Any], kept: list[Passage]
) -> None:
    world.knowledge.passages = [GOOD, FAR]
    found = world.run("knowledge.search", config, question="How long?")
    assert found["passages"] == kept
    assert found.get("nothing", "") == ("" if kept else "How long?")


def test_where_all_hardly_fit_nothing_is_found(world: World) -> None:
    world.knowledge.passages = [FAR]
    found = world.run("knowledge.search", question="What is the capital of Australia?")
    assert (found["passages"], found["nothing"]) == ([], "What is the capital of Australia?")


def test_it_searches_only_what_is_chosen(world: World) -> None:
    world.run("knowledge.search", question="How long?")
    assert world.knowledge.only is None
    chosen = {"tags": " hr, pay,，", "files": "a, b.txt\n\n c.md "}
    world.run("knowledge.search", chosen, question="How long?")
    assert world.knowledge.only == Filter(tags=("hr", "pay"), files=("a, b.txt", "c.md"))


def test_nothing_found_still_lets_the_flow_go_on(world: World) -> None:
    world.language = "fr"
    assert world.run("knowledge.search", question="How long?") == {
        "passages": [],
        "text": "Les documents ne disent rien sur cette question.",
        "nothing": "How long?",
    }


def test_an_empty_question_searches_nothing(world: World) -> None:
    world.knowledge.passages = [GOOD]
    assert world.run("knowledge.search", question=" ")["passages"] == []
    assert world.knowledge.asked == []


def test_problems(ports: Ports) -> None:
    assert ports.problems("knowledge.search", knowledge=" ") == ["knowledge.none"]
    assert ports.outputs("knowledge.search") == ["passages", "text", "nothing", "tool"]
