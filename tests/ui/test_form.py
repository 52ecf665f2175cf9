"""Every kind has a form that renders, saves what fits and says what does not."""

from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from flowloom.flow.edit import Add, Configure, Connect
from flowloom.flow.model import Flow, Node
from flowloom.kinds.registry import all_kinds
from flowloom.workspace import Workspace


def page() -> None:
    import streamlit as st

    from flowloom.ui.inspector import draw_inspector
    from flowloom.workspace import workspace

    draw_inspector(workspace().editor.open(st.session_state["flow"]), ("n",))


def inspect(home: Workspace, node: Node) -> AppTest:
    flow = home.flows.create(Flow(name="Test"))
    home.editor.open(flow.id).edit(Add(node=node))
    app = AppTest.from_function(page, default_timeout=20)
    app.session_state["flow"] = flow.id
    return app.run()


def config(home: Workspace, app: AppTest) -> dict[str, Any]:
    node = home.editor.open(app.session_state["flow"]).flow.node("n")
    assert node
    return node.config


def labelled(widgets: Any, label: str) -> Any:
    return next(widget for widget in widgets if widget.label == label)


@pytest.mark.parametrize("kind", all_kinds())
@pytest.mark.parametrize("language", ["en", "zh", "fr"])
def test_every_kind_has_a_form(home: Workspace, kind: str, language: str) -> None:
    flow = home.flows.create(Flow(name="Test"))
    home.editor.open(flow.id).edit(Add(node=Node(id="n", kind=kind)))
    app = AppTest.from_function(page, default_timeout=20)
    app.session_state["flow"] = flow.id
    app.session_state["language"] = language
    assert not app.run().exception


def test_unknown_kind_is_explained(home: Workspace) -> None:
    app = inspect(home, Node(id="n", kind="from.the.future"))
    assert "from.the.future" in app.warning[0].value.replace("\\", "")


def test_change_is_saved_at_once(home: Workspace) -> None:
    app = inspect(home, Node(id="n", kind="text"))
    labelled(app.text_area, "Text").input("Hello").run()
    assert config(home, app) == {"text": "Hello"}


def test_value_that_does_not_fit_is_said_and_not_saved(home: Workspace) -> None:
    app = inspect(home, Node(id="n", kind="model"))
    labelled(app.number_input, "Temperature").set_value(9.0).run()
    assert config(home, app) == {}
    assert any("At most 2" in text.value for text in app.markdown)


def test_form_shows_a_change_made_elsewhere(home: Workspace) -> None:
    app = inspect(home, Node(id="n", kind="text"))
    labelled(app.text_area, "Text").input("Mine").run()
    home.editor.open(app.session_state["flow"]).undo()
    assert labelled(app.run().text_area, "Text").value == ""


def test_rows_are_added_changed_and_removed(home: Workspace) -> None:
    app = inspect(home, Node(id="n", kind="classify"))
    labelled(app.button, "Add").click().run()
    assert len(config(home, app)["labels"]) == 3
    app.text_input[4].input("Praise").run()
    assert config(home, app)["labels"][2]["name"] == "Praise"
    labelled(app.button, "Remove").click().run()
    assert [label["name"] for label in config(home, app)["labels"]] == ["Complaint", "Praise"]
    assert not app.exception


def test_line_follows_a_renamed_input(home: Workspace) -> None:
    app = inspect(home, Node(id="n", kind="prompt"))
    document = home.editor.open(app.session_state["flow"])
    document.edit(
        Add(node=Node(id="start", kind="chat.message")),
        Connect.model_validate({"from": "start.message", "to": "n.message"}),
    )
    labelled(app.run().text_area, "Prompt").input("Say {{question}}").run()
    assert document.flow.edges[0].target == "n.question"


def test_fault_elsewhere_does_not_stop_a_change(home: Workspace) -> None:
    app = inspect(home, Node(id="n", kind="model", config={"temperature": 99}))
    labelled(app.text_area, "Instructions").input("Be kind").run()
    assert config(home, app) == {"temperature": 99, "instructions": "Be kind"}


def test_configure_elsewhere_then_typing_keeps_both(home: Workspace) -> None:
    app = inspect(home, Node(id="n", kind="model"))
    home.editor.open(app.session_state["flow"]).edit(Configure(node="n", config={"model": "fast"}))
    labelled(app.run().text_area, "Instructions").input("Be kind").run()
    assert config(home, app) == {"model": "fast", "instructions": "Be kind"}
