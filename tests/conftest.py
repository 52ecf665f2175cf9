"""A workspace of its own for each test that asks for one."""

from collections.abc import Iterator
from pathlib import Path
from shutil import copyfile
from threading import Thread

import pytest

from flowloom.store.sqlite import SqliteDatabase
from flowloom.workspace import Workspace, open_workspace
from tests.kept_in import kept_in, postgres_address, postgres_port  # noqa: F401
from tests.loopback import Sink


@pytest.fixture(scope="session")
def empty_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What every installation begins with, made once: its hundred tables take longer than most tests do."""
    found = tmp_path_factory.mktemp("empty") / "flowloom.db"
    SqliteDatabase(found).close()
    return found


@pytest.fixture
def home(tmp_path: Path, empty_database: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Workspace]:
    """A fresh installation in a folder of its own."""
    (tmp_path / "home").mkdir()
    copyfile(empty_database, tmp_path / "home" / "flowloom.db")
    monkeypatch.setenv("FLOWLOOM_HOME", str(tmp_path / "home"))
    found = open_workspace()
    yield found
    found.close()


@pytest.fixture
def sink(home: Workspace) -> Iterator[Sink]:
    """A server of one's own network that takes whatever is sent to it."""
    with Sink() as found:
        Thread(target=found.serve_forever, daemon=True).start()
        home.own_hosts.allow(found.host)
        yield found
        found.shutdown()
