"""The outline: what it says, and a flow that is made with it alone."""

import re
from functools import partial
from itertools import cycle
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest
from tests.run.test_outline import flow_of

from flowloom.flow.edit import Add, Connect, Rename
from flowloom.flow.model import Flow, Node
from flowloom.kinds.registry import all_kinds
from flowloom.locales import translate
from flowloom.run.planning.check import find_problems
from flowloom.run.reading.outline import outline
from flowloom.store.templates import templates
from flowloom.ui import session  # noqa: F401  (brings the texts of the pages)
from flowloom.ui.outline.sentences import html_of
from flowloom.workspace import Workspace


def page() -> None:
    import streamlit as st

    from flowloom.ui.outline.panel import draw_outline
    from flowloom.workspace import workspace

    draw_outline(workspace().editor.open(st.session_state["flow"]))


def open_outline(flow: Flow, **state: Any) -> AppTest:
    app = AppTest.from_function(page, default_timeout=20)
    for name, value in {"flow": flow.id, **state}.items():
        app.session_state[name] = value
    return app.run()


def labelled(widgets: Any, label: str) -> Any:
    return next(widget for widget in widgets if widget.label == label)


def in_language(language: str) -> Any:
    return lambda source, /, **params: translate(source, language, **params)


def html(flow: Flow, language: str = "en") -> str:
    rows = outline(flow, all_kinds(), find_problems(flow, all_kinds()))
    return html_of(rows, in_language(language), lambda problem: str(problem.describe(language)))


def read(flow: Flow, language: str = "en") -> list[str]:
    """The paragraphs as they are read out."""
    return [re.sub("<[^>]+>", "", text).strip() for text in re.findall(r"<p[^>]*>(.*?)</p>", html(flow, language))]


BY_ID = {template.id: template for template in templates()}
SUPPORT = (
    "message:chat.message way:branch yes:chat.answer note:note",
    "message.message>way.value way.yes>yes.text",
)


def test_sentences() -> None:
    assert read(flow_of(*SUPPORT)) == [
        "Chat message. Sends Message to Branch (2).",
        "Branch. Gets value from Chat message (1). "
        "If Yes: continues with Answer (3). If No, Otherwise: not connected.",
        "Problem: A condition of “Yes” has no value to compare with. Enter one, or choose “is empty”.",
        "Problem: A condition of “No” has no value to compare with. Enter one, or choose “is empty”.",
        "If Yes (block 2):",
        "Answer. Gets Text from Branch (2).",
        "Note.",
    ]


@pytest.mark.parametrize(
    ("language", "said"),
    [("zh", "从聊天消息 (1)获得value。"), ("fr", "Reçoit value de Message reçu (1).")],
)
def test_sentences_in_other_languages(language: str, said: str) -> None:
    assert said in read(flow_of(*SUPPORT), language)[1]


def test_names_are_no_markup() -> None:
    flow = Flow(nodes=(Node(id="a", kind="text", name="<b onclick=x>&"),))
    assert "<b " not in html(flow)


@pytest.mark.parametrize("language", ["en", "zh", "fr"])
def test_lists_are_nested_rightly(home: Workspace, language: str) -> None:
    for template in templates():
        written = html(home.intake.create_from_template(template), language)
        open_tags: list[str] = []
        for close, tag in re.findall(r"<(/?)(ol|li|div|p|em|strong)\b", written):
            if close:
                assert open_tags.pop() == tag, template.id
            else:
                open_tags.append(tag)
        assert open_tags == []


@pytest.mark.parametrize(("id", "language"), list(zip(sorted(BY_ID), cycle(["zh", "fr", "en"]), strict=False)))
def test_every_template_is_drawn(home: Workspace, id: str, language: str) -> None:
    flow = home.intake.create_from_template(BY_ID[id])
    for selected in ((), (flow.nodes[1].id,)):
        assert not open_outline(flow, language=language, selected=selected).exception


def add(app: AppTest, kind: str) -> None:
    labelled(app.selectbox, "Block type").select(kind).run()
    labelled(app.button, "Add").click().run()


def test_a_flow_is_made_with_the_outline_alone(home: Workspace) -> None:
    app = open_outline(home.flows.create(Flow(name="Mine")))
    for kind in ("chat.message", "model", "chat.answer"):
        add(app, kind)
        assert not app.exception
    document = home.editor.open(app.session_state["flow"])
    assert [str(edge.source) for edge in document.flow.edges] == ["message.message", "model.answer"]
    assert document.problems() == []


def test_a_kind_chosen_and_added_at_once_follows_the_selected_block(home: Workspace) -> None:
    app = open_outline(home.flows.create(Flow(name="Mine")))
    add(app, "chat.message")
    labelled(app.selectbox, "Block type").select("chat.message").run()
    # The other choice and the press arrive together, as they do where the page is slow.
    labelled(app.selectbox, "Block type").select("model")
    labelled(app.button, "Add").click().run()
    flow = home.editor.open(app.session_state["flow"]).flow
    assert [(edge.source, edge.target) for edge in flow.edges] == [("message.message", "model.prompt")]


def test_lines_are_drawn_and_taken_away(home: Workspace) -> None:
    flow = home.flows.create(flow_of("message:chat.message answer:chat.answer", ""))
    app = open_outline(flow, selected=("message",))
    labelled(app.selectbox, "to the input").select("answer.text").run()
    labelled(app.button, "Connect").click().run()
    document = home.editor.open(flow.id)
    assert [(edge.source, edge.target) for edge in document.flow.edges] == [("message.message", "answer.text")]
    labelled(app.selectbox, "Connection to remove").select("message.message>answer.text").run()
    labelled(app.button, "Remove").click().run()
    assert document.flow.edges == ()
    labelled(app.button, "Undo").click().run()
    assert len(document.flow.edges) == 1


def test_a_line_that_became_a_circle_meanwhile_is_refused(home: Workspace) -> None:
    flow = home.flows.create(flow_of("a:merge b:merge", ""))
    app = open_outline(flow, selected=("a",))
    labelled(app.selectbox, "to the input").select("b.values").run()
    document = home.editor.open(flow.id)
    document.edit(Connect.model_validate({"from": "b.value", "to": "a.values"}))
    labelled(app.button, "Connect").click().run()
    assert len(document.flow.edges) == 1
    assert "no longer possible" in app.toast[0].value


def test_a_block_is_named_chosen_and_removed(home: Workspace) -> None:
    flow = home.flows.create(flow_of("message:chat.message model:model", "message.message>model.prompt"))
    app = open_outline(flow)
    labelled(app.selectbox, "Block to edit").select("model").run()
    assert app.session_state["selected"] == ("model",)
    labelled(app.text_input, "Block name").input("Thinker").run()
    document = home.editor.open(flow.id)
    assert document.flow.nodes[1].name == "Thinker"
    labelled(app.button, "Block settings").click().run()
    assert app.session_state["panel_asked"][0] == "block"
    labelled(app.button, "Remove block").click().run()
    assert [node.id for node in document.flow.nodes] == ["message"]
    assert app.session_state["selected"] == ()


def test_what_goes_elsewhere_leaves_the_panel_whole(home: Workspace) -> None:
    flow = home.flows.create(flow_of(*SUPPORT))
    app = open_outline(flow, selected=("way",))
    labelled(app.selectbox, "Connection to remove").select("way.yes>yes.text").run()
    document = home.editor.open(flow.id)
    document.edit(Rename(node="message", name="First"), *map(partial(_again, flow), ("one", "two")))
    assert not app.run().exception
    document.undo()
    assert not app.run().exception


def _again(flow: Flow, id: str) -> Add:
    return Add(node=flow.nodes[1].model_copy(update={"id": id}))


def test_a_long_flow_needs_no_widget_for_each_block(home: Workspace) -> None:
    blocks = " ".join(f"n{at}:prompt" for at in range(500))
    lines = " ".join(f"n{at}.prompt>n{at + 1}.message" for at in range(499))
    app = open_outline(home.flows.create(flow_of(blocks, lines)), selected=("n250",))
    assert not app.exception
    assert len(app.button) + len(app.selectbox) + len(app.text_input) < 20
