"""Trying a flow from the command line: the rows of a file, a baseline, a plain table, and an exit code."""

import sys
import time
from collections.abc import Iterator
from pathlib import Path

from flowloom.errors import FlowloomError, StoreError
from flowloom.evaluation.brought_files import kept
from flowloom.evaluation.evaluators.all import EVALUATORS
from flowloom.evaluation.evaluators.evaluator import Evaluator
from flowloom.evaluation.findings import Finding, Findings, find
from flowloom.evaluation.statistics import MOST_ROWS, Difference, Interval
from flowloom.flow.model import Flow
from flowloom.store.datasets import Rows
from flowloom.store.experiments import Arm, Chosen, Experiment, ExperimentPlan, Tried
from flowloom.store.templates import read_template
from flowloom.terminal_rows import Wish, rows_of
from flowloom.workspace import Workspace

LOOK = 0.05
FINE, WORSE = 0, 1


def evaluate(home: Workspace, wish: Wish) -> int:
    """Try a flow, print what came of it, and say whether that is fine. Raises FlowloomError where it cannot run."""
    flow = _flow(home, wish.flow)
    found = rows_of(wish)
    rows = kept(home.datasets.files, flow.id, found.rows, found.files)
    arms = [Arm("this version", flow)]
    if wish.baseline:
        baseline = _baseline(home, flow, wish.baseline).model_copy(update={"id": flow.id})
        arms.insert(0, Arm("baseline", baseline))
    plan = ExperimentPlan(evaluators=_measures(wish, rows), at_once=wish.at_once, budget=wish.budget, dataset="")
    id = home.experiments.start(flow.id, wish.data.name, plan, Tried(rows, tuple(arms)))
    _wait(home, id)
    experiment = home.experiments.store.get(id)
    findings = find(experiment, home.experiments.store.results(id))
    print("\n".join(_table(findings)))
    if all(entry.id != flow.id for entry in home.flows.entries()):
        home.experiments.delete(id)  # nobody could open it
    return _verdict(experiment, findings, wish)


def _flow(home: Workspace, name: str) -> Flow:
    """The flow of a file, or a GPT by its name or id. Raises FlowloomError."""
    path = Path(name)
    if path.is_file():
        return home.intake.flow_of_file(path, read_template(path))
    entries = [entry for entry in home.flows.entries() if name in (entry.id, entry.name)]
    if not entries:
        raise StoreError("There is neither a file nor a GPT called “{name}”.", "Check the name.", name=name)
    return home.flows.load(entries[0].id)


def _baseline(home: Workspace, flow: Flow, name: str) -> Flow:
    """The flow of a file, or a version of the same GPT by its name or number. Raises FlowloomError."""
    if Path(name).is_file():
        return read_template(Path(name)).flow
    for version in home.versions.entries(flow.id):
        if name in (version.name, str(version.number)):
            return home.versions.load(flow.id, version.number)
    raise StoreError(
        "There is neither a file nor a version called “{name}”.", "Look at History in the app.", name=name
    )


def _measures(wish: Wish, rows: Rows) -> tuple[Chosen, ...]:
    has_expected = any(row.expected for row in rows.rows)
    usual = ("contains", "time") if has_expected else ("time",)
    for name in wish.measures:
        if name not in EVALUATORS:
            raise StoreError(
                "There is no evaluator “{name}”.", "Take one of: {names}.", name=name, names=", ".join(EVALUATORS)
            )
    if not wish.measures and rows.measures:
        return rows.measures
    return tuple(Chosen(id=name) for name in wish.measures or usual)


def _wait(home: Workspace, id: str) -> None:
    store, of = home.experiments.store, home.experiments.store.get(id).of
    told = -1
    while home.experiments.is_going(id):
        done = store.done(id)
        if sys.stderr.isatty() and done != told:
            print(f"\r{done} of {of} answers", end="", file=sys.stderr, flush=True)
        told = done
        time.sleep(LOOK)
    if sys.stderr.isatty():
        print(file=sys.stderr)


def _table(findings: Findings) -> Iterator[str]:
    width = max(len(finding.evaluator.title) for finding in findings.each) + 2
    side = max(map(len, findings.labels)) + 2
    for finding in findings.each:
        for measured in finding.measured:
            title = finding.evaluator.title if measured.arm == 0 else ""
            told = _interval(finding.evaluator, measured.interval)
            untold = f"  ({measured.untold} not judged)" if measured.untold else ""
            yield f"{title:<{width}}{findings.labels[measured.arm]:<{side}}{told}{untold}"
        for difference in finding.differences.values():
            yield f"{'':<{width}}{_difference(finding, difference)}"
        yield from (str(warning) for warning in finding.warnings)


def _said(evaluator: Evaluator, value: float) -> str:
    match evaluator.unit:
        case "share":
            return f"{100 * value:.1f} %"
        case "seconds":
            return f"{value:.2f} s"
        case "dollars":
            return f"${value:.4f}"
    return f"{value:.1f} years"


def _interval(evaluator: Evaluator, interval: Interval | None) -> str:
    if interval is None:
        return "nothing measured"
    low, high = _said(evaluator, interval.low), _said(evaluator, interval.high)
    return f"{_said(evaluator, interval.mean)}  (between {low} and {high}, {interval.rows} rows)"


def _difference(finding: Finding, difference: Difference) -> str:
    interval = difference.interval
    low, high = _said(finding.evaluator, interval.low), _said(finding.evaluator, interval.high)
    between = f"difference {_said(finding.evaluator, interval.mean)}, between {low} and {high}"
    if difference.verdict == "unclear":
        more = difference.more or 0
        rows = f"more than {MOST_ROWS}" if more >= MOST_ROWS else f"about {more}"
        return f"cannot tell yet: {rows} more rows  ({between})"
    return f"{'no real difference' if difference.verdict == 'same' else difference.verdict}  ({between})"


def _verdict(experiment: Experiment, findings: Findings, wish: Wish) -> int:
    """The exit code, with a sentence for each reason why it is not fine."""
    if experiment.problem:
        raise FlowloomError.from_problem(experiment.problem)
    reasons = list(_reasons(experiment, findings, wish))
    for reason in reasons:
        print(reason, file=sys.stderr)
    return WORSE if reasons else FINE


def _reasons(experiment: Experiment, findings: Findings, wish: Wish) -> Iterator[str]:
    if findings.done < experiment.of:
        yield f"Only {findings.done} of {experiment.of} answers came. Run the command again: what was paid is kept."
    if findings.failed[-1]:
        yield f"{findings.failed[-1]} of {experiment.plan.rows} rows failed."
    for finding in findings.each:
        if any(difference.verdict == "worse" for difference in finding.differences.values()):
            yield f"“{finding.evaluator.title}” is worse than the baseline."
        interval = finding.measured[-1].interval
        if (
            wish.least is not None
            and finding.evaluator.unit == "share"
            and (not interval or interval.mean < wish.least)
        ):
            yield f"“{finding.evaluator.title}” is below {100 * wish.least:g} %."
