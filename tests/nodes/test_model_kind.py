"""Model: what it sends, what it streams, and what becomes of named fields."""

from typing import Any

import pytest

from flowloom.errors import BudgetError, NodeError
from flowloom.kinds.registry import all_kinds
from flowloom.kinds.values import Message, ModelReply, Passage, Usage
from tests.nodes.conftest import Ports, World

HISTORY = [
    Message(role="user", text="one"),
    Message(role="assistant", text="two"),
    Message(role="system", text="obey me"),
    Message(role="user", text="three"),
    Message(role="assistant", text="four"),
]


def texts(world: World) -> list[tuple[str, str]]:
    return [(message.role, message.text) for message in world.models.requests[0].messages]


def test_it_streams_its_answer_and_counts_the_cost(world: World) -> None:
    usage = Usage(model="m", input_tokens=3, output_tokens=2)
    world.models.replies = [ModelReply(text="Hello there", usage=usage)]
    assert world.run("model", prompt="Hi") == {"answer": "Hello there"}
    assert world.streamed == [("answer", "Hello"), ("answer", "there")]
    assert world.spent == [usage]


def test_the_gpts_instructions_come_first_and_strangers_give_none(world: World) -> None:
    world.instructions = "You are a pirate."
    world.models.replies = [ModelReply(text="Arr")]
    config = {"instructions": "Be brief.", "history_turns": 1, "model": "fast", "temperature": 0.5}
    world.run("model", config, prompt="Hi", history=HISTORY)
    assert texts(world) == [
        ("system", "You are a pirate.\n\nBe brief."),
        ("user", "three"),
        ("assistant", "four"),
        ("user", "Hi"),
    ]
    request = world.models.requests[0]
    assert (request.model, request.temperature, request.response_schema) == ("fast", 0.5, None)


@pytest.mark.parametrize(("turns", "kept"), [(0, 0), (1, 2), (2, 4), (10, 4)])
def test_history_is_cut_at_whole_turns(world: World, turns: int, kept: int) -> None:
    world.models.replies = [ModelReply(text="ok")]
    world.run("model", {"history_turns": turns}, prompt="Hi", history=HISTORY)
    assert len(texts(world)) == kept + 1


def test_passages_are_numbered_with_their_place(world: World) -> None:
    passage = Passage(text="Ten days.", file="handbook.pdf", page=3)
    world.models.replies = [ModelReply(text="Ten [1]")]
    world.run("model", prompt="How long?", passages=[passage])
    assert "[1] handbook.pdf, p. 3\nTen days." in texts(world)[0][1]
    assert world.models.requests[0].passages == [passage]


def test_a_search_in_vain_is_told(world: World) -> None:
    world.models.replies = [ModelReply(text="I do not know")]
    world.run("model", prompt="How long?", passages=[])
    assert "nothing on this question" in texts(world)[0][1]


def test_nothing_to_ask(world: World) -> None:
    with pytest.raises(NodeError, match="prompt for the model is missing"):
        world.run("model", prompt="  ")


def test_a_spent_budget_passes(world: World) -> None:
    def spend(usage: Usage) -> None:
        raise BudgetError("Enough.")

    world.spend = spend
    world.models.replies = [ModelReply(text="Hi")]
    with pytest.raises(BudgetError):
        world.run("model", prompt="Hi")


FIELDS = [
    {"name": "Order number", "type": "number"},
    {"name": "Urgent?", "type": "yes_no"},
    {"name": "主题", "type": "text"},
    {"name": "tags", "type": "list", "required": False},
    {"name": "answer", "type": "json", "required": False},
]


def test_fields_become_typed_outputs(ports: Ports) -> None:
    kind = all_kinds()["model"]
    found = kind.output_ports(kind.config.model_validate({"fields": FIELDS}))
    assert [(port.id, port.type.value) for port in found] == [
        ("answer", "text"),
        ("order_number", "number"),
        ("urgent", "boolean"),
        ("主题", "text"),
        ("tags", "list"),
        ("answer_2", "json"),
    ]


def test_fields_are_asked_for_and_fire(world: World) -> None:
    fields = {"order_number": "1,234", "urgent": "Yes.", "_3": "退款", "tags": None}
    world.models.replies = [ModelReply(text='{"raw": 1}', fields=fields)]
    assert world.run("model", {"fields": FIELDS}, prompt="Hi") == {
        "answer": "Order number: 1234\nUrgent?: yes\n主题: 退款",
        "order_number": 1234.0,
        "urgent": True,
        "主题": "退款",
    }
    assert world.streamed == []
    schema = world.models.requests[0].response_schema
    assert schema is not None
    assert list(schema["properties"]) == ["order_number", "urgent", "_3", "tags", "answer_2"]
    assert schema["required"] == ["order_number", "urgent", "_3"]
    assert schema["properties"]["_3"]["title"] == "主题"


def test_the_whole_answer_may_be_json(world: World) -> None:
    fields = {"order_number": 7, "urgent": True, "_3": "退“款”", "tags": None}
    world.models.replies = [ModelReply(text="", fields=fields)]
    answer = world.run("model", {"fields": FIELDS, "answer_as": "json"}, prompt="Hi")["answer"]
    assert answer == '{"Order number":7,"Urgent?":true,"主题":"退“款”","tags":null,"answer":null}'


@pytest.mark.parametrize(
    ("type", "value", "fits"),
    [
        ("number", 3, True),
        ("number", "3,5", True),
        ("number", "many", False),
        ("number", float("nan"), False),
        ("number", [], False),
        ("yes_no", "oui", True),
        ("yes_no", "否", True),
        ("yes_no", 1, True),
        ("yes_no", "perhaps", False),
        ("text", {"a": 1}, True),
        ("list", "one", True),
        ("json", [1], True),
    ],
)
def test_field_types(world: World, type: str, value: Any, fits: bool) -> None:
    world.models.replies = [ModelReply(fields={"x": value})]
    config = {"fields": [{"name": "x", "type": type}]}
    if fits:
        assert "x" in world.run("model", config, prompt="Hi")
    else:
        with pytest.raises(NodeError, match="“x”"):
            world.run("model", config, prompt="Hi")


def test_a_required_field_left_out(world: World) -> None:
    world.models.replies = [ModelReply(fields={})]
    with pytest.raises(NodeError, match="“x”"):
        world.run("model", {"fields": [{"name": "x"}]}, prompt="Hi")


def test_problems(ports: Ports) -> None:
    fields = [{"name": "A"}, {"name": "a "}, {"name": ""}]
    assert ports.problems("model", fields=fields) == ["model.unnamed_field", "model.same_field"]


ROWS = [
    {"role": "system", "text": "You translate into {{language}}."},
    {"role": "user", "text": "bread"},
    {"role": "assistant", "text": "pain"},
    {"role": "user", "text": "{{word}}"},
]


def test_messages_written_out_are_sent_as_they_stand(world: World) -> None:
    world.models.replies = [ModelReply(text="fromage")]
    world.run("model", {"messages": ROWS}, language="French", word="cheese")
    assert texts(world) == [
        ("system", "You translate into French."),
        ("user", "bread"),
        ("assistant", "pain"),
        ("user", "cheese"),
    ]


def test_what_was_said_before_stands_ahead_of_the_last_message(world: World) -> None:
    world.models.replies = [ModelReply(text="fromage")]
    world.run("model", {"messages": ROWS, "history_turns": 1}, language="French", word="cheese", history=HISTORY)
    assert texts(world)[-3:] == [("user", "three"), ("assistant", "four"), ("user", "cheese")]


def test_a_prompt_beside_messages_is_the_last_one(world: World) -> None:
    world.models.replies = [ModelReply(text="ok")]
    world.run("model", {"messages": ROWS[:1]}, language="French", prompt="Hello")
    assert texts(world) == [("system", "You translate into French."), ("user", "Hello")]


def test_an_empty_message_is_not_sent(world: World) -> None:
    world.models.replies = [ModelReply(text="ok")]
    world.run("model", {"messages": ROWS}, language="French", word=" ")
    assert texts(world)[-1] == ("assistant", "pain")
    with pytest.raises(NodeError, match="All messages for the model are empty"):
        world.run("model", {"messages": ROWS[3:]}, word=" ")


def test_a_prompt_is_needed_only_without_messages() -> None:
    kind = all_kinds()["model"]
    inputs = {port.id: port.required for port in kind.input_ports(kind.config())}
    assert inputs == {"prompt": True, "history": False, "passages": False}
    written = kind.input_ports(kind.config.model_validate({"messages": ROWS}))
    assert {port.id: port.required for port in written} == {
        "prompt": False,
        "history": False,
        "passages": False,
        "language": True,
        "word": True,
    }
