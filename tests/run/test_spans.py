"""A run as the collector of someone's traces hears of it."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from flowloom.flow.model import Edge, Flow, Node
from flowloom.services.telemetry import TraceSettings
from flowloom.store.templates import templates
from flowloom.workspace import Workspace
from tests.services.test_telemetry import Collector

SECRET = "sk-" + "Q7" * 16


@pytest.fixture
def collector() -> Iterator[Collector]:
    found = Collector()
    yield found
    found.stop()


def traced(home: Workspace, collector: Collector, flow: Flow, message: str, *, with_values: bool = False) -> Any:
    home.traces_changed(TraceSettings(address=collector.url, with_values=with_values))
    home.runner.finished(home.runner.start(flow, message, home.runs.new_conversation(flow.id)))
    home.runner.close()
    home.traces.close()
    assert home.traces.problem is None
    ((_, _, body),) = collector.told
    return body


def spans_of(body: Any) -> list[dict[str, Any]]:
    ((resource,),) = (body["resourceSpans"],)
    (scope,) = resource["scopeSpans"]
    return [dict(span, attributes=plain(span["attributes"])) for span in scope["spans"]]


def plain(attributes: list[dict[str, Any]]) -> dict[str, Any]:
    return {each["key"]: next(iter(each["value"].values())) for each in attributes}


def made(home: Workspace, template: str) -> Flow:
    return home.intake.create_from_template(next(each for each in templates() if each.id == template))


def test_a_run_is_one_trace_with_a_span_for_each_block_and_call(home: Workspace, collector: Collector) -> None:
    body = traced(home, collector, made(home, "agent-with-tools"), "What is 17.5% of 2480?")
    assert plain(body["resourceSpans"][0]["resource"]["attributes"])["service.name"] == "flowloom"
    spans = {span["name"]: span for span in spans_of(body)}
    run, call = spans["invoke_agent Assistant with tools"], spans["execute_tool calculator"]
    (model,) = [span for name, span in spans.items() if name.startswith("chat ")]
    assert "parentSpanId" not in run
    assert model["parentSpanId"] == run["spanId"]
    assert call["parentSpanId"] == model["spanId"]
    assert {span["traceId"] for span in spans.values()} == {run["traceId"]}
    assert (len(run["traceId"]), len(run["spanId"])) == (32, 16)
    assert model["attributes"]["gen_ai.request.model"]
    assert int(model["attributes"]["gen_ai.usage.input_tokens"]) > 0
    assert call["attributes"]["gen_ai.tool.name"] == "calculator"
    assert all(int(span["startTimeUnixNano"]) <= int(span["endTimeUnixNano"]) for span in spans.values())
    assert "17.5%" not in json.dumps(body)  # figures alone may stand in an id


def test_values_leave_only_when_allowed_and_keys_never(home: Workspace, collector: Collector) -> None:
    home.secrets.set("mine", "a very private word")
    said = f"Hello {SECRET} and a very private word"
    body = traced(home, collector, made(home, "translator"), said, with_values=True)
    text = json.dumps(body, ensure_ascii=False)
    assert "Hello" in text
    assert SECRET not in text
    assert "a very private word" not in text


def test_a_failure_tells_its_kind_and_not_its_words(home: Workspace, collector: Collector) -> None:
    flow = home.flows.create(
        Flow(
            nodes=(
                Node(id="message", kind="chat.message"),
                Node(id="sums", kind="calculator"),
                Node(id="answer", kind="chat.answer"),
            ),
            edges=(
                Edge(source="message.message", target="sums.expression"),
                Edge(source="sums.text", target="answer.text"),
            ),
        )
    )
    body = traced(home, collector, flow, "the bees of Ann")
    failed = [span for span in spans_of(body) if span["status"]["code"] == 2]
    assert [span["attributes"]["flowloom.node.id"] for span in failed[1:]] == ["sums"]
    assert all(span["attributes"]["error.type"] for span in failed)
    assert "Ann" not in json.dumps(body)
