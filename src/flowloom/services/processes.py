"""Other programs that are started: nobody who is stopped meanwhile loses sight of one."""

import asyncio
from asyncio.subprocess import Process
from collections.abc import Awaitable, Callable
from typing import Any


async def start_program(*command: str, end: Callable[[Process], Awaitable[None]], **options: Any) -> Process:
    """Start a program as `asyncio.create_subprocess_exec` does. Raises OSError and ValueError as that.

    Whoever is cancelled while it starts still learns of it, and ends it by `end`: asyncio would kill the program
    alone, and not what it had begun to start itself.
    """
    starting = asyncio.ensure_future(asyncio.create_subprocess_exec(*command, **options))
    try:
        return await asyncio.shield(starting)
    except asyncio.CancelledError:
        await undisturbed(starting)
        if not starting.exception():
            await undisturbed(asyncio.ensure_future(end(starting.result())))
        raise


async def undisturbed(task: asyncio.Future[Any]) -> None:
    """Wait until a task is done, however often whoever waits is cancelled."""
    while not task.done():
        try:
            await asyncio.wait([task])
        except asyncio.CancelledError:
            continue
