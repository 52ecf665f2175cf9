"""Many requests to one GPT while its model fails one in ten: none lost, none answered twice, memory flat.

`python -m benchmarks.serve.faults [--requests 10000] [--at-once 32]`; `model PORT` is the failing server itself.
"""

import argparse
import asyncio
import json
import os
import subprocess
import sys
import tempfile
import time
from collections import Counter
from itertools import count
from threading import Event
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from tests.openai_server import OpenAIServer, Say

from benchmarks.serve.__main__ import ROOT, free_port, memory, running, until
from flowloom.store.db import Database
from flowloom.store.opening import open_database

EVERY = 10
FAULTS = (Say(status=500), Say(trouble="drop"), Say(status=429), Say("cut", trouble="half"), Say(status=503))
PARTS = 5


class Answer(NamedTuple):
    """What one request got: `text` where it was an answer, `code` where it was an error in OpenAI’s shape."""

    status: int
    text: str = ""
    code: str = ""


class Kept(NamedTuple):
    """What the log says of all requests."""

    runs: int
    asked_once: int
    ended: int
    answered_twice: int
    left: int


def failing() -> "Any":
    """Answers with what it was asked, and fails each tenth time in another way."""
    asked, faults = count(1), count()

    def behave(body: dict[str, Any]) -> Say:
        if next(asked) % EVERY == 0:
            return FAULTS[next(faults) % len(FAULTS)]
        return Say(str(body["messages"][-1]["content"]))

    return behave


async def ask_all(url: str, model: str, key: str, numbers: range, at_once: int) -> dict[int, Answer]:
    """Ask once for each number; what each got."""
    left, got = iter(numbers), {}
    place = urlsplit(url)

    async def one_after_the_other() -> None:
        reader, writer = await asyncio.open_connection(place.hostname, place.port, limit=2**20)
        for number in left:
            got[number] = await _ask(reader, writer, place.netloc, model, key, f"request {number}.")
        writer.close()
        await writer.wait_closed()

    await asyncio.gather(*(one_after_the_other() for _ in range(at_once)))
    return got


async def _ask(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, host: str, model: str, key: str, said: str
) -> Answer:
    body = json.dumps({"model": model, "messages": [{"role": "user", "content": said}]}).encode()
    lines = ["POST /v1/chat/completions HTTP/1.1", f"Host: {host}", f"Authorization: Bearer {key}"]
    head = "\r\n".join([*lines, "Content-Type: application/json", f"Content-Length: {len(body)}", "", ""])
    writer.write(head.encode() + body)
    answer = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
    size = int(answer.partition("content-length: ")[2].partition("\r\n")[0])
    facts = json.loads(await reader.readexactly(size))
    status = int(answer.split(" ", 2)[1])
    if status == 200:
        return Answer(status, facts["choices"][0]["message"]["content"])
    return Answer(status, code=str(facts["error"]["code"]))


def wrong(got: dict[int, Answer], numbers: range) -> list[str]:
    """Requests without an answer, with that of another, or with an error that says nothing."""
    lost = [f"{number}: lost" for number in numbers if number not in got]
    mixed = [
        f"{number}: {answer}"
        for number, answer in got.items()
        if (answer.text != f"request {number}." if answer.status == 200 else not answer.code)
    ]
    return lost + mixed


def kept(db: Database) -> Kept:
    """Of a database that holds these requests alone."""

    def one(statement: str) -> int:
        return int(db.one(statement)[0])

    return Kept(
        runs=one("SELECT count(*) FROM runs WHERE via = 'api'"),
        asked_once=one(
            "SELECT count(*) FROM (SELECT text FROM turns WHERE role = 'user' AND text LIKE 'request %' "
            "GROUP BY text HAVING count(*) = 1) AS once"
        ),
        ended=one("SELECT count(*) FROM runs WHERE via = 'api' AND state IN ('finished', 'failed')"),
        answered_twice=one(
            "SELECT count(*) FROM (SELECT run FROM turns WHERE role = 'assistant' "
            "GROUP BY run HAVING count(*) > 1) AS twice"
        ),
        left=one("SELECT count(*) FROM unfinished") + one("SELECT count(*) FROM leases WHERE name LIKE 'run:%'"),
    )


def serve_model(port: int) -> None:
    with OpenAIServer(port=port) as server:
        server.behave = failing()
        while not Event().wait(5.0):
            server.requests.clear()


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--requests", type=int, default=10_000)
    parser.add_argument("--at-once", type=int, default=32)
    options = parser.parse_args()
    model, port = free_port(), free_port()
    with tempfile.TemporaryDirectory() as home:
        env = {**os.environ, "FLOWLOOM_HOME": home}
        address = f"http://127.0.0.1:{model}/v1"
        made = [sys.executable, "-m", "benchmarks.serve.prepare", address, "chain"]
        key = subprocess.run(made, cwd=ROOT, env=env, capture_output=True, text=True, check=True).stdout.strip()
        opened = [sys.executable, "-m", "flowloom.cli", "open", "--port", str(port)]
        with (
            running([sys.executable, "-m", "benchmarks.serve.faults", "model", str(model)]),
            running(opened, env) as pid,
        ):
            until(f"{address}/models")
            until(f"http://127.0.0.1:{port}/health")
            _tell(f"http://127.0.0.1:{port}", key, pid, options)
        db = open_database(_file(home))
        print(f"the log: {kept(db)}")
        db.close()


def _tell(url: str, key: str, pid: int, options: argparse.Namespace) -> None:
    began, statuses, mistakes, held = time.monotonic(), Counter[int](), [], []
    for part in range(PARTS):
        numbers = range(part * options.requests // PARTS, (part + 1) * options.requests // PARTS)
        got = asyncio.run(ask_all(url, "gpt", key, numbers, options.at_once))
        statuses.update(answer.status for answer in got.values())
        mistakes += wrong(got, numbers)
        held.append(f"{memory(pid):.0f}")
    seconds = time.monotonic() - began
    print(f"{options.requests} requests in {seconds:.0f} s, by status {dict(statuses)}, MB after each fifth {held}")
    print(f"lost or mixed up: {mistakes or 'none'}")


def _file(home: str) -> Any:
    from pathlib import Path

    return Path(home) / "flowloom.db"


if __name__ == "__main__":
    if sys.argv[1:2] == ["model"]:
        serve_model(int(sys.argv[2]))
    else:
        main()
