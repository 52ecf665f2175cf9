"""The small engine: a part of Python of its own (pydantic-monty), in a process of its own, with nothing to reach.

It has no files, no environment, no network and no other programs; what it works with are our table functions.
"""

import re
import time
from collections.abc import Callable
from typing import Any

from flowloom.kinds.code import CodeJob, CodeResult, Failure
from flowloom.services.code.outcomes import (
    broke,
    charts_of,
    plain,
    too_large,
    too_many_calls,
    too_slow,
    unreachable,
    went_wrong,
)
from flowloom.services.code.printed import Printed
from flowloom.services.code.table_functions import TableFunctions

MAX_MEMORY = 300_000_000
MAX_HANDED = 200_000
"""Rows that are handed to the code itself; of more it only gets what our functions make of them."""
MAX_DEPTH = 300
MAX_CALLS = 2_000
"""Calls of our functions, each of which takes the code out of its process for a moment."""
_RESULT = re.compile(r"^result\s*(?::[^=\n]+)?=(?!=)", re.MULTILINE)
LACKS = (
    "This is a small Python: no other modules than math, json, re, datetime, collections, itertools, functools, "
    "csv, decimal, random, dataclasses and typing; no files, no yield, no del, no class inheritance, no property. "
    "Write it without them, with the table functions."
)


def run_small(job: CodeJob) -> CodeResult:
    """Run code in the calling thread, which waits for it."""
    from pydantic_monty import MontyError

    started, printed = time.monotonic(), Printed()
    functions = TableFunctions(
        {table.name: (table.columns, table.rows) for table in job.tables},
        _clock(started + job.seconds),
        MAX_HANDED,
    )
    value, failure = None, None
    try:
        value = _value(job, functions, printed)
    except MontyError as error:
        failure = _failure(error, job)
    except (OSError, ValueError, TypeError, RecursionError) as error:
        failure = broke(f"{type(error).__name__}: {error}")
    return CodeResult(
        value=plain(value),
        printed=printed.text,
        charts=charts_of(functions.charts),
        engine="small",
        seconds=time.monotonic() - started,
        failure=failure,
    )


def _value(job: CodeJob, functions: TableFunctions, printed: Printed) -> Any:
    """What the last line is, or else what was called `result`."""
    from pydantic_monty import Monty

    limits: Any = {
        "max_feed_duration_secs": job.seconds,
        "max_memory": MAX_MEMORY,
        "max_recursion_depth": MAX_DEPTH,
        "max_suspensions": MAX_CALLS,
    }
    # A process for each run: what one leaves behind no other finds, and nothing stays when it is over.
    with (
        Monty(min_processes=1, max_processes=1, request_timeout=job.seconds + 5) as pool,
        pool.checkout(limits=limits, os_policy={"sleep": "zero"}) as session,
    ):
        names: Any = {"external_lookup": functions.all(), "print_callback": printed}
        value = session.feed_run(job.code, inputs=dict(job.values), **names)
        if value is None and _RESULT.search(job.code):
            value = session.feed_run("result", **names)
        return value


def _clock(end: float) -> Callable[[], None]:
    def check() -> None:
        if time.monotonic() > end:
            raise TimeoutError

    return check


def _failure(error: Any, job: CodeJob) -> Failure:
    """What went wrong, in words. The kind of an error is known by its name alone."""
    said = error.display("type-msg") if hasattr(error, "display") else f"{type(error).__name__}: {error}"
    kind, _, reason = said.partition(": ")
    if kind == "TimeoutError" or getattr(error, "timed_out", False):
        return too_slow(job.seconds)
    if kind == "MemoryError":
        return too_large()
    if type(error).__name__ == "MontyCrashedError":
        return broke(said)
    told = error.display() if hasattr(error, "display") else said
    if kind == "PermissionError" or " is not supported in this environment" in reason:
        return unreachable(f"{told}\n{LACKS}")
    if reason.startswith("suspension limit"):
        return too_many_calls(MAX_CALLS)
    lacking = kind in ("ModuleNotFoundError", "ImportError", "NotImplementedError", "NameError", "SyntaxError")
    return went_wrong(kind, reason, _line(error), f"{told}\n{LACKS}" if lacking else told)


def _line(error: Any) -> int | None:
    frames = error.traceback() if hasattr(error, "traceback") else ()
    own = [frame.line for frame in frames]
    return int(own[-1]) if own else None
