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
from flowloom.flow.model import Edge, Flow, Node, NodeSettings
from flowloom.store.templates import templates
from tests.exchange.exporters.test_python_program import HOSTILE, flow_of
from tests.exchange.importers.recorded import Home, homes

FLOWS = {f"template {template.id}": template.flow for template in templates()}
FLOWS |= {f"langflow {each.name}": imported(each.path).flow for each in tried_flows("langflow")}
SAMPLES = (
    *("agent", "agent-clock", "agent-prompted", "chain-of-agents", "chat", "if-contains", "if-ends", "if-equals"),
    *("if-equals-any-case", "if-not-equals", "if-starts", "join", "loop-open", "nested", "prompt", "system-prompt"),
    *("prompt-defaults", "prompt-double-braces", "text-only", "two-models"),
)
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


MESSAGE, ANSWER = Node(id="message", kind="chat.message"), Node(id="answer", kind="chat.answer")


def drawn(*nodes: Node, lines: str) -> dict[str, Any]:
    """A flow of a message, these blocks and an answer; `lines` are `from>to`."""
    edges = tuple(Edge(source=a, target=b) for a, b in (each.split(">") for each in lines.split()))
    return written(Flow(nodes=(MESSAGE, *nodes, ANSWER), edges=edges))


def types(found: dict[str, Any]) -> list[str]:
    return sorted(node["data"]["type"] for node in found["nodes"])


def values(found: dict[str, Any], type: str) -> dict[str, Any]:
    (node,) = [each for each in found["nodes"] if each["data"]["type"] == type]
    return {name: field["value"] for name, field in node["data"]["node"]["template"].items() if name != "_type"}


def lines_of(found: dict[str, Any]) -> set[str]:
    return {
        f"{edge['source'].rpartition('-')[0]}.{edge['data']['sourceHandle']['name']}>"
        f"{edge['target'].rpartition('-')[0]}.{edge['data']['targetHandle']['fieldName']}"
        for edge in found["edges"]
    }


def test_an_agent_takes_its_tools_along() -> None:
    agent, tool = Node(id="a", kind="agent", config={"instructions": "Reckon."}), Node(id="c", kind="calculator")
    found = drawn(agent, tool, lines="message.message>a.message c.tool>a.tools a.answer>answer.text")
    assert types(found) == ["Agent", "CalculatorComponent", "ChatInput", "ChatOutput"]
    assert values(found, "Agent")["system_prompt"] == "Reckon."
    assert "CalculatorComponent.component_as_tool>Agent.tools" in lines_of(found)


def test_fields_are_taken_out_one_by_one() -> None:
    fields = [{"name": "city", "type": "text", "description": "Where"}, {"name": "how many", "type": "number"}]
    model = Node(id="m", kind="model", config={"fields": fields})
    found = drawn(model, lines="message.message>m.prompt m.city>answer.text")
    assert types(found) == ["ChatInput", "ChatOutput", "ParserComponent", "StructuredOutput"]
    rows = values(found, "StructuredOutput")["output_schema"]
    assert [(row["name"], row["type"]) for row in rows] == [("city", "str"), ("field_2", "float")]
    assert values(found, "ParserComponent")["pattern"] == "{city}"


def test_a_choice_of_a_model_has_its_ways_and_the_rest() -> None:
    labels = [{"name": "Refund", "description": "money"}, {"name": "Order", "description": "goods"}]
    node = Node(id="c", kind="classify", config={"labels": labels})
    found = drawn(node, lines="message.message>c.text c.order>answer.text")
    assert "SmartRouter.category_2_result>ChatOutput.input_value" in lines_of(found)
    (router,) = [each["data"]["node"] for each in found["nodes"] if each["data"]["type"] == "SmartRouter"]
    outputs = [(each["name"], each["method"]) for each in router["outputs"]]
    assert outputs[-1] == ("default_result", "default_response")


def test_rows_of_a_branch_are_asked_one_after_another_and_ways_meet_in_a_prompt() -> None:
    rows = [
        {"name": name, "conditions": [{"input": "value", "operator": operator, "value": word}]}
        for name, operator, word in (("Tea", "contains", "tea"), ("None", "does_not_contain", "a"))
    ]
    branch = Node(id="b", kind="branch", config={"rows": rows})
    waits = NodeSettings(wait=True)
    texts = [Node(id=id, kind="text", config={"text": id}, settings=waits) for id in ("one", "two", "three")]
    lines = "message.message>b.value b.tea>one.@after b.none>two.@after b.otherwise>three.@after"
    found = drawn(
        branch,
        *texts,
        Node(id="merge", kind="merge"),
        lines=f"{lines} one.text>merge.values two.text>merge.values three.text>merge.values "
        "merge.value>answer.text",
    )
    assert types(found).count("ConditionalRouter") == 2
    assert "ConditionalRouter.false_result>ConditionalRouter.after" in lines_of(found)
    # What does not contain a word leaves by the other output.
    assert "ConditionalRouter.true_result>TextInput.after" in lines_of(found)
    assert values(found, "Prompt")["template"] == "{value_1}{value_2}{value_3}"


@pytest.mark.parametrize(
    ("model", "temperature", "told"),
    [
        ("openai/gpt-5-mini", None, ""),
        ("openai/gpt-5-mini", 0.5, "no temperature"),
        ("openai/gpt-4o", None, "its own"),
    ],
)
def test_a_temperature_that_langflow_does_not_send_is_told(
    model: str, temperature: float | None, told: str
) -> None:
    node = Node(id="m", kind="model", config={"model": model, "temperature": temperature})
    edges = (Edge(source="message.message", target="m.prompt"), Edge(source="m.answer", target="answer.text"))
    exported = write_outgoing("langflow", Flow(nodes=(MESSAGE, node, ANSWER), edges=edges))
    said = " ".join(str(each) for row in exported.report.rows for each in row.differs).replace(
        "of its own", "its own"
    )
    assert told in said
    assert bool(said) == bool(told)


def test_a_template_that_only_fills_in_is_a_prompt_and_another_is_left_out() -> None:
    plain = Node(id="t", kind="template", config={"template": "Dear {{ message }}, {x}"})
    found = drawn(plain, lines="message.message>t.message t.text>answer.text")
    assert values(found, "Prompt")["template"] == "Dear {message}, {{x}}"
    other = Node(id="t", kind="template", config={"template": "{% if message %}yes{% endif %}"})
    assert "Missing" in types(drawn(other, lines="message.message>t.message t.text>answer.text"))
