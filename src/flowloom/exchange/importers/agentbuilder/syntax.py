"""The syntax tree of an exported program: Python's own, whichever of the two languages it is in. Nothing runs."""

import ast
import io
import re
import tokenize
from weakref import WeakKeyDictionary

from flowloom.errors import FlowFileError
from flowloom.exchange.source import Source

PYTHON = re.compile(r"^[^\S\n]*+(?:from agents(?:\.\w++)*+ import|import agents\b)", re.MULTILINE)
TYPESCRIPT = re.compile(r"""(from|require\()\s*['"]@openai/agents['"/]""")
MAX_CHARACTERS = 3_000_000
MAX_NESTING = 80
MAX_EMPTY = 200
MAX_READ = 10_000_000
_EMPTY = re.compile(r"expected an indented block after .* on line (\d+)")
_TREES: WeakKeyDictionary[Source, ast.Module] = WeakKeyDictionary()
_UNREADABLE = (SyntaxError, ValueError, RecursionError, MemoryError, tokenize.TokenError, IndentationError)


def program_in(source: Source) -> str:
    """The name of the file that holds the program, "" where there is none."""
    texts = {name: source.text(name) for name in source.files if not name.endswith((".json", ".yaml", ".yml"))}
    found = [name for name, text in texts.items() if PYTHON.search(text) or TYPESCRIPT.search(text)]
    # Of several files the one that says what happens when is the program.
    return min(
        found, key=lambda name: ("runworkflow" not in texts[name].lower().replace("_", ""), name), default=""
    )


def is_python(source: Source) -> bool:
    return bool(PYTHON.search(source.text(program_in(source))))


def parse_program(source: Source) -> ast.Module:
    """The tree of the program, parsed once. Raises FlowFileError where it cannot be read."""
    if source not in _TREES:
        _TREES[source] = _program_of(source)
    return _TREES[source]


def _program_of(source: Source) -> ast.Module:
    text = source.text(program_in(source))
    if len(text) > MAX_CHARACTERS:
        raise _unreadable()
    if is_python(source):
        return parse_python(text)
    from flowloom.exchange.importers.agentbuilder.typescript import parse_typescript

    try:
        return parse_typescript(text)
    except _UNREADABLE as error:
        raise _unreadable(error) from None


def parse_python(text: str) -> ast.Module:
    try:
        if _nesting(text) > MAX_NESTING:
            raise _unreadable()
        return _parsed(text)
    except _UNREADABLE as error:
        raise _unreadable(error) from None


def _parsed(text: str) -> ast.Module:
    """The tree of a program; a branch that was left empty in Agent Builder is exported without any line."""
    # Each is found by reading the program anew, so large programs may have few.
    for _ in range(min(MAX_EMPTY, 1 + MAX_READ // (len(text) + 1))):
        try:
            return ast.parse(text)
        except IndentationError as error:
            found = _EMPTY.match(error.msg)
            if not found:
                raise
            lines = text.splitlines()
            at = int(found[1]) - 1
            while at < len(lines) - 1 and not lines[at].rstrip().endswith(":"):
                at += 1
            inside = len(lines[at]) - len(lines[at].lstrip()) + 2
            text = "\n".join([*lines[: at + 1], " " * inside + "pass", *lines[at + 1 :]])
    raise _unreadable()


def _nesting(text: str) -> int:
    """How deep brackets stand in each other; Python's own parser is not asked about what is deeper."""
    depth = deepest = 0
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type == tokenize.OP:
            depth += (token.string in "([{") - (token.string in ")]}")
            deepest = max(deepest, depth)
    return deepest


def _unreadable(error: Exception | None = None) -> FlowFileError:
    line = error.lineno if isinstance(error, SyntaxError) else None
    return unreadable(error.args[1][0] if isinstance(error, tokenize.TokenError) else line)


def unreadable(line: int | None) -> FlowFileError:
    """What is said of a program that breaks off at a line."""
    hint = "It may be cut off or edited. Open Agent Builder, choose Code, and copy the whole program again."
    if line:
        return FlowFileError("This program can’t be read from line {line} on.", hint, line=line)
    return FlowFileError("This program can’t be read.", hint)
