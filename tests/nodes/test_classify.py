"""Classify, and the rule from a name to a port."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flowloom.kinds.values import ModelReply
from flowloom.nodes.port_names import named_ports, port_id
from tests.nodes.conftest import Ports, World

LABELS = [{"name": "Refund", "description": "money back"}, {"name": "退款"}, {"name": "None"}, {"name": ""}]


@pytest.mark.parametrize(
    ("name", "id"),
    [
        ("Refund", "refund"),
        ("Needs a refund?", "needs_a_refund"),
        ("v1.2", "v1_2"),
        ("e.g. this．that", "e_g_this_that"),
        ("退款", "退款"),
        ("Été", "été"),
        ("🎲", "🎲"),
        ("???", "port"),
        ("a\x00b\u200bc", "a_b_c"),
        ("x" * 200, "x" * 60),
    ],
)
def test_port_ids(name: str, id: str) -> None:
    assert port_id(name) == id


@given(st.lists(st.text()))
def test_ports_are_unique_and_fit_the_flow_file(names: list[str]) -> None:
    ids = [port.id for port in named_ports(names, taken=("none",))]
    assert len(set(ids)) == len(names)
    assert all(id and "." not in id and id.isprintable() and len(id) <= 80 for id in ids)
    assert not {"error", "tool", "none"} & set(ids)


def test_an_output_for_each_label(ports: Ports) -> None:
    assert ports.outputs("classify", labels=LABELS) == ["refund", "退款", "none_2", "none"]


@pytest.mark.parametrize(
    ("said", "port"),
    [
        ("Refund", "refund"),
        (" refund ", "refund"),
        ("退款", "退款"),
        ("None", "none_2"),
        ("", "none"),
        ("?", "none"),
    ],
)
def test_the_chosen_port_fires_with_the_text(world: World, said: str, port: str) -> None:
    world.models.replies = [ModelReply(text=said)]
    assert world.run("classify", {"labels": LABELS}, text="Money back!") == {port: "Money back!"}
    assert world.models.requests[0].choices == {"Refund": "money back", "退款": "", "None": ""}
    assert world.streamed == []


def test_an_empty_text_asks_nobody(world: World) -> None:
    assert world.run("classify", text=" ") == {"none": " "}
    assert world.models.requests == []


def test_problems(ports: Ports) -> None:
    assert ports.problems("classify") == []
    assert ports.problems("classify", labels=[]) == ["classify.too_few"]
    same = [{"name": "A"}, {"name": "a"}, {"name": " "}]
    assert ports.problems("classify", labels=same) == ["classify.unnamed", "classify.same"]


@settings(max_examples=40, deadline=None)
@given(names=st.lists(st.text(max_size=80), max_size=5), said=st.text())
def test_whatever_the_labels_one_of_the_ports_fires(names: list[str], said: str) -> None:
    config = {"labels": [{"name": name} for name in names]}
    world = World()
    world.models.replies = [ModelReply(text=said)]
    fired = world.run("classify", config, text="x")
    assert len(fired) == 1
    assert set(fired) <= set(Ports.outputs("classify", **config))
