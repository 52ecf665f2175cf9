"""The event log of every run, the facts that lists show of it, and the flow it began with until it has ended."""

import hashlib
import zlib
from collections.abc import Sequence
from contextlib import AbstractContextManager

from flowloom.errors import FlowFileError
from flowloom.flow.file import read_flow, write_flow
from flowloom.flow.model import Flow
from flowloom.run.events import ENDS, PASSING, RunEvent, RunPaused, RunStarted, event_json, read_event
from flowloom.run.reading.view import RunView
from flowloom.store.db import Database


class RunLog:
    """What ran, event by event."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def whole(self) -> AbstractContextManager[None]:
        """What is kept within is kept together or not at all."""
        return self._db.transaction()

    def of_one_run(self) -> AbstractContextManager[None]:
        """The same for the log of a run that this process has the lease of; those of other runs go beside it."""
        return self._db.beside_others()

    def append(self, event: RunEvent, conversation: str | None) -> None:
        """Write an event down. Pieces of text are not kept: the finished text is."""
        self.append_all([event], conversation)

    def append_all(self, events: Sequence[RunEvent], conversation: str | None) -> None:
        """Write events down that happened together, all or none."""
        kept = [event for event in events if not isinstance(event, PASSING)]
        with self.whole():
            # Line by line, as what they hold may be large.
            lines = ((event.run_id, event.seq, event_json(event)) for event in kept)
            self._db.do_all("INSERT INTO events VALUES (?, ?, ?)", lines)
            for event in kept:
                self._mark(event, conversation)

    def _mark(self, event: RunEvent, conversation: str | None) -> None:
        """Keep how the run of an event stands where that changes it."""
        if isinstance(event, RunStarted):
            self._db.do(
                "INSERT INTO runs (id, flow, conversation, started, state, asked, settings, via) "
                "VALUES (?, ?, ?, ?, 'running', ?, coalesce((SELECT settings FROM unfinished WHERE run = ?), ''),"
                " coalesce((SELECT via FROM conversations WHERE id = ?), ''))",
                event.run_id,
                event.flow_id,
                conversation,
                event.at,
                event.message,
                event.run_id,
                conversation,
            )
        if isinstance(event, RunPaused):
            self._db.do("UPDATE runs SET state = 'paused' WHERE id = ?", event.run_id)
        if isinstance(event, ENDS):
            self._db.do("DELETE FROM unfinished WHERE run = ?", event.run_id)
            state = event.type.removeprefix("run_")
            self._db.do("UPDATE runs SET ended = ?, state = ? WHERE id = ?", event.at, state, event.run_id)

    def begin(self, run_id: str, conversation: str, flow: Flow) -> None:
        """Keep the flow until the run has ended, so that a crash cannot lose it, and its settings for good."""
        used = write_flow(flow.model_copy(update={"layout": {}, "notes": ()}), indent=None).encode()
        digest = hashlib.sha256(used).hexdigest()
        with self.whole():
            if not self._db.one("SELECT 1 FROM run_settings WHERE digest = ?", digest):
                self._db.do("INSERT INTO run_settings VALUES (?, ?)", digest, zlib.compress(used, 6))
            self._db.do(
                "INSERT INTO unfinished (run, conversation, flow, settings) VALUES (?, ?, ?, ?)",
                run_id,
                conversation,
                zlib.compress(used, 1),
                digest,
            )

    def flow_then(self, run_id: str) -> Flow | None:
        """The flow as a run used it, without its layout; None for a run of before it was kept, or a damaged one."""
        row = self._db.one(
            "SELECT data FROM runs JOIN run_settings ON digest = runs.settings WHERE runs.id = ?", run_id
        )
        try:
            return read_flow(zlib.decompress(row[0])) if row else None
        except (FlowFileError, zlib.error):
            return None

    def unfinished(self, conversation: str) -> list[str]:
        """The runs of a conversation that have neither ended nor paused, in this process or an earlier one."""
        return self._left(conversation, paused=False)

    def paused(self, conversation: str) -> list[str]:
        """The runs of a conversation that wait for a person."""
        return self._left(conversation, paused=True)

    def _left(self, conversation: str, *, paused: bool) -> list[str]:
        rows = self._db.all(
            "SELECT run FROM unfinished LEFT JOIN runs ON runs.id = run "
            "WHERE unfinished.conversation = ? AND coalesce(state = 'paused', FALSE) = ? ORDER BY unfinished.rowid",
            conversation,
            paused,
        )
        return [run_id for (run_id,) in rows]

    def at_pause(self, run_ids: Sequence[str]) -> list[str]:
        """Those of these runs that wait for a person and have nothing else under way."""
        if not run_ids:
            return []
        marks = ", ".join("?" * len(run_ids))
        rows = self._db.all(f"SELECT id FROM runs WHERE id IN ({marks}) AND state = 'paused'", *run_ids)
        return [run_id for (run_id,) in rows]

    def flow_of(self, run_id: str) -> Flow | None:
        """The flow an unfinished run began with, without its layout."""
        row = self._db.one("SELECT flow FROM unfinished WHERE run = ?", run_id)
        return read_flow(zlib.decompress(row[0])) if row else None

    def events(self, run_id: str) -> list[RunEvent]:
        """The log of a run, as far as it can be read: what stands after a damaged line cannot be trusted."""
        found: list[RunEvent] = []
        for (line,) in self._db.all("SELECT event FROM events WHERE run = ? ORDER BY seq", run_id):
            try:
                found.append(read_event(line))
            except ValueError:
                break
        return found

    def tell(self, view: RunView) -> None:
        """Keep the facts of a run that ended beside it, so that lists read no events."""
        self._db.do(
            "UPDATE runs SET asked = ?, answered = ?, state = ?, ended = ?, tokens = ?, cost = ?, told = TRUE "
            "WHERE id = ?",
            view.message,
            view.text,
            view.state,
            view.ended,
            view.usage.tokens,
            view.usage.cost,
            view.run_id,
        )

    def take_up(self, run_id: str, after: int) -> None:
        """Let a run be under way again after its event of this number; what stands behind was damaged."""
        with self.whole():
            self._db.do("DELETE FROM events WHERE run = ? AND seq > ?", run_id, after)
            self._db.do("UPDATE runs SET state = 'running', ended = NULL, told = FALSE WHERE id = ?", run_id)

    def last_seq(self, run_id: str) -> int:
        """The number of the last event in the log; -1 where there is none."""
        (last,) = self._db.one("SELECT max(seq) FROM events WHERE run = ?", run_id)
        return -1 if last is None else int(last)

    def latest_run(self, flow_id: str) -> str | None:
        """The run of the app that started last; what visitors ask is theirs."""
        row = self._db.one("SELECT id FROM runs WHERE flow = ? AND via = '' ORDER BY started DESC LIMIT 1", flow_id)
        return row[0] if row else None
