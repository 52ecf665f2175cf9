"""The database of an installation: a file in its folder, or the PostgreSQL that FLOWLOOM_DATABASE names."""

import os
from pathlib import Path

from flowloom.store.db import Database
from flowloom.store.rescue import open_file
from flowloom.store.work_queue import WorkQueue

VARIABLE = "FLOWLOOM_DATABASE"


def open_database(path: Path) -> Database:
    """The file, a new one where it is damaged, unless another database is named. Raises StoreError."""
    address = os.environ.get(VARIABLE, "").strip()
    if not address:
        return open_file(path)
    from flowloom.store.postgres import PostgresDatabase

    return PostgresDatabase(address)


def open_queue(db: Database) -> WorkQueue | None:
    """The queue of workers, where there can be some: beside a PostgreSQL, with the package they need."""
    if db.copies:
        return None
    from flowloom.store.dbos_queue import DbosQueue, is_installed
    from flowloom.store.postgres import PostgresDatabase

    return DbosQueue(db) if isinstance(db, PostgresDatabase) and is_installed() else None
