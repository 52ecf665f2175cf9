"""Runs flows of Langflow by its executor lfx: JSON jobs by standard input, results as the last line.

A saved flow of Langflow embeds the source and the schema of each component; ours say only what differs from a fresh
one, so each node is first made by its class and then told its values.
"""

import asyncio
import contextlib
import importlib
import inspect
import json
import os
import sys
from pathlib import Path
from uuid import uuid4

os.environ.setdefault("LANGFLOW_DO_NOT_TRACK", "true")
os.environ.setdefault("LANGFLOW_LOG_LEVEL", "critical")
os.environ.setdefault("LANGFLOW_SSRF_PROTECTION_ENABLED", "false")

from lfx.custom.custom_component.component import Component
from lfx.custom.utils import build_custom_component_template
from lfx.graph import Graph
from lfx.utils import util

# In a container it would take our loopback for that of the host.
util.transform_localhost_url = lambda url: url

CLASSES = {
    "ChatInput": "input_output.chat:ChatInput",
    "ChatOutput": "input_output.chat_output:ChatOutput",
    "TextInput": "input_output.text:TextInputComponent",
    "TextOutput": "input_output.text_output:TextOutputComponent",
    "Prompt": "models_and_agents.prompt:PromptComponent",
    "LanguageModelComponent": "models_and_agents.language_model:LanguageModelComponent",
    "OpenAIModel": "openai.openai_chat_model:OpenAIModelComponent",
    "Agent": "models_and_agents.agent:AgentComponent",
    "Memory": "models_and_agents.memory:MemoryComponent",
    "ConditionalRouter": "flow_controls.conditional_router:ConditionalRouterComponent",
    "LoopComponent": "flow_controls.loop:LoopComponent",
    "Pass": "flow_controls.pass_message:PassMessageComponent",
    "ParserComponent": "processing.parser:ParserComponent",
    "CombineText": "processing.combine_text:CombineTextComponent",
    "SplitText": "processing.split_text:SplitTextComponent",
    "CreateList": "processing.create_list:CreateListComponent",
    "TypeConverterComponent": "processing.converter:TypeConverterComponent",
    "StructuredOutput": "llm_operations.structured_output:StructuredOutputComponent",
    "SmartRouter": "llm_operations.llm_conditional_router:SmartRouterComponent",
    "BatchRunComponent": "llm_operations.batch_run:BatchRunComponent",
    "APIRequest": "data_source.api_request:APIRequestComponent",
    "CalculatorComponent": "utilities.calculator_core:CalculatorComponent",
    "RegexExtractor": "processing.regex:RegexExtractorComponent",
}


def main() -> None:
    jobs = json.load(sys.stdin)
    with contextlib.redirect_stdout(sys.stderr):
        found = asyncio.run(all_tried(jobs))
    print(json.dumps(found))


async def all_tried(jobs: list[dict]) -> list[dict]:
    """All on one event loop: the clients of models are kept, and belong to it."""
    return [await tried(job) for job in jobs]


async def tried(job: dict) -> dict:
    # The newer model components take the address from here.
    os.environ["OPENAI_API_BASE"] = os.environ["OPENAI_BASE_URL"] = job["model"]
    try:
        return {"answer": await answer_of(job)}
    except Exception as error:
        if os.environ.get("LANGFLOW_SHOW"):
            import traceback

            traceback.print_exc()
        return {"answer": None, "error": f"{type(error).__name__}: {error}"[:500]}


async def answer_of(job: dict) -> str:
    flow = json.loads(Path(job["flow"]).read_text("utf-8"))
    nodes = [completed(node, job["key"]) for node in flow["data"]["nodes"]]
    data = {"nodes": nodes, "edges": flow["data"]["edges"]}
    graph = Graph.from_payload(data, flow_id=str(uuid4()), flow_name=flow["name"], user_id=str(uuid4()))
    graph.session_id = job["key"]
    graph.prepare()
    ends = [node["id"] for node in data["nodes"] if node["data"]["type"] in ("ChatOutput", "TextOutput")]
    outputs = await graph.arun(
        inputs=[{"input_value": job["said"]}],
        inputs_components=[[]],
        types=["chat"],
        outputs=ends,
        session_id=job["key"],
        fallback_to_env_vars=True,
    )
    found = []
    for run in outputs:
        for result in run.outputs:
            message = result.results.get("message") if result and isinstance(result.results, dict) else None
            if message is not None:
                found.append(message.text if hasattr(message, "text") else str(message))
    return "\n".join(found)


def completed(node: dict, model_key: str) -> dict:
    if node["type"] != "genericNode":
        return node
    template = node["data"]["node"]["template"]
    if "code" in template:
        # As Langflow saves it: the program of the component is there.
        for field, value in {"api_key": model_key, "openai_api_base": os.environ["OPENAI_API_BASE"]}.items():
            if "model_name" in template or (field == "api_key" and "model" in template):
                template[field] = {
                    "type": "str",
                    "name": field,
                    "show": True,
                    "value": value,
                    "load_from_db": False,
                }
        return node
    module, _, name = CLASSES[node["data"]["type"]].partition(":")
    component = getattr(importlib.import_module(f"lfx.components.{module}"), name)
    fresh = fresh_node(component)
    said = node["data"]["node"]
    for field, value in said["template"].items():
        known = fresh["template"].get(field, {"type": "str", "name": field, "show": True})
        fresh["template"][field] = {**known, **value}
    if "api_key" in fresh["template"]:
        fresh["template"]["api_key"] |= {"value": model_key, "load_from_db": False}
    for key in ("tool_mode", "custom_fields", "outputs"):
        if key in said:
            fresh[key] = said[key]
    return {**node, "data": {**node["data"], "id": node["id"], "node": fresh}}


def fresh_node(component: type) -> dict:
    code = inspect.getsource(sys.modules[component.__module__])
    made = Component(_code=code)
    template, _ = build_custom_component_template(made)
    return json.loads(json.dumps(template, default=str))


main()
