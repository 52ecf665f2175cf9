"""What a page asks of a model while it is drawn."""

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

from flowloom.workspace import workspace

T = TypeVar("T")


def asked(work: Coroutine[Any, Any, T]) -> T:
    """What comes of work that asks models, on an event loop for it alone. Raises what the work raises."""
    return asyncio.run(_alone(work))


async def _alone(work: Coroutine[Any, Any, T]) -> T:
    try:
        return await work
    finally:
        # Connections belong to this event loop, which ends here.
        await workspace().models.aclose()
