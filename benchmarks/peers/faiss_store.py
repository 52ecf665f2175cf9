"""LangChain's own FAISS store (langchain-community) with the same passages and vectors; runs in its environment."""

import json
import random
import resource
import tempfile
import time
from pathlib import Path

import numpy as np
from langchain_community.vectorstores import FAISS
from langchain_core.embeddings import Embeddings

PASSAGES, AT_ONCE, ASKED, PLACES = 10_000, 500, 100, 384


class Seeded(Embeddings):
    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        return [self.embed_query(text) for text in texts]

    def embed_query(self, text: str) -> list[float]:
        made = np.random.default_rng(sum(text.encode()) * 31 + len(text)).standard_normal(PLACES, dtype=np.float32)
        return (made / np.linalg.norm(made)).tolist()


def texts() -> list[str]:
    chance = random.Random(7)
    words = [f"{chance.choice('bcdfgklmnprst')}{chance.choice('aeiou')}{number:x}" for number in range(20_000)]
    return [
        " ".join(words[int(chance.paretovariate(0.5)) % len(words)] for _ in range(120)) for _ in range(PASSAGES)
    ]


def main() -> None:
    passages = texts()
    with tempfile.TemporaryDirectory() as folder:
        began = time.perf_counter()
        store = FAISS.from_texts(passages[:AT_ONCE], Seeded())
        for at in range(AT_ONCE, PASSAGES, AT_ONCE):
            store.add_texts(passages[at : at + AT_ONCE])
        store.save_local(folder)
        taken_in = time.perf_counter()
        store.similarity_search(passages[0][:60], 5)
        first = time.perf_counter()
        for text in passages[:ASKED]:
            store.similarity_search(text[:60], 5)
        figures = {
            "ingest": taken_in - began,
            "first": first - taken_in,
            "query": (time.perf_counter() - first) / ASKED * 1000,
            "disk": sum(path.stat().st_size for path in Path(folder).rglob("*")) / 1e6,
            "memory": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000,
        }
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
