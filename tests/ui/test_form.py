"""Every kind has a form that renders, saves what fits and says what does not."""

from itertools import cycle
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from flowloom.flow.edit import Add, Configure, Connect
from flowloom.flow.model import Flow, Node
from flowloom.kinds.registry import all_kinds
from flowloom.ui.block.fields import fields_of
from flowloom.ui.prompts.names import names_for
from flowloom.workspace import Workspace


def page() -> None:
    import streamlit as st

    from flowloom.ui.block.inspector import draw_inspector
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


@pytest.mark.parametrize(("kind", "language"), list(zip(all_kinds(), cycle(["zh", "fr", "en"]), strict=False)))
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


@pytest.mark.parametrize(
    ("kind", "label", "shown"), [("database.query", "Timeout in seconds", "%g"), ("database.query", "Rows", "%d")]
)
def test_a_number_stands_without_needless_zeros(home: Workspace, kind: str, label: str, shown: str) -> None:
    app = inspect(home, Node(id="n", kind=kind))
    assert labelled(app.number_input, label).proto.format == shown


def test_change_is_saved_at_once(home: Workspace) -> None:
    app = inspect(home, Node(id="n", kind="text"))
    labelled(app.text_area, "Text").input("Hello").run()
    assert config(home, app) == {"text": "Hello"}


def test_value_that_does_not_fit_is_said_and_not_saved(home: Workspace) -> None:
    app = inspect(home, Node(id="n", kind="model"))
    labelled(app.number_input, "Temperature").set_value(9.0).run()
    assert config(home, app) == {}
    assert any("Enter 2" in text.value for text in app.markdown)


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


def typing_page() -> None:
    import streamlit as st

    from flowloom.kinds.registry import all_kinds
    from flowloom.ui.block.saving_form import form_of
    from flowloom.workspace import workspace

    document = workspace().editor.open(st.session_state["flow"])
    node = document.flow.node("n")
    assert node
    form = form_of(document, node, all_kinds()[node.kind])
    for field, value in st.session_state.pop("typed", {}).items():
        form.keep(field, value)
    form.draw()


def edit(home: Workspace, node: Node, *typed: dict[str, Any], lines: dict[str, str]) -> tuple[AppTest, Flow]:
    """The page and the flow after some edits of a block joined to others by `lines`."""
    flow = home.flows.create(Flow(name="Test"))
    document = home.editor.open(flow.id)
    document.edit(Add(node=node), Add(node=Node(id="start", kind="chat.message")))
    document.edit(*(Add(node=Node(id=id, kind="chat.answer")) for id in ("a", "b")))
    document.edit(*(Connect.model_validate({"from": one, "to": other}) for one, other in lines.items()))
    app = AppTest.from_function(typing_page, default_timeout=20)
    app.session_state["flow"] = flow.id
    for change in typed:
        app.session_state["typed"] = change
        app.run()
    assert not app.exception
    return app, document.flow


PROMPT = Node(id="n", kind="prompt")
LINE = {"start.message": "n.message"}


def test_line_follows_a_renamed_input(home: Workspace) -> None:
    app, flow = edit(home, PROMPT, {"template": "Say {{question}}"}, lines=LINE)
    assert flow.edges[0].target == "n.question"
    assert [toast.value for toast in app.toast] == ["Renamed “message” to “question” and updated 1 connection."]


def test_line_follows_a_name_that_was_gone_for_a_moment(home: Workspace) -> None:
    _, flow = edit(home, PROMPT, {"template": "Say "}, {"template": "Say {{question}}"}, lines=LINE)
    assert flow.edges[0].target == "n.question"


@pytest.mark.parametrize("after", ["{{a}} {{b}}", "{{message}} {{a}}", "nothing"])
def test_lines_stay_where_no_single_name_was_renamed(home: Workspace, after: str) -> None:
    app, flow = edit(home, PROMPT, {"template": after}, lines=LINE)
    assert flow.edges[0].target == "n.message"
    assert not app.toast


def test_lines_follow_a_renamed_choice(home: Workspace) -> None:
    labels = [{"name": "Praise", "description": ""}, {"name": "Complaint", "description": ""}]
    lines = {"n.question": "a.text", "n.complaint": "b.text"}
    app, flow = edit(home, Node(id="n", kind="classify"), {"labels": labels}, lines=lines)
    assert [edge.source for edge in flow.edges] == ["n.praise", "n.complaint"]
    assert "“Question” to “Praise”" in app.toast[0].value


@pytest.mark.parametrize("field", ["rows", "fields"])
def test_lines_follow_a_renamed_way_or_field(home: Workspace, field: str) -> None:
    kind = {"rows": "branch", "fields": "model"}[field]
    node = Node(id="n", kind=kind, config={field: [{"name": "Old"}]})
    _, flow = edit(home, node, {field: [{"name": "New"}]}, lines={"n.old": "a.text"})
    assert flow.edges[0].source == "n.new"


def test_names_offered_are_the_inputs_and_what_others_put_out(home: Workspace) -> None:
    _, flow = edit(home, PROMPT, {}, lines=LINE)
    kind = all_kinds()["prompt"]
    offered = names_for(flow, PROMPT, kind, fields_of(kind.config)[0])
    assert offered[0] == ("message", "an input here")
    assert {"history", "attachments"} <= {name.name for name in offered}


def test_fault_elsewhere_does_not_stop_a_change(home: Workspace) -> None:
    app = inspect(home, Node(id="n", kind="model", config={"temperature": 99}))
    labelled(app.text_area, "Instructions").input("Be kind").run()
    assert config(home, app) == {"temperature": 99, "instructions": "Be kind"}


def test_configure_elsewhere_then_typing_keeps_both(home: Workspace) -> None:
    app = inspect(home, Node(id="n", kind="model"))
    home.editor.open(app.session_state["flow"]).edit(Configure(node="n", config={"model": "fast"}))
    labelled(app.run().text_area, "Instructions").input("Be kind").run()
    assert config(home, app) == {"model": "fast", "instructions": "Be kind"}
