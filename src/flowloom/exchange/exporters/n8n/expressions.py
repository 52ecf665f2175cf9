"""Texts and values as n8n's expressions write them."""

import json
import re
from collections.abc import Iterable, Sequence

AS_TEXT = (
    "(v => v == null ? '' : v === true ? 'yes' : v === false ? 'no' : Array.isArray(v) ? v.map(each => "
    "typeof each === 'object' ? JSON.stringify(each) : each).join('\\n') : "
    "typeof v === 'object' ? JSON.stringify(v) : String(v))"
)
"""A value as a person reads it, whatever it is."""


class NotTaken(Exception):
    """A template or code does something that cannot be put into an expression."""


def quoted(text: str) -> str:
    """A text within JavaScript; the braces that would end the expression are taken apart."""
    return json.dumps(text, ensure_ascii=False).replace("{{", '{" + "{').replace("}}", '}" + "}')


def literal(text: str) -> str:
    """A setting that is just this text."""
    return f"={plain(text)}" if text.startswith("=") or "{{" in text else text


def plain(text: str) -> str:
    """Text within a setting that has expressions, none of them its own."""
    return re.sub(r"(?<![\\{])[\\{]*\{\{", lambda found: f"{{{{ {quoted(found[0])} }}}}", text)


def expression(code: str) -> str:
    """A setting whose value is what the code gives."""
    return f"={{{{ {code} }}}}"


def mixed(pieces: Iterable[tuple[str, bool]]) -> str:
    """A text of pieces, each with whether it is code."""
    written = ""
    for piece, is_code in pieces:
        if is_code:
            # A backslash before the braces would make them text, and a brace would be one of them.
            kept = written.rstrip("\\{")
            if close := written[len(kept) :]:
                written = f"{kept}{{{{ {quoted(close)} }}}}"
            written += f"{{{{ {piece} }}}}"
        else:
            written += plain(piece)
    return f"={written}"


def output_of(node: str, *path: str) -> str:
    """What a node put out, by its name and the way to it."""
    steps = "".join(f".{step}" if re.fullmatch(r"[A-Za-z_]\w*", step) else f"[{quoted(step)}]" for step in path)
    return f"$({quoted(node)}).first().json{steps}"


def was_run(node: str) -> str:
    return f"$({quoted(node)}).isExecuted"


def as_text(code: str) -> str:
    return f"{AS_TEXT}({code})"


def first_of(choices: Sequence[tuple[str, str]]) -> str:
    """The first of several values that is there: each with when it is, "" where it always is."""
    written = "undefined"
    for when, value in reversed(choices):
        written = f"{when} ? {value} : {written}" if when else value
    return f"({written})"


def all_of(choices: Sequence[tuple[str, str]]) -> str:
    """A list of those of several values that are there."""
    each = ", ".join(f"...({when} ? [{value}] : [])" if when else value for when, value in choices)
    return f"[{each}]"
