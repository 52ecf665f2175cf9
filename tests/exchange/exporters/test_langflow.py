"""A flow as one of Langflow: well formed, told of, and brought back in it does what Langflow's engine did."""

import ast
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from benchmarks.fidelity.cases import tried_flows
from benchmarks.fidelity.ours import imported, outcome_of

from flowloom.exchange.exporters.langflow.components import SORTS
from flowloom.exchange.exporters.langflow.texts import TEXTS
from flowloom.exchange.outgoing import write_outgoing
from flowloom.flow.model import Edge, Flow, Node
from flowloom.store.templates import templates
from tests.exchange.exporters.test_python_program import HOSTILE, flow_of
from tests.exchange.importers.recorded import Home, homes

FLOWS = {f"template {template.id}": template.flow for template in templates()}
FLOWS |= {f"langflow {each.name}": imported(each.path).flow for each in tried_flows("langflow")}
SAMPLES = ("chat", "if-contains", "if-equals", "if-starts", "if-ends", "text-only", "two-models")
"""Flows of Langflow whose recorded runs are the same after the way here, out again and back."""


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    yield from homes(tmp_path_factory.mktemp("home"))


def written(flow: Flow) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(write_outgoing("langflow", flow).data())["data"]
    return found


@pytest.mark.parametrize("name", FLOWS)
def test_every_line_leads_from_an_output_to_a_field(name: str) -> None:
    found = written(FLOWS[name])
    nodes = {node["id"]: node["data"]["node"] for node in found["nodes"]}
    assert len(nodes) == len(found["nodes"])
    for edge in found["edges"]:
        start, end = edge["data"]["sourceHandle"], edge["data"]["targetHandle"]
        assert (start["id"], end["id"]) == (edge["source"], edge["target"])
        assert start["name"] in {output["name"] for output in nodes[edge["source"]]["outputs"]}
        assert end["fieldName"] in nodes[edge["target"]]["template"]
        assert json.loads(edge["sourceHandle"].replace("œ", '"')) == start
    for node in found["nodes"]:
        if node["type"] == "genericNode":
            (made,) = [
                each
                for each in ast.parse(node["data"]["node"]["template"]["code"]["value"]).body
                if isinstance(each, ast.ClassDef)
            ]
            assert made.name in {*SORTS, "Missing"}


@pytest.mark.parametrize("name", FLOWS)
def test_every_block_is_in_the_report(name: str) -> None:
    exported = write_outgoing("langflow", FLOWS[name])
    nodes = {node["id"]: node["data"]["type"] for node in json.loads(exported.data())["data"]["nodes"]}
    for row in exported.report.rows:
        assert row.grade == "exact" or row.differs
        assert (nodes[row.nodes[0]] == "Missing") == (row.grade == "placeholder")
        for told in row.differs:
            assert len({str(told.describe(language)) for language in ("en", "zh", "fr")}) == 3


@pytest.mark.parametrize("name", SAMPLES)
def test_what_langflow_did_is_done_after_the_way_out_and_back(home: Home, tmp_path: Path, name: str) -> None:
    (tried,) = [each for each in tried_flows("langflow") if each.name == name]
    exported = write_outgoing("langflow", imported(tried.path).flow)
    path = tmp_path / exported.main
    path.write_bytes(exported.data())
    for case in tried.cases:
        assert case.outcome is not None
        answer = outcome_of(home.workspace, home.server, path, case).answer
        assert (answer or "").split() == (case.outcome.answer or "").split(), case.name


@pytest.mark.parametrize("said", HOSTILE, ids=range(len(HOSTILE)))
def test_what_a_flow_says_stays_text(said: str) -> None:
    types = [[node["data"]["type"] for node in written(flow_of(each))["nodes"]] for each in (said, "plain")]
    assert types[0] == types[1]


@pytest.mark.parametrize("text", ["{", "{{}} {x}", "}{", "{{message}}: {{{message}}}", '{"a": {{message}}}'])
def test_braces_of_a_prompt_stay_and_values_are_filled_in(text: str) -> None:
    nodes = (
        Node(id="message", kind="chat.message"),
        Node(id="prompt", kind="prompt", config={"template": text}),
        Node(id="answer", kind="chat.answer"),
    )
    edges = [Edge(source="prompt.prompt", target="answer.text")]
    if "{{message}}" in text:
        edges.append(Edge(source="message.message", target="prompt.message"))
    (prompt,) = [
        node["data"]["node"]["template"]
        for node in written(Flow(nodes=nodes, edges=tuple(edges)))["nodes"]
        if node["data"]["type"] == "Prompt"
    ]
    assert prompt["template"]["value"].format(message="VALUE") == text.replace("{{message}}", "VALUE")


def test_the_texts_are_the_same_in_both_languages() -> None:
    assert TEXTS["zh"].keys() == TEXTS["fr"].keys()
