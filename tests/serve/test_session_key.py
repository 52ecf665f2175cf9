"""The key of a data folder: made once, kept for its owner alone, shown to nobody."""

import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from flowloom.serve.session_key import FILE, SessionKey, session_key


def test_it_outlives_the_app_and_is_its_owner_s(tmp_path: Path) -> None:
    first = session_key(tmp_path / "home")
    assert session_key(tmp_path / "home") == first
    assert len(first.value) == 43
    if os.name == "posix":
        assert (tmp_path / "home" / FILE).stat().st_mode & 0o777 == 0o600
    assert os.listdir(tmp_path / "home") == [FILE]


def test_two_that_start_together_have_one_key(tmp_path: Path) -> None:
    for number in range(20):
        with ThreadPoolExecutor(4) as pool:
            found = set(pool.map(lambda _, at=tmp_path / str(number): session_key(at).value, range(4)))
        assert len(found) == 1


@pytest.mark.parametrize("damaged", [b"", b"short", b"\xff" * 50])
def test_a_damaged_one_is_made_anew(tmp_path: Path, damaged: bytes) -> None:
    (tmp_path / FILE).write_bytes(damaged)
    made = session_key(tmp_path)
    assert len(made.value) == 43
    assert session_key(tmp_path) == made


@pytest.mark.skipif(os.name != "posix", reason="permissions")
def test_one_that_others_could_read_is_closed(tmp_path: Path) -> None:
    session_key(tmp_path)
    (tmp_path / FILE).chmod(0o644)
    session_key(tmp_path)
    assert (tmp_path / FILE).stat().st_mode & 0o777 == 0o600


def test_a_folder_that_takes_no_file_still_lets_its_owner_in(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    assert len(session_key(tmp_path / "file").value) == 43


def test_it_is_not_shown() -> None:
    key = SessionKey("s3cret")
    assert "s3cret" not in f"{key} {key!r} {key.stamp('8501')}"


def test_nothing_is_never_the_key() -> None:
    assert not SessionKey("").opens("")
    assert not SessionKey("a").opens("")
    assert SessionKey("").age(SessionKey("").stamp("1"), "1") is None
