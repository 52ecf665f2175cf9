"""The OpenAPI document says what is there: every route, and what it answers."""

from typing import Any

import pytest
from starlette.routing import Route

from flowloom.serve.api.openapi import document
from flowloom.serve.api.routes import api_routes
from tests.serve.api.serving import Served


def test_every_route_is_in_the_document_and_no_other() -> None:
    told = {(method.upper(), path) for path, found in document()["paths"].items() for method in found}
    there = {
        (method, route.path)
        for route in api_routes()
        if isinstance(route, Route) and route.path != "/v1/openapi.json"
        for method in route.methods or ()
        if method != "HEAD"
    }
    assert told == there


def fits(schema: Any, value: Any) -> bool:
    """Whether a value is of a schema, as far as the document uses them."""
    if "$ref" in schema:
        return fits(document()["components"]["schemas"][schema["$ref"].rpartition("/")[2]], value)
    if "anyOf" in schema:
        return any(fits(each, value) for each in schema["anyOf"])
    if "const" in schema or "enum" in schema:
        return value in schema.get("enum", [schema.get("const")])
    kinds = {"string": str, "integer": int, "number": (int, float), "boolean": bool, "null": type(None)}
    match schema.get("type"):
        case "object":
            known = schema.get("properties", {})
            return (
                isinstance(value, dict)
                and set(schema.get("required", ())) <= set(value)
                and all(fits(known[name], each) for name, each in value.items() if name in known)
            )
        case "array":
            return isinstance(value, list) and all(fits(schema["items"], each) for each in value)
        case None:
            return True
        case kind:
            return isinstance(value, kinds[kind])  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def run(api: Served) -> str:
    return str(api.post("/v1/runs", {"model": "trips", "message": "Hello"}).json()["id"])


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("get", "/v1/models", None),
        ("get", "/v1/models/{model}", None),
        ("post", "/v1/chat/completions", {"model": "trips", "messages": [{"role": "user", "content": "x"}]}),
        ("post", "/v1/chat/completions", {"model": "trips", "messages": 3}),
        ("post", "/v1/chat/completions", {"model": "other"}),
        ("post", "/v1/responses", {"model": "trips", "input": "x"}),
        ("post", "/v1/responses", {"model": "trips", "input": 3}),
        ("get", "/v1/responses/{response}", None),
        ("post", "/v1/runs", {"model": "trips", "message": "x"}),
        ("post", "/v1/runs", {"model": "trips", "message": 3}),
        ("get", "/v1/runs/{run}", None),
        ("post", "/v1/runs/{run}/answer", {"choice": "x"}),
        ("post", "/v1/runs/{run}/cancel", None),
        ("post", "/v1/runs/{run}/resume", None),
    ],
)
def test_an_answer_is_as_the_document_says(api: Served, run: str, method: str, path: str, body: Any) -> None:
    place = path.format(model="trips", run=run, response=f"resp_{run}") if "{" in path else path
    answer = api.post(place, body) if method == "post" else api.get(place)
    told = document()["paths"][path][method]["responses"][str(answer.status_code)]
    assert fits(told["content"]["application/json"]["schema"], answer.json()), answer.text


def test_whoever_asks_gets_it(api: Served) -> None:
    assert api.get("/v1/openapi.json", "none").json()["openapi"] == "3.1.0"
