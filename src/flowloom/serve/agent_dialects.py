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


SAVED_ANSWER: Json = {"flowloom": {"saved_answer": True}}


class Dialect(NamedTuple):
    """One version: its names of states and roles, and the kinds that 0.3 writes beside things."""

    states: Mapping[str, str]
    agent: str
    with_kinds: bool

    def sent(self, told: Told) -> Json:
        """The answer to a message."""
        return self.task(told) if self.with_kinds else {"task": self.task(told)}

    def task(self, told: Told) -> Json:
        made: Json = {"id": told.run, "contextId": CONVERSATION + told.conversation, **self._state(told)}
        if told.state == "finished":
            made["artifacts"] = [self._artifact(told.text)]
        return made | ({"kind": "task"} if self.with_kinds else {})

    def status(self, told: Told) -> Json:
        """The last event of a stream: how the task stands."""
        made = _place(told) | self._state(told)
        return {"kind": "status-update", "final": True, **made} if self.with_kinds else {"statusUpdate": made}

    def chunk(self, told: Told, text: str, append: bool) -> Json:
        """A piece of the answer as an event of a stream; one that is not appended replaces what was told."""
        made = _place(told) | {"artifact": self._artifact(text), "append": append}
        return {"kind": "artifact-update", **made} if self.with_kinds else {"artifactUpdate": made}

    def _state(self, told: Told) -> Json:
        status: Json = {"state": self.states[told.state]}
        if told.text and told.state != "finished":
            context = CONVERSATION + told.conversation
            message: Json = {"messageId": f"{told.run}-status", "role": self.agent, "contextId": context}
            message["parts"] = self._parts(told.text)
            status["message"] = message | ({"kind": "message"} if self.with_kinds else {})
        return {"status": status} | ({"metadata": SAVED_ANSWER} if told.is_saved else {})

    def _artifact(self, text: str) -> Json:
        return {"artifactId": "answer", "name": "answer", "parts": self._parts(text)}

    def _parts(self, text: str) -> list[Json]:
        return [{"kind": "text", "text": text} if self.with_kinds else {"text": text}]


def _place(told: Told) -> Json:
    return {"taskId": told.run, "contextId": CONVERSATION + told.conversation}


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
    "SendStreamingMessage": (CURRENT, "stream"),
    "SubscribeToTask": (CURRENT, "follow"),
    "GetTask": (CURRENT, "get"),
    "CancelTask": (CURRENT, "cancel"),
    "message/send": (EARLIER, "send"),
    "message/stream": (EARLIER, "stream"),
    "tasks/resubscribe": (EARLIER, "follow"),
    "tasks/get": (EARLIER, "get"),
    "tasks/cancel": (EARLIER, "cancel"),
}
"""The version and the act behind each method."""
NO_PARTS = Problem.of("agents.message", "“{place}” holds no text.", "Send at least one part with a text.")
