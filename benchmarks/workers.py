"""Many runs by several worker processes on a real PostgreSQL, one killed with -9 every few seconds.

`python -m benchmarks.workers [--runs 300] [--workers 3] [--every 4] [--kills N] [--restart] [--together]`

Each run asks a model, sends a message to a service that counts it, and asks the model again. What was cut off in
the middle of sending waits for a person, whom this plays: it looks at the service and says whether it was sent.
Each worker counts as a machine of its own unless `--together`; `--restart` also restarts PostgreSQL under load.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from threading import Thread
from typing import Any, NamedTuple

from tests.loopback import Sink
from tests.openai_server import OpenAIServer
from tests.postgres import Server, server
from tests.serve.api.serving import flow_of

from flowloom.errors import FlowloomError
from flowloom.flow.model import Flow
from flowloom.services.models.settings import ModelSettings, Provider
from flowloom.store.opening import VARIABLE
from flowloom.store.runs import SCHEDULE
from flowloom.workspace import Workspace, open_workspace

ROOT = Path(__file__).parents[1]
PASSWORD = "trial"
APART = (
    "import sys; from flowloom.store import processes; place = sys.argv.pop(1); processes._place = lambda: place; "
    "from flowloom.cli import main; raise SystemExit(main())"
)
"""A worker that counts as one on a machine of its own, of which nobody else can know whether it has ended."""


class Told(NamedTuple):
    """What came of a trial."""

    runs: int
    finished: int
    counted: int
    """Runs whose message the service got."""
    twice: int
    """Runs whose message it got more than once."""
    asked: int
    """Runs that waited for a person."""
    kills: int
    seconds: float
    connections: int
    memory: float
    restarted: bool


def flow(sink: Sink) -> Flow:
    ask = ("prompt", {"template": "{{message}}"})
    send = (
        "http.request",
        {"method": "POST", "url": sink.url + "?after={{answer}}", "body": "{{message}}", "body_format": "text"},
    )
    return flow_of(
        {"m": "chat.message", "p": ask, "a": "model", "s": send, "q": ask, "b": "model", "z": "chat.answer"},
        "m.message>p.message p.prompt>a.prompt m.message>s.message a.answer>s.answer s.text>q.message "
        "q.prompt>b.prompt b.answer>z.text",
        name="Sends",
    )


class Running:
    """A PostgreSQL that is stopped and started again."""

    def __init__(self, postgres: Server) -> None:
        self._postgres = postgres
        self.start()

    def start(self) -> None:
        self._under_way = self._postgres.running()
        self._under_way.__enter__()

    def stop(self) -> None:
        self._under_way.__exit__(None, None, None)


class Trial:
    """An app, its workers, and whoever ends them."""

    def __init__(self, home: Workspace, sink: Sink, together: bool, at_once: int) -> None:
        self.home, self.sink, self.together, self.at_once = home, sink, together, at_once
        self.workers: list[subprocess.Popen[bytes]] = []
        self.begun, self.kills, self.asked = 0, 0, 0
        self.memory = 0.0

    def start(self) -> None:
        self.begun += 1
        apart = [] if self.together else ["-c", APART, f"machine-{self.begun}"]
        said = apart or ["-m", "flowloom.cli"]
        command = [sys.executable, *said, "worker", "--at-once", str(self.at_once)]
        self.workers.append(subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL))

    def kill(self) -> None:
        victim = self.workers.pop(0)
        self.memory = max(self.memory, _memory(victim.pid))
        victim.kill()
        victim.wait()
        self.kills += 1
        self.start()

    def all_at_work(self) -> bool:
        """Whether each has begun to work: one that only starts has nothing to lose."""
        return {each.pid for each in self.workers} <= {each.pid for each in self.home.crew.standing().workers}

    def answer_as_a_person(self, names: dict[str, str]) -> None:
        """Say of what was cut off whether it was done; `names` has each run by what it was asked."""
        runner = self.home.runner
        for run in self.home.crew.left():
            if run not in names or not runner.is_unsure(run):
                continue
            self.asked += 1
            if names[run] not in self.sink.got:
                runner.resume(run)
                continue
            runner.give_up(run)
            outputs = {"text": "Taken.", "status": 200}
            new, _ = self.home.again.start(run, self.home.flows.load(self.flow_id), "s", outputs)
            names[new] = names.pop(run)

    flow_id = ""


def trial(
    runs: int, workers: int, every: float, kills: int, *, restart: bool, together: bool, at_once: int = 4
) -> Told:
    with ExitStack() as stack:
        postgres = stack.enter_context(server(PASSWORD))
        running = Running(postgres)
        stack.callback(running.stop)
        sink, model = stack.enter_context(serving()), stack.enter_context(OpenAIServer(delay=0.15))
        folder = stack.enter_context(tempfile.TemporaryDirectory())
        os.environ.update(
            {
                VARIABLE: f"postgresql://postgres:{PASSWORD}@127.0.0.1:{postgres.port}/postgres",
                "FLOWLOOM_HOME": folder,
            }
        )
        home = open_workspace()
        stack.callback(home.close)
        provider = Provider(id="scripted", kind="compatible", base_url=model.url, models=("m",), at_once=64)
        home.models_changed(ModelSettings().with_provider(provider).played_by("scripted/m"))
        home.own_hosts.allow(sink.host)
        kept = home.flows.create(flow(sink))
        home.consents.keep(kept.id, sink.host, True)
        found = Trial(home, sink, together, at_once)
        found.flow_id = kept.id
        try:
            for _ in range(workers):
                found.start()
            _until(lambda: len(home.crew.standing().workers) == workers, 240)
            return _go(found, kept, running, runs, every, kills, restart)
        finally:
            for process in found.workers:
                process.kill()
                process.wait()


def _go(found: Trial, kept: Flow, running: Running, runs: int, every: float, kills: int, restart: bool) -> Told:
    home, began = found.home, time.monotonic()
    names: dict[str, str] = {}
    for number in range(runs):
        conversation = home.runs.new_conversation(kept.id, via=SCHEDULE)
        names[home.runner.start(kept, f"run {number}", conversation, unattended=True)] = f"run {number}"
    last, restarted, connections = time.monotonic(), False, 0
    home.takeover.begin(1.0)
    while left := names.keys() - _over(home):
        if time.monotonic() - last > every and found.kills < kills and found.all_at_work():
            last = time.monotonic()
            found.kill()
            print(f"{last - began:5.1f} s  killed a worker, {len(left)} runs left", file=sys.stderr, flush=True)
        if restart and not restarted and len(left) < runs * 2 // 3:
            restarted = True
            running.stop()
            running.start()
            print(f"{time.monotonic() - began:5.1f} s  restarted PostgreSQL", file=sys.stderr, flush=True)
        found.answer_as_a_person(names)
        connections = max(connections, _connections(home))
        if time.monotonic() - began > 600:
            raise TimeoutError(f"{len(left)} runs are left")
        time.sleep(0.25)
    seconds = time.monotonic() - began
    got = Counter(found.sink.got)
    assert got.keys() == {f"run {number}" for number in range(runs)}, got
    finished = len(names.keys() & _over(home, "finished"))
    memory = max([found.memory, *(_memory(each.pid) for each in found.workers)])
    return Told(
        runs, finished, len(got), sum(count > 1 for count in got.values()), found.asked, found.kills,
        seconds, connections, memory, restarted,
    )  # fmt: skip


def _over(home: Workspace, *states: str) -> set[str]:
    wanted = states or ("finished", "failed")
    marks = ", ".join("?" * len(wanted))
    return {run for (run,) in home.flows.db.all(f"SELECT id FROM runs WHERE state IN ({marks})", *wanted)}


def _connections(home: Workspace) -> int:
    try:
        return int(home.flows.db.one("SELECT count(*) FROM pg_stat_activity WHERE datname = 'postgres'")[0])
    except FlowloomError:
        return 0


@contextmanager
def serving() -> Iterator[Sink]:
    """The service that counts."""
    with Sink() as found:
        Thread(target=found.serve_forever, daemon=True).start()
        yield found
        found.shutdown()


def _memory(pid: int) -> float:
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS"):
            return int(line.split()[1]) / 1024
    return 0.0


def _until(done: Any, seconds: float) -> None:
    end = time.monotonic() + seconds
    while not done():
        if time.monotonic() > end:
            raise TimeoutError
        time.sleep(0.1)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--runs", type=int, default=300)
    parser.add_argument("--workers", type=int, default=3)
    parser.add_argument("--every", type=float, default=4.0, help="seconds between two kills")
    parser.add_argument("--kills", type=int, default=1000)
    parser.add_argument("--restart", action="store_true")
    parser.add_argument("--together", action="store_true")
    options = parser.parse_args()
    told = trial(
        options.runs, options.workers, options.every, options.kills,
        restart=options.restart, together=options.together,
    )  # fmt: skip
    print(json.dumps(told._asdict()))


if __name__ == "__main__":
    main()
