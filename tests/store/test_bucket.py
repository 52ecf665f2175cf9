"""Files of conversations in a bucket, by a server that speaks S3: whole, private, gone with their conversation."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from flowloom.errors import StoreError
from flowloom.kinds.values import Attachment
from flowloom.store import bucket
from flowloom.store.bucket import LEAST, VARIABLE, Bucket, stored_files
from flowloom.store.dataset_files import read_file
from flowloom.store.visitor_records import VisitorRecords
from flowloom.workspace import Workspace
from tests.store.s3 import bucket_named

BIG, SMALL = b"long. " * LEAST, b"short"


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with bucket_named("school-files") as found:
        yield found


@pytest.fixture
def home(address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Workspace]:
    monkeypatch.setenv(VARIABLE, address)
    found = Workspace(tmp_path / "home")
    yield found
    found.close()


def kept(home: Workspace, data: bytes = BIG) -> tuple[str, Attachment]:
    conversation = home.runs.new_conversation("trips")
    return conversation, home.runs.save_attachment(conversation, "notes.txt", "text/plain", data)


def objects(home: Workspace) -> set[str]:
    assert home.runs.bucket
    files = home.runs.bucket._files
    return {path.rpartition("/")[2] for path in files.find("school-files/flowloom")}


def rows(home: Workspace) -> list[tuple[str, bytes]]:
    return [
        (facts, bytes(data)) for facts, data in home._db.all("SELECT facts, data FROM attachments ORDER BY rowid")
    ]


pytestmark = pytest.mark.slow


def test_what_is_large_lies_in_the_bucket_and_is_read_from_there(home: Workspace) -> None:
    conversation, file = kept(home)
    _, small = kept(home, SMALL)
    assert file.id in objects(home)
    assert small.id not in objects(home)
    assert [data for _, data in rows(home)] == [b"", SMALL]
    found = home.runs.file_in(conversation, file.id)
    assert found
    assert (found[0].name, found[1]) == ("notes.txt", BIG)
    assert home.runs.bytes_of(conversation, file.id) == BIG
    again = home.runs.read_again(conversation, file.id)
    assert again
    assert again.text.startswith("long.")


def test_it_leaves_the_bucket_with_its_conversation(home: Workspace) -> None:
    conversation, file = kept(home)
    other, stays = kept(home)
    VisitorRecords(home._db).delete(conversation)
    assert file.id in objects(home)
    home.runs.empty_dropped()
    assert file.id not in objects(home)
    assert home.runs.bytes_of(other, stays.id) == BIG
    home.runs.empty_dropped()
    home.runs.delete_of("trips")
    home.runs.empty_dropped()
    assert stays.id not in objects(home)


def test_what_was_changed_there_is_not_handed_out(home: Workspace) -> None:
    conversation, file = kept(home)
    assert home.runs.bucket
    home.runs.bucket._files.pipe_file(home.runs.bucket._place(file.id), BIG + b"!")
    with pytest.raises(StoreError, match="isn’t as it was saved"):
        home.runs.bytes_of(conversation, file.id)
    home.runs.bucket._files.rm_file(home.runs.bucket._place(file.id))
    with pytest.raises(StoreError, match="no such file"):
        home.runs.bytes_of(conversation, file.id)


def test_where_the_bucket_is_away_nothing_is_half_kept_or_lost(
    home: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    conversation, _ = kept(home)
    before, there = rows(home), home.runs.bucket
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    home.runs.bucket = Bucket("s3://school-files/flowloom")
    with pytest.raises(StoreError, match="can’t be used right now") as told:
        kept(home)
    assert "testing" not in str(told.value)
    assert rows(home) == before
    VisitorRecords(home._db).delete(conversation)
    with pytest.raises(StoreError):
        home.runs.empty_dropped()
    waiting = home._db.all("SELECT id FROM dropped_files")
    assert len(waiting) == 1
    home.runs.bucket = there
    home.runs.empty_dropped()
    assert not home._db.all("SELECT id FROM dropped_files")


def test_a_backup_holds_them_and_comes_back_without_the_bucket(
    home: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    conversation, file = kept(home)
    home.backups.save_all(tmp_path / "all.flowloom.zip")
    assert home.runs.bytes_of(conversation, file.id) == BIG
    monkeypatch.delenv(VARIABLE)
    other = Workspace(tmp_path / "other")
    try:
        other.backups.restore_all(tmp_path / "all.flowloom.zip")
        assert other.runs.bytes_of(conversation, file.id) == BIG
        assert "stored" not in json.loads(rows(other)[0][0])
    finally:
        other.close()
    home.backups.restore_all(tmp_path / "all.flowloom.zip")
    assert home.runs.bytes_of(conversation, file.id) == BIG


def test_without_the_bucket_its_files_say_so(home: Workspace) -> None:
    conversation, file = kept(home)
    home.runs.bucket = None
    with pytest.raises(StoreError, match="started without one"):
        home.runs.bytes_of(conversation, file.id)


def test_a_visitor_s_files_count_wherever_they_lie(home: Workspace) -> None:
    conversation = home.runs.new_conversation("trips", visitor="v", via="page")
    home.runs.save_attachment(conversation, "notes.txt", "text/plain", BIG)
    assert VisitorRecords(home._db).size_of("trips", "v") == len(BIG)


@pytest.mark.parametrize(
    "address", ["school", "s3://", "s3://A", "https://x/y", "s3://b-b/../x", "file:///etc", "s3://b-b/a b"]
)
def test_what_is_no_address_of_a_bucket_is_refused_at_the_start(address: str, tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="isn’t the address"):
        Bucket(address)


def test_without_the_package_it_is_said_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "s3fs", None)
    with pytest.raises(StoreError, match="isn’t installed"):
        bucket.Bucket("s3://school-files").keep("x", BIG)


def test_files_of_rows_lie_there_each_gpt_its_own_and_come_back(home: Workspace, tmp_path: Path) -> None:
    files = home.datasets.files
    small, big = (read_file(f"{len(data)}.txt", "text/plain", data) for data in (SMALL, BIG))
    for flow in ("trips", "games"):
        files.keep(flow, small, SMALL)
        files.keep(flow, big, BIG)
        files.keep(flow, big, BIG)
        assert (files.read(flow, small), files.read(flow, big)) == (SMALL, BIG)
        assert files.whole(flow, big).text
    ours = set(stored_files(home._db))
    assert len(ours) == 2
    assert ours <= objects(home)
    home.backups.save_all(tmp_path / "all.flowloom.zip")
    files.delete_of("games")
    home.runs.empty_dropped()
    assert len(ours & objects(home)) == 1
    assert files.read("trips", big) == BIG
    home.backups.restore_all(tmp_path / "all.flowloom.zip")
    home.runs.empty_dropped()
    assert not ours & objects(home)
    assert [files.read(flow, big) for flow in ("trips", "games")] == [BIG, BIG]
    files.bucket = Bucket("s3://no-such-bucket/x")
    with pytest.raises(StoreError, match="can’t be used right now"):
        files.keep("plays", big, BIG)
    assert files._row("plays", big) is None
    files.bucket = None
    assert files.read("trips", big) == BIG
