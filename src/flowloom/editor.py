"""Open flows: operations in, saved revisions and patches out, to everyone who looks."""

from collections import deque
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import suppress
from threading import RLock
from typing import Any

from flowloom.errors import FlowEditError, FlowFileError, Problem
from flowloom.flow.diff import Diff, diff
from flowloom.flow.edit import Operation, apply, read_operation
from flowloom.flow.file import write_flow
from flowloom.flow.model import Flow
from flowloom.kinds.registry import all_kinds
from flowloom.nodes.flows.combine import combine, unpack
from flowloom.nodes.flows.strangers import from_outside
from flowloom.run.planning.check import find_problems
from flowloom.run.planning.requirements import servers_needed, unconnected
from flowloom.store.flows import FlowStore
from flowloom.store.saving import FlowSaver, Moved, Sent, digest_of
from flowloom.store.steps import Change, Side, StepStore
from flowloom.store.versions import Version, VersionStore
from flowloom.undo_history import Past

PATCHES = 500
TRIES = 100
"""How often an edit is made anew because another process was quicker."""
NEVER = (-1, -1, -1)
OUTSIDE = Problem.of(
    "file.outside",
    "Another program changed the file of this GPT, and it can no longer be read.",
    "Fix the file, or restore an earlier version from History. The damaged file will be kept.",
)

Revision = tuple[int, Diff]
Listener = Callable[[], None]
Connected = Callable[[], Collection[str]]
"""`connected()`: the names of the MCP servers of this computer."""
Lacking = Callable[[Flow], list[Problem]]
"""`lacking(flow)`: warnings about what a flow needs beside its file and does not have, such as documents."""


class Document:
    """A flow that is open. Every accepted edit is saved before it is told."""

    def __init__(
        self,
        flow_id: str,
        store: FlowStore,
        versions: VersionStore,
        steps: StepStore,
        connected: Connected,
        lacking: Lacking,
    ) -> None:
        self._store, self._versions, self._steps, self._lock = store, versions, steps, RLock()
        self._saver = FlowSaver(store.db, store, steps)
        self.revision, self._connected, self._lacking = 1, connected, lacking
        self._checked: tuple[Flow | None, list[Problem], list[tuple[str, str]]] = (None, [], [])
        self._outside: Problem | None = None
        self._facts = store.facts(flow_id)
        self._data, self._digest = self._saver.read(flow_id)
        self.flow = store.read(flow_id, self._data)
        # An earlier version knew a file by its time and size.
        steps.renew_stamp(flow_id, f"{self._facts[0]}:{self._facts[1]}", self._digest)
        self._past = Past(flow_id, steps, self._digest)
        self._patches: deque[Revision] = deque(maxlen=PATCHES)
        self._listeners: list[Listener] = []
        self._told = self.problems()

    @property
    def can_undo(self) -> bool:
        return self._past.can_undo

    @property
    def can_redo(self) -> bool:
        return self._past.can_redo

    def problems(self) -> list[Problem]:
        flow, found, needed = self._checked
        if flow is not self.flow:
            flow = self.flow
            found, needed = find_problems(flow, all_kinds()), list(servers_needed(flow, all_kinds()))
            self._checked = (flow, found, needed)
        outside = [self._outside] if self._outside else []
        # What is connected and which documents there are changes without the flow.
        return [*outside, *found, *unconnected(needed, self._connected()), *self._lacking(flow)]

    def look_around(self) -> None:
        """Tell those who listen of problems that came or went without the flow, as a revision without changes."""
        with self._lock:
            now = self.problems()
            if now != self._told:
                self._told = now
                self._tell(self.flow)

    def refresh(self) -> None:
        """Take in what other processes and programs did to the file, as a revision of its own.

        Raises FlowFileError where it cannot be read as it is now; StoreError where it is gone.
        """
        with self._lock:
            facts = self._store.facts(self.flow.id)
            if facts == self._facts:
                return
            data, digest = self._saver.read(self.flow.id)
            if digest != self._digest:
                self._take_over(data, digest)
            # A file that changes as it is read has other facts the next time.
            self._facts, self._outside = facts, None

    def _take_over(self, data: bytes, digest: str) -> None:
        try:
            theirs = self._store.read(self.flow.id, data)
        except FlowFileError:
            self._outside = OUTSIDE
            raise FlowFileError.from_problem(OUTSIDE) from None
        before = self.flow
        with self._store.db.transaction():
            known = self._steps.stamp(before.id)
            if known != digest:
                # Another program, as no process of ours kept this: one can go back to how it stood.
                self._versions.keep(before)
                self._steps.keep(before.id, Past(before.id, self._steps, known).edit(""), self._data, digest)
        self._data, self._digest, self.flow = data, digest, theirs
        self._past = Past(before.id, self._steps, digest)
        self._tell(before)

    def edit(self, *operations: Operation) -> None:
        """Apply operations as one step. Raises FlowEditError or FlowFileError; then nothing changed."""

        self.edit_by(lambda flow: operations)

    def edit_by(self, plan: Callable[[Flow], Sequence[Operation]]) -> None:
        """Apply the operations that `plan` has for the flow as it is now, as one step.

        Raises FlowEditError or FlowFileError, also those of `plan`; then nothing changed.
        """

        def all_of_them(flow: Flow) -> Flow:
            for operation in plan(flow):
                flow = apply(flow, operation)
            return flow

        self._change(all_of_them)

    def combine(self, nodes: Sequence[str], block: str, name: str = "") -> None:
        """Make several nodes one that holds them, as one step. Raises FlowEditError where they cannot be one."""
        self._change(lambda flow: combine(flow, nodes, block, name))

    def unpack(self, block: str) -> None:
        """Put the nodes within a node in its place. Raises FlowEditError where it holds none."""
        self._change(lambda flow: unpack(flow, block))

    def restore(self, number: int) -> None:
        """Bring an earlier version back as one step; how the flow stood is kept. Raises StoreError."""
        with self._lock:
            earlier = self._versions.load(self.flow.id, number).model_copy(update={"id": self.flow.id})
            if self._outside:
                self._set_aside()
            self._versions.keep(self.flow)
            self._change(lambda flow: earlier)

    def renew(self, plan: Callable[[Flow], Flow]) -> None:
        """Put what `plan` makes of the flow in its place as one step; how it stood is kept."""
        with self._lock:
            self._require_readable()
            self._versions.keep(self.flow)
            self._change(plan)

    def _set_aside(self) -> None:
        """Put a file that cannot be read where it is kept, and the last state that could be in its place."""
        self._store.set_aside(self.flow.id, self._data)
        self._facts, self._outside = self._store.facts(self.flow.id), None

    def keep_version(self, name: str) -> None:
        """Keep the flow as it is now under a name."""
        with self._lock:
            self._versions.keep(self.flow, name)

    def versions(self) -> list[Version]:
        return self._versions.entries(self.flow.id)

    def version(self, number: int) -> Flow:
        return self._versions.load(self.flow.id, number)

    def undo(self) -> None:
        """Take the last step back; does nothing where there is none."""
        self._swap("undo")

    def redo(self) -> None:
        self._swap("redo")

    def _swap(self, side: Side, sent: Sent | None = None) -> None:
        self._change(lambda flow: self._past.top(side, flow) or flow, lambda: self._past.swap(side), sent)

    def submit(self, client: str, operations: Sequence[Mapping[str, Any]]) -> tuple[int, list[tuple[int, Problem]]]:
        """Apply what a canvas sent, each (client, seq) at most once.

        Returns the last seq that is settled, and the operations that were refused with why.
        """
        with self._lock:
            self._require_readable()
            acked = self._store.last_seq(self.flow.id, client)
            rejected = []
            for raw in operations:
                seq = raw.get("seq")
                if not isinstance(seq, int) or isinstance(seq, bool):
                    raise FlowEditError("This change has no number.", "Reload the page.")
                if seq > acked:
                    try:
                        self._take(Sent(client, seq), raw)
                    except (FlowEditError, FlowFileError) as error:
                        if error.problem.code == "unsaved":
                            raise
                        rejected.append((seq, error.problem))
                    acked = seq
            # Those that were refused or changed nothing count as well.
            self._store.keep_seq(self.flow.id, client, acked)
            return acked, rejected

    def _require_readable(self) -> None:
        """Raises FlowFileError "unsaved" where another program left a file that is no flow."""
        try:
            self.refresh()
        except FlowFileError as error:
            raise FlowFileError.from_problem(error.problem.model_copy(update={"code": "unsaved"})) from None

    def _take(self, sent: Sent, raw: Mapping[str, Any]) -> None:
        name = raw.get("op")
        if name in ("undo", "redo"):
            return self._swap("undo" if name == "undo" else "redo", sent)
        if name == "combine":
            nodes, block = _names(raw.get("nodes")), str(raw.get("node", ""))
            return self._change(lambda flow: combine(flow, nodes, block), sent=sent)
        if name == "unpack":
            return self._change(lambda flow: unpack(flow, str(raw.get("node", ""))), sent=sent)
        facts = {key: value for key, value in raw.items() if key not in ("seq", "step")}
        gesture, operation = f"{sent.client}:{raw['step']}" if "step" in raw else "", read_operation(facts)
        make = lambda flow: apply(flow, from_outside(operation, flow))  # noqa: E731
        return self._change(make, lambda: self._past.edit(gesture), sent)

    def _change(
        self,
        make: Callable[[Flow], Flow],
        change: Callable[[], Change] | None = None,
        sent: Sent | None = None,
    ) -> None:
        """Save what `make` makes of the flow as it is in the file now, whoever saved that."""
        with self._lock:
            for _ in range(TRIES):
                with suppress(Moved):
                    self.refresh()
                    before, after = self.flow, make(self.flow)
                    if after is not before and after != before:
                        self._save(before, after, change() if change else self._past.edit(""), sent)
                        self._tell(before)
                    return
                self._facts = NEVER
        raise FlowEditError(
            "This GPT is being edited somewhere else at the same time.", "Try again.", code="unsaved"
        )

    def _save(self, before: Flow, after: Flow, change: Change, sent: Sent | None) -> None:
        data = write_flow(after).encode()
        self._versions.before_edit(before)
        facts = self._saver.save(before.id, data, change, known=self._digest, sent=sent)
        self._data, self._digest, self._facts, self.flow = data, digest_of(data), facts, after
        self._past.keep(change)

    def _tell(self, before: Flow) -> None:
        self._told = self.problems()
        self.revision += 1
        self._patches.append((self.revision, diff(before, self.flow)))
        for listener in tuple(self._listeners):
            listener()

    def patches_after(self, revision: int) -> list[Revision] | None:
        """What changed since a revision; None where that is too long ago or was never."""
        with self._lock:
            if revision == self.revision:
                return []
            found = [patch for patch in self._patches if patch[0] > revision]
            return found if len(found) == self.revision - revision else None

    def listen(self, listener: Listener) -> Callable[[], None]:
        """Call `listener()` after every revision; returns what ends it."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)


def _names(raw: object) -> list[str]:
    if not isinstance(raw, list) or not all(isinstance(name, str) for name in raw):
        raise FlowEditError("This change can’t be read.", "Reload the page.")
    return raw


class Editor:
    """The documents that are open in this process."""

    def __init__(
        self,
        store: FlowStore,
        versions: VersionStore,
        steps: StepStore,
        connected: Connected = tuple,
        lacking: Lacking = lambda flow: [],
    ) -> None:
        self._store, self._versions, self._steps, self._lock = store, versions, steps, RLock()
        self._connected, self._lacking = connected, lacking
        self._open: dict[str, Document] = {}

    def open(self, flow_id: str) -> Document:
        """The one document of a flow. Raises FlowloomError where it cannot be read."""
        with self._lock:
            document = self._open.get(flow_id)
            if document is None or not self._store.exists(flow_id):
                self._open.pop(flow_id, None)
                self._store.load(flow_id)
                document = self._open[flow_id] = Document(
                    flow_id, self._store, self._versions, self._steps, self._connected, self._lacking
                )
            with suppress(FlowFileError):  # What is shown stays; an edit says why it cannot be saved.
                document.refresh()
            return document
