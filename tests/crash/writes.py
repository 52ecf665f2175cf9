"""Counts what a process writes, and kills it right before one of those writes.

A write is a statement that changes the database, or the making, syncing, renaming or deletion of a file.
"""

import os
import signal
import sqlite3
from collections.abc import Callable
from typing import Any

READS = ("SELECT", "PRAGMA", "EXPLAIN", "ATTACH")


class Writes:
    """Every write from now on; the one with the number `fatal` is not made: the process is killed before it."""

    def __init__(self, fatal: int | None = None) -> None:
        self.count, self.fatal = 0, fatal

    def about_to(self) -> None:
        if self.count == self.fatal:
            os.kill(os.getpid(), signal.SIGKILL)
        self.count += 1

    def watch(self) -> None:
        """Have this process counted, in all of its threads."""
        connect: Callable[..., sqlite3.Connection] = sqlite3.connect
        writes = self

        class Watched(sqlite3.Connection):
            def execute(self, statement: str, *values: Any) -> sqlite3.Cursor:
                if not statement.lstrip().upper().startswith(READS):
                    writes.about_to()
                return super().execute(statement, *values)

            def executemany(self, statement: str, *values: Any) -> sqlite3.Cursor:
                writes.about_to()
                return super().executemany(statement, *values)

        sqlite3.connect = lambda *given, **more: connect(*given, factory=Watched, **more)  # type: ignore[assignment]
        for name in ("replace", "rename", "link", "unlink", "fsync", "mkdir"):
            setattr(os, name, self._counted(getattr(os, name)))

    def _counted(self, real: Callable[..., Any]) -> Callable[..., Any]:
        def counted(*given: Any, **more: Any) -> Any:
            self.about_to()
            return real(*given, **more)

        return counted
