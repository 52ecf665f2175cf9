"""FAISS indexes on disk: each belongs to one state of the rows, which knows its checksum and its maker."""

import contextlib
import hashlib
import sqlite3
from pathlib import Path
from typing import Any, BinaryIO

import faiss

from flowloom.errors import KnowledgeError
from flowloom.services.disk_failures import FULL, disk_problem
from flowloom.services.files import write_whole
from flowloom.services.knowledge.rows import State, state_of

_PIECE = 1 << 20


class IndexFiles:
    """One file for each state of a base, written beside and renamed."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def load(self, state: State) -> Any | None:
        """The index of a state; None where it is missing, altered or of other vectors than the rows say."""
        digest = hashlib.sha256()
        try:
            with self._path(state.revision).open("rb") as file:
                # Not all of it at once beside the index that is made of it.
                while piece := file.read(_PIECE):
                    digest.update(piece)
                if digest.hexdigest() != state.checksum:
                    return None
                file.seek(0)
                # Not in the stubs of faiss; by its path it would not find one with other letters on Windows.
                index = faiss.read_index(getattr(faiss, "PyCallbackIOReader")(file.read, _PIECE))  # noqa: B009
        except OSError:
            return None
        return index if state.dimension in (0, index.d) else None  # earlier versions did not keep it

    def save(self, db: sqlite3.Connection, index: Any | None, embedder: str) -> None:
        """Begin the next state of the rows, in their transaction. Raises KnowledgeError where the disk refuses."""
        revision = state_of(db).revision + 1
        if index is None:
            values: tuple[Any, ...] = ("", "", 0)
        else:
            values = (self._write(revision, index), embedder, index.d)
        db.execute("UPDATE state SET revision = ?, checksum = ?, embedder = ?, dimension = ?", (revision, *values))

    def forget(self, revision: int) -> None:
        """Remove the indexes of other states, also those that a crash left behind."""
        current = self._path(revision).name
        for path in self._folder.glob("*index-*.faiss*"):
            if path.name != current:
                with contextlib.suppress(OSError):
                    path.unlink()

    def _write(self, revision: int, index: Any) -> str:
        """The checksum of what is written, piece by piece: an index may be large."""
        digest = hashlib.sha256()

        def write(file: BinaryIO) -> None:
            def some(piece: bytes) -> None:
                digest.update(piece)
                file.write(piece)

            # Not in the stubs of faiss.
            faiss.write_index(index, getattr(faiss, "PyCallbackIOWriter")(some, _PIECE))  # noqa: B009

        try:
            write_whole(self._path(revision), write)
            return digest.hexdigest()
        except OSError as error:
            if disk_problem(error) == FULL:
                raise KnowledgeError.from_problem(FULL) from None
            raise KnowledgeError(
                "The knowledge base couldn’t be saved ({reason}).",
                "Check that there is free disk space and you can write to the folder.",
                reason=error.strerror or type(error).__name__,
            ) from None

    def _path(self, revision: int) -> Path:
        return self._folder / f"index-{revision}.faiss"
