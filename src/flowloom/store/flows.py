"""Flows as files: one JSON file each, and a bin from which a deleted one comes back."""

import os
import time
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from flowloom.errors import FlowloomError, StoreError
from flowloom.flow.file import load_flow, save_flow
from flowloom.flow.model import Flow, new_flow_id
from flowloom.nodes.flows.embedded import with_ids
from flowloom.store.db import Database
from flowloom.store.file_identity import is_file_id


class FlowEntry(NamedTuple):
    """A flow as a list shows it; `updated_at` is seconds since the epoch."""

    id: str
    name: str
    description: str
    icon: str
    updated_at: float
    nodes: int


class FlowStore:
    """The flows of one installation."""

    def __init__(self, folder: Path, db: Database) -> None:
        self._folder, self._bin, self._db = folder, folder / "deleted", db
        self._listed: dict[Path, tuple[int, FlowEntry]] = {}

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
            entry = FlowEntry(path.stem, flow.name, flow.description, flow.icon, stamp / 1e9, len(flow.nodes))
        except FlowloomError as error:
            entry = FlowEntry(path.stem, path.stem, str(error), "broken_image", stamp / 1e9, 0)
        self._listed[path] = (stamp, entry)
        return entry

    def exists(self, flow_id: str) -> bool:
        return self._path(flow_id).is_file()

    def load(self, flow_id: str) -> Flow:
        """The flow as last saved. Raises FlowFileError, or StoreError where there is none."""
        if not self.exists(flow_id):
            raise StoreError(
                "This GPT is not here any more.", "It may have been deleted. Open My GPTs to see what there is."
            )
        flow = load_flow(self._path(flow_id))
        # What a file says of its id counts for nothing: it is the GPT under whose name it is kept.
        return flow if flow.id == flow_id else with_ids(flow, lambda id: flow_id if id == flow.id else id)

    def keeps(self, path: Path, flow_id: str) -> bool:
        """Whether a file is this flow as it is kept: it lies there, or is the same byte for byte."""
        if is_file_id(flow_id) or not self.exists(flow_id):
            return False
        return path.resolve() == self._path(flow_id).resolve() or path.read_bytes() == self.data(flow_id)

    def data(self, flow_id: str) -> bytes:
        """The file of a flow as it is."""
        return self._path(flow_id).read_bytes()

    def stamp(self, flow_id: str) -> str:
        """What another save of the flow would change."""
        facts = self._path(flow_id).stat()
        return f"{facts.st_mtime_ns}:{facts.st_size}"

    def save(self, flow: Flow) -> None:
        save_flow(flow, self._path(flow.id))

    def create(self, flow: Flow) -> Flow:
        """Keep a copy of the flow under an id of its own, its blocks with it."""
        own = new_flow_id()
        created = with_ids(flow, lambda id: own if id == flow.id else id)
        self.save(created)
        return created

    def duplicate(self, flow_id: str, name: str) -> Flow:
        return self.create(self.load(flow_id).model_copy(update={"name": name}))

    def delete(self, flow_id: str) -> None:
        """Move the flow to the bin."""
        self._bin.mkdir(parents=True, exist_ok=True)
        with suppress(FileNotFoundError):
            os.replace(self._path(flow_id), self._bin / f"{flow_id}.json")
            os.utime(self._bin / f"{flow_id}.json")

    def forget_deleted(self, older_than: float) -> list[str]:
        """Delete for good what went to the bin so many seconds ago; returns the ids."""
        old = [path for path in self._bin.glob("*.json") if time.time() - path.stat().st_mtime > older_than]
        for path in old:
            path.unlink(missing_ok=True)
        return [path.stem for path in old]

    def restore(self, flow_id: str) -> None:
        with suppress(FileNotFoundError):
            os.replace(self._bin / f"{flow_id}.json", self._path(flow_id))

    def _path(self, flow_id: str) -> Path:
        named = flow_id and all(letter.isalnum() or letter in "-_" for letter in flow_id)
        if not named or is_file_id(flow_id):
            raise StoreError("This address names no GPT.", "Open My GPTs and choose one.")
        return self._folder / f"{flow_id}.json"

    # -- what the canvas has already sent, so that nothing counts twice

    def last_seq(self, flow_id: str, client: str) -> int:
        row = self._db.one("SELECT seq FROM seqs WHERE flow = ? AND client = ?", flow_id, client)
        return row[0] if row else -1

    def keep_seq(self, flow_id: str, client: str, seq: int) -> None:
        self._db.do("INSERT OR REPLACE INTO seqs VALUES (?, ?, ?)", flow_id, client, seq)
