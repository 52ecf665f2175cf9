"""The whole texts of documents in the bucket in which large files lie, where there is one."""

from collections.abc import Collection
from functools import lru_cache
from uuid import uuid4

from flowloom.errors import KnowledgeError, StoreError
from flowloom.store.bucket import STORED, Bucket, drop_files, without_bucket
from flowloom.store.db import Database

KEPT = 4
"""Texts that were read last, which a page shows again with every press of a button."""


class TextsInBucket:
    """Fulfils `Texts`. A mark is the id of an object and the SHA-256 of what is in it."""

    def __init__(self, bucket: Bucket | None, db: Database | None = None) -> None:
        """Without a database nothing can be forgotten."""
        self._bucket, self._db = bucket, db
        self._read = lru_cache(KEPT)(self._fetched)

    def keep(self, text: str) -> str:
        """The mark of a text that lies in the bucket now; "" of one that is small, or where there is no bucket."""
        if self._bucket is None:
            return ""
        id = uuid4().hex
        try:
            kept = self._bucket.keep(id, text.encode("utf-8", "surrogatepass"))
        except StoreError as error:
            raise KnowledgeError.from_problem(error.problem) from None
        return f"{id} {kept.facts[STORED]}" if kept.facts else ""

    def read(self, mark: str) -> str:
        """A text as it was kept. Raises KnowledgeError."""
        try:
            return self._read(mark)
        except StoreError as error:
            raise KnowledgeError.from_problem(error.problem) from None

    def forget(self, marks: Collection[str]) -> None:
        """Have texts leave the bucket at the next sweep, also where it is away now."""
        if self._db and (ids := [id_of(mark) for mark in marks if mark]):
            drop_files(self._db, ids)

    def _fetched(self, mark: str) -> str:
        if self._bucket is None:
            raise without_bucket()
        id, _, digest = mark.partition(" ")
        return self._bucket.read(id, digest).decode("utf-8", "surrogatepass")


def id_of(mark: str) -> str:
    """The id of the object that a mark names."""
    return mark.partition(" ")[0]
