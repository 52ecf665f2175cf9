"""All that is kept leaves in one file, and comes back whole or not at all, in either database."""

import hashlib
import json
import os
import threading
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from flowloom.cli import main
from flowloom.errors import StoreError
from flowloom.flow.model import Flow
from flowloom.people.sessions import Place
from flowloom.store import restoring
from flowloom.store.archives import CONTENTS, DATABASE, read_contents
from flowloom.store.opening import VARIABLE
from flowloom.store.restoring import INTERRUPTED
from flowloom.store.schema import CHANGES
from flowloom.workspace import Workspace

Open = Callable[[str], Workspace]
Patch = pytest.MonkeyPatch
Change = Callable[[dict[str, bytes], dict[str, Any]], None]

BEES = b"# Bees\n\nThe honey harvest is on the second Sunday of July.\n"
SECRET = "sk-of-this-installation-0123456789"


@pytest.fixture
def open_home(tmp_path: Path) -> Iterator[Open]:
    """Open an installation by its name; each is closed at the end."""
    opened: list[Workspace] = []

    def found(name: str) -> Workspace:
        opened.append(Workspace(tmp_path / name))
        return opened[-1]

    yield found
    for each in opened:
        each.close()


def fill(home: Workspace) -> None:
    flow = Flow(id="bees", name="Bees")
    home.flows.save(flow)
    home.versions.keep(flow, "first")
    home.knowledge.add("bees/main", "bees.md", BEES)
    conversation = home.runs.new_conversation("bees")
    for number in range(3):
        home.runs.add_turn(conversation, "user", f"message {number}: 你好 and 🐝")
    home.secrets.set("openai", SECRET)
    home.shelf.favour("bees", True)
    (home.home / "preferences.json").write_text('{"language": "fr"}')


def facts(home: Workspace) -> object:
    """What a person would look for after a move."""
    return (
        [entry.name for entry in home.flows.entries()],
        [version.name for version in home.versions.entries("bees")],
        [passage.text for passage in home.knowledge.search("bees/main", "When is the honey harvest?", 3)],
        [[turn.text for turn in home.runs.turns(each.id)] for each in home.runs.conversations("bees")],
        home.shelf.all()["bees"].favourite,
        (home.home / "preferences.json").read_text(),
    )


@pytest.mark.parametrize(("source", "target"), [("file", "file"), ("file", "postgres"), ("postgres", "file")])
def test_it_moves_to_another_computer_and_database(
    source: str, target: str, request: pytest.FixtureRequest, open_home: Open, tmp_path: Path, monkeypatch: Patch
) -> None:
    address = request.getfixturevalue("postgres_address") if "postgres" in (source, target) else ""
    monkeypatch.setenv(VARIABLE, address if source == "postgres" else "")
    here = open_home("here")
    fill(here)
    expected = facts(here)
    here.backups.save_all(tmp_path / "all.zip")
    assert expected[2]  # type: ignore[index]  # it is found before it moves

    monkeypatch.setenv(VARIABLE, address if target == "postgres" else "")
    there = open_home("there")
    there.backups.restore_all(tmp_path / "all.zip")
    there.close()
    there = open_home("there")
    assert facts(there) == expected
    # What comes after it is counted on.
    conversation = there.runs.conversations("bees")[0].id
    there.runs.add_turn(conversation, "user", "one more")
    assert [turn.text for turn in there.runs.turns(conversation)][-1] == "one more"
    assert there.secrets.names() == []


def test_keys_are_not_in_it(open_home: Open, tmp_path: Path) -> None:
    home = open_home("here")
    fill(home)
    home.backups.save_all(tmp_path / "all.zip")
    with zipfile.ZipFile(tmp_path / "all.zip") as archive:
        assert not [name for name in archive.namelist() if "secret" in name]
        assert all(SECRET.encode() not in archive.read(name) for name in archive.namelist())


def test_who_was_signed_in_then_signs_in_again(open_home: Open, tmp_path: Path) -> None:
    home = open_home("here")
    account = home.team.accounts.add("ada", "Ada", "admin", "")
    token = home.team.sessions.begin(account, Place())
    home.backups.save_all(tmp_path / "all.zip")
    daily = home.backups.make().name
    home.team.sessions.end(token)
    for restored in (lambda: home.backups.restore_all(tmp_path / "all.zip"), lambda: home.take_back(daily)):
        restored()
        assert home.team.accounts.named("ada")
        assert home.team.sessions.who(token) is None


def test_what_was_there_before_can_be_restored(open_home: Open, tmp_path: Path) -> None:
    home = open_home("here")
    fill(home)
    home.backups.save_all(tmp_path / "all.zip")
    home.flows.save(Flow(id="wasps", name="Wasps"))
    before = home.backups.restore_all(tmp_path / "all.zip")
    assert [entry.name for entry in home.flows.entries()] == ["Bees"]
    home.backups.restore_all(before)
    assert sorted(entry.name for entry in home.flows.entries()) == ["Bees", "Wasps"]


def _cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def _no_zip(path: Path) -> None:
    path.write_bytes(b"no backup at all")


def _other_zip(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("readme.txt", "hello")


def _rewritten(path: Path, change: Callable[[dict[str, bytes], dict[str, Any]], None]) -> None:
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    contents = json.loads(parts.pop(CONTENTS))
    change(parts, contents)
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in [*parts.items(), (CONTENTS, json.dumps(contents).encode())]:
            archive.writestr(name, data)


def _listed(contents: dict[str, Any], name: str, data: bytes) -> None:
    contents["parts"][name] = {"size": len(data), "sha256": hashlib.sha256(data).hexdigest()}


def _changed_flow(parts: dict[str, bytes], contents: dict[str, Any]) -> None:
    parts["flows/bees.json"] = parts["flows/bees.json"].replace(b"Bees", b"Bugs")


def _longer(parts: dict[str, bytes], contents: dict[str, Any]) -> None:
    parts["flows/bees.json"] += b" " * 5_000_000


def _unlisted(parts: dict[str, bytes], contents: dict[str, Any]) -> None:
    parts["flows/more.json"] = b"{}"


def _missing(parts: dict[str, bytes], contents: dict[str, Any]) -> None:
    del parts["flows/bees.json"]


def _newer(parts: dict[str, bytes], contents: dict[str, Any]) -> None:
    contents["changes"] = len(CHANGES) + 1


def _no_database(parts: dict[str, bytes], contents: dict[str, Any]) -> None:
    del parts[DATABASE], contents["parts"][DATABASE]


def _broken_database(parts: dict[str, bytes], contents: dict[str, Any]) -> None:
    parts[DATABASE] = b"no database"
    _listed(contents, DATABASE, parts[DATABASE])


def _placed(name: str) -> Change:
    def change(parts: dict[str, bytes], contents: dict[str, Any]) -> None:
        parts[name] = b"planted"
        _listed(contents, name, b"planted")

    return change


CHANGED: dict[str, Change] = {
    "a part that was changed": _changed_flow,
    "a part that is longer": _longer,
    "a part that nobody listed": _unlisted,
    "a part that is not there": _missing,
    "a newer version": _newer,
    "no database": _no_database,
    "a database that is none": _broken_database,
    "outside": _placed("flows/../../planted.txt"),
    "absolute": _placed("/flows/planted.txt"),
    "secrets": _placed("secrets.json"),
    "backslashes": _placed("flows\\..\\..\\planted.txt"),
    "a drive": _placed("flows/c:planted.txt"),
    "another folder": _placed("models/planted.gguf"),
    "a folder alone": _placed("flows"),
}
DAMAGES: dict[str, Callable[[Path], None]] = {
    "cut": _cut,
    "no zip": _no_zip,
    "another zip": _other_zip,
    **{name: lambda path, change=change: _rewritten(path, change) for name, change in CHANGED.items()},  # type: ignore[misc]
}


@pytest.mark.parametrize("name", DAMAGES)
def test_what_is_no_whole_backup_changes_nothing(name: str, open_home: Open, tmp_path: Path) -> None:
    home = open_home("here")
    fill(home)
    home.backups.save_all(tmp_path / "all.zip")
    home.flows.save(Flow(id="wasps", name="Wasps"))
    DAMAGES[name](tmp_path / "all.zip")
    expected, kept = facts(home), sorted(each.name for each in home.home.iterdir() if each.name != "backups")
    with pytest.raises(StoreError) as refused:
        home.backups.restore_all(tmp_path / "all.zip")
    assert refused.value.problem.hint
    assert facts(home) == expected
    assert sorted(each.name for each in home.home.iterdir() if each.name != "backups") == kept
    assert not list(tmp_path.rglob("planted*"))


@pytest.mark.parametrize("fails_at", range(1, 7))
def test_a_disk_that_fails_in_the_middle_changes_nothing(
    fails_at: int, open_home: Open, tmp_path: Path, monkeypatch: Patch
) -> None:
    home = open_home("here")
    fill(home)
    home.backups.save_all(tmp_path / "all.zip")
    home.flows.save(Flow(id="wasps", name="Wasps"))
    expected, calls, replace = facts(home), [0], os.replace

    def failing(source: Any, target: Any) -> None:
        calls[0] += not str(target).endswith(".zip")
        if calls[0] == fails_at:
            raise OSError(28, "No space left on device")
        replace(source, target)

    monkeypatch.setattr(restoring.os, "replace", failing)
    with pytest.raises(StoreError, match="everything is as it was"):
        home.backups.restore_all(tmp_path / "all.zip")
    assert facts(home) == expected


def test_an_interrupted_restore_is_told_at_the_next_start(open_home: Open, tmp_path: Path) -> None:
    home = open_home("here")
    fill(home)
    home.backups.save_all(tmp_path / "all.zip")
    (home.home / ".restoring-1" / "old").mkdir(parents=True)
    assert INTERRUPTED in home.notices()
    home.backups.restore_all(tmp_path / "all.zip")
    assert INTERRUPTED not in home.notices()


def test_it_is_saved_beside_those_who_write(open_home: Open, tmp_path: Path) -> None:
    home = open_home("here")
    fill(home)
    stop = threading.Event()

    def write() -> None:
        number = 0
        while not stop.is_set():
            number += 1
            home.flows.save(Flow(id="bees", name=f"Bees {number}"))
            home.knowledge.add("bees/main", f"{number % 3}.md", BEES)

    writer = threading.Thread(target=write)
    writer.start()
    try:
        for number in range(3):
            home.backups.save_all(tmp_path / f"{number}.zip")
    finally:
        stop.set()
        writer.join()
    for number in range(3):
        there = open_home(f"there{number}")
        there.backups.restore_all(tmp_path / f"{number}.zip")
        assert there.knowledge.search("bees/main", "When is the honey harvest?", 1)


def test_the_terminal_saves_and_restores(
    tmp_path: Path, monkeypatch: Patch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("FLOWLOOM_HOME", str(tmp_path / "here"))
    file = str(tmp_path / "all.zip")
    assert main(["backup", "save", file]) == 0
    assert "Keys, passwords and model files are not in it." in capsys.readouterr().out
    assert read_contents(Path(file)).parts
    monkeypatch.setenv("FLOWLOOM_HOME", str(tmp_path / "there"))
    assert main(["backup", "restore", file]) == 0
    assert "kept as backups/before-" in capsys.readouterr().out
    assert main(["backup", "restore", str(tmp_path / "none.zip")]) != 0
    assert main(["backup", "save", str(tmp_path / "here")]) != 0  # it is a folder
