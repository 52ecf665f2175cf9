"""Values made fit for a schema, and written as the specification says, where a first guess is wrong."""

import json
from typing import Any
from urllib.parse import unquote

import pytest
from pydantic import TypeAdapter

from flowloom.errors import NodeError
from flowloom.kinds.operations import Operation
from flowloom.nodes.tools.arguments import schema_of
from flowloom.nodes.tools.calls import request_of
from flowloom.nodes.tools.fitting import fit
from flowloom.services.openapi.specification import read_specification

OPERATION = TypeAdapter(Operation)
TEXT, COUNT, YES, NULL = {"type": "string"}, {"type": "integer"}, {"type": "boolean"}, {"type": "null"}
LIST, THING = {"type": "array", "items": TEXT}, {"type": "object", "properties": {"a": COUNT}}
CAT = {
    "type": "object",
    "properties": {"kind": {"enum": ["cat"]}, "lives": COUNT},
    "required": ["kind", "lives"],
}
DOG = {"type": "object", "properties": {"kind": {"enum": ["dog"]}, "lives": TEXT}, "required": ["kind"]}
DAY, MOMENT = {**TEXT, "format": "date"}, {**TEXT, "format": "date-time"}

FITTED = [
    # The type a value has comes before those it can be read as.
    ({"type": ["integer", "string"]}, "01067", "01067"),
    ({"type": ["string", "integer"]}, 7, 7),
    ({"type": ["number", "string"]}, "1e3", "1e3"),
    ({"type": ["boolean", "string"]}, "true", "true"),
    ({"type": ["string", "array"]}, '["a"]', '["a"]'),
    ({"type": ["string", "null"]}, "null", "null"),
    ({"anyOf": [COUNT, TEXT]}, "01067", "01067"),
    ({"oneOf": [COUNT, TEXT]}, "7", "7"),
    # Else what says most.
    ({"type": ["integer", "null"]}, "7", 7),
    ({"type": ["integer", "null"]}, "", None),
    ({"type": ["integer", "null"]}, "null", None),
    ({"type": ["boolean", "integer"]}, "1", 1),
    ({"type": ["string", "boolean"]}, 1, "1"),
    ({"type": ["object", "array"]}, '[{"a": 1}]', [{"a": 1}]),
    ({"type": ["array", "null"], "items": COUNT}, "[1, 2]", [1, 2]),
    ({"type": ["object", "null"]}, '{"a": 1}', {"a": 1}),
    ({"anyOf": [THING, NULL]}, '{"a": "1"}', {"a": 1}),
    ({"anyOf": [NULL, THING]}, '{"a": "1"}', {"a": 1}),
    ({"anyOf": [{**LIST}, NULL]}, '["a"]', ["a"]),
    ({"anyOf": [{"anyOf": [THING, NULL]}, YES]}, '{"a": 1}', {"a": 1}),
    ({"anyOf": [LIST, THING]}, {"a": "1"}, {"a": 1}),
    ({"anyOf": [THING, NULL]}, None, None),
    ({"type": "array", "items": {"anyOf": [COUNT, NULL]}}, ["1", None], [1, None]),
    # Several kinds of a thing: the one whose label it bears.
    ({"anyOf": [CAT, DOG]}, {"kind": "dog", "lives": 1}, {"kind": "dog", "lives": "1"}),
    ({"oneOf": [DOG, CAT]}, {"kind": "cat", "lives": "9"}, {"kind": "cat", "lives": 9}),
    ({"oneOf": [DOG, CAT]}, '{"kind": "cat", "lives": "9"}', {"kind": "cat", "lives": 9}),
    # Big numbers keep their figures.
    (COUNT, "9007199254740993", 9007199254740993),
    ({**TEXT, "format": "int64"}, 9007199254740993, "9007199254740993"),
    ({"anyOf": [COUNT, TEXT]}, 9007199254740993, 9007199254740993),
    # Choices.
    ({**TEXT, "enum": ["open", "closed"]}, "Open", "open"),
    ({"enum": [1, 2]}, "2", 2),
    ({"type": ["string", "null"], "enum": ["a"]}, None, None),
    (TEXT, True, "true"),
    # Days and moments, RFC 3339.
    (DAY, "2026-11-29T00:00:00Z", "2026-11-29"),
    (DAY, "2026-11-29T14:00:00", "2026-11-29T14:00:00"),
    (MOMENT, "2026-11-29", "2026-11-29T00:00:00Z"),
    (MOMENT, "tomorrow", "tomorrow"),
    # Null within: kept where it is a value, left out where it means nothing.
    ({"properties": {"a": {"type": ["string", "null"]}}}, {"a": None}, {"a": None}),
    ({"properties": {"a": TEXT}}, {"a": None, "b": None}, {"b": None}),
    ({"properties": {"a": {"properties": {"b": TEXT}}}}, {"a": {"b": None}}, {"a": {}}),
    ({"additionalProperties": COUNT}, {"a": "1", "b": None}, {"a": 1}),
    ({"properties": {"a": {}}}, {"a": None}, {"a": None}),
]


@pytest.mark.parametrize(("schema", "value", "fitted"), FITTED)
def test_fitted(schema: dict[str, Any], value: Any, fitted: Any) -> None:
    found = fit(value, schema, "x")
    assert (found, type(found)) == (fitted, type(fitted))


REFUSED = [
    ({"anyOf": [COUNT, NULL]}, "many", "a whole number"),
    ({"type": "array", "items": COUNT}, [None], "it is empty"),
    ({"properties": {"a": TEXT}, "required": ["a"]}, {"a": None}, "x.a"),
    ({**COUNT, "exclusiveMinimum": 5}, 5, "outside"),
    ({**COUNT, "exclusiveMaximum": 5}, 5, "outside"),
    ({"enum": [1]}, True, "may not be"),
    ({"anyOf": [CAT, DOG]}, {"kind": "cow"}, "cow"),
    ({"const": "a"}, "b", "may not be"),
]


@pytest.mark.parametrize(("schema", "value", "said"), REFUSED)
def test_refused(schema: dict[str, Any], value: Any, said: str) -> None:
    with pytest.raises(NodeError, match=said):
        fit(value, schema, "x")


def posting(schema: dict[str, Any], media: str = "application/json", **content: Any) -> Operation:
    body = {"content": {media: {"schema": schema, **content}}}
    document = {"openapi": "3.1.0", "servers": [{"url": "https://a.example"}]}
    return read_specification(json.dumps(document | {"paths": {"/a": {"post": {"requestBody": body}}}})).operations[
        0
    ]


NULLS = [
    ({"type": ["integer", "null"]}, {"milestone": None}),
    ({"anyOf": [COUNT, NULL]}, {"milestone": None}),
    (COUNT, {}),
    ({}, {}),
]


@pytest.mark.parametrize(("schema", "body"), NULLS)
def test_null_is_sent_where_it_is_a_value(schema: dict[str, Any], body: dict[str, Any]) -> None:
    found = posting({"type": "object", "properties": {"milestone": schema, "title": TEXT}})
    assert json.loads(request_of(found, {"milestone": None}).body) == body
    assert json.loads(request_of(found, {"title": "t"}).body) == {"title": "t"}  # what did not come is not null
    told = schema_of(found)["properties"]["milestone"]
    assert ("null" in json.dumps(told)) == bool(body)


def test_null_that_must_come() -> None:
    nullable = {"type": "object", "required": ["a"], "properties": {"a": {"type": ["string", "null"]}}}
    found = OPERATION.validate_python(
        {
            "id": "a",
            "method": "POST",
            "path": "/a",
            "server": "https://a.example",
            "body": "json",
            "parameters": [{"name": "a", "place": "body", "required": True, "schema": nullable["properties"]["a"]}],
        }
    )
    assert request_of(found, {"a": None}).body == '{"a": null}'
    with pytest.raises(NodeError, match="Nothing arrived"):
        request_of(found, {})


def test_a_merge_patch_says_null() -> None:
    found = posting({"type": "object", "properties": {"name": TEXT}}, "application/merge-patch+json")
    request = request_of(found, {"name": None})
    assert (request.body, request.headers["Content-Type"]) == ('{"name": null}', "application/merge-patch+json")


def getting(path: str, **parameter: Any) -> Operation:
    document = {"openapi": "3.1.0", "servers": [{"url": "https://a.example"}]}
    paths = {path: {"get": {"parameters": [{"name": "color", **parameter}]}}}
    return read_specification(json.dumps(document | {"paths": paths})).operations[0]


COLORS, RGB = ["blue", "black"], {"R": 100, "G": 200}
AS_JSON = {"content": {"application/json": {"schema": {"type": "object"}}}}
# The table "Style Examples" of OpenAPI 3.1.1, and what stands beside it.
STYLES = [
    ("query", {}, COLORS, "?color=blue&color=black"),
    ("query", {}, RGB, "?R=100&G=200"),
    ("query", {"explode": False}, COLORS, "?color=blue,black"),
    ("query", {"explode": False}, RGB, "?color=R,100,G,200"),
    ("query", {"style": "spaceDelimited", "explode": False}, COLORS, "?color=blue black"),
    ("query", {"style": "pipeDelimited"}, COLORS, "?color=blue|black"),
    ("query", {"style": "pipeDelimited", "explode": False}, RGB, "?color=R|100|G|200"),
    ("query", {"style": "pipeDelimited", "explode": True}, COLORS, "?color=blue&color=black"),
    ("query", {"style": "deepObject", "explode": True}, RGB, "?color[R]=100&color[G]=200"),
    ("query", {"style": "deepObject"}, {"a": {"b": [1]}}, "?color[a][b][0]=1"),
    ("query", AS_JSON, RGB, '?color={"R": 100, "G": 200}'),
    ("query", {"content": {"application/json": {"schema": LIST}}}, COLORS, '?color=["blue", "black"]'),
    ("path", {}, COLORS, "/blue,black"),
    ("path", {}, RGB, "/R,100,G,200"),
    ("path", {"explode": True}, RGB, "/R=100,G=200"),
    ("path", {"style": "label"}, "blue", "/.blue"),
    ("path", {"style": "label"}, COLORS, "/.blue,black"),
    ("path", {"style": "label", "explode": True}, COLORS, "/.blue.black"),
    ("path", {"style": "label", "explode": True}, RGB, "/.R=100.G=200"),
    ("path", {"style": "matrix"}, "blue", "/;color=blue"),
    ("path", {"style": "matrix"}, COLORS, "/;color=blue,black"),
    ("path", {"style": "matrix", "explode": True}, COLORS, "/;color=blue;color=black"),
    ("path", {"style": "matrix", "explode": True}, RGB, "/;R=100;G=200"),
    ("path", {"style": "matrix"}, RGB, "/;color=R,100,G,200"),
    ("path", AS_JSON, RGB, '/{"R": 100, "G": 200}'),
]


@pytest.mark.parametrize(("place", "says", "value", "address"), STYLES)
def test_styles_of_addresses(place: str, says: dict[str, Any], value: Any, address: str) -> None:
    path = "/{color}" if place == "path" else "/"
    request = request_of(getting(path, **{"in": place, **says}), {"color": value})
    assert unquote(request.url) == "https://a.example" + (address if place == "path" else f"/{address}")


HEADERS = [
    ({}, COLORS, "blue,black"),
    ({}, RGB, "R,100,G,200"),
    ({"explode": True}, RGB, "R=100,G=200"),
    (AS_JSON, RGB, '{"R": 100, "G": 200}'),
]


@pytest.mark.parametrize(("says", "value", "header"), HEADERS)
def test_styles_of_headers(says: dict[str, Any], value: Any, header: str) -> None:
    assert request_of(getting("/", **{"in": "header", **says}), {"color": value}).headers == {"color": header}


def test_reserved_signs_stay_where_they_may() -> None:
    plain = request_of(getting("/", **{"in": "query"}), {"color": "a/b:c&d"})
    reserved = request_of(getting("/", **{"in": "query", "allowReserved": True}), {"color": "a/b:c&d"})
    assert plain.url.endswith("?color=a%2Fb%3Ac%26d")
    assert reserved.url.endswith("?color=a/b:c%26d")


def test_cookies_are_sent_but_none_that_lets_somebody_in() -> None:
    request = request_of(getting("/", **{"in": "cookie"}), {"color": "b; admin=1"})
    assert request.headers == {"Cookie": "color=b%3B%20admin%3D1"}
    document = {"openapi": "3.1.0", "paths": {"/": {"get": {"parameters": [{"name": "SID", "in": "cookie"}]}}}}
    assert read_specification(json.dumps(document)).operations[0].parameters == ()


ORDER = {"type": "object", "properties": {"metadata": {"type": "object"}, "items": {"type": "array"}}}
FORMS = [
    ({}, {"metadata": {"order": 6735}}, 'metadata={"order": 6735}'),
    ({"metadata": {"style": "deepObject", "explode": True}}, {"metadata": {"order": 6735}}, "metadata[order]=6735"),
    ({"metadata": {"style": "form"}}, {"metadata": {"order": 6735}}, "order=6735"),
    ({"metadata": {"explode": False}}, {"metadata": {"order": 6735}}, "metadata=order,6735"),
    ({}, {"items": ["a", "b"]}, "items=a&items=b"),
    ({"items": {"explode": False}}, {"items": ["a", "b"]}, "items=a,b"),
    ({"items": {"style": "pipeDelimited"}}, {"items": ["a", "b"]}, "items=a|b"),
    ({"items": {"contentType": "application/json"}}, {"items": ["a", "b"]}, 'items=["a", "b"]'),
    ({"items": {"style": "deepObject"}}, {"items": [{"price": "p_1"}]}, "items[0][price]=p_1"),
]


@pytest.mark.parametrize(("encoding", "values", "body"), FORMS)
def test_the_encoding_of_a_form_is_obeyed(encoding: Any, values: Any, body: str) -> None:
    """OpenAPI 3.0.3 and 3.1.0, "Encoding Object"."""
    media = "application/x-www-form-urlencoded"
    request = request_of(posting(ORDER, media, encoding=encoding), values)
    assert unquote(request.body.replace("+", " ")) == body
    assert request.headers["Content-Type"] == media


@pytest.mark.parametrize(("format", "body"), [(None, "t=a,b"), ("multi", "t=a&t=b"), ("pipes", "t=a|b")])
def test_lists_in_forms_of_swagger_2(format: str | None, body: str) -> None:
    field = {"name": "t", "in": "formData", "type": "array", "items": TEXT}
    document = {
        "swagger": "2.0",
        "host": "a.example",
        "consumes": ["application/x-www-form-urlencoded"],
        "paths": {"/a": {"post": {"parameters": [field | ({"collectionFormat": format} if format else {})]}}},
    }
    found = read_specification(json.dumps(document)).operations[0]
    assert unquote(request_of(found, {"t": ["a", "b"]}).body) == body


def test_a_form_of_several_parts() -> None:
    """RFC 7578; a file that may be left out is, and one that must come is refused before the run."""
    photo = {"type": "string", "format": "binary"}
    schema = {"type": "object", "properties": {"title": TEXT, "tags": LIST, "about": THING, "photo": photo}}
    found = posting(schema, "multipart/form-data")
    request = request_of(found, {"title": "a\r\n--x", "tags": ["b", "c"], "about": {"a": 1}})
    boundary = request.headers["Content-Type"].partition("boundary=")[2]
    parts = request.body.split(f"--{boundary}")
    assert parts[-1] == "--\r\n"
    assert [part.strip().replace("\r\n", "|") for part in parts[1:-1]] == [
        'Content-Disposition: form-data; name="title"||a|--x',
        'Content-Disposition: form-data; name="tags"||b',
        'Content-Disposition: form-data; name="tags"||c',
        'Content-Disposition: form-data; name="about"|Content-Type: application/json||{"a": 1}',
    ]
    assert posting({**schema, "required": ["photo"]}, "multipart/form-data").body == "files"
    assert posting({"type": "object", "properties": {"photo": photo}}, "multipart/form-data").body == "files"


@pytest.mark.parametrize("media", ["text/csv", "application/xml"])
def test_a_text_is_sent_as_its_media_type(media: str) -> None:
    request = request_of(posting(TEXT, media), {"body": "a;b"})
    assert (request.body, request.headers["Content-Type"]) == ("a;b", media)


def test_a_flow_cannot_smuggle_a_header_into_the_media_type() -> None:
    found = OPERATION.validate_python(
        {
            "id": "a",
            "method": "POST",
            "path": "/a",
            "server": "https://a.example",
            "body": "json",
            "media": "application/json\r\nX: 1",
            "parameters": [{"name": "a", "place": "body"}],
        }
    )
    with pytest.raises(NodeError, match="Content-Type"):
        request_of(found, {"a": "b"})
