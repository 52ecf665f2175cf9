"""Processor time of one request, of this checkout and of another in turns, as clocks say little on a busy machine.

`python -m benchmarks.serve.beside PATH [--requests 200] [--at-once 32] [--rounds 5]`: PATH is another checkout.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from benchmarks.serve.__main__ import MESSAGE, ROOT, Target, free_port, load, model_server, running, until

TICKS = os.sysconf("SC_CLK_TCK")


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("path", type=Path)
    parser.add_argument("--requests", type=int, default=200)
    parser.add_argument("--at-once", type=int, default=32)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    spent: dict[str, list[float]] = {"there": [], "here": []}
    with ExitStack() as opened:
        model = opened.enter_context(model_server())
        places = {"there": options.path.resolve(), "here": ROOT}
        found = {name: opened.enter_context(served(place, model)) for name, place in places.items()}
        for each in found.values():
            load(each, options.requests, options.at_once)
        for _ in range(options.rounds):
            for name, each in found.items():
                spent[name].append(milliseconds(each, options.requests, options.at_once))
    for name, values in spent.items():
        print(f"{name}: {statistics.median(values):.2f} ms of the processor a request, {min(values):.2f} at best")


def milliseconds(found: Target, requests: int, at_once: int) -> float:
    """What the server spends on one request."""
    before = processor(found.pid)
    told = load(found, requests, at_once)
    assert not told["failed"], "a request failed"
    return (processor(found.pid) - before) / requests * 1e3


@contextmanager
def served(place: Path, model: str) -> Iterator[Target]:
    """The code of a checkout as a server, by the Python and the packages of this one."""
    port = free_port()
    url = f"http://127.0.0.1:{port}/v1/chat/completions"
    with tempfile.TemporaryDirectory() as home:
        env = {**os.environ, "FLOWLOOM_HOME": home, "PYTHONPATH": str(place / "src")}
        made = [sys.executable, "-m", "benchmarks.serve.prepare", model, "chain"]
        key = subprocess.run(made, cwd=ROOT, env=env, capture_output=True, text=True, check=True).stdout.strip()
        headers = [f"Authorization: Bearer {key}"]
        with running([sys.executable, "-m", "flowloom.cli", "open", "--port", str(port)], env) as pid:
            until(url, json.dumps({"model": "gpt", "messages": [MESSAGE]}).encode(), headers)
            yield Target(pid, url, headers, "gpt", 0)


def processor(pid: int) -> float:
    """Seconds of the processor that a process has taken, in all its threads."""
    facts = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(facts[11]) + int(facts[12])) / TICKS


if __name__ == "__main__":
    main()
