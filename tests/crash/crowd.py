"""Several processes on one data folder, killed at random: each begins runs, takes up others', answers, edits."""

import json
import os
import random
import select
import signal
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any, NamedTuple, TextIO

from flowloom.errors import FlowloomError, StoreError
from flowloom.flow.model import Flow
from flowloom.kinds.people import Reply
from flowloom.workspace import Workspace, open_workspace

ROOT = Path(__file__).parents[2]
SLOW = 0.03
"""Seconds a request takes, so that a process is often killed in the middle of one."""
LIMIT = 240.0
"""Seconds after which whoever waits gives up."""


class Result(NamedTuple):
    """What became of so many runs: those that are not there or did not end, and those that happened twice."""

    runs: int
    kills: int
    taken_over: int
    lost: list[str]
    doubled: list[str]


class Counting(ThreadingHTTPServer):
    """Counts the requests for every path."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Answer)
        self.got: Counter[str] = Counter()


class _Answer(BaseHTTPRequestHandler):
    server: Counting

    def do_GET(self) -> None:
        self.server.got[self.path] += 1
        time.sleep(SLOW)
        with suppress(OSError):
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b"done")

    def log_message(self, *_: Any) -> None:
        """Says nothing."""


def flow_for(address: str) -> Flow:
    """Two requests one after the other, then a person allows the answer."""
    get = {"url": f"http://{address}/{{{{job}}}}/STEP"}

    def step(name: str, port: str) -> dict[str, Any]:
        url = get["url"].replace("STEP", name).replace("job", port)
        return {"id": name, "kind": "http.request", "config": {"url": url, "method": "GET"}}

    return Flow.model_validate(
        {
            "nodes": [
                {"id": "m", "kind": "chat.message"},
                step("one", "job"),
                {"id": "p", "kind": "prompt", "config": {"template": "{{job}}{{after}}"}},
                {"id": "a", "kind": "people.approve", "config": {}},
                {"id": "z", "kind": "chat.answer"},
            ],
            "edges": [
                {"from": "m.message", "to": "one.job"},
                {"from": "m.message", "to": "p.job"},
                {"from": "one.text", "to": "p.after"},
                {"from": "p.prompt", "to": "a.value"},
                {"from": "a.approved", "to": "z.text"},
            ],
        }
    )


# -- one of the crowd


def work(home: Workspace, flow_id: str, line: socket.socket, orders: TextIO) -> None:
    """Begin what is ordered; between two orders, take up and answer whatever there is."""
    db = home.flows.db
    while True:
        if select.select([line], [], [], 0.005)[0]:
            said = orders.readline()
            if not said:
                os._exit(0)
            order = json.loads(said)
            if "edit" in order:
                _edit(home, flow_id, order)
            else:
                home.runner.start(home.flows.load(flow_id), order["job"], home.runs.new_conversation(flow_id))
            orders.write(said)
            orders.flush()
        for (conversation,) in db.all("SELECT DISTINCT conversation FROM unfinished"):
            with suppress(FlowloomError):
                if run := home.runner.interrupted(conversation):
                    home.runner.resume(run)
        for asked in home.questions.open():
            with suppress(StoreError):  # Somebody else was quicker.
                home.inbox.answer(asked.id, Reply(choice="approved"))


def _edit(home: Workspace, flow_id: str, order: dict[str, Any]) -> None:
    node = {"id": order["edit"], "kind": "text"}
    operation = {"seq": order["seq"], "op": "add", "node": node, "at": {"x": 1, "y": 1}}
    _, rejected = home.editor.open(flow_id).submit(order["client"], [operation])
    assert not rejected, rejected


def main() -> None:
    """Has everything imported, and forks one of the crowd for each line of its input."""
    folder, allowed, flow_id, port = sys.argv[1:5]
    # What the first request of a process would load: it would be killed before it was done with that.
    import httpx  # noqa: F401

    from flowloom.kinds.registry import all_kinds
    from flowloom.services.network.local_network import OwnHosts

    all_kinds()
    OwnHosts.names = (allowed,)  # type: ignore[assignment, misc]
    for _ in sys.stdin:
        if os.fork() == 0:
            line = socket.create_connection(("127.0.0.1", int(port)))
            orders = line.makefile("rw", encoding="utf-8")
            orders.write(f"{os.getpid()}\n")
            orders.flush()
            work(open_workspace(Path(folder)), flow_id, line, orders)


# -- the crowd, and who kills


class Member(NamedTuple):
    pid: int
    line: socket.socket
    orders: TextIO


class Crowd:
    """The processes on one folder; a killed one is followed by another."""

    def __init__(self, folder: Path, address: str, flow_id: str, size: int, dice: random.Random) -> None:
        self._door = socket.create_server(("127.0.0.1", 0))
        self._door.settimeout(60)
        port = str(self._door.getsockname()[1])
        self._nursery = subprocess.Popen(
            [
                sys.executable,
                "-c",
                "from tests.crash.crowd import main; main()",
                str(folder),
                address,
                flow_id,
                port,
            ],
            stdin=subprocess.PIPE,
            text=True,
            cwd=ROOT,
        )
        self._dice, self.kills = dice, 0
        self.members = [self._begin() for _ in range(size)]

    def _begin(self) -> Member:
        assert self._nursery.stdin
        self._nursery.stdin.write("\n")
        self._nursery.stdin.flush()
        line = self._door.accept()[0]
        orders = line.makefile("rw", encoding="utf-8")
        return Member(int(orders.readline()), line, orders)

    def kill_one(self) -> int:
        """Kill one of them with -9 and begin another; returns which."""
        place = self._dice.randrange(len(self.members))
        self._end(self.members[place])
        self.members[place] = self._begin()
        self.kills += 1
        return place

    def _end(self, member: Member) -> None:
        os.kill(member.pid, signal.SIGKILL)
        with suppress(OSError):
            member.line.shutdown(socket.SHUT_RDWR)
            member.orders.close()
        member.line.close()

    def send(self, place: int, order: dict[str, Any]) -> None:
        self.members[place].orders.write(json.dumps(order) + "\n")
        self.members[place].orders.flush()

    def said(self, place: int) -> Iterator[dict[str, Any]]:
        member = self.members[place]
        while select.select([member.line], [], [], 0)[0]:
            line = member.orders.readline()
            if not line:
                raise AssertionError("one of the crowd ended by itself; its error is printed")
            yield json.loads(line)

    def close(self) -> None:
        for member in self.members:
            self._end(member)
        self._door.close()
        self._nursery.communicate(timeout=20)


def run_crowd(folder: Path, runs: int, *, size: int = 4, every: float = 0.25, seed: int = 0) -> Result:
    """Let a crowd make so many runs while one of it is killed every so many seconds; what became of them."""
    dice = random.Random(seed)
    with Counting() as server:
        Thread(target=server.serve_forever, daemon=True).start()
        address = f"127.0.0.1:{server.server_port}"
        home = open_workspace(folder)
        flow = home.flows.create(flow_for(address))
        home.consents.keep(flow.id, address, True)
        crowd = Crowd(folder, address, flow.id, size, dice)
        try:
            _give_out(home, crowd, runs, every, dice)
            _wait_for(lambda: not home.flows.db.one("SELECT 1 FROM unfinished LIMIT 1"))
        finally:
            crowd.close()
            server.shutdown()
        found = _result(home, crowd, server.got, runs)
        home.close()
    return found


def _give_out(home: Workspace, crowd: Crowd, runs: int, every: float, dice: random.Random) -> None:
    """Have every job accepted once, as a person would who sends again what nobody has."""
    db, open_jobs = home.flows.db, {f"job{number}" for number in range(runs)}
    given: dict[str, int] = {}
    kill_at, until = time.monotonic() + every, time.monotonic() + LIMIT
    while open_jobs:
        assert time.monotonic() < until, "the crowd is too slow"
        for place in range(len(crowd.members)):
            for order in crowd.said(place):
                open_jobs.discard(order["job"])
                given.pop(order["job"], None)
            free = sorted(open_jobs - given.keys())
            (under_way,) = db.one("SELECT count(*) FROM unfinished")
            if free and place not in given.values() and under_way < 2 * len(crowd.members):
                job = dice.choice(free)
                given[job] = place
                crowd.send(place, {"job": job})
        if time.monotonic() > kill_at:
            killed = crowd.kill_one()
            kill_at = time.monotonic() + dice.uniform(0.5, 1.5) * every
            for job in [job for job, place in given.items() if place == killed]:
                del given[job]
                if db.one("SELECT 1 FROM turns WHERE text = ? AND role = 'user' LIMIT 1", job):
                    open_jobs.discard(job)
        time.sleep(0.002)


def _wait_for(done: Any) -> None:
    until = time.monotonic() + LIMIT
    while not done():
        assert time.monotonic() < until, "the crowd is too slow"
        time.sleep(0.05)


def _result(home: Workspace, crowd: Crowd, got: Counter[str], runs: int) -> Result:
    db, lost, doubled, taken_over = home.flows.db, [], [], 0
    for number in range(runs):
        job = f"job{number}"
        found = [row[0] for row in db.all("SELECT run FROM turns WHERE text = ? AND role = 'user'", job)]
        if not found:
            lost.append(f"{job}: nobody has it")
            continue
        (run_id, *others) = found
        events = home.runs.events(run_id)
        types = Counter(event.type for event in events)
        (answers,) = db.one("SELECT count(*) FROM turns WHERE run = ? AND role = 'assistant'", run_id)
        resumed = types["run_resumed"] - types["run_paused"]  # what is no going on after a question
        taken_over += resumed
        if types["run_finished"] == 0 or answers == 0:
            lost.append(f"{job}: {dict(types)}, {answers} answers")
        once = max(types["run_started"], types["run_finished"], types["node_answered"], answers)
        requests = got[f"/{job}/one"]
        if others or once > 1 or requests > 1 + resumed:
            doubled.append(f"{job}: {dict(types)}, {answers} answers, {requests} requests, {len(found)} runs")
        if [event.seq for event in events] != list(range(len(events))):
            doubled.append(f"{job}: the log has gaps")
    return Result(runs, crowd.kills, taken_over, lost, doubled)


def edit_crowd(
    folder: Path, edits: int, *, size: int = 4, every: float = 0.25, seed: int = 0
) -> tuple[int, list[str]]:
    """Let a crowd edit one flow; how many of it were killed, and the blocks that are not there exactly once."""
    dice = random.Random(seed)
    home = open_workspace(folder)
    flow = home.flows.create(Flow(name="Shared"))
    crowd = Crowd(folder, "127.0.0.1:9", flow.id, size, dice)
    wanted = [[f"w{place}e{number}" for number in range(edits)] for place in range(size)]
    settled, sent = [0] * size, [False] * size
    kill_at, until = time.monotonic() + 2 * every, time.monotonic() + LIMIT
    try:
        while min(settled) < edits:
            assert time.monotonic() < until, "the crowd is too slow"
            for place in range(size):
                for order in crowd.said(place):
                    settled[place], sent[place] = order["seq"], False
                if settled[place] < edits and not sent[place]:
                    seq, sent[place] = settled[place] + 1, True
                    crowd.send(place, {"edit": wanted[place][seq - 1], "seq": seq, "client": f"canvas{place}"})
            # However fast they are, one is killed while there is work left.
            if time.monotonic() > kill_at or (not crowd.kills and sum(settled) > size * edits // 4):
                # Its canvas sends again what was not acknowledged.
                sent[crowd.kill_one()] = False
                kill_at = time.monotonic() + dice.uniform(0.5, 1.5) * every
            time.sleep(0.001)
    finally:
        crowd.close()
    there = Counter(node.id for node in home.flows.load(flow.id).nodes)
    home.close()
    return crowd.kills, [name for names in wanted for name in names if there[name] != 1]
