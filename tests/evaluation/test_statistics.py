"""Intervals that hold what they promise, and no change that is called better by chance."""

import numpy as np
import pytest

from flowloom.errors import Problem
from flowloom.evaluation.evaluators.judging import NONSENSE, SWAYED
from flowloom.evaluation.findings import find
from flowloom.evaluation.statistics import compare, interval_of
from flowloom.store.experiments import Chosen, Experiment, ExperimentPlan, Result, Score


def test_few_rows_tell_nothing() -> None:
    found = compare([0, 0, 1], [1, 1, 1], within=(0, 1))
    assert found
    assert found.verdict == "unclear"
    assert found.more
    assert found.more >= 10


def test_a_large_difference_is_told() -> None:
    before, after = [0.0] * 20 + [1.0] * 20, [1.0] * 38 + [0.0] * 2
    better, worse = compare(before, after, within=(0, 1)), compare(after, before, within=(0, 1))
    assert better
    assert worse
    assert (better.verdict, worse.verdict) == ("better", "worse")
    assert better.interval.low > 0
    cheaper = compare([3.0, 4.0, 5.0] * 10, [1.0, 1.5, 2.0] * 10, lower_is_better=True)
    assert cheaper
    assert cheaper.verdict == "better"


def test_the_same_on_many_rows_is_the_same() -> None:
    found = compare([1.0, 0.0] * 50, [1.0, 0.0] * 50, within=(0, 1))
    assert found
    assert (found.verdict, found.interval.mean) == ("same", 0)
    assert found.interval.low < 0 < found.interval.high
    few = compare([1.0] * 5, [1.0] * 5, within=(0, 1))
    assert few
    assert few.verdict == "unclear"


def test_the_rows_that_are_proposed_are_enough() -> None:
    """With about that many more rows, a true difference of the size seen is found four times in five."""
    random = np.random.default_rng(3)

    def drawn(count: int) -> tuple[list[float], list[float]]:
        same = (random.random(count) < 0.7).astype(float)
        changed = random.random(count) < 0.12
        return same.tolist(), np.where(changed, 1.0, same).tolist()

    first = compare(*drawn(40), within=(0, 1))
    assert first
    if first.verdict == "unclear":
        assert first.more
        assert 10 <= first.more < 2_000


def test_of_nothing_nothing_is_said() -> None:
    assert interval_of([]) is None
    assert compare([], []) is None


def test_all_alike_is_no_certainty() -> None:
    found = interval_of([1.0] * 10, within=(0, 1))
    assert found
    assert (found.mean, round(found.low, 2), found.high) == (1.0, 0.74, 1.0)


def result(arm: int, number: int, score: Score) -> Result:
    return Result(arm, number, "x", None, 1.0, None, {"judge": score})


@pytest.mark.parametrize(
    ("code", "said"),
    [(SWAYED, "The judge chose A in 10 of 10 rows"), (NONSENSE, "The judge gave no verdict in 10 of 10 rows")],
)
def test_a_judge_that_reads_nothing_is_named(code: str, said: str) -> None:
    score = Score(because=Problem.of(code, "x", letter="A"))
    plan = ExperimentPlan(rows=10, labels=("one",), evaluators=(Chosen(id="judge"),))
    experiment = Experiment("e", "f", "n", 0.0, False, None, plan)
    (finding,) = find(experiment, [result(0, number, score) for number in range(1, 11)]).each
    assert said in str(finding.warnings[0])
    assert finding.measured[0].interval is None
    assert finding.measured[0].untold == 10


@pytest.mark.slow
@pytest.mark.parametrize("rows", [100])
@pytest.mark.parametrize("of", ["shares", "differences", "normal"])
def test_intervals_cover_what_they_promise(of: str, rows: int) -> None:
    """95 of 100 intervals hold the true mean, within 1.5."""
    random, trials = np.random.default_rng(17), 2_500

    def drawn() -> tuple[list[float], float]:
        if of == "shares":
            # Of one share alone the coverage jumps with the number of rows, as counts are whole.
            share = random.uniform(0.2, 0.9)
            return (random.random(rows) < share).astype(float).tolist(), share
        if of == "normal":
            return random.normal(2, 1, rows).tolist(), 2.0
        ups, downs = random.random(rows) < 0.25, random.random(rows) < 0.15
        return (ups.astype(float) - downs.astype(float)).tolist(), 0.1

    hits = 0
    for trial in range(trials):
        values, true = drawn()
        found = interval_of(values, seed=trial)
        assert found
        hits += found.low <= true <= found.high
    assert 0.935 <= hits / trials <= 0.965


@pytest.mark.slow
@pytest.mark.parametrize("rows", [40, 200])
@pytest.mark.parametrize("kind", ["shares", "seconds"])
def test_nothing_that_did_not_change_is_called_better(kind: str, rows: int) -> None:
    random, trials = np.random.default_rng(5), 800
    better = worse = 0
    for _ in range(trials):
        if kind == "shares":
            before, after = ((random.random(rows) < 0.7).astype(float) for _ in range(2))
            found = compare(before.tolist(), after.tolist(), within=(0, 1))
        else:
            before, after = (random.exponential(1, rows) for _ in range(2))
            found = compare(before.tolist(), after.tolist(), lower_is_better=True)
        assert found
        better += found.verdict == "better"
        worse += found.verdict == "worse"
    assert better / trials <= 0.05
    assert worse / trials <= 0.05
