"""The history of a flow: nothing an edit replaced is lost, and what was named stays."""

from pathlib import Path

import pytest

from flowloom.errors import StoreError
from flowloom.flow.edit import Describe
from flowloom.flow.model import Flow
from flowloom.store import versions
from flowloom.store.opening import open_database
from flowloom.store.versions import VersionStore
from flowloom.workspace import Workspace

pytestmark = pytest.mark.usefixtures("kept_in")


@pytest.fixture
def store(tmp_path: Path) -> VersionStore:
    return VersionStore(open_database(tmp_path / "flowloom.db"))


def named(name: str) -> Flow:
    return Flow(id="bees", name=name)


def names(store: VersionStore) -> list[str]:
    return [store.load("bees", version.number).name for version in store.entries("bees")]


def test_one_version_for_a_spell_of_editing(store: VersionStore, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("a", "b", "c"):
        store.before_edit(named(name))
    assert names(store) == ["a"]
    monkeypatch.setattr(versions, "SPELL", -1.0)
    store.before_edit(named("d"))
    assert names(store) == ["d", "a"]


def test_only_unnamed_versions_grow_old(store: VersionStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(versions, "UNNAMED", 3)
    store.keep(named("first"), "The good one")
    for count in range(6):
        store.keep(named(str(count)))
    assert [store.load("bees", version.number).name for version in store.entries("bees")] == [
        "5",
        "4",
        "3",
        "first",
    ]
    assert [version.name for version in store.entries("bees") if version.name] == ["The good one"]


def test_a_version_that_is_gone_says_so(store: VersionStore) -> None:
    with pytest.raises(StoreError):
        store.load("bees", 7)


def test_restoring_is_a_step_that_can_be_undone(home: Workspace) -> None:
    document = home.editor.open(home.flows.create(Flow(name="Bees")).id)
    document.edit(Describe(changes={"name": "Wasps"}))
    (version,) = document.versions()
    document.restore(version.number)
    assert document.flow.name == "Bees"
    assert [document.version(each.number).name for each in document.versions()] == ["Wasps", "Bees"]
    document.undo()
    assert document.flow.name == "Wasps"
    assert home.flows.load(document.flow.id).name == "Wasps"


def test_a_history_outlives_the_process_and_not_its_flow(home: Workspace) -> None:
    flow = home.flows.create(Flow(name="Bees"))
    home.editor.open(flow.id).keep_version("Before the fair")
    assert [version.name for version in home.versions.entries(flow.id)] == ["Before the fair"]
    home.versions.delete_of(flow.id)
    assert home.versions.entries(flow.id) == []
