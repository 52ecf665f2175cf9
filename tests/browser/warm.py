"""Apps that start in an instant: copies of one process that has imported all of Flowloom and done nothing yet.

python -m tests.browser.warm reads one order a line, `{"port": …, "home": …, "log": …}`, and answers with the number
of the process that took it. Each is a server of its own, as `flowloom open` starts it.
"""

import atexit
import functools
import gc
import importlib
import json
import os
import pkgutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import flowloom

LATER = ("bm25s", "faiss", "langchain_core.vectorstores", "langchain_text_splitters", "networkx", "openai", "yaml")
"""What the app imports once it is needed."""


NEVER = ("flowloom.ui.script", "flowloom.__main__", "flowloom.exchange.exporters.agents.parts")
"""What the app does not import: the last is written into programs that others run."""


def import_everything() -> None:
    for found in pkgutil.walk_packages(flowloom.__path__, "flowloom."):
        if not found.name.startswith(NEVER):
            importlib.import_module(found.name)
    for name in LATER:
        importlib.import_module(name)


def serve(port: int, home: str, log: str, more: list[str] | None = None) -> None:
    """As `flowloom open` in a shell of its own, with what more it is told."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    with open(log, "ab", buffering=0) as file:
        os.dup2(file.fileno(), 1)
        os.dup2(file.fileno(), 2)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.environ["FLOWLOOM_HOME"] = home
    from flowloom.cli import main

    sys.exit(main(["open", "--port", str(port), *(more or ())]))


def take_orders() -> None:
    import_everything()
    gc.freeze()
    # Whoever has ended is not waited for.
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    for line in sys.stdin:
        pid = os.fork()
        if not pid:
            serve(**json.loads(line))
        print(pid, flush=True)


@functools.cache
def _factory() -> "subprocess.Popen[str]":
    found = subprocess.Popen(
        [sys.executable, "-m", "tests.browser.warm"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[2],
    )
    atexit.register(found.kill)
    return found


class Forked:
    """A process of the factory, with as much of `Popen` as an app needs."""

    def __init__(self, **order: Any) -> None:
        factory = _factory()
        assert factory.stdin
        assert factory.stdout
        factory.stdin.write(json.dumps(order) + "\n")
        factory.stdin.flush()
        self.pid = int(factory.stdout.readline())

    def terminate(self) -> None:
        os.kill(self.pid, signal.SIGTERM)

    def kill(self) -> None:
        os.kill(self.pid, signal.SIGKILL)

    def wait(self, timeout: float) -> None:
        until = time.monotonic() + timeout
        while time.monotonic() < until:
            try:
                os.kill(self.pid, 0)
            except ProcessLookupError:
                return
            time.sleep(0.02)
        raise TimeoutError(f"process {self.pid} has not ended within {timeout} seconds")


if __name__ == "__main__":
    take_orders()
