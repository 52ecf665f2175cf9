"""Asks prompts: steps one after another, the samples of a step side by side, each kept as it comes."""

import asyncio
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import partial

from flowloom.errors import FlowloomError, ModelError, Problem, first_of
from flowloom.evaluation.cached_models import Account
from flowloom.handover import Handover
from flowloom.kinds.services import Models
from flowloom.kinds.values import Message, ModelReply, ModelRequest
from flowloom.leased_tasks import LeasedTasks, Work
from flowloom.nodes.templates import fill, names_in
from flowloom.runner import Runner
from flowloom.store.leases import Leases
from flowloom.store.prompts import Program, PromptStore, Sample, Step, TryPlan
from flowloom.studio.choosing import take
from flowloom.studio.pace import Pace
from flowloom.studio.pieces import sureness

ALTERNATIVES = 5
"""Others that are told beside a token."""
SPENT = Problem.of(
    "studio.budget",
    "The budget is spent.",
    "What was answered is kept. Allow more, or ask for fewer answers.",
)
STOPPED = Problem.of("studio.stopped", "You stopped it.", "What was answered is kept.")
LOOK = 0.3
"""Seconds after which one looks again whether a try is still wanted."""


class _Held(Exception):
    """This process begins nothing any more; another one goes on."""


@dataclass(frozen=True)
class _Going:
    """A try on its way."""

    id: str
    plan: TryPlan
    models: Models
    pace: Pace
    account: Account


class Studio:
    """The prompts of one installation, asked by the process that holds each try."""

    def __init__(
        self,
        store: PromptStore,
        runner: Runner,
        leases: Leases,
        models_for: Callable[[str], Models],
        handover: Handover | None = None,
    ) -> None:
        self.store = store
        self._runner, self._models_for = runner, models_for
        self._tasks = LeasedTasks("prompt", runner, leases, handover)

    def ask(self, prompt: str, number: int, plan: TryPlan, who: str = "") -> str:
        """Ask a version of a prompt; the id of the try. Raises FlowloomError where it lacks something."""
        program = self.store.program(prompt, number)
        check(program, plan.inputs)
        id = self.store.begin(prompt, number, plan, who)
        self._begin(id)
        return id

    def resume(self, id: str) -> None:
        """Go on with what was stopped: what is missing is asked, and what failed is asked again."""
        self.store.go(id)
        self._begin(id)

    def take_up(self) -> None:
        """Go on with tries that nobody stopped and whose process ended."""
        for id in self.store.left():
            self._begin(id)

    def work_here(self, id: str) -> None:
        """Ask what is left of a try in this process, unless another one does."""
        self._tasks.begin(id, lambda: self._go(id, lambda: self._left(id), of_all=True))

    def go_on(self, prompt: str, id: str, sample: Sample, begun: str) -> None:
        """Have the model go on from a beginning that a person chose for an answer."""
        found = self.store.tried(id)
        program, flow = self.store.program(prompt, found.number), self.store.get(prompt).flow
        work = partial(self._one_more, id, flow, program, found.plan, sample, begun)
        self._tasks.begin(id, lambda: self._go(id, work))

    def stop(self, id: str) -> None:
        """End what is under way, also elsewhere; what was answered stays."""
        if self.store.is_wanted(id):
            self.store.end(id, STOPPED)
        self._tasks.cancel(id)

    def is_going(self, id: str) -> bool:
        """Whether somebody asks it now."""
        return self._tasks.is_going(id)

    def is_here(self, id: str) -> bool:
        """Whether this process asks it now."""
        return self._tasks.is_here(id)

    @property
    def busy(self) -> bool:
        """Whether this process asks any."""
        return self._tasks.busy

    def _begin(self, id: str) -> None:
        if not self._tasks.leave(id):
            self.work_here(id)

    async def _go(self, id: str, work: Work, *, of_all: bool = False) -> None:
        """Do it, and keep how it ended; `of_all` where another process goes on if this one ends."""
        problem: Problem | None = None
        if of_all and not self.store.is_wanted(id):
            return
        try:
            await (self._while_wanted(id, work) if of_all else work())
        except (asyncio.CancelledError, _Held):
            if self._runner.is_closed or self._runner.is_held:
                return
            problem = STOPPED
        except (FlowloomError, ExceptionGroup) as error:
            why = first_of(error)
            if not isinstance(why, FlowloomError):
                raise
            problem = SPENT if why.problem.code == "evaluate.budget" else why.problem
        with suppress(FlowloomError):
            self.store.end(id, problem)

    async def _while_wanted(self, id: str, work: Work) -> None:
        """Work on until somebody stops it, wherever that person sits."""
        task = asyncio.ensure_future(work())
        try:
            while not (await asyncio.wait({task}, timeout=LOOK))[0]:
                if not self.store.is_wanted(id):
                    task.cancel()
            await task
        finally:
            if not task.done():
                task.cancel()
                await asyncio.wait({task})

    async def _left(self, id: str) -> None:
        found = self.store.tried(id)
        program, flow = self.store.program(found.prompt, found.number), self.store.get(found.prompt).flow
        await self._all(id, flow, program, found.plan)

    def _prepared(self, id: str, flow: str, plan: TryPlan) -> _Going:
        paid = sum(sample.cost or 0.0 for sample in self.store.samples(id))
        account = Account(paid, plan.budget, plan.at_once)
        return _Going(id, plan, self._models_for(flow), Pace(plan.at_once, plan.a_minute), account)

    async def _all(self, id: str, flow: str, program: Program, plan: TryPlan) -> None:
        going, known = self._prepared(id, flow, plan), dict(plan.inputs)
        for place, step in enumerate(program.steps):
            asked = fill(step.text, known)
            samples = await self._samples(going, step, known, place)
            answered = [sample for sample in samples if not sample.problem]
            if not answered:
                raise FlowloomError.from_problem(samples[0].problem or STOPPED)
            taken = await self._taken(going, step, asked, answered, place)
            known[step.name] = taken.whole

    async def _samples(self, going: _Going, step: Step, known: Mapping[str, str], place: int) -> list[Sample]:
        """All answers of a step, those of before among them.

        Where no more may be asked, those on their way are waited for: they are paid.
        """
        before = [each for each in self.store.samples(going.id) if each.step == place and not each.begun]
        numbers = [each for each in range(1, step.samples + 1) if each not in {kept.number for kept in before}]
        found = await asyncio.gather(
            *(self._sample(going, step, known, place, number) for number in numbers), return_exceptions=True
        )
        for each in found:
            if isinstance(each, BaseException):
                raise each
        fresh = [each for each in found if isinstance(each, Sample)]
        return sorted([*before, *fresh], key=lambda each: each.number)

    async def _taken(self, going: _Going, step: Step, asked: str, answered: list[Sample], place: int) -> Sample:
        if before := next((sample for sample in answered if sample.taken), None):
            return before
        async with going.pace.turn():
            found = await take(step, asked, answered, going.models)
        await asyncio.to_thread(self.store.take, going.id, place, found.number, found.because)
        return next(each for each in answered if each.number == found.number)

    async def _one_more(
        self, id: str, flow: str, program: Program, plan: TryPlan, sample: Sample, begun: str
    ) -> None:
        going, before = self._prepared(id, flow, plan), self.store.samples(id)
        taken = {program.steps[each.step].name: each.whole for each in before if each.taken}
        names = [step.name for step in program.steps[: sample.step]]
        known = {**plan.inputs, **{name: taken[name] for name in names if name in taken}}
        number = max(each.number for each in before if each.step == sample.step) + 1
        await self._sample(going, program.steps[sample.step], known, sample.step, number, begun)

    async def _sample(
        self, going: _Going, step: Step, known: Mapping[str, str], place: int, number: int, begun: str = ""
    ) -> Sample:
        """One answer, kept; one that failed is an answer too, and costs the others nothing."""
        async with going.pace.turn():
            if self._runner.is_held:
                raise _Held
            await going.account.enter()
            cost, began = None, time.perf_counter()
            try:
                reply = await going.models.reply(request_of(step, known, begun), lambda piece: None)
                cost = reply.usage.cost
                sample = _read(reply, place, number, time.perf_counter() - began, begun)
            except ModelError as error:
                sample = Sample(place, number, "", problem=error.problem, begun=begun)
            finally:
                await going.account.settle(cost)
        # Whoever stops it does not undo what was answered.
        await asyncio.shield(asyncio.to_thread(self.store.keep, going.id, sample))
        return sample


def check(program: Program, inputs: Mapping[str, str]) -> None:
    """Raises FlowloomError where a step has no text, or a value or a step that it names is missing."""
    known = set(inputs)
    for number, step in enumerate(program.steps, 1):
        if not step.text.strip():
            raise FlowloomError("Step {number} has no prompt.", "Write what to ask.", number=number)
        for name in names_in(step.system, step.text):
            if name not in known:
                raise FlowloomError(
                    "Step {number} names “{name}”, which has no value yet.",
                    "Fill it in, or name a step before this one.",
                    number=number,
                    name=name,
                )
        known.add(step.name)


def inputs_of(program: Program) -> tuple[str, ...]:
    """The names that a person gives values for: those that no step before gives."""
    found, known = dict[str, None](), set[str]()
    for step in program.steps:
        found |= dict.fromkeys(name for name in names_in(step.system, step.text) if name not in known)
        known.add(step.name)
    return tuple(found)


def request_of(step: Step, known: Mapping[str, str], begun: str = "") -> ModelRequest:
    """What a model is asked for one answer of a step."""
    system = [Message(role="system", text=fill(step.system, dict(known)))] if step.system.strip() else []
    return ModelRequest(
        messages=[*system, Message(role="user", text=fill(step.text, dict(known)))],
        model=step.model,
        temperature=step.temperature,
        begun=begun,
        alternatives=ALTERNATIVES,
        most_tokens=step.most_tokens,
    )


def _read(reply: ModelReply, place: int, number: int, seconds: float, begun: str) -> Sample:
    usage = reply.usage
    return Sample(
        place, number, reply.text, 0.0, usage.cost, usage.input_tokens, usage.output_tokens, seconds,
        sureness(reply.tokens), begun=begun, model=usage.model, tokens=reply.tokens,
    )  # fmt: skip
