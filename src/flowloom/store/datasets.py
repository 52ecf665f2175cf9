"""Rows that a GPT is tried on: what is asked, what is expected, and every version of them."""

import json
import time
import zlib
from typing import Any, NamedTuple
from uuid import uuid4

from pydantic import BaseModel, ConfigDict

from flowloom.errors import StoreError
from flowloom.kinds.values import Attachment
from flowloom.store.dataset_files import DatasetFiles
from flowloom.store.db import Database


class DataRow(BaseModel):
    """One row: its columns as text, and what is expected; `id` is the same for the same question."""

    model_config = ConfigDict(frozen=True)

    id: str
    given: dict[str, str]
    expected: str = ""
    held_out: bool = False
    """Whether it is kept for the last check, and used for no improvement."""
    good: bool | None = None
    """What a person said of `answered`, where the row is a rated chat."""
    answered: str = ""
    written_by: str = ""
    """The model that wrote this row from `quote`, the passage at `source`; "" for what people wrote."""
    source: str = ""
    quote: str = ""
    files: tuple[Attachment, ...] = ()
    """What is sent along; their bytes are kept by `DatasetFiles`."""


class Chosen(BaseModel):
    """An evaluator with its settings."""

    model_config = ConfigDict(frozen=True)

    id: str
    config: dict[str, Any] = {}


class Rows(BaseModel):
    """What one version holds. `message` is what each row asks, with `{{column}}`."""

    model_config = ConfigDict(frozen=True)

    titles: tuple[str, ...]
    message: str
    rows: tuple[DataRow, ...]
    measures: tuple[Chosen, ...] = ()
    """What is measured, where the file that was brought said so."""


class Dataset(NamedTuple):
    """A dataset in its latest version; `made` is in epoch seconds."""

    id: str
    flow: str
    name: str
    made: float
    number: int
    amount: int


class DatasetVersion(NamedTuple):
    """One version in a list; `amount` counts its rows."""

    number: int
    at: float
    note: str
    amount: int


class DatasetStore:
    """Every method raises StoreError where the database cannot be used."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self.files = DatasetFiles(db)

    def create(self, flow: str, name: str, rows: Rows, note: str = "") -> str:
        """Keep a new dataset of a GPT, and give its id."""
        id = uuid4().hex
        with self._db.transaction():
            self._db.do("INSERT INTO datasets VALUES (?, ?, ?, ?)", id, flow, name, time.time())
            self.add_version(id, rows, note)
        return id

    def add_version(self, id: str, rows: Rows, note: str = "") -> int:
        """Keep the rows as the newest version; the earlier ones stay."""
        data = zlib.compress(rows.model_dump_json(exclude_defaults=True).encode(), 6)
        with self._db.transaction():
            (last,) = self._db.one("SELECT max(number) FROM dataset_versions WHERE dataset = ?", id)
            number = (last or 0) + 1
            values = (id, number, time.time(), note, len(rows.rows), data)
            self._db.do("INSERT INTO dataset_versions VALUES (?, ?, ?, ?, ?, ?)", *values)
        return number

    def all(self, flow: str) -> list[Dataset]:
        """The datasets of a GPT, the latest first."""
        return [
            Dataset(*row)
            for row in self._db.all(
                "SELECT d.id, d.flow, d.name, d.made, v.number, v.amount FROM datasets d "
                "JOIN dataset_versions v ON v.dataset = d.id AND v.number = "
                "(SELECT max(number) FROM dataset_versions WHERE dataset = d.id) "
                "WHERE d.flow = ? ORDER BY d.made DESC",
                flow,
            )
        ]

    def get(self, id: str) -> Dataset:
        """Raises StoreError where there is none."""
        row = self._db.one("SELECT flow FROM datasets WHERE id = ?", id)
        found = next((each for each in self.all(row[0]) if each.id == id), None) if row else None
        if found is None:
            raise StoreError("This dataset no longer exists.", "Open Evaluate to see what there is.")
        return found

    def versions(self, id: str) -> list[DatasetVersion]:
        """The newest first."""
        rows = self._db.all(
            "SELECT number, at, note, amount FROM dataset_versions WHERE dataset = ? ORDER BY number DESC", id
        )
        return [DatasetVersion(*row) for row in rows]

    def rows(self, id: str, number: int | None = None) -> Rows:
        """What a version holds, the newest where none is named. Raises StoreError where there is none."""
        row = self._db.one(
            "SELECT data FROM dataset_versions WHERE dataset = ?1 AND number = coalesce(CAST(?2 AS BIGINT), "
            "(SELECT max(number) FROM dataset_versions WHERE dataset = ?1))",
            id,
            number,
        )
        if row is None:
            raise StoreError("This dataset no longer exists.", "Open Evaluate to see what there is.")
        return Rows.model_validate(json.loads(zlib.decompress(row[0])))

    def delete(self, id: str) -> None:
        """Let go of a dataset; experiments that used it keep their rows."""
        row = self._db.one("SELECT flow FROM datasets WHERE id = ?", id)
        with self._db.transaction():
            self._db.do("DELETE FROM dataset_versions WHERE dataset = ?", id)
            self._db.do("DELETE FROM datasets WHERE id = ?", id)
            if row:
                self.files.forget_unused(row[0])

    def delete_of(self, flow: str) -> None:
        """Let go of all datasets of a GPT."""
        for dataset in self.all(flow):
            self.delete(dataset.id)
        self.files.delete_of(flow)
