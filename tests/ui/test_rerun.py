"""Again from here, pinning and trying, as a person meets them."""

from typing import Any

import pytest
from streamlit.testing.v1 import AppTest
from tests.run.test_rerun import ran
from tests.run.test_resume import whole
from tests.test_reruns import LINE
from tests.ui.test_pages import chat_page, labelled, open_page

from flowloom.flow.model import Flow
from flowloom.kinds.port import Port, PortType
from flowloom.ui.block.value_text import read, written
from flowloom.workspace import Workspace


def block_page() -> None:
    import streamlit as st

    from flowloom.ui.block.inspector import draw_inspector
    from flowloom.workspace import workspace

    draw_inspector(workspace().editor.open(st.session_state["gpt"]), [st.session_state["node"]])


def inspect(flow: Flow, node: str, language: str = "en", *opened: str) -> AppTest:
    state = {f"{name}:{flow.id}/{node}": True for name in opened or ("last_run", "try")}
    return open_page(block_page, gpt=flow.id, node=node, language=language, **state)


def labels(app: AppTest) -> list[str]:
    assert not app.exception
    return [button.label for button in app.button]


def codes(app: AppTest) -> list[str]:
    assert not app.exception
    return [code.value for code in app.code]


def line(home: Workspace) -> tuple[Flow, str, str]:
    """A GPT, its run and the conversation of that."""
    flow = home.flows.create(LINE)
    past, _, conversation = whole(home, flow, "bees")
    return flow, past[0].run_id, conversation


@pytest.mark.parametrize("language", ["en", "zh", "fr"])
def test_the_panel_shows_the_last_run_in_every_language(home: Workspace, language: str) -> None:
    flow, _, _ = line(home)
    for node in flow.nodes:
        assert not inspect(flow, node.id, language).exception


def test_again_from_the_panel(home: Workspace) -> None:
    flow, run, conversation = line(home)
    app = inspect(flow, "q")
    assert codes(app)[:2] == ["One bees", "Two One bees"]
    app.session_state["panel_asked"] = ("block", 1)
    labelled(app.button, "Rerun from here").click().run()
    assert not app.exception
    new = home.runs.latest_run(flow.id)
    assert new not in (run, None)
    home.runner.finished(new)
    assert ran(home.runs.events(new)) == {"q", "z"}
    assert [turn.run_id for turn in home.runs.turns(conversation)] == [new, new]
    assert app.session_state["panel_asked"][0] == "chat"
    assert "Reused from an earlier run" in [caption.value for caption in inspect(flow, "p").caption]


def test_going_on_with_another_output(home: Workspace) -> None:
    flow, _, conversation = line(home)
    app = inspect(flow, "p")
    labelled(app.toggle, "Edit output").set_value(True).run()
    labelled(app.text_area, "prompt").set_value("mine").run()
    labelled(app.button, "Continue with this output").click().run()
    assert not app.exception
    new = home.runs.latest_run(flow.id)
    assert new is not None
    home.runner.finished(new)
    assert home.runs.turns(conversation)[-1].text == "Two mine"


def test_an_output_is_pinned_and_unpinned(home: Workspace) -> None:
    flow, _, _ = line(home)
    app = inspect(flow, "p")
    labelled(app.button, "Pin this output").click().run()
    kept = home.flows.load(flow.id).node("p")
    assert kept is not None
    assert kept.settings.pinned == {"prompt": "One bees"}
    assert "Pin this output" not in labels(app)
    assert any("Pinned" in each.value for each in app.markdown)
    _, view, _ = whole(home, home.flows.load(flow.id), "wax")
    assert view.text == "Two One bees"
    assert labels(app).count("Unpin") == 2
    labelled(app.button, "Unpin").click().run()
    assert "Unpin" not in labels(app)
    free = home.flows.load(flow.id).node("p")
    assert free is not None
    assert free.settings.pinned is None


def outcome(home: Workspace, app: AppTest, key: str) -> list[str]:
    home.trials.finished(app.session_state[key])
    return codes(app.run())


def test_a_block_is_tried_with_inputs_of_ones_own(home: Workspace) -> None:
    flow, run, _ = line(home)
    app = inspect(flow, "q", "en", "try")
    field = labelled(app.text_area, "text")
    assert field.value == "One bees"
    field.set_value("mine").run()
    labelled(app.button, "Try this block").click().run()
    assert outcome(home, app, f"trial:{flow.id}/q") == ["Two mine"]
    assert home.runs.latest_run(flow.id) == run


def test_the_flow_is_run_up_to_a_block(home: Workspace) -> None:
    flow, _, _ = line(home)
    app = inspect(flow, "p", "en", "try")
    message = labelled(app.text_area, "First message")
    assert message.value == "bees"
    message.set_value("wax").run()
    labelled(app.button, "Run up to here").click().run()
    assert outcome(home, app, f"trial:{flow.id}/p") == ["One wax"]


def test_what_goes_out_is_asked_for_before(home: Workspace) -> None:
    nodes = [{"id": "h", "kind": "http.request", "config": {"url": "https://example.com"}}]
    flow = home.flows.create(Flow.model_validate({"nodes": nodes}))
    app = inspect(flow, "h", "en", "try")
    assert labelled(app.button, "Try this block").disabled
    app.checkbox[0].check().run()
    assert not labelled(app.button, "Try this block").disabled


def test_a_trial_that_cannot_run_says_why(home: Workspace) -> None:
    nodes = [{"id": "p", "kind": "prompt", "config": {"template": "{{a}}"}}, {"id": "q", "kind": "prompt"}]
    edges = [{"from": "q.gone", "to": "p.a"}]
    flow = home.flows.create(Flow.model_validate({"nodes": nodes, "edges": edges}))
    app = inspect(flow, "p", "en", "try")
    labelled(app.button, "Run up to here").click().run()
    assert any("which this block no longer has" in error.value for error in app.error)


def test_again_from_why_this_answer(home: Workspace) -> None:
    flow, run, conversation = line(home)
    app = open_page(chat_page, gpt=flow.id, **{f"opened:{run}": "why"})
    assert not app.exception
    again: Any = [button for button in app.button if button.label == "Rerun from here"]
    assert len(again) == 4
    again[2].click().run()
    assert not app.exception
    new = home.runs.turns(conversation)[0].run_id
    assert new not in (run, None)
    assert ran(home.runs.events(new)) == {"q", "z"}


@pytest.mark.parametrize(
    ("value", "port", "text"),
    [
        ("a", Port(id="x", label="", type=PortType.TEXT), "a"),
        ("17", Port(id="x", label="", type=PortType.TEXT), "17"),
        (None, Port(id="x", label="", type=PortType.TEXT), ""),
        (17.5, Port(id="x", label="", type=PortType.NUMBER), "17.5"),
        (True, Port(id="x", label="", type=PortType.BOOLEAN), "true"),
        ({"a": [1]}, Port(id="x", label="", type=PortType.JSON), None),
        (["a", "b"], Port(id="x", label="", type=PortType.LIST), None),
        (["a", "b"], Port(id="x", label="", type=PortType.TEXT, many=True), None),
        ([{"role": "user", "text": "x"}], Port(id="x", label="", type=PortType.MESSAGES), None),
        ("17", Port(id="x", label="", type=PortType.ANY), "17"),
    ],
)
def test_a_value_is_read_as_it_was_written(value: Any, port: Port, text: str | None) -> None:
    said = written(value)
    assert text is None or said == text
    assert read(said, port) == (value or said)


def test_lines_are_a_list() -> None:
    assert read("a\nb", Port(id="x", label="", type=PortType.LIST)) == ["a", "b"]
    assert read("a\nb", Port(id="x", label="", type=PortType.TEXT, many=True)) == ["a", "b"]
    assert read("7", Port(id="x", label="", type=PortType.TEXT, many=True)) == ["7"]
