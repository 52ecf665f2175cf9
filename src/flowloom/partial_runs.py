"""Blocks and parts of a flow that are tried out: no part of a conversation, and forgotten with the process."""

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field, replace
from threading import Condition
from typing import Any
from uuid import uuid4

from flowloom.errors import NodeError
from flowloom.flow.model import Flow
from flowloom.kinds.consents import Permit, Sending
from flowloom.kinds.context import Turn
from flowloom.kinds.files import Files, NoFiles
from flowloom.kinds.kind import SENDS
from flowloom.kinds.people import Question, Reply
from flowloom.kinds.registry import all_kinds
from flowloom.kinds.services import Consents, Services
from flowloom.kinds.values import Attachment, Message
from flowloom.run.events import RunEvent
from flowloom.run.execution.executor import Run
from flowloom.run.planning.partial_flow import one_block, up_to
from flowloom.run.planning.plan import Plan
from flowloom.run.reading.view import RunView
from flowloom.runner import Runner
from flowloom.store.runs import RunStore

KEPT = 50
"""How many trials stay in memory."""


@dataclass(slots=True)
class Trial:
    """One trial, as far as it has come."""

    events: list[RunEvent] = field(default_factory=list)
    view: RunView = field(default_factory=RunView)
    future: "Future[None] | None" = None


class Trials:
    """Runs parts of flows. They read what a conversation remembers, but what they keep is soon forgotten."""

    def __init__(self, runs: RunStore, runner: Runner) -> None:
        self._runs, self._runner = runs, runner
        self._trials: dict[str, Trial] = {}
        self._news = Condition()

    def try_block(
        self, flow: Flow, node: str, inputs: Mapping[str, Any], conversation: str, language: str, message: str = ""
    ) -> str:
        """Run one block alone with these inputs; returns the trial's id. Raises FlowFileError where it cannot."""
        flow = flow.model_copy(update={"language": language})
        tried = flow.node(node)
        # Whoever tries a block that sends has seen what it sends, and where to.
        seen = tried is not None and tried.kind in all_kinds() and SENDS in all_kinds()[tried.kind].effects
        return self._begin(one_block(flow, node, all_kinds(), inputs), conversation, message, seen=seen)

    def run_up_to(self, flow: Flow, node: str, message: str, conversation: str, language: str) -> str:
        """Run a block and all that leads to it; returns the trial's id. Raises FlowFileError where it cannot."""
        flow = flow.model_copy(update={"language": language})
        return self._begin(up_to(flow, node, all_kinds()), conversation, message)

    def find(self, id: str) -> Trial | None:
        return self._trials.get(id)

    def cancel(self, id: str) -> None:
        trial = self._trials.get(id)
        if trial and trial.future:
            trial.future.cancel()

    def finished(self, id: str, timeout: float = 60) -> Trial:
        """Wait for the end of a trial."""
        trial = self._trials[id]
        with self._news:
            self._news.wait_for(lambda: trial.view.state != "running", timeout)
        return trial

    def _begin(self, plan: Plan, conversation: str, message: str, *, seen: bool = False) -> str:
        id, trial = uuid4().hex, Trial()

        def emit(events: Sequence[RunEvent]) -> None:
            with self._news:
                trial.events.extend(events)
                trial.view = trial.view.apply_all(events)
                self._news.notify_all()

        turn = Turn(message, self._said_before(conversation, message), (), self._runs.files_so_far(conversation))
        services = in_passing(self._runner.services(plan.flow_id, conversation))
        if seen:
            services = replace(services, consents=_Seen(services.consents))
        run = Run(plan, turn, services, emit, id)
        self._trials[id] = trial
        for old in list(self._trials)[:-KEPT]:
            del self._trials[old]
        trial.future = self._runner.begin(run.go())
        return id

    def _said_before(self, conversation: str, message: str) -> list[Message]:
        """What was said, without the last message where that is what is tried with."""
        said = self._runs.history(conversation)
        last = next((place for place in reversed(range(len(said))) if said[place].role == "user"), None)
        return said[:last] if last is not None and said[last].text == message else said


def in_passing(services: Services) -> Services:
    """The same outside world, in which nothing is remembered longer than a run, and nobody is asked."""
    return replace(
        services,
        variables=_Variables(services.variables.get),
        facts=_Facts(services.facts.all()),
        summaries=_Summaries(services.summaries.find),
        people=_Nobody(),
        files=_Files(services.files),
    )


class _Variables:
    def __init__(self, known: Callable[[str], Any]) -> None:
        self._known, self._own = known, dict[str, Any]()

    def get(self, name: str) -> Any:
        return self._own[name] if name in self._own else self._known(name)

    def set(self, name: str, value: Any) -> None:
        self._own[name] = value


class _Facts:
    def __init__(self, known: Mapping[str, Any]) -> None:
        self._facts = dict(known)

    def all(self) -> Mapping[str, Any]:
        return self._facts

    def set(self, name: str, value: Any, *, here: bool) -> None:
        self._facts[name] = value


class _Summaries:
    def __init__(self, find: Callable[..., tuple[int, str]]) -> None:
        self.find = find

    def keep(self, said: Any, text: str) -> None:
        """Keeps nothing."""


@dataclass(frozen=True, slots=True)
class _Seen:
    """The same consents, where all may leave that was not forbidden."""

    consents: Consents

    def verdict(self, sending: Sending) -> bool | None:
        return self.consents.verdict(sending) is not False

    def keep(self, host: str, allowed: bool) -> None:
        """Keeps nothing, as nobody was asked."""

    def watch(self, services: Services, permit: Permit) -> Services:
        return self.consents.watch(services, permit)


class _Files(NoFiles):
    """Pictures and sounds that last as long as the trial."""

    def __init__(self, kept: Files) -> None:
        self._kept, self._own = kept, dict[str, bytes]()

    def save_bytes(self, name: str, data: bytes, media_type: str, *, replace: bool) -> Attachment:
        file = Attachment(id=uuid4().hex, name=name, media_type=media_type, size=len(data))
        self._own[file.id] = data
        return file

    def read(self, file: Attachment) -> bytes:
        return self._own[file.id] if file.id in self._own else self._kept.read(file)


class _Nobody:
    def post(self, id: str, node: str, question: Question) -> None:
        """Puts it before nobody."""

    def reply(self, id: str) -> Reply | None:
        raise NodeError(
            "A test can’t ask anyone, and this block waits for approval.",
            "Send the message in the chat. The question will appear there.",
            code="trial.people",
        )
