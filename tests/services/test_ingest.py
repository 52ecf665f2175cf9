"""Many files at once: each is told of, a bad one is skipped, an unchanged one not read, and a crash loses none."""

from pathlib import Path

import pytest

from flowloom.services.knowledge.bases import KnowledgeBases
from flowloom.services.knowledge.files import About
from flowloom.services.knowledge.ingest import Ingest, Progress
from flowloom.services.knowledge.loaders import document

BASE = "f/main"
FILES = [("a.txt", b"Cats sleep."), ("b.pdf", b"%PDF-1.7 broken"), ("c.txt", b"Dogs bark.")]


def states(found: list[Progress]) -> dict[str, str]:
    return {each.file: each.state for each in found}


def left(folder: Path) -> list[Path]:
    return [path for path in (folder / ".waiting").glob("*")]


def test_a_bad_file_is_named_and_the_rest_goes_on(tmp_path: Path) -> None:
    bases = KnowledgeBases(tmp_path)
    told: list[Progress] = []
    ended = Ingest(bases).ingest(BASE, FILES, told.append, About(tags=("pets",)))
    assert states(ended) == {"a.txt": "done", "b.pdf": "failed", "c.txt": "done"}
    bad = next(each for each in ended if each.problem)
    assert "b.pdf" in str(bad.problem)
    of_a = [each.done for each in told if each.file == "a.txt"]
    assert of_a == sorted(of_a)
    assert [(file.name, file.tags) for file in bases.files(BASE)] == [("a.txt", ("pets",)), ("c.txt", ("pets",))]
    assert left(tmp_path) == []


def test_only_what_changed_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bases = KnowledgeBases(tmp_path)
    ingest = Ingest(bases)
    ingest.ingest(BASE, FILES)
    read = []
    real = KnowledgeBases.add
    monkeypatch.setattr(KnowledgeBases, "add", lambda self, *given: read.append(given[1]) or real(self, *given))
    again = ingest.ingest(BASE, [FILES[0], ("c.txt", b"Dogs bark at night.")])
    assert states(again) == {"a.txt": "unchanged", "c.txt": "done"}
    assert read == ["c.txt"]


def test_what_a_crash_left_is_indexed_later(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def crash(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(KnowledgeBases, "add_document", crash)
    with pytest.raises(KeyboardInterrupt):
        Ingest(KnowledgeBases(tmp_path)).ingest(BASE, [FILES[0], FILES[2]])
    monkeypatch.undo()
    bases = KnowledgeBases(tmp_path)
    again = Ingest(bases)
    assert again.waiting(BASE) == ["a.txt", "c.txt"]
    assert again.waiting("f/other") == []
    assert states(again.run("f/other")) == {}
    assert states(again.run(BASE)) == {"a.txt": "done", "c.txt": "done"}
    assert (again.waiting(BASE), left(tmp_path)) == ([], [])
    assert len(bases.files(BASE)) == 2


def test_cancelling_keeps_what_is_done(tmp_path: Path) -> None:
    bases = KnowledgeBases(tmp_path)
    ingest = Ingest(bases)

    def stop_after_the_first(progress: Progress) -> None:
        if progress.state == "done":
            ingest.cancel(BASE)

    ended = ingest.ingest(BASE, [FILES[0], FILES[2], ("d.txt", b"Fish swim.")], stop_after_the_first)
    assert states(ended)["a.txt"] == "done"
    assert "done" not in [states(ended).get("c.txt"), states(ended).get("d.txt")]
    assert [file.name for file in bases.files(BASE)] == ["a.txt"]
    assert left(tmp_path) == []
    assert states(ingest.ingest(BASE, [FILES[2]])) == {"c.txt": "done"}


def test_a_file_too_large_is_not_even_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    large, gone = tmp_path / "large.txt", tmp_path / "gone.txt"
    with large.open("wb") as file:
        file.truncate(1_000_000_000)
    monkeypatch.setattr(Path, "read_bytes", lambda self: pytest.fail("it was read"))
    ended = Ingest(KnowledgeBases(tmp_path / "in")).put(BASE, [large])
    assert "50 MB" in str(ended[0].problem)
    monkeypatch.undo()
    ended = Ingest(KnowledgeBases(tmp_path / "in")).ingest(BASE, [gone, ("x.txt", b"y" * (document.MAX_BYTES + 1))])
    assert states(ended) == {"gone.txt": "failed", "x.txt": "failed"}
    assert left(tmp_path / "in") == []


def test_a_note_that_is_none_is_passed_over(tmp_path: Path) -> None:
    ingest = Ingest(KnowledgeBases(tmp_path))
    ingest.put(BASE, [FILES[0]])
    (tmp_path / ".waiting" / "0.json").write_text("no note")
    assert ingest.waiting(BASE) == ["a.txt"]
    ingest.delete_all("f")
    assert ingest.waiting(BASE) == []
