"""What counts for a whole workspace, whichever process asks: texts by their names."""

from flowloom.store.db import Database


class WorkspaceSettings:
    """Every method raises StoreError where the database cannot be used."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def get(self, name: str) -> str:
        """What is kept under a name; empty for nothing."""
        row = self._db.one("SELECT value FROM workspace_settings WHERE name = ?", name)
        return str(row[0]) if row else ""

    def set(self, name: str, value: str) -> None:
        self._db.do(
            "INSERT INTO workspace_settings VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
            name,
            value,
        )
