"""Flows as files: one JSON file each, and a bin from which a deleted one comes back."""

import os
import time
from collections.abc import Callable
from contextlib import suppress
from itertools import count
from pathlib import Path
from typing import NamedTuple

from flowloom.errors import FlowloomError, StoreError
from flowloom.flow.file import load_flow, read_flow, save_flow
from flowloom.flow.model import Flow, new_flow_id
from flowloom.nodes.flows.embedded import with_ids
from flowloom.services.files import private_folder, write_whole
from flowloom.store.db import Database
from flowloom.store.file_identity import is_file_id

GOING = ".going"
"""The ending of a file of the bin that cannot be brought back."""


class FlowEntry(NamedTuple):
    """A flow as a list shows it; `updated_at` is seconds since the epoch."""

    id: str
    name: str
    description: str
    icon: str
    updated_at: float
    nodes: int
    picture: str = ""


class FlowStore:
    """The flows of one installation."""

    def __init__(self, folder: Path, db: Database) -> None:
        self._folder, self._bin, self.db = folder, folder / "deleted", db
        self._listed: dict[Path, tuple[int, FlowEntry]] = {}
        self.begun: Callable[[str], None] = lambda flow_id: None
        """What happens before a new GPT is kept."""
        self.going: Callable[[str], None] = lambda flow_id: None
        """What happens before one is deleted."""
        self.seen_by: Callable[[], Callable[[str], bool]] = lambda: lambda flow_id: True
        """Which GPTs whoever is acting knows of."""

    def entries(self) -> list[FlowEntry]:
        """Every flow, the one changed last first; a damaged file is listed by its name."""
        found = [self._entry(path) for path in self._folder.glob("*.json")]
        return sorted(found, key=lambda entry: -entry.updated_at)

    def _entry(self, path: Path) -> FlowEntry:
        stamp = path.stat().st_mtime_ns
        known = self._listed.get(path)
        if known and known[0] == stamp:
            return known[1]
        try:
            flow = load_flow(path)
            face = (flow.name, flow.description, flow.icon)
            entry = FlowEntry(path.stem, *face, stamp / 1e9, len(flow.nodes), flow.picture)
        except FlowloomError as error:
            entry = FlowEntry(path.stem, path.stem, str(error), "broken_image", stamp / 1e9, 0)
        self._listed[path] = (stamp, entry)
        return entry

    def exists(self, flow_id: str) -> bool:
        return self.path(flow_id).is_file()

    def load(self, flow_id: str) -> Flow:
        """The flow as last saved. Raises FlowFileError, or StoreError where there is none."""
        if not self.exists(flow_id):
            raise _gone()
        return self._under_its_name(flow_id, load_flow(self.path(flow_id)))

    def read(self, flow_id: str, data: bytes) -> Flow:
        """The flow of a file that was read already. Raises FlowFileError."""
        return self._under_its_name(flow_id, read_flow(data))

    def _under_its_name(self, flow_id: str, flow: Flow) -> Flow:
        # What a file says of its id counts for nothing: it is the GPT under whose name it is kept.
        return flow if flow.id == flow_id else with_ids(flow, lambda id: flow_id if id == flow.id else id)

    def keeps(self, path: Path, flow_id: str) -> bool:
        """Whether a file is this flow as it is kept: it lies there, or is the same byte for byte."""
        if is_file_id(flow_id) or not self.exists(flow_id):
            return False
        return path.resolve() == self.path(flow_id).resolve() or path.read_bytes() == self.data(flow_id)

    def data(self, flow_id: str) -> bytes:
        """The file of a flow as it is. Raises StoreError where there is none."""
        try:
            return self.path(flow_id).read_bytes()
        except FileNotFoundError:
            raise _gone() from None

    def facts(self, flow_id: str) -> tuple[int, int, int]:
        """What hardly any change of the file leaves as it is; zeros where there is none."""
        try:
            facts = self.path(flow_id).stat()
        except FileNotFoundError:
            return (0, 0, 0)
        return facts.st_mtime_ns, facts.st_size, facts.st_ino

    def save(self, flow: Flow) -> None:
        save_flow(flow, self.path(flow.id))

    def set_aside(self, flow_id: str, data: bytes) -> None:
        """Keep a file that cannot be read under another name, and put `data` in its place."""
        damaged = self._folder / "damaged"
        private_folder(damaged)
        os.replace(self.path(flow_id), damaged / f"{flow_id}-{time.strftime('%Y-%m-%d-%H%M%S')}.json")
        write_whole(self.path(flow_id), data)

    def create(self, flow: Flow, id: str = "") -> Flow:
        """Keep a copy of the flow under an id of its own, or under this new one, its blocks with it."""
        own = id or new_flow_id()
        created = with_ids(flow, lambda id: own if id == flow.id else id)
        self.begun(own)
        self.save(created)
        return created

    def free_name(self, name: str) -> str:
        """The name, with a number behind it where another GPT has it already."""
        known = self.seen_by()
        taken = {entry.name.strip().casefold() for entry in self.entries() if known(entry.id)}
        numbered = (name if number == 1 else f"{name[:110]} {number}" for number in count(1))
        return next(free for free in numbered if free.strip().casefold() not in taken)

    def duplicate(self, flow_id: str, name: str) -> Flow:
        return self.create(self.load(flow_id).model_copy(update={"name": name}))

    def delete(self, flow_id: str) -> None:
        """Move the flow to the bin."""
        private_folder(self._bin)
        self.going(flow_id)
        with suppress(FileNotFoundError):
            os.replace(self.path(flow_id), self._bin / f"{flow_id}.json")
            os.utime(self._bin / f"{flow_id}.json")

    def forget_deleted(self, older_than: float) -> list[str]:
        """Take from the bin for good what went there so many seconds ago; returns the ids, until `forgotten`.

        What a crash kept from being forgotten is among them again. Nobody can bring it back any more.
        """
        now = time.time()
        for path in self._bin.glob("*.json"):
            with suppress(FileNotFoundError):  # Somebody brings it back at this moment, or empties the bin too.
                if now - path.stat().st_mtime > older_than:
                    os.replace(path, path.with_suffix(GOING))
        return [path.stem for path in self._bin.glob(f"*{GOING}")]

    def forgotten(self, flow_id: str) -> None:
        """All that was kept for a flow of the bin is deleted."""
        (self._bin / f"{flow_id}{GOING}").unlink(missing_ok=True)

    def restore(self, flow_id: str) -> None:
        with suppress(FileNotFoundError):
            os.replace(self._bin / f"{flow_id}.json", self.path(flow_id))

    def path(self, flow_id: str) -> Path:
        """Where the file of a flow is. Raises StoreError for what is no id."""
        named = flow_id and all(letter.isalnum() or letter in "-_" for letter in flow_id)
        if not named or is_file_id(flow_id):
            raise StoreError("There is no GPT at this address.", "Open My GPTs and choose one.")
        return self._folder / f"{flow_id}.json"

    # -- what the canvas has already sent, so that nothing counts twice

    def last_seq(self, flow_id: str, client: str) -> int:
        row = self.db.one("SELECT seq FROM seqs WHERE flow = ? AND client = ?", flow_id, client)
        return row[0] if row else -1

    def keep_seq(self, flow_id: str, client: str, seq: int) -> None:
        self.db.do(
            "INSERT INTO seqs (flow, client, seq) VALUES (?, ?, ?) "
            "ON CONFLICT (flow, client) DO UPDATE SET seq = excluded.seq",
            flow_id,
            client,
            seq,
        )


def _gone() -> StoreError:
    return StoreError("This GPT no longer exists.", "It may have been deleted. Open My GPTs to see what there is.")
