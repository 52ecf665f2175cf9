"""What happens in a run, as a tagged union: the one source of canvas, chat, trace and replay."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Annotated, Any, Literal

from pydantic import Discriminator, TypeAdapter
from pydantic_core import to_json

from flowloom.errors import Problem
from flowloom.kinds.people import Question, Reply
from flowloom.kinds.values import Usage

Place = tuple[str, str, int]
"""A node at work: what it works within, its name, its round."""
RELAYED = "@answer"
"""The port name of progress that is shown to the person: it streams through a node that answers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """`seq` counts from 0 within a run; `at` is seconds since the epoch."""

    run_id: str
    seq: int
    at: float


@dataclass(frozen=True, slots=True, kw_only=True)
class NodeEvent(Event):
    """Something a node did.

    `call` names what it did it within: `agent.1` as the first tool call of the node `agent`, `each#3` as the third
    item of the node `each`; deeper ones are joined by `/`, and it is empty at the top. A node of a flow within a
    node is named `each/inner`. `round` counts how often the node came to its turn; more than once only in a loop.
    """

    node: str
    call: str = ""
    round: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class RunStarted(Event):
    flow_id: str
    message: str = ""
    nodes: int = 0
    again: str = ""
    """The earlier run whose log it goes on from; what it kept of that happened before it began."""
    custom_instructions: str = ""
    """Those of the person that its models read."""
    type: Literal["run_started"] = "run_started"


@dataclass(frozen=True, slots=True, kw_only=True)
class NodeStarted(NodeEvent):
    inputs: Mapping[str, Any] = field(default_factory=dict)
    type: Literal["node_started"] = "node_started"


@dataclass(frozen=True, slots=True, kw_only=True)
class NodeProgress(NodeEvent):
    """A piece of a text output, shown before the node is done; `afresh` takes the place of those before it."""

    port: str
    text: str
    afresh: bool = False
    type: Literal["node_progress"] = "node_progress"


@dataclass(frozen=True, slots=True, kw_only=True)
class NodeAdvanced(NodeEvent):
    """How many of its items a node has done."""

    done: int
    of: int
    type: Literal["node_advanced"] = "node_advanced"


@dataclass(frozen=True, slots=True, kw_only=True)
class NodeAsked(NodeEvent):
    """The node waits for a person."""

    id: str
    question: Question
    type: Literal["node_asked"] = "node_asked"


@dataclass(frozen=True, slots=True, kw_only=True)
class NodeAnswered(NodeEvent):
    """A person has answered, and the node goes on."""

    id: str
    reply: Reply
    type: Literal["node_answered"] = "node_answered"


@dataclass(frozen=True, slots=True, kw_only=True)
class NodeNoted(NodeEvent):
    """Something a node has done on its way, which is not done again."""

    key: str
    value: Any
    type: Literal["node_noted"] = "node_noted"


@dataclass(frozen=True, slots=True, kw_only=True)
class NodeThought(NodeEvent):
    """What a model thought on its way to one answer, which is no part of it."""

    text: str
    type: Literal["node_thought"] = "node_thought"


@dataclass(frozen=True, slots=True, kw_only=True)
class NodeFinished(NodeEvent):
    outputs: Mapping[str, Any]
    seconds: float
    answer: str | None = None
    """What the person is shown, where the node answers them."""
    usage: Usage | None = None
    type: Literal["node_finished"] = "node_finished"


@dataclass(frozen=True, slots=True, kw_only=True)
class NodeSkipped(NodeEvent):
    because: Problem
    type: Literal["node_skipped"] = "node_skipped"


@dataclass(frozen=True, slots=True, kw_only=True)
class NodeRetried(NodeEvent):
    attempt: int
    problem: Problem
    type: Literal["node_retried"] = "node_retried"


@dataclass(frozen=True, slots=True, kw_only=True)
class NodeFailed(NodeEvent):
    problem: Problem
    seconds: float = 0.0
    type: Literal["node_failed"] = "node_failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class RunPaused(Event):
    """All that is left waits for a person."""

    type: Literal["run_paused"] = "run_paused"


@dataclass(frozen=True, slots=True, kw_only=True)
class NodeWarned(NodeEvent):
    """Something went wrong that did not stop the node."""

    problem: Problem
    type: Literal["node_warned"] = "node_warned"


@dataclass(frozen=True, slots=True, kw_only=True)
class RunResumed(Event):
    """The run goes on after a pause, or after the process it was in had ended."""

    type: Literal["run_resumed"] = "run_resumed"


@dataclass(frozen=True, slots=True, kw_only=True)
class RunFinished(Event):
    type: Literal["run_finished"] = "run_finished"


@dataclass(frozen=True, slots=True, kw_only=True)
class RunFailed(Event):
    problem: Problem
    type: Literal["run_failed"] = "run_failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class RunCancelled(Event):
    type: Literal["run_cancelled"] = "run_cancelled"


RunEvent = (
    RunStarted
    | NodeStarted
    | NodeProgress
    | NodeAdvanced
    | NodeAsked
    | NodeAnswered
    | NodeNoted
    | NodeThought
    | NodeFinished
    | NodeSkipped
    | NodeRetried
    | NodeFailed
    | RunPaused
    | NodeWarned
    | RunResumed
    | RunFinished
    | RunFailed
    | RunCancelled
)
ENDS = (RunFinished, RunFailed, RunCancelled)
PASSING = (NodeProgress, NodeAdvanced)
"""Only shown, never logged: what is finished says it all."""


@cache
def _event() -> TypeAdapter[RunEvent]:
    """What reads events; a run that is not read back is spared the time to make it."""
    return TypeAdapter(Annotated[RunEvent, Discriminator("type")])


def event_json(event: RunEvent) -> str:
    """One line of JSON; what JSON cannot hold is written as text."""
    return to_json(event, fallback=str, inf_nan_mode="null").decode()


def event_facts(event: RunEvent) -> dict[str, Any]:
    """The event as it may leave in a file: without what a model's server gave for itself alone."""
    facts: dict[str, Any] = json.loads(event_json(event))
    noted = facts.get("value")
    if isinstance(event, NodeNoted) and isinstance(noted, dict) and isinstance(noted.get("tool_calls"), list):
        calls = [_without_vendor(call) for call in noted["tool_calls"]]
        facts["value"] = _without_vendor(noted) | {"tool_calls": calls}
    return facts


def _without_vendor(value: Any) -> Any:
    return {name: each for name, each in value.items() if name != "vendor"} if isinstance(value, dict) else value


def read_event(text: str) -> RunEvent:
    """The event a line of the log holds."""
    return _event().validate_json(text)
