"""A database of any earlier version is brought up to date, with all that is in it.

`python -m tests.store.test_schema` writes the database of this version beside those of earlier ones.
"""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from flowloom import __version__
from flowloom.flow.model import Flow
from flowloom.store.schema import CHANGES, SCHEMA
from flowloom.store.sqlite import SqliteDatabase
from flowloom.workspace import Workspace

KEPT = Path(__file__).with_name("databases")
OF_THIS_MOMENT = ("processes", "leases", "sqlite_stat1", "sqlite_sequence")
"""Tables that say who is at work, and SQLite's own."""


def tables_of(connection: sqlite3.Connection) -> list[str]:
    found = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")
    return [name for (name,) in found if name not in OF_THIS_MOMENT]


def shape_of(connection: sqlite3.Connection) -> dict[str, object]:
    """Each table with its columns, and each index."""
    indices = connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql <> ''")
    tables = {name: connection.execute(f"PRAGMA table_info({name})").fetchall() for name in tables_of(connection)}
    return {**tables, **dict(indices)}


def rows_of(connection: sqlite3.Connection) -> dict[str, list[dict[str, object]]]:
    connection.row_factory = sqlite3.Row
    return {
        name: [dict(row) for row in connection.execute(f"SELECT * FROM {name}")] for name in tables_of(connection)
    }


def fill(connection: sqlite3.Connection) -> None:
    """A row in every table, with something in every column."""
    values = {"INTEGER": 7, "REAL": 1.5, "BLOB": b"data", "TEXT": "{}"}
    for name in tables_of(connection):
        columns = connection.execute(f"PRAGMA table_info({name})").fetchall()
        marks = ", ".join("?" * len(columns))
        connection.execute(
            f"INSERT OR REPLACE INTO {name} VALUES ({marks})", [values[kind] for _, _, kind, *_ in columns]
        )


@pytest.fixture(scope="module")
def shape(tmp_path_factory: pytest.TempPathFactory) -> dict[str, object]:
    """What a new database looks like."""
    path = tmp_path_factory.mktemp("new") / "flowloom.db"
    SqliteDatabase(path).close()
    with closing(sqlite3.connect(path)) as connection:
        return shape_of(connection)


@pytest.mark.parametrize("changes", range(len(CHANGES)))
def test_nothing_is_lost_on_the_way_from_any_version(
    changes: int, shape: dict[str, object], tmp_path: Path
) -> None:
    path = tmp_path / "flowloom.db"
    with closing(sqlite3.connect(path)) as old, old:
        old.executescript(SCHEMA)
        for change in CHANGES[:changes]:
            old.execute(change)
        old.execute(f"PRAGMA user_version = {changes}")
        fill(old)
        before = rows_of(old)
    SqliteDatabase(path).close()
    with closing(sqlite3.connect(path)) as new:
        assert shape_of(new) == shape
        after = rows_of(new)
    for name, rows in before.items():
        for row in rows:
            assert any(row.items() <= each.items() for each in after[name]), name


def keep(home: Workspace) -> None:
    """What `test_a_database_of_a_released_version_is_read` looks for."""
    home.flows.save(Flow(id="bees", name="Bees"))
    home.versions.keep(Flow(id="bees", name="Bees"), "first")
    conversation = home.runs.new_conversation("bees")
    home.runs.add_turn(conversation, "user", "When is the honey harvest?")
    home.runs.add_turn(conversation, "assistant", "On the second Sunday of July. 🐝")
    home.shelf.favour("bees", True)


@pytest.mark.parametrize("dump", sorted(KEPT.glob("*.sql")), ids=lambda path: path.stem)
def test_a_database_of_a_released_version_is_read(dump: Path, tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "flowloom.db")) as old:
        old.executescript(dump.read_text("utf-8"))
    home = Workspace(tmp_path)
    try:
        (conversation,) = home.runs.conversations("bees")
        assert [turn.text for turn in home.runs.turns(conversation.id)][-1] == "On the second Sunday of July. 🐝"
        assert home.versions.entries("bees")[0].name == "first"
        assert home.shelf.all()["bees"].favourite
        home.runs.add_turn(conversation.id, "user", "goes on")
    finally:
        home.close()


def test_this_version_has_one() -> None:
    assert (KEPT / f"{__version__}.sql").is_file()


def write_this_version(folder: Path) -> None:
    home = Workspace(folder)
    keep(home)
    home.close()
    with closing(sqlite3.connect(folder / "flowloom.db")) as connection:
        for name in ("processes", "leases"):
            connection.execute(f"DELETE FROM {name}")
        version = connection.execute("PRAGMA user_version").fetchone()[0]
        lines = [*connection.iterdump(), f"PRAGMA user_version = {version};"]
    KEPT.mkdir(exist_ok=True)
    (KEPT / f"{__version__}.sql").write_text("\n".join(lines) + "\n", "utf-8")


if __name__ == "__main__":
    from tempfile import TemporaryDirectory

    with TemporaryDirectory() as made:
        write_this_version(Path(made))
