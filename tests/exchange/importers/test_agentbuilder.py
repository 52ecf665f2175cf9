"""Programs of OpenAI's Agent Builder: what they do is drawn, in both languages, and nothing of them runs."""

from collections.abc import Iterator
from pathlib import Path
from textwrap import dedent, indent

import pytest
from benchmarks.fidelity.cases import FLOWS, Case, Tried, tried_flows
from benchmarks.fidelity.ours import imported
from hypothesis import given, settings
from hypothesis import strategies as st

from flowloom.errors import FlowFileError
from flowloom.exchange.drawing import Imported
from flowloom.exchange.foreign import importer_for, read_foreign
from flowloom.exchange.importers.agentbuilder import script_values
from flowloom.exchange.source import Source
from tests.exchange.importers.recorded import Home, check_case, check_whole, homes, recorded_cases, told_in

KEY = "sk-proj-0123456789abcdefghijklmnopqrstuv"
PROGRAM = """
from agents import Agent, ModelSettings, Runner, function_tool, trace
from pydantic import BaseModel, Field
from typing import Literal, Optional
{definitions}

async def run_workflow(workflow_input):
  with trace("Sample"):
    state = {{"count": 0, "name": None}}
    workflow = workflow_input.model_dump()
    conversation_history = [
      {{"role": "user", "content": [{{"type": "input_text", "text": workflow["input_as_text"]}}]}}
    ]
{body}
"""
AGENT = 'helper = Agent(name="Helper", instructions="Help.", model="gpt-4.1-mini"{more})'
RUN = """
helper_result_temp = await Runner.run(helper, input=[*conversation_history])
helper_result = {"output_text": helper_result_temp.final_output_as(str)}
"""


def program(body: str, definitions: str = "", more: str = "") -> Imported:
    defined = f"{dedent(definitions)}\n{AGENT.format(more=more)}"
    return read_text(PROGRAM.format(definitions=defined, body=indent(dedent(body), "    ")))


def read_text(text: str, name: str = "pasted") -> Imported:
    return read_foreign(Source.of_data(text.encode(), name))


def kinds(found: Imported) -> list[str]:
    return [node.kind for node in found.flow.nodes]


def config(found: Imported, kind: str) -> dict[str, object]:
    return next(node.config for node in found.flow.nodes if node.kind == kind)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    yield from homes(tmp_path_factory.mktemp("home"))


@pytest.mark.parametrize(("flow", "case"), recorded_cases("agentbuilder", "agentbuilder-ts"))
def test_runs_as_openais_own_sdk_does(home: Home, flow: Tried, case: Case) -> None:
    check_case(home, flow, case)


@pytest.mark.parametrize(
    "flow", [*tried_flows("agentbuilder"), *tried_flows("agentbuilder-ts")], ids=lambda flow: flow.path.name
)
def test_every_flow_is_whole(flow: Tried) -> None:
    found = imported(flow.path)
    check_whole(found)
    assert importer_for(Source.of_path(flow.path)).id == "agentbuilder"


def test_both_languages_draw_the_same() -> None:
    for name in ("branch", "branch_join", "nested", "approval", "structured_answer"):
        python, script = (
            imported(FLOWS / folder / f"{name}.{end}")
            for folder, end in (("agentbuilder", "py"), ("agentbuilder-ts", "ts"))
        )
        assert kinds(python) == kinds(script), name
        assert len(python.flow.edges) == len(script.flow.edges), name


# -- the parts of a program


@pytest.mark.parametrize(
    ("written", "row"),
    [
        ("kind: str", {"name": "kind", "type": "text", "description": "", "required": True}),
        ("price: float", {"name": "price", "type": "number", "description": "", "required": True}),
        ("urgent: bool", {"name": "urgent", "type": "yes_no", "description": "", "required": True}),
        ("tags: list[str]", {"name": "tags", "type": "list", "description": "", "required": True}),
        ("rows: list[dict]", {"name": "rows", "type": "json", "description": "", "required": True}),
        (
            'area: Literal["a", "b"]',
            {"name": "area", "type": "text", "description": "One of: a, b.", "required": True},
        ),
        ("note: str | None", {"name": "note", "type": "text", "description": "", "required": False}),
        ("note: Optional[str]", {"name": "note", "type": "text", "description": "", "required": False}),
        (
            'n: int = Field(..., description="How many")',
            {"name": "n", "type": "number", "description": "How many", "required": True},
        ),
        (
            'n: int = Field(description="How many")',
            {"name": "n", "type": "number", "description": "How many", "required": True},
        ),
        ("n: int = 3", {"name": "n", "type": "number", "description": "", "required": False}),
    ],
)
def test_shape_of_answer_in_python(written: str, row: dict[str, object]) -> None:
    found = program(RUN, f"class Shape(BaseModel):\n  {written}\n", ", output_type=Shape")
    assert config(found, "model")["fields"] == [row]


@pytest.mark.parametrize(
    ("written", "type", "about", "required"),
    [
        ("z.string()", "text", "", True),
        ('z.number().describe("In euros")', "number", "In euros", True),
        ("z.boolean().optional()", "yes_no", "", False),
        ("z.array(z.string())", "list", "", True),
        ("z.array(z.object({}))", "json", "", True),
        ('z.enum(["a", "b"])', "text", "One of: a, b.", True),
        ("z.object({ a: z.string() })", "json", "", True),
    ],
)
def test_shape_of_answer_in_typescript(written: str, type: str, about: str, required: bool) -> None:
    text = (FLOWS / "agentbuilder-ts" / "structured_answer.ts").read_text().replace("z.string()", written)
    assert config(read_text(text), "model")["fields"] == [
        {"name": "classification", "type": type, "description": about, "required": required}
    ]


@pytest.mark.parametrize(
    ("test", "condition"),
    [
        ('helper_result["output_text"] == "yes"', ("is", "yes")),
        ('helper_result["output_text"] != "yes"', ("is_not", "yes")),
        ('"ok" in helper_result["output_text"]', ("contains", "ok")),
        ('"ok" not in helper_result["output_text"]', ("does_not_contain", "ok")),
        ('helper_result["output_text"].startswith("a")', ("is_yes", "")),
        ('len(helper_result["output_text"]) > 3', ("is_yes", "")),
    ],
)
def test_conditions(test: str, condition: tuple[str, str]) -> None:
    found = program(f'{RUN}\nif {test}:\n  return {{"a": "x"}}\nreturn {{"a": "y"}}')
    check_whole(found)
    said = config(found, "branch")["rows"][0]["conditions"][0]  # type: ignore[index]
    assert (said["operator"], said.get("value", "")) == condition


def test_what_the_program_decides_itself_is_decided_at_once() -> None:
    found = program(
        'if state["count"] == 1:\n  return {"a": "x"}\nstate["count"] = 1\n' + RUN + "return helper_result"
    )
    assert "branch" not in kinds(found)


def test_models_and_their_settings() -> None:
    found = program(RUN, more=", model_settings=ModelSettings(temperature=0.3, max_tokens=10)")
    assert (config(found, "model")["model"], config(found, "model")["temperature"]) == ("openai/gpt-4.1-mini", 0.3)
    assert "How long an answer may be" in told_in(found)
    without = read_text(PROGRAM.format(definitions='helper = Agent(name="Helper")', body=indent(RUN, "    ")))
    assert config(without, "model")["model"] == "default"
    assert "uses the default model" in told_in(without)


def test_file_search_of_the_program_is_a_search() -> None:
    found = program(
        """
        filesearch_result = {"results": [{"id": result.file_id} for result in client.vector_stores.search(
          vector_store_id="vs_1", query=workflow["input_as_text"], max_num_results=3)]}
        return filesearch_result
    """,
        "client = AsyncOpenAI()",
    )
    check_whole(found)
    assert config(found, "knowledge.search") == {"top_k": 3}
    assert "stayed at OpenAI" in told_in(found)


def test_a_branch_left_empty_in_the_builder_is_exported_without_a_line() -> None:
    """Such an export is no Python at all; it is read as it was meant."""
    found = program(f'{RUN}\nif helper_result["output_text"] == "x":\n\nelse:\n  return helper_result')
    check_whole(found)
    assert "branch" in kinds(found)


def test_what_a_program_makes_of_its_guardrails_comes_along() -> None:
    found = program(
        """
        checked = await run_guardrails(ctx, workflow["input_as_text"], "text/plain", instantiate(config))
        stopped = guardrails_has_tripwire(checked)
        text = get_guardrail_checked_text(checked, workflow["input_as_text"])
        output = (stopped and build_guardrail_fail_output(checked or [])) or (text or workflow["input_as_text"])
        if stopped:
          return output
        return {"a": text}
        """,
        'config = {"guardrails": [{"name": "Moderation", "config": {}}]}',
    )
    check_whole(found)
    assert sorted(edge.source for edge in found.flow.edges if edge.target.endswith(".text")) == [
        "guardrails.passed",
        "guardrails.reason",
        "message.message",
    ]


def test_what_has_no_counterpart_is_kept_and_told() -> None:
    found = program(f"{RUN}\nfor x in range(3):\n  await ring(x)\nreturn helper_result")
    check_whole(found, kept=1)
    assert "imported" in kinds(found)


def test_a_program_without_a_workflow_is_its_first_agent() -> None:
    found = read_text(
        'from agents import Agent\ntriage = Agent(name="T", handoffs=[other])\nother = Agent(name="O")'
    )
    check_whole(found)
    assert kinds(found)[0] == "chat.message"


def test_hosted_tools_become_blocks_and_keys_stay_out() -> None:
    path = FLOWS / "agentbuilder" / "hosted_tools.py"
    found = imported(path)
    assert {"knowledge.search", "web.search", "code.analyse", "mcp.tools"} <= set(kinds(found))
    assert next(node.settings.ask_first for node in found.flow.nodes if node.kind == "mcp.tools")
    assert KEY in path.read_text()
    assert KEY not in found.flow.model_dump_json() + told_in(found)


def test_a_key_in_kept_code_stays_out() -> None:
    found = program(f'{RUN}\nfor x in call("{KEY}"):\n  pass')
    assert KEY not in found.flow.model_dump_json() + told_in(found)


@pytest.mark.parametrize("way", ["en", "zh", "fr"])
def test_the_report_is_in_every_language(way: str) -> None:
    said = imported(FLOWS / "agentbuilder" / "hosted_tools.py").fidelity.markdown("x", way)
    assert ("OpenAI ran this tool" in said) == (way == "en")


# -- what is no program


@pytest.mark.parametrize(
    "text",
    [
        "from agents import Agent\nasync def run_workflow(:",
        "from agents import Agent\nx = " + "(" * 5_000,
        "from agents import Agent\nx = " + "[" * 300 + "]" * 300,
        'import { Agent } from "@openai/agents";\nconst x = {{{;',
        "from agents import Agent\nx = " + "not " * 20_000 + "1",
    ],
)
def test_what_cannot_be_read_is_one_sentence(text: str) -> None:
    with pytest.raises(FlowFileError):
        read_text(text)


def test_other_programs_are_not_taken() -> None:
    for text in ("import os\nprint(1)", "from langchain.agents import Agent", 'import x from "openai"'):
        found = importer_for(Source.of_data(text.encode(), "a.py"))
        assert found is None or found.id != "agentbuilder"


TEXTS = [
    path.read_text()
    for folder in ("agentbuilder", "agentbuilder-ts")
    for path in sorted((FLOWS / folder).iterdir())
    if path.suffix in (".py", ".ts")
]


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(TEXTS), st.data())
def test_damaged_programs_are_read_or_refused(text: str, data: st.DataObject) -> None:
    lines = text.splitlines()
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, len(lines) - 1))
        how = data.draw(st.sampled_from(["drop", "twice", "cut", "swap"]))
        if how == "drop" and len(lines) > 1:
            del lines[place]
        elif how == "twice":
            lines.insert(place, lines[place])
        elif how == "cut":
            lines[place] = lines[place][: len(lines[place]) // 2]
        else:
            other = data.draw(st.integers(0, len(lines) - 1))
            lines[place], lines[other] = lines[other], lines[place]
    try:
        read_text("\n".join(lines))
    except FlowFileError:
        pass


def test_escapes_of_typescript() -> None:
    assert script_values.unescaped(r"a\nb\u00e9\x41\u{1F600}\ud83d\ude00\`\\") == "a\nbéA😀😀`\\"


def test_importing_runs_nothing(tmp_path: Path) -> None:
    mark = tmp_path / "ran"
    read_text(f"from agents import Agent\nopen({str(mark)!r}, 'w')\nhelper = Agent(name=open({str(mark)!r}, 'w'))")
    assert not mark.exists()


GUARDED = """
import { Agent, AgentInputItem, Runner, withTrace, fileSearchTool } from "@openai/agents";
import { OpenAI } from "openai";
import { runGuardrails } from "@openai/guardrails";
import { z } from "zod";
const client = new OpenAI({ apiKey: process.env.OPENAI_API_KEY });
const checks = { guardrails: [{ name: "Jailbreak", config: { confidence_threshold: 0.7 } }] };
const context = { guardrailLlm: client };
function guardrailsHasTripwire(results) { return (results ?? []).some((r) => r?.tripwireTriggered === true); }
const fileSearch = fileSearchTool(["vs_1"]);
const helper = new Agent({
  name: "Helper", instructions: `Say "hi" \\`now\\``, model: "gpt-5", tools: [fileSearch]
});
type WorkflowInput = { input_as_text: string };
export const runWorkflow = async (workflow: WorkflowInput) => {
  return await withTrace("Guarded", async () => {
    const history: AgentInputItem[] = [
      { role: "user", content: [{ type: "input_text", text: workflow.input_as_text }] }
    ];
    const runner = new Runner({ traceMetadata: { __trace_source__: "agent-builder" } });
    CHECK
    if (stopped) {
      return output;
    } else {
      const filesearchResult = (await client.vectorStores.search("vs_1", { query: workflow.input_as_text,
        max_num_results: 10 })).data.map((result) => { return { id: result.file_id }; });
      const helperResultTemp = await runner.run(helper, [...history]);
      return { output_text: helperResultTemp.finalOutput ?? "" };
    }
  });
}
"""


@pytest.mark.parametrize(
    "check",
    [
        "const { hasTripwire: stopped, safeText: text, failOutput: failed, passOutput: passed } ="
        " await runAndApplyGuardrails(workflow.input_as_text, checks, history, workflow);\n"
        "    const output = (stopped ? failed : passed);",
        "const input = workflow.input_as_text; const result = await runGuardrails(input, checks, context);\n"
        "    const stopped = guardrailsHasTripwire(result); const text = getGuardrailSafeText(result, input);\n"
        "    const output = stopped ? buildGuardrailFailOutput(result ?? []) : { safe_text: text ?? input };",
    ],
)
def test_both_ways_in_which_guardrails_are_exported(check: str) -> None:
    found = read_text(GUARDED.replace("CHECK", check))
    check_whole(found)
    assert {"moderate", "knowledge.search", "agent"} <= set(kinds(found))
    assert [edge.target for edge in found.flow.edges if edge.source == "guardrails.reason"] == ["answer.text"]
    assert found.flow.name == "Guarded"


def test_a_large_program_with_many_empty_branches_is_refused_in_time() -> None:
    empty = "if x == 1:\n\n" * 2_000
    text = f"from agents import Agent\nwords = '{'x' * 1_000_000}'\n{empty}"
    with pytest.raises(FlowFileError, match="can’t be read"):
        read_text(text)


@pytest.mark.parametrize("name", ["agentbuilder/nested.py", "agentbuilder-ts/nested.ts"])
def test_a_program_that_breaks_off_is_refused_with_its_line(name: str) -> None:
    path = FLOWS / name
    lines = path.read_text("utf-8").splitlines()[:60]
    cut = "\n".join([*lines, "x = call(("]).encode()
    with pytest.raises(FlowFileError, match=r"can’t be read from line 6[0-9] on"):
        read_foreign(Source.of_data(cut, path.name))


def test_an_agent_alone_whose_instructions_are_elsewhere_is_refused_by_name() -> None:
    program = 'from agents import Agent\n\nguide = Agent(name="Guide", instructions=elsewhere())\n'
    with pytest.raises(FlowFileError, match=r"agent “Guide” use what isn’t in this program"):
        read_foreign(Source.of_data(program.encode(), "agents.py"))
