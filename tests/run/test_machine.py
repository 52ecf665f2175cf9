"""Runs, crashes, answers and restarts in any order: nothing is lost, and nothing ends twice."""

from collections import Counter
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from flowloom.kinds.people import Reply
from flowloom.kinds.registry import all_kinds
from flowloom.run.events import ENDS, NodeAnswered, NodeAsked, NodeFinished
from tests.run.test_asking import SHAPES, Desk
from tests.run.test_sub_flows import ASKS, GREET, listed

ITEMS = '{"items": ["a", "b", "c"]}'
FLOWS: dict[str, tuple[Any, str]] = {
    **{name: SHAPES[name] for name in SHAPES if name != "before it works"},
    "for each": (listed(GREET), "Hello a!\nHello b!\nHello c!"),
    "asking for each": (listed(ASKS, at_once=2), "a\nb\nc"),
}


class Lives(RuleBasedStateMachine):
    """One run through many processes; its log is all that outlives each of them."""

    @initialize(name=st.sampled_from(sorted(FLOWS)))
    def begin(self, name: str) -> None:
        flow, self.answer = FLOWS[name]
        whole = name in ("for each", "asking for each")
        self.yes = Reply(choice="approved" if whole else "yes")
        self.desk = Desk(flow, message=ITEMS, kinds=all_kinds()) if whole else Desk(flow)

    @property
    def is_over(self) -> bool:
        return bool(self.desk.log) and isinstance(self.desk.log[-1], ENDS)

    @precondition(lambda self: not self.is_over)
    @rule()
    def run(self) -> None:
        self.desk.part()

    @precondition(lambda self: not self.is_over)
    @rule(lost=st.integers(1, 12))
    def run_and_crash(self, lost: int) -> None:
        """A process that dies while it works: the end of what it did never reached the disk."""
        before = len(self.desk.log)
        self.desk.part()
        self.desk.log[max(before, len(self.desk.log) - lost, 1) :] = []

    @rule(which=st.integers(0, 5))
    def answer_one(self, which: int) -> None:
        people = self.desk.people
        waiting = [id for id in people.posted if id not in people.answers]
        if waiting:
            people.answers[waiting[which % len(waiting)]] = self.yes

    @invariant()
    def nothing_ends_twice(self) -> None:
        if not hasattr(self, "desk"):
            return
        log = self.desk.log
        ended = Counter((event.call, event.node, event.round) for event in log if isinstance(event, NodeFinished))
        assert set(ended.values()) <= {1}
        for kind in (NodeAsked, NodeAnswered):
            told = Counter(event.id for event in log if isinstance(event, kind))
            assert set(told.values()) <= {1}
        assert [event.seq for event in log] == sorted({event.seq for event in log})

    def teardown(self) -> None:
        if not hasattr(self, "desk"):
            return
        for _ in range(12):
            if self.is_over:
                break
            self.desk.part()
            self.desk.people.answer_all(self.yes)
        assert (self.desk.view.state, self.desk.view.text) == ("finished", self.answer)


TestLives = Lives.TestCase
TestLives.settings = settings(max_examples=60, stateful_step_count=12, deadline=None)
