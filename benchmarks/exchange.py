"""How fast GPTs come and go: `python -m benchmarks.exchange`.

A capsule beside a plain zip of the same parts, a locked one, large flows of other builders, and places for blocks.
The machine may be busy, so the best of some runs counts, taken in turns.
"""

import io
import json
import random
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

from flowloom.exchange.capsule import Capsule, Carried, Text, write_capsule
from flowloom.exchange.foreign import read_foreign
from flowloom.exchange.layers import laid_out
from flowloom.exchange.locking import lock, unlock
from flowloom.exchange.source import Source
from flowloom.flow.model import Edge
from flowloom.store.templates import templates

DOCUMENTS, WORDS = 200, 8_000
RUNS = 5
COPIES = 1_000
STARTER = Path(__file__).parent / "fidelity" / "flows" / "langflow" / "chat.json"


def documents() -> list[tuple[Carried, Text]]:
    """Ten megabytes of words, some of which come often."""
    chance = random.Random(7)
    words = ["".join(chance.choices("abcdefghij", k=chance.randint(2, 9))) for _ in range(3_000)]
    found = []
    for number in range(DOCUMENTS):
        text = " ".join(chance.choices(words, k=WORDS))
        found.append(
            (Carried(base="main", name=f"{number}.txt", size=len(text), hash=str(number)), Text(text=text))
        )
    return found


def best(*works: Callable[[], object]) -> list[float]:
    """Seconds of each, the best of its runs; they take turns."""
    found = [float("inf")] * len(works)
    for _ in range(RUNS):
        for number, work in enumerate(works):
            started = time.perf_counter()
            work()
            found[number] = min(found[number], time.perf_counter() - started)
    return found


def main() -> None:
    flow, given = templates("en")[0].flow, documents()
    parts = [json.dumps(text.model_dump(), ensure_ascii=False, indent=1).encode() for _, text in given]
    size = sum(map(len, parts)) / 1e6

    def capsule() -> bytes:
        out = io.BytesIO()
        write_capsule(out, flow, given)
        return out.getvalue()

    def plain_zip() -> None:
        with zipfile.ZipFile(io.BytesIO(), "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
            for number, part in enumerate(parts):
                archive.writestr(f"{number}.json", part)

    written = capsule()

    def read() -> None:
        with Capsule(io.BytesIO(written)) as found:
            for _ in found.documents():
                pass

    locked = io.BytesIO()
    lock(io.BytesIO(written), locked, "open sesame")
    own, other = best(capsule, plain_zip)
    (reading,) = best(read)
    locking, unlocking = best(
        lambda: lock(io.BytesIO(written), io.BytesIO(), "open sesame"),
        lambda: unlock(locked, io.BytesIO(), "open sesame"),
    )
    print(
        f"capsule of {size:.0f} MB: written in {own:.2f} s, a zip of the same in {other:.2f} s ({other / own:.2f})"
    )
    print(f"read and checked in {reading:.2f} s; locked in {locking:.2f} s, unlocked in {unlocking:.2f} s")
    large = large_flow()
    (foreign,) = best(lambda: read_foreign(Source.of_data(large)))
    print(f"a flow of Langflow with {len(large) / 1e6:.1f} MB and {COPIES:,} nodes: {foreign:.3f} s")
    ids = [f"n{number}" for number in range(1_000)]
    chance = random.Random(3)
    edges = [
        Edge.model_validate({"from": f"{chance.choice(ids)}.a", "to": f"{chance.choice(ids)}.b"})
        for _ in range(2_000)
    ]
    print(f"places for 1,000 blocks with 2,000 connections: {best(lambda: laid_out(ids, edges, {}))[0]:.3f} s")


def large_flow() -> bytes:
    """A flow of Langflow with many nodes, each with as much text as its files have, two megabytes of it."""
    document = json.loads(STARTER.read_text("utf-8"))
    nodes = document["data"]["nodes"]
    last = json.dumps(nodes[-1])
    for number in range(COPIES - len(nodes)):
        copy = json.loads(last.replace(nodes[-1]["id"], f"copy-{number}"))
        copy["data"]["node"]["description"] = "What this does. " * (2_000_000 // COPIES // 20)
        document["data"]["nodes"].append(copy)
    return json.dumps(document).encode()


if __name__ == "__main__":
    main()
