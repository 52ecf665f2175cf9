"""1,000 rows by 2 versions of a GPT, 32 at once, against a scripted model that takes 50 ms.

Prints the wall time beside the least that concurrency allows, and what memory does; and the time of PromptFlow's
batch run of the same rows and versions, in between our rounds.

    python -m benchmarks.evaluate [--rows 1000] [--again 3] [--alone]
"""

import argparse
import asyncio
import gc
import json
import os
import subprocess
import tempfile
import time
from contextlib import closing
from pathlib import Path

from benchmarks.fidelity import engines
from flowloom.evaluation.rows import rows_of_table
from flowloom.flow.model import Flow
from flowloom.kinds.registry import all_kinds
from flowloom.kinds.services import OnText
from flowloom.kinds.values import ModelReply, ModelRequest, Usage
from flowloom.store.experiments import Arm, Chosen, ExperimentPlan, Tried
from flowloom.workspace import Workspace

AT_ONCE, SECONDS, ARMS = 32, 0.05, 2
PEER, PEER_USUAL = Path(__file__).parent / "peers" / "promptflow_batch.py", 4
"""PromptFlow works with four processes where nobody says otherwise."""
FLOW = {
    "name": "Answers",
    "nodes": [
        {"id": "m", "kind": "chat.message"},
        {"id": "x", "kind": "model"},
        {"id": "z", "kind": "chat.answer"},
    ],
    "edges": [{"from": "m.message", "to": "x.prompt"}, {"from": "x.answer", "to": "z.text"}],
}


class Slow:
    """Answers after 50 ms; counts how many were asked at the same time."""

    def __init__(self) -> None:
        self.now = self.most = self.calls = 0

    async def reply(self, request: ModelRequest, on_text: OnText) -> ModelReply:
        self.now += 1
        self.calls += 1
        self.most = max(self.most, self.now)
        await asyncio.sleep(SECONDS)
        self.now -= 1
        return ModelReply(text="The answer is 4.", usage=Usage(model="scripted", cost=0.0001))


def megabytes() -> float:
    """What the process holds now."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    return 0.0


def measure(home: Workspace, rows: int, round: int) -> tuple[float, float, Slow]:
    """Seconds of wall time, seconds of processor time, and the model."""
    slow = Slow()
    home.models.reply = slow.reply  # type: ignore[method-assign]
    flow = home.flows.create(Flow.model_validate(FLOW))
    other = flow.model_copy(update={"instructions": f"Be brief {round}."})
    given = [{"question": f"What is {n} + {round}?", "expected": "4"} for n in range(rows)]
    made = rows_of_table(("question", "expected"), given, "{{question}}", "expected", hold_out=False).rows
    plan = ExperimentPlan(evaluators=(Chosen(id="contains"), Chosen(id="time")), at_once=AT_ONCE)
    gc.collect()
    begun, spent = time.perf_counter(), time.process_time()
    id = home.experiments.start(flow.id, "Bench", plan, Tried(made, (Arm("one", flow), Arm("two", other))))
    while home.experiments.is_going(id):
        time.sleep(0.005)
    took, spent = time.perf_counter() - begun, time.process_time() - spent
    assert home.experiments.store.done(id) == rows * ARMS
    return took, spent, slow


def measure_peer(python: Path, rows: int, workers: int) -> float:
    """Seconds of PromptFlow's batch runs, one for each version, apart from starting Python and reading rows."""
    said = subprocess.run(
        [python, PEER, str(rows), str(workers)],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        check=True,
        text=True,
    )
    return float(sum(json.loads(said.stdout.splitlines()[-1])))


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--alone", action="store_true", help="without PromptFlow")
    parser.add_argument("--rows", type=int, default=1000)
    parser.add_argument("--again", type=int, default=3)
    call = parser.parse_args()
    bound = -(-call.rows * ARMS // AT_ONCE) * SECONDS
    print(f"{call.rows} rows x {ARMS} versions, {AT_ONCE} at once, {SECONDS * 1000:.0f} ms a call")
    print(f"least that concurrency allows: {bound:.2f} s")
    python = None if call.alone else engines.installed("promptflow") / "bin" / "python"
    ours, theirs = list[float](), list[float]()
    all_kinds()  # which an app that is open has read
    with tempfile.TemporaryDirectory() as folder, closing(Workspace(Path(folder))) as home:
        for round in range(call.again):
            took, spent, slow = measure(home, call.rows, round)
            print(
                f"  {took:6.2f} s  {took / bound:5.2f} x the bound  {spent:6.2f} s of processor  "
                f"{slow.calls} calls, {slow.most} at once  {megabytes():6.1f} MB  load {os.getloadavg()[0]:.1f}"
            )
            ours.append(took)
            if python and round < 2:
                workers = (PEER_USUAL, AT_ONCE)[round]
                theirs.append(measure_peer(python, call.rows, workers))
                print(f"  PromptFlow, {workers} processes: {theirs[-1]:6.2f} s  {theirs[-1] / took:5.2f} x as long")
    print(f"ours: {min(ours) / bound:.2f} x the bound at best (aim: 1.1)")
    if theirs:
        print(f"PromptFlow at its best took {min(theirs) / min(ours):.1f} times as long (aim: 5)")


if __name__ == "__main__":
    main()
