"""Databases: a statement with its values, and the rows that answer it."""

from typing import Any, Protocol

from flowloom.errors import NodeError
from flowloom.kinds.values import Attachment, Value

PRACTICE = "practice"
"""The id of the database that is always there."""


class Query(Value):
    """A statement for a database: `values` stand between its `parts`, of which there is one more.

    At most so many rows are wanted within so many seconds. Without `change` nothing may be changed by it.
    """

    parts: tuple[str, ...]
    values: tuple[Any, ...] = ()
    most: int = 1_000
    seconds: float = 30.0
    change: bool = False


class Rows(Value):
    """What a database answered; `more` where not all rows are here, `changed` how many rows it changed."""

    columns: tuple[str, ...] = ()
    rows: tuple[dict[str, Any], ...] = ()
    more: bool = False
    changed: int | None = None


class Databases(Protocol):
    """The databases a person set up."""

    async def query(self, database: str, query: Query) -> Rows:
        """What one answers. Raises DatabaseError and SecretError."""
        ...

    async def tables(self, database: str) -> str:
        """Its tables and their columns, a table a line. Raises DatabaseError and SecretError."""
        ...


class NoDatabases:
    """Fulfils `Databases` where there are none."""

    async def query(self, database: str, query: Query) -> Rows:
        raise NodeError("Databases can’t be reached from here.", "Run the GPT in the app.", code="database.none")

    async def tables(self, database: str) -> str:
        raise NodeError("Databases can’t be reached from here.", "Run the GPT in the app.", code="database.none")

    def save_bytes(self, name: str, data: bytes, media_type: str, *, replace: bool) -> Attachment:
        raise NodeError("Files can’t be saved here.", "Send the message in the chat instead.", code="files.none")
