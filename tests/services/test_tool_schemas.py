"""Tools of every origin, as every vendor's model takes them."""

import json
from typing import Any

import pytest

from flowloom.kinds.values import Message, ModelRequest, ToolSpec
from flowloom.services.models.openai_chat import build_body
from flowloom.services.models.tool_schemas import MAX_TOOLS, aliases_of, fit_for_models, mend_schema, mend_tool

TEXT, COUNT = {"type": "string"}, {"type": "integer"}

MENDED = [
    # OpenAI: "array schema missing items" (400); Gemini: "items: missing field".
    ({"type": "array"}, {"type": "array", "items": {}}),
    ({"type": ["array", "null"]}, {"type": ["array", "null"], "items": {}}),
    ({"type": "array", "items": {"type": "array"}}, {"type": "array", "items": {"type": "array", "items": {}}}),
    ({"anyOf": [{"type": "array"}, TEXT]}, {"anyOf": [{"type": "array", "items": {}}, TEXT]}),
    ({"type": "array", "items": [TEXT]}, {"type": "array", "items": TEXT}),
    # JSON Schema 2020-12, 6.1.1: seven types, and no others.
    ({"type": "any"}, {}),
    ({"type": "float"}, {"type": "number"}),
    ({"type": ["float", "null"]}, {"type": ["number", "null"]}),
    # Draft 6 and later: a number of its own.
    ({**COUNT, "minimum": 0, "exclusiveMinimum": True}, {**COUNT, "exclusiveMinimum": 0}),
    ({**COUNT, "exclusiveMaximum": False}, COUNT),
    ({**TEXT, "enum": []}, TEXT),
    ({**TEXT, "required": True}, TEXT),
    ({**TEXT, "x-note": 1, "xml": {}, "example": "a", "externalDocs": {}}, TEXT),
    ({"$ref": "#/$defs/A"}, {"type": "object", "properties": {"b": COUNT}}),
    ({"$ref": "elsewhere.json"}, {}),
    ({"allOf": [{"$ref": "#/$defs/A"}], "description": "It"}, {"type": "object", "properties": {"b": COUNT}}),
]


@pytest.mark.parametrize(("given", "mended"), MENDED)
def test_a_schema_is_mended(given: dict[str, Any], mended: dict[str, Any]) -> None:
    root = {"type": "object", "properties": {"x": given}, "$defs": {"A": {"properties": {"b": COUNT}}}}
    found = mend_schema(root)["properties"]["x"]
    found.pop("description", None)
    assert found == mended


def tool(parameters: Any, name: str = "look", about: str = "Looks") -> ToolSpec:
    return ToolSpec(name=name, description=about, parameters=parameters)


ROOTS = [
    ({}, {"type": "object", "properties": {}}),
    ({"properties": {"a": TEXT}}, {"type": "object", "properties": {"a": TEXT}}),
    ({"type": ["object", "null"]}, {"type": "object", "properties": {}}),
    (
        {"$ref": "#/$defs/A", "$defs": {"A": {"properties": {"a": TEXT}}}},
        {"type": "object", "properties": {"a": TEXT}},
    ),
    ({"anyOf": [{"type": "object", "properties": {"a": TEXT}}, {"type": "null"}]}, {"properties": {"a": TEXT}}),
    (
        {
            "oneOf": [
                {"properties": {"kind": {"const": "a"}, "a": TEXT}, "required": ["kind", "a"]},
                {"properties": {"kind": {"const": "b"}, "a": COUNT}, "required": ["kind"]},
            ]
        },
        {"required": ["kind"]},
    ),
    ({"type": "array", "items": TEXT}, None),
    ({"type": "string"}, None),
    ({"anyOf": [TEXT, COUNT]}, None),
]


@pytest.mark.parametrize(("given", "root"), ROOTS)
def test_the_root_is_one_object_or_the_tool_is_left_out(given: Any, root: dict[str, Any] | None) -> None:
    found = mend_tool(tool(given))
    if root is None:
        assert found is None
        return
    assert found is not None
    assert found.parameters | root == found.parameters
    assert found.parameters["type"] == "object"
    assert not {"anyOf", "oneOf", "allOf", "$ref"} & found.parameters.keys()


def test_what_goes_round_is_cut_and_keeps_its_items() -> None:
    tree = {"type": "object", "properties": {"name": TEXT, "children": {"type": "array", "items": {"$ref": "#"}}}}
    found = json.dumps(mend_schema(tree))
    assert "$ref" not in found
    assert found.count('"array"') == found.count('"items"') == 1


def test_one_bad_tool_takes_nothing_else_along() -> None:
    tools = [tool({"type": "array"}, "bad"), *(tool({}, f"t{at}") for at in range(MAX_TOOLS + 2))]
    request = ModelRequest(messages=[Message(role="user", text="?")], tools=tools)
    found, left_out = fit_for_models(request)
    assert len(found.tools) == MAX_TOOLS
    assert left_out == ("bad", "t128", "t129")


def test_a_long_description_is_cut() -> None:
    found = mend_tool(tool({}, about="a" * 5_000))
    assert found is not None
    assert len(found.description) <= 1_024


NAMES = ["look", "查询", "two words", "a" * 65, "a.b", "", "a" * 65 + "b", "two_words_2"]


def test_names_travel_as_vendors_take_them() -> None:
    aliases = aliases_of([tool({}, name) for name in NAMES])
    assert list(aliases) == NAMES
    assert aliases["look"] == "look"
    assert len(set(aliases.values())) == len(NAMES)
    assert all(0 < len(alias) <= 64 and alias.isascii() and " " not in alias for alias in aliases.values())


def test_a_structured_answer_is_asked_for_in_the_same_words() -> None:
    shape = {"type": "object", "properties": {"tags": {"type": "array"}, "price": {"type": "float"}}}
    request, _ = fit_for_models(ModelRequest(messages=[Message(role="user", text="?")], response_schema=shape))
    sent = build_body("m", request, frozenset())["response_format"]["json_schema"]["schema"]["properties"]
    assert sent["tags"] == {"type": ["array", "null"], "items": {}}
    assert sent["price"] == {"type": ["number", "null"]}
