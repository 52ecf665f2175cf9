"""The sentences of passages get their vectors while nobody waits, and lose them with their passages."""

import sqlite3
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from flowloom.kinds.values import Passage
from flowloom.services.knowledge import best_sentences, sentence_rows
from flowloom.services.knowledge.bases import KnowledgeBases
from flowloom.services.knowledge.ingest import Ingest
from flowloom.services.knowledge.readiness import Readiness
from flowloom.services.knowledge.sentence_encoder import SentenceEncoder
from tests.services.test_best_sentences import HANDBOOK
from tests.services.test_knowledge_search import BASE

QUESTION = "How long may I go on vacation?"


class OnlyQuestions(SentenceEncoder):
    """What is asked has a vector; nothing else may be encoded any more."""

    def embed_documents(self, texts: Sequence[str]) -> Any:
        assert list(texts) == [QUESTION]
        return super().embed_documents(texts)


def taken_in(folder: Path, files: dict[str, str] = HANDBOOK) -> KnowledgeBases:
    bases = KnowledgeBases(folder, SentenceEncoder())
    readiness = Readiness(bases)
    Ingest(bases, readiness).ingest(BASE, [(name, text.encode()) for name, text in files.items()])
    assert readiness.wait()
    return bases


def kept(folder: Path) -> list[int]:
    with sqlite3.connect(folder / BASE / "rows.sqlite") as db:
        return [row[0] for row in db.execute("SELECT passage FROM sentences ORDER BY passage")]


def asked(bases: KnowledgeBases) -> list[Passage]:
    best_sentences._kept = best_sentences._Kept()
    return bases.search(BASE, QUESTION, 3)


def test_the_first_question_compares_sentences_without_encoding_them(tmp_path: Path) -> None:
    taken_in(tmp_path)
    found = asked(KnowledgeBases(tmp_path, OnlyQuestions()))
    assert found[0].why is not None
    assert found[0].why.sentence == "Full-time employees receive 25 days of paid leave a year."


def test_what_is_found_is_the_same_before_and_after(tmp_path: Path) -> None:
    bases = KnowledgeBases(tmp_path, SentenceEncoder())
    for name, text in HANDBOOK.items():
        bases.add(BASE, name, text.encode())
    before = asked(bases)
    assert bases.prepare_some(BASE)
    assert not bases.prepare_some(BASE)
    after = asked(bases)
    assert [each.file for each in after] == [each.file for each in before]
    assert [each.score for each in after] == pytest.approx([each.score for each in before], abs=1e-3)


def test_they_go_with_their_passages(tmp_path: Path) -> None:
    bases = taken_in(tmp_path)
    assert kept(tmp_path) == [1, 2, 3]
    bases.remove(BASE, "leave.md")
    assert kept(tmp_path) == [2, 3]
    bases.add(BASE, "laptops.md", b"Laptops are replaced every five years.")
    assert kept(tmp_path) == [3]


def test_those_of_another_encoder_count_for_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bases = taken_in(tmp_path)
    with sqlite3.connect(tmp_path / BASE / "rows.sqlite") as db:
        db.execute("UPDATE sentences SET vectors = zeroblob(length(vectors))")
    assert asked(bases)[0].why.sentence == ""  # type: ignore[union-attr]
    monkeypatch.setattr(sentence_rows, "_SPLITTING", 2)
    assert asked(bases)[0].why.sentence  # type: ignore[union-attr]
    assert bases.prepare_some(BASE)
    assert asked(KnowledgeBases(tmp_path, OnlyQuestions()))[0].why.sentence  # type: ignore[union-attr]


def test_a_large_base_gets_them_for_its_first_passages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sentence_rows, "MOST", 2)
    bases = taken_in(tmp_path)
    assert kept(tmp_path) == [1, 2]
    assert asked(bases)[0].file == "leave.md"


@pytest.mark.parametrize("text", ["12345 67890", "?!", "…"])
def test_a_passage_without_a_sentence_is_done_too(tmp_path: Path, text: str) -> None:
    bases = taken_in(tmp_path, {"odd.txt": text, "leave.md": HANDBOOK["leave.md"]})
    assert not bases.prepare_some(BASE)
    assert asked(bases)[0].file == "leave.md"


def test_without_an_encoder_there_is_nothing_to_prepare(tmp_path: Path) -> None:
    bases = KnowledgeBases(tmp_path)
    assert not bases.prepare_some(BASE)
    bases.add(BASE, "leave.md", HANDBOOK["leave.md"].encode())
    assert not bases.prepare_some(BASE)
