"""Files of rows a GPT is tried on: their bytes once for each GPT, whatever dataset and version uses them."""

import hashlib
import json
import zlib
from uuid import uuid4

from flowloom.errors import StoreError
from flowloom.kinds.files import NoFiles
from flowloom.kinds.values import Attachment
from flowloom.store.bucket import OBJECT, Kept, drop_files, object_of, open_bucket
from flowloom.store.bucket import read_file as read_bytes
from flowloom.store.db import Database
from flowloom.store.runs import read_attached


def read_file(name: str, media_type: str, data: bytes) -> Attachment:
    """A file as a row names it, with its text; by the limits of the chat. Raises KnowledgeError."""
    media_type, text = read_attached(name, media_type, data)
    return Attachment(
        id=hashlib.sha256(data).hexdigest(), name=name, media_type=media_type, size=len(data), text=text
    )


class DatasetFiles:
    """Every method raises StoreError where the database cannot be used."""

    def __init__(self, db: Database) -> None:
        self._db, self.bucket = db, open_bucket()

    def keep(self, flow: str, file: Attachment, data: bytes) -> Attachment:
        """Keep a file, and give it as a row holds it: without its text, which a thousand rows would repeat."""
        if self._row(flow, file) is None:
            object = uuid4().hex  # not the file's id, which is the same wherever the same bytes are kept
            place, held = self.bucket.keep(object, data) if self.bucket else Kept({}, data)
            facts = {**file.model_dump(mode="json"), **place, **({OBJECT: object} if place else {})}
            self._db.do(
                "INSERT INTO dataset_files VALUES (?, ?, ?, ?) ON CONFLICT (flow, id) DO NOTHING",
                flow, file.id, json.dumps(facts, ensure_ascii=False), held,
            )  # fmt: skip
        return file.model_copy(update={"text": ""})

    def whole(self, flow: str, file: Attachment) -> Attachment:
        """A file of a row with its text, under the name it has there. Raises StoreError where it is gone."""
        row = self._row(flow, file)
        if row is None:
            raise _gone(file)
        return file.model_copy(update={"text": Attachment.model_validate_json(row[0]).text})

    def read(self, flow: str, file: Attachment) -> bytes:
        """Its bytes. Raises StoreError where it is gone."""
        row = self._db.one("SELECT facts, data FROM dataset_files WHERE flow = ? AND id = ?", flow, file.id)
        if row is None:
            raise _gone(file)
        return read_bytes(self.bucket, *row)

    def _row(self, flow: str, file: Attachment) -> tuple[str] | None:
        row: tuple[str] | None = self._db.one(
            "SELECT facts FROM dataset_files WHERE flow = ? AND id = ?", flow, file.id
        )
        return row

    def forget_unused(self, flow: str) -> None:
        """Let go of files that no dataset and no experiment of a GPT names any more."""
        kept = {id for (id,) in self._db.all("SELECT id FROM dataset_files WHERE flow = ?", flow)}
        if kept:
            for id in kept - self._named(flow):
                self._delete("flow = ? AND id = ?", flow, id)

    def _named(self, flow: str) -> set[str]:
        versions = self._db.all(
            "SELECT data FROM dataset_versions WHERE dataset IN (SELECT id FROM datasets WHERE flow = ?)", flow
        )
        tried = self._db.all("SELECT data FROM experiments WHERE flow = ?", flow)
        found = [json.loads(zlib.decompress(data)) for (data,) in versions]
        found += [json.loads(zlib.decompress(data))["rows"] for (data,) in tried]
        return {file["id"] for rows in found for row in rows["rows"] for file in row.get("files", ())}

    def delete_of(self, flow: str) -> None:
        """Let go of all files of a GPT."""
        self._delete("flow = ?", flow)

    def _delete(self, where: str, *values: object) -> None:
        with self._db.transaction():
            rows = self._db.all(f"SELECT facts FROM dataset_files WHERE {where}", *values)
            drop_files(self._db, [id for (facts,) in rows if (id := object_of(facts))])
            self._db.do(f"DELETE FROM dataset_files WHERE {where}", *values)


class FilesOfRows(NoFiles):
    """Fulfils `Files` while a GPT is tried: what rows bring along can be read, and nothing is saved."""

    def __init__(self, files: DatasetFiles, flow: str) -> None:
        self._files, self._flow = files, flow

    def read(self, file: Attachment) -> bytes:
        return self._files.read(self._flow, file)


def _gone(file: Attachment) -> StoreError:
    return StoreError("The file “{name}” of this row is gone.", "Add it to the dataset again.", name=file.name)
