"""Real databases: what they answer, what no statement may do there, and when a question ends."""

import asyncio
import json
import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from flowloom.errors import DatabaseError, FlowloomError
from flowloom.kinds.databases import PRACTICE, Query, Rows
from flowloom.services.databases.registry import DatabaseKeeper
from flowloom.services.databases.settings import Database
from flowloom.services.secrets import SecretStore
from tests.postgres import postgres, programs

PASSWORD = "p/a:s@s-word+7"
MADE = """
CREATE TABLE pupils (id INTEGER PRIMARY KEY, name TEXT, grade NUMERIC(4, 2), born DATE);
INSERT INTO pupils VALUES (1, 'Ada', 1.50, '2014-12-10'), (2, '李清照', 1, NULL), (3, 'O''Hara', NULL, NULL);
"""
FOREVER = {
    "sqlite": "WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c) SELECT count(*) FROM c",
    "postgres": "SELECT pg_sleep(60)",
}
needs_postgres = pytest.mark.skipif(programs() is None, reason="There is no PostgreSQL on this machine")


@pytest.fixture(scope="module")
def server() -> Iterator[int]:
    with postgres(PASSWORD) as port:
        yield port


@pytest.fixture
def keeper(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> DatabaseKeeper:
    monkeypatch.setenv("FLOWLOOM_SECRET_KEY", "open sesame, my keys")
    return DatabaseKeeper(tmp_path / "home", SecretStore(tmp_path / "home"))


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=needs_postgres)])
def database(request: pytest.FixtureRequest, keeper: DatabaseKeeper, tmp_path: Path) -> Database:
    if request.param == "sqlite":
        with sqlite3.connect(tmp_path / "school.db") as made:
            made.executescript(MADE)
        made.close()
        return keeper.keep(Database(kind="sqlite", path=str(tmp_path / "school.db")))
    known = Database(
        kind="postgres",
        host="127.0.0.1",
        port=request.getfixturevalue("server"),
        database="postgres",
        user="postgres",
        secure=False,
        change=True,
    )
    found = keeper.keep(known, PASSWORD)
    for statement in ("DROP TABLE IF EXISTS pupils", "DROP TABLE IF EXISTS other", *MADE.strip().split("\n")):
        ask(keeper, found, statement, change=True)
    return keeper.keep(found.model_copy(update={"change": False}))


def ask(keeper: DatabaseKeeper, database: Database, *parts: str, values: tuple[Any, ...] = (), **more: Any) -> Rows:
    return asyncio.run(keeper.query(database.id, Query(parts=parts, values=values, **more)))


def refused(keeper: DatabaseKeeper, database: Database, statement: str, **more: Any) -> str:
    with pytest.raises(FlowloomError) as error:
        ask(keeper, database, statement, **more)
    assert PASSWORD not in str(error.value)
    return error.value.problem.code


def test_rows_are_plain_values(keeper: DatabaseKeeper, database: Database) -> None:
    found = ask(keeper, database, "SELECT * FROM pupils ORDER BY id;")
    assert found.columns == ("id", "name", "grade", "born")
    assert found.rows[0] == {"id": 1, "name": "Ada", "grade": 1.5, "born": "2014-12-10"}
    assert [row["name"] for row in found.rows] == ["Ada", "李清照", "O'Hara"]
    assert found.rows[2]["grade"] is None
    assert not found.more


@pytest.mark.parametrize(
    "value", ["Ada", "' OR 1 = 1 --", "O'Hara", "'; DROP TABLE pupils; --", "李清照", ":x", "%"]
)
def test_a_value_stays_a_value(keeper: DatabaseKeeper, database: Database, value: str) -> None:
    found = ask(keeper, database, "SELECT name FROM pupils WHERE name = ", " -- by its name", values=(value,))
    assert [row["name"] for row in found.rows] == [name for name in ("Ada", "李清照", "O'Hara") if name == value]
    assert len(ask(keeper, database, "SELECT * FROM pupils").rows) == 3


def test_numbers_and_parts_of_texts(keeper: DatabaseKeeper, database: Database) -> None:
    found = ask(keeper, database, "SELECT id FROM pupils WHERE id > ", " ORDER BY id", values=(1,))
    assert [row["id"] for row in found.rows] == [2, 3]
    found = ask(keeper, database, "SELECT id FROM pupils WHERE name LIKE '%' || ", " || '%'", values=("清",))
    assert [row["id"] for row in found.rows] == [2]


def test_colons_percents_and_backslashes_are_the_statements_own(keeper: DatabaseKeeper, database: Database) -> None:
    found = ask(keeper, database, r"SELECT '12:30 :x %s %% \' AS a, 7 % 4 AS b, 'é' AS c")
    assert found.rows == ({"a": r"12:30 :x %s %% \ ".strip(), "b": 3, "c": "é"},)


def test_columns_of_the_same_name_are_told_apart(keeper: DatabaseKeeper, database: Database) -> None:
    found = ask(keeper, database, "SELECT a.id, b.id FROM pupils a JOIN pupils b ON b.id = a.id WHERE a.id = 2")
    assert found.rows == ({"id": 2, "id (2)": 2},)


def test_no_more_rows_than_wanted(keeper: DatabaseKeeper, database: Database) -> None:
    found = ask(keeper, database, "SELECT id FROM pupils ORDER BY id", most=2)
    assert [row["id"] for row in found.rows] == [1, 2]
    assert found.more
    assert not ask(keeper, database, "SELECT id FROM pupils", most=3).more


WRITES = [
    "DELETE FROM pupils",
    "UPDATE pupils SET name = 'x'",
    "INSERT INTO pupils (id) VALUES (9)",
    "DROP TABLE pupils",
    "CREATE TABLE other (x INTEGER)",
    "SELECT 1; DELETE FROM pupils",
    "SELECT 1) AS a; DELETE FROM pupils; SELECT * FROM (SELECT 1",
    "COMMIT; DELETE FROM pupils",
    "ROLLBACK; BEGIN READ WRITE; DELETE FROM pupils; COMMIT",
    "WITH gone AS (DELETE FROM pupils RETURNING *) SELECT * FROM gone",
    "EXPLAIN ANALYZE DELETE FROM pupils",
    "SET default_transaction_read_only = off",
    "SELECT set_config('transaction_read_only', 'off', false) || (SELECT 'x')",
    "DO $$ BEGIN DELETE FROM pupils; END $$",
    "COPY pupils TO '/tmp/flowloom-stolen'",
    "COPY pupils TO PROGRAM 'cat > /tmp/flowloom-stolen'",
    "CREATE TEMP TABLE other (x INTEGER)",
    "ATTACH DATABASE '/tmp/flowloom-stolen' AS other",
    "VACUUM INTO '/tmp/flowloom-stolen'",
    "PRAGMA writable_schema = 1",
    "PRAGMA journal_mode = delete",
    "SELECT load_extension('/tmp/evil')",
    "BEGIN IMMEDIATE",
]


@pytest.mark.parametrize("statement", WRITES)
def test_reading_changes_nothing(keeper: DatabaseKeeper, database: Database, statement: str) -> None:
    assert refused(keeper, database, statement) in ("database.read_only", "database.statement")
    assert len(ask(keeper, database, "SELECT * FROM pupils WHERE name = 'Ada' OR id > 1").rows) == 3
    assert refused(keeper, database, "SELECT * FROM other") == "database.statement"
    assert not Path("/tmp/flowloom-stolen").exists()


VIRTUAL = """
CREATE TABLE notes (id INTEGER PRIMARY KEY, tags TEXT);
INSERT INTO notes VALUES (1, '["red", "blue"]'), (2, '["red"]');
CREATE VIRTUAL TABLE pages USING fts5(text);
INSERT INTO pages VALUES ('hello wide world');
CREATE VIRTUAL TABLE old_pages USING fts4(text);
INSERT INTO old_pages VALUES ('hello wide world');
CREATE VIRTUAL TABLE boxes USING rtree(id, low, high);
INSERT INTO boxes VALUES (1, 0, 5);
CREATE VIEW tagged AS SELECT notes.id, value FROM notes, json_each(notes.tags);
"""
READS = [
    # SQLite 3.40 asks its authorizer about the statements that these tables prepare for themselves.
    ("SELECT value FROM notes, json_each(notes.tags) ORDER BY value", 3),
    ("SELECT * FROM json_tree('{\"a\": 1}')", 2),
    ("SELECT highlight(pages, 0, '[', ']') FROM pages WHERE pages MATCH 'wide'", 1),
    ("SELECT snippet(old_pages) FROM old_pages WHERE text MATCH 'wide'", 1),
    ("SELECT * FROM boxes WHERE low < 3", 1),
    ("SELECT name FROM pragma_table_info('notes')", 2),
    ("SELECT * FROM tagged WHERE value = 'red'", 2),
    ("EXPLAIN QUERY PLAN SELECT * FROM notes", 1),
    ("WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c WHERE x < 3) SELECT * FROM c", 3),
    ("SELECT * FROM pragma_user_version", 1),
]
WRITES_WITHIN = [
    "INSERT INTO pages VALUES ('more')",
    "INSERT INTO pages(pages) VALUES ('optimize')",
    "INSERT INTO boxes VALUES (2, 0, 1)",
    "DELETE FROM tagged",
    "SELECT * FROM pragma_journal_mode",
    "PRAGMA user_version = 7",
    "PRAGMA query_only = OFF",
    "SELECT * FROM pragma_database_list",
]


@pytest.fixture
def indexed(keeper: DatabaseKeeper, tmp_path: Path) -> Database:
    with sqlite3.connect(tmp_path / "indexed.db") as made:
        made.executescript(VIRTUAL)
    made.close()
    return keeper.keep(Database(kind="sqlite", path=str(tmp_path / "indexed.db")))


@pytest.mark.parametrize(("statement", "count"), READS)
def test_what_only_reads_may(keeper: DatabaseKeeper, indexed: Database, statement: str, count: int) -> None:
    assert len(ask(keeper, indexed, statement).rows) == count


@pytest.mark.parametrize("statement", WRITES_WITHIN)
def test_what_writes_within_may_not(keeper: DatabaseKeeper, indexed: Database, statement: str) -> None:
    assert refused(keeper, indexed, statement) in ("database.read_only", "database.statement")
    assert len(ask(keeper, indexed, "SELECT * FROM pages").rows) == 1


@needs_postgres
@pytest.mark.parametrize("database", ["postgres"], indirect=True)
@pytest.mark.parametrize(
    "statement",
    [
        "EXPLAIN SELECT * FROM pupils",
        "SHOW server_version",
        "VALUES (1)",
        "TABLE pupils",
        "(SELECT 1) UNION (SELECT 2)",
    ],
)
def test_postgres_tells_of_itself(keeper: DatabaseKeeper, database: Database, statement: str) -> None:
    assert ask(keeper, database, statement).rows


@pytest.mark.parametrize("statement", ["SET search_path = x", "begin"])
def test_settings_of_a_connection_are_said_to_have_no_effect(
    keeper: DatabaseKeeper, database: Database, statement: str
) -> None:
    with pytest.raises(FlowloomError, match="has no effect here, because each query runs separately"):
        ask(keeper, database, statement)


POSTGRES_TYPES = [
    # PostgreSQL 15, chapter 8; what JSON has no word for is a text, and no figure gets lost.
    ("1.50::numeric", 1.5),
    ("12345678901234567890::numeric", 12345678901234567890),
    ("12345678901234567890.12::numeric", "12345678901234567890.12"),
    ("'NaN'::numeric", "NaN"),
    ("'-Infinity'::float8", "-inf"),
    ("'192.168.0.1/24'::inet", "192.168.0.1/24"),
    ("'192.168.0.0/24'::cidr", "192.168.0.0/24"),
    ("'\\xDEADBEEF'::bytea", "(4 bytes)"),
    ("ARRAY[1.5::numeric, NULL]", [1.5, None]),
    ("'{\"a\": [1.5, null]}'::jsonb", {"a": [1.5, None]}),
    ("'1 day 02:03:04'::interval", "1 day, 2:03:04"),
    ("'infinity'::date", "infinity"),
    ("'2026-11-29 10:00+02'::timestamptz", "2026-11-29T08:00:00+00:00"),
    ("'[1,5)'::int4range", "[1,5)"),
    ("'12.34'::money", "$12.34"),
    ("9007199254740993::bigint", 9007199254740993),
]


@needs_postgres
@pytest.mark.parametrize("database", ["postgres"], indirect=True)
def test_every_type_of_postgres_is_a_plain_value(keeper: DatabaseKeeper, database: Database) -> None:
    columns = ", ".join(f"{said} AS c{at}" for at, (said, _) in enumerate(POSTGRES_TYPES))
    (row,) = ask(keeper, database, f"SELECT {columns}").rows
    assert json.loads(json.dumps(row, allow_nan=False)) == {
        f"c{at}": value for at, (_, value) in enumerate(POSTGRES_TYPES)
    }


def test_changing_needs_leave_in_both_places(keeper: DatabaseKeeper, database: Database) -> None:
    assert refused(keeper, database, "DELETE FROM pupils", change=True) == "database.read_only"
    allowed = keeper.keep(database.model_copy(update={"change": True}))
    assert refused(keeper, allowed, "DELETE FROM pupils") in ("database.read_only", "database.statement")
    found = ask(keeper, allowed, "UPDATE pupils SET name = ", " WHERE id > 1", values=("Li",), change=True)
    assert (found.changed, found.rows) == (2, ())
    assert [row["name"] for row in ask(keeper, allowed, "SELECT name FROM pupils ORDER BY id").rows] == [
        "Ada",
        "Li",
        "Li",
    ]
    assert len(ask(keeper, allowed, "SELECT 1 AS one", change=True).rows) == 1


def test_a_question_without_end_is_ended(keeper: DatabaseKeeper, database: Database) -> None:
    begun = time.monotonic()
    assert refused(keeper, database, FOREVER[database.kind], seconds=0.5) == "database.slow"
    assert time.monotonic() - begun < 10


def test_its_tables_are_told(keeper: DatabaseKeeper, database: Database) -> None:
    told = asyncio.run(keeper.tables(database.id))
    assert "pupils (id integer, name text, grade numeric(4, 2), born date)" in told


def test_what_a_database_says_of_an_error_is_shown(keeper: DatabaseKeeper, database: Database) -> None:
    with pytest.raises(DatabaseError, match="teachers"):
        ask(keeper, database, "SELECT * FROM teachers")


@needs_postgres
@pytest.mark.parametrize("changes", [{"port": 1}, {"user": "nobody"}, {"database": "none"}])
def test_a_server_that_cannot_be_reached(keeper: DatabaseKeeper, server: int, changes: dict[str, Any]) -> None:
    known = {"kind": "postgres", "host": "127.0.0.1", "port": server, "database": "postgres", "user": "postgres"}
    made = keeper.keep(Database.model_validate({**known, "secure": False, **changes}), PASSWORD)
    assert refused(keeper, made, "SELECT 1") == "database.connection"


@needs_postgres
def test_a_server_without_tls_gets_no_password(keeper: DatabaseKeeper, server: int) -> None:
    known = Database(kind="postgres", host="127.0.0.1", port=server, database="postgres", user="postgres")
    assert refused(keeper, keeper.keep(known, PASSWORD), "SELECT 1") == "database.connection"


def test_the_practice_library_is_always_there_and_always_the_same(keeper: DatabaseKeeper) -> None:
    practice = Database(id=PRACTICE)
    assert refused(keeper, practice, "DELETE FROM books") == "database.read_only"
    assert refused(keeper, practice, "DELETE FROM books", change=True) == "database.read_only"
    assert ask(keeper, practice, "SELECT count(*) AS n FROM books").rows == ({"n": 8},)
    overdue = (
        "SELECT name FROM loans JOIN readers ON readers.id = reader WHERE returned IS NULL AND due < date('now')"
    )
    assert len(ask(keeper, practice, overdue).rows) == 3


def test_files_that_are_no_database(keeper: DatabaseKeeper, tmp_path: Path) -> None:
    (tmp_path / "x.db").write_bytes(b"This is a letter. " * 100)
    assert (
        refused(keeper, keeper.keep(Database(path=str(tmp_path / "x.db"))), "SELECT * FROM a")
        == "database.statement"
    )
    assert refused(keeper, keeper.keep(Database(path=str(tmp_path / "no.db"))), "SELECT 1") == "database.no_file"
    assert not (tmp_path / "no.db").exists()
    assert refused(keeper, Database(), "SELECT 1") == "database.missing"


def test_huge_values_are_refused_or_cut(keeper: DatabaseKeeper) -> None:
    practice = Database(id=PRACTICE)
    assert refused(keeper, practice, "SELECT zeroblob(900000000)") == "database.statement"
    (row,) = ask(
        keeper, practice, "SELECT replace(hex(zeroblob(50000)), '00', 'ab') AS long, x'0102' AS bytes"
    ).rows
    assert len(row["long"]) < 25_000
    assert row["bytes"] == "(2 bytes)"
    numbers = "WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c WHERE x < 2000) "
    assert ask(keeper, practice, numbers + "SELECT hex(zeroblob(9000)) FROM c", most=2000).more


def test_passwords_are_kept_apart(keeper: DatabaseKeeper, tmp_path: Path) -> None:
    made = keeper.keep(Database(kind="postgres", database="x"), PASSWORD)
    assert all(PASSWORD.encode() not in path.read_bytes() for path in (tmp_path / "home").iterdir())
    keeper.delete(made.id)
    assert keeper.settings.databases == ()
    (tmp_path / "home" / "databases.json").write_text("{")
    with pytest.raises(DatabaseError):
        keeper.keep(made)
    assert (tmp_path / "home" / "databases.json").read_text() == "{"
