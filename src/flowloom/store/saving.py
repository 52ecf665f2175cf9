"""A flow's file and what the database keeps with it, saved together, also by several processes."""

import json
import os
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple

from flowloom.errors import FlowFileError, StoreError
from flowloom.services.files import written_beside
from flowloom.store.db import Database
from flowloom.store.flows import FlowStore
from flowloom.store.steps import Change, Step, StepStore


class Moved(Exception):
    """The file is no longer what the edit began with: another process, or another program, was quicker."""


Facts = tuple[int, int, int]


class Sent(NamedTuple):
    """Which operation of a canvas a save settles."""

    client: str
    seq: int


class FlowSaver:
    """Saves edits of flows, each on top of the state it was made for, or not at all.

    The transaction keeps other processes out while the file is replaced. A note beside the file says what
    belongs to it, so that a crash between the two is made good when the flow is next read.
    """

    def __init__(self, db: Database, flows: FlowStore, steps: StepStore) -> None:
        self._db, self._flows, self._steps = db, flows, steps

    def read(self, flow_id: str) -> tuple[bytes, str]:
        """The file and its digest, after what a crash left half done was finished. Raises StoreError."""
        note, data = self._note(flow_id), self._flows.data(flow_id)
        while note.exists() and not self._db.read_only:
            with self._db.transaction():
                # Whoever else was saving has finished by now.
                data = self._flows.data(flow_id)
                is_over = self._finish(flow_id, note, digest_of(data))
            if is_over:
                break
        return data, digest_of(data)

    def save(self, flow_id: str, data: bytes, change: Change, *, known: str, sent: Sent | None = None) -> Facts:
        """Save an edit of the state with the digest `known`; by what the new file is known.

        Raises Moved where the file is another one by now, FlowFileError where it cannot be saved; nothing is
        changed then.
        """
        path, after = self._flows.path(flow_id), digest_of(data)
        try:
            beside = written_beside(path, data)
        except OSError as error:
            raise _unsaved(error) from None
        try:
            with self._db.transaction():
                before = self._flows.data(flow_id)
                # What a crash left is finished first, in a transaction of its own that this one cannot take back.
                if digest_of(before) != known or self._is_half_done(flow_id, known):
                    raise Moved
                self._write_note(flow_id, change, before, after, sent)
                os.replace(beside, path)
                facts = self._flows.facts(flow_id)
                self._keep(flow_id, change, before, after, sent)
        except OSError as error:
            raise _unsaved(error) from None
        except StoreError as error:
            if error.problem.code == StoreError.code:
                raise
            # The canvas keeps what it sent and tries again.
            raise FlowFileError.from_problem(error.problem.model_copy(update={"code": "unsaved"})) from None
        finally:
            beside.unlink(missing_ok=True)
        with suppress(OSError):
            self._note(flow_id).unlink(missing_ok=True)
        return facts

    def _keep(self, flow_id: str, change: Change, before: bytes, after: str, sent: Sent | None) -> None:
        self._steps.keep(flow_id, change, before, after)
        if sent:
            self._flows.keep_seq(flow_id, *sent)

    def _note(self, flow_id: str) -> Path:
        return self._flows.path(flow_id).with_name(f".{flow_id}.saving")

    def _write_note(self, flow_id: str, change: Change, before: bytes, after: str, sent: Sent | None) -> None:
        said = {"after": after, "change": change, "sent": sent, "before": before.decode("utf-8", "surrogateescape")}
        note = self._note(flow_id)
        note.touch(mode=0o600)
        note.write_text(json.dumps(said), "utf-8")

    def _is_half_done(self, flow_id: str, digest: str) -> bool:
        """Whether a crash left a file whose database knows nothing of it yet."""
        said = self._said(self._note(flow_id))
        return said is not None and said["after"] == digest and self._steps.stamp(flow_id) != digest

    def _finish(self, flow_id: str, note: Path, digest: str) -> bool:
        """Keep what belongs to a file that was replaced right before a crash; whether the note is done with.

        It goes once what it says is safe, that is in a transaction after the one that kept it.
        """
        if self._is_half_done(flow_id, digest):
            with suppress(ValueError, KeyError, TypeError):
                said = self._said(note) or {}
                sent = Sent(*said["sent"]) if said["sent"] else None
                before = said["before"].encode("utf-8", "surrogateescape")
                self._keep(flow_id, _change(*said["change"]), before, digest, sent)
                return False
        with suppress(OSError):
            note.unlink(missing_ok=True)
        return True

    def _said(self, note: Path) -> dict[str, Any] | None:
        with suppress(OSError, ValueError):
            said = json.loads(note.read_text("utf-8"))
            if isinstance(said, dict) and "after" in said:
                return said
        return None


def digest_of(data: bytes) -> str:
    return sha256(data).hexdigest()


def _change(taken: list[object] | None, put: list[object] | None) -> Change:
    side, step = taken if taken else (None, None)
    return Change(
        (side, Step(*step)) if side in ("undo", "redo") and isinstance(step, list) else None,
        Step(*put) if put else None,  # type: ignore[arg-type]
    )


def _unsaved(error: OSError) -> FlowFileError:
    return FlowFileError(
        "This GPT couldn’t be saved: {reason}.",
        (
            "Nothing was lost: the last saved version is still there. Free some disk space, or check "
            "that you can write to the folder."
        ),
        code="unsaved",
        reason=(error.strerror or "unknown").lower(),
    )
