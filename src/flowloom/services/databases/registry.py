"""The databases at work: each asked in a thread of its own, for so long and so many rows."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from flowloom.errors import DatabaseError
from flowloom.kinds.databases import PRACTICE, Query, Rows
from flowloom.services.databases import practice
from flowloom.services.databases.asking import ask, tables_of
from flowloom.services.databases.engines import engine_of
from flowloom.services.databases.settings import (
    Database,
    DatabaseSettings,
    load_databases,
    save_databases,
)
from flowloom.services.secrets import SecretStore

if TYPE_CHECKING:
    from sqlalchemy import Engine


class DatabaseKeeper:
    """Fulfils `Databases` with what the person keeps in a folder. One to practise with is always there."""

    def __init__(self, folder: Path, secrets: SecretStore) -> None:
        self._folder, self._secrets = folder, secrets
        self.changed: Callable[[str], None] = lambda name: None
        """Told what was changed, by its name."""

    @property
    def settings(self) -> DatabaseSettings:
        return load_databases(self._folder)

    def keep(self, database: Database, password: str = "") -> Database:
        """Add or replace one, its password too where one is given. Raises DatabaseError and SecretError."""
        others = (each for each in self.settings.databases if each.id != database.id)
        save_databases(self._folder, DatabaseSettings(databases=(*others, database)))
        if password.strip():
            self._secrets.set(database.secret, password)
        self.changed(database.label)
        return database

    def delete(self, id: str) -> None:
        database = self.settings.find(id)
        if database:
            self._secrets.delete(database.secret)
            kept = tuple(each for each in self.settings.databases if each.id != id)
            save_databases(self._folder, DatabaseSettings(databases=kept))
            self.changed(database.label)

    async def query(self, database: str, query: Query) -> Rows:
        """What it answers. Raises DatabaseError and SecretError."""
        found = self._find(database)
        if query.change and not found.change:
            raise DatabaseError(
                "GPTs aren’t allowed to change “{name}”.",
                "You can allow it in Settings → Databases.",
                code="database.read_only",
                name=found.label,
            )
        return await asyncio.to_thread(ask, self._engine(found, query), found, query)

    async def tables(self, database: str) -> str:
        """Its tables and their columns, a table a line. Raises DatabaseError and SecretError."""
        found = self._find(database)
        return await asyncio.to_thread(tables_of, self._engine(found, Query(parts=("",))), found)

    def _find(self, id: str) -> Database:
        found = Database(id=PRACTICE, name="Practice library") if id == PRACTICE else self.settings.find(id)
        if found is None:
            raise DatabaseError(
                "The database of this block isn’t set up here.",
                "Open the block and choose another, or add it in Settings → Databases.",
                code="database.missing",
            )
        return found

    def _engine(self, database: Database, query: Query) -> "Engine":
        if database.id == PRACTICE:
            return practice.engine(query.seconds)
        password = self._secrets.reveal(database.secret) if self._secrets.has(database.secret) else ""
        return engine_of(database, password, query)
