"""Open flows: operations in, saved revisions and patches out, to everyone who looks."""

from collections import deque
from collections.abc import Callable, Collection, Mapping, Sequence
from threading import RLock
from typing import Any

from flowloom.errors import FlowEditError, FlowFileError, Problem
from flowloom.flow.diff import Diff, diff
from flowloom.flow.edit import Operation, apply, read_operation
from flowloom.flow.model import Flow
from flowloom.kinds.registry import all_kinds
from flowloom.nodes.flows.combine import combine, unpack
from flowloom.nodes.flows.strangers import from_outside
from flowloom.past import Past
from flowloom.run.check import find_problems
from flowloom.run.connected import servers_needed, unconnected
from flowloom.store.flows import FlowStore
from flowloom.store.steps import Side, StepStore
from flowloom.store.versions import Version, VersionStore

PATCHES = 500

Revision = tuple[int, Diff]
Listener = Callable[[], None]
Connected = Callable[[], Collection[str]]
"""`connected()`: the names of the MCP servers of this computer."""


class Document:
    """A flow that is open. Every accepted edit is saved before it is told."""

    def __init__(
        self, flow: Flow, store: FlowStore, versions: VersionStore, steps: StepStore, connected: Connected
    ) -> None:
        self._store, self._versions, self._lock = store, versions, RLock()
        self.flow, self.revision, self._connected = flow, 1, connected
        self._checked: tuple[Flow | None, list[Problem], list[tuple[str, str]]] = (None, [], [])
        self._past = Past(flow.id, store, steps)
        self._patches: deque[Revision] = deque(maxlen=PATCHES)
        self._listeners: list[Listener] = []

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
        # What is connected changes without the flow, and few flows ask.
        return [*found, *unconnected(needed, self._connected())] if needed else found

    def edit(self, *operations: Operation) -> None:
        """Apply operations as one step. Raises FlowEditError or FlowFileError; then nothing changed."""
        with self._lock:
            after = self.flow
            for operation in operations:
                after = apply(after, operation)
            self._accept(after)

    def combine(self, nodes: Sequence[str], block: str, name: str = "") -> None:
        """Make several nodes one that holds them, as one step. Raises FlowEditError where they cannot be one."""
        with self._lock:
            self._accept(combine(self.flow, nodes, block, name))

    def unpack(self, block: str) -> None:
        """Put the nodes within a node in its place. Raises FlowEditError where it holds none."""
        with self._lock:
            self._accept(unpack(self.flow, block))

    def restore(self, number: int) -> None:
        """Bring an earlier version back as one step; how the flow stood is kept. Raises StoreError."""
        with self._lock:
            earlier = self._versions.load(self.flow.id, number).model_copy(update={"id": self.flow.id})
            self._versions.keep(self.flow)
            self._accept(earlier)

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

    def _swap(self, side: Side) -> None:
        with self._lock:
            before = self.flow
            after = self._past.top(side, before)
            if after is not None:
                with self._past.swapping(side):
                    self._save(after)
                self._tell(before)

    def submit(self, client: str, operations: Sequence[Mapping[str, Any]]) -> tuple[int, list[tuple[int, Problem]]]:
        """Apply what a canvas sent, each (client, seq) at most once.

        Returns the last seq that is settled, and the operations that were refused with why.
        """
        with self._lock:
            acked = self._store.last_seq(self.flow.id, client)
            rejected = []
            for raw in operations:
                seq = raw.get("seq")
                if not isinstance(seq, int) or isinstance(seq, bool):
                    raise FlowEditError("This change has no number.", "Reload the page.")
                if seq > acked:
                    try:
                        self._take(client, raw)
                    except (FlowEditError, FlowFileError) as error:
                        if error.problem.code == "unsaved":
                            raise
                        rejected.append((seq, error.problem))
                    acked = seq
            self._store.keep_seq(self.flow.id, client, acked)
            return acked, rejected

    def _take(self, client: str, raw: Mapping[str, Any]) -> None:
        name = raw.get("op")
        if name in ("undo", "redo"):
            return self.undo() if name == "undo" else self.redo()
        if name == "combine":
            return self.combine(_names(raw.get("nodes")), str(raw.get("node", "")))
        if name == "unpack":
            return self.unpack(str(raw.get("node", "")))
        facts = {key: value for key, value in raw.items() if key not in ("seq", "step")}
        gesture = f"{client}:{raw['step']}" if "step" in raw else ""
        self._accept(apply(self.flow, from_outside(read_operation(facts), self.flow)), gesture)
        return None

    def _accept(self, after: Flow, gesture: str = "") -> None:
        before = self.flow
        if after is before or after == before:
            return
        self._versions.before_edit(before)
        with self._past.editing(gesture):
            self._save(after)
        self._tell(before)

    def _save(self, flow: Flow) -> None:
        self._store.save(flow)
        self.flow = flow

    def _tell(self, before: Flow) -> None:
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
        raise FlowEditError("This change cannot be read.", "Reload the page.")
    return raw


class Editor:
    """The documents that are open in this process."""

    def __init__(
        self,
        store: FlowStore,
        versions: VersionStore,
        steps: StepStore,
        connected: Connected = tuple,
    ) -> None:
        self._store, self._versions, self._steps, self._lock = store, versions, steps, RLock()
        self._connected = connected
        self._open: dict[str, Document] = {}

    def open(self, flow_id: str) -> Document:
        """The one document of a flow. Raises FlowloomError where it cannot be read."""
        with self._lock:
            document = self._open.get(flow_id)
            if document is None or not self._store.exists(flow_id):
                self._open.pop(flow_id, None)
                flow = self._store.load(flow_id)
                document = self._open[flow_id] = Document(
                    flow, self._store, self._versions, self._steps, self._connected
                )
            return document
