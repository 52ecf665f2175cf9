"""What an experiment found: each version by each evaluator, the differences, and what is more than chance."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flowloom.errors import Problem
from flowloom.evaluation.evaluators.all import keyed
from flowloom.evaluation.evaluators.evaluator import Evaluator
from flowloom.evaluation.evaluators.judging import NONSENSE, SWAYED
from flowloom.evaluation.statistics import Difference, Interval, compare, interval_of
from flowloom.store.experiments import Experiment, Result

MANY_UNTOLD = 0.2
"""The share of answers from which on a judge that tells nothing is spoken of."""
FEW = 5


@dataclass(frozen=True)
class Measured:
    """One version by one evaluator; `untold` are the rows of which it could say nothing."""

    arm: int
    interval: Interval | None
    untold: int = 0


@dataclass(frozen=True)
class Finding:
    """All versions by one evaluator. `differences` are from the first version, by arm."""

    key: str
    evaluator: Evaluator
    config: Any
    measured: tuple[Measured, ...]
    differences: Mapping[int, Difference]
    warnings: tuple[Problem, ...] = ()


@dataclass(frozen=True)
class Findings:
    """What is known so far."""

    labels: tuple[str, ...]
    each: tuple[Finding, ...]
    done: int
    failed: tuple[int, ...]
    """How many rows failed, by arm."""

    def is_worse(self) -> bool:
        """Whether some later version is worse than the first in something."""
        return any(found.verdict == "worse" for each in self.each for found in each.differences.values())


def find(experiment: Experiment, results: Sequence[Result]) -> Findings:
    """What the results say. Raises NodeError where an evaluator is no more."""
    chosen = keyed(experiment.plan.evaluators)
    arms = len(experiment.plan.labels)
    tests = max(1, len(chosen) * (arms - 1))
    return Findings(
        experiment.plan.labels,
        tuple(_finding(key, *chosen[key], results, arms, tests) for key in chosen),
        len(results),
        tuple(sum(result.arm == arm and result.problem is not None for result in results) for arm in range(arms)),
    )


def _finding(
    key: str, evaluator: Evaluator, config: Any, results: Sequence[Result], arms: int, tests: int
) -> Finding:
    within = (
        (0.0, 1.0) if evaluator.unit == "share" or _lower(evaluator, config) != evaluator.lower_is_better else None
    )
    values = [_values(key, results, arm) for arm in range(arms)]
    counts = [sum(result.arm == arm for result in results) for arm in range(arms)]
    measured = tuple(
        Measured(arm, interval_of([*found.values()], within=within), counts[arm] - len(found))
        for arm, found in enumerate(values)
    )
    differences = {}
    for arm in range(1, arms):
        both = [number for number in values[0] if number in values[arm]]
        before, after = [values[0][number] for number in both], [values[arm][number] for number in both]
        found = compare(before, after, lower_is_better=_lower(evaluator, config), tests=tests, within=within)
        if found:
            differences[arm] = found
    return Finding(key, evaluator, config, measured, differences, tuple(_warnings(key, results)))


def _lower(evaluator: Evaluator, config: Any) -> bool:
    """Whether less is better; a reading level that counts as right or wrong is better where it is right."""
    return evaluator.lower_is_better and not getattr(config, "most", 0)


def _values(key: str, results: Sequence[Result], arm: int) -> dict[int, float]:
    return {
        result.number: score.value
        for result in results
        if result.arm == arm and (score := result.scores.get(key)) and score.value is not None
    }


def _warnings(key: str, results: Sequence[Result]) -> list[Problem]:
    """What is to be said of a judge that doesn't read what it judges."""
    told = [score for result in results if not result.problem and (score := result.scores.get(key))]
    codes = Counter(score.because.code for score in told if score.value is None and score.because)
    letters = Counter(
        score.because.params.get("letter", "") for score in told if score.because and score.because.code == SWAYED
    )
    found = []
    enough = max(FEW, MANY_UNTOLD * len(told))
    if codes[SWAYED] >= enough:
        (letter, count), *_ = letters.most_common(1)
        found.append(
            Problem.of(
                "evaluate.judge.swayed",
                "The judge chose {letter} in {count} of {total} rows whichever sentence stood there.",
                "Its verdicts say little. Choose another model as the judge.",
                letter=letter,
                count=count,
                total=len(told),
            )
        )
    if codes[NONSENSE] >= enough:
        found.append(
            Problem.of(
                "evaluate.judge.silent",
                "The judge gave no verdict in {count} of {total} rows.",
                "Choose another model as the judge, or write the rule more plainly.",
                count=codes[NONSENSE],
                total=len(told),
            )
        )
    return found
