"""Has models tuned, and follows it to its end, also after a restart."""

import asyncio
from collections.abc import Callable, Coroutine
from contextlib import suppress
from typing import Any, NamedTuple

from flowloom.errors import FlowloomError, ModelError, Problem, StoreError, first_of
from flowloom.evaluation.experiments import Experiments
from flowloom.flow.model import Flow
from flowloom.handover import Handover
from flowloom.kinds.values import Usage
from flowloom.leased_tasks import LeasedTasks
from flowloom.runner import Runner
from flowloom.services.models.settings import ModelSettings, Provider, Role
from flowloom.services.models.tuning_jobs import Event, Job, TuningJobs
from flowloom.services.secrets import SecretStore
from flowloom.spending import Purse
from flowloom.store.experiments import Arm, Chosen, ExperimentPlan, Tried
from flowloom.store.leases import Leases
from flowloom.store.tunings import Examples, Point, Progress, State, Tuning, TuningPlan, TuningStore
from flowloom.tuning.costs import cost_of
from flowloom.tuning.examples import check, lines_of, rows_held_out

LOOK = 10.0
"""Seconds between looks at a job."""
SLOWEST = 300.0
MOST_POINTS, MOST_SAID = 2_000, 30
STATES: dict[str, State] = {
    "validating_files": "validating",
    "queued": "queued",
    "pending": "queued",
    "running": "running",
    "paused": "running",
    "succeeded": "succeeded",
    "completed": "succeeded",
    "failed": "failed",
    "error": "failed",
    "cancelled": "cancelled",
    "cancelling": "running",
}
"""What providers call how far a job is."""
FOR_GOOD = frozenset({"tuning.refused", "tuning.none"})
"""Errors that no second look changes."""
MEASURES = (Chosen(id="similar"), Chosen(id="contains"))


PASSING = frozenset({"model.busy", "model.down", "model.slow", "model.unreachable"})
"""Errors after which one looks again by oneself."""


class Settings(NamedTuple):
    """Which models are set up, keeping others, and hearing what another process kept."""

    now: Callable[[], ModelSettings]
    keep: Callable[[ModelSettings], None]
    again: Callable[[], None] = lambda: None


class Tunings:
    """The fine-tunings of one installation, followed by the process that holds each of them."""

    def __init__(
        self,
        store: TuningStore,
        runner: Runner,
        leases: Leases,
        secrets: SecretStore,
        settings: Settings,
        purse: Callable[[str], Purse],
        handover: Handover | None = None,
    ) -> None:
        self.store, self._purse = store, purse
        self._runner, self._secrets, self._settings = runner, secrets, settings
        self._tasks = LeasedTasks("tuning", runner, leases, handover)
        self._elsewhere: set[str] = set()
        self.look = LOOK

    def start(self, flow: str, name: str, plan: TuningPlan, examples: Examples, who: str = "") -> str:
        """Send the examples and have the model tuned. Raises FlowloomError where it cannot begin."""
        if problem := check(examples):
            raise FlowloomError.from_problem(problem)
        self._provider(plan)
        self._purse(flow).check(f"{plan.provider}/{plan.base}")
        counts = {"training": len(examples.training), "held_out": len(examples.held_out)}
        id = self.store.create(flow, name, plan.model_copy(update=counts), examples, who)
        self._begin(id)
        return id

    def take_up(self) -> None:
        """Follow what was under way when its process ended, unless a person has to look first."""
        left = self.store.left()
        for tuning in left:
            if tuning.problem is None or tuning.problem.code in PASSING:
                self._begin(tuning.id)
        # One that came to its end in another process has left a model there.
        elsewhere = {tuning.id for tuning in left if not self._tasks.is_here(tuning.id)}
        if self._elsewhere - elsewhere:
            self._settings.again()
        self._elsewhere = elsewhere

    def follow_all(self) -> None:
        """Follow all that is under way, also what could not be followed any more."""
        for tuning in self.store.left():
            self._begin(tuning.id)

    def work_here(self, id: str) -> None:
        """Follow it in this process, unless another one does."""
        self._tasks.begin(id, lambda: self._go(id))

    def is_here(self, id: str) -> bool:
        """Whether this process follows it now."""
        return self._tasks.is_here(id)

    def follow(self, id: str) -> None:
        """Look again, where it could not be followed any more."""
        if self.store.get(id).going:
            self._begin(id)

    def is_followed(self, id: str) -> bool:
        """Whether somebody looks how far it is."""
        return self._tasks.is_going(id)

    def cancel(self, id: str) -> None:
        """Have the provider end it. Raises ModelError."""
        tuning = self.store.get(id)
        if not tuning.job:
            raise ModelError("It is being sent just now.", "Cancel it once it waits.", code="tuning.sending")
        self._runner.begin(self._asked(tuning, lambda jobs: jobs.cancel(tuning.job))).result()
        self.follow(id)

    def delete(self, id: str) -> None:
        """Let go of what is kept here; the model stays with its provider."""
        self._tasks.cancel(id)
        self.store.delete(id)

    def play(self, tuning: Tuning, role: Role) -> None:
        """Have the tuned model play a role."""
        settings = self._settings.now()
        name = f"{tuning.plan.provider}/{tuning.model}"
        self._settings.keep(settings.model_copy(update={"roles": {**settings.roles, role: name}}))

    def compare(self, tuning: Tuning, flow: Flow, experiments: Experiments, labels: tuple[str, str]) -> str:
        """Try the model as it was and as it is now on the rows it has not learnt from; the id of the experiment."""
        rows = rows_held_out(self.store.examples(tuning.id))
        if not rows.rows:
            raise StoreError(
                "No examples were held out, so nothing can be compared.",
                "Tune with a dataset that holds rows out, and compare then.",
            )
        provider = tuning.plan.provider
        names = (f"{provider}/{tuning.plan.base}", f"{provider}/{tuning.model}")
        arms = tuple(Arm(label, flow, name) for label, name in zip(labels, names, strict=True))
        plan = ExperimentPlan(evaluators=MEASURES)
        return experiments.start(flow.id, tuning.name, plan, Tried(rows, arms))

    # -- in the loop of the runs

    def _begin(self, id: str) -> None:
        if not self._tasks.leave(id):
            self.work_here(id)

    async def _go(self, id: str) -> None:
        try:
            tuning = self.store.get(id)
            await self._asked(tuning, lambda jobs: self._to_the_end(tuning, jobs))
        except (FlowloomError, ExceptionGroup) as error:
            self._end_early(id, error)

    def _end_early(self, id: str, error: Exception) -> None:
        """Why it was not begun or is no longer followed; a job that the provider has goes on there."""
        why = first_of(error)
        if not isinstance(why, FlowloomError):
            raise error
        with suppress(FlowloomError):
            tuning = self.store.get(id)
            ended = not tuning.job or why.problem.code in FOR_GOOD
            self.store.move(id, "failed" if ended else tuning.state, tuning.model, why.problem)

    async def _asked(self, tuning: Tuning, ask: Callable[[TuningJobs], Coroutine[Any, Any, Any]]) -> None:
        jobs = await asyncio.to_thread(TuningJobs, self._provider(tuning.plan), self._secrets)
        try:
            await ask(jobs)
        finally:
            await jobs.aclose()

    async def _to_the_end(self, tuning: Tuning, jobs: TuningJobs) -> None:
        job = tuning.job or await self._job(tuning, jobs)
        wait, progress = self.look, self.store.get(tuning.id).progress
        while True:
            self.store.get(tuning.id)  # Nobody follows what was deleted, wherever that was.
            try:
                found = await jobs.look(job)
                progress = await self._told(tuning.id, jobs, job, progress, found)
                wait = self.look
            except ModelError as error:
                if error.problem.code not in PASSING:
                    raise
                wait = min(SLOWEST, 2 * wait)  # it goes on there, whether it can be seen or not
                self.store.move(tuning.id, self.store.get(tuning.id).state, "", error.problem)
            else:
                if self._moved(tuning, found):
                    return
            await asyncio.sleep(wait)

    async def _job(self, tuning: Tuning, jobs: TuningJobs) -> str:
        """Begin the job; one that was begun before a crash is found again and not paid for twice."""
        found = await _or_none(jobs, tuning.id)
        if found is None:
            examples = self.store.examples(tuning.id)
            training = await jobs.upload(f"{tuning.id}.jsonl", lines_of(examples.training))
            held = ""
            if examples.held_out:
                held = await jobs.upload(f"{tuning.id}-held-out.jsonl", lines_of(examples.held_out))
            found = await jobs.begin(tuning.plan.base, training, held, tuning.plan.epochs, tuning.id)
        self.store.begun(tuning.id, found.id)
        return found.id

    async def _told(self, id: str, jobs: TuningJobs, job: str, before: Progress, found: Job) -> Progress:
        events = await jobs.events(job, before.last)
        progress = with_events(before, events, found.trained)
        if progress != before:
            self.store.tell(id, progress)
        return progress

    def _moved(self, tuning: Tuning, found: Job) -> bool:
        """Keep how far it is; whether it has ended."""
        state = STATES.get(found.status, "running")
        if state == "failed":
            self.store.move(tuning.id, "failed", "", _failed(self._secrets.scrub(found.error)))
        elif state == "succeeded" and not found.model:
            self.store.move(tuning.id, "failed", "", _failed(""))
        else:
            self.store.move(tuning.id, state, found.model if state == "succeeded" else "")
        if state == "succeeded" and found.model:
            self._add(tuning.plan, found.model)
            tokens = tuning.plan.tokens * tuning.plan.epochs if found.trained is None else found.trained
            self._purse(tuning.flow).spend(Usage(cost=cost_of(tokens, 1, tuning.plan.price)))
        return state in ("succeeded", "failed", "cancelled")

    def _add(self, plan: TuningPlan, model: str) -> None:
        """Put the tuned model among those of its provider."""
        self._settings.again()
        settings = self._settings.now()
        provider = settings.provider(plan.provider)
        if provider and model not in provider.models:
            with_it = provider.model_copy(update={"models": (*provider.models, model)})
            self._settings.keep(settings.with_provider(with_it))

    def _provider(self, plan: TuningPlan) -> Provider:
        provider = self._settings.now().provider(plan.provider)
        if provider is None:
            raise ModelError(
                "The provider of this fine-tuning is no longer set up.",
                "Add it again in Settings, then look again.",
                code="tuning.provider",
            )
        return provider


async def _or_none(jobs: TuningJobs, id: str) -> Job | None:
    try:
        return await jobs.find(id)
    except ModelError as error:
        if error.problem.code in FOR_GOOD:
            return None  # some list no jobs, and begin them all the same
        raise


def with_events(before: Progress, events: list[Event], trained: int | None) -> Progress:
    """The progress with what was told since; bounded, whatever a provider tells."""
    points = {point.step: point for point in before.points}
    for event in events:
        if event.step is not None:
            old = points.get(event.step, Point(step=event.step))
            points[event.step] = Point(
                step=event.step,
                loss=old.loss if event.loss is None else event.loss,
                held_out=old.held_out if event.held_out is None else event.held_out,
            )
    said = [event.said for event in events if event.said and event.step is None]
    return Progress(
        points=tuple(points[step] for step in sorted(points)[-MOST_POINTS:]),
        said=(*before.said, *said)[-MOST_SAID:],
        last=events[-1].id if events else before.last,
        trained=before.trained if trained is None else trained,
    )


def _failed(reason: str) -> Problem:
    if not reason:
        return Problem.of(
            "tuning.failed",
            "The provider ended the fine-tuning without a model.",
            "Look on its website, then start again.",
        )
    return Problem.of(
        "tuning.failed",
        "The provider ended the fine-tuning: {reason}",
        "Change what it names, and start again.",
        reason=reason,
    )
