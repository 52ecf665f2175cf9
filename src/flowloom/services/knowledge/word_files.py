"""Word indexes kept on disk beside the rows they belong to, so that the first question need not make one."""

import contextlib
import json
import shutil
import uuid
from pathlib import Path

from flowloom.services.files import private_folder, tighten
from flowloom.services.knowledge.word_index import WordIndex


class WordFiles:
    """One folder for each state of a base, made beside and renamed; whatever cannot be read is made anew."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def load(self, revision: int) -> WordIndex | None:
        """The index of a state, mapped into memory rather than read; None where there is none that fits."""
        try:
            return WordIndex.load(self._path(revision))
        except (OSError, ValueError, KeyError, TypeError, json.JSONDecodeError, EOFError):
            return None

    def save(self, revision: int, index: WordIndex) -> None:
        """Keep the index of a state, and forget those of others. A full disk only means that it is made again."""
        beside = self._folder / f".words-{uuid.uuid4().hex}"
        try:
            private_folder(beside)
            index.save(beside)
            tighten(beside)  # its libraries ask the umask
            self.forget(revision)
            beside.rename(self._path(revision))
        except OSError:
            shutil.rmtree(beside, ignore_errors=True)

    def forget(self, revision: int) -> None:
        """Delete the indexes of other states: they hold words of documents that may be gone."""
        for path in self._folder.glob("words-*"):
            if path != self._path(revision):
                with contextlib.suppress(OSError):
                    shutil.rmtree(path)

    def _path(self, revision: int) -> Path:
        return self._folder / f"words-{revision}"
