"""What the head of a GGUF file says of the model in it, read without loading the model.

The format: github.com/ggml-org/ggml/blob/master/docs/gguf.md. The package `gguf` reads every word of the vocabulary
into an object of its own, two seconds for a small model; here lists are passed over.
"""

import struct
from contextlib import suppress
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any, BinaryIO

from flowloom.errors import ModelError

MAGIC = b"GGUF"
VERSIONS = (2, 3)
MOST_ENTRIES, MOST_TENSORS, MOST_WORDS, LONGEST = 100_000, 100_000, 4_000_000, 8_000_000
"""A head with more entries, tensors, words in a list or letters in a text was not made by any converter."""
_FIXED = {0: "B", 1: "b", 2: "H", 3: "h", 4: "I", 5: "i", 6: "f", 7: "?", 10: "Q", 11: "q", 12: "d"}
_STRING, _ARRAY = 8, 9


@dataclass(frozen=True, slots=True)
class GgufFile:
    """A model in a file of `size` bytes. `context` is tokens, `cache` the bytes that one of them takes.

    `knows_tools` is whether its template has a place for tools.
    """

    path: Path
    size: int
    name: str
    architecture: str
    context: int
    cache: int
    license: str
    knows_tools: bool = False

    def memory(self, context: int) -> int:
        """Bytes that it takes while it runs with room for that many tokens."""
        return int(self.size * 1.05) + self.cache * context + 150_000_000


class _Unreadable(Exception):
    """Not a head, or a cut one."""


class _Head:
    def __init__(self, file: BinaryIO, size: int) -> None:
        self._file, self._size = file, size

    @property
    def at(self) -> int:
        return self._file.tell()

    def take(self, form: str) -> Any:
        length = struct.calcsize("<" + form)
        data = self._file.read(length)
        if len(data) != length:
            raise _Unreadable
        return struct.unpack("<" + form, data)[0]

    def text(self) -> str:
        length = self.take("Q")
        if length > LONGEST:
            raise _Unreadable
        data = self._file.read(length)
        if len(data) != length:
            raise _Unreadable
        return data.decode("utf-8", "replace")

    def value(self) -> Any:
        """A number or text; of a list how many there are."""
        kind = self.take("I")
        if kind == _STRING:
            return self.text()
        return self._passed_list() if kind == _ARRAY else self._number(kind)

    def _number(self, kind: int) -> Any:
        if kind not in _FIXED:
            raise _Unreadable
        return self.take(_FIXED[kind])

    def _passed_list(self) -> int:
        kind, count = self.take("I"), self.take("Q")
        if kind == _STRING and count <= MOST_WORDS:
            for _ in range(count):
                self._pass(self.take("Q"))
        elif kind in _FIXED:
            self._pass(count * struct.calcsize("<" + _FIXED[kind]))
        else:
            raise _Unreadable  # lists of lists stand in no model's head
        return int(count)

    def _pass(self, length: int) -> None:
        at = self._file.tell() + length
        if at > self._size:
            raise _Unreadable
        self._file.seek(at)


def read_gguf(path: Path) -> GgufFile:
    """The model in a file. Raises ModelError where there is none, or not all of it."""
    try:
        size = path.stat().st_size
        with path.open("rb") as file:
            if file.read(4) != MAGIC:
                raise _not_gguf(path)
            values: dict[str, Any] = {}
            begins = _read(_Head(file, size), values)
    except OSError as error:
        raise unreadable(path, error) from None
    except _Unreadable:
        raise _cut(path) from None
    if begins >= size:
        raise _cut(path)
    return _described(path, size, values)


def first_facts(beginning: bytes) -> tuple[str, str]:
    """Name and licence in the beginning of a model file, "" where it does not say so that early."""
    values: dict[str, Any] = {}
    with suppress(_Unreadable):
        _read(_Head(BytesIO(beginning[len(MAGIC) :]), len(beginning)), values)
    name, license = (str(values.get(f"general.{fact}", "")).strip()[:200] for fact in ("name", "license"))
    return name, license


def _read(head: _Head, values: dict[str, Any]) -> int:
    """Fill in the values of the head; where the last tensor begins, as far as that can be told."""
    version, tensors, entries = head.take("I"), head.take("Q"), head.take("Q")
    if version not in VERSIONS or tensors > MOST_TENSORS or entries > MOST_ENTRIES:
        raise _Unreadable
    for _ in range(entries):
        name = head.text()
        values[name] = head.value()
    last = 0
    for _ in range(tensors):
        head.text()
        for _ in range(min(head.take("I"), 8)):
            head.take("Q")
        head.take("I")
        last = max(last, head.take("Q"))
    return head.at + last


def _described(path: Path, size: int, values: dict[str, Any]) -> GgufFile:
    family = str(values.get("general.architecture", ""))

    def number(name: str, otherwise: int = 0) -> int:
        found = values.get(f"{family}.{name}", otherwise)
        return int(found) if isinstance(found, int) else otherwise

    heads = number("attention.head_count", 1) or 1
    kept = number("attention.head_count_kv", heads) or heads
    width = number("attention.key_length") or number("embedding_length") // heads
    return GgufFile(
        path=path,
        size=size,
        name=str(values.get("general.name") or path.stem),
        architecture=family,
        context=number("context_length", 4096),
        # Keys and values, each a number of two bytes.
        cache=number("block_count") * kept * width * 4,
        license=str(values.get("general.license", "")),
        knows_tools="tools" in str(values.get("tokenizer.chat_template", "")),
    )


def unreadable(path: Path, error: OSError) -> ModelError:
    return ModelError(
        "The model file can’t be read: {path} ({reason}).",
        "Check that the file is still there and that you may open it.",
        code="model.file",
        path=path.name,
        reason=error.strerror or type(error).__name__,
    )


def _not_gguf(path: Path) -> ModelError:
    return ModelError(
        "“{path}” isn’t a model file.",
        "Choose a file that ends in .gguf.",
        code="model.file",
        path=path.name,
    )


def _cut(path: Path) -> ModelError:
    return ModelError(
        "The model file “{path}” isn’t complete.",
        "Download it again.",
        code="model.file",
        path=path.name,
    )
