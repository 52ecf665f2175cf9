"""What a crash leaves of a save is made good, whoever comes by first and whatever they meant to do."""

import pytest

from flowloom.flow.file import write_flow
from flowloom.flow.model import Flow, Node
from flowloom.store.saving import FlowSaver, Moved, Sent, digest_of
from flowloom.store.steps import Change
from flowloom.workspace import Workspace


class Killed(BaseException):
    """Ends a process where it is."""


@pytest.fixture
def saver(home: Workspace) -> FlowSaver:
    return FlowSaver(home.flows.db, home.flows, home.steps)


def test_a_save_on_top_of_what_a_crash_left_takes_nothing_of_it_back(
    home: Workspace, saver: FlowSaver, monkeypatch: pytest.MonkeyPatch
) -> None:
    flow = home.flows.create(Flow(name="Shared"))
    _, known = saver.read(flow.id)
    mine = write_flow(flow.model_copy(update={"nodes": (Node(id="mine", kind="text"),)})).encode()
    theirs = write_flow(flow.model_copy(update={"nodes": (Node(id="theirs", kind="text"),)})).encode()

    def killed(*_: object) -> None:
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(FlowSaver, "_keep", killed)
        with pytest.raises(Killed):
            saver.save(flow.id, mine, Change(None, None), known=known, sent=Sent("canvas", 1))
    assert (home.flows.data(flow.id), home.flows.last_seq(flow.id, "canvas")) == (mine, -1)
    for expected in (known, digest_of(mine)):  # one who had not seen it yet, and one who had
        with pytest.raises(Moved):
            saver.save(flow.id, theirs, Change(None, None), known=expected)
    assert saver.read(flow.id) == (mine, digest_of(mine))
    assert home.flows.last_seq(flow.id, "canvas") == 1, "the canvas that sends it again is told that it is settled"
    saver.save(flow.id, theirs, Change(None, None), known=digest_of(mine))
    assert saver.read(flow.id) == (theirs, digest_of(theirs))


@pytest.mark.parametrize("note", ["", "{", "[]", '{"after": 1}', '{"after": "x", "change": 3}'])
def test_a_note_that_says_nothing_is_let_go_of(home: Workspace, saver: FlowSaver, note: str) -> None:
    flow = home.flows.create(Flow(name="Shared"))
    _, known = saver.read(flow.id)
    beside = home.flows.path(flow.id).with_name(f".{flow.id}.saving")
    beside.write_text(note.replace('"x"', f'"{known}"'), "utf-8")
    home.flows.db.do("DELETE FROM step_stamps")
    assert saver.read(flow.id)[1] == known
    assert not beside.exists()
