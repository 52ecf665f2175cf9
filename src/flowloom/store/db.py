"""What the stores ask of a database, whichever it is.

Statements are SQL that SQLite and PostgreSQL both take: values as `?`, or as `?1` where one is used more than once;
`ON CONFLICT` instead of `OR REPLACE`; TRUE and FALSE for what is either.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

from flowloom.errors import Problem
from flowloom.services.disk_failures import ONLY_READ


class Database(ABC):
    """Statements one at a time; a transaction is whole or not at all, and the only one that writes meanwhile.

    Every method raises StoreError where the disk is full, nothing may be written, what is kept is damaged, the
    database does not answer or another process keeps it busy.
    """

    read_only = no_room = damaged = False
    only_read: Problem = ONLY_READ

    @property
    def copies(self) -> bool:
        """Whether it is small enough, and ours alone, to be copied each day."""
        return True

    @abstractmethod
    def all(self, statement: str, *values: Any) -> list[Any]:
        """The rows that are found."""

    @abstractmethod
    def one(self, statement: str, *values: Any) -> Any:
        """The first row that is found, or None."""

    @abstractmethod
    def do(self, statement: str, *values: Any) -> int:
        """Change something; how many rows it changed."""

    @abstractmethod
    def do_all(self, statement: str, rows: Iterable[Sequence[Any]]) -> None:
        """Change something once for each of the rows; to be called in a transaction."""

    @abstractmethod
    def transaction(self) -> AbstractContextManager[None]:
        """All that happens within is kept together or not at all; one within another is a part of it."""

    def beside_others(self) -> AbstractContextManager[None]:
        """A transaction that changes only what is this process's alone, as its lease says.

        Others of this kind may go at the same time; those of the other kind wait for it, and it for them.
        """
        return self.transaction()

    def number_on(self, table: str, column: str = "number") -> None:  # noqa: B027
        """Let new rows of a table get a higher number than all it has, after some were moved."""

    @abstractmethod
    def back_up(self, target: Path) -> None:
        """Copy the whole database into a new file, also while others write. Raises StoreError, or OSError."""

    @abstractmethod
    def take_in(self, backup: Path) -> None:
        """Put what a backup holds in the place of all that is kept, for every process. Raises StoreError."""

    @abstractmethod
    def close(self) -> None:
        """Let go of its connections."""
