"""The tools of an agent as blocks it may use."""

import ast
from collections.abc import Mapping
from typing import Any

from flowloom.errors import Problem
from flowloom.exchange.importers.agentbuilder.definitions import entries, literal, snake
from flowloom.exchange.importers.sketch import Sketch
from flowloom.exchange.importers.values import Tool
from flowloom.locales import Verbatim


class Tools:
    """Draws each tool once, for all agents that have it."""

    def __init__(self, sketch: Sketch) -> None:
        self._drawing = sketch.drawing
        self._drawn: dict[str, str] = {}

    def draw(self, tool: Tool, agent: str) -> str:
        """The block of a tool, "" for one that has no counterpart, which is told."""
        if tool.name not in self._drawn:
            how = getattr(self, f"_{tool.type.replace(' ', '_').lower()}", None)
            self._drawn[tool.name] = how(tool, agent) if how else self._left_out(tool, agent)
        return self._drawn[tool.name]

    def _tell(self, tool: Tool, *nodes: str, differs: tuple[Problem, ...] = (), **more: Any) -> None:
        self._drawing.carried(tool.name, tool.name, tool.type, *nodes, differs=differs, **more)

    def _web_search(self, tool: Tool, agent: str) -> str:
        id = self._drawing.block("web.search", "Web search", {"provider": "openai"}, key=tool.name)
        self._drawing.do(
            "The web search uses your OpenAI key.",
            "Open the block to search with Wikipedia or another provider instead.",
        )
        self._tell(tool, id, differs=(_hosted(),))
        return id

    def _file_search(self, tool: Tool, agent: str) -> str:
        most = literal(tool.settings.get("max_num_results"))
        most = most if isinstance(most, int) and 1 <= most <= 50 else 10
        id = self._drawing.block("knowledge.search", "File search", {"top_k": most}, key=tool.name)
        self.ask_for_documents(agent)
        self._tell(tool, id, differs=(_hosted(),))
        return id

    def ask_for_documents(self, agent: str) -> None:
        self._drawing.do(
            "The documents that “{agent}” searches stayed at OpenAI.",
            "Download them there, then add them in the Search knowledge block.",
            agent=Verbatim(agent),
        )

    def _code_interpreter(self, tool: Tool, agent: str) -> str:
        id = self._drawing.block("code.analyse", "Code interpreter", {}, key=tool.name)
        self._tell(tool, id, differs=(_hosted(),))
        return id

    def _image_generation(self, tool: Tool, agent: str) -> str:
        id = self._drawing.block("picture.make", "Image generation", {}, key=tool.name)
        self._tell(tool, id, differs=(_hosted(),))
        return id

    def _mcp_server(self, tool: Tool, agent: str) -> str:
        config = entries(tool.settings.get("tool_config")) or tool.settings
        label = literal(config.get("server_label")) or tool.name
        names = literal(config.get("allowed_tools")) or []
        listed = [{"name": name[:200]} for name in names if isinstance(name, str) and name][:100]
        server = str(label)[:100]
        asks = literal(config.get("require_approval")) not in ("never", None)
        id = self._drawing.block(
            "mcp.tools", server, {"server": server, "tools": listed}, key=tool.name, ask_first=asks
        )
        self._drawing.do(
            "Connect the MCP server “{name}”.",
            "Add it under Settings → MCP servers with this name, then choose its tools in the block.",
            name=Verbatim(server),
        )
        self._tell(tool, id, differs=(_hosted(),))
        return id

    def _function(self, tool: Tool, agent: str) -> str:
        name = literal(tool.settings.get("name"))
        name = snake(name) if isinstance(name, str) else tool.name
        function = tool.function
        works = (
            function is not None and not isinstance(function, ast.AsyncFunctionDef) and _does_something(function)
        )
        code = _called(function) if works and function is not None else "'This tool is not set up yet.'"
        script = _script(tool)
        works = works or bool(script)
        config = {"code": script, "engine": "javascript"} if script else {"code": code}
        id = self._drawing.block("code.run", name, config, key=name)
        if not works:
            self._drawing.do(
                "The tool “{name}” does nothing yet: its program is not in the export.",
                "Open its block and write what it does, or connect another block as a tool.",
                name=Verbatim(name),
            )
        self._tell(tool, id, differs=() if works else (_empty(),))
        return id

    def _left_out(self, tool: Tool, agent: str) -> str:
        self._drawing.do(
            "“{agent}” had the tool “{name}”, which has no counterpart here.",
            "Connect another block as a tool, or change its instructions.",
            agent=Verbatim(agent),
            name=Verbatim(tool.type),
        )
        self._tell(tool, grade="approximate", differs=(_missing(),))
        return ""


def _script(tool: Tool) -> str:
    """The function of a tool in TypeScript with a call of it, "" where it does nothing."""
    execute = tool.settings.get("execute")
    script = getattr(execute, "script", "")
    if not getattr(execute, "works", False):
        return ""
    shape = tool.settings.get("parameters")
    fields = shape.args[0] if isinstance(shape, ast.Call) and shape.args else None
    names = (
        [str(key.value) for key in fields.keys if isinstance(key, ast.Constant)]
        if isinstance(fields, ast.Dict)
        else []
    )
    given = ", ".join(f"{name}: {{{{{name}}}}}" for name in names)
    return f"const run = {script};\nrun({{ {given} }})"


def _called(function: ast.FunctionDef | ast.AsyncFunctionDef) -> str:
    """The function and a call of it, each of its parameters a value that the model gives."""
    plain = ast.FunctionDef(
        name=function.name, args=_bare(function.args), body=function.body, decorator_list=[], returns=None
    )
    names = [each.arg for each in function.args.args if each.arg not in ("ctx", "context", "wrapper")]
    given = ", ".join(f"{name}={{{{{name}}}}}" for name in names)
    return f"{ast.unparse(ast.fix_missing_locations(plain))}\n{function.name}({given})"


def _bare(given: ast.arguments) -> ast.arguments:
    names = [ast.arg(arg=each.arg) for each in given.args]
    return ast.arguments(posonlyargs=[], args=names, kwonlyargs=[], kw_defaults=[], defaults=given.defaults)


def _does_something(function: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    told = [
        each for each in function.body if not (isinstance(each, ast.Expr) and isinstance(each.value, ast.Constant))
    ]
    return any(not isinstance(each, ast.Pass) for each in told)


def _hosted() -> Problem:
    return Problem.of(
        "import.differs",
        "OpenAI ran this tool on its own servers; here it is a block that the agent calls.",
        "You notice when results are chosen or worded in another way.",
    )


def _empty() -> Problem:
    return Problem.of(
        "import.differs",
        "The export holds only the name of this tool, not what it does.",
        "You notice when the agent calls it: it answers that it is not set up.",
    )


def _missing() -> Problem:
    return Problem.of(
        "import.differs", "This tool has no counterpart here.", "You notice when the agent would have used it."
    )


def tools_of(node: ast.expr | None, things: Mapping[str, Any], inline: Any) -> list[Tool]:
    """The tools in an agent's list, those written into it included."""
    found = []
    for each in node.elts if isinstance(node, ast.List | ast.Tuple) else ():
        thing = things.get(each.id) if isinstance(each, ast.Name) else inline(ast.unparse(each)[:40], each)
        if isinstance(thing, Tool):
            found.append(thing)
    return found
