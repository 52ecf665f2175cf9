"""A server that is a program of this computer: no shell, heard within limits, ended with all it started."""

import asyncio
import atexit
import os
import shutil
import signal
import sys
import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from pathlib import Path

from flowloom.errors import McpError
from flowloom.locales import Verbatim
from flowloom.services.mcp.limits import FLOOD, GRACE, LINE, MESSAGES, SAID
from flowloom.services.mcp.settings import McpServer
from flowloom.services.processes import start_program

PASSED_ON = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR")
PASSED_ON_WINDOWS = (
    *("APPDATA", "HOMEDRIVE", "HOMEPATH", "LOCALAPPDATA", "PATH", "PATHEXT", "PROGRAMDATA", "PROGRAMFILES"),
    *("SYSTEMDRIVE", "SYSTEMROOT", "TEMP", "TMP", "USERNAME", "USERPROFILE"),
)
LOOK_EVERY = 0.01
LAST_WORDS = 0.3
HARD = signal.SIGTERM if sys.platform == "win32" else signal.SIGKILL
_groups: set[int] = set()
"""The groups of processes that are alive, for the case that this process ends in a hurry."""


class TooMuch(Exception):
    """It said more than can be taken in."""


class Program:
    """One process, spoken to by lines."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self.process = process
        self._said = bytearray()
        self._received = self._lines = 0

    @property
    def said(self) -> str:
        """The end of what it wrote to its log."""
        return self._said.decode("utf-8", "replace").strip()

    async def send(self, line: bytes) -> None:
        self._received = self._lines = 0
        assert self.process.stdin is not None
        self.process.stdin.write(line + b"\n")
        await self.process.stdin.drain()

    async def lines(self) -> AsyncIterator[bytes]:
        """What it answers. Raises TooMuch."""
        assert self.process.stdout is not None
        rest = bytearray()
        while piece := await self.process.stdout.read(65_536):
            self._received += len(piece)
            rest += piece
            if b"\n" in piece:
                *whole, rest = rest.split(b"\n")
                self._lines += len(whole)
                for line in whole:
                    yield bytes(line)
            if len(rest) > LINE or self._received > FLOOD or self._lines > MESSAGES:
                raise TooMuch

    async def listen_to_log(self) -> None:
        """Read what it writes beside its answers, which would else stop it when the pipe is full."""
        assert self.process.stderr is not None
        while piece := await self.process.stderr.read(65_536):
            self._said += piece
            del self._said[:-SAID]


@asynccontextmanager
async def running(server: McpServer, values: Mapping[str, str]) -> AsyncIterator[Program]:
    """The program at work; it and all it started are gone at the end. Raises McpError."""
    process = await _start(server, environment(values))
    _groups.add(process.pid)
    program = Program(process)
    log = asyncio.create_task(program.listen_to_log())
    try:
        yield program
    finally:
        try:
            await _end(process)
        finally:
            _kill(process.pid, HARD)
            _groups.discard(process.pid)
            # Its last words may still be on their way.
            await asyncio.wait([log], timeout=LAST_WORDS)
            log.cancel()
            _close(process)


def environment(values: Mapping[str, str]) -> dict[str, str]:
    """The variables it gets: what programs cannot do without, and what was set for it. None of our own keys."""
    passed_on = PASSED_ON_WINDOWS if sys.platform == "win32" else PASSED_ON
    return {name: os.environ[name] for name in passed_on if name in os.environ} | dict(values)


async def _start(server: McpServer, variables: Mapping[str, str]) -> asyncio.subprocess.Process:
    found = shutil.which(server.command, path=variables.get("PATH"))
    if found is None:
        raise McpError(
            "The program “{command}” of the MCP server “{server}” wasn’t found.",
            "Install it, or fix the command in Settings → MCP servers.",
            code="mcp.not_found",
            command=Verbatim(server.command),
            server=Verbatim(server.alias),
        )
    try:
        return await start_program(
            found,
            *server.arguments,
            end=_end_at_once,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            env=variables,
            cwd=_folder(),
            start_new_session=sys.platform != "win32",  # a group of its own, to be ended as a whole
        )
    except (OSError, ValueError) as error:
        raise McpError(
            "The program of the MCP server “{server}” couldn’t be started ({reason}).",
            "Fix the command in Settings → MCP servers.",
            code="mcp.not_started",
            server=Verbatim(server.alias),
            reason=getattr(error, "strerror", None) or type(error).__name__,
        ) from None


def _folder() -> Path | None:
    """Where it works: not where the app was started, whose files it might take for its own."""
    home = Path.home()
    return home if home.is_dir() else None


async def _end(process: asyncio.subprocess.Process) -> None:
    """Let it end by itself, then tell it and its children to, within a few seconds."""
    if process.stdin is not None:
        process.stdin.close()
    await _wait(lambda: process.returncode is not None)
    _kill(process.pid, signal.SIGTERM)
    await _wait(lambda: process.returncode is not None and not _is_alive(process.pid))
    if process.returncode is None:
        _kill(process.pid, HARD)
        await _wait(lambda: process.returncode is not None)


async def _wait(is_over: Callable[[], bool]) -> None:
    # Not process.wait(), which also waits for children that hold its pipes.
    end = time.monotonic() + GRACE
    while not is_over() and time.monotonic() < end:
        await asyncio.sleep(LOOK_EVERY)


async def _end_at_once(process: asyncio.subprocess.Process) -> None:
    _kill(process.pid, HARD)
    await process.wait()
    _close(process)


def _is_alive(group: int) -> bool:
    try:
        os.killpg(group, 0)
    except (OSError, AttributeError):
        return False
    return True


def _kill(group: int, how: int) -> None:
    """Send a signal to a process and all that it started."""
    with suppress(OSError):
        if sys.platform == "win32":
            os.kill(group, how)
        else:
            os.killpg(group, how)


def _close(process: asyncio.subprocess.Process) -> None:
    # Nothing public closes the pipes that a child of the program may still hold.
    transport = getattr(process, "_transport", None)
    if transport is not None:
        with suppress(OSError):
            transport.close()


@atexit.register
def _end_all() -> None:
    for group in tuple(_groups):
        _kill(group, HARD)
