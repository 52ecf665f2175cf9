"""Conversations of programs, which go on where an answer of before ended."""

from typing import Any

from flowloom.errors import Problem
from flowloom.publishing import Published
from flowloom.serve.api.errors import ApiError
from flowloom.serve.api.gate import Call
from flowloom.store.api_runs import ApiRun

CONVERSATION = "conv_"


def conversation_of(call: Call, published: Published, given: Any, param: str) -> str:
    """The conversation that a request names, as text or as `{"id": …}`; empty for a new one. Raises ApiError."""
    id = given.get("id") if isinstance(given, dict) else given
    if id is None:
        return ""
    found = id.removeprefix(CONVERSATION) if isinstance(id, str) else ""
    _check(call, published, found, param)
    return found


def conversation_after(call: Call, published: Published, run: ApiRun, param: str) -> str:
    """The conversation that goes on after a run: that one, or a branch where more was said in it since."""
    _check(call, published, run.conversation, param)
    turns = call.home.runs.turns(run.conversation)
    numbers = [turn.number for turn in turns if turn.run_id == run.run]
    if not numbers:
        raise ApiError.of(404, NONE, param)
    if turns[-1].number == numbers[-1]:
        return run.conversation
    return call.home.runs.branch(run.conversation, numbers[-1])


def run_before(call: Call, run: ApiRun) -> str:
    """The run of this key that answered before this one in its conversation; empty where none did."""
    turns = [turn for turn in call.home.runs.turns(run.conversation) if turn.run_id]
    place = next((number for number, turn in enumerate(turns) if turn.run_id == run.run), 0)
    return (turns[place - 1].run_id or "") if place else ""


def _check(call: Call, published: Published, conversation: str, param: str) -> None:
    runs = call.home.runs
    is_ours = call.home.api_runs.is_conversation_of(conversation, call.key.id)
    if not is_ours or not runs.is_of(conversation, published.flow.id):
        raise ApiError.of(404, NONE, param)


NONE = Problem.of(
    "api.conversation.none",
    "There is no such conversation of this key with this GPT.",
    "Check the id, or leave it out to begin a new conversation.",
)
