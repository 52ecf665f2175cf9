"""Whether a difference is more than chance: intervals by bootstrap, paired tests, and how many rows it takes."""

import math
from collections.abc import Sequence
from statistics import NormalDist
from typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Numbers = NDArray[np.float64]

LEVEL = 0.95
DRAWS = 4_000
POWER = 0.8
"""How likely a true difference of the size seen so far is to be found with the rows that are proposed."""
MATTERS = 0.05
"""The difference that rows are counted for where none was seen, as a share of the range of scores."""
MOST_ROWS = 20_000
FEWEST = 6
"""Rows with a difference below which no paired test can tell: six that all agree have a chance of 1 in 32."""

Verdict = Literal["better", "worse", "same", "unclear"]


class Interval(NamedTuple):
    """A mean with where the true one lies in 95 of 100 cases."""

    mean: float
    low: float
    high: float
    rows: int


class Difference(NamedTuple):
    """A paired difference: `more` is about how many more rows it takes where nothing can be told."""

    interval: Interval
    chance: float
    """How likely a difference like this is where nothing changed."""
    verdict: Verdict
    more: int | None = None


Range = tuple[float, float]


def interval_of(values: Sequence[float], seed: int = 0, within: Range | None = None) -> Interval | None:
    """The mean and its interval by bootstrap, widened for few rows; None of nothing.

    `within` is the least and most a value can be, where that is known.
    """
    import numpy as np

    found: Numbers = np.asarray(values, dtype=np.float64)
    if not found.size:
        return None
    mean = float(found.mean())
    if found.size == 1 or bool(np.all(found == found[0])):
        return _of_equal(found, mean, within)
    # A plain bootstrap interval is too narrow for few rows: by how much is known (Hesterberg 2015).
    count = found.size
    wide = _normal(math.sqrt(count / (count - 1)) * _student(count - 1))
    means = _resampled(found, seed)
    low, high = np.quantile(means, [1 - wide, wide])
    return Interval(mean, float(low), float(high), count)


def _of_equal(found: "Numbers", mean: float, within: Range | None) -> Interval:
    """Where all are the same the bootstrap sees no spread; that others would differ is still possible."""
    if within is None:
        return Interval(mean, mean, mean, found.size)
    # If more than this share of all rows differed, one of these would have in 95 of 100 cases.
    share = 1 - (1 - LEVEL) ** (1 / found.size)
    low, high = within
    return Interval(mean, mean - share * (mean - low), mean + share * (high - mean), found.size)


def _resampled(found: "Numbers", seed: int) -> "Numbers":
    """Means of samples drawn with replacement; in parts, so that memory stays flat."""
    import numpy as np

    random = np.random.default_rng(seed)
    values, counts = np.unique(found, return_counts=True)
    if values.size <= 32:  # few distinct scores, such as right and wrong: drawn as counts at once
        drawn = random.multinomial(found.size, counts / found.size, DRAWS)
        return np.asarray(drawn @ values / found.size, dtype=np.float64)
    part = max(1, 2_000_000 // found.size)
    means = [
        found[random.integers(0, found.size, (min(part, DRAWS - begun), found.size))].mean(axis=1)
        for begun in range(0, DRAWS, part)
    ]
    return np.concatenate(means)


def compare(
    before: Sequence[float],
    after: Sequence[float],
    *,
    lower_is_better: bool = False,
    tests: int = 1,
    within: Range | None = None,
) -> Difference | None:
    """The paired difference of the same rows; `tests` is how many are made together. None of nothing."""
    import numpy as np

    if not before:
        return None
    found: Numbers = np.asarray(after, dtype=np.float64) - np.asarray(before, dtype=np.float64)
    spread = within[1] - within[0] if within else max(float(np.ptp(np.asarray([*before, *after]))), 1e-12)
    interval = interval_of(found.tolist(), within=(-spread, spread))
    assert interval
    chance = min(1.0, _chance(found) * tests)
    excludes = interval.low > 0 or interval.high < 0
    if chance < 1 - LEVEL and excludes:
        return Difference(interval, chance, "better" if (interval.mean > 0) != lower_is_better else "worse")
    return _unclear(found, interval, chance, spread)


def _unclear(found: "Numbers", interval: Interval, chance: float, spread: float) -> Difference:
    """What can be said where nothing can be told apart: that they are the same, or how many rows it takes."""
    small = MATTERS * spread
    deviation = float(found.std(ddof=1)) if found.size > 1 else spread
    if -small < interval.low and interval.high < small and found.size >= 30:
        return Difference(interval, chance, "same")
    size = abs(interval.mean) if abs(interval.mean) >= small else small
    needed = ((_z(1 - (1 - LEVEL) / 2) + _z(POWER)) * (deviation or spread * 0.3) / size) ** 2
    more = math.ceil(needed - found.size)
    # The one that was seen may be chance, so it is never none.
    return Difference(interval, chance, "unclear", min(MOST_ROWS, max(more, 10)))


def _chance(found: "Numbers") -> float:
    """Two-sided, by swapping which of a pair is which: exact for ups and downs of one size, else by sampling."""
    import numpy as np

    changed = found[found != 0]
    if changed.size < FEWEST:
        return 1.0
    if bool(np.all(np.abs(changed) == abs(changed[0]))):
        return _sign_test(int((changed > 0).sum()), changed.size)
    random = np.random.default_rng(1)
    total, at_least = abs(changed.sum()), 1
    part = max(1, 2_000_000 // changed.size)
    for begun in range(0, DRAWS, part):
        signs = random.integers(0, 2, (min(part, DRAWS - begun), changed.size)) * 2.0 - 1.0
        at_least += int((np.abs(signs @ changed) >= total - 1e-12).sum())
    return float(at_least / (DRAWS + 1))


def _sign_test(ups: int, count: int) -> float:
    """How likely so uneven a split is where ups and downs are equally likely (McNemar, exact)."""
    fewer = min(ups, count - ups)
    logs = [math.lgamma(count + 1) - math.lgamma(k + 1) - math.lgamma(count - k + 1) for k in range(fewer + 1)]
    return min(1.0, 2 * sum(math.exp(each - count * math.log(2)) for each in logs))


def _z(share: float) -> float:
    return NormalDist().inv_cdf(share)


def _normal(value: float) -> float:
    return NormalDist().cdf(value)


def _student(freedom: int) -> float:
    """The 97.5 % point of Student's t, by the expansion of Cornish and Fisher."""
    z = _z(1 - (1 - LEVEL) / 2)
    terms = (
        z,
        (z**3 + z) / 4,
        (5 * z**5 + 16 * z**3 + 3 * z) / 96,
        (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384,
    )
    return float(sum(term / freedom**power for power, term in enumerate(terms)))
