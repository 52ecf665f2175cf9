"""Files of a window: there until it closes, and nothing stays of what is cut off, refused or left behind."""

import os
import time
from pathlib import Path

import pytest

from flowloom.errors import FlowFileError
from flowloom.store import uploads
from flowloom.store.uploads import LEFT_OVER, Uploads


@pytest.fixture
def kept(tmp_path: Path) -> Uploads:
    return Uploads(tmp_path / "uploads")


def put(kept: Uploads, window: str, name: str, data: bytes = b"x") -> None:
    with kept.coming(window, name) as file:
        file.write(data)


def on_disk(tmp_path: Path) -> int:
    return len(list((tmp_path / "uploads").glob("*")))


def test_files_are_of_their_window(kept: Uploads, tmp_path: Path) -> None:
    put(kept, "one", "a.json", b"abc")
    put(kept, "one", "../b.json")
    put(kept, "two", "c.json")
    assert [(each.name, each.size) for each in kept.of("one")] == [("a.json", 3), ("../b.json", 1)]
    assert all(each.path.parent == tmp_path / "uploads" for each in kept.of("one"))
    assert kept.of("one")[0].path.read_bytes() == b"abc"
    kept.remove("one", kept.of("one")[0].id)
    assert [each.name for each in kept.of("one")] == ["../b.json"]
    kept.remove("one")
    assert on_disk(tmp_path) == 1
    kept.close()
    assert on_disk(tmp_path) == 0


def test_nothing_stays_of_what_is_cut_off(kept: Uploads, tmp_path: Path) -> None:
    coming = kept.coming("one", "a")
    coming.__enter__().write(b"half")
    cut = OSError("cut")
    assert not coming.__exit__(OSError, cut, None)
    assert on_disk(tmp_path) == 0
    assert kept.of("one") == []


def test_only_the_owner_may_read_them(kept: Uploads) -> None:
    put(kept, "one", "a")
    assert os.name == "nt" or kept.of("one")[0].path.stat().st_mode & 0o077 == 0


def test_what_a_process_left_behind_goes(kept: Uploads, tmp_path: Path) -> None:
    for name in ("old", "new"):
        put(kept, name, name)
    old, new = kept.of("old")[0].path, kept.of("new")[0].path
    os.utime(old, (time.time() - LEFT_OVER - 60,) * 2)
    Uploads(tmp_path / "uploads")
    assert not old.exists()
    assert new.exists()
    put(kept, "new", "another")
    assert kept.of("old") == []


@pytest.mark.parametrize(("bytes_", "files"), [(3, 10), (100, 1)])
def test_there_is_an_end_to_it(kept: Uploads, monkeypatch: pytest.MonkeyPatch, bytes_: int, files: int) -> None:
    monkeypatch.setattr(uploads, "MOST_BYTES", bytes_)
    monkeypatch.setattr(uploads, "MOST_FILES", files)
    put(kept, "one", "a", b"ab")
    with pytest.raises(FlowFileError, match="too much at once"):
        kept.check_room("one", 2)
    kept.check_room("another", 2)
