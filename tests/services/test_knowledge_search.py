"""Words and meaning are searched together, and nobody learns of what they may not read."""

import sqlite3
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from flowloom.kinds.values import OWNER, Filter, Passage, Reader
from flowloom.services.knowledge import vectors as vectors_module
from flowloom.services.knowledge.bases import KnowledgeBases
from flowloom.services.knowledge.chunks import Cutting, preview
from flowloom.services.knowledge.files import About
from flowloom.services.knowledge.flow_knowledge import FlowKnowledge
from flowloom.services.knowledge.fusion import fuse
from flowloom.services.knowledge.word_index import WordIndex, indexed_terms

BASE = "f/main"


class Topics:
    """An embedder of a test: each text is about pay, about animals, or about neither."""

    name = "topics"
    words = (("salary", "wage", "pay", "earn"), ("cat", "dog", "pet"))

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        return [self._vector(text.lower()) for text in texts]

    def embed_query(self, text: str) -> list[float]:
        return self._vector(text.lower())

    def _vector(self, text: str) -> list[float]:
        made = np.array([*(sum(word in text for word in words) for words in self.words), 0.3])
        return [float(value) for value in made / np.linalg.norm(made)]


def filled(folder: Path, files: dict[str, str], embedder: Topics | None = None) -> KnowledgeBases:
    bases = KnowledgeBases(folder, embedder)
    for name, text in files.items():
        bases.add(BASE, name, text.encode())
    return bases


def names(found: Sequence[Passage]) -> list[str]:
    return [passage.file for passage in found]


STAFF = {
    "wages.txt": "Wages are paid on the last day of the month.",
    "cats.txt": "The office cat sleeps on the printer.",
    "code.txt": "Form K-17 is handed in at the desk.",
}


def test_meaning_finds_what_words_do_not_and_words_what_meaning_does_not(tmp_path: Path) -> None:
    bases = filled(tmp_path, STAFF, Topics())
    pay = bases.search(BASE, "How much do I earn?", 3)[0]
    assert (pay.file, pay.why and (pay.why.by_words, pay.why.by_meaning)) == ("wages.txt", (None, 1))
    form = bases.search(BASE, "Where do I hand in form K-17 for my pet dog?", 3)
    assert names(form)[0] in ("code.txt", "cats.txt")
    code = next(passage for passage in form if passage.file == "code.txt")
    assert code.why is not None
    assert code.why.by_words == 1
    assert set(code.why.words) >= {"form", "K", "17"}
    assert all(0 <= passage.score <= 1 for passage in form)
    assert all(passage.why and passage.why.enough for passage in form)  # nothing is known of this embedder


def test_words_alone_say_so_and_write_no_vectors(tmp_path: Path) -> None:
    bases = filled(tmp_path, STAFF)
    (found,) = bases.search(BASE, "When are the wages paid?", 3)
    assert found.why is not None
    assert (found.why.words, found.why.by_words, found.why.by_meaning) == (("wages", "paid"), 1, None)
    assert bases.matches_by_words
    assert list((tmp_path / "f" / "main").glob("*.faiss*")) == []


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("Où est le DEJEUNER servi ?", ("DEJEUNER", "servi")),
        ("dejuener", ()),
        ("le déjeunr", ("déjeunr",)),
        ("食堂的午餐几点", ("食堂", "午餐", "几点")),
        ("Rembourser mon billet", ("Rembourser", "billet")),
    ],
)
def test_says_which_words_matched(tmp_path: Path, question: str, words: tuple[str, ...]) -> None:
    text = "Le déjeuner est servi à midi. Refunds of a billet. 食堂午餐时间为十一点半。"
    found = filled(tmp_path, {"a.txt": text}).search(BASE, question, 1)
    assert (found[0].why.words if found and found[0].why else ()) == words


@pytest.mark.parametrize(
    ("words", "meaning", "near", "order"),
    [
        ([(1, 0.9), (2, 0.5)], None, {}, [1, 2]),
        ([(1, 0.9), (2, 0.5)], [(2, 0.8), (3, 0.7)], {1: 0.1}, [2, 3, 1]),
        ([], [(7, 0.2)], {}, [7]),
        ([], None, {}, []),
        ([], [], {}, []),
        # A few words in common do not outweigh what is nearer in meaning; all of them do.
        ([(1, 0.3)], [(2, 0.4), (1, 0.35)], {}, [2, 1]),
        ([(1, 1.0)], [(2, 0.5), (1, 0.35)], {}, [1, 2]),
        # Where no vector tells of a passage, such as in a language the encoder does not know, its words do.
        ([(1, 0.9)], [(2, 0.4)], {}, [1, 2]),
        ([(1, 0.4)], [(2, 0.4)], {}, [2, 1]),
        ([(1, 0.5), (2, 0.5)], [], {}, [1, 2]),
    ],
)
def test_fuses_nearness_and_words(
    words: list[tuple[int, float]], meaning: list[tuple[int, float]], near: dict[int, float], order: list[int]
) -> None:
    found = fuse(words, meaning, near)
    assert [each.id for each in found] == order
    assert all(0 <= each.score <= 1 for each in found)


@pytest.mark.parametrize(("words", "meaning", "score"), [(0.3, 0.6, 0.6225), (1.0, 0.9, 1.0), (0.0, -0.2, 0.0)])
def test_relevance_is_nearness_and_a_little_for_words(words: float, meaning: float, score: float) -> None:
    (only,) = fuse([(5, words)], [(5, meaning)])
    assert (only.score, only.by_words, only.by_meaning) == (score, 1, 1)


def test_the_rarer_word_counts_for_more() -> None:
    texts = ["apples and pears", "apples and plums", "apples and quinces"]
    index = WordIndex.of((number, "a", indexed_terms(text)) for number, text in enumerate(texts, 1))
    assert index.find("apples or quinces", 3)[0].id == 3
    assert index.find("These blocks can’t be turned into one block", 3) == []
    assert WordIndex.of([]).find("apples", 3) == []
    assert WordIndex.of([(1, "a", [])]).find("apples", 3) == []


def test_the_word_index_is_made_once_for_each_state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = []
    real = WordIndex.__init__
    monkeypatch.setattr(WordIndex, "__init__", lambda self, *given: made.append(1) or real(self, *given))
    bases = filled(tmp_path, STAFF)
    for _ in range(5):
        bases.search(BASE, "wages", 2)
    assert len(made) == 1
    bases.add(BASE, "more.txt", b"Wages rise in May.")
    assert set(names(bases.search(BASE, "wages", 5))) == {"wages.txt", "more.txt"}
    assert len(made) == 2


# Who may read, and filters


@pytest.mark.parametrize("embedder", [None, Topics()])
def test_two_readers_get_different_passages(tmp_path: Path, embedder: Topics | None) -> None:
    board = "Wages of the board: the chair's pay is a secret wage."
    bases = filled(tmp_path, {**STAFF, "board.txt": board}, embedder)
    bases.set_readers(BASE, "board.txt", owner="ann", groups=["board"])
    question = "How much is the pay, the wages?"
    ann, bob, eve = Reader(name="ann"), Reader(name="bob", groups=("board",)), Reader(name="eve", groups=("staff",))
    for reader in (ann, bob, OWNER):
        assert "board.txt" in names(bases.search(BASE, question, 1 if embedder is None else 2, reader=reader))
    for reader in (eve, Reader(), Reader(name="", groups=("",))):
        assert "board.txt" not in names(bases.search(BASE, question, 10, reader=reader))
        assert "wages.txt" in names(bases.search(BASE, question, 10, reader=reader))
        assert "board.txt" not in [file.name for file in bases.files(BASE, reader)]
        with pytest.raises(Exception, match=r"no file “board\.txt”"):
            bases.text(BASE, "board.txt", reader)


@pytest.mark.parametrize("embedder", [None, Topics()])
def test_nothing_tells_of_what_may_not_be_read(tmp_path: Path, embedder: Topics | None) -> None:
    """The same answers to the last digit, whether the hidden file is there or not."""
    without = filled(tmp_path / "a", STAFF, embedder)
    hidden = {f"board{n}.txt": "Wages, wages and a secret merger; cats." for n in range(70)}
    both = filled(tmp_path / "b", {**hidden, **STAFF}, embedder)
    for name in hidden:
        both.set_readers(BASE, name, groups=["board"])
    for question in ("When are wages paid?", "merger", "secrt", "the cat", "earn"):
        seen = [
            [(p.file, p.score, p.why) for p in bases.search(BASE, question, 10, reader=Reader(name="eve"))]
            for bases in (without, both)
        ]
        assert seen[0] == seen[1]


def test_a_flow_reads_for_its_reader(tmp_path: Path) -> None:
    import asyncio

    bases = filled(tmp_path, STAFF)
    bases.set_readers(BASE, "wages.txt", owner="ann")
    for reader, count in ((OWNER, 1), (Reader(name="ann"), 1), (Reader(name="bob"), 0)):
        knowledge = FlowKnowledge(bases, "other", reader).of("f")
        assert len(asyncio.run(knowledge.search("main", "wages", 4))) == count


DAY = datetime(2026, 3, 1, tzinfo=UTC)


@pytest.mark.parametrize("embedder", [None, Topics()])
@pytest.mark.parametrize(
    ("only", "found"),
    [
        (Filter(), ["a.txt", "b.txt", "c.txt"]),
        (Filter(files=("b.txt", "none.txt")), ["b.txt"]),
        (Filter(tags=("hr",)), ["a.txt", "b.txt"]),
        (Filter(tags=("hr", "it")), ["a.txt", "b.txt", "c.txt"]),
        (Filter(tags=("hr",), files=("c.txt",)), []),
        (Filter(since=datetime(2026, 2, 1)), ["a.txt", "c.txt"]),
        (Filter(until=datetime(2026, 2, 1, tzinfo=UTC)), ["b.txt"]),
        (Filter(since=DAY, until=DAY), ["a.txt"]),
    ],
)
def test_filters(tmp_path: Path, only: Filter, found: list[str], embedder: Topics | None) -> None:
    bases = KnowledgeBases(tmp_path, embedder)
    early = datetime(2025, 1, 1, tzinfo=UTC)
    for name, tags, at in (("a", ["hr"], DAY), ("b", ["hr"], early), ("c", ["it"], None)):
        about = About(tags=tuple(tags), modified_at=at)
        bases.add(BASE, f"{name}.txt", b"Wages are paid monthly.", about=about)
    assert sorted(names(bases.search(BASE, "wages", 9, only))) == found


def test_what_was_said_of_a_file_outlives_its_replacement(tmp_path: Path) -> None:
    bases = filled(tmp_path, STAFF)
    bases.set_tags(BASE, "wages.txt", ["hr", " hr ", "", "pay"])
    bases.set_readers(BASE, "wages.txt", groups=["staff"])
    bases.add(BASE, "wages.txt", b"Wages are paid weekly.")
    file = next(file for file in bases.files(BASE) if file.name == "wages.txt")
    assert (file.tags, file.groups) == (("hr", "pay"), ("staff",))
    bases.remove(BASE, "wages.txt")
    bases.add(BASE, "wages.txt", b"Wages are paid weekly.")
    assert bases.files(BASE)[-1].tags == ()
    with pytest.raises(Exception, match="never"):
        bases.set_tags(BASE, "never.txt", ["a"])
    assert len(bases.files(BASE)) == 3


# How files are cut


def test_a_base_is_cut_as_it_is_told(tmp_path: Path) -> None:
    text = "# One\n\n" + "Words about this thing. " * 40 + "\n\n# Two\n\n" + "Words about that. " * 40
    bases = KnowledgeBases(tmp_path)
    assert bases.add(BASE, "a.md", text.encode()).passages == 3
    bases.set_tags(BASE, "a.md", ["t"])
    before = bases.files(BASE)[0]
    shown = preview(bases.document(BASE, "a.md"), 200, 20)
    bases.cut_anew(BASE, Cutting(size=200, overlap=20))
    (after,) = bases.files(BASE)
    assert after == before.model_copy(update={"passages": len(shown)})
    found = bases.search(BASE, "words about that thing", 50)
    assert {passage.heading for passage in found} == {"One", "Two"}
    assert max(len(passage.text) for passage in found) <= 200
    assert bases.add(BASE, "b.md", text.encode()).passages == len(shown)
    assert KnowledgeBases(tmp_path).about(BASE).cutting.size == 200


def test_cutting_anew_goes_on_where_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files = {f"{n}.txt": f"Sentence number {n}. " * 60 for n in range(3)}
    bases = filled(tmp_path, files)
    real, done = KnowledgeBases.add_document, []

    def add(self: KnowledgeBases, base: str, name: str, *rest: object) -> object:
        if len(done) == 1:
            raise RuntimeError("power cut")
        done.append(name)
        return real(self, base, name, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(KnowledgeBases, "add_document", add)
    with pytest.raises(RuntimeError):
        bases.cut_anew(BASE, Cutting(size=300))
    monkeypatch.undo()
    again = KnowledgeBases(tmp_path)
    told: list[float] = []
    again.cut_anew(BASE, Cutting(size=300), told.append)
    assert len(told) == 2
    assert all(len(passage.text) <= 300 for passage in again.search(BASE, "sentence", 50))


# Many, and old


def is_graph(bases: KnowledgeBases) -> bool:
    with bases.store(BASE).reading() as db:
        return vectors_module.is_graph(bases.store(BASE)._index(db))


def test_a_graph_takes_over_from_many_passages_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vectors_module, "HNSW_FROM", 20)
    files = {f"{n:02}.txt": f"The pet number {n} is a {'dog' if n % 2 else 'cat'}." for n in range(30)}
    bases = filled(tmp_path, files, Topics())
    assert is_graph(bases)
    assert len(bases.search(BASE, "any pet", 40)) == 30
    few = Filter(files=("03.txt", "04.txt"))
    assert sorted(names(bases.search(BASE, "any pet", 40, few))) == ["03.txt", "04.txt"]
    most = Filter(files=tuple(list(files)[:25]))
    assert len(bases.search(BASE, "any pet", 40, most)) == 25
    for name in list(files)[:12]:
        bases.remove(BASE, name)
        assert name not in names(bases.search(BASE, "any pet", 40))
    assert len(bases.search(BASE, "any pet", 40)) == 18
    assert len(KnowledgeBases(tmp_path, Topics()).search(BASE, "any pet", 40)) == 18
    for name in list(files)[12:16]:
        bases.remove(BASE, name)
    assert not is_graph(bases)
    assert len(bases.search(BASE, "any pet", 40)) == 14


def test_a_base_of_the_first_version_is_read(tmp_path: Path) -> None:
    folder = tmp_path / "f" / "main"
    folder.mkdir(parents=True)
    with sqlite3.connect(folder / "rows.sqlite") as db:
        db.executescript("""
CREATE TABLE passages (id INTEGER PRIMARY KEY AUTOINCREMENT, file TEXT NOT NULL, page INTEGER,
    start INTEGER NOT NULL, heading TEXT NOT NULL, text TEXT NOT NULL);
CREATE TABLE files (name TEXT PRIMARY KEY, size INTEGER, pages INTEGER, passages INTEGER, added_at TEXT, text TEXT);
CREATE TABLE state (one INTEGER PRIMARY KEY CHECK (one = 1), revision INTEGER, checksum TEXT, embedder TEXT);
INSERT INTO state VALUES (1, 3, 'old', 'words-1');
INSERT INTO files VALUES ('a.txt', 12, NULL, 1, '2026-01-01T00:00:00+00:00', 'Cats sleep a lot.');
INSERT INTO passages VALUES (7, 'a.txt', NULL, 0, '', 'Cats sleep a lot.');
""")
    db.close()
    (folder / "index-3.faiss").write_bytes(b"of another time")
    bases = KnowledgeBases(tmp_path)
    assert bases.search(BASE, "cat", 1)[0].text == "Cats sleep a lot."
    assert bases.text(BASE, "a.txt") == "Cats sleep a lot."
    bases.cut_anew(BASE, Cutting(size=100))
    bases.add(BASE, "b.txt", b"Dogs bark.")
    assert [file.name for file in bases.files(BASE)] == ["a.txt", "b.txt"]
    assert [path.name for path in folder.glob("*.faiss")] == []
