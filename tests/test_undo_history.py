"""Undo and redo: step by step, by gesture, and across a restart of the app."""

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from flowloom.editor import Document, Editor
from flowloom.flow.edit import Describe
from flowloom.flow.model import Flow
from flowloom.store import steps
from flowloom.workspace import Workspace


def restarted(home: Workspace) -> Workspace:
    home.close()
    return Workspace(home.home)


def write(document: Document, *names: str) -> None:
    for name in names:
        document.edit(Describe(changes={"name": name}))


def undone(document: Document) -> list[str]:
    names = []
    while document.can_undo:
        document.undo()
        names.append(document.flow.name)
    return names


def test_steps_outlive_the_process(tmp_path: Path) -> None:
    home = Workspace(tmp_path)
    flow = home.flows.create(Flow(name="a"))
    document = home.editor.open(flow.id)
    write(document, "b", "c", "d")
    document.undo()
    home = restarted(home)
    document = home.editor.open(flow.id)
    assert document.flow.name == "c"
    document.redo()
    assert document.flow.name == "d"
    assert not document.can_redo
    assert undone(document) == ["c", "b", "a"]
    home = restarted(home)
    document = home.editor.open(flow.id)
    write(document, "e")
    assert not document.can_redo
    assert undone(document) == ["a"]
    home.close()


def test_a_flow_changed_by_other_means_has_no_past(tmp_path: Path) -> None:
    home = Workspace(tmp_path)
    flow = home.flows.create(Flow(name="a"))
    write(home.editor.open(flow.id), "b")
    path = tmp_path / "flows" / f"{flow.id}.json"
    path.write_text(path.read_text("utf-8").replace('"b"', '"by hand"'), "utf-8")
    os.utime(path, (1, 1))
    home = restarted(home)
    assert not home.editor.open(flow.id).can_undo
    home.close()


def test_a_gesture_is_one_step_after_a_restart_too(tmp_path: Path) -> None:
    home = Workspace(tmp_path)
    flow = home.flows.create(Flow())
    places = [{"op": "add", "node": {"id": name, "kind": "text"}, "step": "s"} for name in ("a", "b")]
    home.editor.open(flow.id).submit("canvas", [place | {"seq": seq} for seq, place in enumerate(places)])
    home = restarted(home)
    document = home.editor.open(flow.id)
    document.undo()
    assert document.flow.nodes == ()
    assert not document.can_undo
    home.close()


def test_the_oldest_steps_are_let_go_of(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(steps, "KEPT", 3)
    home = Workspace(tmp_path)
    document = home.editor.open(home.flows.create(Flow(name="0")).id)
    write(document, "1", "2", "3", "4", "5")
    assert undone(document) == ["4", "3", "2"]
    home.close()


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.sampled_from(["edit", "undo", "redo", "restart"]), max_size=30))
def test_like_two_stacks(home: Workspace, moves: list[str]) -> None:
    flow_id = home.flows.create(Flow(name="0")).id
    editor = home.editor
    past: list[str] = []
    future: list[str] = []
    now = "0"
    for count, move in enumerate(moves, 1):
        document = editor.open(flow_id)
        if move == "edit":
            past, now, future = [*past, now], str(count), []
            write(document, now)
        elif move == "undo":
            document.undo()
            if past:
                past, now, future = past[:-1], past[-1], [*future, now]
        elif move == "redo":
            document.redo()
            if future:
                past, now, future = [*past, now], future[-1], future[:-1]
        else:
            editor = Editor(home.flows, home.versions, home.steps)
        document = editor.open(flow_id)
        assert (document.flow.name, document.can_undo, document.can_redo) == (now, bool(past), bool(future))
