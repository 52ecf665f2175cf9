"""Edits arrive once, are saved before they are told, and can be taken back."""

import json
import random
from typing import Any

import pytest

from flowloom.editor import Document
from flowloom.errors import FlowFileError
from flowloom.flow.edit import Add, Connect, Move
from flowloom.flow.file import write_flow
from flowloom.flow.model import MAX_NODES, Flow, Node, Position
from flowloom.serve.cards import patches, snapshot
from flowloom.workspace import Workspace


def opened(home: Workspace) -> Document:
    return home.editor.open(home.flows.create(Flow(name="Test")).id)


def add(seq: int, id: str, kind: str = "text", **more: Any) -> dict[str, Any]:
    return {"seq": seq, "op": "add", "node": {"id": id, "kind": kind}, "at": {"x": 1, "y": 2}, **more}


def test_an_edit_counts_once_however_often_it_is_sent(home: Workspace) -> None:
    document = opened(home)
    for _ in range(3):
        acked, rejected = document.submit("c", [add(1, "a"), add(2, "b")])
        assert (acked, rejected) == (2, [])
    assert [node.id for node in home.flows.load(document.flow.id).nodes] == ["a", "b"]


def test_a_resent_undo_takes_back_only_one_step(home: Workspace) -> None:
    document = opened(home)
    document.submit("c", [add(1, "a"), add(2, "b"), {"seq": 3, "op": "undo"}])
    document.submit("c", [{"seq": 3, "op": "undo"}])
    assert [node.id for node in document.flow.nodes] == ["a"]


def test_what_one_gesture_did_is_undone_together(home: Workspace) -> None:
    document = opened(home)
    document.submit("c", [add(1, "a"), add(2, "b", step="s"), add(3, "c", step="s"), {"seq": 4, "op": "undo"}])
    assert [node.id for node in document.flow.nodes] == ["a"]
    document.redo()
    assert [node.id for node in document.flow.nodes] == ["a", "b", "c"]


def test_a_refused_edit_says_why_and_the_rest_goes_on(home: Workspace) -> None:
    document = opened(home)
    acked, rejected = document.submit("c", [add(1, "a"), add(2, "a"), {"seq": 3, "op": "dance"}, add(4, "b")])
    assert acked == 4
    assert [seq for seq, _ in rejected] == [2, 3]
    assert [node.id for node in document.flow.nodes] == ["a", "b"]


def test_a_key_typed_into_a_block_is_refused_and_written_nowhere(home: Workspace) -> None:
    document = opened(home)
    key = "sk-" + "a1B2" * 8
    document.submit("c", [add(1, "a")])
    _, rejected = document.submit("c", [{"seq": 2, "op": "configure", "node": "a", "config": {"text": key}}])
    assert rejected[0][1].code == "secret.in_flow"
    assert key not in str(rejected)
    assert not any(key.encode() in path.read_bytes() for path in home.home.rglob("*") if path.is_file())


def test_a_save_that_fails_changes_nothing_and_may_be_sent_again(
    home: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    document = opened(home)
    with monkeypatch.context() as broken:
        broken.setattr("os.replace", lambda *_: (_ for _ in ()).throw(OSError(28, "No space left on device")))
        with pytest.raises(FlowFileError, match="couldn’t be saved"):
            document.submit("c", [add(1, "a")])
    assert document.flow.nodes == ()
    document.submit("c", [add(1, "a")])
    assert [node.id for node in home.flows.load(document.flow.id).nodes] == ["a"]


def test_patches_lead_from_any_revision_to_the_flow(home: Workspace) -> None:
    """Two hundred chance edits: whoever follows the patches sees what is saved."""
    chance = random.Random(7)
    document = opened(home)
    seen = snapshot(document, "en")["flow"]
    revision, seq = document.revision, 0
    for _ in range(200):
        seq += 1
        document.submit("c", [chance_edit(chance, document, seq)])
        if chance.random() < 0.3:
            revision = follow(seen, document, revision)
    follow(seen, document, revision)
    saved = json.loads(write_flow(home.flows.load(document.flow.id)))
    assert {node["id"] for node in seen["nodes"]} == {node["id"] for node in saved.get("nodes", [])}
    assert sorted(map(str, seen["edges"])) == sorted(map(str, saved.get("edges", [])))
    assert seen["layout"] == saved.get("layout", {})


def chance_edit(chance: random.Random, document: Document, seq: int) -> dict[str, Any]:
    ids = [node.id for node in document.flow.nodes] or ["none"]
    a, b = chance.choice(ids), chance.choice(ids)
    return chance.choice(
        [
            add(seq, f"n{seq}", chance.choice(["text", "prompt", "merge"])),
            {"seq": seq, "op": "move", "positions": {a: {"x": float(seq), "y": 1.0}}},
            {"seq": seq, "op": "connect", "from": f"{a}.text", "to": f"{b}.values"},
            {"seq": seq, "op": "combine", "nodes": [a, b], "node": f"n{seq}"},
            {"seq": seq, "op": "unpack", "node": a},
            {"seq": seq, "op": "remove", "nodes": [a] if seq % 3 else [], "edges": []},
            {"seq": seq, "op": "undo"},
            {"seq": seq, "op": "redo"},
        ]
    )


def follow(seen: dict[str, Any], document: Document, revision: int) -> int:
    found = patches(document, revision, "en")
    assert found is not None
    for patch in found:
        nodes = {node["id"]: node for node in seen["nodes"]}
        for id, change in patch["nodes"].items():
            nodes.pop(id, None) if change is None else nodes.update({id: change["node"]})
        seen["nodes"] = list(nodes.values())
        seen["edges"] = [edge for edge in seen["edges"] if edge not in patch["edges"]["removed"]]
        seen["edges"] += patch["edges"]["added"]
        seen["layout"] = {k: v for k, v in {**seen["layout"], **patch["layout"]}.items() if v is not None}
    return document.revision


def test_edits_of_the_side_panel_and_the_canvas_meet(home: Workspace) -> None:
    document = opened(home)
    heard: list[int] = []
    document.listen(lambda: heard.append(document.revision))
    document.submit("c", [add(1, "a"), add(2, "b", "merge")])
    document.edit(
        Connect.model_validate({"from": "a.text", "to": "b.values"}), Move(positions={"a": Position(x=5, y=5)})
    )
    assert heard == [2, 3, 4]
    document.undo()
    assert document.flow.edges == ()


@pytest.fixture
def chain(home: Workspace) -> Document:
    """Three prompts one after the other: a, b, c."""
    document = opened(home)
    lines = [{"op": "connect", "from": f"{one}.prompt", "to": f"{next}.message"} for one, next in ("ab", "bc")]
    added = [add(seq, id, "prompt") for seq, id in enumerate("abc", 1)]
    document.submit("before", [*added, *({"seq": seq, **line} for seq, line in enumerate(lines, 4))])
    return document


def combining(seq: int, nodes: Any, node: Any = "one") -> dict[str, Any]:
    return {"seq": seq, "op": "combine", "nodes": nodes, "node": node}


def test_blocks_become_one_and_several_again_each_as_one_step(chain: Document) -> None:
    before = chain.flow
    for _ in range(2):
        assert chain.submit("c", [combining(1, ["a", "b"])]) == (1, [])
    assert {node.id for node in chain.flow.nodes} == {"c", "one"}
    cards = snapshot(chain, "en")["cards"]
    assert {id: found["can_unpack"] for id, found in cards.items()} == {"c": False, "one": True}
    chain.undo()
    assert chain.flow == before
    chain.redo()
    for _ in range(2):
        assert chain.submit("c", [{"seq": 2, "op": "unpack", "node": "one"}]) == (2, [])
    assert {node.id for node in chain.flow.nodes} == {"a", "b", "c"}
    assert set(chain.flow.edges) == set(before.edges)
    chain.undo()
    assert {node.id for node in chain.flow.nodes} == {"c", "one"}


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (combining(1, ["a", "c"]), "is between the blocks you selected"),
        (combining(1, ["nobody"]), "These blocks can’t be turned into one block"),
        (combining(1, ["a"], "c"), "already a block with the id “c”"),
        (combining(1, ["a"], "No id"), "can’t be read"),
        (combining(1, ["a"], None), "can’t be read"),
        (combining(1, "a"), "can’t be read"),
        ({"seq": 1, "op": "unpack", "node": "a"}, "This block contains nothing to unpack"),
        ({"seq": 1, "op": "unpack", "node": ["a"]}, "This block contains nothing to unpack"),
        ({"seq": 1, "op": "unpack"}, "This block contains nothing to unpack"),
    ],
)
def test_what_cannot_be_combined_is_told_and_changes_nothing(
    chain: Document, raw: dict[str, Any], reason: str
) -> None:
    before, revision = chain.flow, chain.revision
    acked, rejected = chain.submit("c", [raw])
    assert [seq for seq, _ in rejected] == [acked] == [1]
    assert reason in str(rejected[0][1].describe("en"))
    assert (chain.flow, chain.revision) == (before, revision)


def test_a_flow_that_would_grow_too_large_is_not_unpacked(chain: Document) -> None:
    chain.submit("c", [combining(1, ["a", "b"])])
    many = tuple(Node(id=f"n{number}", kind="note") for number in range(MAX_NODES - 2))
    chain.edit(*(Add(node=node) for node in many))
    _, rejected = chain.submit("c", [{"seq": 2, "op": "unpack", "node": "one"}])
    assert "up to 2000 blocks" in rejected[0][1].describe("en")[0]
