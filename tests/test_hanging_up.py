"""The servers of these tests close what they accepted, also what came at their last moment."""

import gc
import socket
import sys
from threading import Thread

import pytest

from tests.openai_server import OpenAIServer


def test_who_connects_while_a_server_ends_is_not_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    forgotten: list[object] = []
    monkeypatch.setattr(sys, "unraisablehook", lambda seen: forgotten.append(seen.object))
    for _ in range(15):
        guests: list[socket.socket] = []
        with OpenAIServer() as server:
            knocking = Thread(target=_knock, args=(server.port, guests))
            knocking.start()
            knocking.join()
        for each in guests:
            each.close()
    del server
    gc.collect()
    assert not forgotten


def _knock(port: int, guests: list[socket.socket]) -> None:
    try:
        for _ in range(8):
            guests.append(socket.create_connection(("127.0.0.1", port)))
    except OSError:
        """It has ended."""
