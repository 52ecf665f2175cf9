"""What PostgreSQL is asked to do as a file does it, and what is said where it cannot."""

import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from threading import Thread

import psycopg
import pytest

from flowloom.errors import StoreError
from flowloom.locales import translate
from flowloom.store import postgres as module
from flowloom.store import postgres_failures
from flowloom.store.dialect import in_postgres
from flowloom.store.opening import VARIABLE, open_database
from flowloom.store.postgres import PostgresDatabase
from flowloom.store.schema import CHANGES
from flowloom.store.sqlite import SqliteDatabase
from flowloom.store.tables import metadata
from tests.kept_in import PASSWORD
from tests.postgres import programs, server


@pytest.fixture
def db(postgres_address: str) -> PostgresDatabase:
    return PostgresDatabase(postgres_address)


END_ALL = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'flowloom'"


def count(db: PostgresDatabase) -> int:
    return int(db.one("SELECT count(*) FROM talks")[0])


def add(db: PostgresDatabase, number: int) -> None:
    db.do("INSERT INTO talks VALUES ('bees', ?, 'x')", number)


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        ("SELECT a FROM t WHERE b = ? AND c = ?", "SELECT a FROM t WHERE b = %s AND c = %s"),
        ("SELECT ?1 WHERE ?1 = ?2", "SELECT %(p1)s WHERE %(p1)s = %(p2)s"),
        ("SELECT 1 WHERE a LIKE 'x%'", "SELECT 1 WHERE a ILIKE 'x%%'"),
    ],
)
def test_a_statement_is_said_in_its_words(ours: str, theirs: str) -> None:
    assert in_postgres(ours) == theirs


def test_both_databases_have_the_same_tables(tmp_path: Path) -> None:
    file = SqliteDatabase(tmp_path / "flowloom.db")
    of_file = {}
    for (table,) in file.all("SELECT name FROM sqlite_master WHERE type = 'table'"):
        of_file[table] = [(name, bool(key)) for _, name, _, _, _, key in file.all(f"PRAGMA table_info({table})")]
    indices = {name for (name,) in file.all("SELECT name FROM sqlite_master WHERE type = 'index' AND sql <> ''")}
    file.close()
    known = {name: table for name, table in metadata.tables.items() if name != "schema_version"}
    # SQLite knows the order of rows by itself, and the order of columns is what `INSERT INTO t VALUES` goes by.
    ours = {
        name: [(column.name, column.primary_key) for column in table.columns if column.name != "rowid"]
        for name, table in known.items()
    }
    assert ours == of_file
    assert {index.name for table in known.values() for index in table.indexes} == indices


def test_what_stands_in_a_transaction_is_whole_or_not_at_all(db: PostgresDatabase) -> None:
    def half() -> None:
        with db.transaction():
            add(db, 1)
            with db.transaction():
                add(db, 2)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        half()
    assert count(db) == 0
    with db.transaction():
        add(db, 1)
    assert count(db) == 1


def test_transactions_of_threads_and_pools_follow_one_another(db: PostgresDatabase, postgres_address: str) -> None:
    databases = [db, db, PostgresDatabase(postgres_address), PostgresDatabase(postgres_address)]

    def count_up(database: PostgresDatabase) -> None:
        for _ in range(25):
            with database.transaction():
                (last,) = database.one("SELECT coalesce(max(number), 0) FROM talks")
                add(database, last + 1)

    threads = [Thread(target=count_up, args=(database,)) for database in databases]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert count(db) == 100


def test_logs_of_runs_go_beside_each_other_and_all_else_waits_for_them(db: PostgresDatabase) -> None:
    both = threading.Barrier(2, timeout=20)
    seen: list[str] = []

    def log(number: int) -> None:
        with db.beside_others():
            both.wait()  # each is within its own
            add(db, number)
            if number == 1:
                other.start()
                time.sleep(0.2)
            seen.append("log")

    def alone() -> None:
        with db.transaction():
            seen.append(f"alone, {count(db)} kept")

    other = Thread(target=alone)
    logs = [Thread(target=log, args=(number,)) for number in (1, 2)]
    for each in logs:
        each.start()
    for each in [*logs, other]:
        each.join(30)
    assert seen == ["log", "log", "alone, 2 kept"]


def test_others_see_a_change_once_it_is_whole(db: PostgresDatabase) -> None:
    seen = []
    with db.transaction():
        add(db, 1)
        other = Thread(target=lambda: seen.append(count(db)))
        other.start()
        other.join(30)
    assert (seen, count(db)) == ([0], 1)


def test_many_rows_are_kept_as_they_come(db: PostgresDatabase) -> None:
    db.do_all("INSERT INTO talks VALUES (?, ?, ?)", (("bees", number, "a\0b%") for number in range(450)))
    assert count(db) == 450
    assert db.one("SELECT DISTINCT turn FROM talks") == ("a\ufffdb%",)
    db.do_all("INSERT INTO talks VALUES (?, ?, ?)", [])


def test_later_changes_of_the_tables_are_made_once(postgres_address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        module, "CHANGES", (*CHANGES, "CREATE TABLE later (a INTEGER, b BLOB, c REAL) WITHOUT ROWID")
    )
    opened: list[PostgresDatabase] = []
    threads = [Thread(target=lambda: opened.append(PostgresDatabase(postgres_address))) for _ in range(4)]
    try:
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
        assert len(opened) == 4
        assert opened[0].one("SELECT number FROM schema_version") == (len(CHANGES) + 1,)
        opened[0].do("INSERT INTO later VALUES (?, ?, ?)", 1, b"\0", 0.5)
        assert opened[1].one("SELECT * FROM later") == (1, b"\0", 0.5)
    finally:
        opened[0].do("DROP TABLE later")
        opened[0].do("UPDATE schema_version SET number = ?", len(CHANGES))


def test_two_that_start_together_make_the_tables_once(postgres_port: int) -> None:
    plain = f"postgresql://postgres:{PASSWORD}@127.0.0.1:{postgres_port}/"
    with psycopg.connect(plain + "postgres", autocommit=True) as admin:
        admin.execute("CREATE DATABASE fresh")
    opened: list[PostgresDatabase] = []
    threads = [Thread(target=lambda: opened.append(PostgresDatabase(plain + "fresh"))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert [database.one("SELECT count(*) FROM schema_version") for database in opened] == [(1,)] * 4
    for database in opened:
        database.close()


@pytest.fixture
def closed_port() -> Iterator[int]:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield taken.getsockname()[1]


@pytest.mark.parametrize(
    ("address", "code"),
    [
        ("postgresql://postgres:{password}@127.0.0.1:{closed}/postgres", "store.postgres_down"),
        ("postgresql://postgres:wrong-{password}@127.0.0.1:{port}/postgres", "store.postgres_refused"),
        ("postgresql://nobody:{password}@127.0.0.1:{port}/postgres", "store.postgres_refused"),
        ("postgresql://postgres:{password}@127.0.0.1:{port}/bees", "store.postgres_missing"),
        ("postgresql://postgres:{password}@127.0.0.1:{port}/", "store.postgres_address"),
        ("mysql://postgres:{password}@127.0.0.1/bees", "store.postgres_address"),
        ("postgresql://postgres:{password}@127.0.0.1:port/bees", "store.postgres_address"),
        ("{password}", "store.postgres_address"),
    ],
)
def test_an_address_that_leads_nowhere(
    address: str, code: str, postgres_port: int, closed_port: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = address.format(password=PASSWORD, port=postgres_port, closed=closed_port)
    monkeypatch.setenv(VARIABLE, told)
    begun = time.monotonic()
    with pytest.raises(StoreError) as caught:
        open_database(tmp_path / "flowloom.db")
    assert caught.value.problem.code == code
    assert time.monotonic() - begun < 15
    said = repr(caught.getrepr(style="long", showlocals=False)) + str(caught.value) + repr(caught.value.problem)
    assert PASSWORD not in said
    assert caught.value.__suppress_context__ or caught.value.__context__ is None


def test_the_command_line_says_it_without_the_password(postgres_port: int, tmp_path: Path) -> None:
    address = f"postgresql://postgres:wrong-{PASSWORD}@127.0.0.1:{postgres_port}/postgres"
    done = subprocess.run(
        [sys.executable, "-c", "from flowloom.cli import main; exit(main(['backup', 'list']))"],
        env={"FLOWLOOM_HOME": str(tmp_path), VARIABLE: address, "PATH": os.environ["PATH"]},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode != 0
    assert "the password in FLOWLOOM_DATABASE" in done.stderr
    assert PASSWORD not in done.stdout + done.stderr
    assert "Traceback" not in done.stderr


def test_without_the_driver_the_package_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(StoreError) as caught:
        PostgresDatabase("postgresql://a@127.0.0.1/b")
    assert caught.value.problem == postgres_failures.PACKAGE


def test_a_server_that_may_only_be_read(postgres_address: str) -> None:
    reading = PostgresDatabase(postgres_address + "?options=-cdefault_transaction_read_only%3Don")
    assert reading.read_only
    assert reading.all("SELECT * FROM talks") == []
    with pytest.raises(StoreError) as caught:
        add(reading, 1)
    assert caught.value.problem == postgres_failures.READ_ONLY


def test_a_busy_database_is_a_sentence(
    db: PostgresDatabase, postgres_address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_BEGIN", module._BEGIN.replace("'30s'", "'100ms'"))
    other = PostgresDatabase(postgres_address)
    with db.transaction(), pytest.raises(StoreError) as caught:
        add(other, 1)
    assert caught.value.problem.code == "store.busy"
    add(other, 1)


def test_every_sentence_is_in_all_languages() -> None:
    problems = [each for each in vars(postgres_failures).values() if isinstance(each, postgres_failures.Problem)]
    assert len(problems) > 8
    for problem in problems:
        for language in ("zh", "fr"):
            assert translate(problem.message, language) != problem.message
            assert translate(problem.hint, language) != problem.hint


class Writer:
    """Writes two rows in each transaction until it is told to stop; what was kept, and what failed."""

    def __init__(self, db: PostgresDatabase) -> None:
        self.db, self.stop = db, threading.Event()
        self.kept: list[int] = []
        self.failed: list[str] = []
        self.thread = Thread(target=self.write)
        self.thread.start()

    def write(self) -> None:
        number = 0
        while not self.stop.is_set():
            number += 2
            try:
                with self.db.transaction():
                    add(self.db, number)
                    add(self.db, number + 1)
            except StoreError as error:
                self.failed.append(error.problem.code)
            else:
                self.kept.append(number)

    def goes_on(self) -> None:
        before = len(self.kept)
        _wait_for(lambda: len(self.kept) > before + 3)

    def end(self) -> None:
        """All that was kept is there, and nothing by half."""
        self.stop.set()
        self.thread.join(60)
        found = {number for (number,) in self.db.all("SELECT number FROM talks")}
        assert {each for number in self.kept for each in (number, number + 1)} <= found
        assert all(number + 1 in found for number in found if number % 2 == 0)
        assert set(self.failed) <= {"store.postgres_down"}


def test_what_is_cut_off_is_not_half_there_and_the_next_goes_on(db: PostgresDatabase, postgres_port: int) -> None:
    writer = Writer(db)
    with psycopg.connect(
        f"postgresql://postgres:{PASSWORD}@127.0.0.1:{postgres_port}/postgres", autocommit=True
    ) as admin:
        for _ in range(10):
            writer.goes_on()
            admin.execute(END_ALL)
    writer.goes_on()
    writer.end()


def test_a_restart_is_waited_for_and_loses_nothing() -> None:
    if programs() is None:
        pytest.skip("PostgreSQL is not installed")
    with server(PASSWORD) as found:
        with found.running():
            db = PostgresDatabase(f"postgresql://postgres:{PASSWORD}@127.0.0.1:{found.port}/postgres")
            writer = Writer(db)
            writer.goes_on()
        begun = len(writer.kept)
        with found.running():
            writer.goes_on()
            writer.end()
            db.close()
    # At most the one that was under way was told to fail; the next ones waited.
    assert len(writer.failed) <= 1
    assert len(writer.kept) > begun


def _wait_for(happened: object) -> None:
    until = time.monotonic() + 60
    while not happened():  # type: ignore[operator]
        assert time.monotonic() < until
        time.sleep(0.01)
