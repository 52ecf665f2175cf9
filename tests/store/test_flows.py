"""Flows as files: listed, deleted into the bin, brought back, and one day let go."""

import os
from pathlib import Path

import pytest

from flowloom.errors import StoreError
from flowloom.flow.model import Flow
from flowloom.store.flows import FlowStore
from flowloom.store.opening import open_database

pytestmark = pytest.mark.usefixtures("kept_in")


@pytest.fixture
def store(tmp_path: Path) -> FlowStore:
    return FlowStore(tmp_path / "flows", open_database(tmp_path / "flowloom.db"))


def test_a_deleted_flow_comes_back_as_it_was(store: FlowStore) -> None:
    flow = store.create(Flow(name="Bees"))
    store.delete(flow.id)
    assert not store.entries()
    assert not store.exists(flow.id)
    store.restore(flow.id)
    assert store.load(flow.id) == flow


def test_the_bin_forgets_only_what_is_old(store: FlowStore, tmp_path: Path) -> None:
    old, new = store.create(Flow(name="Old")), store.create(Flow(name="New"))
    for flow in (old, new):
        store.delete(flow.id)
    os.utime(tmp_path / "flows" / "deleted" / f"{old.id}.json", (1, 1))
    assert store.forget_deleted(older_than=3600) == [old.id]
    store.restore(new.id)
    assert [entry.name for entry in store.entries()] == ["New"]


def test_deleting_begins_the_time_in_the_bin(store: FlowStore, tmp_path: Path) -> None:
    flow = store.create(Flow(name="Untouched for years"))
    os.utime(tmp_path / "flows" / f"{flow.id}.json", (1, 1))
    store.delete(flow.id)
    assert store.forget_deleted(older_than=3600) == []


def test_a_damaged_file_is_listed_and_said(store: FlowStore, tmp_path: Path) -> None:
    (tmp_path / "flows").mkdir()
    (tmp_path / "flows" / "broken.json").write_text("{")
    (entry,) = store.entries()
    assert entry.name == "broken"
    assert entry.description


@pytest.mark.parametrize("flow_id", ["", "../flowloom", "a/b", "a.json"])
def test_an_id_names_no_path(store: FlowStore, flow_id: str) -> None:
    with pytest.raises(StoreError):
        store.load(flow_id)
