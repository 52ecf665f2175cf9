"""Specifications as people have them, and as nobody should."""

import asyncio
import json
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import pytest

from flowloom.errors import HttpError
from flowloom.kinds.operations import Operation
from flowloom.services.network.guarded_requests import GuardedHttp
from flowloom.services.openapi.document import SpecificationError, read_document
from flowloom.services.openapi.fetching import fetch_specification, read_given
from flowloom.services.openapi.specification import Specification, read_specification

YAML = """
openapi: 3.1.0
info: {title: Weather, version: 1}
servers:
  - url: https://{region}.weather.example/v1
    variables: {region: {default: eu}}
security: [{key: []}]
paths:
  /now/{city}:
    parameters:
      - {name: city, in: path, required: true, schema: {type: string}}
    get:
      operationId: getWeather
      summary: The weather now
      tags: [Weather]
      parameters:
        - {$ref: '#/components/parameters/Units'}
        - {name: Authorization, in: header, schema: {type: string}}
        - {name: session, in: cookie, schema: {type: string}}
      responses: {200: {description: yes}}
  /reports:
    post:
      summary: Report
      requestBody:
        required: true
        content:
          application/json:
            schema: {$ref: '#/components/schemas/Report'}
components:
  parameters:
    Units: {name: units, in: query, description: Which units, schema: {type: [string, 'null'], enum: [c, f]}}
  schemas:
    Base: {type: object, required: [place], properties: {place: {type: string}}}
    Report:
      allOf:
        - {$ref: '#/components/schemas/Base'}
        - {type: object, required: [degrees], properties: {degrees: {type: number, nullable: true}}}
  securitySchemes:
    key: {type: apiKey, in: query, name: appid}
    login:
      type: oauth2
      flows: {authorizationCode: {authorizationUrl: https://w/a, tokenUrl: https://w/t, scopes: {read: Read}}}
"""

SWAGGER = {
    "swagger": "2.0",
    "info": {"title": "Old"},
    "host": "old.example",
    "basePath": "/api/",
    "schemes": ["http", "https"],
    "securityDefinitions": {"k": {"type": "basic"}},
    "paths": {
        "/find": {
            "get": {
                "parameters": [
                    {"name": "ids", "in": "query", "type": "array", "items": {"type": "integer"}},
                    {"name": "tags", "in": "query", "type": "array", "collectionFormat": "multi"},
                ]
            },
            "post": {
                "parameters": [
                    {"name": "it", "in": "body", "required": True, "schema": {"$ref": "#/definitions/It"}}
                ]
            },
            "put": {
                "consumes": ["application/x-www-form-urlencoded"],
                "parameters": [{"name": "a", "in": "formData"}],
            },
            "patch": {"parameters": [{"name": "a", "in": "formData", "type": "file"}]},
        }
    },
    "definitions": {"It": {"type": "object", "required": ["n"], "properties": {"n": {"type": "integer"}}}},
}


def with_schema(schema: Any, **schemas: Any) -> dict[str, Any]:
    body = {"content": {"application/json": {"schema": schema}}}
    paths = {"/a": {"post": {"operationId": "a", "requestBody": body}}}
    return {"openapi": "3.0.3", "paths": paths, "components": {"schemas": schemas}}


def read(document: Any, address: str = "") -> Specification:
    return read_specification(json.dumps(document), address)


def named(found: Operation) -> dict[str, str]:
    return {each.name: each.place for each in found.parameters}


def test_openapi_as_yaml() -> None:
    found = read_specification(YAML)
    assert (found.title, found.servers) == ("Weather", ("https://eu.weather.example/v1",))
    now, report = found.operations
    assert (now.id, now.method, now.tag, now.security) == ("getWeather", "GET", "Weather", ("key",))
    assert named(now) == {"city": "path", "units": "query"}
    assert now.parameters[1].schema == {"type": ["string", "null"], "enum": ["c", "f"]}
    assert report.id == "post_reports"
    assert [(each.name, each.required) for each in report.parameters] == [("place", True), ("degrees", True)]
    assert report.parameters[1].schema["type"] == ["number", "null"]
    assert (found.schemes["key"].kind, found.schemes["key"].field) == ("query", "appid")
    assert (found.schemes["login"].kind, found.schemes["login"].scopes) == ("code", ("read",))
    assert found.problems == ()


def test_swagger_2() -> None:
    found = read(SWAGGER)
    assert found.servers == ("https://old.example/api",)
    get, post, put, patch = found.operations
    assert [each.style for each in get.parameters] == ["comma", "form"]
    assert (post.body, named(post)) == ("json", {"n": "body"})
    assert (put.body, named(put)) == ("form", {"a": "body"})
    assert patch.body == "files"
    assert found.schemes["k"].kind == "basic"


SERVERS = [
    ("https://a.example/v1/", "", "https://a.example/v1"),
    ("/v2", "https://b.example/docs/openapi.json", "https://b.example/v2"),
    ("v2", "https://b.example/docs/openapi.json", "https://b.example/docs/v2"),
    ("//c.example", "https://b.example/x.json", "https://c.example"),
    ("c.example/v1", "", "https://c.example/v1"),
    ("/v2", "", ""),
    ("file:///etc/passwd", "", ""),
    ("javascript:alert(1)", "", ""),
    ("http://[::1", "", ""),
    (7, "https://b.example/x.json", "https://b.example/docs"),
]


@pytest.mark.parametrize(("url", "address", "server"), SERVERS[:-1])
def test_where_the_service_lives(url: str, address: str, server: str) -> None:
    assert read(with_schema({}) | {"servers": [{"url": url}]}, address).operations[0].server == server


def test_without_a_server_it_is_where_it_came_from() -> None:
    assert read(with_schema({}), "https://b.example/x/openapi.json").servers == ("https://b.example",)
    assert read(with_schema({})).servers == ()


RECURSIVE = {
    "itself": ({"$ref": "#/components/schemas/A"}, {"A": {"$ref": "#/components/schemas/A"}}),
    "a circle": (
        {"$ref": "#/components/schemas/A"},
        {"A": {"$ref": "#/components/schemas/B"}, "B": {"$ref": "#/components/schemas/A"}},
    ),
    "a tree": (
        {"$ref": "#/components/schemas/A"},
        {"A": {"properties": {"name": {"type": "string"}, "child": {"$ref": "#/components/schemas/A"}}}},
    ),
    "all of itself": (
        {"$ref": "#/components/schemas/A"},
        {"A": {"allOf": [{"$ref": "#/components/schemas/A"}, {"properties": {"a": {"type": "string"}}}]}},
    ),
    "the whole document": ({"$ref": "#"}, {}),
    "a wide tree": (
        {"$ref": "#/components/schemas/A"},
        {
            "A": {"properties": {f"p{at}": {"$ref": f"#/components/schemas/{'AB'[at % 2]}"} for at in range(30)}},
            "B": {"properties": {f"q{at}": {"$ref": "#/components/schemas/A"} for at in range(30)}},
        },
    ),
}


@pytest.mark.parametrize("case", RECURSIVE)
def test_what_goes_round_is_cut(case: str) -> None:
    schema, schemas = RECURSIVE[case]
    (found,) = read(with_schema(schema, **schemas)).operations
    assert len(json.dumps([each.schema for each in found.parameters])) < 20_000


MISSING = {
    "#/components/schemas/Gone": "The specification refers to",
    "#/paths/~1a/nothing": "The specification refers to",
    "other.yaml#/Thing": "another file",
    "https://evil.test/spec.json": "another file",
    "file:///etc/passwd": "another file",
}


@pytest.mark.parametrize("reference", MISSING)
def test_what_leads_nowhere_is_named_and_takes_any_value(reference: str) -> None:
    found = read(with_schema({"type": "object", "properties": {"a": {"$ref": reference}}}))
    assert found.operations[0].parameters[0].schema == {}
    (problem,) = found.problems
    assert problem.severity == "warning"
    assert reference in problem.describe().message
    assert MISSING[reference] in problem.describe().message


N = 200_000
BOMB = "a: &a [x,x,x,x,x,x,x,x,x]\n" + "".join(
    f"{chr(98 + at)}: &{chr(98 + at)} [{','.join(['*' + chr(97 + at)] * 9)}]\n" for at in range(12)
)
MERGES = "a: &a {x0: 1, x1: 1}\n" + "".join(
    f"{chr(98 + at)}: &{chr(98 + at)} {{<<: [{','.join(['*' + chr(97 + at)] * 9)}]}}\n" for at in range(12)
)
HOSTILE = {
    "nothing": (" \n", "nothing to read"),
    "a poem": ("Roses are red", "a specification"),
    "a list": ("[1, 2]", "a specification"),
    "half": ('{"openapi": "3.0.0", "paths": {', "Line 2"),
    "a tab": ("openapi: 3.0.0\npaths:\n\t- a", "Line 3"),
    "another version": ("openapi: 4.0.0", "Version 4.0.0"),
    "an old version": ("swagger: '1.2'", "Version 1.2"),
    "no paths": ("openapi: 3.0.0\npaths: {}", "no operation"),
    "paths of another shape": ("openapi: 3.0.0\npaths: [1]", "no operation"),
    "brackets": ("[" * N, "nested too deeply"),
    "braces": ('{"a":' * N, "nested too deeply"),
    "dashes": ("- " * N, "nested too deeply"),
    "question marks": ("? " * N, "nested too deeply"),
    "indents": ("\n".join(" " * at + "a:" for at in range(1500)), "nested too deeply"),
    "an alias bomb": (BOMB, "This specification refers to itself too often"),
    "a merge bomb": (MERGES, "This specification refers to itself too often"),
    "a knot": ("a: &a [*a]", "nested too deeply"),
    "an object of python": ("a: !!python/object/apply:os.system ['true']", "Line 1"),
    "too much": ("a" * 12_000_001, "larger than 12 MB"),
}


@pytest.mark.parametrize("case", HOSTILE)
def test_what_cannot_be_read_says_why(case: str) -> None:
    text, said = HOSTILE[case]
    began = time.perf_counter()
    with pytest.raises(SpecificationError, match=said) as error:
        read_specification(text)
    assert time.perf_counter() - began < 5
    assert error.value.problem.describe("fr").message != error.value.problem.message


@pytest.mark.parametrize(
    "value", [None, 7, "x", [], {}, [None], {"get": 7}, {"get": {"parameters": 7}}, {"get": {}}]
)
def test_any_shape_is_read_or_refused(value: Any) -> None:
    whole = {"openapi": "3.0.0", "info": value, "servers": value, "components": value, "security": value}
    deep = {
        "get": {"tags": value, "requestBody": value, "parameters": [value], "security": value, "operationId": value}
    }
    assert read(whole | {"paths": {"/a": deep, "/b": value, 7: value}}).operations[0].path == "/a"


def test_names_are_made_fit_and_told_apart() -> None:
    paths = {f"/{at}": {"get": {"operationId": "get the/thing"}} for at in range(3)}
    found = read({"openapi": "3.0.0", "paths": paths})
    assert [each.id for each in found.operations] == ["get_the_thing", "get_the_thing_2", "get_the_thing_3"]


def test_a_hole_nobody_describes_is_an_input() -> None:
    found = read({"openapi": "3.0.0", "paths": {"/a/{id}": {"get": {}}}})
    assert named(found.operations[0]) == {"id": "path"}


def test_no_more_than_a_thousand() -> None:
    paths = {f"/{at}": {"get": {}} for at in range(1200)}
    found = read({"openapi": "3.0.0", "paths": paths})
    assert len(found.operations) == 1000
    assert found.problems[0].code == "openapi.many"


def test_json_with_a_mark_and_bytes() -> None:
    assert read_document('\ufeff{"a": 1}') == {"a": 1}
    assert read_document("\ufeffa: é".encode()) == {"a": "é"}


@pytest.fixture
def pages() -> Iterator[tuple[str, dict[str, tuple[int, str]]]]:
    """A server of texts by path."""
    texts: dict[str, tuple[int, str]] = {}

    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *words: Any) -> None: ...

        def do_GET(self) -> None:
            status, text = texts.get(self.path, (404, ""))
            self.send_response(status)
            self.end_headers()
            self.wfile.write(text.encode())

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = Thread(target=server.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}", texts
        server.shutdown()
        thread.join()


def here(url: str) -> GuardedHttp:
    return GuardedHttp(frozenset({url.partition("//")[2]}))


def test_from_an_address_and_by_a_manifest(pages: tuple[str, dict[str, tuple[int, str]]]) -> None:
    url, texts = pages
    texts["/openapi.yaml"] = (200, YAML.replace("https://{region}.weather.example/v1", "/v1"))
    manifest = json.dumps({"schema_version": "v1", "api": {"type": "openapi", "url": "/openapi.yaml"}})
    texts["/.well-known/ai-plugin.json"] = (200, manifest)
    for path in ("/openapi.yaml", "/.well-known/ai-plugin.json"):
        found = asyncio.run(fetch_specification(url + path, here(url)))
        assert found.operations[0].server == f"{url}/v1"
    pasted = manifest.replace("/openapi.yaml", f"{url}/openapi.yaml")
    assert asyncio.run(read_given(pasted, here(url))).title == "Weather"
    assert asyncio.run(read_given(YAML, GuardedHttp())).title == "Weather"


@pytest.mark.parametrize(
    "address", ["http://127.0.0.1/openapi.json", "http://169.254.169.254/latest", "localhost:9", "ftp://a.example"]
)
def test_an_address_on_the_inside_is_refused(address: str) -> None:
    with pytest.raises(HttpError):
        asyncio.run(fetch_specification(address, GuardedHttp()))


def test_a_manifest_that_leads_inside_is_refused() -> None:
    manifest = json.dumps({"schema_version": "v1", "api": {"url": "http://169.254.169.254/latest"}})
    with pytest.raises(HttpError, match="is on this computer or your local network, which flows may not access"):
        asyncio.run(read_given(manifest, GuardedHttp()))


def test_a_page_that_is_not_there(pages: tuple[str, dict[str, tuple[int, str]]]) -> None:
    with pytest.raises(SpecificationError, match="status 404"):
        asyncio.run(fetch_specification(pages[0] + "/gone", here(pages[0])))
