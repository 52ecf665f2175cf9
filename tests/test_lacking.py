"""What a GPT needs beside its file and does not have: documents where it searches some."""

from typing import Any

import pytest

from flowloom.flow.model import Flow
from flowloom.intake import MAIN
from flowloom.workspace import Workspace

BEES = b"Our two hives stand behind the chapel."


def flow_with(**config: Any) -> Flow:
    return Flow.model_validate(
        {
            "name": "Bees",
            "nodes": [{"id": "search", "kind": "knowledge.search", "name": "Look it up", "config": config}],
        }
    )


@pytest.fixture
def home(tmp_path: Any) -> Any:
    opened = Workspace(tmp_path)
    yield opened
    opened.close()


@pytest.mark.parametrize(
    ("config", "filled", "lacks"),
    [
        ({}, None, True),
        ({"knowledge": "main"}, None, True),
        ({}, MAIN, False),
        ({"knowledge": "letters"}, MAIN, True),
        ({"knowledge": "letters"}, "letters", False),
        ({"knowledge": "shared:gone"}, MAIN, True),
        ({"knowledge": ""}, None, False),  # another problem says that none is chosen
    ],
)
def test_a_search_without_documents_is_told(home: Workspace, config: Any, filled: str | None, lacks: bool) -> None:
    flow = home.flows.create(flow_with(**config))
    if filled:
        home.knowledge.add(f"{flow.id}/{filled}", "bees.txt", BEES)
    found = home.searched.lacking(flow)
    assert [(problem.code, problem.node, problem.severity) for problem in found] == (
        [("knowledge.empty", "search", "warning")] if lacks else []
    )


def test_documents_that_wait_to_be_read_count(home: Workspace) -> None:
    flow = home.flows.create(flow_with())
    home.ingest.put(f"{flow.id}/{MAIN}", [("bees.txt", BEES)])
    assert not home.searched.lacking(flow)


def test_a_search_within_a_block_is_told_at_the_block(home: Workspace) -> None:
    inner = flow_with().model_dump(mode="json") | {"id": "inner"}
    outer = Flow.model_validate(
        {"name": "Outer", "nodes": [{"id": "block", "kind": "flow.sub", "config": {"flow": inner}}]}
    )
    assert [problem.node for problem in home.searched.lacking(outer)] == ["block"]
    home.knowledge.add(f"inner/{MAIN}", "bees.txt", BEES)
    assert not home.searched.lacking(outer)


def test_an_open_flow_tells_when_documents_come_and_go(home: Workspace) -> None:
    flow = home.flows.create(flow_with())
    document = home.editor.open(flow.id)
    told: list[int] = []
    document.listen(lambda: told.append(document.revision))
    document.look_around()
    assert not told
    home.knowledge.add(f"{flow.id}/{MAIN}", "bees.txt", BEES)
    document.look_around()
    document.look_around()
    assert len(told) == 1
    assert "knowledge.empty" not in [problem.code for problem in document.problems()]
    assert document.patches_after(told[0] - 1)


@pytest.mark.parametrize(("config", "told"), [({}, True), ({"knowledge": ""}, False)])
def test_an_import_says_that_documents_are_not_in_the_file(home: Workspace, config: Any, told: bool) -> None:
    from flowloom.flow.file import write_flow

    notes = home.intake.import_notes(write_flow(flow_with(**config)).encode())
    assert ("import.documents" in [note.code for note in notes]) == told
