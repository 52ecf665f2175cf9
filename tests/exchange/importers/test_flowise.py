"""Chatflows and agentflows of Flowise: they do what its source says, or the report names the difference."""

import json
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from benchmarks.fidelity.cases import FLOWS, Case, Tried, tried_flows
from benchmarks.fidelity.ours import imported
from hypothesis import given, settings
from hypothesis import strategies as st

from flowloom.errors import FlowFileError
from flowloom.exchange.drawing import Imported
from flowloom.exchange.foreign import importer_for, read_foreign
from flowloom.exchange.importers.flowise.rich_text import Part, markdown, parts_of
from flowloom.exchange.source import Source
from tests.exchange.importers.damage import WRONG, Way, check_saved, cut_out, replaced, ways_in
from tests.exchange.importers.recorded import Home, check_case, check_whole, homes, recorded_cases, told_in

SAMPLES = Path(__file__).parents[3] / "../shared/samples/flowise"
KEY = "sk-proj-" + "a1B2" * 8
START = "startAgentflow_0"
MODEL = {"modelName": "gpt-4o-mini", "temperature": 0.9}


def node(id: str, *, parent: str = "", **inputs: Any) -> dict[str, Any]:
    """A node whose sort is in its id: `llmAgentflow_0`."""
    data = {"id": id, "name": id.rsplit("_", 1)[0], "label": id, "inputs": inputs}
    return {"id": id, "position": {"x": 5, "y": 7}, "data": data, **({"parentNode": parent} if parent else {})}


def line(source: str, target: str, way: int | None = None, into: str = "") -> dict[str, Any]:
    return {
        "source": source,
        "target": target,
        "sourceHandle": f"{source}-output-{'x' if way is None else way}",
        "targetHandle": f"{target}-input-{into}-x" if into else target,
    }


def read(*parts: dict[str, Any]) -> Imported:
    nodes, edges = [each for each in parts if "data" in each], [each for each in parts if "source" in each]
    return read_foreign(Source.of_data(json.dumps({"nodes": nodes, "edges": edges}).encode(), "flow.json"))


def llm(id: str = "llmAgentflow_0", **more: Any) -> dict[str, Any]:
    given = {"llmModel": "chatOpenAI", "llmModelConfig": MODEL, "llmMessages": "", "llmEnableMemory": True}
    return node(id, **{**given, **more})


def start(**more: Any) -> dict[str, Any]:
    return node(START, **{"startInputType": "chatInput", **more})


def kinds(found: Imported) -> list[str]:
    return [each.kind for each in found.flow.nodes]


def config(found: Imported, kind: str) -> dict[str, Any]:
    return next(each.config for each in found.flow.nodes if each.kind == kind)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    yield from homes(tmp_path_factory.mktemp("home"))


@pytest.mark.parametrize(("flow", "case"), recorded_cases("flowise"))
def test_runs_as_flowise_does(home: Home, flow: Tried, case: Case) -> None:
    check_case(home, flow, case)


@pytest.mark.parametrize("flow", list(tried_flows("flowise")), ids=lambda flow: flow.name)
def test_every_flow_is_whole(flow: Tried) -> None:
    check_whole(imported(flow.path))
    importer = importer_for(Source.of_path(flow.path))
    assert importer is not None
    assert importer.id == "flowise"


def test_samples_come_over_without_a_placeholder() -> None:
    if not SAMPLES.is_dir():
        pytest.skip("the shared samples are not here")
    for path in sorted(SAMPLES.glob("*.json")):
        check_whole(read_foreign(Source.of_path(path)))


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("<p>One</p><p>Two <strong>bold</strong></p>", "One\n\nTwo **bold**"),
        ("<ul><li>a</li><li>b</li></ul>", "- a\n- b"),
        ("<ol><li>a</li><li>b</li></ol>", "1. a\n2. b"),
        ("<h2>Head</h2><p>a<br>b</p>", "## Head\n\na\nb"),
        ("<p>a &lt; b &amp; c</p>", "a < b & c"),
        ("plain <b>kept</b>", "plain <b>kept</b>"),
        ("", ""),
    ],
)
def test_texts_lose_their_html(value: str, text: str) -> None:
    assert markdown(value) == text


def test_references_are_found_through_their_marks() -> None:
    marked = '<p>Say <span class="variable" data-id="question">{{ question }}</span> {{ llm\\_0.output.a }}</p>'
    assert parts_of(marked) == [
        Part("Say "),
        Part("{{ question }}", "question"),
        Part(" "),
        Part("{{ llm\\_0.output.a }}", "llm_0.output.a"),
    ]


@pytest.mark.parametrize(
    ("sort", "name", "model"),
    [
        ("chatOpenAI", "gpt-4o", "openai/gpt-4o"),
        ("azureChatOpenAI", "gpt-4o", "azure/gpt-4o"),
        ("chatAnthropic", "claude-x", "anthropic/claude-x"),
        ("chatGoogleGenerativeAI", "gemini-x", "google/gemini-x"),
        ("chatOllama", "llama3", "ollama/llama3"),
        ("chatMistralAI", "m", "mistral/m"),
        ("chatDeepseek", "m", "deepseek/m"),
        ("groqChat", "m", "groq/m"),
        ("chatNobody", "m", "default"),
        ("chatOpenAI", "", "default"),
    ],
)
def test_models_keep_their_names(sort: str, name: str, model: str) -> None:
    found = read(start(), llm(llmModel=sort, llmModelConfig={"modelName": name}), line(START, "llmAgentflow_0"))
    assert config(found, "model")["model"] == model


def test_memory_joins_the_conversation_and_the_report_says_where_it_stands() -> None:
    found = read(start(), llm(), line(START, "llmAgentflow_0"))
    assert any(edge.end.port == "history" for edge in found.flow.edges)
    assert "ahead of the question there" in told_in(found)
    silent = read(start(), llm(llmEnableMemory=False), line(START, "llmAgentflow_0"))
    assert not any(edge.end.port == "history" for edge in silent.flow.edges)


def test_markdown_and_joins_are_told() -> None:
    assert "without their Markdown and HTML" in told_in(imported(FLOWS / "flowise" / "condition-markdown.json"))
    assert "Flowise may never run it then" in told_in(imported(FLOWS / "flowise" / "join.json"))


def test_numbers_are_read_as_flowise_reads_them() -> None:
    found = imported(FLOWS / "flowise" / "condition-number.json")
    assert "else 0.0" in str(config(found, "code.run")["code"])


def test_a_loop_has_one_entry_and_its_limit() -> None:
    found = imported(FLOWS / "flowise" / "loop.json")
    assert [each.settings.rounds for each in found.flow.nodes if each.kind == "merge"] == [6]


def test_a_loop_recalls_what_comes_from_before_it() -> None:
    found = imported(FLOWS / "flowise" / "loop.json")
    names = {each.config["name"] for each in found.flow.nodes if each.kind.startswith("memory.")}
    assert names == {"text", "value 1"}


@pytest.mark.parametrize(
    ("tool", "kind"),
    [
        ("calculator", "calculator"),
        ("currentDateTime", "datetime"),
        ("googleCustomSearch", "web.search"),
        ("tavilyAPI", "web.search"),
        ("requestsPost", "http.request"),
        ("webScraperTool", "web.read"),
        ("retrieverTool", "knowledge.search"),
        ("gmail", "mail.send"),
        ("slackMCP", "mcp.tools"),
    ],
)
def test_tools_of_an_agent_are_blocks(tool: str, kind: str) -> None:
    agent = node(
        "agentAgentflow_0",
        agentModel="chatOpenAI",
        agentModelConfig=MODEL,
        agentTools=[
            {"agentSelectedTool": tool, "agentSelectedToolConfig": {"requestsPostUrl": "https://example.com"}}
        ],
        agentEnableMemory=False,
    )
    found = read(start(), agent, line(START, "agentAgentflow_0"))
    joined = [found.flow.node(edge.start.node) for edge in found.flow.edges if edge.end.port == "tools"]
    assert [each.kind for each in joined if each] == [kind]


def test_a_tool_without_a_counterpart_is_told() -> None:
    agent = node("agentAgentflow_0", agentModel="chatOpenAI", agentTools=[{"agentSelectedTool": "myOwnTool"}])
    assert "“myOwnTool” has no counterpart here" in told_in(read(start(), agent, line(START, "agentAgentflow_0")))


def test_documents_are_a_search_and_a_thing_to_do() -> None:
    found = read(start(), node("retrieverAgentflow_0", retrieverQuery=""), line(START, "retrieverAgentflow_0"))
    assert "knowledge.search" in kinds(found)
    assert "Add the documents that “retrieverAgentflow_0” searches." in told_in(found)


def test_another_flow_is_kept_and_said_what_to_do() -> None:
    other = node("executeFlowAgentflow_0", executeFlowSelectedFlow="abc")
    found = read(start(), other, line(START, "executeFlowAgentflow_0"))
    assert config(found, "imported")["settings"] == {"inputs": {"executeFlowSelectedFlow": "abc"}}
    assert "Import that flow, too" in told_in(found)


def test_code_is_javascript_with_the_values_flowise_gives() -> None:
    found = imported(FLOWS / "flowise" / "code.json")
    assert config(found, "code.run")["engine"] == "javascript"
    assert "const $text = {{text}};" in str(config(found, "code.run")["code"])
    asks = node("customFunctionAgentflow_0", customFunctionJavascriptFunction="return require('x')")
    assert "uses modules, the network" in told_in(read(start(), asks, line(START, "customFunctionAgentflow_0")))


def test_the_state_is_remembered_and_recalled() -> None:
    found = imported(FLOWS / "flowise" / "state.json")
    assert kinds(found).count("memory.remember") == 3
    assert kinds(found).count("memory.recall") == 3
    kept = read(
        start(startState=[{"key": "a", "value": "1"}], startPersistState=True), llm(), line(START, "llmAgentflow_0")
    )
    assert "lasts for the whole conversation there" in told_in(kept)


def test_a_name_that_the_start_does_not_know_joins_the_state() -> None:
    """Flowise adds it, and leaves a reference that nothing fills as it is written."""
    found = read(
        start(startState=[{"key": "a", "value": "1"}]),
        llm(llmUpdateState=[{"key": "b", "value": "<p>new</p>"}]),
        llm("llmAgentflow_1", llmMessages=[{"role": "user", "content": "{{ $flow.state.b }} {{ $flow.state.c }}"}]),
        line(START, "llmAgentflow_0"),
        line("llmAgentflow_0", "llmAgentflow_1"),
    )
    remembered = {each.config["name"] for each in found.flow.nodes if each.kind == "memory.remember"}
    recalled = {each.config["name"] for each in found.flow.nodes if each.kind == "memory.recall"}
    assert (remembered, recalled) == ({"a", "b"}, {"b"})
    assert "$flow.state.c" in json.dumps([each.config for each in found.flow.nodes])


def test_chains_take_in_their_parts() -> None:
    found = read(
        node("conversationalRetrievalQAChain_0", responsePrompt="Use {context}"),
        node("chatOpenAI_0", modelName="gpt-4o", temperature=0.2),
        node("pinecone_0", topK="7"),
        node("openAIEmbeddings_0"),
        node("bufferWindowMemory_0", k="3"),
        line("chatOpenAI_0", "conversationalRetrievalQAChain_0", into="model"),
        line("pinecone_0", "conversationalRetrievalQAChain_0", into="vectorStoreRetriever"),
        line("openAIEmbeddings_0", "pinecone_0", into="embeddings"),
        line("bufferWindowMemory_0", "conversationalRetrievalQAChain_0", into="memory"),
    )
    check_whole(found)
    assert config(found, "knowledge.search")["top_k"] == 7
    assert config(found, "model")["history_turns"] == 3
    assert (config(found, "model")["model"], config(found, "model")["temperature"]) == ("openai/gpt-4o", 0.2)
    assert found.fidelity.count("placeholder") == 0


def test_notes_and_places_come_over() -> None:
    found = read(start(), llm(), node("stickyNoteAgentflow_0", note="<p>Look</p>"), line(START, "llmAgentflow_0"))
    assert config(found, "note")["text"] == "Look"
    assert found.flow.layout["startagentflow_0"].x == 5


def test_keys_never_come_over() -> None:
    found = read(
        start(),
        llm(llmModelConfig={**MODEL, "apiKey": "abcdefgh12", "basepath": f"https://x.test/?key={KEY}"}),
        node("slackAgentflow_0", apiKey="abcdefgh12", note=f"use {KEY}"),
        line(START, "llmAgentflow_0"),
    )
    told = found.flow.model_dump_json() + found.fidelity.model_dump_json()
    assert KEY not in told
    assert "abcdefgh12" not in told


TEXT = (FLOWS / "flowise" / "loop.json").read_text("utf-8")


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_damaged_files_are_refused_or_read(data: st.DataObject) -> None:
    with suppress(FlowFileError):
        check_saved(read_foreign(Source.of_data(cut_out(TEXT, data), "flow.json")))


@settings(max_examples=120, deadline=None)
@given(st.sampled_from(list(ways_in(json.loads(TEXT)))), WRONG)
def test_wrong_types_are_refused_or_read(way: Way, value: Any) -> None:
    with suppress(FlowFileError):
        check_saved(read_foreign(Source.of_data(replaced(TEXT, way, value), "flow.json")))
