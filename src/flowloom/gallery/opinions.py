"""What people think of GPTs: stars with a reason, from people who used them, and never of their own."""

from flowloom.gallery.problems import NOT_YOUR_OWN, USE_IT_FIRST, GalleryError
from flowloom.store.real_use import Rating, UseStore
from flowloom.visits.pace import Pace

STARS = (1, 2, 3, 4, 5)
LONGEST_REASON = 500
"""Characters."""
PER_MINUTE, OF_ONE_GPT = 6, 20
"""Ratings in a minute from one address, and of one GPT by people without an account."""
SHOWN = 50


class Opinions:
    """Ratings. Safe to use from several threads."""

    def __init__(self, use: UseStore, pace: Pace) -> None:
        self._use, self._pace = use, pace

    def rate(
        self, flow: str, person: str, stars: int, reason: str, *, own: bool, known: bool, address: str = ""
    ) -> None:
        """Keep what somebody thinks; `known` is whether they have an account. Raises GalleryError, PaceError."""
        if own:
            raise GalleryError.from_problem(NOT_YOUR_OWN)
        if stars not in STARS:
            raise GalleryError("A rating is one to five stars.", "Choose how many.", code="store.stars")
        self._pace.take("store rating", address or person, PER_MINUTE)
        if not known:
            # Browsers without an account can be made up: a flood of them is slowed down for this GPT alone.
            self._pace.take("store ratings of", flow, OF_ONE_GPT)
        if not self._use.has_used(flow, person):
            raise GalleryError.from_problem(USE_IT_FIRST)
        plain = " ".join(reason.split())
        if len(plain) > LONGEST_REASON:
            raise GalleryError(
                "This reason is too long.", "Use at most {most} characters.", code="store.long", most=LONGEST_REASON
            )
        self._use.rate(flow, person, stars, plain)

    def of(self, flow: str) -> list[Rating]:
        """The latest, those with a reason first."""
        return self._use.ratings(flow, SHOWN)
