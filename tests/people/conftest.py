"""A team in a database of its own; passwords are hashed by the cheapest way, as many are."""

from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from argon2 import PasswordHasher

from flowloom.people import passwords
from flowloom.people.team import Team
from flowloom.store.opening import open_database


@cache
def _cheap() -> PasswordHasher:
    return PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


@pytest.fixture(autouse=True)
def _cheap_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "_hasher", _cheap)
    passwords._nobodys.cache_clear()


@pytest.fixture
def team(tmp_path: Path, kept_in: str) -> Iterator[Team]:
    db = open_database(tmp_path / "flowloom.db")
    yield Team(db)
    db.close()
