"""Copies definitions of our own modules, with all they need, so that a program runs without them."""

import ast
import pkgutil
import re
import sys
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

from flowloom.exchange.exporters.python.names import Names

PARTS = "flowloom.exchange.exporters.python.parts"
SETTINGS = f"{PARTS}.settings"
INSTEAD = {
    ("flowloom.errors", "NodeError"): (f"{PARTS}.errors", "NodeError"),
    ("flowloom.nodes.readable", "readable"): (f"{PARTS}.values", "readable"),
    ("flowloom.nodes.readable", "first_words"): (f"{PARTS}.values", "first_words"),
}
"""What stands in a program in the place of what is ours alone."""


_NAME = re.compile(r"(?<![\w.])[^\W\d]\w*")
"""A name that is no part of another one, and no attribute."""


class Place(NamedTuple):
    """A definition: its module and its name there."""

    module: str
    name: str


class Module(NamedTuple):
    """A module of ours: its lines, its definitions by name, and what its other names are imported from."""

    lines: list[str]
    definitions: dict[str, tuple[ast.stmt, int]]
    """Each with its last line, that of the text which tells of it included."""
    imports: dict[str, tuple[str, str]]


class Definitions:
    """What a program needs of our modules, gathered as it is asked for."""

    def __init__(self, names: Names, instead: str = "") -> None:
        """`instead`: a package whose modules take the place of pieces of the same names."""
        self._free, self._instead = names.take, instead
        self._names: dict[Place, str] = {}
        self._texts: list[tuple[str, str]] = []
        self._imports: dict[tuple[str, str], str] = {}
        """What is imported, a module or a name of one, and what it is called in the program."""

    def use(self, name: str, module: str) -> str:
        """Take a definition and all that it needs along; gives the name it has in the program."""
        place = self._place(*INSTEAD.get((module, name), (module, name)))
        if place not in self._names:
            self._names[place] = self._free(place.name)
            self._copy(place)
        return self._names[place]

    def _place(self, module: str, name: str) -> Place:
        other = module.replace(PARTS, self._instead) if self._instead and module.startswith(PARTS) else ""
        if other and find_spec(other) and name in read_module(other).definitions:
            return Place(other, name)
        return Place(module, name)

    def imported(self, module: str, name: str = "") -> str:
        """Have the program import a module, or a name out of it; gives what it is called there."""
        if (module, name) not in self._imports:
            self._imports[module, name] = self._free(name or module)
        return self._imports[module, name]

    @property
    def packages(self) -> set[str]:
        return {module.split(".")[0] for module, _ in self._imports}

    def import_lines(self) -> Iterator[str]:
        """The imports, those of the standard library first, as `ruff` sorts them."""
        for ours in (True, False):
            chosen = {each for each in self._imports if (each[0].split(".")[0] in sys.stdlib_module_names) == ours}
            lines = [f"import {self._called(module)}" for module, name in sorted(chosen) if not name]
            for module in sorted({module for module, name in chosen if name}):
                names = sorted((name for each, name in chosen if each == module and name), key=_sorting)
                lines.append(f"from {module} import {', '.join(self._called(module, name) for name in names)}")
            if lines:
                yield "\n".join(lines)

    def _called(self, module: str, name: str = "") -> str:
        own, called = name or module, self._imports[module, name]
        return own if own == called else f"{own} as {called}"

    def texts(self) -> list[str]:
        """The source of each definition, so that what is needed comes before."""
        return [text for _, text in self._texts]

    def _copy(self, place: Place) -> None:
        module = read_module(place.module)
        node, last = module.definitions[place.name]
        renamed: dict[str, str] = {}
        for name in _names_in(node):
            if name == place.name:
                renamed[name] = self._names[place]
            elif name in module.definitions:
                renamed[name] = self.use(name, place.module)
            elif name in module.imports:
                self._take_import(*module.imports[name], name, renamed)
        self._texts.append((place.name, _renamed(module, node, last, renamed)))

    def _take_import(self, module: str, name: str, alias: str, renamed: dict[str, str]) -> None:
        if module == SETTINGS:
            renamed[alias] = name
        elif module.startswith("flowloom."):
            renamed[alias] = self.use(name, module)
        else:
            renamed[alias] = self.imported(module, name)


def _sorting(name: str) -> tuple[int, str]:
    return (0 if name.isupper() else 1 if name[:1].isupper() else 2, name)


@cache
def read_module(name: str) -> Module:
    """What a module of ours defines and imports."""
    # Read, not imported: pieces of programs import what takes seconds.
    spec = find_spec(name)
    assert spec is not None and spec.origin is not None  # noqa: PT018
    source = Path(spec.origin).read_text("utf-8")
    definitions: dict[str, tuple[ast.stmt, int]] = {}
    imports: dict[str, tuple[str, str]] = {}
    body = ast.parse(source).body
    for statement, following in zip(body, [*body[1:], None], strict=True):
        is_told = isinstance(following, ast.Expr) and isinstance(following.value, ast.Constant)
        last = (following if is_told and following else statement).end_lineno or 0
        for defined in _defined_by(statement):
            definitions[defined] = (statement, last if isinstance(statement, ast.Assign | ast.AnnAssign) else 0)
        if isinstance(statement, ast.ImportFrom):
            imports |= {each.asname or each.name: (statement.module or "", each.name) for each in statement.names}
        elif isinstance(statement, ast.Import):
            imports |= {each.asname or each.name: (each.name, "") for each in statement.names}
    return Module(source.splitlines(), definitions, imports)


def _defined_by(statement: ast.stmt) -> list[str]:
    match statement:
        case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
            return [statement.name]
        case ast.Assign():
            return [
                each.id for target in statement.targets for each in ast.walk(target) if isinstance(each, ast.Name)
            ]
        case ast.AnnAssign(target=ast.Name(id=name)):
            return [name]
    return []


def _names_in(node: ast.stmt) -> list[str]:
    """Every name a definition uses, in the order of its lines."""
    found = [each for each in ast.walk(node) if isinstance(each, ast.Name)]
    ordered = sorted(found, key=lambda each: (each.lineno, each.col_offset))
    own = [node.name] if isinstance(node, ast.FunctionDef | ast.ClassDef) else []
    return list(dict.fromkeys([*own, *(each.id for each in ordered)]))


def _renamed(module: Module, node: ast.stmt, last: int, renamed: dict[str, str]) -> str:
    """The lines of a definition, with names changed where they would meet others."""
    first = min([node.lineno, *(each.lineno for each in getattr(node, "decorator_list", []))])
    lines = module.lines[first - 1 : last or node.end_lineno]
    text = _NAME.sub(lambda found: renamed.get(found[0], found[0]), "\n".join(lines))
    return text.replace("  # type: ignore[import-untyped]", "")


@cache
def part_names() -> frozenset[str]:
    """What the pieces of source are called: an input of a block that bore such a name would hide it."""
    modules = [
        read_module(f"{PARTS}.{found.name}") for found in pkgutil.iter_modules(import_module(PARTS).__path__)
    ]
    return frozenset(name for module in modules for name in (*module.definitions, *module.imports))
