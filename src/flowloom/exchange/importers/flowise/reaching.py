"""Nodes of agentflows that reach out or work things out: documents, services, tools, code, other flows."""

import re
from typing import Any

from flowloom.errors import Problem
from flowloom.exchange.importers.flowise.flow import Node
from flowloom.exchange.importers.flowise.speaking import tell_documents
from flowloom.exchange.importers.flowise.tools import kind_of_tool, tell_tool, tool_config
from flowloom.exchange.importers.flowise.weaving import Told, Weaving
from flowloom.kinds.mcp import McpTool
from flowloom.locales import Verbatim
from flowloom.nodes.tools.arguments import ports_of
from flowloom.nodes.tools.mcp_tools import operation_of

BODIES = {"json": "json", "raw": "text", "formData": "form", "xWwwFormUrlencoded": "form"}


def _end(weaving: Weaving, node: Node, block: str, port: str, update: str = "") -> list[str]:
    weaving.follow(block)
    weaving.outputs[node.id] = port
    weaving.exits[node.id, 0] = [weaving.update(node.rows(update), port) if update else port]
    return [block]


def _draw_retriever(weaving: Weaving, node: Node, told: Told) -> list[str]:
    block = weaving.block("knowledge.search")
    query = node.inputs.get("retrieverQuery")
    weaving.join(weaving.port(query, f"{node.id} query") if query else weaving.question(), f"{block}.question")
    tell_documents(weaving, node, told)
    return _end(weaving, node, block, f"{block}.text", "retrieverUpdateState")


def _draw_request(weaving: Weaving, node: Node, told: Told) -> list[str]:
    ports: dict[str, str] = {}

    def written(value: Any) -> str:
        template, found = weaving.text(value)
        ports.update(found)
        return template

    url = written(node.inputs.get("url"))
    query = "&".join(
        f"{row.get('key')}={written(row.get('value'))}" for row in node.rows("queryParams") if row.get("key")
    )
    kind = node.text("bodyType", "json")
    config: dict[str, Any] = {
        "method": node.text("method", "GET").upper(),
        "url": f"{url}{'&' if '?' in url else '?'}{query}" if query else url,
        "headers": [
            {"name": str(row["key"])[:200], "value": written(row.get("value"))}
            for row in node.rows("headers")[:50]
            if row.get("key")
        ],
        "body_format": BODIES.get(kind, "json"),
    }
    if config["method"] not in ("GET", "HEAD"):
        pairs = node.rows("body")
        form = "&".join(f"{row.get('key')}={written(row.get('value'))}" for row in pairs)
        config["body"] = form if pairs else written(node.inputs.get("body"))
    block = weaving.block("http.request", config)
    for name, port in ports.items():
        weaving.join(port, f"{block}.{name}")
    if url.startswith("{{"):
        told.append(
            Problem.of(
                "import.address",
                "Its address comes from another block, and a request names its host itself here.",
                "Write the address in the block, with names in double braces for what changes.",
            )
        )
    weaving.fields[node.id, "http.data"] = f"{block}.text"
    weaving.fields[node.id, "http.status"] = f"{block}.status"
    return _end(weaving, node, block, f"{block}.text")


def _draw_tool(weaving: Weaving, node: Node, told: Told) -> list[str]:
    name = node.text("toolAgentflowSelectedTool") or node.text("selectedTool")
    kind = kind_of_tool(name)
    if kind in ("", "database.query"):
        return draw_kept(weaving, node, told)
    config = node.inputs.get("toolAgentflowSelectedToolConfig")
    settings = tool_config(kind, name, config if isinstance(config, dict) else {})
    given = {
        str(row["inputArgName"]): row.get("inputArgValue")
        for row in node.rows("toolInputArgs")
        if row.get("inputArgName")
    }
    if kind == "mail.send":
        return _draw_mail(weaving, node, given, told)
    if kind == "mcp.tools":
        return _draw_mcp(weaving, node, given, told)
    block = weaving.block(kind, settings)
    port = {
        "calculator": "expression",
        "web.search": "query",
        "web.read": "address",
        "knowledge.search": "question",
    }.get(kind)
    if port:
        value = next(iter(given.values()), None)
        weaving.join(weaving.port(value, f"{node.id} input") if value else weaving.question(), f"{block}.{port}")
    tell_tool(weaving, kind, name, told)
    return _end(weaving, node, block, f"{block}.text", "toolUpdateState")


def _draw_mail(weaving: Weaving, node: Node, given: dict[str, Any], told: Told) -> list[str]:
    ports: dict[str, str] = {}
    config = {}
    for field, names in (("to", ("to",)), ("subject", ("subject",)), ("text", ("body", "message", "text"))):
        template, found = weaving.text(next((given[name] for name in names if name in given), ""))
        config[field] = template
        ports.update(found)
    block = weaving.block("mail.send", config)
    for name, port in ports.items():
        weaving.join(port, f"{block}.{name}")
    tell_tool(weaving, "mail.send", node.text("toolAgentflowSelectedTool"), told)
    return _end(weaving, node, block, f"{block}.told", "toolUpdateState")


def _draw_mcp(weaving: Weaving, node: Node, given: dict[str, Any], told: Told) -> list[str]:
    """One call of a tool of an MCP server, by its name."""
    config = node.config("toolAgentflowSelectedToolConfig")
    named = re.findall(r"[\w-]+", str(config.get("mcpActions") or ""))
    takes = {"type": "object", "properties": {name: {"type": "string"} for name in given}}
    tool = McpTool(name=named[0][:200] if named else "tool", takes=takes)
    block = weaving.block("mcp.tools", {"tools": [{"name": tool.name, "takes": takes}]})
    for port in ports_of(operation_of(tool)):
        if port.id in given:
            weaving.join(weaving.port(given[port.id], f"{node.id} {port.id}"), f"{block}.{port.id}")
    tell_tool(weaving, "mcp.tools", node.text("toolAgentflowSelectedTool"), told)
    return _end(weaving, node, block, f"{block}.text", "toolUpdateState")


def _draw_code(weaving: Weaving, node: Node, told: Told) -> list[str]:
    """JavaScript, with what Flowise gives it: `$name` for each variable, `$flow.state`."""
    code = node.text("customFunctionJavascriptFunction")
    ports: dict[str, str] = {}
    heads = []
    for row in node.rows("customFunctionInputVariables"):
        name = re.sub(r"\W", "_", str(row.get("variableName") or "")) or "value"
        heads.append(f"const ${name} = {{{{{name}}}}};")
        ports[name] = weaving.port(row.get("variableValue"), f"{node.id} {name}")
    states = dict.fromkeys(re.findall(r"\$flow\.state\.(\w+)", code))
    if states:
        found = {state: port for state in states if (port := weaving.recalled(state))}
        ports |= {f"state_{state}": port for state, port in found.items()}
        held = ", ".join(f"{state}: {{{{state_{state}}}}}" for state in found)
        heads.append(f"const $flow = {{state: {{ {held} }}}};")
    wrapped = f"{'async ' if 'await' in code else ''}() => {{\n{code}\n}}"
    block = weaving.block(
        "code.run", {"engine": "javascript", "code": "\n".join([*heads, f"({wrapped})()"]) + "\n"}
    )
    for name, port in ports.items():
        weaving.join(port, f"{block}.{name}")
    if re.search(r"\brequire\(|\bfetch\(|\$vars\b", code):
        told.append(
            Problem.of(
                "import.modules_js",
                "Its code uses modules, the network or variables of Flowise, which code has no access to here.",
                "It fails when it runs. Use the HTTP request block for that part.",
            )
        )
    return _end(weaving, node, block, f"{block}.result", "customFunctionUpdateState")


def draw_kept(weaving: Weaving, node: Node, told: Told) -> list[str]:
    """A node without a counterpart, with its settings and its place in the flow."""
    block = weaving.drawing.placeholder(
        node.label, node.name, {"inputs": dict(node.inputs)}, inputs=["input"], key=node.id, at=node.place
    )
    for port in weaving.before()[:1]:
        weaving.drawing.join(port, f"{block}.input")
    if node.name == "executeFlowAgentflow":
        weaving.drawing.do(
            "“{name}” runs another flow of Flowise.",
            "Import that flow, too, then put it in its place as a GPT as a block.",
            name=Verbatim(node.label),
        )
    weaving.outputs[node.id] = f"{block}.output"
    weaving.exits[node.id, 0] = [f"{block}.output"]
    return [block]


DRAWS = {
    "retrieverAgentflow": _draw_retriever,
    "httpAgentflow": _draw_request,
    "toolAgentflow": _draw_tool,
    "customFunctionAgentflow": _draw_code,
    "executeFlowAgentflow": draw_kept,
}
