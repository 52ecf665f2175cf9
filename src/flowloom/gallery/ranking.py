"""In which order the store shows GPTs: by real use, with shares that few people can prove little of.

The page shows these formulas as they stand here.
"""

from math import log2, sqrt
from typing import NamedTuple

Z = 1.96
"""Standard deviations of a 95 % interval."""
GOOD = 4
"""Stars from which a rating counts as a good one."""
WINDOW, RECENT, BEFORE = 90, 7, 28
"""Days of use that count; the last ones, and those before them, that trending compares."""
LEAST_PEOPLE = 3
"""People in the last days without whom nothing is trending."""


class Figures(NamedTuple):
    """What is counted of a GPT. One person counts once a day, and its builder never.

    `conversations` are days on which somebody used it, `returning` those who did on more than one.
    """

    conversations: int = 0
    people: int = 0
    returning: int = 0
    recent: int = 0
    before: int = 0
    recent_people: int = 0
    ratings: int = 0
    good: int = 0
    stars: int = 0

    @property
    def score(self) -> float:
        """By which GPTs are ranked: how much it is used, weighed by who comes back and how it is rated."""
        weight = 1 + surely(self.returning, self.people) + surely(self.good, self.ratings)
        return log2(1 + self.conversations) * weight

    @property
    def trend(self) -> float:
        """How much more it is used than before; 1 is as much, 0 where too few use it."""
        if self.recent_people < LEAST_PEOPLE:
            return 0.0
        expected = RECENT / (RECENT + BEFORE)
        return surely(self.recent, self.recent + self.before) / expected

    @property
    def mean_stars(self) -> float | None:
        """The mean of the ratings as people know it; None where there are none."""
        return self.stars / self.ratings if self.ratings else None

    @property
    def return_rate(self) -> float | None:
        """The share of people who came back on another day."""
        return self.returning / self.people if self.people else None


def surely(good: int, of: int) -> float:
    """The lower end of the Wilson interval of a share: near 0 where few were asked, near the share for many."""
    if of <= 0:
        return 0.0
    share = min(1.0, good / of)
    middle = share + Z * Z / (2 * of)
    margin = Z * sqrt(share * (1 - share) / of + Z * Z / (4 * of * of))
    return max(0.0, (middle - margin) / (1 + Z * Z / of))
