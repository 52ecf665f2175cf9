"""All rows of one database, table by table, as the other takes them: a file's in PostgreSQL, or the other way."""

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any, NamedTuple

from sqlalchemy import Boolean, Identity, Table

from flowloom.store.tables import metadata

Row = Sequence[Any]
OF_THIS_MOMENT = {"schema_version", "processes", "leases", "sign_ins", "attempts"}
"""Tables that say who is at work or signed in just now; elsewhere nobody is."""


class Copied(NamedTuple):
    """A table, and the statements that read and write its rows in the order in which they came."""

    name: str
    select: str
    insert: str
    flags: tuple[int, ...]
    """Where a row has what is either true or false, for which SQLite has 1 and 0."""
    counted: str
    """The column that counts its rows by itself, or empty."""

    def typed(self, rows: Iterable[Row]) -> Iterator[Row]:
        """Rows of a file as PostgreSQL takes them."""
        for row in rows:
            yield [bool(value) if at in self.flags else value for at, value in enumerate(row)]


def copied_tables() -> list[Copied]:
    """Every table that goes along."""
    return [_copied(table) for table in metadata.tables.values() if table.name not in OF_THIS_MOMENT]


def _copied(table: Table) -> Copied:
    names = [column.name for column in table.columns if column.name != "rowid"]
    order = "rowid" if "rowid" in table.c else ", ".join(column.name for column in table.primary_key)
    listed = ", ".join(names)
    flags = tuple(at for at, name in enumerate(names) if isinstance(table.c[name].type, Boolean))
    counted = next((name for name in names if isinstance(table.c[name].server_default, Identity)), "")
    return Copied(
        table.name,
        f"SELECT {listed} FROM {table.name} ORDER BY {order}",
        f"INSERT INTO {table.name} ({listed}) VALUES ({', '.join('?' * len(names))})",
        flags,
        counted,
    )


def rows_of_file(path: Path, table: Copied) -> Iterator[Row]:
    """The rows of a table, one by one, as they may be more than fit in memory."""
    with closing(sqlite3.connect(path)) as connection:
        yield from connection.execute(table.select)
