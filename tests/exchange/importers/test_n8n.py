"""AI workflows of n8n: what its own engine did with them, ours does; what it reads otherwise, the report says."""

import json
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import pytest
from benchmarks.fidelity.cases import FLOWS, Case, Tried, tried_flows
from benchmarks.fidelity.ours import imported
from hypothesis import given, settings
from hypothesis import strategies as st

from flowloom.errors import FlowFileError
from flowloom.exchange.drawing import Imported
from flowloom.exchange.foreign import importer_for, read_foreign
from flowloom.exchange.source import Source
from tests.exchange.importers.recorded import Home, check_case, check_whole, damaged, homes, recorded_cases, told_in

KEY = "sk-proj-0123456789abcdefghijklmnopqrstuv"
AI = "@n8n/n8n-nodes-langchain."
BASE = "n8n-nodes-base."


def node(name: str, type: str, version: float = 1, **parameters: Any) -> dict[str, Any]:
    return {"name": name, "type": type, "typeVersion": version, "position": [0, 0], "parameters": parameters}


def bring(*nodes: dict[str, Any], lines: dict[str, Any] | None = None, **more: Any) -> Imported:
    """A workflow whose nodes follow each other, unless lines say otherwise."""
    names = [each["name"] for each in nodes]
    chain = {a: {"main": [[{"node": b, "type": "main", "index": 0}]]} for a, b in pairwise(names)}
    data = {"name": "w", "nodes": list(nodes), "connections": chain if lines is None else lines, **more}
    return read_foreign(Source.of_data(json.dumps(data).encode(), "w.json"))


CHAT = node("Chat", f"{AI}chatTrigger", 1.1)


def kinds(found: Imported) -> list[str]:
    return [each.kind for each in found.flow.nodes]


def config(found: Imported, kind: str) -> dict[str, Any]:
    return next(each.config for each in found.flow.nodes if each.kind == kind)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    yield from homes(tmp_path_factory.mktemp("home"))


@pytest.mark.parametrize(("flow", "case"), recorded_cases("n8n"))
def test_runs_as_its_own_engine_does(home: Home, flow: Tried, case: Case) -> None:
    check_case(home, flow, case)


@pytest.mark.parametrize("flow", list(tried_flows("n8n")), ids=lambda flow: flow.name)
def test_every_flow_is_whole(flow: Tried) -> None:
    check_whole(imported(flow.path))
    importer = importer_for(Source.of_path(flow.path))
    assert importer is not None
    assert importer.id == "n8n"


# -- what n8n really does, where the obvious reading is wrong


def test_loops_that_end_early_are_told() -> None:
    assert "without “done”" in told_in(imported(FLOWS / "n8n" / "loop.json"))


def test_nodes_that_go_on_after_an_error_are_told() -> None:
    branch = node("If", f"{BASE}if", 2.2, conditions={"conditions": [], "combinator": "and"}) | {
        "onError": "continueRegularOutput"
    }
    assert "IF sends the item to “false”" in told_in(bring(CHAT, branch))


def test_missing_values_and_wrong_types_are_told() -> None:
    told = told_in(imported(FLOWS / "n8n" / "numbers.json"))
    assert "n8n tells missing from empty, and fails on a wrong type" in told


def test_merge_with_one_branch_absent_is_told_in_the_modes_that_give_nothing() -> None:
    data = json.loads((FLOWS / "n8n" / "merge_append.json").read_text())
    append = read_foreign(Source.of_data(json.dumps(data).encode(), "w.json"))
    for each in data["nodes"]:
        if each["name"] == "Merge":
            each["parameters"] = {"mode": "combine", "combineBy": "combineByPosition"}
    combine = read_foreign(Source.of_data(json.dumps(data).encode(), "w.json"))
    assert "With one branch absent" in told_in(combine)
    assert "With one branch absent" not in told_in(append)


def test_a_blank_behind_the_braces_makes_a_text() -> None:
    fields = {"assignments": [{"name": "n", "value": "={{ 2 }} ", "type": "string"}]}
    found = bring(CHAT, node("Set", f"{BASE}set", 3.4, assignments=fields))
    assert config(found, "chat.answer")["text"] == "2 "


def test_branches_side_by_side_are_told_and_the_lowest_answers() -> None:
    low, high = node("Low", f"{BASE}set", 3.4), node("High", f"{BASE}set", 3.4)
    for each, y in ((low, 200), (high, 0)):
        each["position"] = [100, y]
        each["parameters"] = {
            "assignments": {"assignments": [{"name": "output", "value": each["name"], "type": "string"}]}
        }
    lines = {
        "Chat": {
            "main": [[{"node": "Low", "type": "main", "index": 0}, {"node": "High", "type": "main", "index": 0}]]
        }
    }
    found = bring(CHAT, low, high, lines=lines)
    assert [each.config["text"] for each in found.flow.nodes if each.kind == "chat.answer"] == ["Low"]
    assert "run side by side here" in told_in(found)


@pytest.mark.parametrize(
    ("chosen", "said"), [({}, "one"), ({"useDataOfInput": 2}, "two"), ({"useDataOfInput": "2"}, "two")]
)
def test_a_merge_that_chooses_a_branch_hands_on_its_data(chosen: dict[str, Any], said: str) -> None:
    """Both have to come; one of them goes on."""

    def words(name: str, text: str) -> dict[str, Any]:
        rows = {"assignments": [{"name": "output", "value": text, "type": "string"}]}
        return node(name, f"{BASE}set", 3.4, assignments=rows)

    merge = node("Merge", f"{BASE}merge", 3, mode="chooseBranch", **chosen)
    to = [{"node": name, "type": "main", "index": 0} for name in ("A", "B")]
    lines = {
        "Chat": {"main": [to]},
        "A": {"main": [[{"node": "Merge", "type": "main", "index": 0}]]},
        "B": {"main": [[{"node": "Merge", "type": "main", "index": 1}]]},
    }
    found = bring(CHAT, words("A", "one"), words("B", "two"), merge, lines=lines)
    assert config(found, "chat.answer")["text"] == said


# -- its nodes


@pytest.mark.parametrize(
    ("operator", "right", "row"),
    [
        ({"type": "string", "operation": "equals"}, "a", "is"),
        ({"type": "string", "operation": "notEquals"}, "a", "is_not"),
        ({"type": "string", "operation": "contains"}, "a", "contains"),
        ({"type": "string", "operation": "notContains"}, "a", "does_not_contain"),
        ({"type": "string", "operation": "startsWith"}, "a", "starts_with"),
        ({"type": "string", "operation": "endsWith"}, "a", "ends_with"),
        ({"type": "string", "operation": "regex"}, "a+", "is_yes"),
        ({"type": "string", "operation": "empty"}, "", "is_yes"),
        ({"type": "number", "operation": "gt"}, 3, "is_yes"),
        ({"type": "boolean", "operation": "true"}, "", "is_yes"),
        ({"type": "array", "operation": "lengthGt"}, 2, "is_yes"),
        ({"type": "dateTime", "operation": "after"}, "2026-01-01", "is_yes"),
        ({"type": "object", "operation": "exists"}, "", "is_yes"),
    ],
)
def test_conditions(operator: dict[str, str], right: Any, row: str) -> None:
    told = {"conditions": [{"leftValue": "={{ $json.chatInput }}", "rightValue": right, "operator": operator}]}
    found = bring(CHAT, node("If", f"{BASE}if", 2.2, conditions=told))
    check_whole(found)
    assert config(found, "branch")["rows"][0]["conditions"][0]["operator"] == row


def test_conditions_of_old_files() -> None:
    told = {"string": [{"value1": "={{ $json.chatInput }}", "operation": "contains", "value2": "a"}]}
    found = bring(CHAT, node("If", f"{BASE}if", 1, conditions=told))
    assert config(found, "branch")["rows"][0]["conditions"][0]["operator"] == "contains"


@pytest.mark.parametrize(
    ("type", "parameters", "kind"),
    [
        (f"{BASE}httpRequest", {"url": "=https://a.example.com/{{ $json.chatInput }}"}, "http.request"),
        (f"{BASE}code", {"jsCode": "return [{json: {a: 1}}]"}, "code.run"),
        (f"{BASE}code", {"language": "python", "pythonCode": "return [{'json': {'a': 1}}]"}, "code.run"),
        (
            f"{AI}textClassifier",
            {
                "inputText": "={{ $json.chatInput }}",
                "categories": {"categories": [{"category": "A"}, {"category": "B"}]},
            },
            "classify",
        ),
        (
            f"{AI}informationExtractor",
            {"text": "={{ $json.chatInput }}", "attributes": {"attributes": [{"name": "city"}]}},
            "model",
        ),
        (f"{AI}chainRetrievalQa", {}, "knowledge.search"),
        (f"{AI}chainSummarization", {}, "summarise"),
        (f"{BASE}noOp", {}, "chat.answer"),
    ],
)
def test_nodes(type: str, parameters: dict[str, Any], kind: str) -> None:
    found = bring(CHAT, node("Node", type, 2, **parameters))
    check_whole(found)
    assert kind in kinds(found)


def test_an_http_request_keeps_its_parts() -> None:
    found = bring(
        CHAT,
        node(
            "Ask", f"{BASE}httpRequest", 4.2, method="POST", url="https://a.example.com/x", sendQuery=True,
            queryParameters={"parameters": [{"name": "q", "value": "={{ $json.chatInput }}"}]},
            sendHeaders=True, headerParameters={"parameters": [
                {"name": "X-Tone", "value": "kind"}, {"name": "Authorization", "value": f"Bearer {KEY}"},
            ]},
            sendBody=True, specifyBody="json", jsonBody='={"text": "{{ $json.chatInput }}"}',
        ),
    )  # fmt: skip
    told = config(found, "http.request")
    assert (told["method"], told["url"]) == ("POST", "https://a.example.com/x?q={{message}}")
    assert told["body"] == '{"text": "{{message}}"}'
    assert told["headers"][0] == {"name": "X-Tone", "value": "kind"}
    assert KEY not in found.flow.model_dump_json() + told_in(found)


@pytest.mark.parametrize(
    ("type", "kind"),
    [
        ("toolCalculator", "calculator"),
        ("toolWikipedia", "web.search"),
        ("toolHttpRequest", "http.request"),
        ("toolVectorStore", "knowledge.search"),
        ("mcpClientTool", "mcp.tools"),
        ("toolCode", "code.run"),
        ("toolWorkflow", "code.run"),
    ],
)
def test_tools(type: str, kind: str) -> None:
    lines = {
        "Chat": {"main": [[{"node": "Agent", "type": "main", "index": 0}]]},
        "Tool": {"ai_tool": [[{"node": "Agent", "type": "ai_tool", "index": 0}]]},
    }
    tool = node("Tool", AI + type, url="https://a.example.com", jsCode="return query")
    found = bring(CHAT, node("Agent", f"{AI}agent", 2), tool, lines=lines)
    check_whole(found)
    assert kind in kinds(found)
    assert [edge.target for edge in found.flow.edges if edge.source.endswith(".tool")] == ["agent.tools"]


@pytest.mark.parametrize(
    ("type", "model", "ours"),
    [
        ("lmChatOpenAi", {"value": "gpt-4o"}, "openai/gpt-4o"),
        ("lmChatOpenAi", "gpt-4o", "openai/gpt-4o"),
        ("lmChatAnthropic", {"value": "claude"}, "anthropic/claude"),
        ("lmChatOllama", "llama3", "ollama/llama3"),
        ("lmChatMistralCloud", "mistral-small", "mistral/mistral-small"),
        ("lmChatDeepSeek", "deepseek-chat", "deepseek/deepseek-chat"),
        ("lmChatGroq", "x", "groq/x"),
        ("lmChatSomething", "x", "default"),
    ],
)
def test_models(type: str, model: Any, ours: str) -> None:
    lines = {
        "Chat": {"main": [[{"node": "Chain", "type": "main", "index": 0}]]},
        "Model": {"ai_languageModel": [[{"node": "Chain", "type": "ai_languageModel", "index": 0}]]},
    }
    found = bring(CHAT, node("Chain", f"{AI}chainLlm", 1.5), node("Model", AI + type, model=model), lines=lines)
    assert config(found, "model")["model"] == ours


def test_memory_joins_the_conversation() -> None:
    found = imported(FLOWS / "n8n" / "memory.json")
    assert ("message.history", "ai-agent.history") in [(edge.source, edge.target) for edge in found.flow.edges]
    assert config(found, "model")["history_turns"] == 3


def test_notes_come_along_and_loose_nodes_are_told() -> None:
    found = bring(
        CHAT, node("Sticky", f"{BASE}stickyNote", content="# Hello"), node("Loose", f"{BASE}set"), lines={}
    )
    assert config(found, "note")["text"] == "# Hello"
    assert "connected to nothing" in told_in(found)


def test_a_node_without_counterpart_is_kept_with_its_lines() -> None:
    found = bring(CHAT, node("Mail", f"{BASE}gmail", to="={{ $json.chatInput }}"), node("End", f"{BASE}noOp"))
    check_whole(found, kept=1)
    assert "Mail" in told_in(found)


def test_an_expression_only_n8n_can_read_stays_as_written_and_is_told() -> None:
    fields = {"assignments": [{"name": "n", "value": "=It is {{ $now.toISO() }}", "type": "string"}]}
    found = bring(CHAT, node("Set", f"{BASE}set", 3.4, assignments=fields))
    check_whole(found)
    assert config(found, "chat.answer")["text"] == "It is {{ $now.toISO() }}"
    assert "Only n8n can work out “$now.toISO()”" in told_in(found)


def test_the_openai_node_is_a_model() -> None:
    rows = {"values": [{"role": "system", "content": "Be kind."}, {"content": "={{ $json.chatInput }}"}]}
    asked = node("OpenAI", f"{AI}openAi", 1.8, modelId={"value": "gpt-4o"}, messages=rows)
    fields = {"assignments": [{"name": "output", "value": "={{ $json.message.content }}", "type": "string"}]}
    found = bring(CHAT, asked, node("Set", f"{BASE}set", 3.4, assignments=fields))
    check_whole(found)
    assert config(found, "model") == {"model": "openai/gpt-4o", "instructions": "Be kind."}
    assert ("openai.answer", "answer.text") in [(edge.source, edge.target) for edge in found.flow.edges]


def test_branches_within_what_runs_for_each_item(home: Home) -> None:
    contains = {"type": "string", "operation": "contains"}
    branch = {"conditions": [{"leftValue": "={{ $json.words }}", "rightValue": "a", "operator": contains}]}

    def says(text: str) -> dict[str, Any]:
        return {"assignments": {"assignments": [{"name": "output", "value": text, "type": "string"}]}}

    nodes = [
        CHAT,
        node("Words", f"{BASE}set", 3.4, mode="raw", jsonOutput='={{ { "words": $json.chatInput.split(" ") } }}'),
        node("Split Out", f"{BASE}splitOut", fieldToSplitOut="words"),
        node("If", f"{BASE}if", 2.2, conditions=branch),
        node("Yes", f"{BASE}set", 3.4, **says("=yes {{ $json.words }}")),
        node("No", f"{BASE}set", 3.4, **says("=no {{ $json.words }}")),
        node("Aggregate", f"{BASE}aggregate", aggregate="aggregateAllItemData"),
        node("Say", f"{BASE}set", 3.4, **says("={{ $json.data.map(each => each.output).join('; ') }}")),
    ]

    def to(*targets: str) -> dict[str, Any]:
        return {"main": [[{"node": target, "type": "main", "index": 0}] for target in targets]}

    lines = {"Chat": to("Words"), "Words": to("Split Out"), "Split Out": to("If"), "If": to("Yes", "No")}
    lines |= {"Yes": to("Aggregate"), "No": to("Aggregate"), "Aggregate": to("Say")}
    found = bring(*nodes, lines=lines)
    check_whole(found)
    flow = home.workspace.flows.create(found.flow)
    run = home.workspace.runner.start(flow, "cat dog", home.workspace.runs.new_conversation(flow.id))
    assert home.workspace.runner.finished(run).text == "yes cat; no dog"


@pytest.mark.parametrize(
    "wrap",
    [
        lambda data: data,
        lambda data: [data],
        lambda data: {"workflow": data},
        lambda data: {"workflow": {"workflow": data}},
    ],
)
def test_wrapped_files_are_known(wrap: Any) -> None:
    data = json.loads((FLOWS / "n8n" / "agent.json").read_text())
    assert read_foreign(Source.of_data(json.dumps(wrap(data)).encode(), "a.json")).fidelity.format == "n8n"


@pytest.mark.parametrize("language", ["zh", "fr"])
def test_the_report_is_in_every_language(language: str) -> None:
    assert "In n8n the loop ends" not in imported(FLOWS / "n8n" / "loop.json").fidelity.markdown("x", language)


FILES = [json.loads(flow.path.read_text()) for flow in tried_flows("n8n")]


@settings(max_examples=250, deadline=None)
@given(st.sampled_from(FILES), st.data())
def test_damaged_files_are_read_or_refused(file: Any, data: st.DataObject) -> None:
    changed = damaged(file, data)
    try:
        read_foreign(Source.of_data(json.dumps(changed).encode(), "a.json"))
    except FlowFileError:
        pass


def test_values_within_texts_of_javascript(home: Home) -> None:
    written = "={{ `Hi ${$json.chatInput}!`.toUpperCase() }}"
    fields = {"assignments": [{"name": "output", "value": written, "type": "string"}]}
    found = bring(CHAT, node("Set", f"{BASE}set", 3.4, assignments=fields))
    check_whole(found)
    flow = home.workspace.flows.create(found.flow)
    run = home.workspace.runner.start(flow, "ada", home.workspace.runs.new_conversation(flow.id))
    assert home.workspace.runner.finished(run).text == "HI ADA!"


def test_a_workflow_without_trigger_begins_at_its_first_node() -> None:
    found = bring(node("Mails", f"{BASE}emailReadImap"), node("End", f"{BASE}noOp"))
    check_whole(found)
    assert kinds(found) == ["chat.message", "chat.answer"]
