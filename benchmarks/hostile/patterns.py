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
NOT_IMPORTED = ("flowloom.ui.script.main",)
"""Scripts that run when they are imported; their source is read all the same."""

MATCHED = ("flowloom.services.openapi.yaml12",)
"""Modules whose patterns are handed to a library that only looks whether a text begins with them."""

BUILT = {
    ("flowloom.ui.prompts.renaming", "word"): [rf"""("[^"]*"|'[^']*')|(?<![\w.]){re.escape("name")}(?!\w)"""],
    ("flowloom.nodes.logic.personal_data", "finditer"): [r"(?<!\w)Ada(?!\w)|(?<!\w)aaaa(?!\w)|字"],
    ("flowloom.services.models.practice_fields", "line"): [
        r"(?:^|[\n,;，；])[^\S\n]*+(?:[-*•][^\S\n]*+)?name[^\S\n]*+(?:[:：=]|\bis\b|\best\b|是)\s*+(.+)"
    ],
    ("flowloom.run.consent", "search"): [rf"(?<![\w.-]){re.escape('example.com')}(?![\w-]|\.\w)"],
}
"""Patterns made of what is known only while the app runs, by module and name: samples of each."""


@dataclass
class Found:
    """A pattern, where it stands, and the methods it is used by."""

    pattern: re.Pattern[Any]
    where: str
    methods: set[str] = field(default_factory=set)


@dataclass(frozen=True)
class Unknown:
    """A call whose pattern cannot be told from the source, and stands in no table."""

    where: str
    source: str


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
    found: dict[tuple[Any, int], Found] = {}
    unknown: list[Unknown] = []
    for name in trees:
        module = importlib.import_module(name) if name not in NOT_IMPORTED else ModuleType(name)
        for each in _written(name, module, trees):
            if isinstance(each, Unknown):
                unknown.append(each)
                continue
            known = found.setdefault((each.pattern.pattern, each.pattern.flags), each)
            known.methods |= each.methods
        for place, pattern in _held(module):
            if (pattern.pattern, pattern.flags) not in found:
                found[pattern.pattern, pattern.flags] = Found(pattern, f"{name}: {place}", {"search"})
    return list(found.values()), unknown


def _written(name: str, module: ModuleType, trees: dict[str, ast.Module]) -> Iterator[Found | Unknown]:
    """The patterns in the calls of `re` in a module's source."""
    tree = trees[name]
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
            uses = {"match"} if name in MATCHED else _uses(variable, name, trees)
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


def _uses(name: str, home: str, trees: dict[str, ast.Module]) -> set[str]:
    """The methods a pattern of that name is used by anywhere; `search` where it is handed on."""
    methods: set[str] = set()
    for module, tree in trees.items():
        if name and (module == home or _knows(tree, home, name)):
            methods |= set(_uses_in(tree, name))
    return methods or {"search"}


def _knows(tree: ast.Module, home: str, name: str) -> bool:
    """Whether a module imports that name, or the module it stands in."""
    package, _, last = home.rpartition(".")
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            names = {each.name for each in node.names}
            if (node.module == home and name in names) or (node.module == package and last in names):
                return True
    return False


def _uses_in(tree: ast.Module, name: str) -> Iterator[str]:
    holders = {id(node.value): node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    for node in ast.walk(tree):
        is_it = isinstance(node, ast.Name) and node.id == name and isinstance(node.ctx, ast.Load)
        if is_it or (isinstance(node, ast.Attribute) and node.attr == name):
            used = holders.get(id(node), "search")
            if used != "pattern":
                yield used if used in METHODS else "search"


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
