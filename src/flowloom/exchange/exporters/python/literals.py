"""Texts and data of a flow as Python literals: whatever they hold, they stay data."""

import ast
import re
from typing import Any

WIDTH = 110
_HIDDEN = re.compile(
    r"[\x00-\x09\x0b-\x1f\x7f-\xa0\xad\u061c\u200b-\u200f\u2028-\u202f\u2060-\u206f\ufeff\ud800-\udfff]"
)
"""Signs that do not show as what they are; written out, nobody is misled by them."""


def text_literal(text: str) -> str:
    """A text as it reads best: on one line, or over several."""
    if "\n" not in text.rstrip("\n") and len(text) < WIDTH:
        return quoted(text)
    body = _HIDDEN.sub(_escape, text.replace("\\", "\\\\").replace('"""', '\\"\\"\\"'))
    # A quote at the end would run into those that close the text.
    body = body[:-1] + '\\"' if body.endswith('"') else body
    # A long text of one line is not broken: what it says would change.
    literal = f'"""\\\n{body}"""' if "\n" in text else f'"""{body}"""'
    return literal if _reads_as(literal, text) else repr(text)


def quoted(text: str) -> str:
    """A text on one line, in double quotes where that needs no escape."""
    plain = repr(text)
    if plain.startswith("'") and '"' not in text and "\\'" not in plain:
        double = f'"{plain[1:-1]}"'
        return double if _reads_as(double, text) else plain
    return plain


_BRACKETS = {dict: ("{", "}"), list: ("[", "]"), tuple: ("(", ")")}


def value_literal(value: Any, indent: int = 0) -> str:
    """Plain data as a literal, broken into lines where it is long."""
    line = _on_one_line(value)
    if len(line) + indent <= WIDTH or not isinstance(value, dict | list | tuple) or not value:
        return line
    inner = " " * (indent + 4)
    if isinstance(value, dict):
        rows = [f"{_on_one_line(name)}: {value_literal(each, indent + 4)}" for name, each in value.items()]
    else:
        rows = [value_literal(each, indent + 4) for each in value]
    opened, closed = _BRACKETS[type(value)]
    return f"{opened}\n" + "".join(f"{inner}{row},\n" for row in rows) + " " * indent + closed


def _on_one_line(value: Any) -> str:
    match value:
        case str():
            return quoted(value)
        case dict():
            rows = (f"{_on_one_line(name)}: {_on_one_line(each)}" for name, each in value.items())
            return f"{{{', '.join(rows)}}}"
        case list():
            return f"[{', '.join(map(_on_one_line, value))}]"
        case tuple():
            return f"({', '.join(map(_on_one_line, value))}{',' if len(value) == 1 else ''})"
        case bool() | int() | float() | None:
            return repr(value)
    raise TypeError(f"{type(value).__name__} is no plain data")


def comment(text: str, longest: int = 400) -> list[str]:
    """A text as lines of comments; no sign in it can end one."""
    words, lines = "".join(sign if sign.isprintable() else " " for sign in text[:longest]).split(), [""]
    for word in words:
        if len(lines[-1]) + len(word) > WIDTH - 10:
            lines.append("")
        lines[-1] += f" {word}" if lines[-1] else word
    return [f"# {line}".rstrip() for line in lines]


def docstring(text: str) -> str:
    """One line in triple quotes."""
    plain = " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())
    return '"""' + plain.replace("\\", "").replace('"', "'") + '"""'


def _escape(found: re.Match[str]) -> str:
    return found[0].encode("unicode_escape").decode() if ord(found[0]) < 0x80 else f"\\u{ord(found[0]):04x}"


def _reads_as(literal: str, text: str) -> bool:
    try:
        return bool(ast.literal_eval(literal) == text)
    except (SyntaxError, ValueError):
        return False
