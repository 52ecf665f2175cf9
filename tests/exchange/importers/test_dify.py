"""Flows of Dify: each does what its own engine did, and what differs is told."""

import ast
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from benchmarks.fidelity.cases import Case, Tried, reply_to, tried_flows
from benchmarks.fidelity.ours import imported
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from flowloom.errors import FlowFileError
from flowloom.exchange.drawing import Imported
from flowloom.exchange.foreign import importer_for, read_foreign
from flowloom.exchange.importers.dify import differences
from flowloom.exchange.source import Source
from flowloom.flow.model import Node
from flowloom.locales import catalogue
from flowloom.nodes.data.code_values import quoted_names
from tests.exchange.importers.damage import damaged
from tests.exchange.importers.recorded import Home, check_case, check_whole, homes, recorded_cases

TRIED = list(tried_flows("dify"))
SAMPLES = Path(__file__).parents[3] / "../shared/samples/dify"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    yield from homes(tmp_path_factory.mktemp("home"))


@pytest.mark.parametrize(("flow", "case"), recorded_cases("dify"))
def test_a_flow_does_what_its_engine_did(home: Home, flow: Tried, case: Case) -> None:
    check_case(home, flow, case)


def test_nineteen_in_twenty_runs_are_equal() -> None:
    cases = [case for flow in TRIED for case in flow.cases]
    assert sum(not case.differs for case in cases) / len(cases) >= 0.95


@pytest.mark.parametrize("flow", TRIED, ids=lambda flow: flow.name)
def test_the_flow_is_whole(flow: Tried) -> None:
    check_whole(imported(flow.path))


def told_by(found: Imported) -> str:
    """All that the report says."""
    rows = [problem for row in found.fidelity.rows for problem in row.differs]
    return "\n".join(str(problem) for problem in (*rows, *found.fidelity.notes, *found.fidelity.todo))


def test_every_difference_is_told_in_three_languages() -> None:
    for problem in vars(differences).values():
        if hasattr(problem, "message"):
            for text in (problem.message, problem.hint):
                assert all(catalogue(language).get(text) for language in ("zh", "fr")), text


# -- apps as they are written by hand, for what the engine has no part in


def app(
    *steps: dict[str, Any], edges: tuple[str, ...] = (), mode: str = "advanced-chat", **workflow: Any
) -> Imported:
    """An app of some steps; an edge is written `a>b` or `a:handle>b`."""
    lines = []
    for edge in edges:
        source, _, target = edge.partition(">")
        source, _, handle = source.partition(":")
        lines.append({"source": source, "target": target, "sourceHandle": handle or "source"})
    nodes = [{"id": step["id"], "data": step, "position": {"x": 0, "y": 0}} for step in steps]
    data = {
        "app": {"name": "App", "mode": mode},
        "workflow": {"graph": {"nodes": nodes, "edges": lines}, **workflow},
    }
    return read_foreign(Source.of_data(json.dumps(data).encode(), "app.yml"))


START = {"id": "start", "type": "start", "title": "Start", "variables": []}
QUERY = ["sys", "query"]


def node_of(found: Imported, kind: str) -> Node:
    return next(node for node in found.flow.nodes if node.kind == kind)


def branch_of(operator: str, value: Any, type: str = "string", selector: list[str] = QUERY) -> Imported:
    condition = {"variable_selector": selector, "comparison_operator": operator, "value": value, "varType": type}
    case = {"case_id": "true", "logical_operator": "and", "conditions": [condition]}
    number = {"variable": "age", "type": "number", "label": "age", "required": True}
    start = {**START, "variables": [number]}
    choose = {"id": "c", "type": "if-else", "title": "Choose", "cases": [case]}
    return app(start, choose, edges=("start>c",))


@pytest.mark.parametrize(
    ("operator", "value", "selector", "told"),
    [
        ("is", "5", ["start", "age"], differences.TYPE_STOPS),
        ("=", "5", QUERY, differences.TYPE_STOPS),
        ("=", "5.0", ["start", "age"], differences.TYPE_STOPS),
        ("≥", "5.0", ["start", "age"], None),
        ("=", 5, ["start", "age"], None),
        ("is", "x", QUERY, None),
        ("empty", "", ["ghost", "text"], None),
        ("not exists", "", ["ghost", "text"], None),
    ],
)
def test_types_and_what_is_not_there(operator: str, value: Any, selector: list[str], told: Any) -> None:
    found = branch_of(operator, value, "string", selector)
    row = next(row for row in found.fidelity.rows if row.type == "if-else")
    assert row.differs == ((told,) if told else ())
    assert row.grade == ("approximate" if told else "exact")


def test_changes_side_by_side_are_told() -> None:
    def each(parallel: bool) -> Imported:
        inside = {"iteration_id": "each"}
        item = {"variable_selector": ["conversation", "seen"], "operation": "append", "input_type": "variable"}
        return app(
            START,
            {"id": "each", "type": "iteration", "title": "Each", "iterator_selector": ["sys", "files"]}
            | {"output_selector": ["each", "item"], "is_parallel": parallel, "parallel_nums": 3},
            {"id": "s", "type": "iteration-start", "title": "", **inside},
            {"id": "a", "type": "assigner", "title": "Add", "version": "2", **inside}
            | {"items": [{**item, "value": ["each", "item"]}]},
            edges=("start>each", "s>a"),
            conversation_variables=[{"name": "seen", "value_type": "array[any]", "value": []}],
        )

    assert str(differences.APPENDS) in told_by(each(True))
    assert str(differences.APPENDS) not in told_by(each(False))
    assert node_of(each(True), "flow.each").config["at_once"] == 3
    assert node_of(each(False), "flow.each").config["at_once"] == 1


def test_keys_never_come_over() -> None:
    key = "sk-" + "A1b2C3d4" * 5
    http = {"id": "h", "type": "http-request", "title": "Ask", "method": "get", "url": "https://example.com/x"}
    http |= {"headers": f"Authorization: Bearer {key}\nAccept: text/plain\nX-Api-Key: {key}", "params": ""}
    http |= {"authorization": {"type": "api-key", "config": {"type": "bearer", "api_key": key}}}
    secret = {"name": "TOKEN", "value_type": "secret", "value": key}
    prompt = [{"role": "user", "text": "{{#env.TOKEN#}} {{#sys.query#}}"}]
    llm = {"id": "l", "type": "llm", "title": "LLM", "model": {}, "prompt_template": prompt}
    found = app(START, http, llm, edges=("start>h", "h>l"), environment_variables=[secret])
    assert key not in found.flow.model_dump_json() + found.fidelity.markdown("x")
    assert [header["name"] for header in node_of(found, "http.request").config["headers"]] == ["Accept"]
    assert "“Ask” sends a key" in told_by(found)
    assert "“TOKEN” is a secret" in told_by(found)


def test_retrieval_agent_and_tools_have_their_blocks() -> None:
    model = {"provider": "langgenius/anthropic/anthropic", "name": "claude-x", "completion_params": {"top_p": 0.1}}
    parameters = {
        "model": {"type": "constant", "value": {"provider": "openai", "model": "gpt-4o"}},
        "instruction": {"type": "constant", "value": "Be brief."},
        "query": {"type": "constant", "value": "{{#sys.query#}}"},
        "maximum_iterations": {"type": "constant", "value": 5},
        "tools": {"value": [{"provider_name": "duckduckgo", "tool_name": "ddgo_search"}, {"tool_name": "odd"}]},
    }
    found = app(
        START,
        {"id": "k", "type": "knowledge-retrieval", "title": "Find", "query_variable_selector": QUERY}
        | {"multiple_retrieval_config": {"top_k": 6, "score_threshold_enabled": True, "score_threshold": 0.4}},
        {"id": "l", "type": "llm", "title": "LLM", "model": model}
        | {"prompt_template": [{"role": "system", "text": "From {{#context#}}"}]}
        | {"context": {"enabled": True, "variable_selector": ["k", "result"]}, "memory": {"window": {}}},
        {"id": "a", "type": "agent", "title": "Agent", "agent_parameters": parameters},
        edges=("start>k", "k>l", "l>a"),
    )
    search, model_block, agent = (node_of(found, kind) for kind in ("knowledge.search", "model", "agent"))
    assert search.config == {"top_k": 6, "minimum_score": 0.4}
    assert (model_block.config["model"], model_block.config["history_turns"]) == ("anthropic/claude-x", 100)
    assert [row["role"] for row in model_block.config["messages"]] == ["system", "user"]
    assert (agent.config["step_limit"], agent.config["model"]) == (5, "openai/gpt-4o")
    assert any(edge.source == f"{node_of(found, 'web.search').id}.tool" for edge in found.flow.edges)
    said = told_by(found)
    for text in ("Add the documents", "“odd”", "only the temperature", "tools in Flowloom’s own way"):
        assert text in said


@pytest.mark.parametrize(("mode", "kind"), [("chat", "model"), ("agent-chat", "agent"), ("completion", "model")])
def test_apps_without_a_graph(mode: str, kind: str) -> None:
    config = {
        "pre_prompt": "Talk like a {{who}} about {{this}}.",
        "opening_statement": "Ahoy!",
        "suggested_questions": ["Where to?", "How far?"],
        "user_input_form": [{"text-input": {"variable": "who", "label": "Who", "required": True}}],
        "model": {"provider": "openai", "name": "gpt-4o", "completion_params": {"temperature": 0.2}},
        "agent_mode": {"enabled": True, "tools": [{"provider_id": "time", "tool_name": "current_time"}]}
        if mode == "agent-chat"
        else {"enabled": False},
    }
    data = {"app": {"name": "Pirate", "mode": mode}, "model_config": config}
    found = read_foreign(Source.of_data(yaml.safe_dump(data).encode(), "app.yml"))
    block, form = node_of(found, kind), node_of(found, "people.form")
    role = "user" if mode == "completion" else "system"
    assert [row["role"] for row in block.config["messages"]] == [role]
    assert "{{who}}" in block.config["messages"][0]["text"]
    assert (block.config["temperature"], form.config["fields"][0]["name"]) == (0.2, "Who")
    assert (found.flow.starters, found.flow.description) == (("Where to?", "How far?"), "Ahoy!")
    assert form.config["once"] is True


def test_what_has_no_counterpart_is_kept_with_its_lines() -> None:
    script = {"id": "j", "type": "code", "title": "Odd", "code_language": "cobol", "code": "STOP RUN."}
    script |= {"variables": [{"variable": "a", "value_selector": QUERY}], "outputs": {"r": {"type": "string"}}}
    answer = {"id": "a", "type": "answer", "title": "Answer", "answer": "{{#j.r#}}"}
    found = app(START, script, answer, edges=("start>j", "j>a"))
    kept = node_of(found, "imported")
    ends = {(edge.source, edge.target) for edge in found.flow.edges}
    assert {(f"{kept.id}.r", "answer.text"), ("message.message", f"{kept.id}.input_1")} <= ends


def test_notes_stand_where_they_stood() -> None:
    note = {"root": {"children": [{"children": [{"text": "Mind "}, {"text": "this"}]}, {"children": []}]}}
    node = {"id": "n", "type": "custom-note", "position": {"x": 5, "y": 900}, "data": {"text": json.dumps(note)}}
    data = {"app": {"name": "A", "mode": "workflow"}, "workflow": {"graph": {"nodes": [node, as_node(START)]}}}
    found = read_foreign(Source.of_data(json.dumps(data).encode()))
    assert node_of(found, "note").config["text"] == "Mind this"
    assert found.flow.layout[node_of(found, "note").id].y == 900


def as_node(step: dict[str, Any]) -> dict[str, Any]:
    return {"id": step["id"], "data": step, "position": {"x": 1, "y": 2}}


def test_double_braces_of_theirs_are_none_of_ours() -> None:
    program = "def main(a):\n    b = 1\n    return {'r': f'{{a}} {b}' + '{{a}}' + a}"
    code = {"id": "c", "type": "code", "title": "Code", "code_language": "python3", "code": program}
    code |= {"variables": [{"variable": "a", "value_selector": QUERY}], "outputs": {"r": {"type": "string"}}}
    written = node_of(app(START, code, edges=("start>c",)), "code.run").config["code"]
    assert list(quoted_names(written)) == []
    # The same texts, written so that nothing is put in there.
    kept = [
        node.value
        for node in ast.walk(ast.parse(written.partition("\ngiven")[0]))
        if isinstance(node, ast.Constant)
    ]
    assert "{{a}}" in kept
    assert "{a} " in kept


def test_code_in_javascript_runs_as_it_is() -> None:
    program = "function main({a}) {\n  return {r: a.toUpperCase()};\n}"
    code = {"id": "c", "type": "code", "title": "Code", "code_language": "javascript", "code": program}
    code |= {"variables": [{"variable": "a", "value_selector": QUERY}], "outputs": {"r": {"type": "string"}}}
    config = node_of(app(START, code, edges=("start>c",)), "code.run").config
    assert config["engine"] == "javascript"
    assert config["code"].startswith(program)


def test_a_conversation_goes_on(home: Home) -> None:
    flow = next(flow for flow in TRIED if flow.name == "memory")
    made = home.workspace.flows.create(imported(flow.path).flow)
    conversation = home.workspace.runs.new_conversation(made.id)
    home.server.behave = lambda body: reply_to(body, [])
    for count in (5, 6, 7):
        run = home.workspace.runner.start(made, "Ada", conversation)
        assert home.workspace.runner.finished(run).text.endswith(f"[] {count}")


def test_a_thousand_steps_come_over() -> None:
    llm = {"type": "llm", "title": "LLM", "model": {}}
    steps = [
        {**llm, "id": f"n{number}", "prompt_template": [{"role": "user", "text": f"{{{{#n{number - 1}.text#}}}}"}]}
        for number in range(1_000)
    ]
    found = app(START, *steps, edges=("start>n0", *(f"n{number}>n{number + 1}" for number in range(999))))
    assert len(found.flow.nodes) == 1_001


# -- what people bring


@pytest.mark.skipif(not SAMPLES.is_dir(), reason="the folder of samples is not beside the checkout")
@pytest.mark.parametrize("name", sorted(path.name for path in SAMPLES.glob("*.yml")) or ["none"])
def test_published_flows_come_over(name: str) -> None:
    found = read_foreign(Source.of_path(SAMPLES / name))
    check_whole(found)


def test_other_files_are_none_of_these() -> None:
    for data in (b"app: {mode: chat}", b"kind: app\napp: 5", b"[1, 2]", b"", b"app: {mode: odd}\nworkflow: {}"):
        found = importer_for(Source.of_data(data, "x.yml"))
        assert found is None or found.id != "dify"


WHOLE = [yaml.safe_load(tried.path.read_text("utf-8")) for tried in TRIED]


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_a_damaged_file_is_read_or_refused(data: st.DataObject) -> None:
    try:
        found = read_foreign(Source.of_data(damaged(WHOLE, data), "app.yml"))
    except FlowFileError:
        return
    assert found.flow.model_dump_json()
