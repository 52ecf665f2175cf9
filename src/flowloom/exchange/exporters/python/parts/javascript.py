"""JavaScript of the GPT behind walls: QuickJS, with nothing but the values it is given."""

import asyncio
import json
import re
from typing import Any

from quickjs_rs import QuickJSError, Runtime

from flowloom.exchange.exporters.python.parts.code import code_outputs
from flowloom.exchange.exporters.python.parts.errors import NodeError
from flowloom.services.code.javascript import _RUN, _SETUP
from flowloom.services.code.outcomes import plain


def run_javascript(code: str, values: dict[str, Any], seconds: float) -> dict[str, Any]:
    """What code gives: the value of its last expression, or of `result`."""
    printed: list[str] = []
    try:
        value = json.loads(asyncio.run(evaluated(code, values, seconds, printed)))
    except QuickJSError as error:
        raise script_error(error) from None
    return code_outputs(plain(value), "".join(printed), code, "javascript")


async def evaluated(code: str, values: dict[str, Any], seconds: float, printed: list[str]) -> str:
    with Runtime() as runtime, runtime.new_context(timeout=seconds) as context:
        context.register("__print", printed.append)
        await context.eval_async(_SETUP.replace("VALUES", json.dumps(json.dumps(values))))
        found: str = await context.eval_async(_RUN.replace("CODE", json.dumps(code)))
        return found


def script_error(error: Any) -> NodeError:
    name, reason = getattr(error, "name", type(error).__name__), getattr(error, "message", str(error))
    found = re.search(r"<input>:(\d{1,9}):", getattr(error, "stack", None) or "")
    hint = "Check this line of the code, or rephrase your question."
    said = f"{name}: {reason}".strip(": ")[:300]
    if found and name != "SyntaxError":
        return NodeError("The code stopped at line {line}: {reason}", hint, line=int(found[1]), reason=said)
    return NodeError("The code stopped: {reason}", hint, reason=said)
