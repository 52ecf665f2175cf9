"""Blocks whose work needs what only Flowloom has; a program says so where it comes to one."""

from flowloom.exchange.exporters.python.writers import Writer

HINT = "The program stops here. Write this function yourself."


def _lacking(message: str, hint: str = HINT) -> Writer:
    return lambda block: block.missing(message, hint)


PICTURES = "The program can’t look at pictures or make them."
SOUND = "The program can’t listen or speak."
WRITERS = {
    "mcp.tools": _lacking(
        "The program isn’t connected to MCP servers.", "Use the package langchain-mcp-adapters to connect it."
    ),
    "database.query": _lacking("The program isn’t connected to your databases."),
    "mail.send": _lacking("The program can’t send emails."),
    "picture.look": _lacking(PICTURES),
    "picture.make": _lacking(PICTURES),
    "speech.write": _lacking(SOUND),
    "speech.speak": _lacking(SOUND),
    "web.read": _lacking("The program can’t read web pages."),
    "web.search": _lacking("The program can’t search the web."),
    "code.analyse": _lacking("The program can’t run code that a model writes."),
    "action": _lacking("The program can’t use actions of OpenAPI services."),
    "action.set": _lacking("The program can’t use actions of OpenAPI services."),
    "imported.kept": _lacking("This part of another builder’s flow was never replaced."),
}
