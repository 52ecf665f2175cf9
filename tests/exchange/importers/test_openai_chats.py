"""Custom GPTs, assistants and prompt objects of OpenAI, as their JSON gives them."""

import json
from collections.abc import Iterator
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


def bring(data: Any, name: str = "pasted") -> Imported:
    return read_foreign(Source.of_data(json.dumps(data).encode(), name))


def config(found: Imported, kind: str) -> dict[str, Any]:
    return next(node.config for node in found.flow.nodes if node.kind == kind)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    yield from homes(tmp_path_factory.mktemp("home"))


@pytest.mark.parametrize(("flow", "case"), recorded_cases("customgpt", "assistants"))
def test_runs_as_written(home: Home, flow: Tried, case: Case) -> None:
    check_case(home, flow, case)


@pytest.mark.parametrize(
    "flow", [*tried_flows("customgpt"), *tried_flows("assistants")], ids=lambda flow: flow.name
)
def test_every_file_is_whole_and_known_by_its_content(flow: Tried) -> None:
    check_whole(imported(flow.path))
    importer = importer_for(Source.of_path(flow.path))
    assert importer is not None
    assert importer.id == flow.format


def test_a_custom_gpt_keeps_name_words_and_starters() -> None:
    flow = imported(FLOWS / "customgpt" / "form.json").flow
    assert (flow.name, flow.description) == ("Chef", "Cooks with what is there.")
    assert flow.starters == ("What can I cook?", "I have rice")
    assert [edge.target for edge in flow.edges if edge.source == "message.history"] == ["chef.history"]


def test_actions_of_a_gizmo_are_blocks_and_its_token_stays_out() -> None:
    found = imported(FLOWS / "customgpt" / "gizmo.json")
    assert config(found, "action")["operation"]["path"] == "/now"
    assert KEY not in found.flow.model_dump_json() + told_in(found)
    assert "maths.pdf" in told_in(found)


@pytest.mark.parametrize("spec", ["not a description", {"openapi": "3.1.0"}, None, 3, [[]]])
def test_an_action_that_cannot_be_read_is_left_to_do(spec: Any) -> None:
    found = bring({"instructions": "x", "name": "y", "actions": [{"name": "Shop", "schema": spec}]})
    assert "Add an Action block" in told_in(found)


def test_many_operations_are_one_block_that_is_searched() -> None:
    paths = {f"/p{number}": {"get": {"operationId": f"get{number}", "responses": {}}} for number in range(20)}
    spec = {
        "openapi": "3.1.0",
        "info": {"title": "Shop", "version": "1"},
        "servers": [{"url": "https://a.example.com"}],
        "paths": paths,
    }
    found = bring({"instructions": "x", "name": "y", "actions": [spec]})
    assert len(config(found, "action.set")["operations"]) == 20


@pytest.mark.parametrize(
    "data",
    [
        [{"title": "Chat", "mapping": {"a": {}}, "create_time": 1.0}],
        [{"mapping": {}}],
    ],
)
def test_an_export_of_chatgpt_is_told_plainly(data: Any) -> None:
    with pytest.raises(FlowFileError, match="not the instructions of your GPTs"):
        bring(data, "conversations.json")


def test_a_zip_export_of_chatgpt_is_told_plainly() -> None:
    with pytest.raises(FlowFileError, match="copy what stands there"):
        read_foreign(Source({"export/conversations.json": b"[]", "export/user.json": b"{}"}))


@pytest.mark.parametrize(
    ("tool", "kind"),
    [
        ({"type": "code_interpreter"}, "code.analyse"),
        ({"type": "file_search"}, "knowledge.search"),
        ({"type": "retrieval"}, "knowledge.search"),
        ({"type": "web_search_preview"}, "web.search"),
        ({"type": "web_search_preview_2025_03_11"}, "web.search"),
        ({"type": "web_search_2025_08_26"}, "web.search"),
        ({"type": "image_generation"}, "picture.make"),
        (
            {
                "type": "mcp",
                "server_label": "cal",
                "server_url": "https://x.example",
                "headers": {"Authorization": KEY},
            },
            "mcp.tools",
        ),
        ({"type": "function", "name": "price", "parameters": {"properties": {"item": {}}}}, "code.run"),
    ],
)
def test_tools_of_an_assistant(tool: dict[str, Any], kind: str) -> None:
    found = bring({"object": "assistant", "model": "gpt-4o", "instructions": "x", "tools": [tool]})
    assert kind in [node.kind for node in found.flow.nodes]
    assert KEY not in found.flow.model_dump_json() + told_in(found)


@pytest.mark.parametrize(
    "told",
    [
        {"Web Search": True},
        {"web_browsing": "on"},
        {"browser": {"enabled": True}},
        ["Web Browsing"],
        [{"type": "browser"}],
        [{"type": "browser", "enabled": True}],
    ],
)
def test_an_ability_that_is_on(told: Any) -> None:
    found = bring({"name": "x", "instructions": "y", "capabilities": told})
    assert "web.search" in [node.kind for node in found.flow.nodes]


@pytest.mark.parametrize(
    "told",
    [
        {"Web Search": False},
        {"web_browsing": "Off"},
        {"web_browsing": " false "},
        {"browser": {"enabled": False}},
        {"browser": {"enabled": "no"}},
        {"browser": None},
        [{"type": "browser", "enabled": False}],
    ],
)
def test_an_ability_that_is_off(told: Any) -> None:
    found = bring({"name": "x", "instructions": "y", "capabilities": told})
    assert [node.kind for node in found.flow.nodes] == ["chat.message", "model", "chat.answer"]


@pytest.mark.parametrize(
    ("label", "kind"),
    [
        ("DALL·E Image Generation", "picture.make"),
        ("4o Image Generation", "picture.make"),
        ("Code Interpreter & Data Analysis", "code.analyse"),
    ],
)
def test_abilities_by_the_words_of_the_page(label: str, kind: str) -> None:
    found = bring({"name": "x", "instructions": "y", "capabilities": [label]})
    assert kind in [node.kind for node in found.flow.nodes]


def test_a_lone_variable_of_the_instructions_is_no_chat_message() -> None:
    prompt = {"model": "gpt-4.1", "messages": [{"role": "developer", "content": "Talk of {{topic}}."}]}
    lines = [(edge.source, edge.target) for edge in bring(prompt).flow.edges]
    assert ("message.message", "prompt.prompt") in lines
    assert ("variables.topic", "prompt.topic") in lines


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"top_p": 0.5}, "similar settings are not carried over"),
        ({"reasoning_effort": "low"}, "similar settings are not carried over"),
        ({"tool_resources": {"code_interpreter": {"file_ids": ["file-1"]}}}, "are kept at OpenAI"),
    ],
)
def test_what_stays_behind_of_an_assistant_is_told(more: dict[str, Any], said: str) -> None:
    plain = {"object": "assistant", "model": "gpt-4o", "instructions": "x", "top_p": 1.0, "reasoning_effort": None}
    assert said not in told_in(bring(plain))
    assert said in told_in(bring({**plain, **more}))


def test_pictures_of_a_prompt_are_told_and_several_instructions_stay_apart() -> None:
    assert "describe it in the message" in told_in(imported(FLOWS / "assistants" / "prompt_picture.json"))
    found = imported(FLOWS / "assistants" / "prompt_version.json")
    assert [row.grade for row in found.fidelity.rows] == ["exact"]
    asked = next(node for node in found.flow.nodes if node.kind == "model")
    assert [row["role"] for row in asked.config["messages"]] == ["system", "system"]


def test_an_answer_by_a_schema_has_fields_and_stays_json() -> None:
    model = config(imported(FLOWS / "assistants" / "schema.json"), "model")
    rows = model["fields"]
    assert model["answer_as"] == "json"
    assert [(row["name"], row["type"], row["required"]) for row in rows] == [
        ("total", "number", True),
        ("paid", "yes_no", True),
        ("shop", "text", False),
    ]


def test_a_tool_without_counterpart_is_told() -> None:
    found = bring({"object": "assistant", "model": "gpt-4o", "tools": [{"type": "computer_use"}]})
    assert "computer_use" in told_in(found)


@pytest.mark.parametrize(
    ("model", "ours"), [("gpt-4o", "openai/gpt-4o"), ("ft:gpt-4o:x", "openai/ft:gpt-4o:x"), ("", "default")]
)
def test_models(model: str, ours: str) -> None:
    assert config(bring({"object": "assistant", "model": model}), "model")["model"] == ours


@pytest.mark.parametrize(
    "data",
    [
        {"name": "x"},
        {"nodes": [], "instructions": "x", "name": "y"},
        {"flowloom": 1, "instructions": "x", "name": "y"},
        {"messages": "x", "model": "y"},
        {"object": "thread"},
        [],
        [[]],
        {"mapping": {}},
    ],
)
def test_other_json_is_not_taken(data: Any) -> None:
    found = importer_for(Source.of_data(json.dumps(data).encode(), "a.json"))
    assert found is None or found.id not in ("customgpt", "assistants")


@pytest.mark.parametrize("language", ["zh", "fr"])
def test_the_report_is_in_every_language(language: str) -> None:
    said = imported(FLOWS / "customgpt" / "gizmo.json").fidelity.markdown("x", language)
    assert "OpenAI ran this tool" not in said


FILES = [
    json.loads(flow.path.read_text()) for format in ("customgpt", "assistants") for flow in tried_flows(format)
]


@settings(max_examples=250, deadline=None)
@given(st.sampled_from(FILES), st.data())
def test_damaged_files_are_read_or_refused(file: Any, data: st.DataObject) -> None:
    changed = damaged(file, data)
    try:
        bring(changed)
    except FlowFileError:
        pass
