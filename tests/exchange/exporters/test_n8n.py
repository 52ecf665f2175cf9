"""A flow as a workflow of n8n: well formed, told of, and brought back in it answers as before."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from benchmarks.fidelity.cases import tried_flows
from benchmarks.fidelity.ours import imported, outcome_of
from hypothesis import given, settings
from hypothesis import strategies as st

from flowloom.exchange.exporters.n8n.expressions import AS_TEXT, NotTaken, literal, mixed
from flowloom.exchange.exporters.n8n.kinds.jinja import code_of
from flowloom.exchange.exporters.n8n.kinds.scripts import expression_of
from flowloom.exchange.exporters.n8n.texts import TEXTS
from flowloom.exchange.foreign import read_foreign
from flowloom.exchange.outgoing import write_outgoing
from flowloom.exchange.source import Source
from flowloom.flow.model import Edge, Flow, Node
from flowloom.nodes.data.sandbox import render
from flowloom.store.templates import templates
from tests.exchange.exporters.scripted import counted, reply
from tests.exchange.exporters.test_python_program import HOSTILE, flow_of
from tests.exchange.exporters.test_python_templates import conversed
from tests.exchange.importers.recorded import Home, homes

BY_ID = {template.id: template for template in templates()}
EQUAL = ("form-filler",)
"""Templates that answer, and ask their models, the same after the way there and back."""
LEFT_OUT = {
    "agent-with-tools": {"Date and time", "Product handbook"},
    "form-filler": set(),
    "homework-tutor": set(),
    "support-desk": set(),
    "translator": {"Find the language"},
}
SAMPLES = (
    *("agent", "chain", "edit_fields", "exists", "if", "if_or", "memory", "merge_combine", "numbers", "structured"),
    *("switch", "two_agents", "webhook"),
)
"""Flows of n8n whose recorded runs are the same after the way here, out again and back."""


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    yield from homes(tmp_path_factory.mktemp("home"))


def workflow(flow: Flow) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(write_outgoing("n8n", flow).data())
    return found


def all_flows() -> dict[str, Flow]:
    found = {f"template {id}": template.flow for id, template in BY_ID.items()}
    return found | {f"n8n {each.name}": imported(each.path).flow for each in tried_flows("n8n")}


FLOWS = all_flows()


@pytest.mark.parametrize("name", FLOWS)
def test_a_workflow_is_well_formed(name: str) -> None:
    """Each line leads from a node to a node, each name that a value uses is that of a node before it."""
    found = workflow(FLOWS[name])
    names = [node["name"] for node in found["nodes"]]
    assert len(names) == len(set(names))
    before = ancestors(found["connections"])
    for node in found["nodes"]:
        used = set(
            re.findall(r'\$\("([^"]+)"\)', json.dumps(node["parameters"], ensure_ascii=False).replace('\\"', '"'))
        )
        serves = before.get(node["name"], set()) | served(found["connections"], node["name"], before)
        assert used <= serves, node["name"]
    (start,) = [node for node in found["nodes"] if node["type"].endswith("chatTrigger")]
    for node in found["nodes"]:
        if not node["type"].endswith(("chatTrigger", "stickyNote")) and node["name"] not in found["connections"]:
            assert start["name"] in before[node["name"]]


def ancestors(connections: dict[str, Any]) -> dict[str, set[str]]:
    """The nodes that may run before each, by its name."""
    pairs = [
        (source, target["node"])
        for source, kinds in connections.items()
        for output in kinds.get("main", ())
        for target in output
    ]
    found: dict[str, set[str]] = {}
    for _ in range(len(pairs) + 1):
        size = sum(map(len, found.values()))
        for source, target in pairs:
            found.setdefault(target, set()).update({source}, found.get(source, ()))
        if sum(map(len, found.values())) == size:
            break
    return found


def served(connections: dict[str, Any], name: str, before: dict[str, set[str]]) -> set[str]:
    """What has run before the nodes that a model, a memory or a tool serves."""
    found = set[str]()
    for kind, outputs in connections.get(name, {}).items():
        if kind.startswith("ai_"):
            found |= {each for output in outputs for target in output for each in before[target["node"]]}
    return found


@pytest.mark.parametrize("name", FLOWS)
def test_every_block_is_in_the_report(name: str) -> None:
    exported = write_outgoing("n8n", FLOWS[name])
    nodes = {node["name"] for node in json.loads(exported.data())["nodes"]}
    placeholders = [row for row in exported.report.rows if row.grade == "placeholder"]
    for row in exported.report.rows:
        assert row.grade == "exact" or row.differs
        assert row.nodes[0] in nodes or row in placeholders
    for row in placeholders:
        node = next((n for n in json.loads(exported.data())["nodes"] if n["name"] == row.nodes[0]), None)
        assert node is None or "throw new Error" in node["parameters"]["jsCode"]


@pytest.mark.parametrize("id", LEFT_OUT)
def test_the_report_names_what_is_left_out(id: str) -> None:
    exported = write_outgoing("n8n", BY_ID[id].flow)
    assert {row.name for row in exported.report.rows if row.grade == "placeholder"} == LEFT_OUT[id]


def back(flow: Flow, folder: Path) -> Flow:
    exported = write_outgoing("n8n", flow)
    (folder / exported.main).write_bytes(exported.data())
    return read_foreign(Source.of_path(folder / exported.main)).flow


@pytest.mark.parametrize("id", EQUAL)
def test_a_template_answers_as_before_after_the_way_there_and_back(home: Home, tmp_path: Path, id: str) -> None:
    home.server.behave = reply
    said = []
    for flow in (home.workspace.intake.create_from_template(BY_ID[id]), back(BY_ID[id].flow, tmp_path)):
        home.server.requests.clear()
        kept = flow if home.workspace.flows.exists(flow.id) else home.workspace.flows.create(flow)
        views = conversed(home.workspace, kept, BY_ID[id].flow.starters, "first")
        chats = [each.body for each in home.server.requests if each.path.endswith("/chat/completions")]
        said.append(([view.text.split() for view in views], counted(chats)))
    assert said[0] == said[1]
    assert all(said[0][0])


@pytest.mark.parametrize("name", SAMPLES)
def test_what_n8n_did_is_done_after_the_way_out_and_back(home: Home, tmp_path: Path, name: str) -> None:
    """The answers are those that n8n's own engine gave to the workflow it all began with."""
    (tried,) = [each for each in tried_flows("n8n") if each.name == name]
    exported = write_outgoing("n8n", imported(tried.path).flow)
    path = tmp_path / exported.main
    path.write_bytes(exported.data())
    for case in tried.cases:
        assert case.outcome is not None
        told = [
            {**rule, "say": json.dumps(json.loads(rule["say"])["output"])}
            if "output" in rule.get("say", "")
            else rule
            for rule in map(unfenced, case.replies)
        ]
        case.replies = told
        answer = outcome_of(home.workspace, home.server, path, case).answer
        assert (answer or "").split() == (case.outcome.answer or "").split(), case.name


def unfenced(rule: dict[str, Any]) -> dict[str, Any]:
    return rule | {"say": rule["say"].strip("`").removeprefix("json").strip()} if "say" in rule else rule


@pytest.mark.parametrize("said", HOSTILE, ids=range(len(HOSTILE)))
def test_what_a_flow_says_stays_text(said: str) -> None:
    types = [[node["type"] for node in workflow(flow_of(each))["nodes"]] for each in (said, "plain")]
    assert types[0] == types[1]


def javascript(code: str) -> Any:
    from quickjs_rs import Runtime

    with Runtime() as runtime, runtime.new_context(timeout=2) as context:
        return json.loads(context.eval(f"JSON.stringify({code})"))


def setting(text: str) -> str:
    """What n8n makes of a setting whose expressions stand alone: it looks for `{{` that no backslash precedes."""
    if not text.startswith("="):
        return text
    pieces = re.split(r"(?<!\\)\{\{(.*?)\}\}", text[1:], flags=re.DOTALL)
    return "".join(each if number % 2 == 0 else str(javascript(each)) for number, each in enumerate(pieces))


@given(st.text(alphabet="a{}=\\ \n'\"é", max_size=12))
@settings(max_examples=60, deadline=None)
def test_a_text_with_braces_stays_as_it_is(text: str) -> None:
    assert setting(literal(text)) == text


@given(st.text(alphabet="a=\\{ ", max_size=6))
@settings(max_examples=30, deadline=None)
def test_a_backslash_ahead_of_a_value_stays(text: str) -> None:
    assert setting(mixed([(text, False), ("'value'", True)])) == f"{text}value"


TEMPLATES = [
    "Hello {{ name }}!",
    "{% if name %}yes{% else %}no{% endif %}",
    "{% if items %}{{ items | length }}{% endif %}",
    "{% for each in items %}{{ loop.index }}. {{ each }}\n{% endfor %}",
    "{{ name | upper }} {{ missing | default('none') }} {{ items | join(', ') }}",
    "{{ yes }} {{ number }} {{ items }} {{ person.name }}",
    "{% if number > 2 and name == 'Ada' %}a{% elif yes %}b{% endif %}",
    "{{ 'in' if not empty else 'out' }} {{ items[0] }} {{ '{{' }}",
]
VALUES = {
    "name": "Ada",
    "items": ["tea", "mug"],
    "yes": True,
    "number": 3,
    "person": {"name": "Bo"},
    "empty": [],
}


@pytest.mark.parametrize("template", TEMPLATES)
def test_a_template_says_the_same_in_javascript(template: str) -> None:
    code = code_of(template, lambda name: json.dumps(VALUES[name]) if name in VALUES else "")
    assert javascript(code) == render(template, VALUES)


@pytest.mark.parametrize("template", ["{% set a = 1 %}{{ a }}", "{{ name.upper() }}", "{{ items | groupby('a') }}"])
def test_what_is_not_put_into_javascript_is_told(template: str) -> None:
    with pytest.raises(NotTaken):
        code_of(template, lambda name: "1")


@pytest.mark.parametrize(
    ("code", "value"),
    [
        ("1 + 1", 2),
        ("({a: 1});", {"a": 1}),
        ("const a = 2;\na * 3", 6),
        ("let all = [];\nfor (const each of [1, 2]) { all.push(each); }\nall", [1, 2]),
    ],
)
def test_code_gives_its_last_expression(code: str, value: object) -> None:
    assert javascript(f"(() => {expression_of(code)})()") == value


@pytest.mark.parametrize(
    ("value", "text"),
    [("null", ""), ("true", "yes"), ('["a", 2]', "a\n2"), ('{"a": 1}', '{"a":1}'), ("1.5", "1.5")],
)
def test_a_value_is_read_as_here(value: str, text: str) -> None:
    assert javascript(f"{AS_TEXT}({value})") == text


def test_a_block_after_a_way_is_in_that_way() -> None:
    """Both ways lead to the last node; only what hangs on a way is behind it."""
    flow = Flow(
        nodes=(
            Node(id="message", kind="chat.message"),
            Node(id="if", kind="branch", config={"rows": [{"name": "Yes", "conditions": [{"value": "a"}]}]}),
            Node(id="yes", kind="prompt", name="Yes", config={"template": "Y {{value}}"}),
            Node(id="no", kind="prompt", name="No", config={"template": "N {{value}}"}),
            Node(id="answer", kind="chat.answer", name="Say"),
        ),
        edges=tuple(
            Edge(source=each.split(">")[0], target=each.split(">")[1])
            for each in (
                "message.message>if.value",
                "if.yes>yes.value",
                "if.otherwise>no.value",
                "yes.prompt>answer.text",
                "no.prompt>answer.text",
            )
        ),
    )
    lines = workflow(flow)["connections"]
    assert [[each["node"] for each in output] for output in lines["Branch"]["main"]] == [["Yes"], ["No"]]
    assert lines["Yes"]["main"][0][0]["node"] == lines["No"]["main"][0][0]["node"] == "Say"


def test_all_sentences_are_translated() -> None:
    assert TEXTS["zh"].keys() == TEXTS["fr"].keys()
    for name in FLOWS:
        for row in write_outgoing("n8n", FLOWS[name]).report.rows:
            for told in row.differs:
                for language in ("zh", "fr"):
                    assert str(told.describe(language)) != str(told.describe("en")), told


@pytest.mark.parametrize("code", ["}); globalThis.seen = 1; (() => {", "} function other() {", "1 + (", "return"])
def test_code_that_is_no_body_of_its_own_is_not_taken(code: str) -> None:
    """It is read as the body of one function, whatever braces are in it."""
    with pytest.raises(NotTaken):
        expression_of(code)
