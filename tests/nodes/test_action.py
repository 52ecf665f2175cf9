"""An operation is called as its specification says, whatever its values hold."""

import json
from typing import Any

import pytest
from pydantic import TypeAdapter

from flowloom.errors import FlowloomError, NodeError
from flowloom.kinds.http import HttpReply, HttpRequest
from flowloom.kinds.operations import Finder, Operation
from flowloom.kinds.registry import all_kinds
from tests.nodes.conftest import Ports, World

OPERATION = TypeAdapter(Operation)
TEXT, WHOLE, YES = {"type": "string"}, {"type": "integer", "minimum": 1, "maximum": 50}, {"type": "boolean"}


def operation(path: str = "/pets", method: str = "GET", *parameters: dict[str, Any], **more: Any) -> dict[str, Any]:
    given = {"id": "pets", "method": method, "path": path, "server": "https://api.example.com/v1"}
    return {**given, "parameters": list(parameters), **more}


def asked(world: World, given: dict[str, Any], **values: Any) -> HttpRequest:
    world.run_with("action", {"operation": given}, values)
    return world.http.requests[-1]


URLS = [
    ("/pets/{id}", {"name": "id", "place": "path"}, "a b/c?d#e", "/pets/a%20b%2Fc%3Fd%23e"),
    ("/pets/{id}", {"name": "id", "place": "path"}, "../admin", "/pets/..%2Fadmin"),
    ("/pets/{id}", {"name": "id", "place": "path"}, "@evil.test", "/pets/%40evil.test"),
    ("/pets/{id}", {"name": "id", "place": "path", "schema": {"type": "array"}}, ["a", "b"], "/pets/a%2Cb"),
    ("/pets", {"name": "q"}, "a&b=c", "/pets?q=a%26b%3Dc"),
    ("/pets", {"name": "on", "schema": YES}, True, "/pets?on=true"),
    ("/pets", {"name": "on", "schema": YES}, "no", "/pets?on=false"),
    ("/pets", {"name": "n", "schema": WHOLE}, 7.0, "/pets?n=7"),
    ("/pets", {"name": "n", "schema": WHOLE}, "7", "/pets?n=7"),
    ("/pets", {"name": "big", "schema": {"type": "integer"}}, "9007199254740993", "/pets?big=9007199254740993"),
    ("/pets", {"name": "t", "schema": {"type": "array"}}, ["a", "b"], "/pets?t=a&t=b"),
    ("/pets", {"name": "t", "schema": {"type": "array"}, "style": "comma"}, ["a", "b"], "/pets?t=a%2Cb"),
    ("/pets", {"name": "t", "schema": {"type": "array"}, "style": "pipe"}, ["a", "b"], "/pets?t=a%7Cb"),
    ("/pets", {"name": "f", "schema": {"type": "object"}, "style": "deep"}, {"a": 1}, "/pets?f%5Ba%5D=1"),
    ("/pets", {"name": "q", "schema": {}}, 3, "/pets?q=3"),
    ("/pets", {"name": "q"}, "", "/pets"),
]


@pytest.mark.parametrize(("path", "parameter", "value", "url"), URLS)
def test_values_stay_values(world: World, path: str, parameter: dict[str, Any], value: Any, url: str) -> None:
    given = operation(path, "GET", {"schema": TEXT, **parameter})
    assert asked(world, given, **{parameter["name"]: value}).url == f"https://api.example.com/v1{url}"


@pytest.mark.parametrize("value", [".", ".."])
def test_no_value_leads_to_another_place(world: World, value: str) -> None:
    given = operation("/pets/{id}", "GET", {"name": "id", "place": "path", "required": True, "schema": TEXT})
    with pytest.raises(NodeError, match="another place"):
        asked(world, given, id=value)


MISFITS = [
    ({"type": "integer"}, "many", "a whole number"),
    ({"type": "integer"}, 1.5, "a whole number"),
    ({"type": "integer"}, True, "a whole number"),
    ({"type": "number"}, "NaN", "a number"),
    ({"type": "number"}, [], "a number"),
    ({"type": "boolean"}, "perhaps", "yes or no"),
    ({"type": "object"}, "text", "structured data"),
    ({"type": "object"}, "[" * 100_000, "structured data"),
    ({"type": "string"}, {"a": 1}, "text"),
    ({"type": "array"}, {"a": 1}, "a list"),
    ({"type": "array", "items": {"type": "integer"}}, [1, "x"], "a whole number"),
    ({"type": "object", "properties": {"n": {"type": "integer"}}}, {"n": "x"}, "x.n"),
    (WHOLE, 51, "1 … 50"),
    ({"type": "string", "enum": ["cat", "dog"]}, "cow", "cat, dog"),
]


@pytest.mark.parametrize(("schema", "value", "said"), MISFITS)
def test_what_does_not_fit_is_named(world: World, schema: dict[str, Any], value: Any, said: str) -> None:
    with pytest.raises(NodeError) as error:
        asked(world, operation("/pets", "GET", {"name": "x", "schema": schema}), x=value)
    assert "“x" in str(error.value)
    assert said in str(error.value)
    assert world.http.requests == []


def test_what_is_required_must_arrive(world: World) -> None:
    with pytest.raises(NodeError, match="“id”"):
        asked(world, operation("/pets", "GET", {"name": "id", "required": True, "schema": TEXT}))


def test_a_body_is_made_of_its_fields(world: World) -> None:
    fields = [
        {"name": "name", "place": "body", "schema": TEXT},
        {"name": "tags", "place": "body", "schema": {"type": "array"}},
    ]
    request = asked(world, operation("/pets", "POST", *fields, body="json"), name='Bo "x"', tags=["a"])
    assert json.loads(request.body) == {"name": 'Bo "x"', "tags": ["a"]}
    assert request.headers["Content-Type"] == "application/json"
    request = asked(world, operation("/pets", "POST", *fields, body="form"), name="a&b", tags=["c", "d"])
    assert request.body == "name=a%26b&tags=c&tags=d"
    whole = {"name": "body", "place": "whole", "schema": {"type": "object"}}
    assert asked(world, operation("/pets", "POST", whole, body="json"), body='{"a": 1}').body == '{"a": 1}'


@pytest.mark.parametrize("value", ["a\r\nX-Evil: 1", "é"])
def test_a_header_holds_one_line(world: World, value: str) -> None:
    header = {"name": "X-Trace", "place": "header", "schema": TEXT}
    with pytest.raises(FlowloomError, match="X-Trace"):
        asked(world, operation("/pets", "GET", header), x_trace=value, **{"x-trace": value})


def test_ports_follow_the_parameters(ports: Ports) -> None:
    given = operation("/{id}", "GET", {"name": "id", "place": "path"}, {"name": "ID"}, {"name": "error"})
    assert ports.inputs("action", operation=given) == ["id", "id_2", "error_2"]
    assert ports.outputs("action") == ["text", "data", "status", "tool"]


def test_problems_before_the_run(ports: Ports) -> None:
    assert ports.problems("action") == ["action.none"]
    assert ports.problems("action", operation=operation(server="")) == ["action.server"]
    assert ports.problems("action", operation=operation(server="api.example.com")) == ["http.address"]
    assert ports.problems("action", operation=operation(body="files")) == ["action.files"]
    assert ports.problems("action", operation=operation()) == []
    assert ports.problems("action.set") == ["action.none"]


@pytest.mark.parametrize(("status", "code"), [(401, "action.sign_in"), (404, "http.status"), (500, "http.status")])
def test_an_error_of_the_service_stops_the_block(world: World, status: int, code: str) -> None:
    world.http.reply = HttpReply(status=status, text="no")
    with pytest.raises(NodeError) as error:
        world.run_with("action", {"operation": operation()}, {})
    assert error.value.problem.code == code
    handed_on = world.run_with("action", {"operation": operation(), "fail_on_error": False}, {})
    assert handed_on == {"text": "no", "status": status}


def test_a_connection_is_asked_where_one_is_named(world: World) -> None:
    with pytest.raises(FlowloomError, match="isn’t set up here"):
        world.run_with("action", {"operation": operation(), "connection": "abc"}, {})
    assert world.http.requests == []


@pytest.mark.parametrize(("method", "may"), [("GET", True), ("HEAD", True), ("POST", False), ("DELETE", False)])
def test_only_reading_is_safe_to_repeat(method: str, may: bool) -> None:
    kind = all_kinds()["action"]
    assert kind.may_repeat({"operation": operation("/pets", method)}) is may
    assert not kind.may_repeat({"operation": "nonsense"})
    assert list(kind.hosts(kind.config.model_validate({"operation": operation()}))) == ["api.example.com"]


MANY = [
    OPERATION.dump_python(
        OPERATION.validate_python(
            operation(
                f"/things/{at}/{{id}}", "GET", {"name": "id", "place": "path", "required": True, "schema": TEXT}
            )
            | {"id": f"getThing{at}", "summary": f"Look at thing {at}", "tag": f"group {at % 7}"}
        )
    )
    for at in range(998)
] + [
    operation("/invoices", "POST", {"name": "total", "place": "body", "schema": {"type": "number"}}, body="json")
    | {"id": "createInvoice", "summary": "Write an invoice"},
    operation("/invoices/{id}/pdf") | {"id": "sendInvoice", "about": "Sends an invoice to its customer"},
]


def test_the_right_one_of_a_thousand(world: World) -> None:
    config = {"operations": MANY}
    found = world.run_with("action.set", config, {"query": "create an invoice for a customer"})
    assert [each["operation"] for each in found["data"]][:2] == ["createInvoice", "sendInvoice"]
    assert found["data"][0]["arguments"]["properties"]["total"]["type"] == "number"
    assert len(found["text"]) < 20_000
    called = world.run_with("action.set", config, {"operation": "createInvoice", "arguments": {"total": 5}})
    assert called["status"] == 200
    assert world.http.requests[-1].body == '{"total": 5}'


def test_a_set_says_what_it_does_not_have(world: World) -> None:
    config = {"operations": MANY}
    with pytest.raises(NodeError, match="createInvoice"):
        world.run_with("action.set", config, {"operation": "create invoice"})
    with pytest.raises(NodeError, match="nothing to search for"):
        world.run_with("action.set", config, {})
    assert world.run_with("action.set", config, {"query": "zzz"})["data"] == []


@pytest.mark.parametrize("query", ["", "the of", "发票", "\ud800", "x" * 100_000])
def test_any_words_may_be_searched_for(query: str) -> None:
    Finder([OPERATION.validate_python(each) for each in MANY[-3:]]).find(query)
