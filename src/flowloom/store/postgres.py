"""One PostgreSQL database, shared by the threads of the app and by processes on any machine.

Transactions follow one another by an advisory lock, as they do in a file: what stands in one may replace a file
beside the database, which nobody could take back and try again, as a serializable transaction would have to. What
writes the log of a run takes the same lock to share, as each run is written by one process alone.
"""

import shutil
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, closing, contextmanager, suppress
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, TypeVar

from flowloom.errors import StoreError
from flowloom.store.db import Database
from flowloom.store.dialect import FUNCTIONS, change_in_postgres, in_postgres, values_for
from flowloom.store.postgres_failures import ADDRESS, NEWER, ONLY_READ, PACKAGE, is_down, told
from flowloom.store.schema import CHANGES
from flowloom.store.sqlite import SqliteDatabase

if TYPE_CHECKING:
    from sqlalchemy import Connection, CursorResult, Engine

T = TypeVar("T")
WAIT = 30.0
"""Seconds a transaction waits for that of another process, or for a server that is starting again."""
PAUSE = 0.2
"""Seconds between two looks whether it answers again."""
TOGETHER = 200
"""Rows that are sent at once."""
_BEGIN = (
    f"SELECT set_config('lock_timeout', '{WAIT:.0f}s', true), "
    "set_config('idle_in_transaction_session_timeout', '120s', true), "
    "pg_advisory_xact_lock(hashtext(current_schema()), 7010)"
)
_BEGIN_BESIDE = _BEGIN.replace("pg_advisory_xact_lock", "pg_advisory_xact_lock_shared")
_KEEPALIVE = {"keepalives_idle": 10, "keepalives_interval": 5, "keepalives_count": 3, "connect_timeout": 10}


class PostgresDatabase(Database):
    """Fulfils what a file does. A connection serves one statement or one transaction, then goes back to a pool."""

    only_read = ONLY_READ

    def __init__(self, address: str, wait: float = WAIT) -> None:
        """Raises StoreError where it cannot be reached or prepared."""
        self._engine, self._wait = _engine(address), wait
        self._reading = self._engine.execution_options(isolation_level="AUTOCOMMIT")
        self._here = threading.local()
        try:
            self._prepare()
        except BaseException:
            self._engine.dispose()
            raise

    @property
    def copies(self) -> bool:
        return False

    def all(self, statement: str, *values: Any) -> list[Any]:
        return self._read(statement, values, lambda found: [tuple(row) for row in found])

    def one(self, statement: str, *values: Any) -> Any:
        return self._read(statement, values, _first)

    def do(self, statement: str, *values: Any) -> int:
        with self.transaction():
            return self._run(self.held, statement, values, lambda done: done.rowcount)

    def do_all(self, statement: str, rows: Iterable[Sequence[Any]]) -> None:
        waiting = iter(rows)
        with self.transaction():
            while some := [values_for(statement, row) for row in islice(waiting, TOGETHER)]:
                _told(lambda some=some: self.held.exec_driver_sql(in_postgres(statement), some))  # type: ignore[misc]

    def transaction(self) -> AbstractContextManager[None]:
        return self._whole(_BEGIN)

    def beside_others(self) -> AbstractContextManager[None]:
        return self._whole(_BEGIN_BESIDE)

    @contextmanager
    def _whole(self, begin: str) -> Iterator[None]:
        if getattr(self._here, "connection", None) is not None:
            yield
            return
        connection = self._here.connection = self._again(lambda: self._begin(begin))
        try:
            yield
            _told(connection.commit)
        except BaseException:
            with suppress(Exception):
                connection.rollback()
            raise
        finally:
            self._here.connection = None
            with suppress(Exception):
                connection.close()

    def number_on(self, table: str, column: str = "number") -> None:
        self.one(f"SELECT setval(pg_get_serial_sequence('{table}', '{column}'), max({column})) FROM {table}")

    def back_up(self, target: Path) -> None:
        target.unlink(missing_ok=True)
        with closing(SqliteDatabase(target)) as file:
            _told(lambda: self._copy_into(file))

    def _copy_into(self, file: Database) -> None:
        from flowloom.store.row_copies import copied_tables

        # One state of all tables, which holds nobody up.
        source = self._engine.execution_options(isolation_level="REPEATABLE READ", stream_results=True)
        with source.connect() as connection, file.transaction():
            for table in copied_tables():
                found = connection.exec_driver_sql(table.select, execution_options={"yield_per": TOGETHER})
                file.do_all(table.insert, (tuple(row) for row in found))

    def take_in(self, backup: Path) -> None:
        from flowloom.store.row_copies import copied_tables, rows_of_file

        with TemporaryDirectory(prefix="flowloom-") as folder:
            path = Path(shutil.copyfile(backup, Path(folder) / "backup.sqlite"))
            SqliteDatabase(path).close()  # brings an older one up to date
            with self.transaction():
                for table in copied_tables():
                    self.do(f"DELETE FROM {table.name}")
                    self.do_all(table.insert, table.typed(rows_of_file(path, table)))
                    if table.counted:
                        self.number_on(table.name, table.counted)

    def close(self) -> None:
        self._engine.dispose()

    @property
    def engine(self) -> "Engine":
        """Its connections, for what lies beside our tables."""
        return self._engine

    @property
    def address(self) -> str:
        """Where it is, with the password: not to be shown or logged."""
        return self._engine.url.set(drivername="postgresql").render_as_string(hide_password=False)

    @property
    def held(self) -> "Connection":
        """The connection of the transaction that this thread is in."""
        found: Connection = self._here.connection
        return found

    def _read(self, statement: str, values: Sequence[Any], take: "Callable[[CursorResult[Any]], T]") -> T:
        if getattr(self._here, "connection", None) is not None:
            return self._run(self.held, statement, values, take)
        if not statement.startswith("SELECT"):  # what changes something must not be done twice
            with self.transaction():
                return self._run(self.held, statement, values, take)

        def alone() -> T:
            with _told(self._reading.connect) as connection:
                return self._run(connection, statement, values, take)

        return self._again(alone)

    def _run(
        self,
        connection: "Connection",
        statement: str,
        values: Sequence[Any],
        take: "Callable[[CursorResult[Any]], T]",
    ) -> T:
        sent = values_for(statement, values)
        return _told(lambda: take(connection.exec_driver_sql(in_postgres(statement), sent)))

    def _begin(self, begin: str) -> "Connection":
        connection = _told(self._engine.connect)
        try:
            _told(lambda: connection.exec_driver_sql(begin))
        except BaseException:
            with suppress(Exception):
                connection.close()
            raise
        return connection

    def _again(self, work: Callable[[], T]) -> T:
        """Do something that changes nothing by itself, as often as a server that starts again makes it fail."""
        until = time.monotonic() + self._wait
        while True:
            try:
                return work()
            except StoreError as error:
                if not is_down(error) or time.monotonic() > until:
                    raise
            time.sleep(PAUSE)

    def _prepare(self) -> None:
        """Bring the tables up to date; of processes that start together, one does."""
        wait, self._wait = self._wait, 0.0  # a wrong address is told at once
        self.read_only = self.one("SELECT current_setting('transaction_read_only')") == ("on",)
        if self._version() != len(CHANGES):
            if self.read_only:
                raise StoreError.from_problem(NEWER)
            with self.transaction():
                self._bring_up_to_date(self._version())
        self._wait = wait

    def _version(self) -> int | None:
        if self.one("SELECT to_regclass('schema_version') IS NULL") == (True,):
            return None
        return int(self.one("SELECT number FROM schema_version")[0])

    def _bring_up_to_date(self, version: int | None) -> None:
        if version is None:
            from flowloom.store.tables import metadata

            _told(lambda: metadata.create_all(self.held))
            for function in FUNCTIONS:
                self.do(function)
            self.do("INSERT INTO schema_version VALUES (?)", len(CHANGES))
            return
        for change in CHANGES[version:]:
            self.do(change_in_postgres(change))
        self.do("UPDATE schema_version SET number = ?", max(version, len(CHANGES)))


def _engine(address: str) -> "Engine":
    from sqlalchemy import create_engine, make_url
    from sqlalchemy.exc import ArgumentError

    try:
        url = make_url(address)
    except (ArgumentError, ValueError):
        raise StoreError.from_problem(ADDRESS) from None
    if url.drivername.partition("+")[0] not in ("postgresql", "postgres") or not url.database:
        raise StoreError.from_problem(ADDRESS)
    try:
        return create_engine(
            url.set(drivername="postgresql+psycopg"),
            # What people said stays out of errors.
            hide_parameters=True,
            pool_size=5,
            max_overflow=15,
            pool_timeout=WAIT,
            connect_args={"application_name": "flowloom", **_KEEPALIVE},
        )
    except ImportError:
        raise StoreError.from_problem(PACKAGE) from None


def _first(found: "CursorResult[Any]") -> "tuple[Any, ...] | None":
    row = found.first()
    return None if row is None else tuple(row)


def _told(work: Callable[[], T]) -> T:
    from sqlalchemy.exc import SQLAlchemyError

    try:
        return work()
    except SQLAlchemyError as error:
        raise told(error) from None
