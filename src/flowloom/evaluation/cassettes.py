"""Keeps a chat as a test: recorded from its log, replayed without a key, and compared in words."""

import hashlib
import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, NamedTuple
from uuid import uuid4

from pydantic import BaseModel, ValidationError
from pydantic_core import to_json

from flowloom.errors import FlowloomError, NodeError, Problem, StoreError
from flowloom.evaluation.cassette_differences import told_differences
from flowloom.evaluation.masking import masked, masked_value
from flowloom.flow.model import Flow, SavedAnswer
from flowloom.kinds.context import NodeContext, Turn
from flowloom.kinds.kind import NodeKind
from flowloom.kinds.registry import Registry, all_kinds, label_of
from flowloom.kinds.services import NoMemory, Services
from flowloom.kinds.values import Message
from flowloom.partial_runs import in_passing
from flowloom.run.events import RunEvent
from flowloom.run.execution.executor import Run
from flowloom.run.planning.nested_nodes import flow_at, node_at
from flowloom.run.planning.plan import plan_of
from flowloom.run.reading.steps import Step, story_of
from flowloom.run.reading.view import view_of
from flowloom.saved_answers import Nearness, answering_at_once, find_saved
from flowloom.store.cassettes import Cassette, TapedStep, TapedTurn
from flowloom.store.runs import ChatTurn, RunStore

ASKS_PEOPLE = "people"
"""The group of the kinds that ask a person."""
OWN_MEMORY = frozenset({"writes memory"})
"""What may happen again, as nothing of it lasts."""
TITLE = 80


@dataclass(frozen=True)
class Replayed:
    """How a kept chat went now. `stale` are the blocks whose recorded answers may no longer be theirs."""

    name: str
    differences: tuple[Problem, ...] = ()
    stale: tuple[Problem, ...] = ()

    @property
    def outcome(self) -> str:
        """`same`, `different`, or `stale` where what is recorded no longer tells."""
        return "different" if self.differences else "stale" if self.stale else "same"


# -- keeping


def record(runs: RunStore, flow: Flow, conversation: str, scrub: Callable[[str], str]) -> Cassette:
    """A chat as a test. Raises StoreError where it cannot be one."""
    said = [turn for turn in runs.turns(conversation) if turn.text or turn.role == "user"]
    if any(turn.attachments and turn.role == "user" for turn in said):
        raise StoreError(
            "This chat has files, and a test keeps only words.", "Ask without files, then keep that chat."
        )
    asked = [turn for turn in said if turn.role == "user" and turn.run_id]
    if not asked:
        raise StoreError("There is nothing to keep yet.", "Ask something first.")
    turns = tuple(_taped(runs, flow, turn, scrub) for turn in asked)
    title = " ".join(turns[0].message.split())[:TITLE]
    return Cassette(name=title or flow.name, turns=turns)


def _taped(runs: RunStore, flow: Flow, turn: ChatTurn, scrub: Callable[[str], str]) -> TapedTurn:
    events = runs.events(turn.run_id or "")
    view = view_of(events)
    then = runs.flow_then(turn.run_id or "") or flow
    if view.state not in ("finished", "failed"):
        raise StoreError("This chat has not come to its end.", "Wait for the answer, then keep it.")
    clean = _Cleaner(scrub)
    story = story_of(events)
    return TapedTurn(
        message=clean.text(turn.text),
        at=view.started,
        answer=clean.text(view.text),
        route=_route(story),
        steps=tuple(_steps(then, story, clean)),
    )


class _Cleaner(NamedTuple):
    """Takes keys and personal data out of all that is kept."""

    scrub: Callable[[str], str]

    def text(self, text: str) -> str:
        return masked(self.scrub(text))[0]

    def value(self, value: Any) -> Any:
        return masked_value(json.loads(self.scrub(_json(value).decode())))


def _steps(flow: Flow, story: Iterable[Step], clean: _Cleaner) -> Iterable[TapedStep]:
    kinds = all_kinds()
    for step in story:
        # A block hears the instructions and examples of the GPT it is in, which may be a block itself.
        own = flow_at(flow, kinds, step.node)
        node = own.node(_place(step.node)) if own else None
        kind = kinds.get(node.kind) if node else None
        if own and node and kind and is_taped(kind) and step.outcome in ("done", "failed"):
            yield TapedStep(
                node=_place(step.node),
                key=_digest(clean.value(dict(step.inputs))),
                config=_config_digest(kind, node.config, own.instructions, _in_use(own.examples)),
                outputs=clean.value(dict(step.outputs)),
                problem=step.problem,
            )


def is_taped(kind: NodeKind) -> bool:
    """Whether what a kind gives depends on more than what it is given, so that it is recorded."""
    acts = not kind.safe_to_repeat or kind.repeats is not None or kind.group == ASKS_PEOPLE
    return acts or bool(kind.effects - OWN_MEMORY)


def _route(story: Iterable[Step]) -> tuple[str, ...]:
    """The blocks that worked, each once; what a tool does depends on what is recorded."""
    return tuple(
        dict.fromkeys(step.node for step in story if step.outcome in ("done", "failed") and not step.caller)
    )


def _place(node: str) -> str:
    return node.rpartition("/")[2]


def _json(value: Any) -> bytes:
    return to_json(value, fallback=str, inf_nan_mode="null")


def _digest(value: Any) -> str:
    told = json.dumps(value, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(told.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def _config_digest(
    kind: NodeKind, config: Mapping[str, Any], instructions: str, examples: Sequence[SavedAnswer]
) -> str:
    """The same for the same settings; those who ask a model also hear instructions and examples of the GPT."""
    try:
        written = kind.config.model_validate(dict(config)).model_dump()
    except ValidationError:
        written = dict(config)
    heard = instructions if "spends money" in kind.effects else ""
    shown = [[each.question, each.answer] for each in examples] if written.get("examples") else []
    return _digest(json.loads(_json([written, heard, *shown])))


def _in_use(examples: Sequence[SavedAnswer]) -> list[SavedAnswer]:
    return [each for each in examples if each.on]


# -- replaying


@dataclass
class _Tape:
    """What is recorded of one turn, handed out in the order in which it was; and what no longer fits it."""

    flow: Flow
    left: dict[str, list[TapedStep]]
    clean: _Cleaner
    stale: list[Problem] = field(default_factory=list)

    def give(self, kind: NodeKind, config: Any, inputs: BaseModel, ctx: NodeContext) -> Any:
        steps = self.left.get(_place(ctx.node), [])
        if not steps:
            raise NodeError(
                "This block wasn’t used when the chat was kept, so there is no answer of it.",
                "Ask once more in the chat, and keep that as a test.",
                code="cassette.unrecorded",
            )
        key = _digest(self.clean.value(inputs.model_dump(exclude_unset=True)))
        now = _config_digest(kind, config.model_dump(), ctx.instructions, ctx.examples)
        # A block within another may be called the same and be given the same: its settings tell them apart.
        fitting = [step for step in steps if step.key == key]
        found = next((step for step in fitting if step.config == now), next(iter(fitting), None))
        block = self._label(ctx.node)
        if found is None:
            self._note(Problem.of("cassette.inputs", "“{block}” is given something else now.", block=block))
        step = found or steps[0]
        if step.config != now:
            self._note(Problem.of("cassette.edited", "“{block}” was edited since.", block=block))
        if len(steps) > 1:
            steps.remove(step)
        if step.problem:
            raise NodeError.from_problem(step.problem)
        return kind.outputs.model_validate(step.outputs)

    def _label(self, name: str) -> str:
        node = node_at(self.flow, all_kinds(), name)
        return str(label_of(node, all_kinds())) if node else name

    def _note(self, problem: Problem) -> None:
        if problem not in self.stale:
            self.stale.append(problem)


def taped(kinds: Registry, tape: _Tape) -> Registry:
    """The kinds, of which those that are recorded give what they gave then."""
    return {id: _taped_kind(kind, tape) if is_taped(kind) else kind for id, kind in kinds.items()}


def _taped_kind(kind: NodeKind, tape: _Tape) -> NodeKind:
    async def replayed(config: Any, inputs: BaseModel, ctx: NodeContext) -> Any:
        return tape.give(kind, config, inputs, ctx)

    return replace(kind, function=replayed)


@dataclass(frozen=True)
class Player:
    """Replays kept chats with a version of a GPT: no model is asked, nothing leaves this computer."""

    flow: Flow
    services: Services
    scrub: Callable[[str], str]
    nearness: Nearness | None = None

    async def play(self, cassette: Cassette) -> Replayed:
        """How a kept chat goes now."""
        differences, stale = list[Problem](), list[Problem]()
        history: list[Message] = []
        for number, turn in enumerate(cassette.turns, 1):
            found, old = await self._turn(turn, history, number if len(cassette.turns) > 1 else 0)
            differences += found
            stale += [each for each in old if each not in stale]
            history += [Message(role="user", text=turn.message), Message(role="assistant", text=turn.answer)]
        return Replayed(cassette.name, tuple(differences), tuple(stale))

    async def _turn(
        self, turn: TapedTurn, history: Sequence[Message], number: int
    ) -> tuple[list[Problem], list[Problem]]:
        left: dict[str, list[TapedStep]] = defaultdict(list)
        for step in turn.steps:
            left[step.node].append(step)
        tape = _Tape(self.flow, left, _Cleaner(self.scrub))
        events = list[RunEvent]()
        try:
            plan = plan_of(self._answering(turn.message), taped(all_kinds(), tape))
        except FlowloomError as error:
            return [_failed(error.problem)], []
        run = Run(plan, Turn(turn.message, tuple(history)), self._services(turn), events.extend, uuid4().hex)
        await run.go()
        view, route = view_of(events), _route(story_of(events))
        answer = _Cleaner(self.scrub).text(view.text)
        if view.problem and view.problem.code != "cassette.unrecorded" and not turn.answer:
            return [], tape.stale  # it failed then as well
        if view.problem:
            return [_failed(view.problem)], tape.stale
        return list(told_differences(self.flow, turn, answer, route, number)), tape.stale

    def _answering(self, message: str) -> Flow:
        saved = find_saved(self.flow.saved_answers, message, self.nearness) if self.flow.saved_answers else None
        return answering_at_once(self.flow, saved) if saved else self.flow

    def _services(self, turn: TapedTurn) -> Services:
        nothing = NoMemory()
        services = replace(in_passing(self.services), facts=nothing, summaries=nothing)
        return replace(services, now=_clock(turn.at)) if turn.at else services


def _clock(moment: float) -> Callable[[], datetime]:
    """One that stands still at the time of the chat."""
    return lambda: datetime.fromtimestamp(moment)


def _failed(problem: Problem) -> Problem:
    return Problem.of("cassette.failed", "It fails now: {problem}", problem=problem.describe())
