"""Another embedding comes into use in the background: the old index answers, nothing is lost or done twice."""

import errno
import os
import signal
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from flowloom.errors import FlowloomError, ModelError
from flowloom.kinds.values import Passage
from flowloom.services.disk_failures import FULL
from flowloom.services.knowledge import index_files, renewals, vector_journal
from flowloom.services.knowledge.bases import KnowledgeBases
from flowloom.services.knowledge.chunks import Cutting
from flowloom.services.knowledge.ingest import Ingest
from flowloom.services.knowledge.rows import BaseInfo, opened, state_of
from flowloom.services.knowledge.vector_journal import BATCH
from flowloom.store.leases import Leases
from flowloom.store.sqlite import SqliteDatabase

BASE = "f/main"
MANY = 2 * BATCH + 40
TOPICS = ("honey", "train", "laptop", "garden")


class Topics:
    """An embedder of a test: what a text is about, in so many numbers. It can be held up, and can fail."""

    def __init__(self, name: str, size: int = 8) -> None:
        self.name, self.size = name, size
        self.texts: list[str] = []
        self.questions = 0
        self.free, self.begun = threading.Event(), threading.Event()
        self.free.set()
        self.fails_after = -1
        self.error: BaseException = ModelError("The model is away.", "Try later.")

    def _vector(self, text: str) -> list[float]:
        return [float(text.lower().count(topic)) + 0.01 for topic in TOPICS] + [0.01] * (self.size - len(TOPICS))

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        self.begun.set()
        assert self.free.wait(60)
        if self.fails_after >= 0 and len(self.texts) + len(texts) > self.fails_after:
            raise self.error
        self.texts += texts
        return [self._vector(text) for text in texts]

    def embed_query(self, text: str) -> list[float]:
        self.questions += 1
        # As a person would: what bees make is honey, whatever it is called.
        return self._vector(text.replace("nectar", "honey"))


def text_of(number: int) -> str:
    return f"Passage {number} is about the {TOPICS[number % 4]} of house {number}."


def fill(bases: KnowledgeBases, count: int = MANY) -> None:
    store = bases.store(BASE)
    store.change(add=[Passage(text=text_of(number), file="many.txt") for number in range(count)])


def maker_of(folder: Path) -> tuple[str, int]:
    with opened(folder / BASE / "rows.sqlite") as db:
        state = state_of(db)
    return state.embedder, state.dimension


def ranks(bases: KnowledgeBases, question: str = "Where is nectar?") -> list[tuple[str, bool]]:
    found = bases.search(BASE, question, 4)
    return [(each.text.split()[5], bool(each.why and each.why.by_meaning)) for each in found]


HONEY = [("honey", True)] * 4


@pytest.fixture
def by_words(tmp_path: Path) -> Path:
    """A base made by words alone, of more passages than are embedded while a person waits."""
    fill(KnowledgeBases(tmp_path))
    return tmp_path


@pytest.fixture(autouse=True)
def at_once() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(renewals, "AGAIN", 0.0)
        yield


def test_an_index_knows_what_made_it(tmp_path: Path) -> None:
    bases = KnowledgeBases(tmp_path, Topics("one/1", 8))
    bases.add(BASE, "a.txt", b"Honey.")
    assert maker_of(tmp_path) == ("one/1", 8)
    bases.remove(BASE, "a.txt")
    bases.add(BASE, "b.txt", b"Trains.")
    assert maker_of(tmp_path) == ("one/1", 8)


def test_a_base_made_by_words_gets_vectors_by_itself(by_words: Path) -> None:
    assert maker_of(by_words) == ("", 0)
    embedder = Topics("one")
    embedder.free.clear()
    bases = KnowledgeBases(by_words, embedder)
    assert [passage.text for passage in bases.search(BASE, "house 9", 1)] == [text_of(9)]  # by words, at once
    assert embedder.begun.wait(30)
    assert ranks(bases) == []
    embedder.free.set()
    assert bases.renewals.wait()
    assert (maker_of(by_words), ranks(bases)) == (("one", 8), HONEY)
    assert len(embedder.texts) == MANY
    assert bases.renewal(BASE) is None


def test_it_begins_with_the_app_where_nobody_asks(by_words: Path) -> None:
    bases = KnowledgeBases(by_words, Topics("one"))
    (by_words / ".waiting").mkdir()
    bases.renew_stale()
    assert bases.renewals.wait()
    assert maker_of(by_words) == ("one", 8)


def test_the_old_index_answers_until_the_new_one_stands(tmp_path: Path) -> None:
    old, new = Topics("old"), Topics("new", 16)
    bases = KnowledgeBases(tmp_path, old)
    fill(bases)
    new.free.clear()
    bases.use(new)
    assert new.begun.wait(30)
    assert (ranks(bases), maker_of(tmp_path)) == (HONEY, ("old", 8))
    assert (old.questions, new.questions) == (1, 0)
    new.free.set()
    assert bases.renewals.wait()
    assert (ranks(bases), maker_of(tmp_path)) == (HONEY, ("new", 16))
    assert (old.questions, new.questions) == (1, 1)
    assert len(list((tmp_path / BASE).glob("*.faiss"))) == 1


def test_words_answer_where_the_old_embedder_fails(tmp_path: Path) -> None:
    old, new = Topics("old"), Topics("new", 16)
    bases = KnowledgeBases(tmp_path, old)
    fill(bases)
    new.free.clear()
    bases.use(new)
    old.embed_query = lambda text: (_ for _ in ()).throw(ModelError("No key."))  # type: ignore[method-assign]
    assert [passage.text for passage in bases.search(BASE, "house 9", 1)] == [text_of(9)]
    new.free.set()
    assert bases.renewals.wait()
    assert ranks(bases) == HONEY


def test_documents_come_and_go_meanwhile(tmp_path: Path) -> None:
    bases = KnowledgeBases(tmp_path, Topics("old"))
    fill(bases)
    bases.add(BASE, "gone.txt", b"Honey that goes.")
    new = Topics("new", 16)
    new.free.clear()
    bases.use(new)
    assert new.begun.wait(30)
    bases.add(BASE, "come.txt", b"Honey that comes, nothing else.")
    bases.remove(BASE, "gone.txt")
    found = {passage.file for passage in bases.search(BASE, "nothing else that comes or goes", 4)}
    assert "come.txt" in found
    assert "gone.txt" not in found
    new.free.set()
    assert bases.renewals.wait()
    assert maker_of(tmp_path) == ("new", 16)
    with bases.store(BASE).reading() as db:
        assert bases.store(BASE)._index(db).ntotal == MANY + 1
    assert len(new.texts) <= MANY + 2  # none twice, though the passages changed under its hands


KILLED = """
import sys, time
from pathlib import Path
from tests.services.test_renewals import BASE, Topics
from flowloom.services.knowledge.bases import KnowledgeBases
class Slow(Topics):
    def embed_documents(self, texts):
        if len(self.texts) >= 128:
            print("half", flush=True)
            time.sleep(60)
        return super().embed_documents(texts)
bases = KnowledgeBases(Path(sys.argv[1]), Slow("new", 16), lambda name: Topics(name))
bases.renew_stale()
bases.renewals.wait(60)
"""


@pytest.mark.skipif(os.name == "nt", reason="kills by a signal")
def test_killed_in_the_middle_the_old_index_answers_and_it_goes_on(tmp_path: Path) -> None:
    fill(KnowledgeBases(tmp_path, Topics("old")))
    with subprocess.Popen(
        [sys.executable, "-c", KILLED, str(tmp_path)], stdout=subprocess.PIPE, text=True, cwd=Path.cwd()
    ) as child:
        assert child.stdout
        assert child.stdout.readline() == "half\n"
        child.send_signal(signal.SIGKILL)
        child.wait(30)
    assert maker_of(tmp_path) == ("old", 8)
    assert ranks(KnowledgeBases(tmp_path, Topics("old"))) == HONEY
    new = Topics("new", 16)
    bases = KnowledgeBases(tmp_path, new, lambda name: Topics(name))
    new.free.clear()
    assert ranks(bases) == HONEY
    new.free.set()
    assert bases.renewals.wait()
    assert (maker_of(tmp_path), ranks(bases)) == (("new", 16), HONEY)
    assert len(new.texts) == MANY - BATCH


@pytest.mark.parametrize("where", ["the vectors", "the index"])
def test_a_full_disk_loses_nothing_and_says_so(by_words: Path, monkeypatch: pytest.MonkeyPatch, where: str) -> None:
    real = vector_journal._connect

    def small(path: Path, name: str) -> sqlite3.Connection:
        db = real(path, name)
        db.execute("PRAGMA max_page_count = 12")
        return db

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    if where == "the vectors":
        monkeypatch.setattr(vector_journal, "_connect", small)
    else:
        monkeypatch.setattr(index_files, "write_whole", full)
    embedder = Topics("one", 64)
    bases = KnowledgeBases(by_words, embedder)
    bases.renew_stale()
    assert bases.renewals.wait()
    told = bases.renewal(BASE)
    assert told
    assert told.problem == FULL
    assert "disk is full" in str(told.problem)
    assert [passage.text for passage in bases.search(BASE, "house 9", 1)] == [text_of(9)]
    assert bases.renewals.wait()  # the question asked for it once more
    monkeypatch.undo()
    bases.renew_stale()
    assert bases.renewals.wait()
    assert (maker_of(by_words), ranks(bases), bases.renewal(BASE)) == (("one", 64), HONEY, None)


def test_of_two_processes_one_does_it(by_words: Path) -> None:
    embedders, both = [Topics("one"), Topics("one")], []
    for embedder in embedders:
        embedder.free.clear()
        leases = Leases(SqliteDatabase(by_words / "flowloom.db"))
        both.append((KnowledgeBases(by_words, embedder, None, leases), leases))
    for bases, _ in both:
        bases.renew_stale()
    while not any(embedder.begun.is_set() for embedder in embedders):
        embedders[0].begun.wait(0.01)
    waiting = next(
        bases for (bases, _), embedder in zip(both, embedders, strict=True) if not embedder.begun.is_set()
    )
    assert waiting.renewals.wait(30)
    for embedder in embedders:
        embedder.free.set()
    assert all(bases.renewals.wait() for bases, _ in both)
    for bases, leases in both:
        assert ranks(bases) == HONEY
        leases.close()
    assert sorted(len(embedder.texts) for embedder in embedders) == [0, MANY]


def test_processes_that_disagree_do_not_renew_in_turns_for_ever(by_words: Path) -> None:
    embedders = [Topics("one"), Topics("two", 16)]
    both = [KnowledgeBases(by_words, embedder, lambda name: None) for embedder in embedders]
    for _ in range(8):
        for bases in both:
            bases.search(BASE, "honey", 1)
            assert bases.renewals.wait()
    assert all(len(embedder.texts) <= 3 * MANY for embedder in embedders)


def test_a_model_that_gives_other_vectors_under_its_old_name(tmp_path: Path) -> None:
    fill(KnowledgeBases(tmp_path, Topics("one", 8)))
    bases = KnowledgeBases(tmp_path, Topics("one", 16))
    assert [passage.text for passage in bases.search(BASE, "house 9", 1)] == [text_of(9)]
    assert bases.renewals.wait()
    assert (maker_of(tmp_path), ranks(bases)) == (("one", 16), HONEY)
    changed = KnowledgeBases(tmp_path, Topics("one", 32))
    changed.add(BASE, "more.txt", b"Honey, more of it.")
    assert ("more.txt" in {each.file for each in changed.search(BASE, "honey more", 50)}) is True
    assert changed.renewals.wait()
    assert maker_of(tmp_path) == ("one", 32)


@pytest.mark.parametrize("error", [ModelError("The model is away.", "Try later."), RuntimeError("power cut")])
def test_a_long_document_that_was_interrupted_goes_on(tmp_path: Path, error: BaseException) -> None:
    embedder = Topics("one")
    bases = KnowledgeBases(tmp_path, embedder)
    bases.describe(BASE, BaseInfo(cutting=Cutting(size=100, overlap=0)))
    text = "\n\n".join(text_of(number) * 2 for number in range(MANY)).encode()
    embedder.fails_after, embedder.error = BATCH, error
    told: list[float] = []
    with pytest.raises((FlowloomError, RuntimeError)):
        bases.add(BASE, "long.txt", text, told.append)
    assert 0.5 < told[-1] < 1
    assert bases.files(BASE) == []
    done = len(embedder.texts)
    embedder.fails_after = -1
    ended = Ingest(bases).ingest(BASE, [("long.txt", text)])
    assert [each.state for each in ended] == ["done"]
    assert done == BATCH
    assert len(embedder.texts) == len(set(embedder.texts))
    assert bases.search(BASE, "nectar", 1)[0].why.by_meaning  # type: ignore[union-attr]
    with sqlite3.connect(tmp_path / BASE / "vectors.sqlite") as kept:
        assert kept.execute("SELECT count(*) FROM vectors").fetchone() == (0,)
    kept.close()


@pytest.mark.parametrize("damage", [b"", b"no database at all" * 100])
def test_a_damaged_journal_is_begun_again(by_words: Path, damage: bytes) -> None:
    (by_words / BASE / "vectors.sqlite").write_bytes(damage)
    bases = KnowledgeBases(by_words, Topics("one"))
    bases.renew_stale()
    assert bases.renewals.wait()
    assert ranks(bases) == HONEY


def test_a_large_index_that_is_damaged_is_made_anew(tmp_path: Path) -> None:
    fill(KnowledgeBases(tmp_path, Topics("one")))
    path = next((tmp_path / BASE).glob("*.faiss"))
    path.write_bytes(path.read_bytes()[:-5] + b"evil!")
    bases = KnowledgeBases(tmp_path, Topics("one"))
    assert [passage.text for passage in bases.search(BASE, "house 9", 1)] == [text_of(9)]
    assert bases.renewals.wait()
    assert ranks(bases) == HONEY


def test_closing_stops_after_the_batch_under_way(by_words: Path) -> None:
    embedder = Topics("one")
    embedder.free.clear()
    bases = KnowledgeBases(by_words, embedder)
    bases.renew_stale()
    assert embedder.begun.wait(30)
    closing = threading.Thread(target=bases.close)
    closing.start()
    embedder.free.set()
    closing.join(30)
    assert bases.renewals.wait()
    bases.renew_stale()
    assert bases.renewals.wait()
    assert len(embedder.texts) < MANY
    again = Topics("one")
    reopened = KnowledgeBases(by_words, again)
    reopened.renew_stale()
    assert reopened.renewals.wait()
    assert len(again.texts) + len(embedder.texts) == MANY
