"""Conditions and transforms of Rill-Flow, JSONPath filters and Aviator scripts, as rows and as Python."""

import re
from collections.abc import Iterator
from typing import NamedTuple

FILTER = re.compile(r"^\$\.input\.?\[\?\((.*)\)\]$", re.DOTALL)
TEST = re.compile(r"""^@\.([\w.]+)\s*(==|!=|<=|>=|<|>)\s*('[^']*'|"[^"]*"|-?\d+(?:\.\d+)?|true|false|null)$""")
OPERATORS = {"==": "is", "!=": "is_not", "<": "less_than", "<=": "at_most", ">": "greater_than", ">=": "at_least"}
LITERALS = {"true": "True", "false": "False", "null": "None", "nil": "None"}
CALLS = {
    "rand": "random_below",
    "long": "int",
    "double": "float",
    "count": "len",
    "seq.list": "new_list",
    "seq.add": "added",
    "string.length": "len",
    "string.contains": "holds",
    "str": "str",
    "range": "range",
    "math.abs": "abs",
}
HELPERS = {
    "random_below": "import random\ndef random_below(most=None):\n"
    "    return random.random() if most is None else random.randrange(int(most))",
    "new_list": "def new_list(*items):\n    return list(items)",
    "added": "def added(items, item):\n    items.append(item)\n    return items",
    "holds": "def holds(text, part):\n    return part in text",
}
_TOKENS = re.compile(
    r"""\s*(?:(?P<text>'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")|(?P<number>\d+(?:\.\d+)?)"""
    r"""|(?P<name>[A-Za-z_][\w]*(?:\.[A-Za-z_]\w*)*)|(?P<sign>&&|\|\||==|!=|<=|>=|[-+*/%<>=!?:(),;{}\[\]]))"""
)
_SIGNS = {"&&": "and", "||": "or", "!": "not"}
SOURCES = ("source", "context", "input", "output")


class Row(NamedTuple):
    """A condition on one value of the input, as a row of a branch says it."""

    name: str
    operator: str
    value: str


class UnknownScriptError(ValueError):
    """A script that holds something this reads nothing of."""


class Test(NamedTuple):
    """Rows of which all, or any, have to hold."""

    match: str
    rows: list[Row]


def test_of(condition: str) -> Test | None:
    """The rows that say a filter; None where rows cannot."""
    found = FILTER.match(condition.strip())
    if not found or ("||" in found[1] and "&&" in found[1]):
        return None
    rows = [_row(part) for part in re.split(r"&&|\|\|", found[1])]
    known = [row for row in rows if row]
    return Test("any" if "||" in found[1] else "all", known) if len(known) == len(rows) else None


def _row(part: str) -> Row | None:
    test = TEST.match(part.strip().strip("()").strip())
    if not test or test[3] == "null":
        return None
    value = test[3].strip("'\"")
    if test[3] in ("true", "false"):
        yes = (test[3] == "true") == (test[2] == "==")
        return Row(test[1], "is_yes" if yes else "is_no", "")
    return Row(test[1], OPERATORS[test[2]], value) if value.strip() else None


def as_python(script: str) -> str:
    """An Aviator script as a Python function body `def work(source)` and its call. Raises UnknownScriptError."""
    lines = list(_Reader(script).lines())
    body = "\n".join(f"    {line}" for line in lines) or "    return source"
    used = [helper for name, helper in HELPERS.items() if f"{name}(" in body]
    return "\n".join([*used, "def work(source):", body, "work({{source}})"])


class _Reader:
    """Reads a script token by token."""

    def __init__(self, script: str) -> None:
        self.tokens = list(_tokens(script))
        self.place = 0

    def lines(self, end: str = "") -> Iterator[str]:
        """The statements up to the end, one line each, those within braces set in."""
        last = ""
        while self.place < len(self.tokens) and self.peek() != end:
            statement = list(self._statement())
            yield from statement
            last = statement[-1] if statement else last
        if (
            not end
            and last
            and not last.startswith(("return", " ", "for", "if", "else", "elif"))
            and "=" not in last
        ):
            raise UnknownScriptError

    def peek(self) -> str:
        return self.tokens[self.place] if self.place < len(self.tokens) else ""

    def take(self, wanted: str = "") -> str:
        token = self.peek()
        if not token or (wanted and token != wanted):
            raise UnknownScriptError
        self.place += 1
        return token

    def _statement(self) -> Iterator[str]:
        match self.peek():
            case ";":
                self.take()
            case "let":
                self.take()
                yield f"{self.take()} {self.take('=')} {self._expression()}"
            case "return":
                self.take()
                yield f"return {self._expression()}"
            case "for":
                self.take()
                name = self.take()
                self.take("in")
                yield from self._block(f"for {name} in {self._expression('{')}:")
            case "if" | "elsif":
                word = "if" if self.take() == "if" else "elif"
                yield from self._block(f"{word} {self._expression('{')}:")
            case "else":
                self.take()
                yield from self._block("else:")
            case _:
                text = self._expression()
                # The last value of a script is what it gives.
                alone = self.place >= len(self.tokens) and "=" not in text.replace("==", "")
                yield f"return {text}" if alone else text

    def _block(self, head: str) -> Iterator[str]:
        yield head
        self.take("{")
        inside = list(self.lines("}"))
        self.take("}")
        yield from (f"    {line}" for line in inside or ["pass"])

    def _expression(self, end: str = ";") -> str:
        pieces: list[str] = []
        while self.peek() not in ("", ";", end):
            pieces.append(_as_written(self.take(), self.peek()))
        if self.peek() == ";":
            self.take()
        if not pieces:
            raise UnknownScriptError
        return _joined(pieces)


def _tokens(script: str) -> Iterator[str]:
    place = 0
    text = script.strip()
    while place < len(text):
        found = _TOKENS.match(text, place)
        if not found:
            raise UnknownScriptError
        place = found.end()
        yield found[0].strip()


def _as_written(token: str, following: str) -> str:
    if token in _SIGNS:
        return _SIGNS[token]
    if token in ("?", ":", "{", "}", "fn", "lambda"):
        raise UnknownScriptError
    if not (token[0].isalpha() or token[0] == "_"):
        return token
    if following == "(":
        if token not in CALLS:
            raise UnknownScriptError
        return CALLS[token]
    if "." in token or token in SOURCES[1:]:
        raise UnknownScriptError
    return LITERALS.get(token, token)


def _joined(pieces: list[str]) -> str:
    """The pieces of an expression as one writes Python."""
    text = ""
    for place, piece in enumerate(pieces):
        called = piece == "(" and place > 0 and pieces[place - 1] in CALLS.values()
        close = not text or text[-1] in "([" or piece in (")", "]", ",", "[") or called
        text += piece if close else f" {piece}"
    return text
