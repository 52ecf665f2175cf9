"""The person's browser, opened once the app answers, with a pass that lets in one browser, once.

What a program is started with can be read by others on the same computer, so the address it is given does not
carry the key.
"""

import hmac
import os
import secrets
import socket
import sys
import threading
import time
import webbrowser
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field

LIFETIME = 120.0
"""Seconds for which a pass is good."""
PATIENCE = 60.0
"""Seconds to wait for the app to answer."""


@dataclass(slots=True)
class FirstVisit:
    """A pass for one browser. `repr` does not show it."""

    value: str = field(default_factory=lambda: secrets.token_urlsafe(32), repr=False)
    _until: float = field(default_factory=lambda: time.monotonic() + LIFETIME)
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def opens(self, given: str) -> bool:
        """Whether this is the pass, in time and for the first time; compared in constant time."""
        with self._lock:
            fits = bool(given and self.value) and hmac.compare_digest(given.encode(), self.value.encode())
            if fits:
                self.value = ""
            return fits and time.monotonic() < self._until


def has_screen() -> bool:
    """Whether a browser with windows can be shown; without one, the system would take one for the terminal."""
    return sys.platform in ("win32", "darwin") or bool(
        os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    )


def open_browser(address: str, port: int, show: Callable[[str], object] = webbrowser.open) -> threading.Thread:
    """Open `address` as soon as the app answers at `port`, beside everything else."""
    thread = threading.Thread(target=_open, args=(address, port, show), daemon=True, name="first visit")
    thread.start()
    return thread


def _open(address: str, port: int, show: Callable[[str], object]) -> None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        try:
            with closing(socket.create_connection(("localhost", port), timeout=1)):
                break
        except OSError:
            time.sleep(0.1)
    else:
        return
    show(address)
