"""Whatever the form, a key does not leave, and an unknown form is told."""

import pytest

from flowloom.errors import FlowFileError
from flowloom.exchange.outgoing import exporters, write_outgoing
from flowloom.flow.model import Flow, Node, SavedAnswer
from flowloom.store.templates import templates

KEY = "sk-" + "a1B2" * 8


@pytest.mark.parametrize("form", [exporter.id for exporter in exporters()])
@pytest.mark.parametrize("where", ["config", "instructions", "name"])
def test_no_key_leaves(form: str, where: str) -> None:
    node = Node(
        id="a", kind="text", config={"text": KEY if where == "config" else "x"}, name=KEY * (where == "name")
    )
    flow = Flow(nodes=(node,), instructions=KEY * (where == "instructions"))
    with pytest.raises(FlowFileError) as caught:
        write_outgoing(form, flow)
    assert KEY not in str(caught.value)


def test_an_unknown_form_is_told() -> None:
    with pytest.raises(FlowFileError, match="no such form"):
        write_outgoing("cobol", Flow())


@pytest.mark.parametrize("form", [exporter.id for exporter in exporters()])
@pytest.mark.parametrize("on", [True, False])
def test_saved_answers_that_stay_behind_are_told(form: str, on: bool) -> None:
    flow = next(each.flow for each in templates() if each.id == "support-desk")
    saved = SavedAnswer(question="Open?", answer="Until six.", on=on)
    written = write_outgoing(form, flow.model_copy(update={"saved_answers": (saved,)}))
    assert any("Saved answers" in str(note) for note in written.report.notes) is on
    assert all(b"Until six." not in data for data in written.files.values())
