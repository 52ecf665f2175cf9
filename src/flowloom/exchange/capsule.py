"""A capsule: a GPT in one zip file, with the documents it searches as they were read, and a hash of each part.

`flow.json` is the flow, `documents/0001.json` the text of a document and where its pages begin, and `capsule.json`
says what all that is. Of a document that stays where it is, `indexes/0001.json` holds the passages and
`indexes/0001.f32` their vectors. Nothing in it depends on when or where it was written: the same GPT gives the same
bytes. A capsule from elsewhere is read part by part, never unpacked to disk and never run.
"""

import hashlib
import json
import stat
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import IO, Any, Self, TypeVar

from pydantic import BaseModel, ValidationError

from flowloom.errors import FlowFileError, Problem
from flowloom.exchange.contents import (
    MANIFEST,
    Carried,
    Example,
    Index,
    Indexed,
    Label,
    Manifest,
    Needs,
    Text,
    Vectors,
    manifest_of,
)
from flowloom.exchange.signing import LARGEST as LARGEST_SIGNATURE
from flowloom.exchange.signing import Signed, check_signature
from flowloom.flow.file import read_flow, write_flow
from flowloom.flow.model import Flow
from flowloom.store.cassettes import Cassette

Part = TypeVar("Part", bound=BaseModel)
ENDING = ".capsule"
FLOW, SIGNATURE = "flow.json", "signature.json"
MOST_PARTS = 5_000
LARGEST_PART = 64 * 1024 * 1024
LARGEST = 1024 * 1024 * 1024
"""Bytes of all parts together once they are unpacked."""
LARGEST_MANIFEST = 4 * 1024 * 1024
_BEGINS = b"PK\x03\x04"
_UNREADABLE = (zipfile.BadZipFile, zlib.error, OSError, ValueError, EOFError, NotImplementedError, RuntimeError)
"""What zipfile raises over an entry that is none."""
_EPOCH = (1980, 1, 1, 0, 0, 0)
_LEVEL = 6
_UNEVEN = 0.01
"""How far the length of a vector may be from 1: 32-bit numbers are rounded."""


def write_capsule(
    out: IO[bytes],
    flow: Flow,
    documents: Iterable[tuple[Carried, Text | Indexed]],
    needs: Needs | None = None,
    label: Label | None = None,
    sign: Callable[[bytes], bytes] | None = None,
    examples: Sequence[Example] = (),
    tests: Sequence[Cassette] = (),
) -> Manifest:
    """Write a capsule, one document in memory at a time; which part each of them is, is said here.

    `sign(manifest)` gives the part that holds its signature. Raises FlowFileError where it is too large to be read.
    """
    carried, parts = list[Carried](), dict[str, str]()

    def put(archive: zipfile.ZipFile, name: str, data: bytes, how: int = zipfile.ZIP_DEFLATED) -> None:
        if len(data) > LARGEST_PART or len(parts) + 2 >= MOST_PARTS:
            raise _too_large()
        entry = zipfile.ZipInfo(name, _EPOCH)
        entry.compress_type, entry.create_system = how, 3
        entry.external_attr = (stat.S_IFREG | 0o644) << 16
        archive.writestr(entry, data, compresslevel=_LEVEL)
        parts[name] = hashlib.sha256(data).hexdigest()

    with zipfile.ZipFile(out, "w") as archive:
        put(archive, FLOW, write_flow(flow).encode())
        for number, (document, held) in enumerate(documents, 1):
            if isinstance(held, Text):
                changes: dict[str, Any] = {"part": f"documents/{number:04d}.json"}
                put(archive, changes["part"], _written(held.model_dump()))
            else:
                changes = {"part": f"indexes/{number:04d}.json", "only_index": True, "vectors": None}
                put(archive, changes["part"], _written(held.found_by.model_dump()))
                if document.vectors and held.vectors:
                    vectors = f"indexes/{number:04d}.f32"
                    put(archive, vectors, held.vectors, zipfile.ZIP_STORED)  # numbers hardly become smaller
                    changes["vectors"] = document.vectors.model_copy(update={"part": vectors})
            carried.append(document.model_copy(update=changes))
        shown = [f"examples/{number:02d}.json" for number in range(1, len(examples) + 1)]
        for part, example in zip(shown, examples, strict=True):
            put(archive, part, _written(example.model_dump()))
        kept = [f"tests/{number:03d}.json" for number in range(1, len(tests) + 1)]
        for part, test in zip(kept, tests, strict=True):
            put(archive, part, _written(test.model_dump(mode="json", exclude_defaults=True)))
        manifest = Manifest(
            version=2 if any(document.only_index for document in carried) else 1,
            **flow.model_dump(include={"name", "description", "icon", "language"}),
            documents=tuple(carried),
            examples=tuple(shown),
            tests=tuple(kept),
            needs=needs or Needs(),
            label=label or Label(),
            parts=dict(parts),
        )
        if sum(entry.file_size for entry in archive.filelist) > LARGEST - LARGEST_MANIFEST:
            raise _too_large()
        said = _written(manifest.model_dump(mode="json"))
        put(archive, MANIFEST, said)
        if sign:
            put(archive, SIGNATURE, sign(said))
    return manifest


def _written(value: Mapping[str, Any]) -> bytes:
    return json.dumps(value, ensure_ascii=False, indent=1).encode()


def is_zip(file: IO[bytes]) -> bool:
    """Whether a file begins as a zip does."""
    file.seek(0)
    begins = file.read(len(_BEGINS)) == _BEGINS
    file.seek(0)
    return begins


class Capsule:
    """A capsule that is open to be read. Everything in it is checked before it is handed on."""

    def __init__(self, source: IO[bytes] | Path) -> None:
        """Raises FlowFileError, naming the part, for what is no capsule or was changed on its way."""
        try:
            self._archive = zipfile.ZipFile(source)
        except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
            raise _broken() from None
        try:
            self._entries = _checked(self._archive.infolist())
            self.manifest = self._read_manifest()
            listed = {*self.manifest.parts, MANIFEST}
            self.signed = self._signed()
            if self.signed:
                listed.add(SIGNATURE)
            if listed != set(self._entries) or FLOW not in listed:
                raise _broken()
            vectors = {each.vectors.part for each in self.manifest.documents if each.vectors}
            if {
                *(each.part for each in self.manifest.documents),
                *vectors,
                *self.manifest.examples,
                *self.manifest.tests,
            } - listed:
                raise _broken()
            self.flow = read_flow(self._part(FLOW))
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        self._archive.close()

    def documents(self) -> Iterator[tuple[Carried, Text | Indexed]]:
        """Each document with its text or its index, one after the other. Raises FlowFileError."""
        for carried in self.manifest.documents:
            yield carried, self.index(carried) if carried.only_index else self.text(carried)

    def examples(self) -> Iterator[Example]:
        """The example chats, one after the other. Raises FlowFileError."""
        yield from self._each(Example, self.manifest.examples)

    def tests(self) -> Iterator[Cassette]:
        """The chats kept as tests, one after the other. Raises FlowFileError."""
        yield from self._each(Cassette, self.manifest.tests)

    def _each(self, model: type[Part], parts: Iterable[str]) -> Iterator[Part]:
        for part in parts:
            try:
                yield model.model_validate_json(self._part(part))
            except ValidationError:
                raise _damaged(part) from None

    def text(self, carried: Carried) -> Text:
        """The text of a document. Raises FlowFileError."""
        try:
            found = Text.model_validate_json(self._part(carried.part))
        except ValidationError:
            raise _damaged(carried.name) from None
        if found.pages[-1][0] > len(found.text):
            raise _damaged(carried.name)
        return found

    def index(self, carried: Carried) -> Indexed:
        """The passages of a document that is not in here, and their vectors. Raises FlowFileError."""
        try:
            found = Index.model_validate_json(self._part(carried.part))
        except ValidationError:
            raise _damaged(carried.name) from None
        if any(each.repeated > len(each.text) for each in found.passages):
            raise _damaged(carried.name)
        if carried.vectors is None:
            return Indexed(found)
        vectors = self._part(carried.vectors.part)
        if not _are_vectors(vectors, len(found.passages), carried.vectors):
            raise _damaged(carried.name)
        return Indexed(found, vectors)

    def _read_manifest(self) -> Manifest:
        if MANIFEST not in self._entries or self._entries[MANIFEST].file_size > LARGEST_MANIFEST:
            raise _broken()
        try:
            return manifest_of(self._bytes(MANIFEST))
        except (ValueError, RecursionError):
            raise _broken() from None

    def _signed(self) -> Signed | None:
        """Who signed it; None where nobody did. Raises FlowFileError where it was changed since."""
        entry = self._entries.get(SIGNATURE)
        if entry is None:
            return None
        if entry.file_size > LARGEST_SIGNATURE or SIGNATURE in self.manifest.parts:
            raise _broken()
        return check_signature(self._bytes(MANIFEST), self._bytes(SIGNATURE))

    def _part(self, name: str) -> bytes:
        data = self._bytes(name)
        if hashlib.sha256(data).hexdigest() != self.manifest.parts.get(name):
            raise _damaged(name)
        return data

    def _bytes(self, name: str) -> bytes:
        entry = self._entries[name]
        try:
            with self._archive.open(entry) as part:
                # What unpacks to more than it says is not read to its end.
                data = part.read(entry.file_size + 1)
        except _UNREADABLE:
            raise _damaged(name) from None
        if len(data) != entry.file_size:
            raise _damaged(name)
        return data


def _checked(entries: list[zipfile.ZipInfo]) -> dict[str, zipfile.ZipInfo]:
    """The entries by name: few and small enough, each once, plain files that only need to be inflated."""
    if len(entries) > MOST_PARTS or sum(entry.file_size for entry in entries) > LARGEST:
        raise _too_large()
    if any(entry.flag_bits & 0x1 for entry in entries):
        raise FlowFileError(
            "This file is locked with a password.", "Unpack it, and export the GPT as a capsule without one."
        )
    if len({entry.filename.casefold() for entry in entries}) != len(entries):
        raise _broken()
    for entry in entries:
        kind = stat.S_IFMT(entry.external_attr >> 16)
        plain = kind in (0, stat.S_IFREG) and entry.compress_type in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
        if not plain or entry.file_size > LARGEST_PART or entry.is_dir():
            raise _broken()
    return {entry.filename: entry for entry in entries}


def _are_vectors(data: bytes, count: int, said: Vectors) -> bool:
    """Whether there is one for each passage, of length 1 or 0: a longer one would be near to every question."""
    import numpy as np

    if len(data) != count * said.size * 4:
        return False
    rows = np.frombuffer(data, "<f4").reshape(count, said.size)
    if not np.isfinite(rows).all() or np.abs(rows).max() > 1 + _UNEVEN:
        return False
    lengths = np.linalg.norm(rows, axis=1)
    return bool(((np.abs(lengths - 1) < _UNEVEN) | (lengths == 0)).all())


def _too_large() -> FlowFileError:
    return FlowFileError(
        "This capsule is too large: it can hold up to {parts} parts and {size} MB.",
        "Export the GPT with fewer documents.",
        parts=MOST_PARTS,
        size=LARGEST // (1024 * 1024),
    )


def _broken() -> FlowFileError:
    return FlowFileError(
        "This isn’t a capsule, or it was cut off.",
        "Ask whoever sent it to export the GPT again, or choose another file.",
    )


def _damaged(part: str) -> FlowFileError:
    return FlowFileError.from_problem(
        Problem.of(
            "file.damaged",
            "“{part}” in this capsule was changed or damaged on its way.",
            "Nothing was imported. Ask for the file again.",
            part=part,
        )
    )
