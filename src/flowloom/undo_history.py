"""The steps of a flow that is open: what undo goes back to and redo forth to."""

from flowloom.flow.model import Flow
from flowloom.store import steps
from flowloom.store.steps import Change, Side, Step, StepStore


class Past:
    """Both stacks in memory; what lies in them is read from disk when it is wanted."""

    def __init__(self, flow_id: str, kept: StepStore, stamp: str) -> None:
        self._id, self._steps = flow_id, kept
        undo, redo = kept.stacks(flow_id, stamp)
        self._stacks: dict[Side, list[Step]] = {"undo": undo, "redo": redo}

    @property
    def can_undo(self) -> bool:
        return bool(self._stacks["undo"])

    @property
    def can_redo(self) -> bool:
        return bool(self._stacks["redo"])

    def top(self, side: Side, now: Flow) -> Flow | None:
        """What a step back or forth leads to; one that cannot be read, or changes nothing, is left out."""
        stack = self._stacks[side]
        while stack:
            flow = self._steps.load(self._id, side, stack[-1])
            if flow is not None and flow != now:
                return flow
            stack.pop()
        return None

    def edit(self, gesture: str) -> Change:
        """What an edit will be: the edits of one gesture are taken back together."""
        last = self._stacks["undo"][-1] if self._stacks["undo"] else Step(0, "")
        joined = gesture and last.gesture == gesture
        return Change(None, None if joined else Step(last.number + 1, gesture))

    def swap(self, side: Side) -> Change:
        """What the step back or forth will be that `top` leads to."""
        taken, target = self._stacks[side][-1], self._stacks[_other(side)]
        return Change((side, taken), Step(target[-1].number + 1 if target else 1, taken.gesture))

    def keep(self, change: Change) -> None:
        """A change was saved."""
        if change.taken:
            side, _ = change.taken
            self._stacks[side].pop()
            self._stacks[_other(side)] += [change.put] if change.put else []
            return
        if change.put:
            self._stacks["undo"].append(change.put)
            del self._stacks["undo"][: -steps.KEPT]
        self._stacks["redo"].clear()


def _other(side: Side) -> Side:
    return "redo" if side == "undo" else "undo"
