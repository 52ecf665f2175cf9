"""A disk that is full, a folder that may only be read, a busy database, a full temporary folder: a sentence each,
and what can be read stays readable."""

import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from flowloom.errors import FlowFileError, StoreError
from flowloom.flow.edit import Describe
from flowloom.flow.model import Flow
from flowloom.store import sqlite as database_module
from flowloom.store.sqlite import SqliteDatabase
from flowloom.store.templates import templates_folder
from flowloom.workspace import Workspace
from tests.crash.scenarios import ECHO

POSIX = pytest.mark.skipif(sys.platform == "win32", reason="the limits and rights of POSIX")
FLOW = templates_folder() / "agent-with-tools.json"


def fill(home: Workspace) -> None:
    """Let SQLite find the disk full from now on."""
    (pages,) = home.flows.db.one("PRAGMA page_count")
    home.flows.db.one(f"PRAGMA max_page_count = {pages}")


def test_a_full_disk_is_a_sentence_and_what_was_saved_is_there(home: Workspace) -> None:
    flow = home.flows.create(Flow.model_validate(ECHO))
    conversation = home.runs.new_conversation(flow.id)
    home.runner.finished(home.runner.start(flow, "Hello", conversation))
    before = home.runs.turns(conversation)
    fill(home)

    def write_much() -> None:
        for _ in range(1000):
            home.runs.add_turn(conversation, "user", "x" * 10_000)

    with pytest.raises(StoreError, match="The disk is full"):
        write_much()
    rest = home.runs.turns(conversation)
    with pytest.raises(StoreError, match="The disk is full"):
        home.runner.start(flow, "y" * 50_000, conversation)
    assert home.runs.turns(conversation) == rest
    assert rest[: len(before)] == before
    with home.flows.db.transaction():  # and the database is not left in the middle of something
        pass


def test_a_disk_that_fills_up_in_a_run_stops_it_and_it_can_be_taken_up(home: Workspace) -> None:
    flow = home.flows.create(Flow.model_validate(ECHO))
    conversation = home.runs.new_conversation(flow.id)

    def full(event: object) -> None:
        if getattr(event, "type", "") == "run_started":
            fill(home)

    run = home.runner.start(flow, "x" * 200_000, conversation, on_event=full)  # type: ignore[arg-type]
    view = home.runner.finished(run)
    assert view.state == "failed"
    assert "The disk is full" in str(view.problem)
    assert home.runner.interrupted(conversation) == run
    home.flows.db.one("PRAGMA max_page_count = 1000000")
    home.runner.resume(run)
    assert home.runner.finished(run).state == "finished"
    assert [turn.role for turn in home.runs.turns(conversation)] == ["user", "assistant"]


def test_an_edit_on_a_full_disk_is_kept_by_the_canvas(home: Workspace) -> None:
    document = home.editor.open(home.flows.create(Flow(name="Before")).id)
    home.flows.db.one("PRAGMA query_only = 1")
    operation = {"seq": 1, "op": "describe", "changes": {"name": "After"}}
    with pytest.raises((FlowFileError, StoreError)) as refused:
        document.submit("c", [operation])
    assert refused.value.problem.code in ("unsaved", "store.readonly")
    home.flows.db.one("PRAGMA query_only = 0")
    assert document.submit("c", [operation]) == (1, [])
    assert home.flows.load(document.flow.id).name == "After"
    document.undo()
    assert document.flow.name == "Before"


def test_a_busy_database_is_waited_for_and_then_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database_module, "WAIT", 0.1)
    one, other = SqliteDatabase(tmp_path / "flowloom.db"), SqliteDatabase(tmp_path / "flowloom.db")
    with one.transaction():
        one.do("INSERT INTO ratings VALUES ('r', 1, '')")
        with pytest.raises(StoreError, match="Another program is blocking the database"), other.transaction():
            pass
        assert other.all("SELECT * FROM ratings") == []  # reading waits for nobody
    with other.transaction():
        other.do("INSERT INTO ratings VALUES ('s', 1, '')")
    assert len(one.all("SELECT * FROM ratings")) == 2
    one.close()
    other.close()


def test_one_within_another_is_a_part_of_it(tmp_path: Path) -> None:
    db = SqliteDatabase(tmp_path / "flowloom.db")

    def half() -> None:
        with db.transaction():
            with db.transaction():
                db.do("INSERT INTO ratings VALUES ('r', 1, '')")
            raise KeyError

    with pytest.raises(KeyError):
        half()
    assert db.all("SELECT * FROM ratings") == []
    db.close()


@pytest.fixture
def shared() -> Iterator[Path]:
    """A folder that another user can reach."""
    path = Path(tempfile.mkdtemp())
    path.chmod(0o755)
    yield path
    for each in (path, *path.rglob("*")):
        if each.is_dir():
            each.chmod(0o700)
    shutil.rmtree(path)


ONLY_READ = """
import os, sys
from pathlib import Path
from flowloom.cli import main
from flowloom.workspace import Workspace
from flowloom.kinds.registry import all_kinds
from flowloom.flow.edit import Describe
from flowloom.flow.model import Flow
import encodings.ascii, encodings.idna, encodings.latin_1, tempfile
# Once where all is allowed: the user it becomes may not even read the modules that are still to be loaded.
os.environ["FLOWLOOM_HOME"] = tempfile.mkdtemp(dir=Path(sys.argv[3]).parent)
main(["run", sys.argv[3], "--message", "What is 6 * 7?"])
warm = Workspace(Path(os.environ["FLOWLOOM_HOME"]))
warm.editor.open(warm.flows.create(Flow(name="x")).id).edit(Describe(changes={"name": "y"}))
warm.ledger.entries([])
warm.close()
print("---")
folder = Path(sys.argv[1])
for each in (folder, *folder.rglob("*")):
    each.chmod(0o555 if each.is_dir() else 0o444)
if os.geteuid() == 0:
    os.setgid(65534)
    os.setuid(65534)
home = Workspace(folder)
print(home.notices()[0].code)
flow = home.flows.entries()[0]
print(flow.name, [turn.text for turn in home.runs.turns(sys.argv[2])], len(home.ledger.entries([flow.id])))
from flowloom.errors import FlowloomError
for work in (
    lambda: home.runs.new_conversation(flow.id),
    lambda: home.runner.start(home.flows.load(flow.id), "x", sys.argv[2]),
    lambda: home.editor.open(flow.id).edit(Describe(changes={"name": "y"})),
):
    try:
        work()
        print("done")
    except FlowloomError as error:
        print(error.problem.code, error)
home.close()
os.environ["FLOWLOOM_HOME"] = sys.argv[1]
print(main(["run", sys.argv[3], "--message", "What is 6 * 7?"]))
"""


@POSIX
def test_a_folder_that_may_only_be_read_can_be_read(shared: Path) -> None:
    home = Workspace(shared / "home")
    flow = home.flows.create(Flow.model_validate({**ECHO, "name": "Echo"}))
    conversation = home.runs.new_conversation(flow.id)
    home.runner.finished(home.runner.start(flow, "Hello", conversation))
    home.close()
    copied = shared / "flow.json"
    copied.write_bytes(FLOW.read_bytes())
    arguments = [str(shared / "home"), conversation, str(copied)]
    said = subprocess.run(
        [sys.executable, "-c", ONLY_READ, *arguments], capture_output=True, text=True, timeout=120, check=False
    )
    lines = said.stdout.partition("---\n")[2].splitlines()
    assert lines[:2] == ["store.only_read", "Echo ['Hello', 'Hello!'] 1"], said.stderr
    assert [line.split()[0] for line in lines[2:5]] == ["store.readonly"] * 3
    assert lines[5] in ("1", "2")
    assert "can’t write to its data folder" in said.stderr
    assert "Traceback" not in said.stderr


LIMITED = """
import resource, sys
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[1]), int(sys.argv[1])))
from flowloom.cli import main
raise SystemExit(main(sys.argv[2:]))
"""


@POSIX
@pytest.mark.parametrize("room", [0, 1_000, 30_000, 80_000, 140_000, 160_000])
def test_the_command_line_on_a_disk_without_room(tmp_path: Path, room: int) -> None:
    said = subprocess.run(
        [sys.executable, "-c", LIMITED, str(room), "run", str(FLOW), "--message", "What is 6 * 7?"],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        env={**os.environ, "FLOWLOOM_HOME": str(tmp_path), "PYTHONDONTWRITEBYTECODE": "1"},
    )
    assert "Traceback" not in said.stderr
    assert said.returncode in (0, 1, 2)
    assert bool(said.returncode) == bool(said.stderr.strip()), said.stderr
    # With room again it works on, whatever was half written.
    home = Workspace(tmp_path)
    flow = home.flows.create(Flow.model_validate(ECHO))
    conversation = home.runs.new_conversation(flow.id)
    assert home.runner.finished(home.runner.start(flow, "Hello", conversation)).state == "finished"
    home.close()


@POSIX
def test_no_room_is_not_taken_for_a_folder_that_may_only_be_read(tmp_path: Path) -> None:
    home = Workspace(tmp_path)
    home.flows.create(Flow.model_validate(ECHO))
    home.close()
    # What SQLite shares between processes takes 32 kB, which the disk no longer has.
    said = subprocess.run(
        [sys.executable, "-c", LIMITED, "30000", "run", str(FLOW), "--message", "What is 6 * 7?"],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        env={**os.environ, "FLOWLOOM_HOME": str(tmp_path), "PYTHONDONTWRITEBYTECODE": "1"},
    )
    assert "The disk is full, so nothing new is saved." in said.stderr
    assert "can’t write" not in said.stderr
    assert "remove its files" not in said.stderr


def test_what_is_written_without_room_is_refused_as_that(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    SqliteDatabase(tmp_path / "flowloom.db").close()
    full = sqlite3.OperationalError("disk I/O error")
    full.sqlite_errorcode = sqlite3.SQLITE_IOERR_SHMSIZE

    def no_room(database: SqliteDatabase) -> None:
        raise full

    monkeypatch.setattr(SqliteDatabase, "_open", no_room)
    db = SqliteDatabase(tmp_path / "flowloom.db")
    assert db.all("SELECT * FROM ratings") == []
    with pytest.raises(StoreError, match="The disk is full, so this couldn’t be saved"):
        db.do("INSERT INTO ratings VALUES ('r', 1, '')")
    db.close()


def test_a_full_temporary_folder_stops_nothing(home: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    gone = str(home.home / "not" / "there")
    for name in ("TMPDIR", "TEMP", "TMP", "SQLITE_TMPDIR"):
        monkeypatch.setenv(name, gone)
    monkeypatch.setattr(tempfile, "tempdir", gone)
    home.knowledge.use(None)
    flow = home.flows.create(Flow.model_validate(ECHO))
    home.knowledge.add(f"{flow.id}/main", "a.txt", b"Cats purr.")
    home.editor.open(flow.id).edit(Describe(changes={"name": "New"}))
    conversation = home.runs.new_conversation(flow.id)
    assert home.runner.finished(home.runner.start(flow, "Hello", conversation)).state == "finished"
    assert home.knowledge.search(f"{flow.id}/main", "purr", 3)
    assert home.backups.make()
