"""Looking after the store: reports, decisions with a reason, appeals, strikes, and reviews that people decide."""

from collections.abc import Callable
from typing import NamedTuple

from flowloom.errors import Problem
from flowloom.gallery.problems import FOR_ADMINS, GalleryError
from flowloom.gallery.reviews import require_state
from flowloom.locales import Verbatim
from flowloom.store.decisions import Decision, DecisionStore, Report, What
from flowloom.store.marks import MarkStore
from flowloom.store.reviews import Reviewed, ReviewStore, State
from flowloom.visits.pace import Pace

KINDS = {
    "harmful": "It is harmful or dangerous",
    "misleading": "It pretends to be something it isn’t",
    "copy": "It copies somebody else’s work",
    "privacy": "It gives away or asks for private data",
    "age": "It isn’t suitable for the age it is marked for",
    "other": "Something else",
}
LONGEST = 2_000
"""Characters of a report, a reason or an appeal."""
PER_MINUTE = 5
MOST_STRIKES = 3
"""GPTs of one builder taken down within a year after which they put nothing new into the store."""


class By(NamedTuple):
    """Who decides: an admin, by the id and the name of their account, both "" for whoever runs the app alone."""

    admin: bool
    account: str = ""
    shown: str = ""


class Moderation:
    """Safe to use from several threads."""

    def __init__(
        self,
        decisions: DecisionStore,
        reviews: ReviewStore,
        marks: MarkStore,
        owner_of: Callable[[str], str],
        name_of: Callable[[str], str],
        log: Callable[[str, By, str], None],
        changed: Callable[[], None],
    ) -> None:
        """`log` keeps what was done, by whom and to what; `changed` is told when the store shows something else."""
        self.decisions, self.reviews, self._marks = decisions, reviews, marks
        self._owner_of, self._name_of, self._log, self._changed = owner_of, name_of, log, changed

    # -- anybody

    def report(self, flow: str, person: str, kind: str, text: str, *, address: str, pace: Pace) -> None:
        """Raises GalleryError, PaceError."""
        if kind not in KINDS:
            raise GalleryError("Choose what is wrong with it.", "Then send the report.", code="store.kind")
        pace.take("store report", address or person, PER_MINUTE)
        self.decisions.report(flow, person, kind, _text(text, required=kind == "other"))
        self._log("store_reported", By(False), self._name_of(flow))

    # -- builders

    def ask(self, reviewed: Reviewed) -> None:
        """Have a person decide about what the review held back. Raises GalleryError."""
        require_state(reviewed, "held")
        self.reviews.say(reviewed.flow, reviewed.digest, "asked")
        self._log("store_review_asked", By(False), self._name_of(reviewed.flow))

    def appeal(self, id: str, account: str, text: str) -> None:
        """Say why a decision about one’s own GPT is wrong, once. Raises GalleryError."""
        found = self.decisions.get(id)
        if found is None or found.account != account:
            raise GalleryError(
                "This decision isn’t about a GPT of yours.", "Load the page again.", code="store.none"
            )
        if found.appeal:
            raise GalleryError(
                "You appealed against this decision already.",
                "Wait until somebody has read it.",
                code="store.twice",
            )
        self.decisions.appeal(id, _text(text, required=True))
        self._log("store_appealed", By(False, account), self._name_of(found.flow))

    def notices(self, account: str) -> list[Decision]:
        """What was decided about GPTs of somebody, the latest first; not what changed nothing."""
        return [each for each in self.decisions.of_account(account) if each.what != "dismissed"]

    def strikes(self, account: str) -> int:
        return self.decisions.strikes(account)

    # -- admins

    def reports(self) -> dict[str, list[Report]]:
        """The open ones by GPT, that with the oldest first."""
        found: dict[str, list[Report]] = {}
        for report in self.decisions.open_reports():
            found.setdefault(report.flow, []).append(report)
        return found

    def waiting(self) -> int:
        """How much waits for an admin."""
        return len(self.reports()) + len(self.reviews.asked()) + len(self.decisions.appeals())

    def decide(self, flow: str, what: What, reason: str, by: By) -> Decision:
        """Settle the reports about a GPT. Raises GalleryError without a reason."""
        _require_admin(by)
        found = self.decisions.decide(flow, self._owner_of(flow), by.shown, what, _text(reason, required=True))
        if what == "down":
            self._marks.take_down(flow, found.reason)
        self._log(f"store_{what}", by, self._name_of(flow))
        self._changed()
        return found

    def restore(self, flow: str, by: By) -> None:
        """Let what was taken down back in; it is no strike any more."""
        _require_admin(by)
        self._marks.restore(flow)
        self.decisions.take_back(flow)
        self._log("store_restored", by, self._name_of(flow))
        self._changed()

    def uphold(self, decision: Decision, by: By) -> None:
        """A decision stays although somebody appealed."""
        _require_admin(by)
        self.decisions.uphold(decision.id)
        self._log("store_upheld", by, self._name_of(decision.flow))

    def judge(self, reviewed: Reviewed, accept: bool, reason: str, by: By) -> None:
        """Answer whether what the review held back may stand in the store. Raises GalleryError."""
        _require_admin(by)
        require_state(self.reviews.find(reviewed.flow, reviewed.digest), "asked")
        state: State = "accepted" if accept else "refused"
        self.reviews.say(reviewed.flow, reviewed.digest, state, _text(reason, required=True))
        self._log(f"store_{state}", by, self._name_of(reviewed.flow))

    def is_down(self, flow: str) -> Problem | None:
        """What people are told of a GPT that is taken down; None for all others."""
        mark = self._marks.of(flow)
        if mark.down is None:
            return None
        return Problem.of(
            "publish.down",
            "This GPT was taken down by whoever looks after the store: {reason}",
            "What you wrote is still yours: you can read, save and delete it. No new messages are answered.",
            reason=Verbatim(mark.reason),
        )


def _require_admin(by: By) -> None:
    if not by.admin:
        raise GalleryError.from_problem(FOR_ADMINS)


def _text(given: str, *, required: bool) -> str:
    text = given.strip()
    if required and not text:
        raise GalleryError("There is no reason yet.", "Write a sentence or two.", code="store.reason")
    if len(text) > LONGEST:
        raise GalleryError(
            "This text is too long.", "Use at most {most} characters.", code="store.long", most=LONGEST
        )
    return text
