"""What can go wrong with an MCP server, each as a sentence of its own."""

from flowloom.errors import McpError
from flowloom.locales import Verbatim

LAST = 600
"""Characters shown of what a program wrote to its log."""
TEST_IT = "Test it in Settings → MCP servers."


def too_slow_to_start(server: str, seconds: float, said: str = "") -> McpError:
    return McpError(
        "The MCP server “{server}” wasn’t ready within {seconds} seconds.",
        "It said: {said}" if said else "Test it in Settings, and raise its timeout if it is slow.",
        code="mcp.start",
        server=Verbatim(server),
        seconds=f"{seconds:g}",
        **_said(said),
    )


def too_slow(server: str, tool: str, seconds: float) -> McpError:
    return McpError(
        "“{tool}” of the MCP server “{server}” didn’t answer within {seconds} seconds.",
        "Try again later, or give the block more time.",
        code="mcp.timeout",
        server=Verbatim(server),
        tool=Verbatim(tool),
        seconds=f"{seconds:g}",
    )


def ended(server: str, said: str = "") -> McpError:
    return McpError(
        "The MCP server “{server}” stopped before it answered.",
        "It said: {said}" if said else TEST_IT,
        code="mcp.ended",
        server=Verbatim(server),
        **_said(said),
    )


def unconfirmed(server: str) -> McpError:
    return McpError(
        "The program of the MCP server “{server}” hasn’t been confirmed on this computer.",
        "Confirm it in Settings → MCP servers.",
        code="mcp.unconfirmed",
        server=Verbatim(server),
    )


def too_much(server: str) -> McpError:
    return McpError(
        "The MCP server “{server}” sent too much data.",
        "Ask for less, or tell its developers.",
        code="mcp.too_much",
        server=Verbatim(server),
    )


def nonsense(server: str) -> McpError:
    return McpError(
        "“{server}” doesn’t behave like an MCP server.",
        TEST_IT,
        code="mcp.nonsense",
        server=Verbatim(server),
    )


def refused(server: str, answer: str) -> McpError:
    return McpError(
        "The MCP server “{server}” returned an error.",
        "It said: {said}",
        code="mcp.error",
        server=Verbatim(server),
        said=Verbatim(answer or "?"),
    )


def failed(server: str, tool: str, answer: str) -> McpError:
    return McpError(
        "“{tool}” of the MCP server “{server}” failed.",
        "It said: {said}",
        code="mcp.failed",
        server=Verbatim(server),
        tool=Verbatim(tool),
        said=Verbatim(answer or "?"),
    )


def gone(server: str, tool: str) -> McpError:
    return McpError(
        "The MCP server “{server}” no longer has the tool “{tool}”.",
        "Open the block and choose its tools again.",
        code="mcp.gone",
        server=Verbatim(server),
        tool=Verbatim(tool),
    )


def changed(server: str, tool: str, what: str) -> McpError:
    return McpError(
        "“{tool}” of the MCP server “{server}” has changed since you chose it ({what}).",
        "Open the block and choose its tools again.",
        code="mcp.changed",
        server=Verbatim(server),
        tool=Verbatim(tool),
        what=Verbatim(what),
    )


def too_many_open(most: int) -> McpError:
    return McpError(
        "{most} connections to MCP servers are in use at the same time.",
        "Try again when the others have finished.",
        code="mcp.open",
        most=most,
    )


def _said(said: str) -> dict[str, str]:
    """The end of what it wrote, on one line: there stands why it ended."""
    line = " ".join(said.split())
    return {"said": Verbatim(line if len(line) <= LAST else "… " + line[-LAST:])} if line else {}
