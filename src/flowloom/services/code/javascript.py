"""JavaScript in a closed place: QuickJS compiled to WebAssembly, run by wasmtime, with nothing to reach.

It has no files, no network, no timers and no modules; what it is given are values, what it gives is JSON.
"""

import asyncio
import json
import re
import time
from typing import TYPE_CHECKING, Any

from flowloom.kinds.code import CodeJob, CodeResult, Failure
from flowloom.services.code.outcomes import broke, plain, too_large, too_slow, went_wrong
from flowloom.services.code.printed import Printed

if TYPE_CHECKING:
    from quickjs_rs import Runtime

MAX_MEMORY = 128 * 1024 * 1024
MAX_ANSWER = 20_000_000
_LINE = re.compile(r"<input>:(\d{1,9}):")
_SETUP = """
const __text = each => typeof each === "string" ? each : each instanceof Error ? String(each)
  : (typeof each === "object" && each !== null ? JSON.stringify(each) : String(each));
globalThis.console = Object.fromEntries(["log", "info", "warn", "error", "debug"].map(
  name => [name, (...all) => __print(all.map(__text).join(" ") + "\\n")]));
for (const [name, value] of Object.entries(JSON.parse(VALUES))) globalThis[name] = value;
"""
_RUN = """await (async () => {
  let value = await (0, eval)(CODE);
  if (value === undefined && typeof globalThis.result !== "undefined") value = globalThis.result;
  return JSON.stringify(value === undefined ? null : value) ?? "null";
})()"""


def run_javascript(job: CodeJob) -> CodeResult:
    """Run code in the calling thread, which waits for it. The value is that of its last expression, awaited."""
    from quickjs_rs import QuickJSError, Runtime
    from wasmtime import Trap, WasmtimeError

    started, printed = time.monotonic(), Printed()
    value, failure = None, None
    try:
        with Runtime(memory_limit=None) as runtime:  # ours is set below
            value = json.loads(asyncio.run(_value(runtime, job, printed))[:MAX_ANSWER])
    except QuickJSError as error:
        failure = _failure(error, job)
    except (Trap, WasmtimeError):
        failure = broke("RangeError: too much recursion, or the code broke the place it ran in.")
    except ValueError:
        failure = too_large()
    return CodeResult(
        value=plain(value),
        printed=printed.text,
        engine="javascript",
        seconds=time.monotonic() - started,
        failure=failure,
    )


async def _value(runtime: "Runtime", job: CodeJob, printed: Printed) -> str:
    with runtime.new_context(timeout=job.seconds) as context:
        # All the memory it may grow to, whatever its engine counts.
        context._engine_ctx._inst.store.set_limits(memory_size=MAX_MEMORY)
        context.register("__print", lambda text: printed("stdout", text))
        await context.eval_async(_SETUP.replace("VALUES", _literal(json.dumps(dict(job.values)))))
        found: str = await context.eval_async(_RUN.replace("CODE", _literal(job.code)))
        return found


def _literal(text: str) -> str:
    """A text as JavaScript writes it: since ES2019 every JSON text is one."""
    return json.dumps(text)


def _failure(error: Any, job: CodeJob) -> Failure:
    """What went wrong, in words."""
    kind = type(error).__name__
    if kind == "TimeoutError":
        return too_slow(job.seconds)
    if kind == "MemoryLimitError":
        return too_large()
    name, reason = getattr(error, "name", kind), getattr(error, "message", str(error))
    found = _LINE.search(getattr(error, "stack", None) or "")
    line = int(found[1]) if found and name != "SyntaxError" else None
    return went_wrong(name, reason, line, f"{name}: {reason}")
