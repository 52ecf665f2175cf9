"""What is known of the files of a knowledge base: tags, dates, and who may read them."""

import json
import sqlite3
from datetime import UTC, datetime

from pydantic import BaseModel, ConfigDict

from flowloom.kinds.values import Filter, Reader

_COLUMNS = ("name", "size", "pages", "passages", "added_at", "modified_at", "tags", "owner", "groups", "hash")
_LISTS = ("tags", "groups")


class About(BaseModel):
    """What is said of a file beside what is in it. Without owner and groups everyone may read it."""

    model_config = ConfigDict(frozen=True)

    tags: tuple[str, ...] = ()
    owner: str = ""
    groups: tuple[str, ...] = ()
    modified_at: datetime | None = None


class FileInfo(About):
    """A file of a knowledge base. `pages` is None where the format has none; `hash` is of its bytes.

    One of which `only_passages` came can be searched, and neither read as a whole nor cut anew.
    """

    name: str
    size: int
    pages: int | None
    passages: int
    added_at: datetime
    hash: str = ""
    only_passages: bool = False

    def may_be_read_by(self, reader: Reader) -> bool:
        """Whether a person may learn what is in it, or that it is there."""
        if reader.owner or not (self.owner or self.groups):
            return True
        # A reader without a name is nobody's namesake.
        return bool(reader.name and reader.name == self.owner) or not set(self.groups).isdisjoint(reader.groups)

    def fits(self, only: Filter) -> bool:
        changed = _moment(self.modified_at or self.added_at)
        return (
            (not only.files or self.name in only.files)
            and (not only.tags or not set(only.tags).isdisjoint(self.tags))
            and (only.since is None or changed >= _moment(only.since))
            and (only.until is None or changed <= _moment(only.until))
        )


def read_files(db: sqlite3.Connection) -> list[FileInfo]:
    """Every file, by name."""
    names = ", ".join(f'"{name}"' for name in _COLUMNS)
    found = db.execute(f"SELECT {names}, text IS NULL FROM files ORDER BY name")
    rows = (dict(zip((*_COLUMNS, "only_passages"), row, strict=True)) for row in found)
    return [FileInfo(**{**row, **{name: json.loads(row[name]) for name in _LISTS}}) for row in rows]


def _moment(at: datetime) -> datetime:
    return at if at.tzinfo else at.replace(tzinfo=UTC)
