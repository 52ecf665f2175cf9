"""What a specification means where a first guess is wrong: YAML 1.2, `allOf`, `$ref`, readOnly, null, limits."""

import json
from typing import Any

import pytest

from flowloom.kinds.operations import Operation
from flowloom.services.mcp.tools import schema_from
from flowloom.services.openapi.document import read_document
from flowloom.services.openapi.specification import read_specification

WORDS = [
    # YAML 1.2.2, 10.2 "JSON Schema"; OpenAPI 3.0.3 "Format": tags are limited to those of the JSON schema ruleset.
    *("NO", "no", "on", "off", "yes", "Y", "0755", "0o17", "0x1F", "1_000", "12:30:00", "190:20:30", "=", "<<"),
    *("2026-11-29", "2001-12-14t21:59:43.10-05:00", "+12", "1e", "nullable", "Trues", "01067", ".", "-", "0b1"),
]


@pytest.mark.parametrize("word", WORDS)
def test_words_of_yaml_stay_words(word: str) -> None:
    assert read_document(f"enum: [x, {word}]")["enum"][1] == word
    assert read_document(f"properties: {{{word}: 1}}")["properties"] == {word: 1}


VALUES = [
    *(("true", True), ("False", False), ("null", None), ("~", None), ("", None), ("7", 7), ("-0", 0), ("1.5", 1.5)),
    *(("1e3", 1000.0), ("123456789012345678901234567890", 123456789012345678901234567890), ("'7'", "7")),
]


@pytest.mark.parametrize(("text", "value"), VALUES)
def test_values_of_yaml(text: str, value: Any) -> None:
    found = read_document(f"a: {text}")["a"]
    assert (found, type(found)) == (value, type(value))


@pytest.mark.parametrize("key", ["200", "on", "null", "true", "1.0", "2026-11-29", "NO"])
def test_keys_are_texts_as_they_are_written(key: str) -> None:
    assert read_document(f"a: {{{key}: 1}}") == {"a": {key: 1}}


def test_merges_still_work() -> None:
    assert read_document("a: &a {on: 1}\nb: {<<: *a, off: 2}")["b"] == {"on": 1, "off": 2}


def operation(schema: Any, version: str = "3.1.0", media: str = "application/json", **schemas: Any) -> Operation:
    body = {"required": True, "content": {media: {"schema": schema}}}
    document = {
        "openapi": version,
        "paths": {"/a": {"post": {"requestBody": body}}},
        "components": {"schemas": schemas},
    }
    return read_specification(json.dumps(document)).operations[0]


def fields(found: Operation) -> dict[str, bool]:
    return {each.name: each.required for each in found.parameters}


def field(schema: Any, version: str = "3.1.0", **schemas: Any) -> dict[str, Any]:
    found = operation({"type": "object", "properties": {"a": schema}}, version, **schemas)
    return found.parameters[0].schema


def ref(name: str) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{name}"}


TEXT, COUNT = {"type": "string"}, {"type": "integer"}
BASE = {"type": "object", "properties": {"id": {**COUNT, "readOnly": True}, "name": TEXT, "key": TEXT}}


def test_a_part_that_only_requires_counts() -> None:
    """JSON Schema 2020-12, 10.2.1.1: an instance has to be valid against every part."""
    found = operation({"allOf": [ref("Base"), {"required": ["name"]}]}, "3.0.3", Base=BASE)
    assert fields(found) == {"name": True, "key": False}
    nested = {"allOf": [{"allOf": [ref("Base"), {"required": ["key"]}]}, {"required": ["name"]}]}
    assert fields(operation(nested, Base=BASE)) == {"name": True, "key": True}
    outer = {"allOf": [ref("Base")], "required": ["name", "unknown"]}
    assert fields(operation(outer, Base=BASE)) == {"name": True, "key": False}


@pytest.mark.parametrize("version", ["3.0.3", "3.1.0"])
def test_beside_a_reference(version: str) -> None:
    """3.0.3, Reference Object: "shall be ignored"; 2020-12, 8.2.3.1: one keyword among others."""
    beside = {**ref("Base"), "required": ["name"], "properties": {"more": TEXT}}
    counts = {"name": True, "key": False, "more": False}
    assert fields(operation(beside, version, Base=BASE)) == (
        counts if version == "3.1.0" else {"name": False, "key": False}
    )
    said = field({**ref("Word"), "description": "What for"}, version, Word=TEXT)
    assert said.get("description") == ("What for" if version == "3.1.0" else None)


MERGED = [
    ([{"type": "string", "enum": ["a", "b", "c"]}, {"enum": ["a"]}], {"type": "string", "enum": ["a"]}),
    ([{"enum": ["a"]}, {"type": "string", "enum": ["a", "b"]}], {"type": "string", "enum": ["a"]}),
    ([{"type": "number"}, {"type": "integer"}], {"type": "integer"}),
    ([{"type": ["string", "null"]}, TEXT], {"type": "string"}),
    ([{**COUNT, "minimum": 1, "maximum": 9}, {"minimum": 3, "maximum": 20}], {**COUNT, "minimum": 3, "maximum": 9}),
    ([{**TEXT, "maxLength": 9}, {"maxLength": 5}], {**TEXT, "maxLength": 5}),
    (
        [{"properties": {"b": {"type": "number"}}}, {"properties": {"b": {"minimum": 1}}}],
        {"type": "object", "properties": {"b": {"type": "number", "minimum": 1}}},
    ),
    (
        [
            {"properties": {"b": TEXT}, "additionalProperties": False},
            {"properties": {"c": TEXT}, "additionalProperties": False},
        ],
        {"type": "object", "properties": {"b": TEXT, "c": TEXT}},
    ),
]


@pytest.mark.parametrize(("parts", "whole"), MERGED)
def test_all_of_asks_for_what_all_ask_for(parts: list[Any], whole: dict[str, Any]) -> None:
    assert field({"allOf": parts}) == whole


SAID = [
    # What old and loose specifications write → what JSON Schema 2020-12 calls it.
    ({"type": "float"}, {"type": "number"}),
    ({"type": "any"}, {}),
    ({"type": "wibble"}, {}),
    ({"type": ["any", "null"]}, {}),
    ({"type": "Date"}, {"type": "string"}),
    ({"enum": ["a", "b"]}, {"type": "string", "enum": ["a", "b"]}),
    ({"const": 3}, {"type": "integer", "const": 3}),
    ({"const": None}, {"type": "null", "const": None}),
    ({"items": TEXT}, {"type": "array", "items": TEXT}),
    ({**COUNT, "minimum": 0, "exclusiveMinimum": True}, {**COUNT, "exclusiveMinimum": 0}),
    ({**COUNT, "maximum": 9, "exclusiveMaximum": False}, {**COUNT, "maximum": 9}),
    ({**COUNT, "exclusiveMinimum": 2}, {**COUNT, "exclusiveMinimum": 2}),
    ({**TEXT, "nullable": True}, {"type": ["string", "null"]}),
    ({"anyOf": [TEXT, {"type": "null"}]}, {"type": ["string", "null"]}),
    ({"oneOf": [{"type": "null"}, COUNT]}, {"type": ["integer", "null"]}),
    ({"anyOf": [{"enum": ["a"]}, {"type": "null"}]}, {"type": ["string", "null"], "enum": ["a", None]}),
    ({"allOf": [TEXT], "nullable": True}, {"type": ["string", "null"]}),
    ({"anyOf": [TEXT, COUNT, {"type": "null"}]}, {"anyOf": [TEXT, COUNT, {"type": "null"}]}),
    ({"anyOf": [TEXT]}, TEXT),
    ({"type": "object", "additionalProperties": COUNT}, {"type": "object", "additionalProperties": COUNT}),
    (
        {"allOf": [{"properties": {"b": TEXT}}], "unevaluatedProperties": False},
        {"type": "object", "properties": {"b": TEXT}, "additionalProperties": False},
    ),
    ({"type": "array", "prefixItems": [TEXT, COUNT]}, {"type": "array", "items": {"anyOf": [TEXT, COUNT]}}),
    ({"type": "array", "default": []}, {"type": "array", "default": []}),
    ({"properties": {"b": False, "c": True}}, {"type": "object", "properties": {"c": {}}}),
]


@pytest.mark.parametrize(("schema", "plain"), SAID)
def test_every_version_in_the_words_of_one(schema: dict[str, Any], plain: dict[str, Any]) -> None:
    assert field(schema) == plain


def test_a_list_that_is_cut_keeps_its_items() -> None:
    tree = {"type": "object", "properties": {"children": {"type": "array", "items": ref("Tree")}}}
    text = json.dumps(operation(ref("Tree"), Tree=tree).parameters[0].schema)
    assert text.count('"array"') == text.count('"items"') > 0


READ_ONLY = [
    BASE,
    {"allOf": [ref("Base")]},
    {"type": "object", "properties": {"id": {"allOf": [ref("Id")], "readOnly": True}, "name": TEXT, "key": TEXT}},
    {"type": "object", "properties": {"id": ref("ReadOnly"), "name": TEXT, "key": TEXT}},
    {"type": "object", "properties": {"id": {**ref("Id"), "readOnly": True}, "name": TEXT, "key": TEXT}},
]


@pytest.mark.parametrize("schema", READ_ONLY)
def test_only_answers_have_what_is_read_only(schema: dict[str, Any]) -> None:
    """3.0.3, Schema Object, readOnly: "should not be sent as part of the request"; required holds for answers."""
    schemas = {"Base": BASE, "Id": COUNT, "ReadOnly": {**COUNT, "readOnly": True}}
    found = operation({**schema, "required": ["id", "name"]}, "3.1.0", **schemas)
    assert fields(found) == {"name": True, "key": False}


def test_what_is_write_only_is_asked_for_also_within_lists() -> None:
    inner = {"properties": {"secret": {**TEXT, "writeOnly": True}, "at": {**TEXT, "readOnly": True}}}
    found = field({"type": "array", "items": {**inner, "required": ["secret", "at"]}})
    assert found["items"] == {"type": "object", "properties": {"secret": TEXT}, "required": ["secret"]}


def test_tools_of_mcp_follow_json_schema() -> None:
    found = schema_from(
        {
            "type": "object",
            "$defs": {"P": {"type": "float", "readOnly": True}},
            "properties": {"p": {"$ref": "#/$defs/P", "description": "Price"}},
            "required": ["p"],
        }
    )
    price = {"type": "number", "description": "Price"}
    assert found == {"type": "object", "properties": {"p": price}, "required": ["p"]}


def test_what_a_discriminator_tells_apart() -> None:
    cat, dog = {"properties": {"kind": TEXT, "lives": COUNT}}, {"properties": {"kind": TEXT}}
    discriminator = {"propertyName": "kind", "mapping": {"feline": "#/components/schemas/Cat"}}
    pet = {"oneOf": [ref("Cat"), ref("Dog")], "discriminator": discriminator}
    found = field(pet, Cat=cat, Dog=dog)["anyOf"]
    assert [each["properties"]["kind"]["enum"] for each in found] == [["feline"], ["Dog"]]


def test_choices_of_what_is_required_stay() -> None:
    either = {**BASE, "anyOf": [{"required": ["name"]}, {"required": ["key"]}]}
    assert operation(either).parameters[0].schema["anyOf"] == [{"required": ["name"]}, {"required": ["key"]}]


MEDIA = [
    (["application/merge-patch+json"], "json", "application/merge-patch+json"),
    (["application/vnd.api+json"], "json", "application/vnd.api+json"),
    (["application/vnd.api+json", "application/json"], "json", "application/json"),
    (["application/json; charset=utf-8"], "json", "application/json; charset=utf-8"),
    (["text/csv"], "text", "text/csv"),
    (["application/xml"], "text", "application/xml"),
    (["application/x-ndjson"], "text", "application/x-ndjson"),
    (["text/*"], "text", ""),
    (["*/*"], "json", ""),
    (["image/png", "application/x-www-form-urlencoded"], "form", "application/x-www-form-urlencoded"),
    (["image/png"], "files", "image/png"),
]


@pytest.mark.parametrize(("named", "body", "media"), MEDIA)
def test_the_media_type_named_is_the_one_sent(named: list[str], body: str, media: str) -> None:
    content = {each: {"schema": {"type": "object", "properties": {"a": TEXT}}} for each in named}
    document = {"openapi": "3.0.3", "paths": {"/a": {"post": {"requestBody": {"content": content}}}}}
    found = read_specification(json.dumps(document)).operations[0]
    assert (found.body, found.media) == (body, media)


def test_null_takes_a_field_away_in_a_merge_patch() -> None:
    """RFC 7396, section 1: null "is given special meaning to indicate the removal of existing values"."""
    schema = {"type": "object", "properties": {"name": TEXT, "in": {"properties": {"x": COUNT}}}}
    found = operation(schema, media="application/merge-patch+json")
    assert [each.schema["type"] for each in found.parameters] == [["string", "null"], ["object", "null"]]
    assert found.parameters[1].schema["properties"]["x"]["type"] == ["integer", "null"]
