"""Schemas without references, small enough for a flow to carry and a model to read."""

from collections.abc import Iterator, Mapping
from typing import Any

from flowloom.flow.sorts import listed, mapping
from flowloom.services.openapi.document import Document
from flowloom.services.openapi.keywords import keywords_of
from flowloom.services.openapi.merging import Schema, as_type, both, names_of
from flowloom.services.openapi.references import References

MAX_DEPTH = 6
MAX_PARTS = 120
"""Schemas within one schema; a model reads no more, and a flow should not carry more."""
MAX_CHOICES = 20
MAX_FIELDS = 100
_INSIDE = frozenset({"items", "prefixItems", "properties", "required", "additionalProperties"})
_COMBINED = frozenset({"$ref", "allOf", "anyOf", "oneOf", "unevaluatedProperties", "nullable"})


class Schemas:
    """Copies the schemas of one document, each once; many operations share theirs.

    With `for_requests`, fields that only answers have (`readOnly`) are left out, and asked for by nobody:
    “MUST NOT be sent as part of the request … if the property is in the required list, the required will take
    effect on the response only” (OpenAPI 3.0.3, “Fixed Fields” of the Schema Object).
    """

    def __init__(
        self,
        references: References,
        *,
        for_requests: bool = True,
        max_depth: int = MAX_DEPTH,
        max_parts: int = MAX_PARTS,
    ) -> None:
        self.references = references
        self.for_requests = for_requests
        self.max_depth, self.max_parts = max_depth, max_parts
        # The document outlives these tables, so an id stays one thing's.
        self._keywords: dict[int, Schema] = {}
        self._copies: dict[int, Schema] = {}
        self._left_out: dict[int, bool] = {}

    def copy(self, value: Any) -> Schema:
        """A schema as it is where it stands, without references; {} for what is none."""
        source = self.target(value)
        if id(source) not in self._copies:
            self._copies[id(source)] = _Copy(self).whole(source, ())
        return self._copies[id(source)]

    def target(self, value: Any) -> Document:
        if not isinstance(value, dict):
            return {}
        return self.references.target(value) if "$ref" in value else value

    def keywords(self, source: Document) -> Schema:
        """What a schema says of itself, without those within it; shared, so nobody changes it."""
        known = self._keywords.get(id(source))
        if known is None:
            known = self._keywords[id(source)] = keywords_of(source)
        return known

    def is_left_out(self, value: Any) -> bool:
        """Whether a field is for answers only, or (`false`) may not be there at all."""
        if not isinstance(value, dict) or not self.for_requests:
            return value is False
        known = self._left_out.get(id(value))
        if known is None:
            known = self._left_out[id(value)] = self._is_read_only(value)
        return known

    def _is_read_only(self, value: Document) -> bool:
        source = self.references.resolve(value) if "$ref" in value else value
        places = [value, source, *(self.target(part) for part in listed(source.get("allOf"))[:MAX_CHOICES])]
        return any(place.get("readOnly") is True for place in places)


class _Copy:
    """Copies one schema, following references, until it has gone deep or far enough."""

    def __init__(self, schemas: Schemas) -> None:
        self._schemas = schemas
        self._left = schemas.max_parts

    def whole(self, value: Any, path: tuple[int, ...]) -> Schema:
        """A schema that is complete by itself, so that it can only require what it knows."""
        return _pruned(self._part(value, path))

    def _part(self, value: Any, path: tuple[int, ...]) -> Schema:
        source = self._schemas.target(value)
        self._left -= 1
        found = self._schemas.keywords(source)
        # What stands within itself goes on for ever; the way down to it says enough.
        if id(source) in path or len(path) >= self._schemas.max_depth or self._left <= 0:
            return {**found, "items": {}} if names_of(found.get("type")) == ["array"] else found
        path = (*path, id(source))
        if not _INSIDE.isdisjoint(source):
            found = found | self._inside(source, path)
        return found if _COMBINED.isdisjoint(source) else self._combined(source, found, path)

    def _combined(self, source: Document, found: Schema, path: tuple[int, ...]) -> Schema:
        if parts := list(self._parts(source, path)):
            found = both(found, _all_of(parts, found))
        for options in self._choices(source, path):
            found = both(found, {"anyOf": options})
        if source.get("unevaluatedProperties") is False:
            found = {**found, "additionalProperties": False}
        return nullable(found) if source.get("nullable") is True else _without_lone_null(found)

    def _parts(self, source: Document, path: tuple[int, ...]) -> Iterator[Schema]:
        if "$ref" in source:
            yield self._part(self._schemas.references.resolve({"$ref": source["$ref"]}), path)
        for each in listed(source.get("allOf"))[:MAX_CHOICES]:
            yield self._part(each, path)

    def _choices(self, source: Document, path: tuple[int, ...]) -> Iterator[list[Schema]]:
        for name in ("anyOf", "oneOf"):
            options = listed(source.get(name))[:MAX_CHOICES]
            if options:
                yield [_told_apart(source, each, self._part(each, path)) for each in options]

    def _inside(self, source: Mapping[str, Any], path: tuple[int, ...]) -> Schema:
        found: Schema = {}
        if "items" in source or "prefixItems" in source:
            found["items"] = self._items(source, path)
        if properties := mapping(source.get("properties")):
            left_out = self._schemas.is_left_out
            found["properties"] = {
                str(name): self.whole(each, path)
                for name, each in list(properties.items())[:MAX_FIELDS]
                if not left_out(each)
            }
        if required := [name for name in listed(source.get("required")) if isinstance(name, str)]:
            found["required"] = required
        extra = source.get("additionalProperties")
        if extra is False:
            found["additionalProperties"] = False
        elif isinstance(extra, dict) and extra:
            found["additionalProperties"] = self.whole(extra, path)
        return found

    def _items(self, source: Mapping[str, Any], path: tuple[int, ...]) -> Schema:
        # Each place of a tuple may have a schema of its own; models know lists of one kind only.
        several = listed(source.get("prefixItems")) or listed(source.get("items"))
        options = [self.whole(each, path) for each in several[:MAX_CHOICES]]
        if not options:
            return self.whole(source.get("items"), path)
        return options[0] if all(each == options[0] for each in options) else {"anyOf": options}


def _all_of(parts: list[Schema], beside: Schema) -> Schema:
    """One schema of the parts of an `allOf`; of two that cannot both be kept, the later says more."""
    found: Schema = {}
    for part in parts:
        # A part closed by itself would forbid what the other parts add, which nobody means.
        if part.get("additionalProperties") is False and (len(parts) > 1 or "properties" in beside):
            part = {name: value for name, value in part.items() if name != "additionalProperties"}
        found = both(part, found)
    return found


def _told_apart(source: Document, option: Any, found: Schema) -> Schema:
    """An option of a choice that a `discriminator` tells apart, with the names that stand for it in its field."""
    says = mapping(source.get("discriminator"))
    field, reference = says.get("propertyName"), mapping(option).get("$ref")
    if not isinstance(field, str) or not isinstance(reference, str):
        return found
    name = reference.rpartition("/")[2]
    names = [str(key) for key, value in mapping(says.get("mapping")).items() if value in (reference, name)]
    label = {"type": "string", "enum": names or [name]}
    return both(found, {"properties": {field: label}, "required": [field]})


def _without_lone_null(found: Schema) -> Schema:
    """`anyOf: [X, null]` as X that may be null, which more models and forms understand."""
    options = found.get("anyOf")
    if not options:
        return found
    rest = [each for each in options if each.get("type") != "null"]
    if len(rest) != 1:
        return found
    alone = both({name: value for name, value in found.items() if name != "anyOf"}, rest[0])
    return alone if len(options) == 1 else nullable(alone) if "type" in rest[0] else found


def nullable(found: Schema) -> Schema:
    """A schema that also takes null; one that takes anything stays as it is."""
    if "anyOf" in found:
        return {**found, "anyOf": [*found["anyOf"], {"type": "null"}]}
    names = names_of(found.get("type"))
    if not names or "null" in names:
        return found
    made = {**found, "type": as_type([*names, "null"])}
    if "enum" in found and None not in found["enum"]:
        made["enum"] = [*found["enum"], None]
    return made


def _pruned(found: Schema) -> Schema:
    """Required is only what is known; what a choice requires may stand beside the choice."""
    if "required" not in found and "anyOf" not in found:
        return found
    known = found.get("properties", {})
    made = _requiring(found, known)
    if "anyOf" in found:
        made["anyOf"] = [_requiring(each, {**known, **each.get("properties", {})}) for each in found["anyOf"]]
    return made


def _requiring(found: Schema, known: Mapping[str, Any]) -> Schema:
    made = {name: value for name, value in found.items() if name != "required"}
    if required := [name for name in dict.fromkeys(found.get("required", ())) if name in known]:
        made["required"] = required
    return made
