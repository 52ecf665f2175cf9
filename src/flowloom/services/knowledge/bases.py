"""The knowledge bases on this computer, each a folder of its own."""

import asyncio
import contextlib
import hashlib
import re
import shutil
import sqlite3
import threading
import uuid
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict

from flowloom.errors import KnowledgeError
from flowloom.kinds.values import Passage
from flowloom.services.knowledge.chunks import cut
from flowloom.services.knowledge.embedder import Embedder
from flowloom.services.knowledge.loaders import read_document
from flowloom.services.knowledge.word_vectors import WordVectors

if TYPE_CHECKING:
    from flowloom.services.knowledge.faiss_store import FaissStore

_PLAIN = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")
_RESERVED = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)$")
# Reading the text is the shorter part of adding a file.
_READING_SHARE = 0.5


class FileInfo(BaseModel):
    """A file of a knowledge base. `pages` is None where the format has none."""

    model_config = ConfigDict(frozen=True)

    name: str
    size: int
    pages: int | None
    passages: int
    added_at: datetime


class KnowledgeBases:
    """Bases by key, such as `<flow id>/main`. Safe to use from several threads."""

    def __init__(self, folder: Path, embedder: Embedder | None = None) -> None:
        self._folder = Path(folder)
        self._embedder: Embedder = embedder or WordVectors()
        self._stores: dict[str, FaissStore] = {}
        self._lock = threading.RLock()

    @property
    def matches_by_words(self) -> bool:
        """Whether no embedding model is at work, which the person is told."""
        return isinstance(self._embedder, WordVectors)

    def use(self, embedder: Embedder | None) -> None:
        """Search with another embedder from now on; each base renews its vectors when it is next asked."""
        with self._lock:
            self._embedder = embedder or WordVectors()
            self._stores.clear()

    def add(
        self, base_key: str, name: str, data: bytes, on_progress: Callable[[float], None] = lambda done: None
    ) -> FileInfo:
        """Read a file into a base; one of the same name is replaced. `on_progress` gets 0 to 1."""
        folder_of(base_key)
        document = read_document(name, data, lambda done: on_progress(done * _READING_SHARE))
        passages = cut(name, document)
        if not passages:
            raise KnowledgeError("There are no words in “{file}”.", "Choose a file with text in it.", file=name)
        on_progress(_READING_SHARE)
        info = FileInfo(
            name=name,
            size=len(data),
            pages=len(document.pages) if document.pages and document.pages[0].number else None,
            passages=len(passages),
            added_at=datetime.now(UTC),
        )
        row = (*info.model_dump(exclude={"added_at"}).values(), info.added_at.isoformat(), document.text)
        self._store(base_key).change(add=passages, remove_file=name, file_row=row)
        on_progress(1.0)
        return info

    def remove(self, base_key: str, name: str) -> None:
        """Take a file out of a base; one that is not there is no error."""
        if self._exists(base_key):
            self._store(base_key).change(remove_file=name)

    def files(self, base_key: str) -> list[FileInfo]:
        """The files of a base, by name."""
        if not self._exists(base_key):
            return []
        columns = "name, size, pages, passages, added_at"
        with self._store(base_key).reading() as db:
            rows = db.execute(f"SELECT {columns} FROM files ORDER BY name").fetchall()
        return [FileInfo(**dict(zip(columns.split(", "), row, strict=True))) for row in rows]

    def text(self, base_key: str, name: str) -> str:
        """The text of a file as it was read, in which passages have their offsets."""
        if self._exists(base_key):
            with self._store(base_key).reading() as db:
                found = db.execute("SELECT text FROM files WHERE name = ?", (name,)).fetchone()
            if found:
                return str(found[0])
        raise KnowledgeError(
            "There is no file “{file}” in this knowledge base.", "It may have been removed.", file=name
        )

    def search(self, base_key: str, question: str, top_k: int) -> list[Passage]:
        """The passages nearest to a question, best first; none from a base that is empty or not there."""
        return self._store(base_key).find(question, top_k) if self._exists(base_key) else []

    def copy(self, from_key: str, to_key: str) -> None:
        """Make one base the same as another; what it held before is gone."""
        source, target = self._path(from_key), self._path(to_key)
        if source == target:
            return
        beside = self._folder / f".copy-{uuid.uuid4().hex}"
        try:
            beside.mkdir(parents=True)
            if self._exists(from_key):
                self._copy_rows(from_key, beside)
            with self._lock:
                self._discard(target)
                target.parent.mkdir(parents=True, exist_ok=True)
                beside.rename(target)
                self._stores.pop(to_key, None)
        finally:
            shutil.rmtree(beside, ignore_errors=True)

    def delete_all(self, prefix: str) -> None:
        """Delete a base, or all bases whose keys begin with `<prefix>/`."""
        with self._lock:
            self._discard(self._path(prefix))
            for key in [key for key in self._stores if key == prefix or key.startswith(f"{prefix}/")]:
                del self._stores[key]

    def _copy_rows(self, key: str, folder: Path) -> None:
        # The index is made anew from the rows if it is replaced at this very moment.
        with (
            self._store(key).reading() as db,
            contextlib.closing(sqlite3.connect(folder / "rows.sqlite")) as copied,
        ):
            db.backup(copied)
        for index in self._path(key).glob("index-*.faiss"):
            with contextlib.suppress(OSError):
                shutil.copyfile(index, folder / index.name)

    def _discard(self, path: Path) -> None:
        """Move a folder out of sight before deleting it, so that it is gone as a whole."""
        if path.exists():
            aside = self._folder / f".gone-{uuid.uuid4().hex}"
            path.rename(aside)
            shutil.rmtree(aside, ignore_errors=True)

    def _store(self, key: str) -> "FaissStore":
        from flowloom.services.knowledge.faiss_store import FaissStore

        path = self._path(key)
        with self._lock:
            if key not in self._stores:
                self._stores[key] = FaissStore(path, self._embedder)
            return self._stores[key]

    def _exists(self, key: str) -> bool:
        return (self._path(key) / "rows.sqlite").exists()

    def _path(self, key: str) -> Path:
        return self._folder / folder_of(key)


def folder_of(key: str) -> Path:
    """A relative folder for a key that holds no way out of the parent folder. Raises KnowledgeError."""
    parts = key.split("/")
    if len(parts) > 4 or any(not part.strip(". ") or re.search(r"[\\\x00-\x1f]", part) for part in parts):
        raise KnowledgeError(
            "“{base}” cannot be the name of a knowledge base.", "Use letters and digits.", base=key[:100]
        )
    return Path(*map(_safe, parts))


def _safe(part: str) -> str:
    # Capitals, accents and Chinese differ between file systems, so such names are kept as hashes.
    if _PLAIN.fullmatch(part) and not _RESERVED.match(part):
        return part
    return "_" + hashlib.sha256(part.encode("utf-8", "surrogatepass")).hexdigest()[:40]


class FlowKnowledge:
    """Fulfils `Knowledge`: the bases of one flow, searched without holding up other runs."""

    def __init__(self, bases: KnowledgeBases, flow_id: str) -> None:
        self._bases = bases
        self._flow_id = flow_id

    def of(self, flow_id: str) -> "FlowKnowledge":
        """The bases of another flow."""
        return FlowKnowledge(self._bases, flow_id)

    async def search(self, base: str, question: str, top_k: int) -> list[Passage]:
        """The passages nearest to a question, best first. Raises KnowledgeError."""
        return await asyncio.to_thread(self._bases.search, f"{self._flow_id}/{base}", question, top_k)
