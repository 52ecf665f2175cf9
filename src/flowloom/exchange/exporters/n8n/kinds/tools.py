"""Tools of an agent as nodes that serve it."""

import re

from flowloom.exchange.exporters.n8n.workflow import AI, Workflow
from flowloom.nodes.templates import find_placeholders
from flowloom.run.planning.plan import Step


def write_tool(app: Workflow, tool: Step, agent: str) -> None:
    """A tool that an agent may use; one that n8n has none for is told."""
    if tool.kind.id == "calculator":
        app.serve(tool, agent, "ai_tool", app.names[tool.id], f"{AI}toolCalculator", 1)
        app.differ(tool, "The agent knows this tool by n8n’s words.", "You notice it in how a tool is used.")
    elif tool.kind.id == "web.search" and app.config(tool).provider == "wikipedia":
        app.serve(tool, agent, "ai_tool", app.names[tool.id], f"{AI}toolWikipedia", 1)
        app.differ(tool, "The agent knows this tool by n8n’s words.", "You notice it in how a tool is used.")
    elif tool.kind.id == "http.request":
        _request(app, tool, agent)
    elif tool.id not in app.missing:
        # Account's own: a tool stands in no line of nodes.
        super(Workflow, app).lacks(tool, "This tool isn’t brought over.", "Add a tool of n8n to the agent instead.")


def _request(app: Workflow, tool: Step, agent: str) -> None:
    config = app.config(tool)
    settings = {
        "toolDescription": tool.kind.help,
        "method": config.method,
        "url": _braces(config.url),
    }
    if config.body.strip():
        settings |= {"sendBody": True, "specifyBody": "json", "jsonBody": _braces(config.body)}
    app.serve(tool, agent, "ai_tool", app.names[tool.id], f"{AI}toolHttpRequest", 1.1, **settings)
    app.differ(tool, "The agent knows this tool by n8n’s words.", "You notice it in how a tool is used.")


def _braces(text: str) -> str:
    """What the model fills in, as n8n names it: `{name}`."""
    pieces, done = list[str](), 0
    for place in find_placeholders(text):
        pieces += [text[done : place.start], "{" + re.sub(r"\W", "_", place.name) + "}"]
        done = place.end
    return "".join([*pieces, text[done:]])
