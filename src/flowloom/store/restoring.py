"""An archive put in the place of all that is kept, whole or not at all."""

import os
import shutil
import time
import uuid
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import IO, BinaryIO

from flowloom.errors import Problem, StoreError
from flowloom.services.files import private_folder
from flowloom.services.knowledge.texts import marks_below
from flowloom.store.archives import (
    CONTENTS,
    DATABASE,
    ENDING,
    FOLDERS,
    NO_ARCHIVE,
    SETTINGS,
    Part,
    contents_of,
    copied,
    failed,
    filled,
    opened,
    save_archive,
)
from flowloom.store.bucket import drop_files, leaving_files, stored_files
from flowloom.store.db import Database
from flowloom.store.document_texts import id_of
from flowloom.store.sqlite import require_sound

STAGING = ".restoring-"
END_SIGN_INS = "DELETE FROM sign_ins"
"""After going back to an earlier state: what was ended since then must not open anything again."""

DAMAGED = Problem.of(
    "archive.damaged",
    "The backup “{name}” is damaged: {part} isn’t what was saved.",
    "Nothing was changed. Copy the file again from where you kept it, or choose an earlier one.",
)
NOT_RESTORED = Problem.of(
    "archive.not_restored",
    "The backup couldn’t be restored ({reason}), so everything is as it was.",
    "Check that there is free disk space and you can write to the data folder, then try again.",
)
INTERRUPTED = Problem.of(
    "archive.interrupted",
    "Restoring a backup was interrupted, so what you see may be incomplete.",
    "Restore it again. What was here before is in the folder “backups”, in a file that begins with “before”.",
)


def restore_archive(home: Path, db: Database, path: Path) -> Path:
    """Put what an archive holds in the place of all that is kept; where what was there before is now, also as one.

    Raises StoreError; then everything is as it was.
    """
    try:
        with _staged(home) as staging:
            _unpack(path, staging / "new")
            require_sound(staging / "new" / DATABASE)
            before = home / "backups" / f"before-{time.strftime('%Y-%m-%d-%H%M%S')}{ENDING}"
            save_archive(home, db, before)
            files = {*stored_files(db), *leaving_files(db), *_texts_in(home)} - _texts_in(staging / "new")
            with _swapped(home, staging):
                db.take_in(staging / "new" / DATABASE)
                db.do(END_SIGN_INS)
                drop_files(db, sorted(files - {*stored_files(db)}))
        return before
    except OSError as error:
        raise failed(NOT_RESTORED, error) from None


def _texts_in(home: Path) -> set[str]:
    """The ids of documents that lie in a bucket."""
    return {id_of(mark) for mark in marks_below(home / "knowledge")}


def was_interrupted(home: Path) -> bool:
    """Whether a process ended in the middle of restoring."""
    return any(home.glob(f"{STAGING}*"))


def forget_interrupted(home: Path) -> None:
    """Remove what a restore left that did not come to its end."""
    for left in home.glob(f"{STAGING}*"):
        shutil.rmtree(left, ignore_errors=True)


@contextmanager
def _staged(home: Path) -> Iterator[Path]:
    private_folder(home)
    forget_interrupted(home)
    staging = home / f"{STAGING}{uuid.uuid4().hex}"
    private_folder(staging / "new")
    try:
        yield staging
    finally:
        shutil.rmtree(staging, ignore_errors=True)


@contextmanager
def _swapped(home: Path, staging: Path) -> Iterator[None]:
    """Files and folders of the archive in the place of those here, unless what happens within fails."""
    old, new = staging / "old", staging / "new"
    private_folder(old)
    names = [*FOLDERS, *SETTINGS]
    come = [name for name in names if (new / name).exists()]
    try:
        for name in names:
            _move(home / name, old / name)
            _move(new / name, home / name)
        yield
    except BaseException:
        for name in names:
            if name in come and not (new / name).exists():
                _remove(home / name)
            _move(old / name, home / name)
        raise


def _move(source: Path, target: Path) -> None:
    if source.exists():
        os.replace(source, target)


def _remove(path: Path) -> None:
    shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)


def _unpack(path: Path, folder: Path) -> None:
    """Every part, once it is known to be what was saved."""
    with opened(path) as archive:
        contents = contents_of(archive, path.name)
        listed = sorted([*contents.parts, CONTENTS])
        if sorted(archive.namelist()) != listed or DATABASE not in contents.parts:
            raise StoreError.from_problem(filled(NO_ARCHIVE, name=path.name))
        for place, part in contents.parts.items():
            if not _is_ours(place):
                raise StoreError.from_problem(filled(NO_ARCHIVE, name=path.name))
            target = folder / place
            private_folder(target.parent)
            with archive.open(place) as source, target.open("xb") as file:
                os.chmod(target, 0o600)
                if not _is_copied(source, file, part):
                    raise StoreError.from_problem(filled(DAMAGED, name=path.name, part=place))


def _is_ours(place: str) -> bool:
    """Whether a part lies where Flowloom keeps something, and nowhere else on any system."""
    path = PurePosixPath(place)
    known = place in (DATABASE, *SETTINGS) or (len(path.parts) > 1 and path.parts[0] in FOLDERS)
    odd = any(letter in place for letter in '\\:\0<>"|?*') or str(path) != place
    return known and not odd and not {".", ".."} & {*path.parts}


def _is_copied(source: IO[bytes], target: BinaryIO, part: Part) -> bool:
    try:
        found = copied(source, target, part.size)
    except (zipfile.BadZipFile, EOFError, NotImplementedError):
        return False
    target.flush()
    os.fsync(target.fileno())
    return found == part
