"""The state of a run, folded from its events: the same fold serves live, reload and replay."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, cast

from flowloom.errors import Problem
from flowloom.kinds.values import Passage, Usage
from flowloom.run.events import (
    RELAYED,
    NodeAdvanced,
    NodeAnswered,
    NodeAsked,
    NodeEvent,
    NodeFailed,
    NodeFinished,
    NodeProgress,
    NodeRetried,
    NodeSkipped,
    NodeStarted,
    NodeThought,
    NodeWarned,
    RunCancelled,
    RunEvent,
    RunFailed,
    RunFinished,
    RunPaused,
    RunResumed,
    RunStarted,
)
from flowloom.run.reading.copies import changed

NodeStatus = Literal["waiting", "running", "asking", "done", "failed", "skipped"]
RunState = Literal["running", "paused", "finished", "failed", "cancelled"]


@dataclass(frozen=True, slots=True)
class NodeView:
    """Where one node stands. `text` is what it has streamed or answered so far; `calls` counts its calls as a tool.

    `usage` is of its own work and of all the calls it was asked for; `items` are how many are done, of how many.
    """

    status: NodeStatus = "waiting"
    seconds: float | None = None
    text: str = ""
    problem: Problem | None = None
    because: Problem | None = None
    calls: int = 0
    round: int = 1
    usage: Usage | None = None
    fired: frozenset[str] = frozenset()
    items: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    node: str
    text: str
    done: bool


@dataclass(frozen=True, slots=True)
class Thought:
    """What a model thought for a node."""

    node: str
    text: str


@dataclass(frozen=True, slots=True)
class RunView:
    """A run as one sees it after some of its events. `apply` gives the next view."""

    run_id: str = ""
    state: RunState = "running"
    message: str = ""
    nodes: Mapping[str, NodeView] = field(default_factory=dict)
    answers: tuple[Answer, ...] = ()
    problem: Problem | None = None
    usage: Usage = field(default_factory=Usage)
    passages: tuple[Passage, ...] = ()
    warnings: tuple[Problem, ...] = ()
    thoughts: tuple[Thought, ...] = ()
    started: float = 0.0
    ended: float | None = None
    count: int = 0
    again: str = ""
    """The earlier run that it repeats from one of its nodes on."""
    custom_instructions: str = ""
    """Those of the person that its models read."""

    @property
    def text(self) -> str:
        """All answers so far, as the chat shows them."""
        return "\n\n".join(answer.text for answer in self.answers if answer.text)

    def apply(self, event: RunEvent) -> "RunView":
        """The view after one more event."""
        return self.apply_all((event,))

    def apply_all(self, events: Sequence[RunEvent]) -> "RunView":
        """The view after some more events, in order."""
        if not events:
            return self
        # The nodes of what is not yet handed out are changed in place: a large flow is copied once.
        view = changed(self, nodes=dict(self.nodes), count=events[-1].seq + 1)
        for event in events:
            view = view._after(event)
        return view

    def _after(self, event: RunEvent) -> "RunView":
        match event:
            case RunStarted():
                return changed(
                    self,
                    run_id=event.run_id,
                    message=event.message,
                    started=event.at,
                    again=event.again,
                    custom_instructions=event.custom_instructions,
                )
            case RunPaused():
                return changed(self, state="paused")
            case RunResumed():
                return changed(self, state="running", ended=None)
            case RunFinished():
                return self._ended("finished", event.at)
            case RunCancelled():
                return self._ended("cancelled", event.at)
            case RunFailed():
                return changed(self._ended("failed", event.at), problem=event.problem)
            case NodeFinished() if event.usage:
                return changed(self._node(event), usage=_sum(self.usage, event.usage))
            case NodeWarned():
                # Once is enough: a block may be called for many items.
                others = (known for known in self.warnings if known != event.problem)
                return changed(self, warnings=(*others, event.problem))
            case NodeThought():
                return changed(self, thoughts=(*self.thoughts, Thought(event.node, event.text)))
            case _:
                return self._node(event)

    def interrupted(self) -> "RunView":
        """The view of a run whose process ended before it did."""
        return self._ended("cancelled", self.started) if self.state == "running" else self

    def _ended(self, state: RunState, at: float) -> "RunView":
        nodes = {
            name: changed(node, status="skipped") if node.status in ("running", "asking") else node
            for name, node in self.nodes.items()
        }
        return changed(self, state=state, ended=at, nodes=nodes)

    def _node(self, event: NodeEvent) -> "RunView":
        before = self.nodes.get(event.node, NodeView())
        if event.call:
            calls = before.calls + isinstance(event, NodeStarted)
            return self._with(event.node, changed(_step(before, event), calls=calls))._cite(event)
        after = self._with(event.node, _step(before, event))
        if isinstance(event, NodeFinished) and event.answer is not None:
            return after._answer(Answer(event.node, event.answer, done=True))
        return after._cite(event)

    def _with(self, name: str, node: NodeView) -> "RunView":
        cast(dict[str, NodeView], self.nodes)[name] = node
        return self

    def _answer(self, answer: Answer) -> "RunView":
        others = tuple(known for known in self.answers if known.node != answer.node)
        return changed(self, answers=(*others, answer))

    def _cite(self, event: NodeEvent) -> "RunView":
        if isinstance(event, NodeProgress) and event.port == RELAYED:
            return self._answer(Answer(event.node, self.nodes[event.node].text, done=False))
        if not isinstance(event, NodeFinished):
            return self
        found = event.outputs.get("passages")
        if not isinstance(found, list | tuple) or not found:
            return self
        passages = tuple(Passage.model_validate(passage) for passage in found)
        return changed(self, passages=self.passages + tuple(p for p in passages if p not in self.passages))


def _step(node: NodeView, event: NodeEvent) -> NodeView:
    match event:
        case NodeStarted():
            return changed(node, status="running", text="", problem=None, round=event.round)
        case NodeProgress():
            return changed(node, text=event.text if event.afresh else node.text + event.text)
        case NodeAdvanced():
            return changed(node, items=(event.done, event.of))
        case NodeAsked():
            return changed(node, status="asking")
        case NodeAnswered():
            return changed(node, status="running")
        case NodeFinished():
            text = event.answer if event.answer is not None else node.text
            return changed(
                node,
                status="done",
                seconds=event.seconds,
                text=text,
                fired=frozenset(event.outputs),
                usage=_sum(node.usage or Usage(), event.usage) if event.usage else node.usage,
                problem=None,
            )
        case NodeSkipped():
            return changed(node, status="skipped", because=event.because)
        case NodeRetried():
            return changed(node, problem=event.problem, text="")
        case NodeFailed():
            return changed(node, status="failed", problem=event.problem, seconds=event.seconds)
    return node


def _sum(one: Usage, other: Usage) -> Usage:
    def add(a: float | None, b: float | None) -> float | None:
        return b if a is None else a if b is None else a + b

    tokens_in, tokens_out = (
        add(one.input_tokens, other.input_tokens),
        add(one.output_tokens, other.output_tokens),
    )
    # A cost that is unknown for one call is unknown for the sum; a run without calls has none yet.
    cost = other.cost if one == Usage() else None if None in (one.cost, other.cost) else add(one.cost, other.cost)
    return Usage(
        model=other.model or one.model,
        input_tokens=None if tokens_in is None else int(tokens_in),
        output_tokens=None if tokens_out is None else int(tokens_out),
        cost=cost,
    )


def view_of(events: Iterable[RunEvent]) -> RunView:
    """The view after all the events."""
    return RunView().apply_all(tuple(events))
