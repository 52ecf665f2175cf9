"""Python of a block as other builders run it: what its last line, or `result`, is, has to be returned there."""

import ast
from collections.abc import Callable


def returning(code: str, written: Callable[[str], str]) -> str | None:
    """The code with a last line that `written` makes of what it gives; None where the code cannot be read."""
    try:
        body = ast.parse(code).body
    except SyntaxError:
        return None
    if not body:
        return None
    last = body[-1]
    if isinstance(last, ast.Expr):
        start = "\n".join(code.splitlines()[: last.lineno - 1])
        return f"{start}\n{written(ast.unparse(last.value))}".lstrip("\n")
    return f"{code}\n{written('result')}"
