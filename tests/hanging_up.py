"""How a server of these tests ends: nobody it spoke with is left half connected."""

import asyncio


async def hang_up(server: asyncio.Server) -> None:
    """End the server and whatever runs on its loop, called on that loop.

    Who was accepted a moment ago is let in first: a task that is cancelled before it began closes nothing.
    """
    server.close()
    await _some_turns()
    others = asyncio.all_tasks() - {asyncio.current_task()}
    for task in others:
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)
    await _some_turns()


async def _some_turns() -> None:
    for _ in range(10):
        await asyncio.sleep(0)
