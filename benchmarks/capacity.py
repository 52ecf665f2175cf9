"""What one run costs the PostgreSQL that all machines share: transactions, and how long each keeps the others waiting.

`python -m benchmarks.capacity [--runs 300] [--at-once 8]`: message, prompt, model (which answers at once), answer.
"""

import argparse
import os
import statistics
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from tests.openai_server import OpenAIServer
from tests.postgres import postgres
from tests.serve.api.serving import CHAT

from flowloom.services.models.settings import ModelSettings, Provider
from flowloom.store.opening import VARIABLE
from flowloom.store.postgres import PostgresDatabase
from flowloom.store.runs import HOOK
from flowloom.workspace import Workspace, open_workspace

PASSWORD = "capacity"


class Held:
    """How long each transaction that writes held what all others wait for."""

    def __init__(self) -> None:
        self.seconds: list[float] = []
        self._here = threading.local()

    def watch(self) -> None:
        before, held = PostgresDatabase.transaction, self

        @contextmanager
        def timed(self: PostgresDatabase) -> Iterator[None]:
            is_outer = getattr(self._here, "connection", None) is None
            with before(self):
                began = time.perf_counter()
                try:
                    yield
                finally:
                    if is_outer:
                        held.seconds.append(time.perf_counter() - began)

        PostgresDatabase.transaction = timed  # type: ignore[method-assign,assignment]


def measure(home: Workspace, runs: int, at_once: int) -> float:
    """Runs a second."""
    flow = home.flows.create(CHAT)
    room, began = threading.BoundedSemaphore(at_once), time.perf_counter()

    def one() -> None:
        with room:
            conversation = home.runs.new_conversation(flow.id, via=HOOK)
            home.runner.finished(home.runner.start(flow, "Hello", conversation))

    threads = [threading.Thread(target=one) for _ in range(runs)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return runs / (time.perf_counter() - began)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--runs", type=int, default=300)
    parser.add_argument("--at-once", type=int, default=8)
    options = parser.parse_args()
    with postgres(PASSWORD) as port, tempfile.TemporaryDirectory() as folder, OpenAIServer() as model:
        os.environ[VARIABLE] = f"postgresql://postgres:{PASSWORD}@127.0.0.1:{port}/postgres"
        os.environ["FLOWLOOM_HOME"] = folder
        home = open_workspace()
        provider = Provider(id="scripted", kind="compatible", base_url=model.url, models=("m",), at_once=64)
        home.models_changed(ModelSettings().with_provider(provider).played_by("scripted/m"))
        measure(home, 20, options.at_once)
        held = Held()
        held.watch()
        size = _size(home)
        rate = measure(home, options.runs, options.at_once)
        _tell(options.runs, rate, held.seconds, _size(home) - size)
        home.close()


def _size(home: Workspace) -> int:
    return int(home.flows.db.one("SELECT pg_database_size(current_database())")[0])


def _tell(runs: int, rate: float, held: list[float], grown: Any) -> None:
    each, median = len(held) / runs, statistics.median(held)
    print(f"{rate:.0f} runs a second; {each:.1f} transactions a run, each held {median * 1e3:.1f} ms at the median")
    print(
        f"so at most {runs / sum(held):.0f} runs a second through one PostgreSQL; {grown / runs / 1024:.1f} KB a run"
    )


if __name__ == "__main__":
    main()
