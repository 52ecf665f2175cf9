"""How A2A 1.0 and 0.3 write the same things: messages, tasks and their states."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from flowloom.errors import Problem
from flowloom.serve.api.conversations import CONVERSATION
from flowloom.serve.api.messages import Said, wrong

Json = dict[str, Any]


class Sent(NamedTuple):
    """A message of another agent; `task` is the one it answers, `context` the conversation it goes on with."""

    text: str
    data: Json
    task: str
    context: str

    @property
    def said(self) -> Said:
        return Said("user", self.text)


class Told(NamedTuple):
    """A run as it is told to another agent."""

    run: str
    conversation: str
    state: str
    text: str
    is_saved: bool = False
    """Whether it is a saved answer, for which no model was asked."""


def read_message(given: Any) -> Sent:
    """The message, in either version. Raises ApiError where it says nothing."""
    if not isinstance(given, Mapping) or not isinstance(given.get("parts"), list):
        raise wrong(NO_PARTS, "message.parts")
    parts = [each for each in given["parts"] if isinstance(each, Mapping)]
    text = "\n\n".join(each["text"] for each in parts if isinstance(each.get("text"), str))
    data = next((dict(each["data"]) for each in parts if isinstance(each.get("data"), Mapping)), {})
    if not text.strip() and not data:
        raise wrong(NO_PARTS, "message.parts")
    task, context = (given.get(name) for name in ("taskId", "contextId"))
    return Sent(text, data, task if isinstance(task, str) else "", context if isinstance(context, str) else "")


class Dialect(NamedTuple):
    """One version: its names of states and roles, and the kinds that 0.3 writes beside things."""

    states: Mapping[str, str]
    agent: str
    with_kinds: bool

    def sent(self, told: Told) -> Json:
        """The answer to a message."""
        return self.task(told) if self.with_kinds else {"task": self.task(told)}

    def task(self, told: Told) -> Json:
        parts = [{"kind": "text", "text": told.text} if self.with_kinds else {"text": told.text}]
        context, done = CONVERSATION + told.conversation, told.state == "finished"
        made: Json = {"id": told.run, "contextId": context, "status": {"state": self.states[told.state]}}
        if told.is_saved:
            made["metadata"] = {"flowloom": {"saved_answer": True}}
        if done:
            made["artifacts"] = [{"artifactId": "answer", "name": "answer", "parts": parts}]
        elif told.text:
            message = {"messageId": f"{told.run}-status", "role": self.agent, "parts": parts, "contextId": context}
            made["status"]["message"] = message | ({"kind": "message"} if self.with_kinds else {})
        return made | ({"kind": "task"} if self.with_kinds else {})


STATES = {
    "running": "working",
    "paused": "input-required",
    "finished": "completed",
    "failed": "failed",
    "cancelled": "canceled",
}
CURRENT = Dialect(
    {state: f"TASK_STATE_{name.upper().replace('-', '_')}" for state, name in STATES.items()}, "ROLE_AGENT", False
)
EARLIER = Dialect(STATES, "agent", True)
DIALECTS: Mapping[str, tuple[Dialect, str]] = {
    "SendMessage": (CURRENT, "send"),
    "GetTask": (CURRENT, "get"),
    "CancelTask": (CURRENT, "cancel"),
    "message/send": (EARLIER, "send"),
    "tasks/get": (EARLIER, "get"),
    "tasks/cancel": (EARLIER, "cancel"),
}
"""The version and the act behind each method."""
NO_PARTS = Problem.of("agents.message", "“{place}” holds no text.", "Send at least one part with a text.")
