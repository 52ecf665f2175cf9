"""Files on their way into a knowledge base: kept on disk until they are indexed, so that a crash loses none."""

import contextlib
import threading
import time
import uuid
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from flowloom.errors import FlowloomError, KnowledgeError, Problem
from flowloom.services.files import write_whole
from flowloom.services.knowledge.bases import KnowledgeBases, hash_of
from flowloom.services.knowledge.claims import Alone, Claims
from flowloom.services.knowledge.files import About, FileInfo
from flowloom.services.knowledge.loaders import check_size
from flowloom.services.knowledge.readiness import Readiness

Source = Path | tuple[str, bytes]
"""A file on this computer, or a name and what is in it."""


class Progress(BaseModel):
    """How far a file is: `done` is from 0 to 1. One that failed says why; one that is unchanged was not read."""

    model_config = ConfigDict(frozen=True)

    file: str
    state: Literal["waiting", "reading", "done", "unchanged", "failed", "cancelled"]
    done: float = 0.0
    info: FileInfo | None = None
    problem: Problem | None = None


LOOK = 0.05
"""Seconds between looks whether another process has done its part."""
OnFile = Callable[[Progress], None]


def _claim(base: str) -> str:
    return f"ingest:{base}"


class _Waiting(BaseModel):
    base: str
    name: str
    hash: str
    about: About | None = None


class Ingest:
    """The files that wait, in a folder of their own; each is a note beside its bytes."""

    def __init__(
        self, bases: KnowledgeBases, readiness: Readiness | None = None, claims: Claims | None = None
    ) -> None:
        self._bases, self._readiness, self._claims = bases, readiness or Readiness(bases), claims or Alone()
        self._folder = bases.folder / ".waiting"
        self._working = threading.Lock()
        self._cancelled: set[str] = set()

    def put(self, base: str, files: Iterable[Source], about: About | None = None) -> list[Progress]:
        """Keep files until they are indexed; what each of them is now. A bad one is named, the rest is kept."""
        self._cancelled.discard(base)
        return [self._put(base, file, about) for file in files]

    def run(self, base: str, on_file: OnFile = lambda progress: None) -> list[Progress]:
        """Index what waits for a base, in the order it came, also what a crash left behind; how each file ended.

        Where another process is at it, this waits for that one and says how it ended there.
        """
        with self._working:
            asked = list(self._waiting(base))
            ended: dict[Path, Progress] = {}
            if asked and self._my_turn(base):
                try:
                    for note, kept in self._waiting(base):
                        ended[note] = self._index(note, kept, on_file)
                finally:
                    self._claims.release(_claim(base))
            elsewhere = {note: self._ended_elsewhere(kept) for note, kept in asked if note not in ended}
        for progress in elsewhere.values():
            on_file(progress)
        if any(each.state == "done" for each in ended.values()):
            self._readiness.ask_for(base)
        return [*elsewhere.values(), *ended.values()]

    def _my_turn(self, base: str) -> bool:
        """Wait until this process may index a base; False where another has indexed all meanwhile."""
        while not self._claims.claim(_claim(base)):
            if not self.waiting(base):
                return False
            time.sleep(LOOK)
        return True

    def _ended_elsewhere(self, kept: _Waiting) -> Progress:
        info = next((each for each in self._bases.files(kept.base) if each.name == kept.name), None)
        if info and info.hash == kept.hash:
            return Progress(file=kept.name, state="done", done=1.0, info=info)
        return Progress(file=kept.name, state="cancelled")

    def ingest(
        self,
        base: str,
        files: Iterable[Source],
        on_file: OnFile = lambda progress: None,
        about: About | None = None,
    ) -> list[Progress]:
        """Put files and index them at once; how each of them ended."""
        refused = [each for each in self.put(base, files, about) if each.state != "waiting"]
        for each in refused:
            on_file(each)
        return [*refused, *self.run(base, on_file)]

    def waiting(self, base: str) -> list[str]:
        """The names of the files that are still to be indexed."""
        return [kept.name for _, kept in self._waiting(base)]

    def bases(self) -> list[str]:
        """The bases that have files waiting."""
        return sorted({kept.base for _, kept in self._notes()})

    def cancel(self, base: str) -> None:
        """Let go of what waits; the file under way is finished."""
        self._cancelled.add(base)
        for note, _ in self._waiting(base):
            self._forget(note)

    def _put(self, base: str, file: Source, about: About | None) -> Progress:
        name = file.name if isinstance(file, Path) else file[0]
        try:
            data = self._read(file)
        except FlowloomError as error:
            return Progress(file=name, state="failed", problem=error.problem)
        digest = hash_of(data)
        known = next((each for each in self._bases.files(base) if each.name == name), None)
        if known and known.hash == digest and not known.only_passages:
            return Progress(file=name, state="unchanged", done=1.0, info=known)
        # Names in the order of their coming: a note is there only once its bytes are.
        note = self._folder / f"{datetime.now(UTC).timestamp():017.6f}-{uuid.uuid4().hex}.json"
        write_whole(note.with_suffix(".bytes"), data)
        kept = _Waiting(base=base, name=name, hash=digest, about=about)
        write_whole(note, kept.model_dump_json().encode())
        return Progress(file=name, state="waiting")

    def _read(self, file: Source) -> bytes:
        if isinstance(file, tuple):
            check_size(file[0], len(file[1]))
            return file[1]
        try:
            check_size(file.name, file.stat().st_size)  # before a gigabyte is in memory
            return file.read_bytes()
        except OSError:
            raise KnowledgeError(
                "“{file}” couldn’t be opened.",
                "Check that it still exists and that you can read it.",
                file=file.name,
            ) from None

    def _waiting(self, base: str) -> Iterator[tuple[Path, _Waiting]]:
        return ((note, kept) for note, kept in self._notes() if kept.base == base)

    def _notes(self) -> Iterator[tuple[Path, _Waiting]]:
        for note in sorted(self._folder.glob("*.json")):
            with contextlib.suppress(OSError, ValidationError):
                yield note, _Waiting.model_validate_json(note.read_bytes())

    def _index(self, note: Path, kept: _Waiting, on_file: OnFile) -> Progress:
        def tell(progress: Progress) -> Progress:
            on_file(progress)
            return progress

        if kept.base in self._cancelled or not note.exists():
            self._forget(note)
            return tell(Progress(file=kept.name, state="cancelled"))
        reading = Progress(file=kept.name, state="reading")
        try:
            data = note.with_suffix(".bytes").read_bytes()
            advance = lambda done: on_file(reading.model_copy(update={"done": done}))  # noqa: E731
            info = self._bases.add(kept.base, kept.name, data, advance, kept.about)
            ended = Progress(file=kept.name, state="done", done=1.0, info=info)
        except FlowloomError as error:
            ended = Progress(file=kept.name, state="failed", problem=error.problem)
        except OSError:  # cancelled at this moment
            ended = Progress(file=kept.name, state="cancelled")
        self._forget(note)
        return tell(ended)

    def _forget(self, note: Path) -> None:
        note.unlink(missing_ok=True)
        note.with_suffix(".bytes").unlink(missing_ok=True)

    def delete_all(self, prefix: str) -> None:
        """Forget what waits for bases that are deleted."""
        for note, kept in self._notes():
            if kept.base == prefix or kept.base.startswith(f"{prefix}/"):
                self._forget(note)
