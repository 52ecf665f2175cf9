"""Files of conversations in a bucket that speaks S3, in place of the database; FLOWLOOM_FILES names it.

An object is written before the row that names it, so that no row names one that is not there, and leaves after its
row has. Which are to leave is a row as well, so a bucket that is away for a while loses nothing and keeps nothing.
"""

import hashlib
import hmac
import json
import os
import re
from collections.abc import Callable
from functools import cached_property
from typing import Any, NamedTuple

from flowloom.errors import StoreError
from flowloom.store.db import Database

VARIABLE = "FLOWLOOM_FILES"
LEAST = 65_536
"""Bytes; what is smaller stays in the database, which is quicker."""
SECONDS = 10
STORED = "stored"
"""In the facts of an attachment: the digest of what lies in the bucket."""
OBJECT = "object"
"""Beside it: the id of the object, where that is another than the id of the file."""
TABLES = ("attachments", "dataset_files")
_IS_STORED = f"facts LIKE '%\"{STORED}\":%'"
TOGETHER = 500
_ADDRESS = re.compile(r"s3://([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])((?:/[\w.-]+)*)/?")


class Kept(NamedTuple):
    """What stands in the row of a file: facts of where it lies, and its bytes where that is here."""

    facts: dict[str, str]
    data: bytes


def open_bucket() -> "Bucket | None":
    """The bucket that is named; None where files lie in the database. Raises StoreError."""
    address = os.environ.get(VARIABLE, "").strip()
    return Bucket(address) if address else None


class Bucket:
    """Safe to use from several threads. Every method raises StoreError where the bucket cannot be used."""

    def __init__(self, address: str) -> None:
        found = _ADDRESS.fullmatch(address)
        if not found or ".." in address:
            raise StoreError(
                "“{name}” in {variable} isn’t the address of a bucket.",
                "Write it as s3://BUCKET or s3://BUCKET/FOLDER.",
                name=address[:100],
                variable=VARIABLE,
            )
        self._folder = (found[1] + found[2]).rstrip("/")

    @cached_property
    def _files(self) -> Any:
        try:
            import fsspec
            import s3fs  # noqa: F401
        except ImportError:
            raise StoreError(
                "Files shall lie in a bucket, but what is needed for that isn’t installed.",
                "Run: pip install 'flowloom[s3]'",
                code="store.bucket",
            ) from None
        limits = {"connect_timeout": SECONDS, "read_timeout": SECONDS * 3, "retries": {"max_attempts": 2}}
        # What lists of files it remembers would be out of date with the next process that writes.
        return fsspec.filesystem("s3", config_kwargs=limits, use_listings_cache=False, skip_instance_cache=True)

    def keep(self, id: str, data: bytes) -> Kept:
        """Put a file there, unless it is small."""
        if len(data) < LEAST:
            return Kept({}, data)
        self._do(lambda files: files.pipe_file(self._place(id), data))
        return Kept({STORED: hashlib.sha256(data).hexdigest()}, b"")

    def read(self, id: str, digest: str) -> bytes:
        """What a file holds, as it was put there."""
        found: bytes = self._do(lambda files: files.cat_file(self._place(id)))
        if not hmac.compare_digest(hashlib.sha256(found).hexdigest(), digest):
            raise StoreError(
                "A file in the bucket isn’t as it was saved.",
                "Somebody changed it there. Restore it from a copy of the bucket.",
                code="store.bucket_changed",
            )
        return found

    def delete(self, id: str) -> None:
        """Remove a file; nothing where it is gone already."""
        self._do(lambda files: files.rm_file(self._place(id)), gone=True)

    def _place(self, id: str) -> str:
        return f"{self._folder}/{id[:2]}/{id}"

    def _do(self, act: Callable[[Any], Any], gone: bool = False) -> Any:
        """What comes of it; `gone` is whether it is right that there is no such file."""
        files = self._files
        from botocore.exceptions import BotoCoreError, ClientError

        try:
            return act(files)
        except FileNotFoundError:
            if gone:
                return None
            raise _failed("it has no such file, or there is no such bucket") from None
        except PermissionError:
            raise _failed("access was refused") from None
        except (OSError, BotoCoreError, ClientError) as error:
            raise _failed(type(error).__name__) from None


def read_file(bucket: Bucket | None, facts: str, data: bytes) -> bytes:
    """What the file of a row holds, wherever that lies. Raises StoreError."""
    found = json.loads(facts)
    if STORED not in found:
        return bytes(data)
    if bucket is None:
        raise without_bucket()
    return bucket.read(object_of(facts), found[STORED])


def delete_files(db: Database, where: str, *values: object) -> None:
    """Delete attachments; what of them lies in a bucket leaves it at the next sweep."""
    stored = f"SELECT id FROM attachments WHERE {where} AND {_IS_STORED}"
    with db.transaction():
        db.do(f"INSERT INTO dropped_files {stored} ON CONFLICT DO NOTHING", *values)
        db.do(f"DELETE FROM attachments WHERE {where}", *values)


def stored_files(db: Database) -> list[str]:
    """The ids of all that lies in a bucket for rows of the database."""
    rows = (facts for table in TABLES for (facts,) in db.all(f"SELECT facts FROM {table} WHERE {_IS_STORED}"))
    return [id for facts in rows if (id := object_of(facts))]


def object_of(facts: str) -> str:
    """The id of what lies in the bucket for a row; "" where all of it is in the row."""
    found: dict[str, str] = json.loads(facts)
    return found.get(OBJECT, found["id"]) if STORED in found else ""


def leaving_files(db: Database) -> list[str]:
    """The ids of what is to leave the bucket and has not yet."""
    return [id for (id,) in db.all("SELECT id FROM dropped_files")]


def drop_files(db: Database, ids: list[str]) -> None:
    """Have these leave the bucket, as everything was replaced, by something that has no need of it."""
    db.do_all("INSERT INTO dropped_files VALUES (?) ON CONFLICT DO NOTHING", [(id,) for id in ids])


def empty_dropped(db: Database, bucket: Bucket | None) -> None:
    """Remove from the bucket what belongs to nothing any more. Raises StoreError; the rest leaves another time."""
    while bucket and (found := db.all("SELECT id FROM dropped_files LIMIT ?", TOGETHER)):
        for (id,) in found:
            bucket.delete(id)
            db.do("DELETE FROM dropped_files WHERE id = ?", id)


def take_inside(db: Database, bucket: Bucket | None) -> None:
    """Put what lies in the bucket into a copy of the database, which then needs none. Raises StoreError."""
    for table in TABLES:
        for (facts,) in db.all(f"SELECT facts FROM {table} WHERE {_IS_STORED}"):
            data, said = read_file(bucket, facts, b""), json.loads(facts)
            inside = json.dumps({name: said[name] for name in said if name not in (STORED, OBJECT)})
            db.do(f"UPDATE {table} SET data = ?, facts = ? WHERE facts = ?", data, inside, facts)
    db.do("DELETE FROM dropped_files")


def without_bucket() -> StoreError:
    """Where a file lies in a bucket, and none is named."""
    return StoreError(
        "This file lies in a bucket, and Flowloom was started without one.",
        "Start it with {variable} as before.",
        code="store.bucket",
        variable=VARIABLE,
    )


def _failed(reason: str) -> StoreError:
    return StoreError(
        "The bucket with the files can’t be used right now ({reason}).",
        "Check that it is there, and the keys in the environment. Then try again.",
        code="store.bucket",
        reason=reason,
    )
