"""Where GPTs came from that another builder made: the report, and the flow as it was read, to merge a newer one."""

import time
from typing import NamedTuple

from flowloom.flow.file import read_flow, write_flow
from flowloom.flow.model import Flow
from flowloom.store.db import Database

WITH_ROWS = '%"rows":[{%'
"""How a report that tells of parts is known among others."""


class Import(NamedTuple):
    """A GPT that was imported. `origin` names the flow at its builder, `report` is JSON."""

    flow: str
    format: str
    origin: str
    report: str
    original: Flow
    at: float
    """Seconds since the epoch."""


class ImportStore:
    """The last import of each GPT. Every method raises StoreError where the database cannot be used."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def of(self, flow: str) -> Import | None:
        """How a GPT came here; None for one that was made here."""
        found = self._db.all("SELECT flow, format, origin, report, original, at FROM imports WHERE flow = ?", flow)
        return _read(found[0]) if found else None

    def reported(self) -> frozenset[str]:
        """The ids of the GPTs whose report tells of single parts."""
        return frozenset(
            flow for (flow,) in self._db.all("SELECT flow FROM imports WHERE report LIKE ?", WITH_ROWS)
        )

    def same(self, format: str, origin: str) -> list[Import]:
        """The GPTs that came from this flow, the latest first."""
        found = self._db.all(
            "SELECT flow, format, origin, report, original, at FROM imports"
            " WHERE format = ? AND origin = ? ORDER BY at DESC",
            format,
            origin,
        )
        return [_read(row) for row in found]

    def put(self, flow: str, format: str, origin: str, report: str, original: Flow) -> None:
        self._db.do(
            "INSERT INTO imports (flow, format, origin, report, original, at) VALUES (?, ?, ?, ?, ?, ?) "
            "ON CONFLICT (flow) DO UPDATE SET format = excluded.format, origin = excluded.origin, "
            "report = excluded.report, original = excluded.original, at = excluded.at",
            flow,
            format,
            origin,
            report,
            write_flow(original, indent=None).encode(),
            time.time(),
        )

    def delete_of(self, flow: str) -> None:
        self._db.do("DELETE FROM imports WHERE flow = ?", flow)


def _read(row: tuple[str, str, str, str, bytes, float]) -> Import:
    flow, format, origin, report, original, at = row
    return Import(flow, format, origin, report, read_flow(original), at)
