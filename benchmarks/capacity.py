"""What one run costs the PostgreSQL that all machines share: transactions, and how long each keeps others waiting.

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
    """How long transactions held what all others wait for, and how long those that go beside each other took."""

    def __init__(self) -> None:
        self.alone: list[float] = []
        self.beside: list[float] = []
        self._here = threading.local()

    def watch(self) -> None:
        before, held = PostgresDatabase._whole, self

        @contextmanager
        def timed(self: PostgresDatabase, begin: str) -> Iterator[None]:
            is_outer = getattr(self._here, "connection", None) is None
            with before(self, begin):
                began = time.perf_counter()
                try:
                    yield
                finally:
                    if is_outer:
                        (held.beside if "shared" in begin else held.alone).append(time.perf_counter() - began)

        PostgresDatabase._whole = timed  # type: ignore[method-assign,assignment]


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
        size, used = _size(home), time.process_time()
        rate = measure(home, options.runs, options.at_once)
        used = (time.process_time() - used) / options.runs * 1e3
        print(f"{used:.0f} ms of processor time a run, the model’s server included")
        _tell(options.runs, rate, held, _size(home) - size)
        home.close()


def _size(home: Workspace) -> int:
    return int(home.flows.db.one("SELECT pg_database_size(current_database())")[0])


def _tell(runs: int, rate: float, held: Held, grown: float) -> None:
    print(f"{rate:.0f} runs a second; {grown / runs / 1024:.1f} KB a run")
    for name, seconds in (("that all wait for", held.alone), ("beside each other", held.beside)):
        each, median = len(seconds) / runs, statistics.median(seconds) * 1e3
        whole = sum(seconds) / runs * 1e3
        print(f"{each:.1f} transactions a run {name}: {median:.1f} ms at the median, {whole:.1f} ms a run")
    print(f"at most {runs / sum(held.alone):.0f} runs a second through one PostgreSQL")


if __name__ == "__main__":
    main()
