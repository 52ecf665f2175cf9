"""How the practice model fills in a form from a message, field by field, by the form's JSON schema."""

import re
from collections.abc import Callable, Mapping
from typing import Any

from flowloom.services.meanings import meanings
from flowloom.services.models.practice_finds import (
    EMAIL,
    PHONE,
    QUOTED,
    URL,
    find_dates,
    find_expression,
    find_numbers,
    find_person,
    find_place,
)
from flowloom.services.models.practice_rules import choose
from flowloom.services.models.schemas import Schema, find_mismatch, resolved, types_of
from flowloom.words import fold, sentences, stem, terms

_TRUE = re.compile(r"\b(?:yes|true|oui|vrai|ok)\b|^是|对的", re.IGNORECASE)
_NOT = re.compile(r"\b(?:not|no|never|without|don't|isn't|ne|pas|sans|jamais|non)\b|不|没|无", re.IGNORECASE)
_WHOLE = frozenset(
    "question query text message input prompt content body q search request term topic phrase".split()
)
_FIRST = frozenset("summary subject title headline resume sujet titre 摘要 标题 主题".split())
_SUMS = frozenset("expression formula calculation math sum calcul formule equation 算式 表达式 公式".split())
_PLACES = frozenset("city location place town country ville lieu pays address 城市 地点 国家".split())
_MONEY = frozenset("amount price total cost sum fee budget montant prix cout 金额 价格 总价 费用".split())
_CURRENCIES = frozenset("€ $ £ ¥ euro eur dollar usd pound gbp 元 块".split())
_MOST_DEEP = 8


def fill(schema: Schema, text: str) -> dict[str, Any]:
    """An object of the schema's shape with what the text says; null, "" or 0 where it says nothing."""
    return Filling(text, schema).object(schema)


def missing_fields(schema: Schema, filled: Mapping[str, Any]) -> list[str]:
    """The required fields for which nothing was found."""
    return [name for name in schema.get("required", ()) if filled.get(name) in (None, "", [], {})]


class Filling:
    """One text and what has been taken out of it: two number fields get two numbers."""

    def __init__(self, text: str, root: Schema) -> None:
        self.text = text
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
        found = self._find(name, schema, names, depth) if depth < _MOST_DEEP else None
        if found is not None and not find_mismatch(found, schema, self.root):
            return found
        # An optional number is better left out than made up.
        optional = not required and types_of(schema)[:1] not in ((), ("string",), ("array",), ("object",))
        return None if nullable or optional or (not required and "enum" in schema) else self._nothing(schema, depth)

    def _first_option(self, schema: Schema) -> Schema:
        options = schema.get("anyOf") or schema.get("oneOf") or ()
        real = [resolved(option, self.root) for option in options if types_of(option) != ("null",)]
        return {**schema, **real[0]} if real else schema

    def _find(self, name: str, schema: Schema, names: list[str], depth: int) -> Any:
        if "enum" in schema:
            return self._choice(name, schema)
        kinds = [kind for kind in types_of(schema) if kind != "null"]
        finders: dict[str, Callable[[], Any]] = {
            "object": lambda: self.object(schema, depth + 1),
            "array": lambda: self._list(name, schema, names),
            "boolean": lambda: self._flag(name, schema),
            "integer": lambda: self._number(name, schema, whole=True),
            "number": lambda: self._number(name, schema, whole=False),
        }
        return finders.get(kinds[0] if kinds else "string", lambda: self._text(name, schema, names))()

    def _labelled(self, name: str, schema: Schema) -> str:
        """What stands behind the field's name and a colon, or behind “… is”."""
        for label in {_spaced(name), str(schema.get("title", "")).strip()} - {""}:
            line = re.compile(
                rf"(?:^|[\n,;，；])[^\S\n]*+(?:[-*•][^\S\n]*+)?{re.escape(label)}[^\S\n]*+(?:[:：=]|\bis\b|\best\b|是)\s*+(.+)",
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
        said = self._labelled(name, schema) or (self.text.partition(":")[2] if len(names) == 1 else "")
        split = re.split(r" ?[,;、，；] ?| (?:and|et|和) ", " ".join(said.strip(" .").split()))
        return [part for part in split if part] if said else self._every(name, schema)

    def _every(self, name: str, schema: Schema) -> list[Any]:
        hints = _hints(name, schema)
        if "mail" in hints:
            return EMAIL.findall(self.text)
        if "date" in hints:
            return find_dates(self.text)
        return URL.findall(self.text) if hints & {"url", "link"} else QUOTED.findall(self.text)

    def _flag(self, name: str, schema: Schema) -> bool | None:
        said = self._labelled(name, schema)
        if said:
            return bool(_TRUE.search(said)) and not _NOT.match(said)
        wanted = (
            set(terms(_spaced(name))) | meanings(_spaced(name)) | set(terms(str(schema.get("description", ""))))
        )
        for sentence in sentences(self.text):
            if wanted & (set(terms(sentence)) | meanings(sentence)):
                return not _NOT.search(sentence)
        return None

    def _number(self, name: str, schema: Schema, whole: bool) -> float | int | None:
        text = self._labelled(name, schema)
        found = find_numbers(text) or [
            pair for pair in find_numbers(self.text) if ("number", pair[0]) not in self.taken
        ]
        if whole:
            found = [(at, number) for at, number in found if number == int(number)]
        if not found:
            return None
        at, number = (found if text else self._nearest(found, _hints(name, schema)))[0]
        self.taken.add(("number", at))
        return int(number) if whole else number

    def _nearest(self, numbers: list[tuple[int, float]], hints: set[str]) -> list[tuple[int, float]]:
        """The numbers in order of how near a word of the field stands to them, the ones after it first."""
        words = [(match.start(), match[0]) for match in re.finditer(r"[^\W\d]+|[€$£%]", self.text)]
        money = [at for at, word in words if stem(fold(word)) in _CURRENCIES]
        places = [at for at, word in words if stem(fold(word)) in hints]
        far = len(self.text)

        def distance(pair: tuple[int, float]) -> int:
            # A number with a currency is a price, and nothing else is.
            is_price = any(abs(place - pair[0]) <= len(str(pair[1])) + 3 for place in money)
            fits = is_price == bool(hints & _stems(_MONEY)) or not money
            return min((abs(pair[0] - place) for place in places), default=far) + (0 if fits else far)

        return sorted(numbers, key=distance)

    def _text(self, name: str, schema: Schema, names: list[str]) -> str | None:
        hints = _hints(name, schema)
        shaped = self._shaped(hints, str(schema.get("format", "")))
        if shaped is not None:
            return shaped or None
        if said := self._labelled(name, schema):
            return said
        # A name in other letters is a number to a model, and its title says what it is.
        called = str(schema.get("title") or name) if name.startswith("_") else name
        own = set(terms(_spaced(called))) | {fold(called)}
        if own & _stems(_WHOLE):
            return (QUOTED.search(self.text) or [None, self.text.strip()])[1]
        if own & _stems(_FIRST):
            return next(iter(sentences(self.text)), None)
        if hints & _stems(_PLACES) and (place := find_place(self.text)):
            return place
        if quoted := QUOTED.search(self.text):
            return quoted[1]
        return self.text.strip() if len(names) == 1 else None

    def _shaped(self, hints: set[str], format: str) -> str | None:
        """The first thing of the field's shape in the text, "" for none; None if the field has no shape."""
        if format == "email" or hints & {"mail", "email", "courriel", "邮箱"}:
            return _first(EMAIL.search(self.text))
        if format in ("uri", "url") or hints & {"url", "link", "lien", "网址"}:
            return _first(URL.search(self.text))
        if hints & {"phon", "telephon", "tel", "mobil", "电话", "手机"}:
            return _first(PHONE.search(re.sub(EMAIL, " ", self.text)))
        if format in ("date", "date-time") or hints & {"dat", "date", "日期"}:
            return self._take(find_dates(self.text))
        if hints & _stems(_SUMS):
            return find_expression(self.text) or None
        if hints & {"nam", "name", "nom", "姓名", "名字"} and not hints & {
            "product",
            "compani",
            "fil",
            "articl",
        }:
            return find_person(self.text) or None
        return None

    def _take(self, found: list[str]) -> str:
        fresh = [item for item in found if ("text", item) not in self.taken]
        self.taken |= {("text", item) for item in fresh[:1]}
        return (fresh or found or [""])[0]

    def _nothing(self, schema: Schema, depth: int) -> Any:
        if schema.get("enum"):
            return schema["enum"][0]
        kind = (types_of(schema) or ("string",))[0]
        if kind == "object":
            return self.object(schema, depth + 1) if depth < _MOST_DEEP else {}
        return {"string": "", "integer": 0, "number": 0, "boolean": False, "array": []}.get(kind)


def _hints(name: str, schema: Schema) -> set[str]:
    """The words a field is known by."""
    said = f"{_spaced(name)} {schema.get('title', '')} {schema.get('description', '')}"
    return set(terms(said)) | {fold(name)} | {fold(word) for word in re.findall(r"[\u4e00-\u9fff]{2}|[€$£%]", said)}


def _stems(words: frozenset[str]) -> set[str]:
    return set(words) | {stem(word) for word in words}


def _spaced(name: str) -> str:
    return re.sub(r"(?<=[a-z])(?=[A-Z])|[_\-.]", " ", name).strip()


def _first(match: re.Match[str] | None) -> str:
    return match[0].strip() if match else ""
