"""A copy each day, the newest seven, each of which can be taken back in the app and in the terminal."""

import os
import threading
import time
from pathlib import Path

import pytest

from flowloom.cli import main
from flowloom.errors import StoreError
from flowloom.flow.model import Flow
from flowloom.store import backups
from flowloom.workspace import Workspace


def talk(home: Workspace, text: str) -> str:
    conversation = home.runs.new_conversation("f")
    home.runs.add_turn(conversation, "user", text)
    return conversation


def test_the_newest_seven_days_are_kept(home: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    made = []
    for day in range(1, 11):
        monkeypatch.setattr(backups.time, "strftime", lambda form, day=day: f"2026-03-{day:02d}")
        made.append(home.backups.make().name)
        home.backups.make()  # a second one of the day takes its place
    assert [each.name for each in home.backups.all()] == made[:2:-1]
    assert len(list((home.home / "backups").iterdir())) == backups.DAYS


def test_a_backup_is_taken_back_and_what_was_there_is_kept(home: Workspace, tmp_path: Path) -> None:
    early = talk(home, "early")
    backup = home.backups.make()
    late = talk(home, "late")
    other = Workspace(home.home)  # another window sees it at once
    kept = home.take_back(backup.name)
    for each in (home, other):
        assert [turn.text for turn in each.runs.turns(early)] == ["early"]
        assert each.runs.turns(late) == []
    talk(other, "goes on")
    other.close()
    os.replace(home.home / kept, tmp_path / "flowloom.db")
    before = Workspace(tmp_path)
    assert [turn.text for turn in before.runs.turns(late)] == ["late"]
    before.close()


def test_it_is_made_beside_those_who_write(home: Workspace) -> None:
    stop = threading.Event()

    def write() -> None:
        while not stop.is_set():
            talk(home, "x" * 1000)

    writer = threading.Thread(target=write)
    writer.start()
    try:
        for _ in range(5):
            home.backups.make()
    finally:
        stop.set()
        writer.join(10)
    kept = home.take_back(home.backups.all()[0].name)
    assert (home.home / kept).exists()


def test_a_failing_backup_stops_nobody_and_leaves_the_last_one(
    home: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    talk(home, "early")
    first = home.backups.make()
    data = (home.home / "backups" / first.name).read_bytes()
    monkeypatch.setattr(os, "replace", lambda *_: (_ for _ in ()).throw(OSError(28, "No space left on device")))
    with pytest.raises(StoreError, match="couldn’t be saved"):
        home.backups.make()
    monkeypatch.setattr(backups, "LOOK", 0.01)
    monkeypatch.setattr(backups.time, "strftime", lambda form: "2027-01-01")
    home.backups.keep_daily()
    time.sleep(0.05)
    talk(home, "late")
    monkeypatch.undo()
    home.backups.close()
    assert (home.home / "backups" / first.name).read_bytes() == data
    assert [each.name for each in home.backups.all()][-1] == first.name
    assert not list((home.home / "backups").glob(".*"))


def test_it_is_made_each_day_by_itself(home: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(backups, "LOOK", 0.01)
    home.backups.keep_daily()
    for _ in range(500):
        if home.backups.all():
            break
        time.sleep(0.02)
    assert len(home.backups.all()) == 1


@pytest.mark.parametrize("name", ["", "..", "flowloom.db", "../flowloom.db", "flowloom-2026-01-01.sqlite"])
def test_what_is_no_backup_is_refused(home: Workspace, name: str) -> None:
    with pytest.raises(StoreError, match="There is no backup"):
        home.take_back(name)


def test_a_damaged_backup_is_refused_and_nothing_is_changed(home: Workspace) -> None:
    conversation = talk(home, "here")
    backup = home.backups.make()
    path = home.home / "backups" / backup.name
    path.write_bytes(path.read_bytes()[:8192])
    with pytest.raises(StoreError, match="is damaged"):
        home.take_back(backup.name)
    assert [turn.text for turn in home.runs.turns(conversation)] == ["here"]


def test_in_the_terminal(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("FLOWLOOM_HOME", str(tmp_path))
    home = Workspace(tmp_path)
    home.flows.create(Flow(name="x"))
    early = talk(home, "early")
    backup = home.backups.make()
    late = talk(home, "late")
    home.close()
    assert main(["backup", "list"]) == 0
    assert capsys.readouterr().out.startswith(backup.name)
    assert main(["backup", "restore", "flowloom-1999-01-01.sqlite"]) == 2
    assert "There is no backup" in capsys.readouterr().err
    assert main(["backup", "restore", backup.name]) == 0
    assert "What was there before is kept as flowloom.before-" in capsys.readouterr().out
    home = Workspace(tmp_path)
    assert [len(home.runs.turns(each)) for each in (early, late)] == [1, 0]
    home.close()


def test_one_that_began_earlier_does_not_take_the_place_of_a_later_one(
    home: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    copied, later_ended = threading.Event(), threading.Event()
    back_up = home._db.back_up

    def slow(target: Path) -> None:
        back_up(target)
        if not copied.is_set():
            copied.set()
            later_ended.wait(0.5)  # it would end meanwhile, were it not waiting for this one

    monkeypatch.setattr(home._db, "back_up", slow)
    earlier = threading.Thread(target=home.backups.make)
    earlier.start()
    assert copied.wait(20)
    talk(home, "early")
    home.backups.make()
    later_ended.set()
    earlier.join(20)
    monkeypatch.undo()
    home.take_back(home.backups.all()[0].name)
    assert home._db.all("SELECT text FROM turns") == [("early",)]
