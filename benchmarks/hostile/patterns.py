"""Every regular expression of the app, found by walking its modules, so that a new one cannot be forgotten."""

import ast
import importlib
import pkgutil
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any

METHODS = ("search", "match", "sub", "subn", "split", "findall", "finditer", "fullmatch")
_AGENTS_SDK = "flowloom.exchange.exporters.agents.parts"
NOT_IMPORTED = ("flowloom.ui.script.main", f"{_AGENTS_SDK}.agent", f"{_AGENTS_SDK}.models")
"""Scripts that run when imported, and pieces of programs that need what is not here; all are read, though."""

MATCHED = ("flowloom.services.formats.yaml12",)
"""Modules whose patterns are handed to a library that only looks whether a text begins with them."""

CUT = {
    "flowloom.builder.intentions": 2_000,
    "flowloom.drafting.wish": 1_000,
    "flowloom.drafting.cues": 1_000,
    "flowloom.drafting.sources": 1_000,
    "flowloom.services.models.refusals": 4_000,
    "flowloom.services.models.batches": 4_000,
    "flowloom.services.models.practice": 20_000,
    "flowloom.services.models.practice_ages": 2_000,
    "flowloom.services.models.practice_dates": 20_000,
    "flowloom.services.models.practice_fields": 20_000,
    "flowloom.services.models.practice_finds": 20_000,
    "flowloom.services.models.practice_intents": 2_000,
    "flowloom.services.models.practice_notes": 500,
    "flowloom.services.models.practice_numbers": 20_000,
    "flowloom.services.models.practice_rules": 20_000,
    "flowloom.services.models.practice_shapes": 2_000,
    "flowloom.services.models.practice_texts_found": 20_000,
    "flowloom.services.models.practice_tools": 20_000,
}
"""Modules that look through so many characters of a text and no more."""

BUILT = {
    ("flowloom.ui.prompts.renaming", "word"): [rf"""("[^"]*"|'[^']*')|(?<![\w.]){re.escape("name")}(?!\w)"""],
    ("flowloom.nodes.logic.personal_data", "finditer"): [r"(?<!\w)Ada(?!\w)|(?<!\w)aaaa(?!\w)|字"],
    ("flowloom.services.models.practice_fields", "line"): [
        r"(?:^|[\n,;，；])[^\S\n]*+(?:[-*•][^\S\n]*+)?name[^\S\n]*+(?:[:：=]|\bis\b|\best\b|是)\s*+(.+)"
    ],
    ("flowloom.run.execution.consent", "search"): [rf"(?<![\w.-]){re.escape('example.com')}(?![\w-]|\.\w)"],
}
"""Patterns made of what is known only while the app runs, by module and name: samples of each."""


@dataclass
class Found:
    """A pattern, where it stands, and the methods it is used by."""

    pattern: re.Pattern[Any]
    where: str
    methods: set[str] = field(default_factory=set)

    @property
    def most(self) -> int | None:
        """Characters it is ever given, where its module cuts what is longer."""
        return next((most for module, most in CUT.items() if self.where.startswith(f"{module}:")), None)


@dataclass(frozen=True)
class Unknown:
    """A call whose pattern cannot be told from the source, and stands in no table."""

    where: str
    source: str


@dataclass
class _Uses:
    """The names a module imports with where from, and the methods each name is used by in it."""

    imports: set[tuple[str, str]] = field(default_factory=set)
    methods: dict[str, set[str]] = field(default_factory=dict)

    @classmethod
    def of(cls, tree: ast.Module) -> "_Uses":
        found = cls()
        holders = {id(node.value): node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom) and node.module:
                found.imports |= {(node.module, each.name) for each in node.names}
            name = node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""
            if name and isinstance(node.ctx, ast.Load):
                used = holders.get(id(node), "search")
                if used != "pattern":
                    found.methods.setdefault(name, set()).add(used if used in METHODS else "search")
        return found

    def knows(self, home: str, name: str) -> bool:
        """Whether the module imports that name, or the module it stands in."""
        package, _, last = home.rpartition(".")
        return (home, name) in self.imports or (package, last) in self.imports


def modules() -> Iterator[tuple[str, Path]]:
    """Every module of the app with its file."""
    import flowloom

    for found in pkgutil.walk_packages(flowloom.__path__, "flowloom."):
        spec = found.module_finder.find_spec(found.name, None)  # type: ignore[call-arg]
        if spec and spec.origin and spec.origin.endswith(".py"):
            yield found.name, Path(spec.origin)


def collect() -> tuple[list[Found], list[Unknown]]:
    """Every pattern, and the calls of which nothing is known."""
    trees = {name: ast.parse(path.read_text("utf-8")) for name, path in modules()}
    uses = {name: _Uses.of(tree) for name, tree in trees.items()}
    found: dict[tuple[Any, int], Found] = {}
    unknown: list[Unknown] = []
    loaded = {name: _loaded(name) for name in trees}
    for name, module in loaded.items():
        for each in _written(name, module, trees[name], uses):
            if isinstance(each, Unknown):
                unknown.append(each)
                continue
            known = found.setdefault((each.pattern.pattern, each.pattern.flags), each)
            known.methods |= each.methods
    # After all that is written: a module that only imports a pattern does not say how it is used.
    for name, module in loaded.items():
        for place, pattern in _held(module):
            if (pattern.pattern, pattern.flags) not in found:
                found[pattern.pattern, pattern.flags] = Found(pattern, f"{name}: {place}", {"search"})
    return list(found.values()), unknown


def _loaded(name: str) -> ModuleType:
    return importlib.import_module(name) if name not in NOT_IMPORTED else ModuleType(name)


def _written(name: str, module: ModuleType, tree: ast.Module, used: dict[str, _Uses]) -> Iterator[Found | Unknown]:
    """The patterns in the calls of `re` in a module's source."""
    named = {
        id(node.value): _target(node) for node in ast.walk(tree) if isinstance(node, ast.Assign | ast.AnnAssign)
    }
    functions = [
        node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
    ]
    inner = {id(each) for function in functions for each in ast.walk(function)}
    for node in ast.walk(tree):
        if not _is_call(node):
            continue
        method = node.func.attr
        where = f"{name}:{node.lineno}"
        variable = named.get(id(node), "")
        samples = BUILT.get((name, variable or method))
        if samples:
            for sample in samples:
                yield Found(re.compile(sample), where, {"search"})
            continue
        pattern = _value(node, module)
        if pattern is None and method == "compile" and id(node) not in inner:
            continue  # made in a loop of the module itself, which holds what came of it
        if pattern is None:
            yield Unknown(where, ast.unparse(node)[:120])
        elif method == "compile":
            uses = {"match"} if name in MATCHED else _used_by(variable, name, used)
            yield Found(pattern, f"{where} {variable}", uses)
        else:
            yield Found(pattern, where, {method})


def _is_call(node: ast.AST) -> bool:
    return (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and isinstance(node.func.value, ast.Name)
        and node.func.value.id == "re"
        and node.func.attr in (*METHODS, "compile")
    )


def _target(node: ast.Assign | ast.AnnAssign) -> str:
    target = node.targets[0] if isinstance(node, ast.Assign) else node.target
    return target.id if isinstance(target, ast.Name) else ""


def _value(node: ast.Call, module: ModuleType) -> re.Pattern[Any] | None:
    """The pattern a call makes; None where its parts are not known before the app runs."""
    flags = next((word.value for word in node.keywords if word.arg == "flags"), None)
    if flags is None and node.func.attr == "compile" and len(node.args) > 1:
        flags = node.args[1]
    if (
        flags is None
        and node.func.attr in ("search", "match", "fullmatch", "findall", "finditer")
        and len(node.args) > 2
    ):
        flags = node.args[2]
    try:
        made = _evaluated(node.args[0], module)
        given = 0 if isinstance(made, re.Pattern) or flags is None else _evaluated(flags, module)
        return re.compile(made, given)
    except (NameError, AttributeError, TypeError):
        return None


def _evaluated(node: ast.expr, module: ModuleType) -> Any:
    # Our own source, read from our own package; nothing else reaches this.
    return eval(compile(ast.Expression(node), module.__name__, "eval"), dict(vars(module)) | {"re": re})  # noqa: S307


def _used_by(name: str, home: str, uses: dict[str, _Uses]) -> set[str]:
    """The methods a pattern of that name is used by anywhere; `search` where it is handed on."""
    methods: set[str] = set()
    for module, found in uses.items():
        if name and (module == home or found.knows(home, name)):
            methods |= found.methods.get(name, set())
    return methods or {"search"}


def _held(module: ModuleType) -> Iterator[tuple[str, re.Pattern[Any]]]:
    """The patterns a module holds: by name, in its tables, and in its classes."""
    for name, value in list(vars(module).items()):
        if isinstance(value, type) and value.__module__ == module.__name__:
            for inner, held in list(vars(value).items()):
                yield from ((f"{name}.{inner}", each) for each in _within(held))
        else:
            yield from ((name, each) for each in _within(value))


def _within(value: Any, depth: int = 0) -> Iterator[re.Pattern[Any]]:
    if isinstance(value, re.Pattern):
        yield value
    elif depth < 4 and isinstance(value, dict):
        for each in (*value.keys(), *value.values()):
            yield from _within(each, depth + 1)
    elif depth < 4 and isinstance(value, list | tuple | set | frozenset):
        for each in value:
            yield from _within(each, depth + 1)
