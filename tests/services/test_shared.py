"""Knowledge bases that several GPTs search, and that no imported file reaches by itself."""

import asyncio
from pathlib import Path
from typing import Any

import pytest

from flowloom.errors import KnowledgeError
from flowloom.flow.file import write_flow
from flowloom.flow.model import Flow
from flowloom.intake import MAIN
from flowloom.kinds.values import Reader
from flowloom.nodes.flows.embedded import document_of
from flowloom.nodes.knowledge.shared import shared_in
from flowloom.services.knowledge.bases import KnowledgeBases
from flowloom.services.knowledge.chunks import Cutting
from flowloom.services.knowledge.flow_knowledge import FlowKnowledge
from flowloom.services.knowledge.shared import SharedBases, key_of_base
from flowloom.workspace import open_workspace


def searching(*bases: str, within: Flow | None = None) -> Flow:
    nodes: list[dict[str, Any]] = [
        {"id": f"s{n}", "kind": "knowledge.search", "config": {"knowledge": base}} for n, base in enumerate(bases)
    ]
    if within:
        nodes.append({"id": "inner", "kind": "flow.sub", "config": {"flow": document_of(within)}})
    return Flow.model_validate({"name": "Finder", "nodes": nodes})


def test_several_flows_search_one_base(tmp_path: Path) -> None:
    bases = KnowledgeBases(tmp_path)
    made = SharedBases(bases).create("Staff  handbook", tags=["hr"], cutting=Cutting(size=200, overlap=10))
    bases.add(made.key, "a.txt", b"Wages are paid monthly.")
    for flow in ("one", "two"):
        found = asyncio.run(FlowKnowledge(bases, flow).search(f"shared:{made.id}", "wages", 3))
        assert [passage.file for passage in found] == ["a.txt"]
    bases.set_readers(made.key, "a.txt", groups=["hr"])
    assert asyncio.run(FlowKnowledge(bases, "one", Reader(name="x")).search(f"shared:{made.id}", "wages", 3)) == []
    (kept,) = SharedBases(KnowledgeBases(tmp_path)).all()
    assert (kept.name, kept.tags, kept.cutting.size) == ("Staff handbook", ("hr",), 200)


def test_they_are_renamed_and_deleted(tmp_path: Path) -> None:
    bases = KnowledgeBases(tmp_path)
    shared = SharedBases(bases)
    one, two = shared.create("One"), shared.create("two")
    assert shared.rename(one.id, "Uno").id == one.id
    assert [base.name for base in shared.all()] == ["two", "Uno"]
    assert shared.set_tags(one.id, ["a", "a"]).tags == ("a",)
    for wrong in ("", "  ", "TWO"):
        with pytest.raises(KnowledgeError):
            shared.rename(one.id, wrong)
        with pytest.raises(KnowledgeError):
            shared.create(wrong)
    shared.delete(two.id)
    shared.delete(two.id)
    assert [base.name for base in shared.all()] == ["Uno"]
    with pytest.raises(KnowledgeError):
        shared.rename(two.id, "Back")
    with pytest.raises(KnowledgeError, match="no longer"):
        asyncio.run(FlowKnowledge(bases, "one").search(f"shared:{two.id}", "x", 3))


@pytest.mark.parametrize("base", ["shared:", "shared:../one", "shared:one/main", "shared:" + "g" * 32])
def test_only_ids_lead_to_shared_bases(tmp_path: Path, base: str) -> None:
    bases = KnowledgeBases(tmp_path)
    bases.add("one/main", "a.txt", b"Wages are secret.")
    with pytest.raises(KnowledgeError):
        asyncio.run(FlowKnowledge(bases, "two").search(base, "wages", 3))
    with pytest.raises(KnowledgeError):
        key_of_base("two", base)


def test_a_flow_that_is_called_like_their_folder_reads_none(tmp_path: Path) -> None:
    bases = KnowledgeBases(tmp_path)
    made = SharedBases(bases).create("One")
    bases.add(made.key, "a.txt", b"Wages are secret.")
    with pytest.raises(KnowledgeError):
        asyncio.run(FlowKnowledge(bases, "shared").search(made.id, "wages", 3))


def test_an_imported_file_reads_no_shared_base(tmp_path: Path) -> None:
    home = open_workspace(tmp_path)
    made = home.shared.create("Board")
    inner = searching(f"shared:{made.id}")
    flow = searching("main", f"shared:{made.id}", "own", within=searching("main", within=inner))
    assert shared_in(flow) == {made.id}
    data = write_flow(flow).encode()
    notes = home.intake.import_notes(data)
    assert [note.code for note in notes] == ["import.documents", "knowledge.shared"]
    assert {note.severity for note in notes} == {"warning"}
    kept = home.intake.import_flow(data)
    assert shared_in(kept) == set()
    assert [node.config["knowledge"] for node in kept.nodes[:3]] == ["main", MAIN, "own"]
    assert [note.code for note in home.intake.import_notes(write_flow(kept).encode())] == ["import.documents"]
    home.close()


def test_deleting_one_tells_who_used_it(tmp_path: Path) -> None:
    home = open_workspace(tmp_path)
    made = home.shared.create("Board")
    home.flows.create(searching(f"shared:{made.id}"))
    home.flows.create(searching("main"))
    home.ingest.put(made.key, [("a.txt", b"Wages.")])
    assert home.searched.gpts_using(made.id) == ["Finder"]
    assert home.searched.delete_shared(made.id) == ["Finder"]
    assert (home.shared.all(), home.ingest.waiting(made.key)) == ([], [])
    home.close()
