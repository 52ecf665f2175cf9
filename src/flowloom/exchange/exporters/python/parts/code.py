"""Python of the GPT behind walls: a small Python of its own, without files, network or programs."""

import re
from typing import Any

from pydantic_monty import Monty, MontyError

from flowloom.exchange.exporters.python.parts.errors import NodeError
from flowloom.nodes.data.analysis import told
from flowloom.services.code.outcomes import plain

RESULT = re.compile(r"^result\s*(?::[^=\n]+)?=(?!=)", re.MULTILINE)
MEMORY = 300_000_000


def run_python(code: str, values: dict[str, Any], seconds: float, functions: Any = None) -> dict[str, Any]:
    """What code gives: the value of its last line, or of `result`."""
    printed: list[str] = []
    limits: Any = {"max_feed_duration_secs": seconds, "max_memory": MEMORY, "max_recursion_depth": 300}
    names: Any = {"print_callback": lambda stream, text: printed.append(text), "external_lookup": functions or {}}
    try:
        with (
            Monty(min_processes=1, max_processes=1, request_timeout=seconds + 5) as pool,
            pool.checkout(limits=limits, os_policy={"sleep": "zero"}) as session,
        ):
            value = session.feed_run(code, inputs=values, **names)
            if value is None and RESULT.search(code):
                value = session.feed_run("result", **names)
    except (MontyError, ValueError, TypeError) as error:
        raise code_error(error) from None
    return code_outputs(plain(value), "".join(printed), code, "small")


def code_error(error: Any) -> NodeError:
    """What went wrong in code, with its line where that is known."""
    said = error.display("type-msg") if hasattr(error, "display") else f"{type(error).__name__}: {error}"
    frames = list(error.traceback()) if hasattr(error, "traceback") else []
    hint = "Check this line of the code, or rephrase your question."
    if frames:
        return NodeError("The code stopped at line {line}: {reason}", hint, line=frames[-1].line, reason=said[:300])
    return NodeError("The code stopped: {reason}", hint, reason=said[:300])


def code_outputs(value: Any, printed: str, code: str, engine: str) -> dict[str, Any]:
    given = told(value) if value not in (None, "", []) else ""
    text = "\n\n".join(part for part in (given, printed.strip()) if part)
    return {"result": value, "text": text, "printed": printed, "code": code, "engine": engine}
