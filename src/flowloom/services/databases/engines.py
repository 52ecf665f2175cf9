"""The way into a database: read only unless a query may change it, and ended when its time is up."""

import sqlite3
import time
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from flowloom.errors import DatabaseError
from flowloom.kinds.databases import Query
from flowloom.services.databases.settings import Database

if TYPE_CHECKING:
    from sqlalchemy import Engine

_READING = frozenset(
    {sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ, sqlite3.SQLITE_FUNCTION, sqlite3.SQLITE_RECURSIVE}
)
# Tables that a module provides (json_each, full text, R-trees, pragma functions) prepare statements of their own
# while they are only read, and SQLite asks about those as well. What really writes is stopped by `query_only`.
_WITHIN = frozenset({sqlite3.SQLITE_INSERT, sqlite3.SQLITE_UPDATE, sqlite3.SQLITE_DELETE})
_NEVER = frozenset({sqlite3.SQLITE_ATTACH, sqlite3.SQLITE_DETACH})
_FACTS = frozenset(
    "read_uncommitted table_info table_xinfo index_list index_info index_xinfo foreign_key_list table_list "
    "foreign_key_check function_list collation_list module_list pragma_list compile_options".split()
)
"""Pragmas that only tell of tables and of what SQLite knows."""
_NUMBERS = frozenset(
    "data_version user_version schema_version application_id encoding page_count page_size".split()
)
"""Pragmas that only tell while they are given nothing."""
_REACH_OUT = frozenset({"load_extension", "readfile", "writefile", "edit", "fts3_tokenizer"})
LONGEST_VALUE = 20_000_000
"""Bytes of one value."""
_STEPS = 20_000
"""Steps of SQLite's machine between looks at the clock."""


def engine_of(database: Database, password: str, query: Query) -> "Engine":
    """An engine for one query; it keeps no connection. Raises DatabaseError where a file is missing."""
    if database.kind == "sqlite":
        path = Path(database.path).expanduser()
        if not path.is_file():
            raise DatabaseError(
                "There is no file {path}.",
                "Check its location in Settings → Databases.",
                code="database.no_file",
                path=path,
            )
        address = f"file:{quote(str(path.resolve()))}?mode={'rw' if query.change else 'ro'}"
        return sqlite_engine(lambda: sqlite3.connect(address, uri=True, timeout=query.seconds), query)
    return _postgres(database, password, query)


def sqlite_engine(connect: Any, query: Query) -> "Engine":
    from sqlalchemy import create_engine
    from sqlalchemy.pool import NullPool

    def opened() -> sqlite3.Connection:
        connection: sqlite3.Connection = connect()
        if not query.change:
            connection.execute("PRAGMA query_only = ON")
        connection.set_authorizer(_changing if query.change else _reading)
        connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, LONGEST_VALUE)
        until = time.monotonic() + query.seconds
        connection.set_progress_handler(lambda: int(time.monotonic() > until), _STEPS)
        return connection

    return create_engine("sqlite://", creator=opened, poolclass=NullPool)


def _reading(action: int, first: str | None, second: str | None, *_: Any) -> int:
    allowed = action in _READING | _WITHIN or (action == sqlite3.SQLITE_PRAGMA and _tells(first, second))
    return sqlite3.SQLITE_OK if allowed and not _reaches_out(action, second) else sqlite3.SQLITE_DENY


def _changing(action: int, first: str | None, second: str | None, *_: Any) -> int:
    refused = action in _NEVER or _reaches_out(action, second)
    refused = refused or (action == sqlite3.SQLITE_PRAGMA and not _tells(first, second))
    return sqlite3.SQLITE_DENY if refused else sqlite3.SQLITE_OK


def _tells(pragma: str | None, value: str | None) -> bool:
    return pragma in _FACTS or (pragma in _NUMBERS and value is None)


def _reaches_out(action: int, function: str | None) -> bool:
    return action == sqlite3.SQLITE_FUNCTION and (function or "").lower() in _REACH_OUT


def _postgres(database: Database, password: str, query: Query) -> "Engine":
    from sqlalchemy import URL, create_engine, event
    from sqlalchemy.pool import NullPool

    if find_spec("pg8000") is None:
        raise DatabaseError(
            "PostgreSQL needs one more package.",
            "Install Flowloom with it: pip install 'flowloom[postgres]'",
            code="database.package",
        )
    url = URL.create(
        "postgresql+pg8000",
        database.user or None,
        password or None,
        database.host,
        database.port,
        database.database,
    )
    milliseconds = int(query.seconds * 1000)
    engine = create_engine(
        url,
        poolclass=NullPool,
        connect_args={
            "timeout": query.seconds + 5,
            "ssl_context": True if database.secure else None,
            "startup_params": {
                "statement_timeout": str(milliseconds),
                "default_transaction_read_only": "off" if query.change else "on",
            },
        },
    )
    event.listen(engine, "connect", _keep_host_parts)
    return engine


_INET = 869


def _keep_host_parts(connection: Any, _: object) -> None:
    # The driver reads 192.168.0.1/24 as a network, and so loses which computer of it is meant.
    connection.register_in_adapter(_INET, str)
