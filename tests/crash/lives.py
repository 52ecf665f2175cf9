"""One process that has everything imported and no thread; each life of an installation is a fork of it."""

import gc
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.crash.writes import Writes


def _live(order: dict[str, Any]) -> Any:
    from flowloom.store import leases
    from flowloom.workspace import open_workspace
    from tests.crash.scenarios import SCENARIOS

    leases.BEAT = 600.0
    scenario, writes = SCENARIOS[order["scenario"]](), Writes(order.get("fatal"))
    if order["do"] == "act":
        writes.watch()
    home = open_workspace(Path(order["home"]))
    writes.count = 0
    facts = order.get("facts")
    match order["do"]:
        case "prepare":
            facts = scenario.prepare(home)
            home.close()
            return facts
        case "act":
            scenario.act(home, facts)
            home.leases.close()
            # What a thread still does in the background comes after the answer, and kills nobody any more.
            writes.fatal = None
            return writes.count
        case "see":
            seen = scenario.see(home, facts)
            home.close()
            return seen
        case "go on":
            before = scenario.see(home, facts)
            scenario.go_on(home, facts)
            after = scenario.see(home, facts)
            home.close()
            return [before, after]
    raise AssertionError(order)


def main() -> None:
    import flowloom.services.knowledge.faiss_store  # noqa: F401
    import tests.crash.scenarios  # noqa: F401
    from flowloom.kinds.registry import all_kinds

    all_kinds()
    os.fsync = lambda descriptor: None  # the process is killed, not the computer
    gc.freeze()
    for line in sys.stdin:
        order = json.loads(line)
        if order["do"] == "copy":
            shutil.rmtree(order["home"], ignore_errors=True)
            shutil.copytree(order["of"], order["home"])
            print(json.dumps({"said": None}), flush=True)
            continue
        child = os.fork()
        if child == 0:
            said = _live(order)
            print(json.dumps({"said": said}), flush=True)
            os._exit(0)
        _, status = os.waitpid(child, 0)
        if status:
            print(json.dumps({"killed": status}), flush=True)


class Lives:
    """Sends orders to that process."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-c", "from tests.crash.lives import main; main()"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=Path(__file__).parents[2],
            env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
        )

    def live(self, do: str, home: Path, **order: Any) -> dict[str, Any]:
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(json.dumps({"do": do, "home": str(home), **order}) + "\n")
        self._process.stdin.flush()
        answer: dict[str, Any] = json.loads(self._process.stdout.readline())
        return answer

    def close(self) -> None:
        self._process.communicate(timeout=20)


if __name__ == "__main__":
    main()
