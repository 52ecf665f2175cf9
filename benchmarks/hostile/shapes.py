"""The texts a pattern likes least, derived from the pattern itself."""

import re
from collections.abc import Iterable, Iterator
from itertools import islice, product
from re import _constants as names
from re import _parser as parser
from typing import Any

PLAIN = (
    "a",
    "A",
    "1",
    " ",
    "\n",
    "\t",
    "é",
    "字",
    "_",
    "-",
    ".",
    "a ",
    "1 ",
    "a\n",
    " \n",
    "1.",
    "a.",
    "字。",
    "\\",
    '"',
)
WRONG = "\x01"
"""Ends what nearly matched."""
MOST_PAIRS = 40
MOST_WAYS = 10

Shape = tuple[str, str, str]
"""What a text begins with, what is repeated, and what it ends with."""

_CLASSES = {
    "CATEGORY_DIGIT": "1",
    "CATEGORY_SPACE": " ",
    "CATEGORY_WORD": "a",
    "CATEGORY_NOT_DIGIT": "a",
    "CATEGORY_NOT_SPACE": "a",
    "CATEGORY_NOT_WORD": "-",
}


def shapes_of(pattern: re.Pattern[Any]) -> list[Shape]:
    """Each of its pieces and pairs of pieces again and again, and beginnings of a match that go wrong."""
    tree = parser.parse(pattern.pattern, pattern.flags & ~re.DEBUG)
    atoms = list(dict.fromkeys(each for each in _atoms(tree) if each))[:40]
    found: list[Shape] = [("", each, end) for each in (*atoms, *PLAIN) for end in ("", WRONG)]
    pairs = [one + other for one, other in product(atoms[:14], repeat=2) if one != other]
    step = max(1, len(pairs) // MOST_PAIRS)
    found += [("", each, WRONG) for each in pairs[::step]]
    for way in islice(_ways(tree), MOST_WAYS):
        for at in range(1, len(way) + 1):
            begin = "".join(way[:at])
            found += [("", begin, ""), ("", begin, WRONG), ("", begin + WRONG, "")]
            for atom in dict.fromkeys((*way[at - 1 : at + 1], " ", "a", "1")):
                found += [(begin, atom, WRONG), ("", begin + atom * 500, WRONG)]
    return list(dict.fromkeys(each for each in found if each[1]))


def text_of(shape: Shape, size: int, pattern: re.Pattern[Any] | None = None) -> Any:
    """The shape at that many characters."""
    begin, middle, end = shape
    text = begin + middle * max(1, (size - len(begin) - len(end)) // len(middle)) + end
    return text.encode("latin-1", "replace") if pattern and isinstance(pattern.pattern, bytes) else text


def _atoms(tree: Iterable[Any]) -> Iterator[str]:
    run = ""
    for kind, value in tree:
        if kind is names.LITERAL:
            run += chr(value)
            yield chr(value)
            continue
        if len(run) > 1:
            yield run
        run = ""
        yield from _signs(kind, value)
        for inner in _inside(kind, value):
            yield from _atoms(inner)
    if len(run) > 1:
        yield run


def _signs(kind: Any, value: Any) -> list[str]:
    """Characters that a single step of a pattern takes."""
    if kind is names.LITERAL:
        return [chr(value)]
    if kind is names.NOT_LITERAL:
        return ["a" if value != ord("a") else "b"]
    if kind is names.ANY:
        return ["a"]
    if kind is names.IN:
        return _members(value)
    return []


def _members(members: list[Any]) -> list[str]:
    if members and members[0][0] is names.NEGATE:
        refused = re.compile(_class_text(members[1:]))
        return [each for each in ("a", "1", " ", "-", "é", "字") if not refused.match(each)][:3] or ["\x02"]
    found: list[str] = []
    for kind, value in members:
        if kind is names.LITERAL:
            found.append(chr(value))
        elif kind is names.RANGE:
            found.append(chr(value[0]))
        elif kind is names.CATEGORY:
            found.append(_CLASSES.get(str(value), "a"))
    return found[:8]


def _class_text(members: list[Any]) -> str:
    parts = []
    for kind, value in members:
        if kind is names.LITERAL:
            parts.append(re.escape(chr(value)))
        elif kind is names.RANGE:
            parts.append(f"{re.escape(chr(value[0]))}-{re.escape(chr(value[1]))}")
        elif kind is names.CATEGORY:
            sign = {"DIGIT": "d", "SPACE": "s", "WORD": "w"}[str(value).rsplit("_", 1)[1]]
            parts.append("\\" + (sign.upper() if "NOT" in str(value) else sign))
    return f"[{''.join(parts)}]" if parts else "(?!)"


def _inside(kind: Any, value: Any) -> list[Any]:
    """The trees within a step."""
    if kind in (names.MAX_REPEAT, names.MIN_REPEAT, names.POSSESSIVE_REPEAT):
        return [value[2]]
    if kind is names.SUBPATTERN:
        return [value[3]]
    if kind is names.BRANCH:
        return list(value[1])
    if kind in (names.ASSERT, names.ASSERT_NOT):
        return [value[1]]
    if kind is names.ATOMIC_GROUP:
        return [value]
    if kind is names.GROUPREF_EXISTS:
        return [each for each in value[1:] if each]
    return []


def _ways(tree: Iterable[Any]) -> Iterator[list[str]]:
    """Texts that nearly or wholly match, in steps."""
    steps = [list(islice(_step(kind, value), 6)) or [[]] for kind, value in tree]
    longest = max(map(len, steps), default=0)
    for turn in range(max(1, longest)):
        yield [piece for choices in steps for piece in choices[min(turn, len(choices) - 1)]]


def _step(kind: Any, value: Any) -> Iterator[list[str]]:
    if signs := _signs(kind, value):
        yield from ([each] for each in signs)
    elif kind in (names.MAX_REPEAT, names.MIN_REPEAT, names.POSSESSIVE_REPEAT):
        least, most, inner = value
        for way in islice(_ways(inner), 4):
            yield way * min(max(1, least), 40) if most else []
    elif kind is names.BRANCH:
        for branch in value[1]:
            yield from islice(_ways(branch), 2)
    elif kind is names.SUBPATTERN:
        yield from _ways(value[3])
    elif kind is names.ATOMIC_GROUP:
        yield from _ways(value)
