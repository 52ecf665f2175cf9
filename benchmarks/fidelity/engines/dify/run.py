"""Dify apps run by Dify's own engine, graphon, with the parts its platform would bring: a model, code, HTTP.

Reads jobs on standard input and prints what came of them, as `engines/__init__.py` says.
"""

import json
import logging
import sys
import time
from collections.abc import Generator, Mapping
from types import SimpleNamespace
from typing import Any

import httpx
import yaml
from graphon.entities.graph_init_params import GraphInitParams
from graphon.graph.graph import Graph
from graphon.graph_engine.command_channels.in_memory_channel import InMemoryChannel
from graphon.graph_engine.graph_engine import GraphEngine
from graphon.graph_events.graph import GraphRunFailedEvent
from graphon.model_runtime.entities.common_entities import I18nObject
from graphon.model_runtime.entities.llm_entities import (
    LLMResult,
    LLMResultChunk,
    LLMResultChunkDelta,
    LLMResultChunkWithStructuredOutput,
    LLMUsage,
)
from graphon.model_runtime.entities.message_entities import AssistantPromptMessage
from graphon.model_runtime.entities.model_entities import AIModelEntity, FetchFrom, ModelPropertyKey, ModelType
from graphon.nodes.answer.answer_node import AnswerNode
from graphon.nodes.code.code_node import CodeNode
from graphon.nodes.code.limits import CodeNodeLimits
from graphon.nodes.end.end_node import EndNode
from graphon.nodes.http_request.config import build_http_request_config
from graphon.nodes.http_request.node import HttpRequestNode
from graphon.nodes.if_else.if_else_node import IfElseNode
from graphon.nodes.iteration.iteration_node import IterationNode
from graphon.nodes.iteration.iteration_start_node import IterationStartNode
from graphon.nodes.list_operator.node import ListOperatorNode
from graphon.nodes.llm.node import LLMNode
from graphon.nodes.loop.loop_end_node import LoopEndNode
from graphon.nodes.loop.loop_node import LoopNode
from graphon.nodes.loop.loop_start_node import LoopStartNode
from graphon.nodes.parameter_extractor.parameter_extractor_node import ParameterExtractorNode
from graphon.nodes.question_classifier.question_classifier_node import QuestionClassifierNode
from graphon.nodes.start.start_node import StartNode
from graphon.nodes.template_transform.template_transform_node import TemplateTransformNode
from graphon.nodes.variable_aggregator.variable_aggregator_node import VariableAggregatorNode
from graphon.nodes.variable_assigner.v1.node import VariableAssignerNode as AssignerV1
from graphon.nodes.variable_assigner.v2.node import VariableAssignerNode as AssignerV2
from graphon.runtime.graph_runtime_state import GraphRuntimeState
from graphon.runtime.variable_pool import VariablePool
from graphon.template_rendering import Jinja2TemplateRenderer, TemplateRenderError
from graphon.variables.factory import build_segment_with_type
from graphon.variables.types import SegmentType
from jinja2 import Template

logging.disable(logging.CRITICAL)
NODES = {
    "answer": AnswerNode,
    "code": CodeNode,
    "end": EndNode,
    "http-request": HttpRequestNode,
    "if-else": IfElseNode,
    "iteration": IterationNode,
    "iteration-start": IterationStartNode,
    "list-operator": ListOperatorNode,
    "llm": LLMNode,
    "loop": LoopNode,
    "loop-end": LoopEndNode,
    "loop-start": LoopStartNode,
    "parameter-extractor": ParameterExtractorNode,
    "question-classifier": QuestionClassifierNode,
    "start": StartNode,
    "template-transform": TemplateTransformNode,
    "variable-aggregator": VariableAggregatorNode,
}


class Model:
    """A model of the scripted server, as the platform would hand it to a node."""

    stop = None

    def __init__(self, job: Mapping[str, Any], config: Mapping[str, Any]) -> None:
        self.url, self.key = job["model"], job["key"]
        self.provider, self.model_name = str(config.get("provider")), str(config.get("name"))
        self.parameters: Mapping[str, Any] = dict(config.get("completion_params") or {})

    def get_model_schema(self) -> AIModelEntity:
        return AIModelEntity(
            model=self.model_name,
            label=I18nObject(en_US=self.model_name),
            model_type=ModelType.LLM,
            fetch_from=FetchFrom.PREDEFINED_MODEL,
            model_properties={ModelPropertyKey.CONTEXT_SIZE: 100_000, ModelPropertyKey.MODE: "chat"},
        )

    def get_llm_num_tokens(self, prompt_messages: Any) -> int:
        return 10

    def is_structured_output_parse_error(self, error: Exception) -> bool:
        return isinstance(error, json.JSONDecodeError)

    def invoke_llm(self, *, prompt_messages: Any, model_parameters: Any, stream: bool, **_: Any) -> Any:
        text = self._asked(prompt_messages, model_parameters)
        return self._pieces(text, prompt_messages) if stream else self._result(text, prompt_messages)

    def invoke_llm_with_structured_output(
        self, *, prompt_messages: Any, json_schema: Any, model_parameters: Any, **_: Any
    ) -> Generator[Any, None, None]:
        text = self._asked(prompt_messages, model_parameters)
        yield from self._pieces(text, prompt_messages)
        yield LLMResultChunkWithStructuredOutput(
            model=self.model_name,
            prompt_messages=prompt_messages,
            structured_output=json.loads(text),
            delta=LLMResultChunkDelta(index=1, message=AssistantPromptMessage(content="")),
        )

    def _pieces(self, text: str, messages: Any) -> Generator[LLMResultChunk, None, None]:
        said = AssistantPromptMessage(content=text)
        delta = LLMResultChunkDelta(index=0, message=said, usage=LLMUsage.empty_usage(), finish_reason="stop")
        yield LLMResultChunk(model=self.model_name, prompt_messages=messages, delta=delta)

    def _result(self, text: str, messages: Any) -> LLMResult:
        return LLMResult(
            model=self.model_name,
            prompt_messages=messages,
            message=AssistantPromptMessage(content=text),
            usage=LLMUsage.empty_usage(),
        )

    def _asked(self, messages: Any, parameters: Mapping[str, Any]) -> str:
        body = {
            "model": self.model_name,
            "messages": [{"role": each.role.value, "content": _text(each.content)} for each in messages],
        }
        if "temperature" in parameters:
            body["temperature"] = parameters["temperature"]
        reply = httpx.post(
            f"{self.url}/chat/completions", json=body, headers={"Authorization": f"Bearer {self.key}"}, timeout=30
        )
        reply.raise_for_status()
        return reply.json()["choices"][0]["message"]["content"]


def _text(content: Any) -> str:
    if isinstance(content, list):
        return "\n".join(part.data for part in content if getattr(part, "data", None))
    return content or ""


class Jinja(Jinja2TemplateRenderer):
    def render_template(self, template: str, variables: Mapping[str, Any]) -> str:
        try:
            return Template(template).render(**variables)
        except Exception as error:
            raise TemplateRenderError(str(error)) from error


class Code:
    """Runs the code of a flow, which is one of ours, in this very process."""

    def execute(self, *, language: Any, code: str, inputs: Mapping[str, Any]) -> Mapping[str, Any]:
        space: dict[str, Any] = {}
        exec(code, space)  # noqa: S102  flows of this benchmark only
        return json.loads(json.dumps(space["main"](**inputs)))

    def is_execution_error(self, error: Exception) -> bool:
        return True


class Http:
    max_retries_exceeded_error = RuntimeError
    request_error = httpx.RequestError

    def __getattr__(self, method: str) -> Any:
        def ask(url: str, max_retries: int = 0, **options: Any) -> httpx.Response:
            options.pop("ssl_verify", None)
            options.pop("follow_redirects", None)
            return httpx.request(method.upper(), url, **options)

        return ask


class Factory:
    """Makes the nodes of one run, and the engines of what runs within a node."""

    def __init__(
        self, job: Mapping[str, Any], params: GraphInitParams, state: GraphRuntimeState, chat: bool
    ) -> None:
        self.job, self.params, self.state, self.chat = job, params, state, chat

    def create_node(self, node_config: Any) -> Any:
        data = node_config["data"]
        raw = data.model_dump() if hasattr(data, "model_dump") else dict(data)
        kind = str(raw["type"])
        made = NODES.get(kind) or (AssignerV2 if str(raw.get("version")) == "2" else AssignerV1)
        return made(
            id=node_config["id"],
            config=node_config,
            graph_init_params=self.params,
            graph_runtime_state=self.state,
            **self._parts(kind, raw),
        )

    def _parts(self, kind: str, raw: Mapping[str, Any]) -> dict[str, Any]:
        if kind in ("llm", "question-classifier", "parameter-extractor"):
            model = Model(self.job, raw.get("model") or {})
            serialise = SimpleNamespace(serialize=lambda **_: [])
            parts = {"model_instance": model, "prompt_message_serializer": serialise}
            if kind == "parameter-extractor":
                return parts
            parts |= {"http_client": Http(), "llm_file_saver": None}
            if kind == "llm":
                query = ["sys", "query"] if self.chat else None
                return parts | {"jinja2_template_renderer": Jinja(), "default_query_selector": query}
            return parts | {"template_renderer": Jinja()}
        if kind == "code":
            limits = CodeNodeLimits(400_000, 10**15, -(10**15), 20, 10, 1000, 1000, 1000)
            return {"code_executor": Code(), "code_limits": limits}
        if kind == "template-transform":
            return {"jinja2_template_renderer": Jinja()}
        if kind == "http-request":
            return {
                "http_request_config": build_http_request_config(ssrf_default_max_retries=0),
                "http_client": Http(),
                "tool_file_manager_factory": lambda: None,
                "file_manager": None,
                "file_reference_factory": None,
            }
        return {}


class Builder:
    """The engines of iterations and loops."""

    def __init__(self, job: Mapping[str, Any], chat: bool) -> None:
        self.job, self.chat = job, chat

    def build_child_engine(
        self,
        *,
        workflow_id: str,
        graph_init_params: GraphInitParams,
        parent_graph_runtime_state: GraphRuntimeState,
        root_node_id: str,
        variable_pool: VariablePool | None = None,
    ) -> GraphEngine:
        pool = parent_graph_runtime_state.variable_pool if variable_pool is None else variable_pool
        return engine(self.job, graph_init_params, pool, root_node_id, self.chat)


def engine(
    job: Mapping[str, Any], params: GraphInitParams, pool: VariablePool, root: str, chat: bool
) -> GraphEngine:
    state = GraphRuntimeState(variable_pool=pool, start_at=time.perf_counter())
    graph = Graph.init(
        graph_config=params.graph_config,
        node_factory=Factory(job, params, state, chat),
        root_node_id=root,
        skip_validation=True,
    )
    return GraphEngine(
        workflow_id="w",
        graph=graph,
        graph_runtime_state=state,
        command_channel=InMemoryChannel(),
        child_engine_builder=Builder(job, chat),
    )


def ran(job: Mapping[str, Any]) -> dict[str, Any]:
    """What the engine makes of one job. A run that fails gives no answer."""
    with open(job["flow"], encoding="utf-8") as file:
        app = yaml.safe_load(file)
    workflow, chat = app["workflow"], app["app"]["mode"] == "advanced-chat"
    graph = _as_stored(workflow["graph"])
    start = next(node for node in graph["nodes"] if node["data"]["type"] == "start")
    pool = _pool(job, workflow, start, chat)
    params = GraphInitParams(workflow_id="w", graph_config=graph, run_context={"_dify": {}}, call_depth=0)
    running = engine(job, params, pool, start["id"], chat)
    failed = ""
    for event in running.run():
        if isinstance(event, GraphRunFailedEvent):
            failed = event.error or "failed"
    outputs = running.graph_runtime_state.outputs
    if failed:
        return {"answer": None, "error": failed}
    return {"answer": outputs.get("answer", "") if chat else _told(outputs), "error": ""}


def _as_stored(graph: dict[str, Any]) -> dict[str, Any]:
    """The graph as the platform hands it on: what it would add to a node that lacks it."""
    for node in graph["nodes"]:
        node["data"].setdefault("title", node["id"])
    return graph


def _pool(
    job: Mapping[str, Any], workflow: Mapping[str, Any], start: Mapping[str, Any], chat: bool
) -> VariablePool:
    pool = VariablePool.empty()
    said = {"query": job["said"], "dialogue_count": 1} if chat else {}
    for name, value in {**said, "files": [], "conversation_id": "c", "user_id": "u"}.items():
        pool.add(["sys", name], value)
    for variable in workflow.get("environment_variables") or ():
        pool.add(["env", variable["name"]], variable["value"])
    for variable in workflow.get("conversation_variables") or ():
        value = build_segment_with_type(SegmentType(variable["value_type"]), variable["value"])
        pool.add(["conversation", variable["name"]], value)
    for asked in start["data"].get("variables") or ():
        # One that is left out and has no value of its own is there, and is nothing.
        pool.add([start["id"], asked["variable"]], job["inputs"].get(asked["variable"], asked.get("default")))
    return pool


def _told(outputs: Mapping[str, Any]) -> str:
    """What a workflow gives, as its page shows it: one value by itself, several a line each."""
    return "\n".join(_shown(value) for value in outputs.values())


def _shown(value: Any) -> str:
    if isinstance(value, str):
        return value
    return "" if value is None else json.dumps(value, ensure_ascii=False)


def main() -> None:
    told = []
    for job in json.load(sys.stdin):
        try:
            told.append(ran(job))
        except Exception as error:
            said = " ".join(str(error).split())[:300]
            told.append({"answer": None, "error": f"{type(error).__name__}: {said}"})
    print(json.dumps(told))


if __name__ == "__main__":
    main()
