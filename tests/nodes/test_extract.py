"""Extract fields: each field becomes an output, and all of them a record."""

import pytest

from flowloom.errors import NodeError
from flowloom.kinds.values import ModelReply
from tests.nodes.conftest import Ports, World

FIELDS = [{"name": "Order number", "type": "number"}, {"name": "Wish", "required": False}, {"name": "text"}]


def test_each_field_is_an_output_and_all_are_a_record(world: World) -> None:
    world.models.replies = [ModelReply(fields={"order_number": "1 042", "text_2": "red"})]
    assert world.run("extract", {"fields": FIELDS}, text="Order 1 042, red") == {
        "data": {"Order number": 1042.0, "text": "red"},
        "text": "Order number: 1042\ntext: red",
        "order_number": 1042.0,
        "text_2": "red",
    }
    request = world.models.requests[0]
    assert request.temperature == 0
    assert request.response_schema is not None
    assert request.response_schema["required"] == ["order_number", "text_2"]
    assert request.messages[-1].text == "Order 1 042, red"
    assert world.streamed == []


def test_what_a_model_left_out_or_garbled_is_told(world: World) -> None:
    world.models.replies = [ModelReply(fields={"text_2": "red"})]
    with pytest.raises(NodeError, match="left out “Order number”"):
        world.run("extract", {"fields": FIELDS}, text="red")
    world.models.replies = [ModelReply(fields={"order_number": "many", "text_2": "red"})]
    with pytest.raises(NodeError, match="something unfitting into “Order number”: many"):
        world.run("extract", {"fields": FIELDS}, text="red")


def test_an_empty_text_asks_no_model(world: World) -> None:
    with pytest.raises(NodeError, match="is missing"):
        world.run("extract", {"fields": FIELDS}, text=" \n")
    assert world.models.requests == []


def test_ports_and_problems(ports: Ports) -> None:
    assert ports.outputs("extract", fields=FIELDS) == ["data", "text", "order_number", "wish", "text_2"]
    assert ports.problems("extract", fields=FIELDS) == []
    assert ports.problems("extract") == ["model.unnamed_field"]
    assert ports.problems("extract", fields=[]) == ["extract.no_fields"]
    assert ports.problems("extract", fields=[{"name": "A b"}, {"name": "a B"}]) == ["model.same_field"]
