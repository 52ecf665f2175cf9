"""Works through experiments: many rows at a time, each once, also where it was stopped or its process ended."""

import asyncio
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from flowloom.errors import FlowloomError, Problem, first_of
from flowloom.evaluation.cached_models import Account, CachedModels, Instead, Resolve
from flowloom.evaluation.evaluators.all import keyed, scored
from flowloom.evaluation.evaluators.evaluator import Case, Evaluator, NoFlows, Tools
from flowloom.evaluation.evaluators.judging import JUDGE, JudgeConfig
from flowloom.evaluation.judges import Agreement, agreement_of
from flowloom.evaluation.keeping import Keeping
from flowloom.evaluation.trials import Subject
from flowloom.evaluation.written_rows import Drafts, write_rows
from flowloom.flow.model import Flow
from flowloom.guards import Guards
from flowloom.handover import Handover
from flowloom.kinds.services import Models
from flowloom.kinds.values import Passage
from flowloom.leased_tasks import LeasedTasks
from flowloom.nodes.templates import fill
from flowloom.runner import Runner, require_runnable
from flowloom.saved_answers import Nearness
from flowloom.store.dataset_files import DatasetFiles, FilesOfRows
from flowloom.store.datasets import DataRow, Rows
from flowloom.store.experiments import Arm, Experiment, ExperimentPlan, ExperimentStore, Result, Score, Tried
from flowloom.store.flows import FlowStore
from flowloom.store.leases import Leases

MOST_AT_ONCE, AT_ONCE = 32, 4
MOST_JUDGED = 40
"""Rated answers that a judge is checked with."""
WRITTEN = "written"
"""Who paid for rows that a model wrote."""
LOOK = 0.1
"""Seconds after which one looks again whether an experiment is still wanted."""
STOPS = ("evaluate.budget", "budget.month")
"""What ends an experiment, and is no failure of a row: going on later is worth it."""


@dataclass(frozen=True)
class _Going:
    """An experiment that is worked through."""

    experiment: Experiment
    tried: Tried
    subjects: Sequence[Subject]
    evaluators: dict[str, tuple[Evaluator, Any]]
    tools: Tools
    account: Account
    is_wanted: Callable[[], bool]
    keeping: Keeping


class Experiments:
    """The experiments of one installation, worked through by the process that holds each of them."""

    def __init__(
        self,
        store: ExperimentStore,
        flows: FlowStore,
        runner: Runner,
        guards: Guards,
        leases: Leases,
        resolve: Resolve,
        nearness: Nearness | None,
        files: DatasetFiles,
        handover: Handover | None = None,
    ) -> None:
        self.store, self._files = store, files
        self._flows, self._runner, self._guards = flows, runner, guards
        self._resolve, self._nearness = resolve, nearness
        self._tasks = LeasedTasks("experiment", runner, leases, handover)
        self._stopped: set[str] = set()

    def start(self, flow: str, name: str, plan: ExperimentPlan, tried: Tried) -> str:
        """Keep an experiment and begin it. Raises FlowloomError where a version or an evaluator cannot run."""
        for arm in tried.arms:
            require_runnable(arm.flow)
        keyed(plan.evaluators)
        id = self.store.create(flow, name, plan, tried)
        self.resume(id)
        return id

    def resume(self, id: str) -> None:
        """Work through what is left, unless that is being done, here or in another process."""
        self.store.go(id, True)
        self._stopped.discard(id)
        self._begin(id)

    def take_up(self) -> None:
        """Go on with the experiments that nobody stopped and whose process ended."""
        for id in self.store.left():
            self._begin(id)

    def stop(self, id: str) -> None:
        """Begin no further row; those under way come to their end."""
        self.store.go(id, False)
        self._stopped.add(id)

    def try_again(self, id: str) -> None:
        """Have the rows that failed begin anew."""
        self.store.again(id)
        self.resume(id)

    def raise_budget(self, id: str, budget: float | None) -> None:
        """Go on with another budget."""
        self.store.allow(id, budget)
        self.resume(id)

    def is_going(self, id: str) -> bool:
        """Whether somebody works through it now, or it waits for a worker."""
        return self._tasks.is_going(id)

    def is_here(self, id: str) -> bool:
        """Whether this process works through it now."""
        return self._tasks.is_here(id)

    @property
    def busy(self) -> bool:
        """Whether this process works through any."""
        return self._tasks.busy

    def delete(self, id: str) -> None:
        """Stop an experiment and let go of it."""
        self.stop(id)
        flow = self.store.flow_of(id)
        self.store.delete(id)
        if flow:
            self._files.forget_unused(flow)

    async def check_judge(self, flow: Flow, rows: Rows, config: JudgeConfig) -> Agreement:
        """Have a judge say what it thinks of answers that people rated. Raises BudgetError at a limit."""
        services = self._runner.services(flow.id, self._tasks.lease_of(JUDGE.id))
        account = Account(at_once=AT_ONCE)
        models = CachedModels(services.models, self.store, flow.id, JUDGE.id, account, self._resolve)
        tools = Tools(models, self._nearness or (lambda text, others: []), NoFlows())
        rated = [row for row in rows.rows if row.good is not None and row.answered][:MOST_JUDGED]

        async def one(row: DataRow) -> tuple[bool, Score]:
            asked = fill(rows.message, row.given).strip()
            # What is expected is the good answer itself, which would give the verdict away.
            blind = row.model_copy(update={"expected": ""})
            score = await scored(JUDGE, config, Case(blind, asked, row.answered, flow), tools)
            _stop_at_a_limit(score.because)
            return bool(row.good), score

        return agreement_of(await asyncio.gather(*map(one, rated)))

    async def write_rows(
        self, flow: Flow, model: str, passages: Sequence[Passage], on_done: Callable[[int], None]
    ) -> Drafts:
        """Have a model write a row from each passage; what was paid for is kept. Raises ModelError for none."""
        services = self._runner.services(flow.id, self._tasks.lease_of(WRITTEN))
        account = Account(at_once=AT_ONCE)
        models = CachedModels(services.models, self.store, flow.id, WRITTEN, account, self._resolve)
        return await write_rows(models, model, self._resolve(model), passages, on_done)

    def _begin(self, id: str) -> None:
        if not self._tasks.leave(id):
            self.work_here(id)

    def work_here(self, id: str) -> None:
        """Work through what is left in this process, unless another one does."""
        self._tasks.begin(id, lambda: self._go(id))

    async def _go(self, id: str) -> None:
        try:
            going = self._prepared(id)
            try:
                await self._work_off(going)
            finally:
                going.keeping.flush()
            self.store.finish(id)
        except (FlowloomError, ExceptionGroup) as error:
            self._end_early(id, error)

    async def _work_off(self, going: _Going) -> None:
        left = self._left(going)
        async with asyncio.TaskGroup() as group:
            # Rows are got ready while others wait for models, so that a call that ends is followed at once.
            for _ in range(2 * going.account.at_once):
                group.create_task(self._work(going, left))

    def _end_early(self, id: str, error: Exception) -> None:
        """Why it stopped by itself, for whoever looks."""
        why = first_of(error)
        if not isinstance(why, FlowloomError):
            raise error
        with suppress(FlowloomError):  # Where nothing can be kept, the app says so everywhere.
            self.store.go(id, False, why.problem)

    def _prepared(self, id: str) -> _Going:
        experiment, tried = self.store.get(id), self.store.tried(id)
        at_once = max(1, min(experiment.plan.at_once, MOST_AT_ONCE))
        account = Account(self.store.paid(id), experiment.plan.budget, at_once)
        subjects = [self._subject(experiment, arm, account) for arm in tried.arms]
        paid = self._cached(experiment, account)
        tools = Tools(paid, self._nearness or (lambda text, others: []), _OwnFlows(self, experiment, account))
        return _Going(
            experiment,
            tried,
            subjects,
            keyed(experiment.plan.evaluators),
            tools,
            account,
            self._wanted(id),
            Keeping(self.store, id),
        )

    def _wanted(self, id: str) -> Callable[[], bool]:
        """Whether nobody stopped it, here or elsewhere; the store is asked now and then."""
        asked, found = 0.0, True

        def is_wanted() -> bool:
            nonlocal asked, found
            if time.monotonic() - asked > LOOK:
                asked, found = time.monotonic(), self.store.is_wanted(id)
            return found and id not in self._stopped

        return is_wanted

    def _cached(self, experiment: Experiment, account: Account) -> Models:
        models = self._runner.services(experiment.flow, self._tasks.lease_of(experiment.id)).models
        return CachedModels(models, self.store, experiment.flow, experiment.id, account, self._resolve)

    def _subject(self, experiment: Experiment, arm: Arm, account: Account) -> Subject:
        services = self._runner.services(arm.flow.id, self._tasks.lease_of(experiment.id))
        services = replace(services, files=FilesOfRows(self._files, experiment.flow))
        models = self._cached(experiment, account)
        asked = Instead(models, arm.model) if arm.model else models
        return Subject.of(
            arm.flow, services, self._guards, asked, self._nearness, partial(self._files.whole, experiment.flow)
        )

    def _left(self, going: _Going) -> Iterator[tuple[int, int, DataRow]]:
        """What is to be done: row by row for all arms, so that what is there early can be compared."""
        done = self.store.numbers(going.experiment.id)
        for number, row in enumerate(going.tried.rows.rows, 1):
            for arm in range(len(going.tried.arms)):
                if (arm, number) not in done:
                    yield arm, number, row

    async def _work(self, going: _Going, left: Iterator[tuple[int, int, DataRow]]) -> None:
        for arm, number, row in left:
            if self._runner.is_held or not going.is_wanted():
                return
            await self._one(going, arm, number, row)

    async def _one(self, going: _Going, arm: int, number: int, row: DataRow) -> None:
        asked = fill(going.tried.rows.message, row.given).strip()
        case = await going.subjects[arm].answer(row, asked)
        _stop_at_a_limit(case.problem)
        scores = {key: await self._score(going, each, case) for key, each in going.evaluators.items()}
        for score in scores.values():
            _stop_at_a_limit(score.because)
        result = Result(arm, number, case.answer, case.problem, case.seconds, case.cost, scores)
        going.keeping.keep(result, case.events)

    async def _score(self, going: _Going, chosen: tuple[Evaluator, Any], case: Case) -> Score:
        evaluator, config = chosen
        if case.problem and evaluator.of_run:
            return Score(because=case.problem)
        if case.problem:
            return Score(value=None if evaluator.lower_is_better else 0.0, because=case.problem)
        return await scored(evaluator, config, case, going.tools)


class _OwnFlows:
    """Fulfils `OwnFlows`: GPTs of one's own that judge are paid from the same budget."""

    def __init__(self, experiments: Experiments, experiment: Experiment, account: Account) -> None:
        self._experiments, self._experiment, self._account = experiments, experiment, account
        self._subjects: dict[str, Subject] = {}

    async def answer(self, flow_id: str, message: str) -> str:
        """What it answers. Raises FlowloomError."""
        subject = self._subjects.get(flow_id) or self._subject(flow_id)
        case = await subject.answer(DataRow(id="", given={}), message)
        if case.problem:
            raise FlowloomError.from_problem(case.problem)
        return case.answer

    def _subject(self, flow_id: str) -> Subject:
        flow: Flow = self._experiments._flows.load(flow_id)
        found = self._experiments._subject(self._experiment, Arm("", flow, ""), self._account)
        self._subjects[flow_id] = found
        return found


def _stop_at_a_limit(problem: Problem | None) -> None:
    """Raises FlowloomError where there is nothing left to pay with, so that the row is not taken for a failure."""
    if problem and problem.code in STOPS:
        raise FlowloomError.from_problem(problem)
