"""Two workspaces on one folder, as two windows are: runs, answers, edits and files changed by other programs."""

import json
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from flowloom.errors import FlowFileError, StoreError
from flowloom.flow.edit import Add, Configure, Describe
from flowloom.flow.model import Flow, Node
from flowloom.run.events import NodeAsked, RunEvent, RunPaused
from flowloom.workspace import Workspace, open_workspace
from tests.test_inbox import APPROVED, asked, ended
from tests.test_inbox import flow as approving

pytestmark = pytest.mark.usefixtures("kept_in")


@pytest.fixture
def two(tmp_path: Path) -> Iterator[tuple[Workspace, Workspace]]:
    one, other = open_workspace(tmp_path), open_workspace(tmp_path)
    yield one, other
    one.close()
    other.close()


def until(done: Callable[[], object], seconds: float = 30) -> None:
    end = time.monotonic() + seconds
    while not done():
        assert time.monotonic() < end, "it did not come"
        time.sleep(0.02)


# -- runs


def hold(home: Workspace, run: str) -> None:
    assert home.leases.claim(f"run:{run}")


def test_a_run_under_way_in_one_is_not_interrupted_in_the_other(two: tuple[Workspace, Workspace]) -> None:
    one, other = two
    run, conversation = asked(one)
    one.flows.db.do("UPDATE runs SET state = 'running' WHERE id = ?", run)
    hold(one, run)
    assert other.runner.interrupted(conversation) is None
    assert other.runner.active(conversation) == run
    before = len(other.runs.events(run))
    other.runner.resume(run)
    other.runner.give_up(run)  # asks the one that has it
    assert len(other.runs.events(run)) == before
    assert other.ledger.entry(run).state == "running"  # type: ignore[union-attr]
    one.leases.release(f"run:{run}")
    assert other.runner.interrupted(conversation) == run


def test_who_lost_a_run_writes_nothing_more(two: tuple[Workspace, Workspace]) -> None:
    one, other = two
    flow = one.flows.create(approving())
    conversation = one.runs.new_conversation(flow.id)

    written = []

    def steal(event: RunEvent) -> None:
        if event.seq == 1:
            written.append(other.runs.last_seq(event.run_id))
            db = other.flows.db
            db.do("UPDATE leases SET owner = ? WHERE name LIKE 'run:%'", other.leases.me)

    run = one.runner.start(flow, "Hello", conversation, on_event=steal)
    view = one.runner.finished(run)
    assert view.state == "failed"
    assert view.problem is not None
    assert view.problem.code == "store.lease"
    assert [other.runs.last_seq(run)] == written
    assert not any(isinstance(event, NodeAsked) for event in other.runs.events(run))
    assert [turn.role for turn in other.runs.turns(conversation)] == ["user"]


def test_an_answer_given_in_the_other_brings_the_run_on_once(two: tuple[Workspace, Workspace]) -> None:
    one, other = two
    run, conversation = asked(one)
    (question,) = other.questions.open()
    other.inbox.answer(question.id, APPROVED)
    assert ended(one, run).text == "Hello"
    with pytest.raises(StoreError, match="answered already"):
        one.inbox.answer(question.id, APPROVED)
    until(lambda: len(one.runs.turns(conversation)) == 2)
    types = [event.type for event in one.runs.events(run)]
    assert types.count("run_finished") == types.count("node_answered") == 1


def test_an_answer_between_the_last_look_and_the_pause_is_heard(
    two: tuple[Workspace, Workspace], monkeypatch: pytest.MonkeyPatch
) -> None:
    one, other = two
    flow = one.flows.create(approving())
    conversation = one.runs.new_conversation(flow.id)
    keep = one.runner.kept.keep

    def answered_first(events: Sequence[RunEvent], *given: Any) -> None:
        if isinstance(events[-1], RunPaused):
            other.inbox.answer(other.questions.open()[0].id, APPROVED)
        keep(events, *given)

    monkeypatch.setattr(one.runner.kept, "keep", answered_first)
    run = one.runner.start(flow, "Hello", conversation)
    assert ended(one, run).text == "Hello"
    assert [turn.role for turn in one.runs.turns(conversation)] == ["user", "assistant"]


# -- edits


def both_open(two: tuple[Workspace, Workspace]) -> tuple[str, Path]:
    flow = two[0].flows.create(Flow(name="Shared"))
    for home in two:
        home.editor.open(flow.id)
    return flow.id, two[0].home / "flows" / f"{flow.id}.json"


def names(home: Workspace, flow_id: str) -> list[str]:
    return [node.id for node in home.flows.load(flow_id).nodes]


def add(id: str) -> Add:
    return Add(node=Node(id=id, kind="text"))


def test_edits_of_both_are_there(two: tuple[Workspace, Workspace]) -> None:
    flow_id, _ = both_open(two)
    documents = [home.editor.open(flow_id) for home in two]
    for number in range(4):
        documents[number % 2].edit(add(f"n{number}"))
    assert names(two[0], flow_id) == ["n0", "n1", "n2", "n3"]
    told: list[int] = []
    documents[0].listen(lambda: told.append(1))
    documents[0].refresh()
    assert told == [1]
    assert [node.id for node in documents[0].flow.nodes] == ["n0", "n1", "n2", "n3"]
    documents[0].undo()
    assert names(two[0], flow_id) == ["n0", "n1", "n2"]


def test_an_edit_of_what_the_other_took_away_is_refused(two: tuple[Workspace, Workspace]) -> None:
    flow_id, _ = both_open(two)
    one, other = (home.editor.open(flow_id) for home in two)
    one.edit(add("a"), add("b"))
    other.submit("c", [{"seq": 1, "op": "remove", "nodes": ["a"]}])
    _, rejected = one.submit("d", [{"seq": 1, "op": "configure", "node": "a", "config": {"text": "x"}}])
    assert [seq for seq, _ in rejected] == [1]
    assert names(two[0], flow_id) == ["b"]


def test_one_that_was_quicker_between_the_look_and_the_save(
    two: tuple[Workspace, Workspace], monkeypatch: pytest.MonkeyPatch
) -> None:
    flow_id, _ = both_open(two)
    one, other = (home.editor.open(flow_id) for home in two)
    save, times = one._save, []

    def late(*given: object) -> None:
        if not times:
            times.append(1)
            other.edit(add("other"))
        save(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(one, "_save", late)
    one.edit(add("mine"))
    assert names(two[0], flow_id) == ["other", "mine"]


def test_what_another_program_wrote_is_taken_in(two: tuple[Workspace, Workspace]) -> None:
    flow_id, path = both_open(two)
    home, document = two[0], two[0].editor.open(flow_id)
    document.edit(add("a"))
    said = json.loads(path.read_text("utf-8")) | {"name": "By hand"}
    path.write_text(json.dumps(said), "utf-8")
    assert home.editor.open(flow_id).flow.name == "By hand"
    document.edit(add("b"))
    kept = home.flows.load(flow_id)
    assert (kept.name, [node.id for node in kept.nodes]) == ("By hand", ["a", "b"])
    document.undo()
    document.undo()
    assert (document.flow.name, [node.id for node in document.flow.nodes]) == ("Shared", ["a"])
    assert document.version(document.versions()[0].number).name == "Shared"


def test_a_file_that_cannot_be_read_any_more_is_not_overwritten(two: tuple[Workspace, Workspace]) -> None:
    flow_id, path = both_open(two)
    document = two[0].editor.open(flow_id)
    document.edit(add("a"))
    document.keep_version("Good")
    path.write_text("{ half a fi", "utf-8")
    with pytest.raises(FlowFileError, match="Another program"):
        document.edit(add("b"))
    with pytest.raises(FlowFileError) as refused:
        document.submit("c", [{"seq": 1, "op": "add", "node": {"id": "b", "kind": "text"}, "at": {"x": 0, "y": 0}}])
    assert refused.value.problem.code == "unsaved"  # the canvas keeps it
    assert path.read_text("utf-8") == "{ half a fi"
    assert two[0].editor.open(flow_id).problems()[0].code == "file.outside"
    document.restore(document.versions()[0].number)
    assert names(two[0], flow_id) == ["a"]
    (aside,) = (path.parent / "damaged").glob("*.json")
    assert aside.read_text("utf-8") == "{ half a fi"
    assert not any(problem.code == "file.outside" for problem in document.problems())


def test_a_step_back_outlives_an_edit_by_the_other(two: tuple[Workspace, Workspace]) -> None:
    flow_id, _ = both_open(two)
    one, other = (home.editor.open(flow_id) for home in two)
    one.edit(Describe(changes={"name": "one"}))
    other.edit(Describe(changes={"name": "two"}))
    one.undo()
    assert two[1].editor.open(flow_id).flow.name == "one"
    other.redo()
    assert two[0].editor.open(flow_id).flow.name == "two"
    with pytest.raises(Exception, match="block"):
        one.edit(Configure(node="gone", config={}))


# -- the bin and documents


def test_of_two_who_empty_the_bin_none_touches_what_is_brought_back(two: tuple[Workspace, Workspace]) -> None:
    one, other = two
    flow = one.flows.create(Flow(name="Kept"))
    one.versions.keep(flow, "First")
    one.flows.delete(flow.id)
    other.flows.restore(flow.id)
    assert one.flows.forget_deleted(older_than=-1) == []
    assert len(one.versions.entries(flow.id)) == 1
    one.flows.delete(flow.id)
    assert one.flows.forget_deleted(older_than=-1) == [flow.id]
    other.flows.restore(flow.id)  # too late, and it says so by not being there
    assert not other.flows.exists(flow.id)
    other._empty_bin()
    assert one.versions.entries(flow.id) == []
    assert one.flows.forget_deleted(older_than=-1) == []


def test_documents_are_read_by_one_of_both(
    two: tuple[Workspace, Workspace], monkeypatch: pytest.MonkeyPatch
) -> None:
    from concurrent.futures import ThreadPoolExecutor

    from flowloom.services.knowledge.bases import KnowledgeBases

    read: list[str] = []
    real = KnowledgeBases.add
    monkeypatch.setattr(KnowledgeBases, "add", lambda self, *given: read.append(given[1]) or real(self, *given))
    for home in two:
        home.knowledge.use(None)
    flow = two[0].flows.create(Flow(name="Reader"))
    base = f"{flow.id}/main"
    two[0].ingest.put(base, [(f"{number}.txt", f"Text {number}".encode()) for number in range(6)])
    with ThreadPoolExecutor(2) as pool:
        ended_in = list(pool.map(lambda home: home.ingest.run(base), two))
    assert sorted(read) == [f"{number}.txt" for number in range(6)]
    assert {progress.state for each in ended_in for progress in each} == {"done"}
    assert two[1].ingest.waiting(base) == []
