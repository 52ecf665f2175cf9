"""Requests a second and waiting times of one GPT as a service, beside bare peers on the same scripted model.

`python -m benchmarks.serve [--requests 600] [--soak 10000] [NAME…]`: ours, langgraph, sdk.
"""

import argparse
import json
import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

ROOT = Path(__file__).parents[2]
BENCH = ROOT / ".bench" / "bin" / "python"
AT_ONCE = (1, 8, 32, 100)
FLOWS = ("chain", "branch")
MESSAGE = {"role": "user", "content": "please plan a day at the zoo for class 4b"}
READY = 120.0
"""Seconds a server may take to answer."""


class Target(NamedTuple):
    """A server under way: where it answers, and what a request has to carry."""

    pid: int
    url: str
    headers: list[str]
    model: str
    started: float
    """Seconds from its start to its first answer."""


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("names", nargs="*", default=["ours", "langgraph", "sdk"])
    parser.add_argument("--requests", type=int, default=600)
    parser.add_argument("--soak", type=int, default=0, help="requests in a row, to see whether memory stays flat")
    options = parser.parse_args()
    print("| server | flow | at once | requests/s | p50 ms | p95 ms | failed |\n|---|---|---|---|---|---|---|")
    facts = []
    for name in options.names:
        for flow in FLOWS if name != "sdk" else FLOWS[:1]:
            with model_server() as model, target(name, flow, model) as found:
                idle = memory(found.pid)
                for at_once in AT_ONCE:
                    told = load(found, options.requests, at_once)
                    print(
                        f"| {name} | {flow} | {at_once} | {told['rate']:.0f} | {told['p50'] * 1e3:.1f} "
                        f"| {told['p95'] * 1e3:.1f} | {told['failed']} |",
                        flush=True,
                    )
                facts.append(
                    (name, flow, found, idle, memory(found.pid), first_token(found, model), soak(found, options))
                )
    print("\n| server | flow | to first answer s | idle MB | loaded MB | first token over model ms | soak |")
    print("|---|---|---|---|---|---|---|")
    for name, flow, found, idle, loaded, first, soaked in facts:
        print(
            f"| {name} | {flow} | {found.started:.1f} | {idle:.0f} | {loaded:.0f} | {first * 1e3:.1f} | {soaked} |"
        )


def soak(found: Target, options: argparse.Namespace) -> str:
    """Memory after each fifth of many requests."""
    if not options.soak:
        return "-"
    told = []
    for _ in range(5):
        load(found, options.soak // 5, 32)
        told.append(f"{memory(found.pid):.0f}")
    return " ".join(told)


def first_token(found: Target, model: str) -> float:
    """Seconds by which the first piece of text comes later than the model’s own."""
    ours = load(found, 60, 1, stream=True)["first"]
    own = load(Target(0, f"{model}/chat/completions", [], "m", 0), 60, 1, stream=True)["first"]
    return ours - own


def load(found: Target, requests: int, at_once: int, stream: bool = False) -> dict[str, Any]:
    body = json.dumps({"model": found.model, "messages": [MESSAGE], "stream": stream})
    said = [sys.executable, "-m", "benchmarks.serve.load", found.url, body, str(requests), str(at_once)]
    done = subprocess.run([*said, *found.headers], cwd=ROOT, capture_output=True, text=True, check=True)
    return dict(json.loads(done.stdout))


@contextmanager
def model_server() -> Iterator[str]:
    port = free_port()
    with running([sys.executable, "-m", "tests.openai_server", "--port", str(port)]):
        until(f"http://127.0.0.1:{port}/v1/models")
        yield f"http://127.0.0.1:{port}/v1"


@contextmanager
def target(name: str, flow: str, model: str) -> Iterator[Target]:
    port = free_port()
    url = f"http://127.0.0.1:{port}/v1/chat/completions"
    with tempfile.TemporaryDirectory() as home:
        env, headers, asked = {**os.environ, "FLOWLOOM_HOME": home}, [], "m"
        if name == "ours":
            made = [sys.executable, "-m", "benchmarks.serve.prepare", model, flow]
            key = subprocess.run(made, cwd=ROOT, env=env, capture_output=True, text=True, check=True).stdout.strip()
            headers, asked = [f"Authorization: Bearer {key}"], "gpt"
            command = [sys.executable, "-m", "flowloom.cli", "open", "--port", str(port)]
        else:
            command = [str(BENCH), "-m", f"benchmarks.serve.peers.{name}_server", str(port), model, flow]
        began = time.perf_counter()
        with running(command, env) as pid:
            body = json.dumps({"model": asked, "messages": [MESSAGE]}).encode()
            until(url, body, headers)
            yield Target(pid, url, headers, asked, time.perf_counter() - began)


@contextmanager
def running(command: list[str], env: dict[str, str] | None = None) -> Iterator[int]:
    process = subprocess.Popen(command, cwd=ROOT, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        yield process.pid
    finally:
        process.terminate()
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def until(url: str, body: bytes | None = None, headers: list[str] = []) -> None:  # noqa: B006
    """Ask until there is an answer. Raises TimeoutError."""
    said = {"Content-Type": "application/json", **dict(line.split(": ", 1) for line in headers)}
    end = time.monotonic() + READY
    while time.monotonic() < end:
        try:
            urllib.request.urlopen(urllib.request.Request(url, body, said), timeout=30).read()
            return
        except (OSError, urllib.error.URLError):
            time.sleep(0.02)
    raise TimeoutError(url)


def memory(pid: int) -> float:
    """Megabytes that a process holds."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS"):
            return int(line.split()[1]) / 1024
    return 0.0


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


if __name__ == "__main__":
    main()
