"""A template as a Dify app, brought back in, answers as before; what does not is in the report."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from flowloom.exchange.exporters.ways import Ways
from flowloom.exchange.foreign import read_foreign
from flowloom.exchange.outgoing import write_outgoing
from flowloom.exchange.source import Source
from flowloom.flow.model import Edge, Flow, Node
from flowloom.kinds.registry import all_kinds
from flowloom.run.planning.check import blocking, find_problems
from flowloom.run.planning.plan import plan_of
from flowloom.store.templates import templates
from tests.exchange.exporters.scripted import counted, reply
from tests.exchange.exporters.test_python_program import HOSTILE, flow_of
from tests.exchange.exporters.test_python_templates import conversed
from tests.exchange.importers.recorded import Home, homes

BY_ID = {template.id: template for template in templates()}
EQUAL = ("form-filler", "meeting-minutes", "translator", "weather-guide")
"""Templates whose starters are answered, and whose models are asked, the same after the way there and back."""
LEFT_OUT = {
    "agent-with-tools": {"Assistant"},
    "currency-converter": set(),
    "draft-checker": {"Measure the draft", "Check the sources"},
    "form-filler": set(),
    "handy-tools": {"Assistant"},
    "holiday-request": {"Who and when", "A person decides"},
    "homework-tutor": {"Tutor"},
    "knowledge-helper": set(),
    "letter-reader": {"Hide personal data", "Is it allowed?"},
    "letters-to-everyone": {"A letter for each", "Read them first"},
    "library-desk": {"Look books up", "Late books", "Remind"},
    "meeting-minutes": set(),
    "personal-assistant": {"Everything known"},
    "picture-diary": {"What I said", "What my photo shows", "Draw the day", "Read it aloud"},
    "reading-helper": {"Read a page", "Search the web", "Spreadsheet rows", "Save a file"},
    "sales-analyst": {"What is in it", "Analyse data"},
    "support-desk": set(),
    "translator": set(),
    "weather-guide": {"Ask the weather service", "Asks for more"},
}


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    yield from homes(tmp_path_factory.mktemp("home"))


def back(flow: Flow, folder: Path) -> Flow:
    """A flow after the way to Dify and back."""
    exported = write_outgoing("dify", flow)
    (folder / exported.main).write_bytes(exported.data())
    return read_foreign(Source.of_path(folder / exported.main)).flow


@pytest.mark.parametrize("id", BY_ID)
def test_the_report_names_what_is_left_out(id: str) -> None:
    exported = write_outgoing("dify", BY_ID[id].flow)
    assert {row.name for row in exported.report.rows if row.grade == "placeholder"} == LEFT_OUT[id]
    assert all(row.differs for row in exported.report.rows if row.grade != "exact")


@pytest.mark.parametrize("id", EQUAL)
def test_it_answers_as_before_after_the_way_there_and_back(home: Home, tmp_path: Path, id: str) -> None:
    template = BY_ID[id]
    home.server.behave = reply
    said = []
    for flow in (home.workspace.intake.create_from_template(template), back(template.flow, tmp_path)):
        home.server.requests.clear()
        kept = flow if home.workspace.flows.exists(flow.id) else home.workspace.flows.create(flow)
        views = conversed(home.workspace, kept, template.flow.starters, "first")
        chats = [each.body for each in home.server.requests if each.path.endswith("/chat/completions")]
        said.append(([view.text.split() for view in views], counted(chats)))
    assert said[0] == said[1]
    assert all(said[0][0])


@pytest.mark.parametrize("id", BY_ID)
def test_names_places_and_notes_come_across(tmp_path: Path, id: str) -> None:
    flow = BY_ID[id].flow
    exported = write_outgoing("dify", flow)
    nodes = yaml.safe_load(exported.data())["workflow"]["graph"]["nodes"]
    by_id = {node["id"]: node for node in nodes}
    for row in exported.report.rows:
        node, at = by_id[row.nodes[0]], flow.layout.get(row.source)
        assert node["data"]["title"] == row.name
        assert at is None or (node["position"]["x"], node["position"]["y"]) == (at.x, at.y)
    notes = [node for node in nodes if node["type"] == "custom-note"]
    assert len(notes) == sum(node.kind == "note" for node in flow.nodes)
    assert blocking(find_problems(back(flow, tmp_path), all_kinds())) == []


@pytest.mark.parametrize("said", HOSTILE, ids=range(len(HOSTILE)))
def test_what_a_flow_says_stays_text(said: str) -> None:
    document = yaml.safe_load(write_outgoing("dify", flow_of(said)).data())
    plain = yaml.safe_load(write_outgoing("dify", flow_of("plain")).data())
    types = [[node["data"]["type"] for node in each["workflow"]["graph"]["nodes"]] for each in (document, plain)]
    assert types[0] == types[1]


@given(st.text(max_size=40))
@settings(max_examples=20, deadline=None)
def test_any_text_is_read_again_as_it_was(said: str) -> None:
    text = said.encode("utf-8", "replace").decode()
    nodes = (
        Node(id="message", kind="chat.message"),
        Node(id="answer", kind="chat.answer", config={"text": f"x{text}"}),
    )
    flow = Flow(nodes=nodes, edges=(Edge(source="message.message", target="answer.after"),))
    document = yaml.safe_load(write_outgoing("dify", flow).data())
    (answer,) = [
        node["data"] for node in document["workflow"]["graph"]["nodes"] if node["data"]["type"] == "answer"
    ]
    assert answer["answer"] == f"x{text}"


def test_only_what_may_stay_empty_lets_a_block_run() -> None:
    """A prompt after a choice reads a text that is always there: the choice alone lets it run."""
    nodes = (
        Node(id="message", kind="chat.message"),
        Node(id="rules", kind="text", config={"text": "Be kind."}),
        Node(id="which", kind="classify"),
        Node(id="prompt", kind="prompt", config={"template": "{{said}} {{rules}}"}),
        Node(id="answer", kind="chat.answer"),
    )
    pairs = ["message.message>which.text", "which.question>prompt.said", "rules.text>prompt.rules"]
    pairs.append("prompt.prompt>answer.text")
    edges = tuple(Edge(source=each.split(">")[0], target=each.split(">")[1]) for each in pairs)
    plan = plan_of(Flow(nodes=nodes, edges=edges), all_kinds())
    ways = Ways(plan, {"which": frozenset({"question", "complaint", "none"})})
    assert {(link.source.id, at) for link, at in ways.lines} == {
        ("message", "which"),
        ("which", "prompt"),
        ("rules", "which"),
        ("prompt", "answer"),
    }
    assert ways.unclear == set()


def test_a_text_that_dify_would_read_as_a_value_is_told() -> None:
    nodes = (
        Node(id="message", kind="chat.message"),
        Node(id="answer", kind="chat.answer", config={"text": "Write {{#sys.query#}} there."}),
    )
    flow = Flow(nodes=nodes, edges=(Edge(source="message.message", target="answer.after"),))
    (row,) = [row for row in write_outgoing("dify", flow).report.rows if row.source == "answer"]
    assert "{{#…#}}" in str(row.differs[0])


@pytest.mark.parametrize(("branches", "told"), [(False, True), (True, False)])
def test_several_answers_of_one_run_are_told_and_those_of_either_way_are_not(branches: bool, told: bool) -> None:
    rows = [{"name": "Yes", "conditions": [{"input": "value", "operator": "is", "value": "x"}]}]
    nodes = [
        {"id": "m", "kind": "chat.message"},
        {"id": "b", "kind": "branch", "config": {"rows": rows}},
        {"id": "one", "kind": "chat.answer", "config": {"text": "One"}},
        {"id": "two", "kind": "chat.answer", "config": {"text": "Two"}},
    ]
    ends = ("b.yes", "b.otherwise") if branches else ("m.message", "m.message")
    edges = [{"from": "m.message", "to": "b.value"}]
    edges += [{"from": end, "to": f"{id}.text"} for end, id in zip(ends, ("one", "two"), strict=True)]
    report = write_outgoing("dify", Flow.model_validate({"nodes": nodes, "edges": edges})).report
    assert ("right behind each other" in report.markdown("x")) == told
