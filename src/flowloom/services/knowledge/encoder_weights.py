"""The weights of the built-in encoder. Its table of tokens stays on disk: 65 MB, of which a text needs a few rows.

The package unpacks the table into memory each time. Here that is done once: what comes of it lies in the cache of
this person, under a name that tells of which weights it is, with a checksum at its end.
"""

import os
import zlib
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from zipfile import ZipFile

import numpy as np
from numpy.typing import NDArray

from flowloom.services.files import cache_folder, private_folder, write_whole

Bytes = NDArray[np.uint8]

WIDTH = 512
"""Bytes of the row of a token."""
_SUM = 4
_AT_ONCE = 1 << 20


class TokenRows:
    """Rows of a file, read when they are asked for: `rows[numbers]` is an array of as many rows of 512 bytes."""

    def __init__(self, path: Path) -> None:
        """Raises OSError, and ValueError where the file is not as it was written."""
        _check(path)
        if hasattr(os, "pread"):
            self._file = os.open(path, os.O_RDONLY)
        else:  # Windows
            self._mapped = np.memmap(path, np.uint8, "r", shape=((path.stat().st_size - _SUM) // WIDTH, WIDTH))

    def __getitem__(self, numbers: NDArray[np.int64]) -> Bytes:
        if not hasattr(os, "pread"):
            return self._mapped[numbers]
        read = b"".join(os.pread(self._file, WIDTH, number * WIDTH) for number in numbers.tolist())
        return np.frombuffer(read, np.uint8).reshape(-1, WIDTH)


def kept_rows(weights: Path, encoder: str) -> TokenRows | None:
    """The table of these weights as it was kept for an encoder; None where it was not, or is damaged."""
    with suppress(OSError, ValueError):
        return TokenRows(_place(weights, encoder))
    return None


def keep_rows(weights: Path, encoder: str, table: Bytes) -> TokenRows | None:
    """Write the table down for the next time; None where it cannot be, as on a full disk."""
    place = _place(weights, encoder)
    with suppress(OSError, ValueError):
        private_folder(place.parent)
        for former in place.parent.glob("*encoder-*.rows*"):
            with suppress(OSError):  # another process has it open, where that matters
                former.unlink()
        data = table.tobytes()
        write_whole(place, data + zlib.crc32(data).to_bytes(_SUM, "big"))
        return TokenRows(place)
    return None


def read_weights(weights: Path, rows: TokenRows) -> SimpleNamespace:
    """The package's weights under the names that its own model has. Raises OSError, ValueError, KeyError."""
    with np.load(weights) as file:
        found = {name: file[name] for name in file.files if not name.startswith("q")}
    return SimpleNamespace(table=rows, eps=float(found.pop("eps")), **_joined(found), **found)


def _joined(found: Mapping[str, Any]) -> dict[str, Any]:
    """What the three branches have each for itself, side by side or in a list."""

    def of_branches(name: str) -> list[Any]:
        return [found[f"{name}{seen}"] for seen in (2, 3, 5)]

    return {
        "proj_W": np.concatenate(of_branches("proj"), axis=1),
        "proj_b": np.concatenate(of_branches("proj_b")),
        "ln_g_all": np.concatenate(of_branches("ln_g")),
        "ln_b_all": np.concatenate(of_branches("ln_b")),
    } | {name.strip("_"): of_branches(name) for name in ("w1_", "b1_", "w2_", "b2_")}


def _place(weights: Path, encoder: str) -> Path:
    """Of other weights, or an encoder that reads them in another way, another file."""
    with ZipFile(weights) as file:
        sums = [f"{each.filename}:{each.CRC}" for each in file.infolist()]
    return cache_folder() / f"encoder-{zlib.crc32(' '.join([encoder, *sums]).encode()):08x}.rows"


def _check(path: Path) -> None:
    found, left = 0, path.stat().st_size - _SUM
    if left <= 0 or left % WIDTH:
        raise ValueError
    with path.open("rb") as file:
        while left:
            some = file.read(min(left, _AT_ONCE))
            found, left = zlib.crc32(some, found), left - len(some)
            if not some:
                raise ValueError  # cut off
        if found.to_bytes(_SUM, "big") != file.read():
            raise ValueError
