"""Searching the store by meaning: vectors that are missing are made, and nobody waits for many of them."""

from collections.abc import Iterator
from threading import Event
from typing import Any

import pytest

from flowloom.errors import StoreError
from flowloom.gallery.search import TOGETHER, Meaning
from flowloom.services.knowledge.sentence_encoder import built_in
from flowloom.store.store_vectors import VectorStore
from flowloom.workspace import Workspace

FEW = {"bees": "Looking after bees and honey", "taxes": "Filling in a tax return"}
MANY = FEW | {f"g{number}": f"A helper for recipe number {number}" for number in range(2 * TOGETHER)}


class Held:
    """The encoder, which makes many vectors only once it is let go."""

    def __init__(self) -> None:
        found = built_in()
        assert found
        self._encoder, self.name, self.go, self.batches = found, found.name, Event(), 0

    def embed_query(self, text: str) -> Any:
        return self._encoder.embed_query(text)

    def embed_documents(self, texts: list[str]) -> Any:
        self.go.wait(20)
        self.batches += 1
        return self._encoder.embed_documents(texts)


@pytest.fixture
def held() -> Iterator[Held]:
    found = Held()
    yield found
    found.go.set()


def meaning(home: Workspace, encoder: Any) -> Meaning:
    return Meaning(VectorStore(home._db), lambda: encoder)


def test_few_are_made_at_once_and_kept(home: Workspace, held: Held) -> None:
    held.go.set()
    found = meaning(home, held)
    assert found.near("beekeeping", FEW) == ["bees"]
    assert meaning(home, held).near("beekeeping", FEW) == ["bees"]
    assert held.batches == 1, "a restart makes none again"


def test_nobody_waits_for_many(home: Workspace, held: Held) -> None:
    found = meaning(home, held)
    assert found.near("beekeeping", MANY) == []
    assert found.near("beekeeping", MANY) == [], "and none is made twice"
    held.go.set()
    assert found.wait(30)
    assert held.batches == 3
    assert found.near("beekeeping", MANY)[0] == "bees"
    assert held.batches == 3


def test_a_database_that_is_gone_ends_the_making_alone(home: Workspace, held: Held, monkeypatch: Any) -> None:
    def gone(*_: Any) -> None:
        raise StoreError("The database is gone.", "Start again.")

    found = meaning(home, held)
    monkeypatch.setattr(VectorStore, "keep", gone)
    held.go.set()
    found.near("beekeeping", MANY)
    assert found.wait(30)
