"""What Flowloom keeps is for its owner alone, whatever the umask says, also what an earlier version left open."""

import os
import stat
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from flowloom.flow.edit import Describe
from flowloom.flow.model import Flow
from flowloom.services.files import make_private
from flowloom.workspace import Workspace, tighten_home
from tests.crash.scenarios import ECHO, Settings

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has other rights")


@pytest.fixture(autouse=True)
def _open_umask() -> Iterator[None]:
    before = os.umask(0)
    yield
    os.umask(before)


def open_to_others(home: Path) -> list[str]:
    """What others than the owner may read, enter or change."""
    paths = [home, *home.rglob("*")]
    return [
        f"{stat.filemode(path.stat().st_mode)} {path.relative_to(home)}"
        for path in paths
        if path.exists() and path.stat().st_mode & 0o077
    ]


def used(folder: Path) -> Workspace:
    """An installation in which each kind of file was written."""
    home = Workspace(folder)
    home.knowledge.use(None)
    flow = home.flows.create(Flow.model_validate(ECHO))
    home.editor.open(flow.id).edit(Describe(changes={"name": "New"}))
    conversation = home.runs.new_conversation(flow.id)
    run = home.runner.start(flow, "Hello", conversation)
    home.runner.finished(run)
    home.ingest.ingest(f"{flow.id}/main", [("a.txt", b"Cats purr.")])
    home.shared.create("Shared")
    home.intake.duplicate(flow.id, "Copy")
    Settings()._change(home, "one")
    plan_files = home.runner.services(flow.id, conversation).files
    assert plan_files is not None
    from flowloom.store.saved_files import RunFiles

    RunFiles(home.files, home.runs, flow.id, conversation, run).save("report.md", "Hello", replace=False)
    home.flows.delete(home.flows.create(Flow(name="Gone")).id)
    home.backups.make()
    return home


def test_nobody_else_may_read_it(tmp_path: Path) -> None:
    home = used(tmp_path / "deep" / "home")
    kinds = {path.suffix for path in home.home.rglob("*") if path.is_file()}
    assert {".db", ".db-wal", ".json", ".sqlite", ".md"} <= kinds
    assert open_to_others(home.home) == []
    assert (tmp_path / "deep").stat().st_mode & 0o077 == 0
    home.close()
    assert open_to_others(home.home) == []


def test_what_an_earlier_version_left_open_is_closed(tmp_path: Path) -> None:
    used(tmp_path / "home").close()
    other = tmp_path / "home" / "of mine"
    other.mkdir()
    (other / "script.sh").write_text("#!/bin/sh")
    for path in (tmp_path / "home", *(tmp_path / "home").rglob("*")):
        path.chmod(0o755)
    Workspace(tmp_path / "home").close()
    # What is not ours in there stays as it is.
    assert all("of mine" in line for line in open_to_others(tmp_path / "home"))
    assert (other / "script.sh").stat().st_mode & 0o777 == 0o755


def test_what_its_owner_closed_to_writing_stays_closed(tmp_path: Path) -> None:
    used(tmp_path / "home").close()
    database = tmp_path / "home" / "flowloom.db"
    database.chmod(0o444)
    (tmp_path / "home").chmod(0o555)
    try:
        tighten_home(tmp_path / "home")
        make_private(database)
        assert (tmp_path / "home").stat().st_mode & 0o777 == 0o500
        assert database.stat().st_mode & 0o777 == 0o400
    finally:
        (tmp_path / "home").chmod(0o700)
