"""Who a flow file is that is run from where it lies: never a stored GPT, whatever id it writes of itself."""

from hashlib import sha256
from pathlib import Path

PREFIX = "file-"
"""No stored GPT has an id that begins so."""


def place_of(path: Path) -> str:
    """What the ids of all files that ever lay in this place begin with."""
    return f"{PREFIX}{_short(str(path.resolve()).encode())}-"


def id_of_file(path: Path) -> str:
    """The id under which this very file runs: another text in the same place is another flow."""
    return place_of(path) + _short(path.read_bytes())


def is_file_id(flow_id: str) -> bool:
    return flow_id.casefold().startswith(PREFIX)


def _short(data: bytes) -> str:
    return sha256(data).hexdigest()[:24]
