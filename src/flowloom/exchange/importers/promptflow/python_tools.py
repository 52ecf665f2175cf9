"""Python tools as code blocks: the function stays as it is, its call is written beneath it."""

import ast
import json
import re
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

SMALL = frozenset(
    "json re math random datetime typing collections dataclasses itertools functools csv decimal copy hashlib "
    "base64 asyncio time unicodedata __future__".split()
)
"""What the built-in Python knows."""
_NAME = re.compile(r"[A-Za-z_]\w*")


@dataclass(frozen=True)
class Parameter:
    annotation: str = ""
    default: Any = None
    has_default: bool = False
    fixed: bool = True
    """Whether the default can be read without running anything."""


@dataclass(frozen=True)
class PythonTool:
    """A function that PromptFlow calls, with the lines of its file that run here."""

    code: str
    name: str
    parameters: Mapping[str, Parameter]
    returns: str
    yields: bool
    waits: bool
    lacking: tuple[str, ...]
    """Modules it asks for that are not part of Python."""
    needs_whole: bool
    """Whether the built-in Python knows too little for it."""


def tool_in(text: str) -> PythonTool | None:
    """The tool of a file; None where there is none that can be read. Nothing of it is run."""
    try:
        module = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    functions = [each for each in module.body if isinstance(each, ast.FunctionDef | ast.AsyncFunctionDef)]
    marked = [each for each in functions if any(_is_tool(mark) for mark in each.decorator_list)]
    if not functions:
        return None
    chosen = (marked or functions[-1:])[0]
    modules = {name for each in ast.walk(module) for name in _modules(each)}
    standard = frozenset(sys.stdlib_module_names)
    return PythonTool(
        code=_without_marks(text, module),
        name=chosen.name,
        parameters=_parameters(chosen.args),
        returns=_written(chosen.returns),
        yields=any(isinstance(each, ast.Yield | ast.YieldFrom) for each in ast.walk(chosen)),
        waits=isinstance(chosen, ast.AsyncFunctionDef),
        lacking=tuple(sorted(modules - standard - {"promptflow", "pandas", "numpy"})),
        needs_whole=bool(modules & standard - SMALL) or any(_beyond_small(each) for each in ast.walk(module)),
    )


def _is_tool(mark: ast.expr) -> bool:
    mark = mark.func if isinstance(mark, ast.Call) else mark
    return (mark.attr if isinstance(mark, ast.Attribute) else getattr(mark, "id", "")) == "tool"


def _modules(each: ast.AST) -> list[str]:
    if isinstance(each, ast.Import):
        return [name.name.partition(".")[0] for name in each.names]
    return [(each.module or "").partition(".")[0]] if isinstance(each, ast.ImportFrom) else []


def _beyond_small(each: ast.AST) -> bool:
    return isinstance(each, ast.Yield | ast.YieldFrom | ast.Delete) or (
        isinstance(each, ast.ClassDef) and bool(each.bases)
    )


def _without_marks(text: str, module: ast.Module) -> str:
    """The file without what belongs to PromptFlow alone: its imports, and the mark of its tools."""
    dropped: set[int] = set()
    for each in module.body:
        if isinstance(each, ast.Import | ast.ImportFrom) and _modules(each) == ["promptflow"]:
            dropped |= set(range(each.lineno, (each.end_lineno or each.lineno) + 1))
        for mark in getattr(each, "decorator_list", ()):
            if _is_tool(mark):
                dropped |= set(range(mark.lineno, (mark.end_lineno or mark.lineno) + 1))
    kept = [line for number, line in enumerate(text.splitlines(), 1) if number not in dropped]
    return "\n".join(kept).strip("\n")


def _parameters(args: ast.arguments) -> dict[str, Parameter]:
    plain = [*args.posonlyargs, *args.args]
    defaults = [None] * (len(plain) - len(args.defaults)) + list(args.defaults)
    every = [*zip(plain, defaults, strict=True), *zip(args.kwonlyargs, args.kw_defaults, strict=True)]
    return {arg.arg: _parameter(arg, default) for arg, default in every}


def _parameter(arg: ast.arg, default: ast.expr | None) -> Parameter:
    if default is None:
        return Parameter(_written(arg.annotation))
    try:
        return Parameter(_written(arg.annotation), ast.literal_eval(default), True)
    except (ValueError, SyntaxError, TypeError, MemoryError, RecursionError):
        return Parameter(_written(arg.annotation), None, True, fixed=False)


def _written(annotation: ast.expr | None) -> str:
    return ast.unparse(annotation) if annotation is not None else ""


def converted(value: Any, parameter: Parameter) -> Any:
    """A literal as PromptFlow hands it to a parameter: by its annotation. Raises ValueError."""
    wanted = parameter.annotation or (type(parameter.default).__name__ if parameter.default is not None else "")
    if wanted in ("int", "float"):
        return (int if wanted == "int" else float)(value)
    if wanted == "bool" and isinstance(value, str):
        return {"true": True, "false": False}[value.strip().lower()] if value.strip() else False
    if wanted == "str":
        return str(value)
    if wanted.lower().startswith(("list", "dict")) and isinstance(value, str):
        return json.loads(value)
    return value


def called(tool: PythonTool, arguments: Mapping[str, str], *, joined: bool = False) -> str:
    """The code with its call, `arguments` being Python text each."""
    given = ", ".join(
        f"{name}={value}" if _NAME.fullmatch(name) else f"**{{{name!r}: {value}}}"
        for name, value in arguments.items()
    )
    call = f"{tool.name}({given})"
    if tool.yields:
        call = f'"".join(map(str, {call}))' if joined else f"list({call})"
    return f"{tool.code}\n\n\n{'await ' if tool.waits else ''}{call}\n"
