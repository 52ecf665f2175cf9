"""Folders of PromptFlow: what its own engine did is what ours does, or the report names the difference."""

import json
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from benchmarks.fidelity.cases import FLOWS, Case, Tried, tried_flows
from benchmarks.fidelity.ours import imported
from hypothesis import given, settings
from hypothesis import strategies as st

from flowloom.errors import FlowFileError
from flowloom.exchange.drawing import Imported
from flowloom.exchange.foreign import importer_for, read_foreign
from flowloom.exchange.importers.promptflow.chats import chat_of
from flowloom.exchange.importers.promptflow.dag import reference
from flowloom.exchange.importers.promptflow.python_tools import Parameter, called, converted, tool_in
from flowloom.exchange.source import Source
from tests.exchange.importers.damage import check_saved
from tests.exchange.importers.recorded import Home, check_case, check_whole, homes, recorded_cases, told_in

SAMPLES = Path(__file__).parents[3] / "../shared/samples/promptflow"
KEY = "sk-proj-" + "a1B2" * 8
TOOL = "from promptflow.core import tool\n\n@tool\ndef run(x):\n    return x\n"


def brought(dag: str, **files: str) -> Imported:
    held = {"flow/flow.dag.yaml": dag.encode()}
    held |= {f"flow/{name.replace('__', '.')}": text.encode() for name, text in files.items()}
    return read_foreign(Source(held))


def dag(nodes: str, *, output: str = "${a.output}", inputs: str = "  x: {type: string}") -> str:
    return f"inputs:\n{inputs}\noutputs:\n  o: {{type: string, reference: '{output}'}}\nnodes:\n{nodes}"


def step(name: str, source: str = "${inputs.x}", more: str = "") -> str:
    path = "{type: code, path: a.py}"
    return f"- {{name: {name}, type: python, source: {path}, inputs: {{x: '{source}'}}{more}}}\n"


def config(found: Imported, kind: str) -> dict[str, object]:
    return next(node.config for node in found.flow.nodes if node.kind == kind)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    yield from homes(tmp_path_factory.mktemp("home"))


@pytest.mark.parametrize(("flow", "case"), recorded_cases("promptflow"))
def test_runs_as_promptflow_does(home: Home, flow: Tried, case: Case) -> None:
    check_case(home, flow, case)


@pytest.mark.parametrize("flow", list(tried_flows("promptflow")), ids=lambda flow: flow.name)
def test_every_flow_is_whole(flow: Tried) -> None:
    check_whole(imported(flow.path))
    importer = importer_for(Source.of_path(flow.path))
    assert importer is not None
    assert importer.id == "promptflow"


def test_samples_come_over_without_a_placeholder() -> None:
    if not SAMPLES.is_dir():
        pytest.skip("the shared samples are not here")
    for folder in sorted(each for each in SAMPLES.iterdir() if each.is_dir()):
        check_whole(read_foreign(Source.of_path(folder)))


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (dag(step("a", "${inputs.x.y}")), "a part of the input “x”"),
        (dag("- {name: a, use_variants: true}\n"), "“a” has no default variant"),
        (dag(step("a", "${gone.output}")), "refers to “gone”"),
        (dag(step("a", "${b.output}") + step("b", "${a.output}")), "wait for each other"),
    ],
    ids=["part of an input", "no default variant", "unknown step", "a circle"],
)
def test_what_promptflow_cannot_load_is_refused(text: str, told: str) -> None:
    with pytest.raises(FlowFileError, match=told):
        brought(text, a__py=TOOL)


@pytest.mark.parametrize(
    ("said", "step", "path", "unread"),
    [
        ("${inputs.x}", "", "", False),
        ("${a.output}", "a", "", False),
        ("${a}", "a", "", False),
        ("${a.output.k[0]}", "a", "k[0]", False),
        ("${a.output.k['b c']}", "a", "k.b c", False),
        ("${a.output[0]}", "a", "[0]", True),
        ("${a.output['k']}", "a", "k", True),
    ],
)
def test_references_are_read_as_they_are_written(said: str, step: str, path: str, unread: bool) -> None:
    found = reference(said)
    assert found is not None
    assert (found.step, found.path, found.unread) == (step, path, unread)


@pytest.mark.parametrize("said", ["plain", "$x", "say ${inputs.x}", 5, True, None, ["${inputs.x}"]])
def test_other_values_are_literals(said: object) -> None:
    assert reference(said) is None


@pytest.mark.parametrize(
    ("value", "annotation", "given"),
    [
        ("5", "int", 5),
        ("2.5", "float", 2.5),
        ("true", "bool", True),
        ("False", "bool", False),
        (5, "str", "5"),
        ('["a"]', "list", ["a"]),
        ('{"a": 1}', "dict", {"a": 1}),
        ("5", "", "5"),
    ],
)
def test_literals_are_converted_by_annotation(value: object, annotation: str, given: object) -> None:
    assert converted(value, Parameter(annotation)) == given


def test_roles_split_a_prompt_and_the_history_is_the_conversation() -> None:
    chat = chat_of(
        "# System:\nBe kind.\n{% for h in chat_history %}\nuser:\n{{h.inputs.q}}\nassistant:\n{{h.outputs.a}}\n"
        "{% endfor %}\nuser:\n{{ q }}\n"
    )
    assert [(row.role, row.text, row.plain) for row in chat.rows] == [
        ("system", "Be kind.", True),
        ("user", "{{ q }}", True),
    ]
    assert (chat.history, chat.whole) == ("chat_history", True)
    assert not chat_of("no role at all {{ q }}").whole
    assert not chat_of("{% for x in xs %}\nuser:\n{{ x }}\n{% endfor %}\n").whole


def test_a_role_behind_a_tag_at_the_end_of_a_line_is_no_role() -> None:
    chat = chat_of("system:\n{% if a %}A{% endif %}\nuser:\n{{ q }}\n")
    assert [row.role for row in chat.rows] == ["system"]
    assert "A role right behind a tag isn’t seen" in told_in(imported(FLOWS / "promptflow" / "prompt"))
    assert "A role right behind a tag" not in told_in(imported(FLOWS / "promptflow" / "chat"))


def test_the_history_joins_the_model() -> None:
    found = imported(FLOWS / "promptflow" / "chat")
    assert any(edge.source == "start.history" and edge.end.port == "history" for edge in found.flow.edges)


def test_a_tool_keeps_its_code_without_what_is_promptflows() -> None:
    tool = tool_in(
        "import json\nfrom promptflow.core import tool\n\n@tool()\ndef f(a: int, b='x'):\n    return a\n"
    )
    assert tool is not None
    assert called(tool, {"a": "{{a}}"}) == "import json\n\ndef f(a: int, b='x'):\n    return a\n\n\nf(a={{a}})\n"
    assert tool.parameters["b"] == Parameter("", "x", True)
    assert tool_in("def f(:") is None


@pytest.mark.parametrize(
    ("code", "told"),
    [
        ("import requests\n" + TOOL, "asks for requests"),
        ("import html\n" + TOOL, "the larger Python"),
        (TOOL.replace("return x", "yield x"), "a second reader gets nothing there"),
        ("", "its code is missing"),
    ],
)
def test_what_code_cannot_do_here_is_told(code: str, told: str) -> None:
    assert told in told_in(brought(dag(step("a")), a__py=code))


def test_pieces_are_joined_for_an_answer_alone() -> None:
    found = brought(dag(step("a")), a__py=TOOL.replace("return x", "yield x"))
    assert '"".join(map(str, run(x={{x}})))' in str(config(found, "code.run")["code"])
    both = step("a") + step("b", "${a.output}")
    shared = brought(dag(both, output="${b.output}"), a__py=TOOL.replace("return x", "yield x"))
    assert "list(run(x={{x}}))" in str(config(shared, "code.run")["code"])


def test_an_aggregation_sums_up_a_list_of_one_and_leaves_the_answer_alone() -> None:
    found = imported(FLOWS / "promptflow" / "aggregation")
    assert any("total(grades=[{{grades}}])" in str(node.config.get("code")) for node in found.flow.nodes)
    assert "so PromptFlow leaves it out in silence" in told_in(found)


def test_activate_beside_variants_has_no_effect_and_the_report_says_so() -> None:
    found = imported(FLOWS / "promptflow" / "variants")
    assert not any(node.kind == "branch" for node in found.flow.nodes)
    assert "so it has no effect, there or here" in told_in(found)
    assert "without variant_0" in told_in(found)


def test_the_report_warns_of_data_files() -> None:
    assert "the word “nan”" in told_in(imported(FLOWS / "promptflow" / "greeting"))


def test_packages_become_blocks_or_are_kept() -> None:
    package = (
        "- {{name: a, type: python, source: {{type: package, tool: {tool}}}, inputs: {{query: '${{inputs.x}}'}}}}\n"
    )
    kinds = {
        "promptflow_vectordb.tool.vector_index_lookup.VectorIndexLookup.search": "knowledge.search",
        "promptflow.tools.serpapi.SerpAPI.search": "web.search",
        "own.package.tool": "imported",
    }
    for tool, kind in kinds.items():
        found = brought(dag(package.format(tool=tool)))
        assert kind in [node.kind for node in found.flow.nodes]


def test_a_connection_and_a_key_stay_there() -> None:
    code = "from promptflow.core import tool\n\n@tool\ndef run(x, c: CustomConnection, key):\n    return x\n"
    nodes = (
        "- {name: a, type: python, source: {type: code, path: a.py}, "
        f"inputs: {{x: '${{inputs.x}}', c: my_connection, key: {KEY}}}}}\n"
    )
    found = brought(dag(nodes), a__py=code)
    assert "c=None" in str(config(found, "code.run")["code"])
    assert "used the connection “my_connection”" in told_in(found)
    assert KEY not in found.flow.model_dump_json() + found.fidelity.model_dump_json()


GOOD = FLOWS / "promptflow" / "nested"


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_damaged_files_are_refused_or_read(data: st.DataObject) -> None:
    files = dict(Source.of_path(GOOD).files)
    name = data.draw(st.sampled_from(sorted(files)))
    text = files[name].decode()
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, min(len(text), start + 40)))
    files[name] = (
        text[:start] + data.draw(st.sampled_from(["", "[]", "{}", "5", "null", ": ", "\n- "])) + text[end:]
    ).encode()
    with suppress(FlowFileError):
        check_saved(read_foreign(Source(files)))


@pytest.mark.parametrize("value", [None, 5, "x", [], {}, [1], {"a": 1}])
@pytest.mark.parametrize("field", ["inputs", "outputs", "nodes", "node_variants"])
def test_wrong_types_are_refused_or_read(field: str, value: object) -> None:
    whole = {"inputs": {}, "outputs": {}, "nodes": [{"name": "a", "type": "prompt"}], "node_variants": {}}
    source = Source({"flow.dag.yaml": json.dumps({**whole, field: value}).encode()})
    with suppress(FlowFileError):
        check_saved(read_foreign(source))
