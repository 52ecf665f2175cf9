"""All that happens in a run, told in one order, and what its log held when the run was taken up.

What only blocks without effects did is held for a moment and emitted together, so that a log on disk writes it in
one transaction. Whoever is about to do something that cannot be undone, or to wait, has it emitted before.
"""

import time
from collections.abc import Callable, Sequence
from typing import Any

from flowloom.run.events import (
    NodeAnswered,
    NodeAsked,
    NodeEvent,
    NodeFailed,
    NodeFinished,
    NodeNoted,
    NodeRetried,
    NodeSkipped,
    NodeStarted,
    Place,
    RunEvent,
    RunPaused,
)

KEPT = (NodeFinished, NodeFailed, NodeSkipped)
"""What a node goes by that is called again after a pause."""
HELD = (NodeStarted, NodeFinished, NodeSkipped)
"""What may be held; everything else is emitted at once, with all that was held before it."""
MOST_HELD = 1_000
LONGEST_HELD = 0.02
"""Seconds after which the next event is held no longer, so that whoever watches sees blocks move on."""
Emit = Callable[[Sequence[RunEvent]], None]
"""Takes events that happened together, in order: writes them down, then shows them."""


class Journal:
    """Numbers the events of one run; `past` are those of earlier processes.

    Where events cannot be emitted, `tell` and `flush` raise why, then and ever after: a log with a gap tells lies.
    """

    def __init__(self, run_id: str, emit: Emit, past: Sequence[RunEvent] = ()) -> None:
        self.run_id, self._emit = run_id, emit
        self._held: list[RunEvent] = []
        self._broken: Exception | None = None
        self._seq = past[-1].seq + 1 if past else 0
        # The clock of the computer may jump while a run goes on; what happens later is never told as earlier.
        self._began, self._since = max(time.time(), past[-1].at if past else 0.0), time.monotonic()
        self._within: dict[str, list[NodeEvent]] = {}
        self._calls: dict[Place, set[str]] = {}
        self._notes: dict[tuple[Place, str], Any] = {}
        self._retries: dict[Place, int] = {}
        self._told: set[tuple[type[NodeEvent], str, Place]] = set()
        self._begun: set[Place] = set()
        self.words: list[str] = []
        """What people wrote in answer to questions of this run."""
        for event in past:
            if isinstance(event, NodeEvent):
                self._remember(event)
        if not (past and isinstance(past[-1], RunPaused)):
            # After a crash what was under way begins anew; after a pause it only goes on.
            self._begun.clear()

    def _remember(self, event: NodeEvent) -> None:
        self._within.setdefault(event.call, []).append(event)
        place = (event.call, event.node, event.round)
        match event:
            case NodeStarted():
                self._begun.add(place)
            case NodeFinished() | NodeFailed():
                self._begun.discard(place)
            case NodeRetried():
                self._begun.discard(place)
                self._retries[place] = self.retries(place) + 1
            case NodeNoted():
                self._notes[place, event.key] = event.value
            case NodeAsked() | NodeAnswered():
                self._told.add((type(event), event.id, place))
                if isinstance(event, NodeAnswered):
                    self._hear(event)

    def tell(self, event: Callable[..., RunEvent], **facts: Any) -> None:
        """Tell of an event with its place in the run; it is emitted at once or with those that follow."""
        seq = self._seq
        self._seq = seq + 1
        told = event(run_id=self.run_id, seq=seq, at=self._now(), **facts)
        if facts.get("call") and isinstance(told, KEPT):
            self._within.setdefault(told.call, []).append(told)
        if isinstance(told, NodeAnswered):
            self._hear(told)
        self._held.append(told)
        begun = self._held[0].at
        if not isinstance(told, HELD) or len(self._held) >= MOST_HELD or told.at - begun >= LONGEST_HELD:
            self.flush()

    def flush(self) -> None:
        """Emit what is held; after this it is on the disk and seen."""
        if self._broken:
            raise self._broken
        if not self._held:
            return
        events, self._held = self._held, []
        try:
            self._emit(events)
        except Exception as error:
            self._broken = error
            raise

    def _hear(self, event: NodeAnswered) -> None:
        values = (value for value in event.reply.values.values() if isinstance(value, str))
        self.words += [said for said in (event.reply.comment, *values) if said.strip()]

    def _now(self) -> float:
        """Seconds since the epoch, counted from the beginning of this part of the run."""
        return self._began + (time.monotonic() - self._since)

    def tell_once(self, event: type[NodeAsked | NodeAnswered], id: str, place: Place, **facts: Any) -> bool:
        """Tell it for a question of a node for which it was never told; whether that was so."""
        if (event, id, place) in self._told:
            return False
        self._told.add((event, id, place))
        call, node, round = place
        self.tell(event, id=id, node=node, call=call, round=round, **facts)
        return True

    def within(self, place: Place | None, call: str) -> Sequence[NodeEvent]:
        """What happened before in one call that a node makes, or, as the log held it, in the flow itself."""
        if place:
            self._calls.setdefault(place, set()).add(call)
        return tuple(self._within.get(call, ()))

    def retries(self, place: Place) -> int:
        """How often a node had been tried again."""
        return self._retries.get(place, 0)

    def begins(self, place: Place) -> bool:
        """Whether a node begins now rather than going on; asked again, it goes on."""
        if place in self._begun:
            return False
        self._begun.add(place)
        return True

    def retried(self, place: Place) -> None:
        self._retries[place] = self.retries(place) + 1
        self.over(place)

    def over(self, place: Place) -> None:
        """The attempt has ended, so nobody goes back to what happened in it; another one begins anew."""
        self._begun.discard(place)
        for call in self._calls.pop(place, ()):
            self._within.pop(call, None)

    def note(self, place: Place, key: str, missing: Any) -> Any:
        """What a node had noted under a key, else `missing`."""
        return self._notes.get((place, key), missing)

    def keep_note(self, place: Place, key: str, value: Any) -> None:
        self._notes[place, key] = value
