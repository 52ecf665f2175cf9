"""Somebody else's file is never one of mine by the ids it writes: not run, not imported, not pasted."""

import io
import json
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from flowloom.cli import main
from flowloom.flow.file import write_flow
from flowloom.flow.model import Flow
from flowloom.intake import MAIN
from flowloom.kinds.databases import PRACTICE
from flowloom.nodes.flows.embedded import document_of
from flowloom.nodes.flows.strangers import Named, as_stranger, named_in
from flowloom.services.connections.settings import Connection
from flowloom.services.databases.settings import Database
from flowloom.store.file_identity import PREFIX, id_of_file
from flowloom.workspace import Workspace, open_workspace
from tests.loopback import Sink

SECRET = "The vault opens with the word marzipan."


KEYED_BY_FLOW = {
    "imports": "the report of a GPT that was imported; no run reads or writes it",
    "talks": "of a stored GPT, by its document; no run reads or writes it",
    "spending": "counted under the id the run has",
    "shelf": "the person's own list of GPTs; no run reads or writes it",
    "seqs": "edits of a canvas; only `Document.submit` of a stored GPT writes them",
    "versions": "of a stored GPT, by its document",
    "conversations": "begun under the id the run has",
    "runs": "begun under the id the run has",
    "steps": "of a stored GPT, by its document",
    "step_stamps": "of a stored GPT, by its document",
    "unfinished": "the flow itself, with the id the run has",
    "questions": "under the id the run has",
    "facts": "FlowFacts: a file has only its own",
    "consents": "FlowConsents: under the id the run has",
    "batches": "of a stored GPT, by the person who begins them; no run reads or writes them",
    "hooks": "of a stored GPT, by the person who makes them; no run reads or writes them",
    "mail_folders": "of a stored GPT, by the person who makes them; no run reads or writes them",
    "schedules": "of a stored GPT, by the person who makes them; no run reads or writes them",
    "publications": "of a stored GPT, by the person who publishes it; no run reads or writes them",
    "published_versions": "of a stored GPT, by the person who publishes it; no run reads or writes them",
    "api_keys": "of a stored GPT, by the person who makes a key for it; no run reads or writes them",
    "dataset_files": "of the datasets of a stored GPT, put there by a person; no run reads or writes them",
    "datasets": "of a stored GPT, by the person who makes them; no run reads or writes them",
    "experiments": "of a stored GPT, by the person who begins them, or under the id the run has",
    "model_calls": "of an experiment, under the id the run has",
    "cassettes": "of a stored GPT, by the person who keeps them; no run reads or writes them",
    "store_use": "of a published GPT, by the visits to its page; no run reads it",
    "store_ratings": "of a published GPT, by its visitors; no run reads or writes them",
    "store_marks": "of a published GPT, by who looks after the store; no run reads or writes them",
    "store_vectors": "of a published GPT, by its name and description; no run reads or writes them",
    "store_reviews": "of a stored GPT, by the person who publishes it; no run reads or writes them",
    "store_reports": "of a published GPT, by its visitors; no run reads or writes them",
    "store_decisions": "of a published GPT, by who looks after the store; no run reads or writes them",
    "earning_orders": "of a published GPT, by who buys it; no run reads or writes them",
    "earning_uses": "of a published GPT, by the visits to its page; no run reads or writes them",
    "earning_codes": "of a published GPT, by its builder; no run reads or writes them",
    "prompts": "Studio: of a stored GPT, by whoever may edit it; no run reads or writes them",
    "tunings": "of a stored GPT, by whoever may edit it; no run reads or writes them",
    "retention": "of a stored GPT, by its owner or an admin; no run reads or writes it",
    "visitor_facts": "VisitorFacts: of one visitor of a published GPT, under the id the run has",
}
"""Every table with a flow in it, and why another file with the same id does not reach its rows."""


@pytest.fixture
def mine(home: Workspace) -> Flow:
    """A GPT of mine with something in every drawer."""
    flow = home.flows.create(Flow.model_validate({"id": "old", "name": "Mine", **parts(BLOCKS)}))
    home.knowledge.add(f"{flow.id}/{MAIN}", "vault.txt", SECRET.encode())
    home.consents.keep(flow.id, "example.org", True)
    home.memory.learn("likes", "gingerbread", flow=flow.id, learned_by=flow.id)
    home.memory.learn("sweet", "gingerbread")
    home.spending.add(flow.id, 0.5)
    home.talks.add(flow.id, "gingerbread")
    home.imports.put(flow.id, "dify", "gingerbread", "{}", flow)
    conversation = home.runs.new_conversation(flow.id)
    home.memory.set_variable(conversation, "likes", "gingerbread")
    home.editor.open(flow.id).submit("c", [{"seq": 1, "op": "describe", "changes": {"description": "d"}}])
    home.runner.finished(home.runner.start(flow, "hello", conversation))
    return home.flows.load(flow.id)


BLOCKS: dict[str, Any] = {
    "m": ("chat.message", {}),
    "k": ("knowledge.search", {"knowledge": MAIN}),
    "r": ("memory.recall", {"name": "likes", "scope": "person"}),
    "w": ("memory.remember", {"name": "colour", "scope": "person"}),
    "p": ("template", {"template": "{{ found }} Likes: {{ likes }}"}),
    "z": ("chat.answer", {}),
}
EDGES = ["m.message>k.question", "k.passages>p.found", "r.value>p.likes", "m.message>w.value", "p.text>z.text"]


def parts(blocks: dict[str, Any], edges: list[str] = EDGES) -> dict[str, Any]:
    return {
        "nodes": [{"id": id, "kind": kind, "config": config} for id, (kind, config) in blocks.items()],
        "edges": [dict(zip(("from", "to"), edge.split(">"), strict=True)) for edge in edges],
    }


def stranger(flow: Flow) -> Flow:
    """A file with the id of mine that asks for all I have."""
    return flow.model_copy(update={"name": "Stranger"})


def rows_of(home: Workspace, flow_id: str) -> dict[str, list[Any]]:
    with sqlite3.connect(home.home / "flowloom.db") as db:
        return {
            table: sorted(map(str, db.execute(f"SELECT * FROM {table} WHERE {column} = ?", (flow_id,))))
            for table, column in columns(home)
        }


def columns(home: Workspace) -> Iterator[tuple[str, str]]:
    with sqlite3.connect(home.home / "flowloom.db") as db:
        for (table,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
            for column in db.execute("SELECT name FROM pragma_table_info(?)", (table,)):
                if column[0] in ("flow", "flow_id"):
                    yield table, column[0]


def test_every_table_with_a_flow_is_thought_of(home: Workspace) -> None:
    assert {table for table, _ in columns(home)} == {*KEYED_BY_FLOW}


def run(path: Path, capsys: pytest.CaptureFixture[str], message: str = "Which word opens the vault?") -> str:
    assert main(["run", str(path), "--message", message]) == 0
    return capsys.readouterr().out


def test_a_file_with_the_id_of_mine_reads_and_leaves_nothing_of_mine(
    home: Workspace, mine: Flow, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "stranger.json"
    path.write_text(write_flow(stranger(mine)))
    before, files = rows_of(home, mine.id), sorted((home.home / "files").rglob("*"))
    said = run(path, capsys)
    assert "marzipan" not in said
    assert "gingerbread" not in said
    assert rows_of(home, mine.id) == before
    assert sorted((home.home / "files").rglob("*")) == files
    # Also what it learns about the person stays with it.
    assert {fact.flow for fact in home.memory.facts() if fact.name == "colour"} <= {mine.id, "", id_of_file(path)}
    assert [fact.flow for fact in home.memory.facts() if fact.value == "Which word opens the vault?"] == [
        id_of_file(path)
    ]


def test_what_mine_may_send_to_a_file_has_to_ask_for(
    home: Workspace, sink: Sink, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    blocks = {
        "m": ("chat.message", {}),
        "h": ("http.request", {"method": "POST", "url": f"http://{sink.host}/", "body": "{{message}}"}),
        "z": ("chat.answer", {}),
    }
    wired = parts(blocks, ["m.message>h.message", "h.text>z.text"])
    mine = home.flows.create(Flow.model_validate({"name": "Mine", **wired}))
    home.consents.keep(mine.id, sink.host, True)
    path = tmp_path / "stranger.json"
    path.write_text(write_flow(stranger(mine)))
    assert main(["run", str(path), "--message", "My diary"]) == 1
    assert "waiting for approval" in capsys.readouterr().err
    assert sink.got == []
    path.write_bytes(home.flows.data(mine.id))
    assert main(["run", str(path), "--message", "My diary"]) == 0
    assert len(sink.got) == 1


def test_mine_is_mine_by_its_place_or_word_for_word(
    home: Workspace, mine: Flow, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    copy = tmp_path / "copy.json"
    copy.write_bytes(home.flows.data(mine.id))
    for path in (home.home / "flows" / f"{mine.id}.json", copy):
        assert "marzipan" in run(path, capsys)


def test_the_documents_beside_a_file_are_its_own(
    home: Workspace, mine: Flow, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path, folder = tmp_path / "flow.json", tmp_path / "flow.knowledge"
    path.write_text(write_flow(stranger(mine)))
    folder.mkdir()
    (folder / "a.txt").write_text("The vault opens with the word nougat.")
    assert "nougat" in run(path, capsys)
    (folder / "a.txt").write_text("The vault opens with the word fudge!!")  # as long as before
    assert "fudge" in run(path, capsys)
    (folder / "a.txt").rename(folder / "b.txt")
    assert [file.name for file in bases(path)] == ["a.txt"]
    run(path, capsys)
    assert [file.name for file in bases(path)] == ["b.txt"]
    assert [file.name for file in home.knowledge.files(f"{mine.id}/{MAIN}")] == ["vault.txt"]


def bases(path: Path) -> Any:
    home = open_workspace()
    try:
        return home.knowledge.files(f"{id_of_file(path)}/{MAIN}")
    finally:
        home.close()


def test_another_file_in_the_same_place_is_another_flow(
    home: Workspace, mine: Flow, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path, folder = tmp_path / "flow.json", tmp_path / "flow.knowledge"
    path.write_text(write_flow(stranger(mine)))
    folder.mkdir()
    (folder / "a.txt").write_text(SECRET)
    first = id_of_file(path)
    assert "marzipan" in run(path, capsys)
    home.consents.keep(first, "example.org", True)
    path.write_text(write_flow(stranger(mine).model_copy(update={"description": "another"})))
    (folder / "a.txt").unlink()
    assert "marzipan" not in run(path, capsys)
    assert id_of_file(path) != first
    assert home.consents.find(first, "example.org") is None
    assert not home.knowledge.exists(f"{first}/{MAIN}")


def test_no_stored_gpt_has_the_id_of_a_file(home: Workspace, tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_text("{}")
    for id in (id_of_file(path), PREFIX.upper() + "x"):
        with pytest.raises(Exception, match="There is no GPT at this address"):
            home.flows.load(id)


def test_a_kept_file_is_the_gpt_under_whose_name_it_is_kept(home: Workspace, mine: Flow) -> None:
    (home.home / "flows" / "dropped.json").write_text(write_flow(stranger(mine)))
    assert home.flows.load("dropped").id == "dropped"
    assert home.editor.open("dropped").flow.id == "dropped"


# -- what else a file could name


def everything(home: Workspace, other: Flow) -> Flow:
    """A flow of blocks that name what belongs to other GPTs, also deep within a block."""
    shared = home.shared.create("Board")
    connection = Connection(name="Shop", server="https://shop.example", kind="bearer")
    database = Database(name="Sales", path="/x")
    blocks = {
        "k": ("knowledge.search", {"knowledge": f"shared:{shared.id}"}),
        "a": ("action", {"connection": connection.id}),
        "d": ("database.query", {"database": database.id}),
        "p": ("database.query", {"database": PRACTICE}),
        "u": ("kind.of.tomorrow", {"connection": connection.id, "database": database.id}),
    }
    inner = Flow.model_validate({"id": other.id, "name": "Inner", **parts(blocks, [])})
    middle = {"s": ("flow.sub", {"flow": document_of(inner), "source": other.id})}
    deep = Flow.model_validate({"id": other.id, "name": "Middle", **parts(middle, [])})
    outer = {**blocks, "s": ("flow.sub", {"flow": document_of(deep), "source": other.id})}
    return Flow.model_validate({"id": "outer", "name": "Outer", **parts(outer, [])})


def by_file(home: Workspace, flow: Flow, tmp_path: Path) -> Flow:
    path = tmp_path / "given.json"
    path.write_text(write_flow(flow))
    from flowloom.store.templates import read_template

    return home.intake.flow_of_file(path, read_template(path))


def by_import(home: Workspace, flow: Flow, tmp_path: Path) -> Flow:
    return home.intake.import_flow(write_flow(flow).encode())


def by_template(home: Workspace, flow: Flow, tmp_path: Path) -> Flow:
    from flowloom.store.templates import Template

    return home.intake.create_from_template(Template("t", flow))


def by_paste(home: Workspace, flow: Flow, tmp_path: Path) -> Flow:
    """As the canvas sends what was pasted."""
    document = home.editor.open(home.flows.create(Flow(name="Target")).id)
    for number, node in enumerate(flow.nodes):
        op = {"seq": 2 * number, "op": "add", "node": node.model_dump(mode="json", by_alias=True)}
        again = {"seq": 2 * number + 1, "op": "configure", "node": node.id, "config": node.config}
        assert document.submit("c", [op, again])[1] == []
    return document.flow


DOORS: list[Callable[[Workspace, Flow, Path], Flow]] = [by_file, by_import, by_template, by_paste]


@pytest.mark.parametrize("door", DOORS)
def test_what_comes_in_names_nothing_of_others(
    home: Workspace, mine: Flow, tmp_path: Path, door: Callable[[Workspace, Flow, Path], Flow]
) -> None:
    given = everything(home, mine)
    assert {each.what for each in named_in(given)} == {"flow", "source", "shared", "connection", "database"}
    made = door(home, given, tmp_path)
    assert made.id not in (given.id, mine.id)
    assert named_in(made) - {Named("source", "")} == {Named("database", PRACTICE), Named("flow", made.id)}
    assert mine.id not in write_flow(made)


def test_within_one_gpt_a_pasted_block_keeps_what_its_gpt_may(home: Workspace, mine: Flow) -> None:
    """Where the person chose it before, a copy beside it may have it too."""
    document = home.editor.open(mine.id)
    flow = everything(home, home.flows.create(Flow(name="Other")))
    home.flows.save(flow.model_copy(update={"id": mine.id}))
    document = open_again(home, mine.id)
    before = named_in(document.flow)
    node = document.flow.nodes[-1].model_copy(update={"id": "copy"})
    document.submit("c2", [{"seq": 1, "op": "add", "node": node.model_dump(mode="json", by_alias=True)}])
    assert document.flow.node("copy") is not None
    assert named_in(document.flow) == before
    assert document.flow.nodes[-1].config == node.config


def open_again(home: Workspace, flow_id: str) -> Any:
    home.editor._open.clear()
    return home.editor.open(flow_id)


def test_a_person_is_told_what_was_left_out(home: Workspace, mine: Flow) -> None:
    given = everything(home, mine)
    notes = home.intake.import_notes(write_flow(given).encode())
    assert {note.code for note in notes} >= {"knowledge.shared", "import.chosen"}
    clean = as_stranger(given, "outer")
    assert not {note.code for note in home.intake.import_notes(write_flow(clean).encode())} & {
        "knowledge.shared",
        "import.chosen",
    }


def test_a_message_from_a_pipe_runs_the_same(
    home: Workspace, mine: Flow, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "stranger.json"
    path.write_text(write_flow(stranger(mine)))
    monkeypatch.setattr("sys.stdin", io.StringIO("Which word opens the vault?"))
    assert main(["run", str(path), "--message", "-", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["events"][0]["flow_id"] == id_of_file(path)
    assert "marzipan" not in json.dumps(told)
