"""Problems as a page is told of them."""

from typing import Any

from flowloom.errors import Problem


def problem(found: Problem, language: str) -> dict[str, Any]:
    """A problem in a person's language."""
    message, hint = found.describe(language)
    placed = {"node": found.node, "port": found.port, "severity": found.severity}
    return {"code": found.code, "message": message, "hint": hint, **placed}
