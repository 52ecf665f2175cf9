"""What a program defines before it runs: agents, tools, the shapes of answers, functions."""

import ast
import re
from collections.abc import Iterator, Mapping
from typing import Any

from flowloom.exchange.importers.values import Agent, Thing, Tool

Function = ast.FunctionDef | ast.AsyncFunctionDef
TOOLS = {
    "websearchtool": "web search",
    "filesearchtool": "file search",
    "codeinterpretertool": "code interpreter",
    "hostedmcptool": "MCP server",
    "imagegenerationtool": "image generation",
    "computertool": "computer use",
    "localshelltool": "shell",
    "tool": "function",
}
_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


def snake(name: str) -> str:
    """A name as Python writes it: both languages use the same ones otherwise."""
    return _HUMP.sub("_", name).lower()


def settings_of(call: ast.Call) -> dict[str, ast.expr]:
    """What a call is given, by name in Python's way; what has no name by its place, `0`, `1`, …"""
    found: dict[str, ast.expr] = {}
    for place, argument in enumerate(call.args):
        if isinstance(argument, ast.Dict) and len(call.args) == 1:
            found |= entries(argument)
        else:
            found[str(place)] = argument
    found |= {snake(keyword.arg): keyword.value for keyword in call.keywords if keyword.arg}
    return found


def entries(node: ast.expr | None) -> dict[str, ast.expr]:
    """The entries of a dictionary that is written out, or what a call such as ModelSettings(…) is given."""
    if isinstance(node, ast.Call):
        return settings_of(node)
    if not isinstance(node, ast.Dict):
        return {}
    pairs = zip(node.keys, node.values, strict=True)
    return {
        snake(key.value): value for key, value in pairs if isinstance(key, ast.Constant) and type(key.value) is str
    }


def called(node: ast.AST | None) -> str:
    """The last name of what a call calls, "" for what is no call."""
    if not isinstance(node, ast.Call):
        return ""
    function = node.func
    if isinstance(function, ast.Subscript):
        function = function.value
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


def definition(name: str, value: ast.expr) -> Any:
    """The agent or tool that `name = value` defines, None where it is neither."""
    what = called(value)
    if what == "create" and isinstance(value, ast.Call) and isinstance(value.func, ast.Attribute):
        what = getattr(value.func.value, "id", "")
    if not isinstance(value, ast.Call):
        return None
    if what == "Agent":
        settings = settings_of(value)
        said = settings.get("name", settings.get("0"))
        title = said.value if isinstance(said, ast.Constant) and isinstance(said.value, str) else name
        return Agent(title, settings)
    kind = TOOLS.get(what.lower())
    return Tool(name, kind, settings_of(value)) if kind else None


def literal(node: ast.expr | None) -> Any:
    """The value of what is written out, None for all else."""
    try:
        return None if node is None else ast.literal_eval(node)
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
        return None


def defined_in(body: list[ast.stmt]) -> dict[str, Any]:
    """Everything that stands at the top of a program, by its name."""
    found: dict[str, Any] = {}
    for statement in body:
        if isinstance(statement, Function):
            found[statement.name] = _function(statement)
        elif isinstance(statement, ast.ClassDef):
            found[statement.name] = Thing(statement.name, statement)
        elif isinstance(statement, ast.Assign | ast.AnnAssign) and statement.value is not None:
            names = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
            for name in (each.id for each in names if isinstance(each, ast.Name)):
                found[name] = definition(name, statement.value) or Thing(name, statement.value)
    return found


def _function(node: Function) -> Any:
    for decorator in node.decorator_list:
        if "function_tool" in ast.unparse(decorator):
            settings = settings_of(decorator) if isinstance(decorator, ast.Call) else {}
            named = literal(settings.get("name_override"))
            return Tool(named if isinstance(named, str) else node.name, "function", settings, node)
    return Thing(node.name, node)


def agents_in(things: Mapping[str, Any]) -> Iterator[tuple[str, Agent]]:
    for name, thing in things.items():
        if isinstance(thing, Agent):
            yield name, thing


def entry_of(body: list[ast.stmt]) -> Function | None:
    """The function that runs the agents: `run_workflow`, or else one that holds a run."""
    functions = [node for node in body if isinstance(node, Function)]
    named = [node for node in functions if snake(node.name).startswith("run_workflow")]
    running = [node for node in functions if any(is_run(each) for each in ast.walk(node))]
    return next((node for node in named if node in running), next(iter(named or running), None))


def is_run(node: ast.AST) -> bool:
    """Whether this is `Runner.run(…)`, `runner.run(…)` or `run(agent, …)`."""
    if called(node) not in ("run", "run_sync", "run_streamed") or not isinstance(node, ast.Call):
        return False
    function = node.func
    owner = getattr(function.value, "id", "") if isinstance(function, ast.Attribute) else "runner"
    return "runner" in owner.lower()
