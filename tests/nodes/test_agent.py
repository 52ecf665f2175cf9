"""Agent: its loop, its tools, its limits."""

import asyncio
from typing import Any

import pytest

from flowloom.errors import BudgetError, NodeError
from flowloom.kinds.values import ModelReply, ToolCall, Usage
from tests.nodes.conftest import ScriptedTool, World


def calls(*names: str, text: str = "", **arguments: Any) -> ModelReply:
    made = tuple(ToolCall(id=f"c{number}", name=name, arguments=arguments) for number, name in enumerate(names))
    return ModelReply(text=text, tool_calls=made)


def roles(world: World, request: int = -1) -> list[str]:
    return [message.role for message in world.models.requests[request].messages]


def test_an_answer_without_tools(world: World) -> None:
    world.models.replies = [ModelReply(text="Hello", usage=Usage(model="m"))]
    assert world.run("agent", message="Hi") == {"answer": "Hello", "steps": []}
    assert world.spent == [Usage(model="m")]


def test_a_tool_is_called_and_its_answer_goes_back(world: World) -> None:
    tool = ScriptedTool("clock", {"text": "noon", "date": "2026-07-04"})
    world.tools = [tool]
    world.models.replies = [calls("clock", zone="UTC"), ModelReply(text="It is noon")]
    assert world.run("agent", message="What time?") == {
        "answer": "It is noon",
        "steps": [{"tool": "clock", "arguments": {"zone": "UTC"}, "result": "noon", "failed": False}],
    }
    assert tool.calls == [{"zone": "UTC"}]
    assert roles(world) == ["user", "assistant", "tool"]
    answer = world.models.requests[-1].messages[-1]
    assert (answer.text, answer.tool_call_id) == ("noon", "c0")
    assert [spec.name for spec in world.models.requests[0].tools] == ["clock"]


def test_mistakes_are_told_to_the_model(world: World) -> None:
    world.tools = [ScriptedTool("sum", NodeError("That is no number.", "Give one."))]
    world.models.replies = [calls("sum", "nonsense"), ModelReply(text="Sorry")]
    steps = world.run("agent", message="Hi")["steps"]
    assert [step["failed"] for step in steps] == [True, True]
    assert "That is no number. Give one." in steps[0]["result"]
    assert "The tools are: sum." in steps[1]["result"]


def test_calls_of_one_reply_run_side_by_side_and_keep_their_order(world: World) -> None:
    arrived: list[str] = []

    def waiting_for(count: int, name: str) -> Any:
        async def answer() -> str:
            arrived.append(name)
            while len(arrived) < count:
                await asyncio.sleep(0)
            return name

        return lambda arguments: answer()

    world.tools = [ScriptedTool(name, waiting_for(3, name)) for name in "abc"]
    world.models.replies = [calls("c", "a", "b"), ModelReply(text="done")]
    assert [step["result"] for step in world.run("agent", message="Hi")["steps"]] == ["c", "a", "b"]


def test_the_step_limit_asks_for_an_answer_without_tools(world: World) -> None:
    world.tools = [ScriptedTool("look", "a clue")]
    world.models.replies = [calls("look"), calls("look"), ModelReply(text="My best guess")]
    assert world.run("agent", {"step_limit": 2}, message="Who?")["answer"] == "My best guess"
    last = world.models.requests[-1]
    assert (roles(world), last.tools) == (["user"], [])
    assert "a clue" in last.messages[-1].text


def test_no_answer_within_the_limit(world: World) -> None:
    world.tools = [ScriptedTool("look", "a clue")]
    world.models.replies = [calls("look"), ModelReply(text="")]
    with pytest.raises(NodeError, match="1 steps"):
        world.run("agent", {"step_limit": 1}, message="Who?")


def test_a_spent_budget_ends_it_as_itself(world: World) -> None:
    world.tools = [ScriptedTool("look", BudgetError("Enough."))]
    world.models.replies = [calls("look", "look")]
    with pytest.raises(BudgetError):
        world.run("agent", message="Who?")


def test_too_many_calls_at_once(world: World) -> None:
    world.tools = [tool := ScriptedTool("look", "a clue")]
    world.models.replies = [calls(*["look"] * 40), ModelReply(text="ok")]
    steps = world.run("agent", message="Who?")["steps"]
    assert (len(steps), len(tool.calls)) == (40, 16)
    assert steps[-1]["failed"]


def test_a_long_result_is_cut(world: World) -> None:
    world.tools = [ScriptedTool("look", "x" * 50_000)]
    world.models.replies = [calls("look"), ModelReply(text="ok")]
    assert len(world.run("agent", message="Who?")["steps"][0]["result"]) < 21_000


def test_words_on_the_way_are_parted_from_the_answer(world: World) -> None:
    world.tools = [ScriptedTool("look", "a clue")]
    world.models.replies = [calls("look", text="Looking"), ModelReply(text="Found")]
    assert world.run("agent", message="Who?")["answer"] == "Found"
    assert [piece for _, piece in world.streamed] == ["Looking", "\n\n", "Found"]


def test_nothing_to_ask(world: World) -> None:
    with pytest.raises(NodeError):
        world.run("agent", message="")


def test_tools_that_the_model_could_not_be_given_are_named_once(world: World) -> None:
    call = ToolCall(id="1", name="look", arguments={})
    world.tools = [ScriptedTool("look", "found")]
    world.models.replies = [
        ModelReply(tool_calls=(call,), left_out=("bad",)),
        ModelReply(text="done", left_out=("bad",)),
    ]
    assert world.run("agent", message="?")["answer"] == "done"
    (warning,) = world.warned
    assert "bad" in warning.describe().message


def test_messages_written_out_begin_the_conversation_and_its_last_word(world: World) -> None:
    world.tools = [ScriptedTool("clock", {"text": "noon"})]
    world.models.replies = [calls("clock"), ModelReply(text="It is noon")]
    rows = [{"role": "system", "text": "Be a {{who}}."}, {"role": "user", "text": "What time is it?"}]
    config = {"messages": rows, "step_limit": 1}
    assert world.run("agent", config, who="pirate")["answer"] == "It is noon"
    first, last = world.models.requests
    assert [(each.role, each.text) for each in first.messages] == [
        ("system", "Be a pirate."),
        ("user", "What time is it?"),
    ]
    assert last.messages[-1].text.startswith("What time is it?\n\nThe tools said:\n\nclock: noon")
