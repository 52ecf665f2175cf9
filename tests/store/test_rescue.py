"""A damaged database is set aside and named, what can be read of it is kept, and nothing of it is deleted."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from flowloom.cli import main
from flowloom.errors import StoreError
from flowloom.flow.model import Flow
from flowloom.store.rescue import open_file, recovery_of
from flowloom.workspace import Workspace

PAGE = 4096


def filled(folder: Path, turns: int = 400) -> str:
    """A closed installation with a long conversation; returns the conversation."""
    home = Workspace(folder)
    flow = home.flows.create(Flow(name="Talker"))
    conversation = home.runs.new_conversation(flow.id)
    with home.flows.db.transaction():
        for number in range(turns):
            home.runs.add_turn(conversation, "user", f"turn {number} " + "x" * 300)
    home.close()
    return conversation


def page_of_turns(path: Path) -> None:
    """A page in the middle of the table of turns is overwritten with zeroes."""
    data = bytearray(path.read_bytes())
    place = data.index(b"turn 200 ") // PAGE * PAGE
    data[place : place + PAGE] = bytes(PAGE)
    path.write_bytes(data)


def cut(path: Path) -> None:
    os.truncate(path, path.stat().st_size // 2 // PAGE * PAGE)


def first_page(path: Path) -> None:
    path.write_bytes(bytes(PAGE) + path.read_bytes()[PAGE:])


def garbage(path: Path) -> None:
    path.write_bytes(b"This is a text and no database. " * 2000)


def without_main_file(path: Path) -> None:
    path.with_name("flowloom.db-wal").write_bytes(b"\x37\x7f\x06\x82" + bytes(8000))
    path.unlink()


DAMAGES: dict[str, tuple[Callable[[Path], object], int]] = {
    "a page in the middle": (page_of_turns, 300),
    "cut": (cut, 0),
    "the first page": (first_page, 0),
    "garbage": (garbage, 0),
    "a WAL alone": (without_main_file, 0),
}
"""How it is damaged, and how many turns are rescued at least."""


@pytest.mark.parametrize("name", DAMAGES)
def test_it_is_set_aside_and_what_can_be_read_is_kept(tmp_path: Path, name: str) -> None:
    damage, least = DAMAGES[name]
    conversation = filled(tmp_path)
    path = tmp_path / "flowloom.db"
    damage(path)
    found = {each.name: each.read_bytes() for each in tmp_path.glob("flowloom.db*")}
    home = Workspace(tmp_path)
    told = recovery_of(tmp_path)
    assert told is not None
    assert told.file.startswith("flowloom.damaged-")
    assert (tmp_path / told.file).read_bytes() in found.values()
    (notice,) = home.notices()
    assert told.file in str(notice)
    assert len(home.runs.turns(conversation)) >= least
    if least:
        texts = [turn.text.split(" x")[0] for turn in home.runs.turns(conversation)]
        assert (texts[0], texts[-1]) == ("turn 0", "turn 399")  # both sides of the page
        assert notice.code == "store.rescued"
    # The GPT is a file of its own, and one can work on.
    assert [entry.name for entry in home.flows.entries()] == ["Talker"]
    home.runs.add_turn(home.runs.new_conversation("f"), "user", "goes on")
    home.notices_seen()
    assert home.notices() == []
    home.close()
    again = Workspace(tmp_path)
    assert again.notices() == []
    again.close()
    assert (tmp_path / told.file).exists()


def test_without_its_shm_or_with_a_torn_wal_it_is_whole(tmp_path: Path) -> None:
    conversation = filled(tmp_path / "one", 20)
    home = Workspace(tmp_path / "one")
    home.runs.add_turn(conversation, "user", "last")
    shutil.copytree(tmp_path / "one", tmp_path / "two")
    home.close()
    (tmp_path / "two" / "flowloom.db-shm").unlink()
    wal = tmp_path / "two" / "flowloom.db-wal"
    os.truncate(wal, wal.stat().st_size - 100)
    again = Workspace(tmp_path / "two")
    assert again.notices() == []
    assert len(again.runs.turns(conversation)) in (20, 21)
    again.close()


def test_two_damaged_ones_of_a_day_are_both_kept(tmp_path: Path) -> None:
    for text in (b"first " * 1000, b"second " * 1000):
        (tmp_path / "flowloom.db").write_bytes(text)
        open_file(tmp_path / "flowloom.db").close()
    kept = sorted(path.read_bytes()[:6] for path in tmp_path.glob("flowloom.damaged-*.sqlite"))
    assert kept == [b"first ", b"second"]


def test_damage_found_while_it_is_open_is_a_sentence(tmp_path: Path) -> None:
    conversation = filled(tmp_path)
    home = Workspace(tmp_path)
    page_of_turns(tmp_path / "flowloom.db")
    home.flows.db.one("PRAGMA shrink_memory")
    with pytest.raises(StoreError, match="The database is damaged"):
        home.runs.turns(conversation)
    assert [problem.code for problem in home.notices()] == ["store.damaged"]
    assert home.flows.entries()[0].name == "Talker"
    home.close()
    again = Workspace(tmp_path)
    assert [problem.code for problem in again.notices()] == ["store.rescued"]
    again.close()


def test_the_command_line_says_it_in_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("FLOWLOOM_HOME", str(tmp_path))
    garbage(tmp_path / "flowloom.db")
    assert main(["backup", "list"]) == 0
    said = capsys.readouterr().err
    assert "It was put aside as flowloom.damaged-" in said
    assert "Traceback" not in said
