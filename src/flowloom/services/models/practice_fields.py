"""How the practice model fills in a form from a message, field by field, by the form's JSON schema."""

import re
from collections.abc import Callable, Mapping
from typing import Any

from flowloom.services.models.practice_ages import find_age
from flowloom.services.models.practice_choices import choose
from flowloom.services.models.practice_dates import find_dates
from flowloom.services.models.practice_finds import EMAIL, QUOTED, URL, find_money, find_numbers
from flowloom.services.models.practice_notes import sort_notes, what_of_notes
from flowloom.services.models.practice_texts_found import AGE, MONEY, hints_of, spaced, stems, text_for
from flowloom.services.models.schemas import Schema, find_mismatch, resolved, types_of
from flowloom.services.synonyms import meanings
from flowloom.words import fold, sentences, stem, terms

_TRUE = re.compile(r"\b(?:yes|true|oui|vrai|ok)\b|^是|对的", re.IGNORECASE)
_NOT = re.compile(r"\b(?:not|no|never|without|don't|isn't|ne|pas|sans|jamais|non)\b|不|没|无", re.IGNORECASE)
_CURRENCIES = frozenset("€ $ £ ¥ euro eur dollar usd pound gbp 元 块".split())
_MOST_DEEP = 8


def fill(schema: Schema, text: str, asked: str | None = None) -> dict[str, Any]:
    """An object of the schema's shape with what the text says; null, "" or 0 where it says nothing.

    `asked` is what was said to the person just before, None for nothing.
    """
    return Filling(text, schema, asked).object(schema)


def missing_fields(schema: Schema, filled: Mapping[str, Any]) -> list[str]:
    """The required fields for which nothing was found."""
    return [name for name in schema.get("required", ()) if filled.get(name) in (None, "", [], {})]


class Filling:
    """One text and what has been taken out of it: two number fields get two numbers."""

    def __init__(self, text: str, root: Schema, asked: str | None = None) -> None:
        self.text, self.asked = text, asked
        self.root = root
        self.taken: set[tuple[str, Any]] = set()

    def object(self, schema: Schema, depth: int = 0) -> dict[str, Any]:
        fields = {name: resolved(field, self.root) for name, field in schema.get("properties", {}).items()}
        names = list(fields)
        required = set(schema.get("required", ()))
        return {name: self.value(name, field, names, depth, name in required) for name, field in fields.items()}

    def value(self, name: str, schema: Schema, names: list[str], depth: int, required: bool) -> Any:
        """What the text says for one field, in the field's type."""
        nullable = not find_mismatch(None, schema, self.root)
        schema = self._first_option(schema)
        if "const" in schema:
            return schema["const"]
        required = required and not nullable
        found = self._find(name, schema, names, depth, required) if depth < _MOST_DEEP else None
        if found is not None and not find_mismatch(found, schema, self.root):
            return found
        # An optional number is better left out than made up.
        optional = not required and types_of(schema)[:1] not in ((), ("string",), ("array",), ("object",))
        return None if nullable or optional or (not required and "enum" in schema) else self._nothing(schema, depth)

    def _first_option(self, schema: Schema) -> Schema:
        options = schema.get("anyOf") or schema.get("oneOf") or ()
        real = [resolved(option, self.root) for option in options if types_of(option) != ("null",)]
        return {**schema, **real[0]} if real else schema

    def _find(self, name: str, schema: Schema, names: list[str], depth: int, required: bool) -> Any:
        if "enum" in schema:
            return self._choice(name, schema)
        kinds = [kind for kind in types_of(schema) if kind != "null"]
        finders: dict[str, Callable[[], Any]] = {
            "object": lambda: self.object(schema, depth + 1),
            "array": lambda: self._list(name, schema, names),
            "boolean": lambda: self._flag(name, schema),
            "integer": lambda: self._number(name, schema, whole=True, required=required),
            "number": lambda: self._number(name, schema, whole=False, required=required),
        }
        return finders.get(kinds[0] if kinds else "string", lambda: self._text(name, schema, names, required))()

    def _labelled(self, name: str, schema: Schema) -> str:
        """What stands behind the field's name and a colon, or behind “… is”."""
        for label in {spaced(name), str(schema.get("title", "")).strip()} - {""}:
            line = re.compile(
                rf"(?:^|[\n,;，；])[^\S\n]*+(?:[-*•][^\S\n]*+)?{re.escape(label)}[^\S\n]*+(?:[:：=]"
                rf"|\bis\b|\best\b|是)\s*+(.+)",
                re.IGNORECASE,
            )
            if match := line.search(self.text):
                return re.split(r"[\n;；]|,\s*\w+\s*[:=]", match[1])[0].strip(" .。\"'“”")
        return ""

    def _choice(self, name: str, schema: Schema) -> Any:
        labels = {str(option): "" for option in schema["enum"] if option is not None}
        found = choose(self._labelled(name, schema) or self.text, labels)
        return next((option for option in schema["enum"] if str(option) == found and found), None)

    def _list(self, name: str, schema: Schema, names: list[str]) -> list[Any]:
        items = resolved(schema.get("items") or {}, self.root)
        if "enum" in items:
            folded = fold(self.text)
            return [option for option in items["enum"] if fold(str(option)) in folded]
        if types_of(items)[:1] in (("number",), ("integer",)):
            whole = types_of(items)[0] == "integer"
            return [int(number) if whole else number for _, number in find_numbers(self.text)]
        if types_of(items)[:1] == ("object",):
            one = self.object(items, 1)
            return [one] if any(one.values()) else []
        said = self._labelled(name, schema)
        if not said and (what := what_of_notes(name, schema)) is not None:
            return sort_notes(self.text)[what]
        said = said or (self.text.partition(":")[2] if len(names) == 1 else "")
        split = re.split(r" ?[,;、，；] ?| (?:and|et|和) ", " ".join(said.strip(" .").split()))
        return [part for part in split if part] if said else self._every(name, schema)

    def _every(self, name: str, schema: Schema) -> list[Any]:
        hints = hints_of(name, schema)
        if "mail" in hints:
            return EMAIL.findall(self.text)
        if "date" in hints:
            return find_dates(self.text)
        return URL.findall(self.text) if hints & {"url", "link"} else QUOTED.findall(self.text)

    def _flag(self, name: str, schema: Schema) -> bool | None:
        if AGE & hints_of(name, schema):
            return find_age(self.text, self.asked) is not None
        said = self._labelled(name, schema)
        if said:
            return bool(_TRUE.search(said)) and not _NOT.match(said)
        wanted = set(terms(spaced(name))) | meanings(spaced(name)) | set(terms(str(schema.get("description", ""))))
        for sentence in sentences(self.text):
            if wanted & (set(terms(sentence)) | meanings(sentence)):
                return not _NOT.search(sentence)
        return None

    def _number(self, name: str, schema: Schema, whole: bool, required: bool) -> float | int | None:
        hints = hints_of(name, schema)
        text = self._labelled(name, schema)
        if AGE & hints and (age := find_age(text or self.text, self.asked)) is not None:
            return age
        found = find_numbers(text)
        if not found:
            found = [pair for pair in self._numbers(hints, required) if ("number", pair[0]) not in self.taken]
        if whole:
            found = [(at, number) for at, number in found if number == int(number)]
        if not found:
            return None
        at, number = (found if text else self._nearest(found, hints))[0]
        self.taken.add(("number", at))
        return int(number) if whole else number

    def _numbers(self, hints: set[str], required: bool) -> list[tuple[int, float]]:
        """Those that may be meant; what nobody has to say is only found where it is plain."""
        if AGE & hints:
            return []
        return find_numbers(self.text) if required or not hints & stems(MONEY) else find_money(self.text)

    def _nearest(self, numbers: list[tuple[int, float]], hints: set[str]) -> list[tuple[int, float]]:
        """The numbers in order of how near a word of the field stands to them, the ones after it first."""
        words = [(match.start(), match[0]) for match in re.finditer(r"[^\W\d]+|[€$£%]", self.text)]
        money = [at for at, word in words if stem(fold(word)) in _CURRENCIES]
        places = [at for at, word in words if stem(fold(word)) in hints]
        far = len(self.text)

        def distance(pair: tuple[int, float]) -> int:
            # A number with a currency is a price, and nothing else is.
            is_price = any(abs(place - pair[0]) <= len(str(pair[1])) + 3 for place in money)
            fits = is_price == bool(hints & stems(MONEY)) or not money
            return min((abs(pair[0] - place) for place in places), default=far) + (0 if fits else far)

        return sorted(numbers, key=distance)

    def _text(self, name: str, schema: Schema, names: list[str], required: bool) -> str | None:
        said = self._labelled(name, schema)
        found = text_for(self.text, name, schema, alone=len(names) == 1, required=required, said=said)
        return self._take(found) if isinstance(found, list) else found

    def _take(self, found: list[str]) -> str | None:
        """The next of several: two date fields get two dates, and one date serves both."""
        fresh = [item for item in found if ("text", item) not in self.taken]
        self.taken |= {("text", item) for item in fresh[:1]}
        return next(iter(fresh or found), None)

    def _nothing(self, schema: Schema, depth: int) -> Any:
        if schema.get("enum"):
            return schema["enum"][0]
        kind = (types_of(schema) or ("string",))[0]
        if kind == "object":
            return self.object(schema, depth + 1) if depth < _MOST_DEEP else {}
        return {"string": "", "integer": 0, "number": 0, "boolean": False, "array": []}.get(kind)
