"""The large engine: Python with pandas in a process behind walls (bubblewrap), where this computer can build them.

Of this computer the code sees Python itself, pandas and an empty folder in memory: no other files, no environment,
no network, no other process, and nobody's rights. It may start no process, and is killed when its time is over.
"""

import asyncio
import json
import os
import signal
import time
from contextlib import suppress
from pathlib import Path
from typing import Any, ClassVar

from flowloom.kinds.code import CodeJob, CodeResult, Failure
from flowloom.services.code.building import ENVIRONMENT, MAX_WORK, can_build, command, filter_file
from flowloom.services.code.outcomes import (
    MAX_PRINTED,
    broke,
    charts_of,
    plain,
    too_large,
    too_slow,
    unreachable,
    went_wrong,
)
from flowloom.services.processes import start_program

AT_ONCE = 2
MAX_MEMORY = 1_500_000_000
MAX_SAID = 4_000_000
STILL = 0.2
"""Seconds within which a process that is told to stand still does so, on a busy computer."""
START = 30.0
"""Seconds that pandas may take to be loaded on a slow computer, before those of the code begin."""
PROBE = """\
import os, pandas, socket
def refused(what):
    try:
        what()
    except OSError:
        return True
    return False
checks = {
    "fork": refused(os.fork), "socket": refused(socket.socket), "user": os.getuid() != 0,
    "files": not os.path.exists("/etc/passwd") and not os.path.exists("/proc/1") and not os.path.exists("/home"),
    "root": refused(lambda: open("/x", "w")), "environment": set(os.environ) <= {"LC_CTYPE", "PWD", *KNOWN},
}
result = [name for name, passed in checks.items() if not passed]
"""


class Walls:
    """Runs code behind walls. Whether they hold here is tried once in a process, by trying to get through."""

    hold: ClassVar[bool | None] = None

    def __init__(self) -> None:
        self._room = asyncio.Semaphore(AT_ONCE)

    async def offered(self) -> bool:
        if Walls.hold is None:
            job = CodeJob(code=PROBE, values={"KNOWN": list(ENVIRONMENT)}, engine="pandas", seconds=30)
            result = await self.run(job) if can_build() else None
            Walls.hold = result is not None and result.failure is None and result.value == []
        return Walls.hold

    async def run(self, job: CodeJob) -> CodeResult:
        """What came of the code. Whatever happens to its process is told as a failure of the code."""
        async with self._room:
            begun = time.monotonic()
            said, failure = await _said(job)
        known: dict[str, Any] = said if isinstance(said, dict) else {}
        printed, charts = known.get("printed"), known.get("charts")
        return CodeResult(
            value=plain(known.get("value")),
            printed=str(plain(printed))[:MAX_PRINTED] if isinstance(printed, str) else "",
            charts=charts_of(charts) if isinstance(charts, list) else (),
            engine="pandas",
            seconds=time.monotonic() - begun,
            failure=failure or _failure(known.get("error"), job),
        )


async def _said(job: CodeJob) -> tuple[Any, Failure | None]:
    """What the process behind the walls wrote, or why there is nothing."""
    given = await asyncio.to_thread(_given, job)
    with filter_file() as refusals:
        process = await start_program(
            *command(refusals),
            end=_end,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            env={},
            pass_fds=(refusals,),
            start_new_session=True,
            limit=MAX_SAID,
        )
    try:
        async with asyncio.timeout(START):
            await _hand_over(process, given)
        async with asyncio.timeout(job.seconds):
            written = await _up_to(_output(process), MAX_SAID)
            if len(written) > MAX_SAID:
                return None, too_large()
            code = await process.wait()
    except TimeoutError:
        return None, too_slow(job.seconds)
    finally:
        await _end(process)
    return _read(written, code, job)


async def _hand_over(process: asyncio.subprocess.Process, given: bytes) -> None:
    """Give it the job, and wait for the sign that it is about to begin."""
    assert process.stdin
    with suppress(BrokenPipeError, ConnectionResetError):
        process.stdin.write(given)
        await process.stdin.drain()
        process.stdin.close()
    await _output(process).read(1)


def _output(process: asyncio.subprocess.Process) -> asyncio.StreamReader:
    assert process.stdout
    return process.stdout


async def _up_to(stream: asyncio.StreamReader, most: int) -> bytes:
    found = bytearray()
    while piece := await stream.read(65_536):
        found += piece
        if len(found) > most:
            break
    return bytes(found)


async def _end(process: asyncio.subprocess.Process) -> None:
    """Kill the process that built the walls and all within, at whatever point they are."""
    if process.returncode is None:
        with suppress(ProcessLookupError, PermissionError):
            # What is within falls with its builder only once both are done with building. So that nothing is begun
            # meanwhile, the builder is held still first.
            os.kill(process.pid, signal.SIGSTOP)
            for child in _children_of_still(process.pid):
                os.kill(child, signal.SIGKILL)
            os.killpg(process.pid, signal.SIGKILL)
        await asyncio.shield(process.wait())


def _children_of_still(builder: int) -> list[int]:
    """What a process had started when it stood still, or was gone."""
    home = Path("/proc") / str(builder)
    with suppress(OSError):
        end = time.monotonic() + STILL
        while (home / "stat").read_text().rpartition(") ")[2][0] not in "TtZX" and time.monotonic() < end:
            time.sleep(0.001)
        return [int(pid) for pid in (home / "task" / str(builder) / "children").read_text().split()]
    return []


def _read(written: bytes, code: int, job: CodeJob) -> tuple[Any, Failure | None]:
    if code in (128 + signal.SIGXCPU, 128 + signal.SIGKILL, -signal.SIGXCPU):
        return None, too_slow(job.seconds)
    try:
        return json.loads(written), None
    except (ValueError, RecursionError):
        return None, broke(f"The process ended with {code}.")


def _given(job: CodeJob) -> bytes:
    """The job as the process reads it."""
    tables = [{"name": table.name, "columns": table.columns, "rows": list(table.rows)} for table in job.tables]
    limits = {"memory": MAX_MEMORY, "cpu": job.seconds + START, "file": MAX_WORK}
    return json.dumps({"code": job.code, "tables": tables, "values": dict(job.values), **limits}).encode()


def _failure(error: Any, job: CodeJob) -> Failure | None:
    if not isinstance(error, dict):
        return None
    kind, reason = str(error.get("kind", ""))[:100], str(error.get("reason", ""))[:1_000]
    line = error["line"] if isinstance(error.get("line"), int) else None
    told = f"{kind} at line {line}: {reason}"
    if kind == "MemoryError" or (kind == "OSError" and "Errno 28" in reason):
        return too_large()
    reached = ("PermissionError", "FileNotFoundError", "BlockingIOError", "NotADirectoryError", "OSError")
    if kind in reached:
        return unreachable(told)
    return went_wrong(kind, reason, line, told)
