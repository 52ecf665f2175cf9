"""Bases are made ready while nobody waits, and what was made is mapped rather than made again."""

from pathlib import Path

import pytest

from flowloom.errors import KnowledgeError
from flowloom.services.knowledge import faiss_store
from flowloom.services.knowledge.bases import KnowledgeBases
from flowloom.services.knowledge.ingest import Ingest
from flowloom.services.knowledge.readiness import Readiness
from flowloom.services.knowledge.rows import BaseGone
from flowloom.services.knowledge.word_index import WordIndex

BASE = "f/main"
FILES = {"bees.txt": b"The harvest of honey is in July.", "cats.txt": b"Cats sleep for most of the day."}


def filled(folder: Path) -> KnowledgeBases:
    bases = KnowledgeBases(folder)
    for name, data in FILES.items():
        bases.add(BASE, name, data)
    return bases


def never_made(monkeypatch: pytest.MonkeyPatch) -> None:
    def of(rows: object) -> WordIndex:
        raise AssertionError("an index was made that lay on the disk")

    monkeypatch.setattr(faiss_store.WordIndex, "of", of)


def found(bases: KnowledgeBases, question: str) -> list[tuple[str, float]]:
    return [(passage.file, passage.score or 0.0) for passage in bases.search(BASE, question, 3)]


def test_after_a_start_the_first_question_finds_the_index_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = found(filled(tmp_path), "When is honey harvested?")
    assert before[0][0] == "bees.txt"
    never_made(monkeypatch)
    assert found(KnowledgeBases(tmp_path), "When is honey harvested?") == before


@pytest.mark.parametrize("work", ["make_ready", "prepare_some", "renew"])
def test_what_is_done_in_the_background_brings_no_deleted_base_back(tmp_path: Path, work: str) -> None:
    """It may have looked for the base a moment before it was deleted."""
    bases = filled(tmp_path)
    store = bases.store(BASE)
    bases.delete_all(BASE)
    with pytest.raises(BaseGone, match="no longer exists"):
        getattr(store, work)()
    assert not bases.exists(BASE)


def test_a_search_brings_no_deleted_base_back(tmp_path: Path) -> None:
    bases = filled(tmp_path)
    store = bases.store(BASE)
    bases.delete_all(BASE)
    assert store.find("When is honey harvested?", 3) == []
    assert not bases.exists(BASE)


def test_what_was_taken_in_is_made_ready_in_the_background(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bases = KnowledgeBases(tmp_path)
    readiness = Readiness(bases)
    Ingest(bases, readiness).ingest(BASE, list(FILES.items()))
    assert readiness.wait()
    never_made(monkeypatch)
    assert found(KnowledgeBases(tmp_path), "Do cats sleep?")[0][0] == "cats.txt"


def test_a_change_forgets_the_words_of_before(tmp_path: Path) -> None:
    bases = filled(tmp_path)
    found(bases, "honey")
    assert list(tmp_path.glob("f/main/words-*"))
    bases.remove(BASE, "bees.txt")
    assert not list(tmp_path.glob("f/main/words-*"))
    assert found(bases, "honey") == []
    assert len(list(tmp_path.glob("f/main/words-*"))) == 1


@pytest.mark.parametrize("name", ["names.json", "ids.npy", "files.npy", "bm25", "bm25/params.index.json"])
@pytest.mark.parametrize("damage", [b"", b"{", None])
def test_a_damaged_index_is_made_again(tmp_path: Path, name: str, damage: bytes | None) -> None:
    before = found(filled(tmp_path), "honey")
    path = next(tmp_path.glob("f/main/words-*")) / name
    if path.is_dir():
        for each in path.iterdir():
            each.unlink() if damage is None else each.write_bytes(damage)
    elif damage is None:
        path.unlink()
    else:
        path.write_bytes(damage)
    assert found(KnowledgeBases(tmp_path), "honey") == before


def test_readers_find_only_what_they_may_read(tmp_path: Path) -> None:
    from flowloom.kinds.values import Reader

    bases = filled(tmp_path)
    bases.set_readers(BASE, "bees.txt", owner="ada")
    bases.make_ready(BASE)
    stranger = KnowledgeBases(tmp_path).search(BASE, "honey in July", 3, reader=Reader(name="bob"))
    assert [passage.file for passage in stranger if passage.file == "bees.txt"] == []


def test_what_cannot_be_made_ready_harms_nobody(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bases = filled(tmp_path)

    def broken(base: str) -> None:
        raise KnowledgeError("no")

    monkeypatch.setattr(bases, "make_ready", broken)
    readiness = Readiness(bases)
    readiness.ask_for(BASE)
    readiness.ask_for("not/there")
    assert readiness.wait()
