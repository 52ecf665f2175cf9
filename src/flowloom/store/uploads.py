"""Files on their way in: kept on disk while a window shows what is in them, and gone when it closes."""

import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from typing import IO, NamedTuple
from uuid import uuid4

from flowloom.errors import FlowFileError, Problem
from flowloom.services.files import private_folder

MOST_BYTES = 200_000_000
"""Of the files of one window together."""
MOST_FILES = 500
LEFT_OVER = 24 * 3_600
"""Seconds after which a file is one that a process left behind."""


class Upload(NamedTuple):
    """A file that was brought: an id, its name, its size in bytes and where it lies."""

    id: str
    name: str
    size: int
    path: Path


class Uploads:
    """The files of each window, by an id of the window; those of windows long gone are removed."""

    def __init__(self, folder: Path) -> None:
        self._folder, self._lock = folder, Lock()
        self._kept: dict[str, list[Upload]] = {}
        self._forget_left_over()

    def of(self, window: str) -> list[Upload]:
        """The files of a window, in the order in which they came."""
        with self._lock:
            return list(self._kept.get(window, ()))

    def check_room(self, window: str, more: int) -> None:
        """Raises FlowFileError where so many more bytes, in one more file, are too much."""
        there = self.of(window)
        if len(there) >= MOST_FILES or sum(each.size for each in there) + more > MOST_BYTES:
            raise FlowFileError.from_problem(
                Problem.of(
                    "upload.large",
                    "This is too much at once: up to {files} files with {size} MB together are taken.",
                    "Remove a file from the list, or bring the flow without its documents.",
                    files=MOST_FILES,
                    size=MOST_BYTES // 1_000_000,
                )
            )

    @contextmanager
    def coming(self, window: str, name: str) -> Iterator[IO[bytes]]:
        """A file to write into, which is the window’s at the end; whatever goes wrong, nothing stays of it."""
        self._forget_left_over()
        private_folder(self._folder)
        id = uuid4().hex
        path = self._folder / id
        try:
            with path.open("xb") as file:
                os.chmod(path, 0o600)
                yield file
            with self._lock:
                self._kept.setdefault(window, []).append(Upload(id, name, path.stat().st_size, path))
        except BaseException:
            path.unlink(missing_ok=True)
            raise

    def remove(self, window: str, id: str = "") -> None:
        """Remove one file of a window, or all."""
        with self._lock:
            there = self._kept.pop(window, [])
            stay = [each for each in there if id and each.id != id]
            if stay:
                self._kept[window] = stay
        for each in there:
            if each not in stay:
                each.path.unlink(missing_ok=True)

    def close(self) -> None:
        for window in list(self._kept):
            self.remove(window)

    def _forget_left_over(self) -> None:
        now = time.time()
        for path in self._folder.glob("*") if self._folder.is_dir() else ():
            try:
                if now - path.stat().st_mtime > LEFT_OVER:
                    path.unlink() if path.is_file() or path.is_symlink() else shutil.rmtree(path)
            except OSError:  # another process was faster
                continue
        with self._lock:
            for window, there in list(self._kept.items()):
                self._kept[window] = [each for each in there if each.path.exists()]
