"""The steps of a flow that is open: what undo goes back to and redo forth to."""

from collections.abc import Iterator
from contextlib import contextmanager

from flowloom.flow.model import Flow
from flowloom.store import steps
from flowloom.store.flows import FlowStore
from flowloom.store.steps import Side, Step, StepStore


class Past:
    """Both stacks in memory; what lies in them is read from disk when it is wanted."""

    def __init__(self, flow_id: str, store: FlowStore, kept: StepStore) -> None:
        self._id, self._store, self._steps = flow_id, store, kept
        undo, redo = kept.stacks(flow_id, store.stamp(flow_id))
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

    @contextmanager
    def editing(self, gesture: str) -> Iterator[None]:
        """Around the save of an edit: the edits of one gesture are taken back together."""
        undo = self._stacks["undo"]
        last = undo[-1] if undo else Step(0, "")
        step = None if gesture and last.gesture == gesture else Step(last.number + 1, gesture)
        data = self._store.data(self._id)
        yield
        self._steps.edited(self._id, step, data, self._store.stamp(self._id))
        if step:
            undo.append(step)
            del undo[: -steps.KEPT]
        self._stacks["redo"].clear()

    @contextmanager
    def swapping(self, side: Side) -> Iterator[None]:
        """Around the save of a step back or forth."""
        source, target = self._stacks[side], self._stacks["redo" if side == "undo" else "undo"]
        taken = source[-1]
        put = Step(target[-1].number + 1 if target else 1, taken.gesture)
        data = self._store.data(self._id)
        yield
        self._steps.swapped(self._id, side, taken, put, data, self._store.stamp(self._id))
        source.pop()
        target.append(put)
