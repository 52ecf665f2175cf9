"""Flows of Langflow: what its own engine did is what ours does, or the report names the difference."""

import json
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import pytest
from benchmarks.fidelity.cases import FLOWS, Case, Tried, tried_flows
from benchmarks.fidelity.ours import imported
from hypothesis import given, settings
from hypothesis import strategies as st

from flowloom.errors import FlowFileError
from flowloom.exchange.drawing import Imported
from flowloom.exchange.foreign import importer_for, read_foreign
from flowloom.exchange.importers.langflow.prompts import pieces_of
from flowloom.exchange.source import Source
from tests.exchange.importers.damage import WRONG, Way, check_saved, cut_out, replaced, ways_in
from tests.exchange.importers.recorded import Home, check_case, check_whole, homes, recorded_cases, told_in

KEY = "sk-proj-" + "a1B2" * 8


def component(id: str, type: str, /, **values: Any) -> dict[str, Any]:
    template = {name: {"value": value} for name, value in values.items() if name not in ("edited",)}
    inner = {"display_name": type, "template": template, "edited": values.get("edited", False)}
    return {
        "id": id,
        "type": "genericNode",
        "position": {"x": 0, "y": 0},
        "data": {"id": id, "type": type, "node": inner},
    }


def line(source: str, target: str) -> dict[str, Any]:
    """`Chat.message` to `Prompt.name`; `Loop.@item` is the line back into a loop."""
    (start, output), (end, field) = source.split("."), target.split(".")
    back = field.startswith("@")
    into = {"name": field[1:], "id": end} if back else {"fieldName": field, "id": end}
    return {
        "source": start,
        "target": end,
        "data": {"sourceHandle": {"name": output, "id": start}, "targetHandle": into},
    }


def read(*parts: dict[str, Any]) -> Imported:
    nodes = [each for each in parts if "type" in each]
    edges = [each for each in parts if "source" in each]
    held = {"name": "x", "data": {"nodes": nodes, "edges": edges}}
    return read_foreign(Source.of_data(json.dumps(held).encode(), "flow.json"))


CHAT, END = component("Chat", "ChatInput"), component("End", "ChatOutput")


def kinds(found: Imported) -> list[str]:
    return [node.kind for node in found.flow.nodes]


def config(found: Imported, kind: str) -> dict[str, Any]:
    return next(node.config for node in found.flow.nodes if node.kind == kind)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    yield from homes(tmp_path_factory.mktemp("home"))


@pytest.mark.parametrize(("flow", "case"), recorded_cases("langflow"))
def test_runs_as_langflow_does(home: Home, flow: Tried, case: Case) -> None:
    check_case(home, flow, case)


@pytest.mark.parametrize("flow", list(tried_flows("langflow")), ids=lambda flow: flow.name)
def test_every_flow_is_whole(flow: Tried) -> None:
    check_whole(imported(flow.path))
    importer = importer_for(Source.of_path(flow.path))
    assert importer is not None
    assert importer.id == "langflow"


@pytest.mark.parametrize(
    ("template", "double", "found"),
    [
        ("Say {a} to {b}", False, [("Say ", "", ""), ("", "a", ""), (" to ", "", ""), ("", "b", "")]),
        ("{{kept}} {a:>5}", False, [("{", "", ""), ("kept}", "", ""), (" ", "", ""), ("", "a", ":>5")]),
        ("Say {{a}} {b}", True, [("Say ", "", ""), ("", "a", ""), (" {b}", "", "")]),
        ('{"a": 1}', False, None),
        ("{a.b}", False, None),
        ("{", False, None),
        ("", False, []),
    ],
)
def test_prompts_follow_their_own_rules(
    template: str, double: bool, found: list[tuple[str, str, str]] | None
) -> None:
    pieces = pieces_of(template, double)
    assert (pieces and [tuple(piece) for piece in pieces]) == found


def test_bare_json_in_a_prompt_is_sent_as_it_is_and_told() -> None:
    found = read(CHAT, component("P", "Prompt", template='{"a": 1}'), END, line("P.prompt", "End.input_value"))
    assert config(found, "text")["text"] == '{"a": 1}'
    assert "because of its single braces" in told_in(found)


def test_a_prompt_takes_the_text_of_data_alone() -> None:
    found = read(
        CHAT,
        component("C", "CalculatorComponent", expression="1 + 1"),
        component("P", "Prompt", template="It is {x}"),
        END,
        line("C.result", "P.x"),
        line("P.prompt", "End.input_value"),
    )
    assert config(found, "template")["template"] == "{{ data.text }}"


def test_format_specs_work() -> None:
    found = read(
        CHAT,
        component("P", "Prompt", template="[{x:>4}]"),
        END,
        line("Chat.message", "P.x"),
        line("P.prompt", "End.input_value"),
    )
    assert config(found, "code.run")["code"] == "'{:>4}'.format({{value}})"


@pytest.mark.parametrize(
    ("type", "values", "model"),
    [
        ("OpenAIModel", {"model_name": "gpt-4o"}, "openai/gpt-4o"),
        ("AnthropicModel", {"model_name": "claude-x"}, "anthropic/claude-x"),
        ("GoogleGenerativeAIModel", {"model_name": "gemini-x"}, "google/gemini-x"),
        ("OllamaModel", {"model_name": "llama3"}, "ollama/llama3"),
        ("LanguageModelComponent", {"model": [{"name": "m", "provider": "Anthropic"}]}, "anthropic/m"),
        ("LanguageModelComponent", {"provider": "OpenAI", "model_name": "gpt-4o"}, "openai/gpt-4o"),
        ("LanguageModelComponent", {"model": []}, "default"),
        ("NovitaModel", {"model_name": "x"}, "default"),
    ],
)
def test_models_keep_their_names(type: str, values: dict[str, Any], model: str) -> None:
    found = read(
        CHAT,
        component("M", type, **values),
        END,
        line("Chat.message", "M.input_value"),
        line("M.text_output", "End.input_value"),
    )
    assert config(found, "model")["model"] == model
    assert ("no model that is known here" in told_in(found)) == (model == "default")


def test_a_model_that_only_lends_itself_has_no_block() -> None:
    rows = [{"name": "city", "type": "str", "description": "Where", "multiple": False}]
    found = read(
        CHAT,
        component("M", "OpenAIModel", model_name="gpt-4o"),
        component("S", "StructuredOutput", output_schema=rows),
        END,
        line("M.model_output", "S.llm"),
        line("Chat.message", "S.input_value"),
        line("S.structured_output", "End.input_value"),
    )
    assert kinds(found).count("model") == 1
    assert config(found, "model")["model"] == "openai/gpt-4o"
    assert config(found, "model")["fields"] == [{"name": "city", "type": "text", "description": "Where"}]


def test_an_agent_has_its_tools_its_clock_and_the_conversation() -> None:
    found = read(
        CHAT,
        component("T", "CalculatorComponent", tools_metadata=[{"name": "evaluate_expression", "status": True}]),
        component("U", "URLComponent"),
        component("X", "OwnThing"),
        component("A", "Agent", model=[{"name": "m", "provider": "OpenAI"}], max_iterations=80, n_messages=20),
        END,
        line("Chat.message", "A.input_value"),
        line("T.component_as_tool", "A.tools"),
        line("U.component_as_tool", "A.tools"),
        line("X.component_as_tool", "A.tools"),
        line("A.response", "End.input_value"),
    )
    tools = {edge.start.node for edge in found.flow.edges if edge.end.port == "tools"}
    assert {found.flow.node(id).kind for id in tools} == {"calculator", "web.read", "datetime"}
    assert config(found, "agent")["step_limit"] == 50
    assert config(found, "agent")["history_turns"] == 10
    assert any(edge.end.port == "history" for edge in found.flow.edges)
    assert "“OwnThing” has no counterpart here" in told_in(found)


@pytest.mark.parametrize(
    ("operator", "match", "exact", "kind"),
    [
        ("equals", "x", True, "branch"),
        ("equals", "x", False, "branch"),
        ("contains", " x", False, "code.run"),
        ("equals", "", True, "code.run"),
        ("regex", "x", False, "code.run"),
        ("less than", "5", True, "code.run"),
    ],
)
def test_each_comparison_is_a_branch_or_code(operator: str, match: str, exact: bool, kind: str) -> None:
    router = component("R", "ConditionalRouter", operator=operator, match_text=match, case_sensitive=exact)
    found = read(CHAT, router, END, line("Chat.message", "R.input_text"), line("R.true_result", "End.input_value"))
    assert kinds(found).count("code.run") == (kind == "code.run")
    assert ("Spaces at the start and end" in told_in(found)) == (kind == "branch" and not exact)
    check_whole(found)


def test_a_cycle_is_a_loop_with_its_limit() -> None:
    router = component("R", "ConditionalRouter", operator="contains", match_text="done", max_iterations=4)
    found = read(
        CHAT,
        component("P", "Prompt", template="{q} {again}"),
        component("M", "OpenAIModel", model_name="gpt-4o"),
        router,
        END,
        line("Chat.message", "P.q"),
        line("R.false_result", "P.again"),
        line("P.prompt", "M.input_value"),
        line("M.text_output", "R.input_text"),
        line("R.true_result", "End.input_value"),
    )
    check_whole(found)
    assert [node.settings.rounds for node in found.flow.nodes if node.kind == "prompt"] == [4]
    assert "an empty text leaves at the limit" in told_in(found)


def test_a_loop_without_a_line_back_gives_nothing_and_says_so() -> None:
    found = read(
        CHAT,
        component("S", "SplitText", separator=","),
        component("L", "LoopComponent"),
        component("P", "ParserComponent", pattern="{text}"),
        component("Q", "ParserComponent", pattern="{text}"),
        END,
        line("Chat.message", "S.data_inputs"),
        line("S.dataframe", "L.data"),
        line("L.item", "P.input_data"),
        line("L.done", "Q.input_data"),
        line("Q.parsed_text", "End.input_value"),
    )
    assert "flow.each" not in kinds(found)
    assert "No line leads back into this loop" in told_in(found)
    assert "It never runs in Langflow" in told_in(found)


def test_a_loop_keeps_empty_rows_and_says_so() -> None:
    found = imported(FLOWS / "langflow" / "loop.json")
    assert config(found, "flow.each")["at_once"] == 1
    assert "gives an empty row at the end" in told_in(found)


def test_documents_are_a_search_and_a_thing_to_do() -> None:
    found = read(
        CHAT,
        component("E", "OpenAIEmbeddings"),
        component("F", "File"),
        component("S", "SplitText"),
        component("W", "AstraDB", ingest_data="", search_query=""),
        component("D", "Chroma", ingest_data="", search_query="", number_of_results=7),
        component("P", "ParserComponent", pattern="{text}"),
        END,
        line("F.dataframe", "S.data_inputs"),
        line("S.dataframe", "W.ingest_data"),
        line("E.embeddings", "D.embedding"),
        line("Chat.message", "D.search_query"),
        line("D.search_results", "P.input_data"),
        line("P.parsed_text", "End.input_value"),
    )
    assert config(found, "knowledge.search")["top_k"] == 7
    assert "Add the documents that “Chroma” searches." in told_in(found)
    assert "“AstraDB” only fills a store" in told_in(found)
    check_whole(found)


def test_custom_components_are_kept_and_never_run() -> None:
    own = component("X", "MyThing", code="raise SystemExit", power=3)
    found = read(CHAT, own, END, line("Chat.message", "X.input_value"), line("X.out", "End.input_value"))
    kept = config(found, "imported")
    assert kept["type"] == "MyThing"
    assert kept["settings"] == {"power": 3, "code": "raise SystemExit"}
    assert (kept["inputs"], kept["outputs"]) == (["input_value"], ["out"])


def test_changed_code_is_told() -> None:
    changed = component("T", "TextInput", input_value="a", edited=True)
    assert "Its code was changed in Langflow" in told_in(
        read(CHAT, changed, END, line("T.text", "End.input_value"))
    )


def test_notes_and_places_come_over() -> None:
    found = imported(FLOWS / "langflow" / "prompt.json")
    assert config(found, "note")["text"] == "# About\nThis flow answers."
    prompt = next(node.id for node in found.flow.nodes if node.kind == "prompt")
    assert found.flow.layout[prompt].x == 300


def test_handles_are_read_as_langflow_writes_them() -> None:
    written = line("Chat.message", "End.input_value")
    handles = {name: json.dumps(value).replace('"', "œ") for name, value in written.pop("data").items()}
    found = read(CHAT, END, {**written, **handles})
    assert [(edge.start.port, edge.end.port) for edge in found.flow.edges] == [("message", "text")]


def test_keys_never_come_over() -> None:
    model = component("M", "OpenAIModel", model_name="gpt-4o", api_key=KEY)
    own = component("X", "MyThing", api_key="abcdefgh12", note=f"use {KEY}")
    found = read(
        CHAT, model, own, END, line("Chat.message", "M.input_value"), line("M.text_output", "End.input_value")
    )
    told = found.flow.model_dump_json() + found.fidelity.model_dump_json()
    assert KEY not in told
    assert "abcdefgh12" not in told


FLOW = (FLOWS / "langflow" / "loop.json").read_text("utf-8")


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_damaged_files_are_refused_or_read(data: st.DataObject) -> None:
    with suppress(FlowFileError):
        check_saved(read_foreign(Source.of_data(cut_out(FLOW, data), "flow.json")))


@settings(max_examples=120, deadline=None)
@given(st.sampled_from(list(ways_in(json.loads(FLOW)))), WRONG)
def test_wrong_types_are_refused_or_read(way: Way, value: Any) -> None:
    with suppress(FlowFileError):
        check_saved(read_foreign(Source.of_data(replaced(FLOW, way, value), "flow.json")))
