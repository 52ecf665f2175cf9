"""What sort of value stands where in the files of a builder, and the places where another sort was found."""

from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any, NamedTuple, Self

from flowloom.flow.secrets import without_secrets
from flowloom.flow.sorts import EMPTY, FLAG, GROUP, LIST, NUMBER, TEXT, sort_of

MOST = 10
"""How many places of one file are named."""
NAMES = ("title", "label", "name", "display_name", "id")
"""What a part of a list may be called by."""
LONGEST = 60
Way = tuple[str | int, ...]


class Field(NamedTuple):
    """What belongs in a field, in words, and the sorts of values that do.

    `items` is what a list holds; one that is `needed` is not left empty.
    """

    wanted: str
    sorts: frozenset[str]
    items: "Field | None" = None
    needed: bool = False


def _fields(loose: bool) -> dict[str, Field]:
    """What may belong in a field. Where it is loose, single values may be written as others."""
    text = Field(TEXT, frozenset((TEXT, NUMBER) if loose else (TEXT,)))
    number = Field(NUMBER, frozenset((NUMBER, TEXT) if loose else (NUMBER,)))
    group, lists = Field(GROUP, frozenset((GROUP,))), frozenset((LIST,))
    rows = group._replace(needed=True)
    return {
        "texts": text,
        "words": Field(TEXT, frozenset((TEXT,))),
        "numbers": number,
        "flags": Field(FLAG, frozenset((FLAG, TEXT, NUMBER) if loose else (FLAG,))),
        "groups": group,
        "lists": Field(LIST, lists),
        "lists_of_groups": Field(LIST, lists, rows),
        "lists_of_texts": Field(LIST, lists, text),
        "lists_of_numbers": Field(LIST, lists, number),
        "lists_of_lists": Field(LIST, lists, Field(LIST, lists)),
        "lists_of_rows": Field(LIST, lists, Field("a list or a group of fields", frozenset((LIST, GROUP)))),
        "texts_or_lists": Field("a piece of text or a list", frozenset((TEXT, LIST))),
        "texts_or_lists_of_texts": Field("a piece of text or a list", frozenset((TEXT, LIST)), text),
        "texts_or_lists_of_groups": Field("a piece of text or a list", frozenset((TEXT, LIST)), rows),
        "texts_or_groups": Field("a piece of text or a group of fields", frozenset((TEXT, GROUP))),
        "texts_or_lists_or_groups": Field(
            "a piece of text, a list or a group of fields",
            frozenset((TEXT, LIST, GROUP)),
            Field("a piece of text or a group of fields", frozenset((TEXT, GROUP)), needed=True),
        ),
        "lists_or_groups": Field("a list or a group of fields", frozenset((LIST, GROUP))),
        "lists_of_groups_or_groups": Field("a list or a group of fields", frozenset((LIST, GROUP)), rows),
    }


class Misfit(NamedTuple):
    """A value of another sort than belongs there, and the keys that lead to it."""

    way: Way
    wanted: str
    found: str


class Shape(NamedTuple):
    """The fields that are read of a format, by name, or as `holder.name` where the name alone says too little.

    Below `own`, fields have names that people chose, with the sort that is told, if any; what is below `sealed`
    has another format. `marks` are fields that tell the format from others.
    """

    fields: Mapping[str, Field]
    own: Mapping[str, Field | None]
    sealed: frozenset[str]
    marks: frozenset[str]

    @classmethod
    def of(
        cls,
        *,
        marks: str,
        own: str = "",
        own_groups: str = "",
        sealed: str = "",
        needed: str = "",
        loose: bool = False,
        **fields: str,
    ) -> Self:
        """Names of fields by what belongs in them, as `_fields` calls it."""
        known = _fields(loose)
        named = {name: known[sort] for sort, names in fields.items() for name in names.split()}
        for name in needed.split():
            named[name] = (named.get(name) or named[name.rpartition(".")[2]])._replace(needed=True)
        group = known["groups"]
        chosen = {**dict.fromkeys(own.split(), None), **dict.fromkeys(own_groups.split(), group)}
        return cls(named, chosen, frozenset(sealed.split()), frozenset(marks.split()))

    def misfits(self, document: Any, *, empty: bool = False) -> Iterator[Misfit]:
        """The first places where something else is than belongs there, with `empty` also where nothing is."""
        return islice(self._misfits(document, empty), MOST)

    def _misfits(self, document: Any, empty: bool) -> Iterator[Misfit]:
        for way, value in _inside(document, self.sealed):
            field = self._field(way)
            found = sort_of(value)
            if field and found not in field.sorts and (found != EMPTY or empty or field.needed):
                yield Misfit(way, field.wanted, found)

    def _field(self, way: Way) -> Field | None:
        key, above = way[-1], [each for each in way[:-1] if isinstance(each, str)]
        holder = above[-1] if above else ""
        own = _qualified(above)
        named = way[-2:-1] == (holder,) and (own in self.own or holder in self.own)
        if isinstance(key, int):
            listed = None if _below(self.own, above[:-1]) else self.fields.get(own, self.fields.get(holder))
            return listed.items if listed and way[-2:-1] == (holder,) else None
        if named:
            return None if key.startswith("_") else self.own.get(own, self.own.get(holder))
        return self.fields.get(f"{holder}.{key}", self.fields.get(key))


def _qualified(above: list[str]) -> str:
    return ".".join(above[-2:]) if len(above) > 1 else f".{above[0]}" if above else ""


def _below(own: Mapping[str, Field | None], above: list[str]) -> bool:
    return bool(above) and (_qualified(above) in own or above[-1] in own)


def _inside(document: Any, sealed: frozenset[str]) -> Iterator[tuple[Way, Any]]:
    """Every value below, with the way to it, in the order of the file."""
    stack: list[tuple[Way, Any]] = [((), document)]
    while stack:
        way, value = stack.pop()
        if way:
            yield way, value
        if way and way[-1] in sealed:
            continue
        if isinstance(value, dict):
            stack += [((*way, str(key)), inner) for key, inner in reversed(value.items())]
        elif isinstance(value, list):
            stack += [((*way, number), value[number]) for number in reversed(range(len(value)))]


def place_of(document: Any, way: Way) -> str:
    """A place in words: its fields, and the parts of lists by name or number."""
    told, at = [], document
    for key in way:
        at = at[key] if isinstance(key, int) else _under(at, key)
        told.append(key[:LONGEST] if isinstance(key, str) else _called(at) or f"{key + 1}.")
    return str(without_secrets(" › ".join(told)))


def _under(holder: Mapping[Any, Any], key: str) -> Any:
    # Keys of a YAML file may be numbers or dates, which are read as words here.
    return next((value for name, value in holder.items() if str(name) == key), None)


def _called(part: Any) -> str:
    """What a part of a list calls itself, itself or in its data."""
    holders = [part, part.get("data")] if isinstance(part, dict) else []
    found = (holder.get(name) for name in NAMES for holder in holders if isinstance(holder, dict))
    name = next((each for each in found if isinstance(each, str) and each.strip()), "")
    return f"“{name[:LONGEST]}”" if name else ""


def keys_in(document: Any) -> set[str]:
    """The names of all fields, wherever they are."""
    return {key for way, _ in _inside(document, frozenset()) if isinstance(key := way[-1], str)}
