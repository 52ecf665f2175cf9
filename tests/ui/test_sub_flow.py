"""The panel of a block that holds a flow: choosing a GPT, keeping up with it, going in and coming back."""

from typing import Any

from streamlit.testing.v1 import AppTest
from tests.run.test_sub_flows import CHAT, GREET, around, flow, within
from tests.ui.test_pages import labelled, open_page

from flowloom.flow.edit import Add, Connect, Describe, apply
from flowloom.flow.model import Flow, Node
from flowloom.nodes.flows.embedded import flow_in
from flowloom.workspace import Workspace


def inspector_page() -> None:
    import streamlit as st

    from flowloom.ui.block.inspector import draw_inspector
    from flowloom.ui.block.sub_flow import draw_way_back
    from flowloom.workspace import workspace

    document = workspace().editor.open(st.session_state["gpt"])
    draw_way_back(document)
    draw_inspector(document, ["b"])


def opened(home: Workspace, made: Flow) -> AppTest:
    return open_page(inspector_page, gpt=home.flows.create(made).id, pages={"build": None})


def config(home: Workspace, app: AppTest) -> dict[str, Any]:
    node = home.editor.open(app.session_state["gpt"]).flow.node("b")
    assert node is not None
    return node.config


def captions(app: AppTest) -> str:
    return "\n".join([*(each.value for each in app.caption), *(each.value for each in app.markdown)])


def keys(app: AppTest) -> set[str]:
    return {str(button.key) for button in app.button}


def test_a_gpt_is_chosen_once(home: Workspace) -> None:
    chat = home.flows.create(CHAT.model_copy(update={"name": "Parrot"}))
    app = opened(home, flow({"b": "flow.sub"}, ""))
    labelled(app.selectbox, "Which GPT does this block run?").select(chat.id).run()
    assert config(home, app)["source"] == chat.id
    inner = flow_in(config(home, app)["flow"])
    assert inner is not None
    assert inner.nodes == CHAT.nodes
    assert "Parrot" in captions(app)
    assert "update:b" not in keys(app)


def test_without_another_gpt_it_says_what_to_do(home: Workspace) -> None:
    app = opened(home, flow({"b": "flow.each"}, ""))
    assert "no other GPT" in app.info[0].value


def test_it_keeps_up_when_asked_and_says_what_breaks(home: Workspace) -> None:
    source = home.flows.create(GREET)
    app = opened(home, around("flow.sub", within(source, source=source.id), "who", "result"))
    assert "update:b" not in keys(app)
    home.flows.save(apply(source, Describe(changes={"name": "Only renamed"})))
    assert "update:b" not in keys(app.run())

    home.flows.save(CHAT.model_copy(update={"id": source.id}))
    app.run()
    assert "The connection to “who” would be removed." in captions(app)
    assert "The connection from “result” would be removed." in captions(app)
    assert flow_in(config(home, app)["flow"]) == source
    app.button(key="update:b").click().run()
    inner = flow_in(config(home, app)["flow"])
    assert inner is not None
    assert inner.nodes == CHAT.nodes
    assert len(home.editor.open(app.session_state["gpt"]).flow.edges) == 2, "no line is lost"


def test_in_and_back_again(home: Workspace) -> None:
    app = opened(home, around("flow.sub", within(GREET), "who", "result"))
    outer = app.session_state["gpt"]
    app.button(key="inside:b").click().run()
    inner = app.session_state["gpt"]
    assert inner != outer
    assert config(home, open_page(inspector_page, gpt=outer, pages={"build": None}))["source"] == inner
    assert "uses this GPT as its block" in captions(app)
    assert "back_with" not in keys(app)
    document = home.editor.open(inner)
    document.edit(Add(node=Node(id="o2", kind="flow.output", config={"name": "More"})))
    document.edit(Connect.model_validate({"from": "p.prompt", "to": "o2.value"}))
    app.run().button(key="back_with").click().run()
    assert app.session_state["gpt"] == outer
    again = flow_in(config(home, app)["flow"])
    assert again is not None
    assert {"o", "o2"} <= {node.id for node in again.nodes}
    assert "came_from" not in app.session_state


def test_it_is_unpacked(home: Workspace) -> None:
    app = opened(home, around("flow.sub", within(GREET), "who", "result"))
    app.button(key="unpack:b").click().run()
    assert {node.id for node in home.editor.open(app.session_state["gpt"]).flow.nodes} == {"m", "p", "z"}


def test_which_input_gets_the_list(home: Workspace) -> None:
    nodes = {"i": ("flow.input", {"name": "A"}), "j": ("flow.input", {"name": "B"}), "o": "flow.output"}
    two = flow(nodes, "i.value>o.value")
    app = opened(home, flow({"b": ("flow.each", within(two))}, ""))
    labelled(app.selectbox, "List").select("b").run()
    assert config(home, app)["over"] == "b"
    document = home.editor.open(app.session_state["gpt"])
    ports = {port.id: port.type for port in _inputs(document.flow)}
    assert ports == {"a": "any", "b": "any"}


def _inputs(made: Flow) -> Any:
    from flowloom.kinds.registry import all_kinds

    kind, node = all_kinds()["flow.each"], made.node("b")
    assert node is not None
    return kind.input_ports(kind.config.model_validate(node.config))


def test_documents_follow_the_id(home: Workspace) -> None:
    """A flow within a block finds the documents of the flow it is part of, also in a copy."""
    made = home.flows.create(
        flow({"b": ("flow.sub", within(GREET.model_copy(update={"id": "mine"})))}, "", id="mine")
    )
    assert _inner_id(made) == made.id
    assert _inner_id(home.flows.duplicate(made.id, "Copy")) != made.id
    other = flow({"b": ("flow.sub", within(GREET.model_copy(update={"id": "another"})))}, "", id="mine")
    imported = home.intake.import_flow(other.model_dump_json(by_alias=True).encode())
    assert _inner_id(imported) == imported.id


def _inner_id(made: Flow) -> str:
    node = made.node("b")
    inner = flow_in(node.config["flow"]) if node else None
    assert inner is not None
    return inner.id
