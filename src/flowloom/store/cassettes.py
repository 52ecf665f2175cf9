"""Chats that are kept as tests: what was said, and what models and tools answered then."""

import time
import zlib
from typing import Any, NamedTuple
from uuid import uuid4

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from flowloom.errors import Problem, StoreError
from flowloom.store.db import Database

MOST_TURNS, MOST_STEPS = 200, 5_000
LARGEST = 8 * 1024 * 1024
"""Bytes of one kept chat."""


class Taped(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class TapedStep(Taped):
    """What a block gave for what it was given. `key` and `config` are digests of its inputs and its settings."""

    node: str = Field(max_length=400)
    key: str = Field(max_length=64)
    config: str = Field("", max_length=64)
    outputs: dict[str, Any] = {}
    problem: Problem | None = None


class TapedTurn(Taped):
    """One message, the way it took, and what was answered. `at` is when, in epoch seconds."""

    message: str = Field(max_length=200_000)
    at: float = 0.0
    answer: str = Field("", max_length=1_000_000)
    route: tuple[str, ...] = ()
    steps: tuple[TapedStep, ...] = Field((), max_length=MOST_STEPS)


class Cassette(Taped):
    """A chat that is kept as a test."""

    cassette: int = Field(1, ge=1, le=1)
    name: str = Field("", max_length=120)
    turns: tuple[TapedTurn, ...] = Field(min_length=1, max_length=MOST_TURNS)


class KeptCassette(NamedTuple):
    """One in a list; `made` is in epoch seconds."""

    id: str
    name: str
    made: float


class CassetteStore:
    """Every method raises StoreError where the database cannot be used."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def keep(self, flow: str, cassette: Cassette) -> str:
        """Keep one, and give its id. Raises StoreError where it is too large."""
        told = cassette.model_dump_json(exclude_defaults=True).encode()
        if len(told) > LARGEST:
            raise StoreError(
                "This chat is too long to be kept as a test: {size} MB is the most.",
                "Keep a shorter one.",
                size=LARGEST >> 20,
            )
        id = uuid4().hex
        values = (id, flow, cassette.name, time.time(), zlib.compress(told, 6))
        self._db.do("INSERT INTO cassettes VALUES (?, ?, ?, ?, ?)", *values)
        return id

    def all(self, flow: str) -> list[KeptCassette]:
        """Those of a GPT, the latest first."""
        rows = self._db.all("SELECT id, name, made FROM cassettes WHERE flow = ? ORDER BY made DESC, id", flow)
        return [KeptCassette(*row) for row in rows]

    def load(self, id: str) -> Cassette:
        """Raises StoreError where there is none that can be read."""
        row = self._db.one("SELECT data FROM cassettes WHERE id = ?", id)
        try:
            if row:
                return Cassette.model_validate_json(zlib.decompress(row[0]))
        except (ValidationError, zlib.error):
            pass
        raise StoreError("This test no longer exists.", "Keep the chat once more.")

    def delete(self, id: str) -> None:
        self._db.do("DELETE FROM cassettes WHERE id = ?", id)

    def delete_of(self, flow: str) -> None:
        """Let go of all tests of a GPT."""
        self._db.do("DELETE FROM cassettes WHERE flow = ?", flow)
