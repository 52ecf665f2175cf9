"""`python -m benchmarks.first_question [MB]`: what the first question to that many megabytes of documents takes."""

import json
import random
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from flowloom.services.knowledge.bases import KnowledgeBases

PART = 1_000_000
WORDS = 60_000


def write(folder: Path, megabytes: int) -> None:
    """Documents of words by chance but always the same, with few that are usual and many that are rare."""
    chance = random.Random(7)
    words = [f"{chance.choice('bcdfgklmnprst')}{chance.choice('aeiou')}{number:x}" for number in range(WORDS)]
    bases = KnowledgeBases(folder)
    for part in range(megabytes):
        said = [words[int(chance.paretovariate(0.5)) % WORDS] for _ in range(PART // 6)]
        lines = (" ".join(said[at : at + 80]) for at in range(0, len(said), 80))
        bases.add("bench/main", f"{part}.txt", ".\n\n".join(lines).encode()[:PART])


def ask(folder: Path) -> dict[str, float]:
    load_libraries()
    began, before = time.perf_counter(), memory()
    bases = KnowledgeBases(folder)
    bases.search("bench/main", "what of be1f and da2", 4)
    first = time.perf_counter() - began
    began = time.perf_counter()
    bases.search("bench/main", "what of bo1e and ka3", 4)
    return {"first": first, "second": time.perf_counter() - began, "memory": memory() - before}


def prepare(folder: Path) -> dict[str, float]:
    """What the app does when it is idle."""
    load_libraries()
    began, before = time.perf_counter(), memory()
    KnowledgeBases(folder).make_ready("bench/main")
    return {"first": time.perf_counter() - began, "second": 0.0, "memory": memory() - before}


def load_libraries() -> None:
    """The same before and after, and dependent on the disk; it is no part of what is measured."""
    import bm25s  # noqa: F401

    import flowloom.services.knowledge.faiss_store  # noqa: F401


def memory() -> float:
    """The most so far, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000


def _alone(what: str, folder: str) -> dict[str, float]:
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.first_question", what, folder],
        capture_output=True,
        text=True,
        check=True,
    )
    measured: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return measured


def main() -> None:
    if len(sys.argv) > 2:
        print(json.dumps({"ask": ask, "prepare": prepare}[sys.argv[1]](Path(sys.argv[2]))))
        return
    megabytes = int(sys.argv[1]) if len(sys.argv) > 1 else 50
    with tempfile.TemporaryDirectory() as folder:
        write(Path(folder), megabytes)
        print(f"| {megabytes} MB of documents | seconds | next question, seconds | memory, MB |\n|---|---|---|---|")
        for what, label in (("prepare", "made ready while idle"), ("ask", "first question after a start")):
            said = _alone(what, folder)
            print(f"| {label} | {said['first']:.2f} | {said['second']:.2f} | {said['memory']:.0f} |")


if __name__ == "__main__":
    main()
