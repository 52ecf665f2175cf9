"""Runs the trials in a process of their own and goes on past those that hang."""

import json
import os
import queue
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

HANGS = 60.0
"""Seconds without a word after which a trial is ended."""


def run(what: str, root: Path, source: Path) -> list[dict[str, Any]]:
    """The results of `patterns` or `scanners`, with the app below `source`."""
    results: list[dict[str, Any]] = []
    skipped: list[str] = []
    while True:
        stuck = _run_on(what, root, source, skipped, results)
        if not stuck:
            return results
        skipped = [result["name"] for result in results]
        results.append({"name": stuck, "limit": 0.0, "shape": "never ended", "size": 0, "seconds": HANGS})
        skipped.append(stuck)


def _run_on(what: str, root: Path, source: Path, skipped: list[str], results: list[dict[str, Any]]) -> str:
    """Take in results until the process ends; the name of the trial that hung, if one did."""
    environment = os.environ | {"PYTHONPATH": os.pathsep.join((str(source), str(root)))}
    worker = subprocess.Popen(
        [sys.executable, "-m", "benchmarks.hostile.trial", what, *skipped],
        stdout=subprocess.PIPE, text=True, cwd=root, env=environment,
    )  # fmt: skip
    lines: queue.Queue[str] = queue.Queue()
    reader = threading.Thread(target=_read, args=(worker, lines), daemon=True)
    reader.start()
    current = ""
    try:
        while line := lines.get(timeout=HANGS if current else 240.0):
            said = json.loads(line)
            if said.get("started"):
                current = said["name"]
            elif said["name"] not in skipped:
                results.append(said)
    except queue.Empty:
        return current
    finally:
        worker.kill()
        worker.wait()
        reader.join()
    if worker.returncode not in (0, -9):
        raise RuntimeError(f"the trial of {what} ended with {worker.returncode} at {current}")
    return ""


def _read(worker: "subprocess.Popen[str]", lines: "queue.Queue[str]") -> None:
    assert worker.stdout is not None
    with worker.stdout as told:
        for line in told:
            if line.startswith("{"):
                lines.put(line)
    lines.put("")
