"""How a person keeps their GPTs: favourites, folders, and which was used when."""

import time
from typing import NamedTuple

from flowloom.store.db import Database

LONGEST = 40
"""Characters of a folder's name."""


class Place(NamedTuple):
    """Where a GPT stands; `used` is when it was opened or run last, in seconds since the epoch, 0 for never."""

    favourite: bool = False
    folder: str = ""
    used: float = 0.0


class Shelf:
    """The places of all GPTs. Every method raises StoreError where the database cannot be used."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def all(self) -> dict[str, Place]:
        """The place of every GPT that has one, by its id."""
        ran = dict(self._db.all("SELECT flow, MAX(started) FROM runs GROUP BY flow"))
        rows = self._db.all("SELECT flow, favourite, folder, opened FROM shelf")
        found = {flow: Place(used=started) for flow, started in ran.items()}
        for flow, favourite, folder, opened in rows:
            found[flow] = Place(bool(favourite), folder, max(opened, ran.get(flow, 0.0)))
        return found

    def favour(self, flow: str, favourite: bool) -> None:
        self._set(flow, "favourite", favourite)

    def put(self, flow: str, folder: str) -> None:
        """Into a folder, which is there as long as something is in it; "" takes it out."""
        self._set(flow, "folder", " ".join(folder.split())[:LONGEST])

    def opened(self, flow: str) -> None:
        self._set(flow, "opened", time.time())

    def _set(self, flow: str, column: str, value: object) -> None:
        # The column is one of ours, never of a person.
        self._db.do(
            f"INSERT INTO shelf (flow, {column}) VALUES (?, ?) "
            f"ON CONFLICT (flow) DO UPDATE SET {column} = excluded.{column}",
            flow,
            value,
        )

    def delete_of(self, flow: str) -> None:
        self._db.do("DELETE FROM shelf WHERE flow = ?", flow)
