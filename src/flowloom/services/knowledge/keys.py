"""Where a knowledge base lives: a key as a folder that cannot lead elsewhere."""

import hashlib
import re
from pathlib import Path

from flowloom.errors import KnowledgeError

_PLAIN = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")
_RESERVED = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)$")


def folder_of(key: str) -> Path:
    """A relative folder for a key that holds no way out of the parent folder. Raises KnowledgeError."""
    parts = key.split("/")
    if len(parts) > 4 or any(not part.strip(". ") or re.search(r"[\\\x00-\x1f]", part) for part in parts):
        raise KnowledgeError(
            "“{base}” can’t be used as a knowledge base name.", "Use letters and digits.", base=key[:100]
        )
    return Path(*map(_safe, parts))


def places_in(folder: Path) -> list[str]:
    """Where in the folder of all bases each of them lies; what is on its way in or out does not count."""
    found = (rows.parent.relative_to(folder) for rows in folder.glob("*/**/rows.sqlite"))
    return sorted(place.as_posix() for place in found if not place.parts[0].startswith("."))


def _safe(part: str) -> str:
    # Capitals, accents and Chinese differ between file systems, so such names are kept as hashes.
    if _PLAIN.fullmatch(part) and not _RESERVED.match(part):
        return part
    return "_" + hashlib.sha256(part.encode("utf-8", "surrogatepass")).hexdigest()[:40]
