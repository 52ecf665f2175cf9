"""Streams that end when the server is told to: uvicorn would wait for every open canvas, and so for ever."""

from collections.abc import Callable
from types import FrameType
from weakref import WeakSet

from uvicorn import Server


class Leaving:
    """Calls whoever listens once the server has been told to end."""

    def __init__(self) -> None:
        self._listeners: WeakSet[Callable[[], None]] = WeakSet()

    def listen(self, listener: Callable[[], None]) -> None:
        """Call this later, as long as somebody else holds it."""
        self._listeners.add(listener)

    def begin(self) -> None:
        for listener in tuple(self._listeners):
            listener()


leaving = Leaving()


def leave_with_the_server() -> None:
    """Once for the process."""
    told = Server.handle_exit
    if getattr(told, "ends_streams", False):
        return

    def handle_exit(self: Server, sig: int, frame: FrameType | None) -> None:
        told(self, sig, frame)
        leaving.begin()

    handle_exit.ends_streams = True  # type: ignore[attr-defined]
    Server.handle_exit = handle_exit  # type: ignore[method-assign]
