"""Taking in and asking 10,000 passages beside LangChain's own FAISS store, and what words and vectors find."""

import json
import math
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
import tomllib
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.word_vectors import WordVectors
from flowloom.kinds.values import Passage
from flowloom.services.knowledge.bases import KnowledgeBases
from flowloom.services.knowledge.faiss_store import FaissStore
from flowloom.services.knowledge.fusion import fuse
from flowloom.services.knowledge.vectors import nearest

PASSAGES, AT_ONCE, ASKED, PLACES = 10_000, 500, 100, 384
PEER = Path(os.environ.get("BENCH_PEERS", ".bench/bin/python"))
QUESTIONS = Path(__file__).parent / "questions"


class Seeded:
    """Vectors by chance but always the same: what a model would take is no part of this race."""

    name = "seeded"

    def embed_documents(self, texts: list[str]) -> Any:
        return np.stack([self.embed_query(text) for text in texts])

    def embed_query(self, text: str) -> Any:
        made = np.random.default_rng(sum(text.encode()) * 31 + len(text)).standard_normal(PLACES, dtype=np.float32)
        return made / np.linalg.norm(made)


def texts() -> list[str]:
    chance = random.Random(7)
    words = [f"{chance.choice('bcdfgklmnprst')}{chance.choice('aeiou')}{number:x}" for number in range(20_000)]
    return [
        " ".join(words[int(chance.paretovariate(0.5)) % len(words)] for _ in range(120)) for _ in range(PASSAGES)
    ]


def race(with_vectors: bool) -> dict[str, float]:
    """Ours, as the app does it: change by change, each of them safe on disk."""
    passages = texts()
    with tempfile.TemporaryDirectory() as folder:
        store = FaissStore(Path(folder), Seeded() if with_vectors else None)
        began = time.perf_counter()
        for at in range(0, PASSAGES, AT_ONCE):
            some = passages[at : at + AT_ONCE]
            store.change(add=[Passage(text=text, file=f"{at}.txt") for text in some])
        taken_in = time.perf_counter()
        store.find(passages[0][:60], 5)
        first = time.perf_counter()
        for text in passages[:ASKED]:
            store.find(text[:60], 5)
        return {
            "ingest": taken_in - began,
            "first": first - taken_in,
            "query": (time.perf_counter() - first) / ASKED * 1000,
            "disk": sum(path.stat().st_size for path in Path(folder).rglob("*")) / 1e6,
            "memory": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000,
        }


def recall() -> dict[str, dict[str, float]]:
    """The share of questions whose section is among the first five of all three languages together."""
    found: dict[str, dict[str, float]] = {}
    with tempfile.TemporaryDirectory() as folder:
        words, both = KnowledgeBases(Path(folder) / "words"), KnowledgeBases(Path(folder) / "both", WordVectors())
        asked = []
        for path in sorted(QUESTIONS.glob("*.toml")):
            sections = tomllib.loads(path.read_text("utf-8"))
            for heading, section in sections.items():
                asked += [(path.stem, question, heading) for question in section["questions"]]
            text = "\n\n".join(f"# {heading}\n\n{section['text']}" for heading, section in sections.items())
            for bases in (words, both):
                bases.add("bench/main", f"{path.stem}.md", text.encode())
        for language, question, heading in asked:
            headings = {
                "words": [each.heading for each in words.search("bench/main", question, 5)],
                "word vectors": _by_vectors(both, question),
                "fused": [each.heading for each in both.search("bench/main", question, 5)],
            }
            for way, first in headings.items():
                for group in (language, "all"):
                    hits = found.setdefault(way, {})
                    hits[group] = hits.get(group, 0) + (heading in first)
        for hits in found.values():
            for language in list(hits):
                count = sum(language in (other, "all") for other, _, _ in asked)
                hits[language] /= count
        found["questions"] = {"all": len(asked)}
    return found


def _by_vectors(bases: KnowledgeBases, question: str) -> list[str]:
    store = bases._store("bench/main")
    with store.reading() as db:
        near = fuse([], nearest(store._index(db), WordVectors().embed_query(question), 5, None))
        rows = [db.execute("SELECT heading FROM passages WHERE id = ?", (each.id,)).fetchone() for each in near]
    return [row[0] for row in rows]


def main() -> None:
    if len(sys.argv) > 1:
        print(json.dumps(race(sys.argv[1] == "vectors")))
        return
    columns = {"Flowloom, words": _alone("benchmarks.knowledge", "words")}
    columns["Flowloom, words and vectors"] = _alone("benchmarks.knowledge", "vectors")
    if PEER.exists():
        columns["LangChain FAISS, vectors"] = _alone("benchmarks.peers.faiss_store", python=str(PEER))
    print(f"\n| {PASSAGES:,} passages of 120 words | " + " | ".join(columns) + " |")
    print("|---" * (len(columns) + 1) + "|")
    rows = {"ingest": "taking in, s", "first": "first question, s", "query": "a question, ms"}
    for name, label in {**rows, "disk": "on disk, MB", "memory": "most memory, MB"}.items():
        cells = (f"{column.get(name, math.nan):,.2f}" for column in columns.values())
        print(f"| {label} | " + " | ".join(cells) + " |")
    print("\nThe vectors are made by chance, at no cost, on both sides. Ours saves after every 500 passages.")
    found = recall()
    count = found.pop("questions")["all"]
    print(f"\n| recall@5 of {count:.0f} questions | en | fr | zh | all |\n|---|---|---|---|---|")
    for way, hits in found.items():
        print(f"| {way} | " + " | ".join(f"{hits[group]:.2f}" for group in ("en", "fr", "zh", "all")) + " |")
    print(
        "\nWord vectors are hashed words, no embedding model: this shows the fusing, not what a model would find."
    )


def _alone(module: str, *given: str, python: str = sys.executable) -> dict[str, float]:
    """In a process of its own, whose memory is its own."""
    done = subprocess.run([python, "-m", module, *given], capture_output=True, text=True)
    if done.returncode:
        print(f"{module} did not run: {done.stderr.strip().splitlines()[-1:]}", file=sys.stderr)
        return {}
    measured: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return measured


if __name__ == "__main__":
    main()
