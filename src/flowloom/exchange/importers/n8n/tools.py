"""The tools of an agent as blocks it may use."""

import re
from typing import TYPE_CHECKING, Any

from flowloom.errors import Problem
from flowloom.exchange.importers.n8n.expressions import expressions_in
from flowloom.exchange.importers.n8n.workflow import N8nNode
from flowloom.exchange.importers.sketch import Way
from flowloom.flow.model import TOOL_NAME
from flowloom.locales import Verbatim

if TYPE_CHECKING:
    from flowloom.exchange.importers.n8n.walk import Walk

_PLACEHOLDER = re.compile(r"(?<!\{)\{([A-Za-z_]\w*)\}(?!\})")
_FROM_AI = re.compile(r"""\$fromAI\(\s*+['"](\w+)['"]""")
_KINDS: dict[str, tuple[str, dict[str, Any]]] = {
    "toolcalculator": ("calculator", {}),
    "toolwikipedia": ("web.search", {"provider": "wikipedia"}),
    "toolserpapi": ("web.search", {"provider": "brave"}),
    "toolsearxng": ("web.search", {"provider": "searxng"}),
}


def draw_tool(walk: "Walk", node: N8nNode, way: Way) -> str:
    """The block of a tool, "" for one that only helps the model to think."""
    if node.name in walk.tools:
        return walk.tools[node.name]
    walk.tools[node.name] = found = _drawn(walk, node)
    return found


def _drawn(walk: "Walk", node: N8nNode) -> str:
    if node.type == "toolthink":
        walk.tell(node, "", _thinking())
        return ""
    if node.type in _KINDS:
        kind, config = _KINDS[node.type]
        return _block(walk, node, kind, config)
    if node.type in ("toolvectorstore",) or node.type.startswith("vectorstore"):
        walk.documents(node)
        return _block(
            walk, node, "knowledge.search", {"top_k": _count(node.settings.get("topK"))}, _other_measure()
        )
    if node.type == "mcpclienttool":
        walk.drawing.do(
            "Connect the MCP server of “{name}”.",
            "Add it under Settings → MCP servers, then choose it and its tools in the block.",
            name=Verbatim(node.name),
        )
        return _block(walk, node, "mcp.tools", {"server": node.name[:100], "tools": []})
    if node.type in ("httprequesttool", "toolhttprequest"):
        return _block(walk, node, "http.request", _request(node))
    if node.type == "toolcode" and node.settings.get("language", "javaScript") == "javaScript":
        code = f"const query = {{{{query}}}};\n(() => {{ {node.settings.get('jsCode') or ''} }})()"
        return _block(walk, node, "code.run", {"code": code, "engine": "javascript"})
    walk.drawing.do(
        "The tool “{name}” is not set up yet.",
        "Open its block and write what it does, or connect another block as a tool.",
        name=Verbatim(node.name),
    )
    return _block(walk, node, "code.run", {"code": "'This tool is not set up yet.'"}, _empty(node.type))


def _block(walk: "Walk", node: N8nNode, kind: str, config: dict[str, Any], *differs: Problem) -> str:
    key = re.sub(r"\W+", "_", str(node.settings.get("name") or node.name)).strip("_")
    id = walk.drawing.block(kind, node.name, config, key=key, at=node.position)
    if id != key and re.match(TOOL_NAME, key):
        walk.drawing.settle(id, tool_name=key)
    walk.tell(node, id, *differs, *([] if re.match(TOOL_NAME, key) else [_renamed()]))
    return id


def _request(node: N8nNode) -> dict[str, Any]:
    def filled(text: Any) -> str:
        written, pieces, done = str(text or "").removeprefix("="), [], 0
        for start, end, code in expressions_in(written):
            asked = _FROM_AI.match(code.strip())
            pieces += [written[done:start], f"{{{{{asked[1]}}}}}" if asked else written[start:end]]
            done = end
        return _PLACEHOLDER.sub(r"{{\1}}", "".join([*pieces, written[done:]]))

    method = str(node.settings.get("method") or "GET")
    config: dict[str, Any] = {"method": method, "url": filled(node.settings.get("url"))}
    body = node.settings.get("jsonBody")
    return config | ({"body": filled(body)} if body else {})


def _count(value: Any) -> int:
    return value if isinstance(value, int) and 1 <= value <= 50 else 4


def _renamed() -> Problem:
    return Problem.of(
        "import.differs",
        "The model sees this tool under a name in small letters.",
        "You notice only where instructions name the tool: write its new name there.",
    )


def _thinking() -> Problem:
    return Problem.of(
        "import.differs",
        "This tool only gives the model room to think; models that reason do so by themselves.",
        "You notice when a small model takes more care with the tool.",
    )


def _other_measure() -> Problem:
    return Problem.of(
        "import.differs",
        "It searches documents that you add here.",
        "You notice when other passages are found.",
    )


def _empty(type: str) -> Problem:
    return Problem.of(
        "import.differs",
        "The tool of the sort “{type}” has no counterpart here.",
        "You notice when the agent calls it: it answers that it is not set up.",
        type=Verbatim(type),
    )
