"""Both databases that an installation may be kept in, for tests that say something of either."""

from collections.abc import Iterator

import pytest

from flowloom.store.db import Database
from flowloom.store.opening import VARIABLE
from tests.postgres import postgres, programs

PASSWORD = "S3cret-of-the-store"


@pytest.fixture(scope="session")
def postgres_port() -> Iterator[int]:
    """One server for all tests of this process."""
    if programs() is None:
        pytest.skip("PostgreSQL is not installed")
    with postgres(PASSWORD) as port:
        yield port


@pytest.fixture
def postgres_address(postgres_port: int) -> Iterator[str]:
    """An empty database; what a test opened there is closed after it."""
    from flowloom.store.postgres import PostgresDatabase

    address = f"postgresql://postgres:{PASSWORD}@127.0.0.1:{postgres_port}/postgres"
    opened: list[PostgresDatabase] = []
    with pytest.MonkeyPatch.context() as watched:
        begin = PostgresDatabase.__init__

        def noted(self: PostgresDatabase, *given: object, **more: object) -> None:
            opened.append(self)
            begin(self, *given, **more)  # type: ignore[arg-type]

        watched.setattr(PostgresDatabase, "__init__", noted)
        _empty(PostgresDatabase(address))
        yield address
    for database in opened:
        if "_engine" in vars(database):
            database.close()


def tables_of(database: Database) -> list[str]:
    """The names of all tables of either."""
    listed = "SELECT name FROM sqlite_master WHERE type = 'table'"
    if not database.copies:
        listed = "SELECT table_name FROM information_schema.tables WHERE table_schema = current_schema()"
    return [name for (name,) in database.all(listed)]


def _empty(database: Database) -> None:
    """Much faster than to make all tables anew."""
    from flowloom.store.tables import metadata

    tables = [name for name in metadata.tables if name != "schema_version"]
    emptied = "; ".join(f"DELETE FROM {name}" for name in tables)
    counters = "ALTER SEQUENCE turns_number_seq RESTART; ALTER SEQUENCE facts_id_seq RESTART"
    database.do(f"DO $$ BEGIN {emptied}; {counters}; END $$")


@pytest.fixture(params=["file", "postgres"])
def kept_in(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Let what the test opens be in a file, and then once more in PostgreSQL."""
    if request.param == "postgres":
        monkeypatch.setenv(VARIABLE, request.getfixturevalue("postgres_address"))
    return str(request.param)
