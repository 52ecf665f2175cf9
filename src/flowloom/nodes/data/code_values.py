"""`{{names}}` in code: each is a variable that holds what arrives, never a piece of the code itself."""

import io
import keyword
import re
import tokenize
from collections.abc import Iterator, Mapping
from typing import Any

from flowloom.errors import NodeError
from flowloom.kinds.port import Port, PortType
from flowloom.nodes.templates import Placeholder, find_placeholders

_QUOTED = {tokenize.STRING, getattr(tokenize, "FSTRING_MIDDLE", tokenize.STRING), tokenize.COMMENT}

_JAVASCRIPT = re.compile(
    r"""//[^\n]*+ | /\*(?:[^*]|\*(?!/))*+(?:\*/)?
    | "(?:[^"\\\n]|\\.)*+"? | '(?:[^'\\\n]|\\.)*+'? | `(?:[^`\\]|\\.)*+`?""",
    re.VERBOSE | re.DOTALL,
)
"""Its strings and comments; one that never ends goes on to the end of its line, or of the code."""


def placeholders_of(code: str, *, is_python: bool = True) -> Iterator[Placeholder]:
    """Every `{{name}}` that stands as a value; what is quoted stays as it is written."""
    quoted = list(quoted_stretches(code, is_python=is_python))
    for place in find_placeholders(code):
        if not any(start <= place.start < end for start, end, _ in quoted):
            yield place


def quoted_names(code: str, *, is_python: bool = True) -> Iterator[str]:
    """Names within plain quotes, where nothing is put in."""
    for start, end, text in quoted_stretches(code, is_python=is_python):
        if re.match(r"[bBrRuU]*['\"]", text):
            yield from (place.name for place in find_placeholders(code[start:end]))


def quoted_stretches(code: str, *, is_python: bool = True) -> Iterator[tuple[int, int, str]]:
    """The stretches of strings and comments, as far as the code can be read."""
    return (
        _quoted_python(code) if is_python else ((*found.span(), found[0]) for found in _JAVASCRIPT.finditer(code))
    )


def _quoted_python(code: str) -> Iterator[tuple[int, int, str]]:
    starts = [0]
    for line in code.splitlines(keepends=True):
        starts.append(starts[-1] + len(line))
    try:
        for token in tokenize.generate_tokens(io.StringIO(code).readline):
            if token.type in _QUOTED:
                start, end = (starts[line - 1] + column for line, column in (token.start, token.end))
                yield start, end, token.string
    except (tokenize.TokenError, SyntaxError, IndexError):
        return


def value_ports(code: str, taken: tuple[str, ...], *, is_python: bool = True) -> list[Port]:
    names = dict.fromkeys(place.name for place in placeholders_of(code, is_python=is_python))
    return [Port(id=name, label=name, type=PortType.ANY, verbatim=True) for name in names if name not in taken]


def filled(code: str, values: Mapping[str, Any], *, is_python: bool = True) -> tuple[str, dict[str, Any]]:
    """The code with a variable for each name, and the variables. Raises NodeError where nothing arrived."""
    variables: dict[str, str] = {}
    pieces, done = [], 0
    for place in placeholders_of(code, is_python=is_python):
        if place.name not in values:
            raise NodeError(
                "Nothing arrived for “{name}”.", "Join a block to this input.", code="input", name=place.name
            )
        variable = variables.setdefault(place.name, _variable(place.name, len(variables) + 1))
        pieces += [code[done : place.start], variable]
        done = place.end
    return "".join([*pieces, code[done:]]), {variables[name]: values[name] for name in variables}


def _variable(name: str, number: int) -> str:
    fits = name.isascii() and name.isidentifier() and not keyword.iskeyword(name) and not name.startswith("_")
    return f"{name}_" if fits else f"value_{number}"
