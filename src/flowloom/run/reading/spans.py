"""A run as a trace of OpenTelemetry: a span for the run, and below it one for each block and tool call.

The names of the attributes are those of the semantic conventions for generative AI; the form is OTLP in JSON.
"""

import hashlib
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flowloom.flow.model import Flow
from flowloom.kinds.port import as_text
from flowloom.run.events import Place, RunEvent
from flowloom.run.reading.record import is_tool_call
from flowloom.run.reading.steps import Step, story_of
from flowloom.run.reading.view import RunView, view_of

LONG = 20_000
"""Characters of one value that are sent."""
INPUT, OUTPUT = "flowloom.input", "flowloom.output"
TOOL_VALUES = "gen_ai.tool.call.arguments", "gen_ai.tool.call.result"
INTERNAL, CLIENT = 1, 3
OK, FAILED = 1, 2
Json = dict[str, Any]


@dataclass(frozen=True)
class Traced:
    """What a trace is made from. `clean` takes out what must not leave; `with_values` lets values leave at all."""

    run_id: str
    events: Sequence[RunEvent]
    flow: Flow | None
    with_values: bool
    clean: Callable[[str], str]


def trace_of(run: Traced, service: Mapping[str, str]) -> Json:
    """The body of one request to a collector."""
    view, steps = view_of(run.events), story_of(run.events)
    # A run that was given up has its end, but not all its blocks have one.
    end = view.ended or max((event.at for event in run.events), default=0.0)
    places = {step.place: step for step in steps}
    spans = [
        _run_span(run, view, end),
        *(_step_span(run, step, _above(step, places), end) for step in steps if step.at and not step.kept),
    ]
    scope = {"name": service["service.name"], "version": service["service.version"]}
    return {
        "resourceSpans": [
            {
                "resource": {"attributes": _attributes(service)},
                "scopeSpans": [{"scope": scope, "spans": [_cleaned(span, run.clean) for span in spans]}],
            }
        ]
    }


def _run_span(run: Traced, view: RunView, end: float) -> Json:
    name = run.flow.name if run.flow else ""
    facts = {
        "gen_ai.operation.name": "invoke_agent",
        "gen_ai.agent.name": name,
        "gen_ai.agent.id": run.flow.id if run.flow else "",
        "gen_ai.usage.input_tokens": view.usage.input_tokens,
        "gen_ai.usage.output_tokens": view.usage.output_tokens,
        "flowloom.run.state": view.state,
        "flowloom.cost_usd": view.usage.cost,
        "error.type": view.problem.code if view.problem else "",
    }
    values = {INPUT: _sent(run, view.message), OUTPUT: _sent(run, view.text)} if run.with_values else {}
    said = _said(run, view.problem)
    status = {"code": FAILED, "message": said} if view.state == "failed" else {"code": OK}
    return _span(run, "", "", f"invoke_agent {name}".strip(), (view.started, end), facts | values, status)


def _above(step: Step, steps: Mapping[Place, Step]) -> str:
    """The key of the step it worked within, "" for the run."""
    owner = steps.get(step.owner) if step.owner else None
    return _key(owner) if owner else ""


def _step_span(run: Traced, step: Step, above: str, end: float) -> Json:
    node = run.flow.node(step.node) if run.flow else None
    label = (node.name if node else "") or step.node
    operation, name = _operation(step, label)
    facts = {
        "gen_ai.operation.name": operation,
        "gen_ai.tool.name": step.node if is_tool_call(step) else "",
        "gen_ai.tool.call.id": step.call if is_tool_call(step) else "",
        "flowloom.node.id": step.node,
        "flowloom.node.kind": node.kind if node else "",
        "flowloom.node.round": step.round,
        "flowloom.node.attempts": step.attempts,
        "error.type": step.problem.code if step.outcome == "failed" and step.problem else "",
    }
    status = {"code": FAILED, "message": _said(run, step.problem)} if step.outcome == "failed" else {"code": OK}
    times = (step.at, step.at + step.seconds if step.seconds is not None else end)
    kind = CLIENT if operation == "chat" else INTERNAL
    values = _values(run, step) if run.with_values else {}
    return _span(run, _key(step), above, name, times, facts | _usage(step) | values, status, kind)


def _operation(step: Step, label: str) -> tuple[str, str]:
    if is_tool_call(step):
        return "execute_tool", f"execute_tool {step.node}"
    if step.usage and step.usage.model:
        return "chat", f"chat {step.usage.model}"
    return "", label


def _usage(step: Step) -> Json:
    usage = step.usage
    if usage is None:
        return {}
    return {
        "gen_ai.request.model": usage.model,
        "gen_ai.usage.input_tokens": usage.input_tokens,
        "gen_ai.usage.output_tokens": usage.output_tokens,
        "flowloom.cost_usd": usage.cost,
    }


def _values(run: Traced, step: Step) -> Json:
    came, gave = TOOL_VALUES if is_tool_call(step) else (INPUT, OUTPUT)
    return {came: _sent(run, as_text(dict(step.inputs))), gave: _sent(run, as_text(dict(step.outputs)))}


def _sent(run: Traced, text: str) -> str:
    # Cleaned before it is cut: half a key is no longer known as one.
    return run.clean(text)[:LONG]


def _said(run: Traced, problem: Any) -> str:
    """What went wrong; without what the blocks were given, where that must not leave."""
    if problem is None:
        return ""
    return problem.describe().message if run.with_values else re.sub(r"{\w+}", "…", problem.message)


def _span(
    run: Traced,
    key: str,
    parent: str,
    name: str,
    times: tuple[float, float],
    facts: Mapping[str, Any],
    status: Json,
    kind: int = INTERNAL,
) -> Json:
    above = {"parentSpanId": _id(run.run_id, parent, 16)} if key else {}
    return {
        "traceId": _id(run.run_id, "trace", 32),
        "spanId": _id(run.run_id, key, 16),
        **above,
        "name": name,
        "kind": kind,
        "startTimeUnixNano": str(int(times[0] * 1e9)),
        "endTimeUnixNano": str(int(max(times) * 1e9)),
        "attributes": _attributes(facts),
        "status": status,
    }


def _key(step: Step) -> str:
    return f"{step.node}:{step.call}:{step.round}"


def _id(run_id: str, of: str, length: int) -> str:
    """The same for the same thing, so that a run that is told twice is one trace."""
    return hashlib.sha256(f"{run_id}/{of}".encode()).hexdigest()[:length]


def _attributes(facts: Mapping[str, Any]) -> list[Json]:
    return [{"key": key, "value": _value(value)} for key, value in facts.items() if value not in ("", None)]


def _value(value: Any) -> Json:
    match value:
        case bool():
            return {"boolValue": value}
        case int():
            return {"intValue": str(value)}
        case float():
            return {"doubleValue": value}
    return {"stringValue": str(value)}


def _cleaned(value: Any, clean: Callable[[str], str]) -> Any:
    match value:
        case str():
            return clean(value)
        case dict():
            return {name: _cleaned(item, clean) for name, item in value.items()}
        case list():
            return [_cleaned(item, clean) for item in value]
    return value
