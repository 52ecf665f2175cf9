"""The knowledge bases on this computer, each a folder of its own."""

import contextlib
import hashlib
import shutil
import sqlite3
import threading
import uuid
from collections.abc import Callable, Collection, Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from flowloom.errors import FlowloomError, KnowledgeError
from flowloom.kinds.values import OWNER, Filter, Passage, Reader
from flowloom.services.files import make_private, private_folder, write_whole
from flowloom.services.knowledge.chunks import Cutting, cut
from flowloom.services.knowledge.claims import Claims
from flowloom.services.knowledge.embedder import Embedder
from flowloom.services.knowledge.files import About, FileInfo, read_files
from flowloom.services.knowledge.keys import folder_of, places_in
from flowloom.services.knowledge.loaders import Document, read_document
from flowloom.services.knowledge.loaders.document import OnProgress, no_text
from flowloom.services.knowledge.renewals import Renewal, Renewals
from flowloom.services.knowledge.rows import (
    BaseGone,
    BaseInfo,
    document_from,
    is_stale,
    opened,
    places_of,
    read_about,
    save_about,
)
from flowloom.services.knowledge.texts import InRows, Texts, let_go, marks_below, put_anew

if TYPE_CHECKING:
    from flowloom.services.knowledge.faiss_store import FaissStore
    from flowloom.services.knowledge.meaning_index import Made

Former = Callable[[str], Embedder | None]
# Reading the text is the shorter part of adding a file.
_READING_SHARE = 0.5


class KnowledgeBases:
    """Bases by key, such as `<flow id>/main`. Safe to use from several threads.

    What takes a `reader` gives them only what they may read; the owner of this computer may read all.
    """

    def __init__(
        self,
        folder: Path,
        embedder: Embedder | None = None,
        former: Former | None = None,
        claims: Claims | None = None,
        texts: Texts | None = None,
    ) -> None:
        """`former` opens the embedder of an index made earlier, by its name, to answer until there is a new one.

        `texts` is where large documents lie as a whole, in place of the rows.
        """
        self.folder = Path(folder)
        self._embedder = embedder
        self._earlier: dict[str, Embedder] = {}
        self._former: Former = former or self._earlier.get
        self._stores: dict[str, FaissStore] = {}
        self._texts = texts or InRows()
        self._lock = threading.RLock()
        self.renewals = Renewals(self._renew, claims)

    @property
    def matches_by_words(self) -> bool:
        """Whether no embedding model is at work, which the person is told."""
        return self._embedder is None

    def use(self, embedder: Embedder | None) -> None:
        """Search with another embedder from now on; bases are renewed in the background, and answer meanwhile."""
        with self._lock:
            if self._embedder is not None:
                self._earlier[self._embedder.name] = self._embedder
            self._embedder = embedder
            self._stores.clear()
        self.renewals.begin_again()
        self.renew_stale()

    def renew_stale(self) -> None:
        """Renew in the background what another embedder, or none, has made; returns at once."""
        if self._embedder is not None:
            self.renewals.ask_for(places_in(self.folder))

    def renewal(self, base_key: str) -> Renewal | None:
        """How far the vectors of a base are; None where they are as they should be."""
        return self.renewals.state_of(folder_of(base_key).as_posix())

    def close(self) -> None:
        """Stop what works in the background; it goes on at the next start."""
        self.renewals.close()

    def add(
        self,
        base_key: str,
        name: str,
        data: bytes,
        on_progress: OnProgress = lambda done: None,
        about: About | None = None,
    ) -> FileInfo:
        """Read a file into a base; one of the same name is replaced, and keeps what was said of it.

        `on_progress` gets 0 to 1. Raises KnowledgeError that names the file; the base is as before then.
        """
        folder_of(base_key)
        document = read_document(name, data, lambda done: on_progress(done * _READING_SHARE))
        on_progress(_READING_SHARE)
        facts = {"size": len(data), "hash": hash_of(data), "added_at": datetime.now(UTC)}
        later = lambda done: on_progress(_READING_SHARE + done * (1 - _READING_SHARE))  # noqa: E731
        made = self.add_document(base_key, name, document, facts, about, later)
        on_progress(1.0)
        return made

    def add_document(
        self,
        base_key: str,
        name: str,
        document: Document,
        facts: dict[str, Any],
        about: About | None = None,
        on_progress: OnProgress = lambda done: None,
    ) -> FileInfo:
        """Keep a document that was read already; `facts` are its size, hash and when it was added."""
        cutting = self.about(base_key).cutting
        passages = cut(name, document, cutting.size, cutting.overlap)
        if not passages:
            raise no_text(name)
        mark = self._texts.keep(document.text)
        row = {
            "name": name,
            **facts,
            "pages": len(document.pages) if document.pages[0].number else None,
            "passages": len(passages),
            "text": "" if mark else document.text,
            "stored": mark,
            "places": places_of(document),
            "cutting": cutting.model_dump_json(),
            **(about.model_dump() if about else {}),
        }
        with self._kept_or_forgotten(base_key, [mark]):
            self.store(base_key).change(add=passages, remove_file=name, file_row=row, on_progress=on_progress)
        return self._file(base_key, name)

    def add_passages(
        self,
        base_key: str,
        name: str,
        passages: list[Passage],
        facts: dict[str, Any],
        made: "Made | None" = None,
        on_progress: OnProgress = lambda done: None,
    ) -> None:
        """Keep what a document is found by, without the document; `facts` say what is known of it. Raises
        KnowledgeError. Vectors that were `made` elsewhere are taken where they are of the embedder in use."""
        nothing = {"text": None, "stored": "", "places": "", "cutting": ""}
        row = {"name": name, **facts, "passages": len(passages), **nothing}
        with self._kept_or_forgotten(base_key, []):
            self.store(base_key).change(
                passages, remove_file=name, file_row=row, on_progress=on_progress, made=made
            )

    def readable(self, base_key: str, name: str) -> str:
        """All text there is of a file: as it was read, or of its passages. Raises KnowledgeError."""
        if self._file(base_key, name).only_passages:
            return "\n".join(passage.text for passage in self.store(base_key).passages_of(name)[0])
        return self.text(base_key, name)

    def remove(self, base_key: str, name: str) -> None:
        """Take a file out of a base; one that is not there is no error."""
        if self.exists(base_key):
            with self._kept_or_forgotten(base_key, []):
                self.store(base_key).change(remove_file=name)

    def files(self, base_key: str, reader: Reader = OWNER) -> list[FileInfo]:
        """The files of a base that the reader may read, by name."""
        if not self.exists(base_key):
            return []
        with self.store(base_key).reading() as db:
            return [file for file in read_files(db) if file.may_be_read_by(reader)]

    def set_tags(self, base_key: str, name: str, tags: Iterable[str]) -> None:
        """Say by which tags a file is found."""
        kept = tuple(dict.fromkeys(tag.strip()[:60] for tag in tags if tag.strip()))
        self._say(base_key, name, {"tags": kept})

    def set_readers(self, base_key: str, name: str, owner: str = "", groups: Iterable[str] = ()) -> None:
        """Say who may read a file: its owner and these groups; with neither everyone may who may use the GPT."""
        kept = tuple(dict.fromkeys(group.strip()[:60] for group in groups if group.strip()))
        self._say(base_key, name, {"owner": owner, "groups": kept})

    def document(self, base_key: str, name: str, reader: Reader = OWNER) -> Document:
        """A file as it was read, to preview how it would be cut. Raises KnowledgeError."""
        if self._file(base_key, name, reader).only_passages:
            raise KnowledgeError(
                "Only the search index of “{file}” is here, not the document.",
                "Add the document itself to read it as a whole.",
                file=name,
            )
        with self.store(base_key).reading() as db:
            asked = "SELECT text, places, stored FROM files WHERE name = ?"
            text, places, mark = db.execute(asked, (name,)).fetchone()
        return document_from(self._texts.read(mark) if mark else text, places)

    def text(self, base_key: str, name: str, reader: Reader = OWNER) -> str:
        """The text of a file as it was read, in which passages have their offsets. Raises KnowledgeError."""
        return self.document(base_key, name, reader).text

    def search(
        self, base_key: str, question: str, top_k: int, only: Filter | None = None, reader: Reader = OWNER
    ) -> list[Passage]:
        """The passages that fit a question best, best first; none from a base that is empty or not there."""
        return self.store(base_key).find(question, top_k, only, reader) if self.exists(base_key) else []

    def make_ready(self, base_key: str) -> None:
        """Read or make what the first question to a base would wait for. Raises KnowledgeError."""
        if self.exists(base_key):
            self.store(base_key).make_ready()

    def prepare_some(self, base_key: str) -> bool:
        """Make some of what spares a question a moment; whether there may be more to do. Raises KnowledgeError."""
        return self.exists(base_key) and self.store(base_key).prepare_some()

    def about(self, base_key: str) -> BaseInfo:
        """What is known of a base as a whole: its name and how its files are cut."""
        if not self.exists(base_key):
            return BaseInfo()
        with self.store(base_key).reading() as db:
            return read_about(db)

    def describe(self, base_key: str, about: BaseInfo) -> None:
        """Keep what is known of a base, which begins with that if it was not there."""
        with self.store(base_key).reading() as db:
            save_about(db, about)

    def cut_anew(self, base_key: str, cutting: Cutting, on_progress: OnProgress = lambda done: None) -> None:
        """Cut every file of a base to other sizes. Broken off, it goes on where it was when called again."""
        self.describe(base_key, self.about(base_key).model_copy(update={"cutting": cutting}))
        with self.store(base_key).reading() as db:
            wrong = db.execute(
                "SELECT name FROM files WHERE cutting <> ? AND text IS NOT NULL", (cutting.model_dump_json(),)
            ).fetchall()
        for done, (name,) in enumerate(wrong, 1):
            self.add_document(base_key, name, self.document(base_key, name), {})
            on_progress(done / len(wrong))

    def copy(self, from_key: str, to_key: str) -> None:
        """Make one base the same as another; what it held before is gone."""
        source, target = self._path(from_key), self._path(to_key)
        if source == target:
            return
        beside = self.folder / f".copy-{uuid.uuid4().hex}"
        made: list[str] = []
        try:
            private_folder(beside)
            if self.exists(from_key):
                self._copy_rows(from_key, beside, made)
            with self._lock:
                self._discard(target)
                private_folder(target.parent)
                beside.rename(target)
                self._stores.pop(folder_of(to_key).as_posix(), None)
        except BaseException:
            self._forget(made)
            raise
        finally:
            shutil.rmtree(beside, ignore_errors=True)

    def delete_all(self, prefix: str) -> None:
        """Delete a base, or all bases whose keys begin with `<prefix>/`."""
        with self._lock:
            self._discard(self._path(prefix))
            gone = folder_of(prefix).as_posix()
            for place in [place for place in self._stores if place == gone or place.startswith(f"{gone}/")]:
                del self._stores[place]

    def _file(self, base_key: str, name: str, reader: Reader = OWNER) -> FileInfo:
        found = next((file for file in self.files(base_key, reader) if file.name == name), None)
        if found is None:
            raise KnowledgeError(
                "There is no file “{file}” in this knowledge base.", "It may have been removed.", file=name
            )
        return found

    def _say(self, base_key: str, name: str, said: dict[str, Any]) -> None:
        self._file(base_key, name)
        self.store(base_key).say(name, said)

    @contextlib.contextmanager
    def _kept_or_forgotten(self, key: str, marks: list[str]) -> Iterator[None]:
        """Keep what lies elsewhere of a change that comes to its end; else let go of it."""
        try:
            yield
        except BaseException:
            self._forget(marks)
            raise
        with contextlib.suppress(FlowloomError), self.store(key).reading() as db:
            let_go(db, self._texts)

    def _forget(self, marks: Collection[str]) -> None:
        # A place that cannot be used now must not hide why this is asked for.
        with contextlib.suppress(FlowloomError):
            self._texts.forget(marks)

    def _copy_rows(self, key: str, folder: Path, made: list[str]) -> None:
        """Copy rows and index; the copy has texts of its own, whose marks are added to `made`."""

        def place(mark: str) -> tuple[str, str]:
            text = self._texts.read(mark)
            made.append(self._texts.keep(text))
            return ("" if made[-1] else text), made[-1]

        # The index is made anew from the rows if it is replaced at this very moment.
        make_private(folder / "rows.sqlite")
        with (
            self.store(key).reading() as db,
            contextlib.closing(sqlite3.connect(folder / "rows.sqlite")) as copied,
        ):
            db.backup(copied)
            put_anew(copied, place)
        for index in self._path(key).glob("index-*.faiss"):
            with contextlib.suppress(OSError):
                write_whole(folder / index.name, index.read_bytes())

    def _discard(self, path: Path) -> None:
        """Move a folder out of sight before deleting it, so that it is gone as a whole."""
        if path.exists():
            aside = self.folder / f".gone-{uuid.uuid4().hex}"
            path.rename(aside)
            self._forget(marks_below(aside))
            shutil.rmtree(aside, ignore_errors=True)

    def store(self, key: str) -> "FaissStore":
        """The passages of a base with their vectors."""
        return self._store_at(folder_of(key).as_posix())

    def _store_at(self, place: str) -> "FaissStore":
        from flowloom.services.knowledge.faiss_store import FaissStore

        with self._lock:
            if place not in self._stores:
                stale = lambda: self.renewals.ask_for([place])  # noqa: E731
                self._stores[place] = FaissStore(self.folder / place, self._embedder, self._former, stale)
            return self._stores[place]

    def _renew(self, place: str, on_progress: OnProgress) -> bool:
        """Give a base the vectors of the embedder in use; whether there was something to do."""
        rows = self.folder / place / "rows.sqlite"
        embedder = self._embedder
        if embedder is None or not rows.exists():
            return False
        try:
            with opened(rows, is_there=True) as db:  # FAISS is not read for bases that are as they should be
                if place not in self._stores and not is_stale(db, embedder.name):
                    return False
            return self._store_at(place).renew(on_progress)
        except BaseGone:
            return False

    def owners(self, beginning: str) -> list[str]:
        """The flows that have bases and whose ids begin so, in plain small letters."""
        return [path.name for path in self.folder.glob(f"{beginning}*") if path.is_dir()]

    def exists(self, key: str) -> bool:
        """Whether there is such a base; one that never held anything is not there."""
        return (self._path(key) / "rows.sqlite").exists()

    def _path(self, key: str) -> Path:
        return self.folder / folder_of(key)


def hash_of(data: bytes) -> str:
    """By which a file is known not to have changed."""
    return hashlib.sha256(data).hexdigest()
