"""References within a specification, followed when they are needed; what goes round or nowhere is cut off."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote

from flowloom.errors import Problem
from flowloom.services.openapi.document import Document, mapping, rows, text_of

MAX_DEPTH = 6
MAX_PARTS = 120
"""Schemas within one schema; a model reads no more, and a flow should not carry more."""
MAX_CHOICES = 200
MAX_CHAIN = 30
MAX_PROBLEMS = 20
_NUMBERS = ("minimum", "maximum", "minLength", "maxLength", "minItems", "maxItems", "exclusiveMinimum")
_PLAIN = frozenset({*_NUMBERS, "exclusiveMaximum", "format", "pattern", "default", "const"})
_NOWHERE = object()


class References:
    """Follows the references of one document and remembers what was wrong with them."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._known: dict[str, Any] = {}
        self._outside: dict[int, dict[str, Any]] = {}
        self._cut: dict[int, dict[str, Any]] = {}
        self.problems: dict[str, Problem] = {}

    def resolve(self, value: Any) -> Document:
        """What a value is, its reference followed; an empty mapping where it leads nowhere."""
        for _ in range(MAX_CHAIN):
            if not isinstance(value, dict):
                return {}
            reference = value.get("$ref")
            if not isinstance(reference, str):
                return value
            value = self._at(reference)
        self._note(
            Problem.of("openapi.circle", "A reference leads only to itself.", "What refers to it takes any value.")
        )
        return {}

    def schema(self, value: Any) -> dict[str, Any]:
        """A schema without references, small enough to carry."""
        source = self.resolve(value)
        # Many operations share their schemas; the document outlives this table, so an id stays one thing's.
        if id(source) not in self._cut:
            self._cut[id(source)] = _Cut(self).schema(source, ())
        return self._cut[id(source)]

    def outside(self, source: Document) -> dict[str, Any]:
        """What a schema says of itself, without those within it."""
        known = self._outside.get(id(source))
        if known is None:
            known = self._outside[id(source)] = _outside(source)
        return known.copy()

    def _at(self, reference: str) -> Any:
        if reference not in self._known:
            self._known[reference] = self._look_up(reference)
        return self._known[reference]

    def _look_up(self, reference: str) -> Any:
        if not reference.startswith("#"):
            self._note(
                Problem.of(
                    "openapi.remote",
                    "“{reference}” stands in another file, which is not read.",
                    "Ask for the specification as one file, where that part matters.",
                    reference=text_of(reference, 120),
                )
            )
            return {}
        found: Any = self._document
        for step in reference.removeprefix("#").lstrip("/").split("/"):
            name = unquote(step).replace("~1", "/").replace("~0", "~")
            found = _step(found, name)
            if found is _NOWHERE:
                self._note(
                    Problem.of(
                        "openapi.missing",
                        "“{reference}” is named in the specification but does not stand in it.",
                        "What refers to it takes any value.",
                        reference=text_of(reference, 120),
                    )
                )
                return {}
        return found

    def _note(self, problem: Problem) -> None:
        if len(self.problems) < MAX_PROBLEMS:
            self.problems.setdefault(f"{problem.code} {problem.params}", problem.as_warning())


def _step(value: Any, name: str) -> Any:
    if isinstance(value, dict):
        return value.get(name, _NOWHERE)
    if isinstance(value, list) and name.isdecimal() and len(name) < 6 and int(name) < len(value):
        return value[int(name)]
    return _NOWHERE


class _Cut:
    """Copies one schema, following references, until it has gone deep or far enough."""

    def __init__(self, references: References) -> None:
        self._references = references
        self._left = MAX_PARTS

    def schema(self, value: Any, path: tuple[int, ...]) -> dict[str, Any]:
        source = self._references.resolve(value)
        self._left -= 1
        # What stands within itself goes on for ever; the way down to it says enough.
        if not source or id(source) in path or len(path) >= MAX_DEPTH or self._left <= 0:
            return self._references.outside(source)
        path = (*path, id(source))
        found = self._references.outside(source)
        for whole in rows(source.get("allOf"))[:20]:
            found = _both(found, self.schema(whole, path))
        for choice in ("anyOf", "oneOf"):
            options = [self.schema(each, path) for each in rows(source.get(choice))[:20]]
            if options:
                found["anyOf"] = options
        return self._inside(source, found, path)

    def _inside(self, source: Mapping[str, Any], found: dict[str, Any], path: tuple[int, ...]) -> dict[str, Any]:
        if "items" in source:
            found["items"] = self.schema(source["items"], path)
        properties = mapping(source.get("properties"))
        if properties:
            inner = {str(name): self.schema(each, path) for name, each in list(properties.items())[:100]}
            found["properties"] = {**found.get("properties", {}), **inner}
        required = [name for name in rows(source.get("required")) if isinstance(name, str)]
        known = found.get("properties", {})
        names = dict.fromkeys([*found.get("required", []), *required])
        if known and names:
            found["required"] = [name for name in names if name in known]
        return found


def _outside(source: Mapping[str, Any]) -> dict[str, Any]:
    """What a schema says of itself."""
    found: dict[str, Any] = {}
    kind = _type(source)
    if kind:
        found["type"] = kind
    about = text_of(source.get("description")) or text_of(source.get("title"), 80)
    if about:
        found["description"] = about
    if "enum" in source:
        choices = [each for each in rows(source["enum"]) if isinstance(each, str | int | float | None)]
        if choices:
            found["enum"] = choices[:MAX_CHOICES]
    for name in sorted(_PLAIN & source.keys()):
        value = source[name]
        if isinstance(value, str | int | float) and len(str(value)) <= 200:
            found[name] = value
    return found


def _type(source: Mapping[str, Any]) -> Any:
    kind = source.get("type")
    names = [each for each in (kind if isinstance(kind, list) else [kind]) if isinstance(each, str)]
    if not names and "properties" in source:
        names = ["object"]
    # Swagger 2 calls a file so; OpenAPI 3.0 writes the null of 3.1 as a word of its own.
    names = ["string" if name == "file" else name for name in names]
    if names and source.get("nullable") is True and "null" not in names:
        names.append("null")
    return names[0] if len(names) == 1 else names


def _both(one: dict[str, Any], other: dict[str, Any]) -> dict[str, Any]:
    """A schema that asks for what both ask for."""
    properties = {**one.get("properties", {}), **other.get("properties", {})}
    required = list(dict.fromkeys([*one.get("required", []), *other.get("required", [])]))
    found = {**other, **one}
    if properties:
        found["properties"] = properties
    if required:
        found["required"] = required
    return found
