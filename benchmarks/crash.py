"""Kills processes again and again: `python -m benchmarks.crash [RUNS]` prints runs tried, lost and doubled."""

import sys
import tempfile
import time
from pathlib import Path

from tests.crash.crowd import edit_crowd, run_crowd


def main() -> None:
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    with tempfile.TemporaryDirectory() as folder:
        began = time.perf_counter()
        found = run_crowd(Path(folder) / "runs", runs)
        print(f"runs by four processes: tried {runs}, kills {found.kills}, taken over {found.taken_over}, ", end="")
        print(f"lost {len(found.lost)}, doubled {len(found.doubled)}, {time.perf_counter() - began:.0f} s")
        for each in (*found.lost, *found.doubled):
            print(f"  {each}")
        began = time.perf_counter()
        kills, wrong = edit_crowd(Path(folder) / "edits", runs // 4, every=0.2)
        print(
            f"edits by four processes: tried {runs // 4 * 4}, kills {kills}, lost or doubled {len(wrong)}, ", end=""
        )
        print(f"{time.perf_counter() - began:.0f} s")


if __name__ == "__main__":
    main()
