"""What undo and redo go back to, kept on disk so that it outlives the process."""

import zlib
from typing import Literal, NamedTuple

from flowloom.errors import FlowloomError
from flowloom.flow.file import read_flow
from flowloom.flow.model import Flow
from flowloom.store.db import Database

KEPT = 500
"""Steps of a flow that can be taken back."""

Side = Literal["undo", "redo"]


class Step(NamedTuple):
    """A state of a flow to go back to; those of one gesture have one `gesture` in common."""

    number: int
    gesture: str


class Change(NamedTuple):
    """What a save is to the two stacks: an edit, or a step back or forth that `taken` led to.

    `put` is where how the flow stood before can be gone back to; None where it belongs to the gesture before.
    """

    taken: tuple[Side, Step] | None
    put: Step | None


class StepStore:
    """Two stacks for each flow. They count only while the flow is as its last step left it, which `stamp` tells."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def stacks(self, flow_id: str, stamp: str) -> tuple[list[Step], list[Step]]:
        """The undo and the redo stack, the top last; empty where the flow was changed by other means."""
        row = self._db.one("SELECT stamp FROM step_stamps WHERE flow = ?", flow_id)
        if row is None or row[0] != stamp:
            self.delete_of(flow_id)
            return [], []
        return self._side(flow_id, "undo"), self._side(flow_id, "redo")

    def _side(self, flow_id: str, side: Side) -> list[Step]:
        select = "SELECT number, gesture FROM steps WHERE flow = ? AND side = ? ORDER BY number"
        return [Step(*row) for row in self._db.all(select, flow_id, side)]

    def load(self, flow_id: str, side: Side, step: Step) -> Flow | None:
        """The flow of a step; None where it is not there any more or cannot be read."""
        select = "SELECT data FROM steps WHERE flow = ? AND side = ? AND number = ?"
        row = self._db.one(select, flow_id, side, step.number)
        try:
            return read_flow(zlib.decompress(row[0])) if row else None
        except (FlowloomError, zlib.error):
            return None

    def stamp(self, flow_id: str) -> str:
        """What the flow was when it was last saved here; empty where that is not known."""
        row = self._db.one("SELECT stamp FROM step_stamps WHERE flow = ?", flow_id)
        return str(row[0]) if row else ""

    def renew_stamp(self, flow_id: str, old: str, new: str) -> None:
        """Know a flow that is as it was by another stamp."""
        if self.stamp(flow_id) == old:
            self._keep_stamp(flow_id, new)

    def keep(self, flow_id: str, change: Change, before: bytes, stamp: str) -> None:
        """A flow was saved: `before` is what it was, `stamp` what it is."""
        if change.taken is None:
            self.edited(flow_id, change.put, before, stamp)
        elif change.put:
            side, step = change.taken
            self.swapped(flow_id, side, step, change.put, before, stamp)

    def edited(self, flow_id: str, step: Step | None, before: bytes, stamp: str) -> None:
        """An edit: nothing is left to redo, and `before`, the saved flow, can be gone back to.

        `step` is None where the edit belongs to the gesture of the step before.
        """
        with self._db.transaction():
            self._db.do("DELETE FROM steps WHERE flow = ? AND side = 'redo'", flow_id)
            if step:
                self._put(flow_id, "undo", step, before)
                old = step.number - KEPT
                self._db.do("DELETE FROM steps WHERE flow = ? AND side = 'undo' AND number <= ?", flow_id, old)
            self._keep_stamp(flow_id, stamp)

    def swapped(self, flow_id: str, source: Side, taken: Step, put: Step, before: bytes, stamp: str) -> None:
        """A step was taken from one stack, and how the flow stood was put on the other."""
        target: Side = "redo" if source == "undo" else "undo"
        with self._db.transaction():
            self._db.do(
                "DELETE FROM steps WHERE flow = ? AND side = ? AND number >= ?", flow_id, source, taken.number
            )
            self._put(flow_id, target, put, before)
            self._keep_stamp(flow_id, stamp)

    def _put(self, flow_id: str, side: Side, step: Step, flow: bytes) -> None:
        self._db.do(
            "INSERT INTO steps (flow, side, number, gesture, data) VALUES (?, ?, ?, ?, ?) "
            "ON CONFLICT (flow, side, number) DO UPDATE SET gesture = excluded.gesture, data = excluded.data",
            flow_id,
            side,
            step.number,
            step.gesture,
            zlib.compress(flow, 1),
        )

    def _keep_stamp(self, flow_id: str, stamp: str) -> None:
        self._db.do(
            "INSERT INTO step_stamps (flow, stamp) VALUES (?, ?) "
            "ON CONFLICT (flow) DO UPDATE SET stamp = excluded.stamp",
            flow_id,
            stamp,
        )

    def delete_of(self, flow_id: str) -> None:
        with self._db.transaction():
            self._db.do("DELETE FROM steps WHERE flow = ?", flow_id)
            self._db.do("DELETE FROM step_stamps WHERE flow = ?", flow_id)
