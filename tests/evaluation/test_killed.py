"""An experiment whose process is killed goes on where it was, and pays nothing twice."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from flowloom.workspace import open_workspace
from tests.evaluation.test_experiments import number_in
from tests.evaluation.trying import Scripted, ended

PROGRAM = """
import asyncio
from flowloom.kinds.values import ModelReply, Usage
from flowloom.store.experiments import Arm
from flowloom.workspace import open_workspace
from tests.evaluation.trying import ASKING, started, table

async def reply(request, on_text):
    await asyncio.sleep(0.02)
    return ModelReply(text="1", usage=Usage(model="scripted", cost=0.01))

home = open_workspace()
home.models.reply = reply
flow = home.flows.create(ASKING)
print(started(home, [Arm("one", flow)], table(60), at_once=2), flush=True)
asyncio.run(asyncio.sleep(60))
"""


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="processes are ended otherwise here")
def test_a_killed_process_loses_nothing_that_was_paid(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FLOWLOOM_HOME", str(tmp_path))
    process = subprocess.Popen(
        [sys.executable, "-c", PROGRAM], stdout=subprocess.PIPE, text=True, env={**os.environ}
    )
    assert process.stdout
    id = process.stdout.readline().strip()
    home = open_workspace()
    store = home.experiments.store
    end = time.monotonic() + 30
    while store.done(id) < 10:
        assert time.monotonic() < end
        time.sleep(0.01)
    os.kill(process.pid, signal.SIGKILL)
    process.wait(10)
    process.stdout.close()
    home.close()
    again = open_workspace()
    try:
        models = Scripted(number_in)
        monkeypatch.setattr(again.models, "reply", models.reply)
        store, paid = again.experiments.store, round(again.experiments.store.paid(id) / 0.01)
        assert paid >= 10
        again.experiments.take_up()
        ended(again, id)
        assert store.done(id) == 60
        assert len(models.asked) == 60 - paid
    finally:
        again.close()
