"""How fast GPTs come and go: `python -m benchmarks.exchange`.

A capsule beside a plain zip of the same parts, a locked one, large flows of other builders, and places for blocks.
The machine may be busy, so the best of some runs counts, taken in turns.
"""

import io
import json
import random
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import yaml

from benchmarks.large_flows import LARGE
from flowloom.exchange.capsule import Capsule, write_capsule
from flowloom.exchange.contents import Carried, Text
from flowloom.exchange.foreign import read_foreign
from flowloom.exchange.layers import laid_out
from flowloom.exchange.locking import lock, unlock
from flowloom.exchange.source import Source
from flowloom.flow.model import Edge
from flowloom.store.templates import templates

DOCUMENTS, WORDS = 200, 8_000
STREAMED, PART = 90, 2_000_000
"""Documents of the large capsule, and about how many characters each has; deflate leaves half of them."""
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
    print(streamed())
    print(
        f"capsule of {size:.0f} MB: written in {own:.2f} s, a zip of the same in {other:.2f} s ({other / own:.2f})"
    )
    print(f"read and checked in {reading:.2f} s; locked in {locking:.2f} s, unlocked in {unlocking:.2f} s")
    for name, large in (("Langflow", large_flow), ("Dify", large_of_dify), ("n8n", large_of_n8n), *LARGE.items()):
        data, file = large(), "flow.py" if name == "Agent Builder" else "flow.yml"
        took, blocks = read_large(Source.of_data(data, file))
        print(
            f"a flow of {name} with {len(data) / 1e6:.1f} MB, {blocks:,} blocks here: {took:.3f} s of the processor"
        )
    ids = [f"n{number}" for number in range(1_000)]
    chance = random.Random(3)
    edges = [
        Edge.model_validate({"from": f"{chance.choice(ids)}.a", "to": f"{chance.choice(ids)}.b"})
        for _ in range(2_000)
    ]
    print(f"places for 1,000 blocks with 2,000 connections: {best(lambda: laid_out(ids, edges, {}))[0]:.3f} s")


def read_large(source: Source) -> tuple[float, int]:
    """Seconds of the processor to read a flow, the best of some runs, and how many blocks came of it."""
    took, blocks = float("inf"), 0
    for _ in range(RUNS):
        started = time.process_time()
        blocks = len(read_foreign(Source(source.files)).flow.nodes)
        took = min(took, time.process_time() - started)
    return took, blocks


def streamed() -> str:
    """A capsule of 100 MB written and read from the disk by a process of its own, and a zip of the same parts."""
    lines = []
    for what in ("capsule", "zip"):
        code = f"from benchmarks import exchange; exchange.stream_{what}()"
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
        lines.append(done.stdout.strip())
    return "\n".join(lines)


def many() -> Iterator[tuple[Carried, Text]]:
    """Documents one at a time, each of other words that do not become much smaller."""
    chance = random.Random(11)
    for number in range(STREAMED):
        text = chance.randbytes(PART // 2).hex()
        yield Carried(base="main", name=f"{number}.txt", size=len(text), hash=str(number)), Text(text=text)


def stream_capsule() -> None:
    flow = templates("en")[0].flow
    with tempfile.TemporaryFile() as file:
        write_capsule(file, flow, [next(many())])
        before = peak()
        file.seek(0)
        file.truncate()
        started = time.perf_counter()
        write_capsule(file, flow, many())
        wrote, size = time.perf_counter() - started, file.tell()
        file.seek(0)
        started = time.perf_counter()
        with Capsule(file) as found:
            count = sum(1 for _ in found.documents())
        took = time.perf_counter() - started
    assert count == STREAMED
    told = f"a capsule of {size / 1e6:.0f} MB: written in {wrote:.1f} s, read in {took:.1f} s"
    print(f"{told}, {peak():.0f} MB of memory at most ({before:.0f} MB with one document)")


def stream_zip() -> None:
    with tempfile.TemporaryFile() as file:
        started = time.perf_counter()
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
            for number, (_, text) in enumerate(many()):
                archive.writestr(f"{number}.json", text.text)
        wrote = time.perf_counter() - started
        print(f"a zip of the same with {file.tell() / 1e6:.0f} MB: written in {wrote:.1f} s")


def peak() -> float:
    """The most memory that this process has held, in megabytes."""
    import resource

    status = Path("/proc/self/status")
    if status.exists():  # `ru_maxrss` of Linux begins with what the process held that started this one
        line = next(line for line in status.read_text("utf-8").splitlines() if line.startswith("VmHWM"))
        return int(line.split()[1]) / 1e3
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1e6 if sys.platform == "darwin" else 1e3)


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


def large_of_dify() -> bytes:
    """A chain of models of Dify, each asked with the answer of the one before; two megabytes of YAML."""
    system = "You are a helper. " * (2_000_000 // COPIES // 26)
    nodes: list[Any] = [{"id": "start", "data": {"type": "start", "title": "Start", "variables": []}}]
    for number in range(COPIES):
        asked = f"{{{{#n{number - 1}.text#}}}}" if number else "{{#sys.query#}}"
        data = {
            "type": "llm",
            "title": f"Model {number}",
            "model": {
                "provider": "openai",
                "name": "gpt-4o",
                "mode": "chat",
                "completion_params": {"temperature": 0},
            },
            "prompt_template": [{"role": "system", "text": system}, {"role": "user", "text": asked}],
            "context": {"enabled": False},
            "vision": {"enabled": False},
        }
        nodes.append({"id": f"n{number}", "position": {"x": 300 * number, "y": 0}, "data": data})
    answer = {"type": "answer", "title": "Answer", "answer": f"{{{{#n{COPIES - 1}.text#}}}}"}
    nodes.append({"id": "answer", "data": answer})
    ids = [node["id"] for node in nodes]
    edges = [{"source": one, "target": other} for one, other in pairwise(ids)]
    graph = {"nodes": nodes, "edges": edges}
    app = {"kind": "app", "version": "0.3.0", "app": {"mode": "advanced-chat", "name": "Large"}}
    return bytes(yaml.safe_dump(app | {"workflow": {"graph": graph, "features": {}}}, sort_keys=False), "utf-8")


def large_of_n8n() -> bytes:
    """A chain of chains of n8n that share one model; two megabytes of JSON."""
    kind, text = "@n8n/n8n-nodes-langchain.", "please " * (2_000_000 // COPIES // 8)
    names = [f"Chain {number}" for number in range(COPIES)]
    nodes: list[Any] = [{"name": "Chat", "type": f"{kind}chatTrigger", "position": [0, 0], "parameters": {}}]
    for number, name in enumerate(names):
        parameters = {"promptType": "define", "text": f"=Answer {{{{ $json.chatInput }}}} {text}"}
        place = [300 * number, 0]
        nodes.append({"name": name, "type": f"{kind}chainLlm", "position": place, "parameters": parameters})
    nodes.append({"name": "M", "type": f"{kind}lmChatOpenAi", "position": [0, 200], "parameters": {}})
    lines: dict[str, Any] = {
        one: {"main": [[{"node": other, "type": "main", "index": 0}]]} for one, other in pairwise(["Chat", *names])
    }
    shared = [{"node": name, "type": "ai_languageModel", "index": 0} for name in names]
    lines["M"] = {"ai_languageModel": [shared]}
    return json.dumps({"name": "Large", "nodes": nodes, "connections": lines}).encode()


if __name__ == "__main__":
    main()
