"""Documents whose whole text lies in a bucket: read, cut anew, copied, packed, saved and let go of as any other."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from flowloom.errors import FlowloomError, KnowledgeError, StoreError
from flowloom.exchange.exporters.documents import documents_in
from flowloom.exchange.packing import Found, packed
from flowloom.flow.model import Flow
from flowloom.services.knowledge.bases import KnowledgeBases
from flowloom.services.knowledge.chunks import Cutting
from flowloom.services.knowledge.loaders import read_document
from flowloom.services.knowledge.rows import TABLES
from flowloom.services.knowledge.texts import marks_below
from flowloom.store.bucket import LEAST, VARIABLE, Bucket
from flowloom.store.document_texts import TextsInBucket, id_of
from flowloom.workspace import Workspace
from tests.store.s3 import bucket_named

BASE, NAME = "trips/main", "rules.txt"
LINE = "Rule {}: the bus to the Véritable museum leaves at nine. "
TEXT = "\n\n".join(LINE.format(number) * 40 for number in range(40))
OTHER = TEXT.replace("nine", "ten")
SMALL = "The bus leaves at nine."
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with bucket_named("school-documents") as found:
        yield found


@pytest.fixture
def home(address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Workspace]:
    # Each test has a folder of its own in the bucket.
    monkeypatch.setenv(VARIABLE, f"{address}/{tmp_path.name}")
    found = Workspace(tmp_path / "home")
    # By words: how passages are found is no matter of where the text lies.
    found.knowledge._embedder = None
    yield found
    found.close()


def add(home: Workspace, text: str = TEXT, base: str = BASE, name: str = NAME) -> None:
    home.knowledge.add(base, name, text.encode())


def objects(home: Workspace) -> set[str]:
    """What is in the bucket after a sweep."""
    home.runs.empty_dropped()
    bucket = home.runs.bucket
    assert bucket
    return {path.rpartition("/")[2] for path in bucket._files.find(bucket._folder)}


def named(home: Workspace) -> set[str]:
    return {id_of(mark) for mark in marks_below(home.knowledge.folder)}


def row(home: Workspace, base: str = BASE, name: str = NAME) -> tuple[str, str]:
    with home.knowledge.store(base).reading() as db:
        found: tuple[str, str] = db.execute("SELECT text, stored FROM files WHERE name = ?", (name,)).fetchone()
    return found


def away(home: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    there = home.runs.bucket
    assert there
    home.knowledge._texts = TextsInBucket(Bucket(f"s3://{there._folder}"), home._db)


def test_a_large_one_lies_in_the_bucket_and_is_used_like_any_other(home: Workspace) -> None:
    add(home)
    add(home, SMALL, name="small.txt")
    text, mark = row(home)
    assert text == ""
    assert objects(home) == {id_of(mark)} == named(home)
    assert row(home, name="small.txt") == (SMALL, "")
    assert home.knowledge.text(BASE, NAME) == TEXT == home.knowledge.readable(BASE, NAME)
    [file] = [file for file in home.knowledge.files(BASE) if file.name == NAME]
    assert not file.only_passages
    assert home.knowledge.search(BASE, "bus museum", 3)
    [(_, out)] = packed([Found("main", BASE, file, NAME)], home.knowledge)
    assert getattr(out, "text", "") == TEXT
    assert documents_in(home.knowledge)("trips", "main").texts[NAME] == TEXT


def test_cut_anew_it_is_the_same_text_in_other_passages(home: Workspace) -> None:
    add(home)
    before = home.knowledge.files(BASE)[0].passages
    home.knowledge.cut_anew(BASE, Cutting(size=300, overlap=0))
    assert home.knowledge.files(BASE)[0].passages > before
    assert home.knowledge.text(BASE, NAME) == TEXT
    assert objects(home) == named(home)


def test_it_leaves_the_bucket_when_it_is_replaced_removed_or_goes_with_its_base(home: Workspace) -> None:
    add(home)
    first = objects(home)
    add(home, OTHER)
    second = objects(home)
    assert first.isdisjoint(second)
    assert home.knowledge.text(BASE, NAME) == OTHER
    add(home, SMALL)
    assert objects(home) == set()
    add(home)
    home.knowledge.remove(BASE, NAME)
    assert objects(home) == set()
    for base in (BASE, "trips/more", "games/main"):
        add(home, base=base)
    home.knowledge.delete_all("trips")
    assert objects(home) == named(home) == {id_of(row(home, "games/main")[1])}


def test_a_copy_has_a_text_of_its_own(home: Workspace) -> None:
    add(home)
    add(home, OTHER, base="games/main")
    home.knowledge.copy(BASE, "games/main")
    assert len(objects(home)) == 2
    home.knowledge.delete_all("trips")
    assert objects(home) == named(home)
    assert home.knowledge.text("games/main", NAME) == TEXT


def test_where_the_bucket_is_away_everything_is_as_it_was(home: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    add(home)
    before, there = row(home), home.knowledge._texts
    assert objects(home) == {id_of(before[1])}
    away(home, monkeypatch)
    for act in (
        lambda: add(home, OTHER),
        lambda: home.knowledge.copy(BASE, "games/main"),
        lambda: home.knowledge.text(BASE, NAME),
        lambda: home.knowledge.cut_anew(BASE, Cutting(size=300, overlap=0)),
    ):
        with pytest.raises(KnowledgeError, match="can’t be used right now") as told:
            act()
        assert "testing" not in str(told.value)
    assert row(home) == before
    assert not home.knowledge.exists("games/main")
    assert home.knowledge.search(BASE, "bus museum", 3)
    home.knowledge.remove(BASE, NAME)
    assert home._db.all("SELECT id FROM dropped_files") == [(id_of(before[1]),)]
    home.knowledge._texts = there
    assert objects(home) == set()


def test_what_waits_to_be_indexed_says_why_it_failed(home: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    away(home, monkeypatch)
    [ended] = home.ingest.ingest(BASE, [(NAME, TEXT.encode())])
    assert ended.state == "failed"
    assert ended.problem
    assert ended.problem.code == "store.bucket"
    assert home.knowledge.files(BASE) == []


def test_a_change_that_fails_leaves_nothing_in_the_bucket(home: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise KnowledgeError("The disk is full.", "Free some.")

    add(home)
    before = objects(home)
    with monkeypatch.context() as patch:
        patch.setattr(type(home.knowledge.store(BASE)), "change", fail)
        with pytest.raises(KnowledgeError, match="disk is full"):
            add(home, OTHER)
    assert objects(home) == before
    assert home.knowledge.text(BASE, NAME) == TEXT


def test_what_was_changed_or_is_gone_there_is_not_handed_out(home: Workspace) -> None:
    add(home)
    bucket = home.runs.bucket
    assert bucket
    place = bucket._place(id_of(row(home)[1]))
    bucket._files.pipe_file(place, b"Somebody else's text")
    with pytest.raises(KnowledgeError, match="isn’t as it was saved"):
        home.knowledge.text(BASE, NAME)
    with pytest.raises(StoreError, match="isn’t as it was saved"):
        home.backups.save_all(home.home / "all.flowloom.zip")
    assert not (home.home / "all.flowloom.zip").exists()
    bucket._files.rm_file(place)
    with pytest.raises(KnowledgeError, match="no such file"):
        home.knowledge.text(BASE, NAME)


def test_a_backup_holds_it_and_comes_back_with_a_bucket_or_without(
    home: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    add(home)
    path = tmp_path / "all.flowloom.zip"
    home.backups.save_all(path)
    assert home.knowledge.text(BASE, NAME) == TEXT
    with monkeypatch.context() as patch:
        patch.delenv(VARIABLE)
        other = Workspace(tmp_path / "other")
        try:
            other.backups.restore_all(path)
            assert other.knowledge.text(BASE, NAME) == TEXT
            assert named(other) == set()
        finally:
            other.close()
    add(home, OTHER)
    home.backups.restore_all(path)
    again = Workspace(home.home)
    try:
        assert again.knowledge.text(BASE, NAME) == TEXT
        assert objects(again) == set()
    finally:
        again.close()


def test_a_backup_made_without_the_bucket_loses_nothing_there(
    home: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    add(home)
    path = tmp_path / "all.flowloom.zip"
    with monkeypatch.context() as patch:
        patch.delenv(VARIABLE)
        home.backups.save_all(path)
    home.backups.restore_all(path)
    assert objects(home) == named(home) != set()
    assert home.knowledge.text(BASE, NAME) == TEXT


def test_without_the_bucket_it_can_be_searched_and_says_why_it_is_not_shown(home: Workspace) -> None:
    add(home)
    home.knowledge._texts = TextsInBucket(None, home._db)
    assert home.knowledge.search(BASE, "bus museum", 3)
    with pytest.raises(FlowloomError, match="started without one"):
        home.knowledge.text(BASE, NAME)
    add(home, OTHER)
    assert row(home) == (OTHER, "")
    assert objects(home) == set()


def test_rows_of_an_earlier_version_are_read_and_their_new_texts_lie_there(home: Workspace, tmp_path: Path) -> None:
    folder = home.knowledge.folder / BASE
    folder.mkdir(parents=True)
    with closing(sqlite3.connect(folder / "rows.sqlite")) as db:
        db.executescript(TABLES)
        db.execute("INSERT INTO files VALUES ('old.txt', 3, NULL, 1, '2026-01-01T00:00:00', ?)", (TEXT,))
        db.commit()
    assert home.knowledge.text(BASE, "old.txt") == TEXT
    add(home)
    assert objects(home) == {id_of(row(home)[1])}
    assert row(home, name="old.txt") == (TEXT, "")


def test_the_text_that_is_put_there_is_large_enough(home: Workspace) -> None:
    assert len(TEXT) > LEAST > len(SMALL)
    assert read_document(NAME, TEXT.encode()).text == TEXT
    assert KnowledgeBases(home.home / "beside").files(BASE) == []


def test_a_gpt_that_cannot_be_duplicated_whole_is_not_duplicated(
    home: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    flow = home.flows.create(Flow(name="Trips"))
    add(home, base=f"{flow.id}/main")
    away(home, monkeypatch)
    with pytest.raises(KnowledgeError, match="can’t be used right now"):
        home.intake.duplicate(flow.id, "Trips (copy)")
    assert [entry.id for entry in home.flows.entries()] == [flow.id]
