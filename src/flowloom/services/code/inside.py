"""The part that works behind the walls: runs the code it is given, and writes down what came of it.

A program of its own, in a process that has nothing but Python, pandas and these files; `walled` starts it. What it
says is judged outside: whoever breaks it only speaks for himself.
"""

import ast
import contextlib
import io
import json
import math
import os
import resource
import sys
import traceback
from typing import Any

from flowloom.services.code.table_functions import TableFunctions

MAX_PRINTED = 40_000
MAX_ITEMS = 60_000
MAX_DEPTH = 10
NAME = "<code>"


class Capped(io.TextIOBase):
    """What is printed, as far as it is kept."""

    def __init__(self) -> None:
        self.pieces: list[str] = []
        self.room = MAX_PRINTED

    def write(self, text: str) -> int:
        if self.room > 0:
            self.pieces.append(text[: self.room])
            self.room -= len(text)
        return len(text)


def limit(job: dict[str, Any]) -> None:
    """From here on there is no more memory, time and room for files than the job says."""
    limits = {
        resource.RLIMIT_AS: job["memory"],
        resource.RLIMIT_CPU: int(job["cpu"]),
        resource.RLIMIT_FSIZE: job["file"],
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_NOFILE: 64,
    }
    for which, most in limits.items():
        resource.setrlimit(which, (most, most))


def load_early(code: str) -> None:
    """Load what takes long before the clock of the code begins."""
    if "pandas" in code or "numpy" in code:
        with contextlib.suppress(ImportError):
            import pandas  # type: ignore[import-untyped]  # noqa: F401


def run(code: str, names: dict[str, Any]) -> Any:
    """The value of the last line, or else what was called `result`."""
    tree = ast.parse(code, NAME)
    last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
    # What the walls are for: nothing of this computer is in reach here.
    exec(compile(tree, NAME, "exec"), names)  # noqa: S102
    value = None
    if isinstance(last, ast.Expr):
        value = eval(compile(ast.Expression(last.value), NAME, "eval"), names)  # noqa: S307
    return names.get("result") if value is None else value


class Plain:
    """Makes values fit for JSON."""

    def __init__(self) -> None:
        self.left = MAX_ITEMS

    def of(self, value: Any, depth: int = 0) -> Any:
        self.left -= 1
        value = framed(value)
        if value is None or isinstance(value, bool | str):
            return value
        if isinstance(value, int):
            return value if abs(value) < 10**300 else "…"
        if isinstance(value, float):
            return value if math.isfinite(value) else None
        if isinstance(value, dict) and depth < MAX_DEPTH:
            return {str(name)[:1_000]: self.of(each, depth + 1) for name, each in self.some(value.items())}
        if isinstance(value, list | tuple | set | frozenset) and depth < MAX_DEPTH:
            return [self.of(each, depth + 1) for each in self.some(value)]
        return value.isoformat() if hasattr(value, "isoformat") else f"<{type(value).__name__}>"

    def some(self, values: Any) -> Any:
        for each in values:
            if self.left <= 0:
                return
            yield each


def framed(value: Any) -> Any:
    """Data frames as rows, and numbers of numpy as numbers."""
    if type(value).__module__.partition(".")[0] not in ("pandas", "numpy"):
        return value
    if hasattr(value, "to_frame") and hasattr(value, "index"):
        value = value.to_frame()
    if hasattr(value, "to_dict"):
        kept = value.head(MAX_ITEMS) if "RangeIndex" in type(value.index).__name__ else value.reset_index()
        return kept.head(MAX_ITEMS).to_dict("records")
    return value.tolist() if hasattr(value, "tolist") else value


def told(error: BaseException) -> dict[str, Any]:
    """An error with the line of the code it came from."""
    lines = [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename == NAME]
    line = lines[-1] if lines else getattr(error, "lineno", None)
    return {"kind": type(error).__name__, "reason": str(error)[:1_000], "line": line}


def main() -> None:
    out = os.dup(1)
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    job = json.load(sys.stdin)
    limit(job)
    load_early(job["code"])
    os.write(out, b"\n")
    functions = TableFunctions({table["name"]: (table["columns"], table["rows"]) for table in job["tables"]})
    printed = Capped()
    sys.stdout = sys.stderr = printed
    names = {"__name__": "__main__", **functions.all(), **job["values"]}
    value, error = None, None
    try:
        value = Plain().of(run(job["code"], names))
    except BaseException as raised:
        error = told(raised)
    said = {"value": value, "printed": "".join(printed.pieces), "charts": functions.charts, "error": error}
    with os.fdopen(out, "w", encoding="utf-8", errors="replace") as file:
        json.dump(said, file)
    os._exit(0)
