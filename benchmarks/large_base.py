"""`python -m benchmarks.large_base [passages]`: a question to a base of 100,000 passages, and its index’s memory.

The passages are windows of real sentences, the questions 200 of those that `benchmarks.retrieval` asks. Vectors of
so many passages would take the encoder a quarter of an hour, so 2,000 have their own and the others one near to it,
which tells nothing of what is found, but all of what it takes. What follows the first stage is measured apart: the
sentences of the first passages are encoded when they are compared for the first time.
"""

import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.meaning import SIZE, _most_resident, _resident, passages
from benchmarks.question_set import read_questions
from flowloom.kinds.values import Passage
from flowloom.services.knowledge import best_sentences, faiss_store
from flowloom.services.knowledge.faiss_store import FaissStore
from flowloom.services.knowledge.sentence_encoder import SentenceEncoder

OWN, ASKED, AT_ONCE = 2_000, 200, 25_000


class Widened(SentenceEncoder):
    """The encoder for questions and sentences; a passage that was prepared has its vector already."""

    def __init__(self, texts: Sequence[str]) -> None:
        own = super().embed_documents(texts[:OWN])
        chance = np.random.default_rng(3)
        self._places = {text: place for place, text in enumerate(texts)}
        self._own, self._seeds = own, chance.integers(0, 2**31, len(texts))

    def embed_documents(self, texts: Sequence[str]) -> Any:
        if not texts or texts[0] not in self._places:
            return super().embed_documents(texts)
        return np.stack([self._near(self._places[text]) for text in texts])

    def _near(self, place: int) -> Any:
        noise = np.random.default_rng(int(self._seeds[place])).standard_normal(SIZE, np.float32) / np.sqrt(SIZE)
        made = self._own[place % OWN] + 0.8 * noise
        return made / np.linalg.norm(made)


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    texts = list(dict.fromkeys(passages(count)))
    embedder = Widened(texts)
    questions = [each.question for each in read_questions()[1] if each.answers][:ASKED]
    with tempfile.TemporaryDirectory() as folder:
        began = time.perf_counter()
        store = FaissStore(Path(folder), embedder)
        for at in range(0, len(texts), AT_ONCE):
            store.change(add=[Passage(text=text, file=f"{at}.txt") for text in texts[at : at + AT_ONCE]])
        print(f"{len(texts):,} passages came in within {time.perf_counter() - began:.0f} s beside the encoder.")
        store.make_ready()
        Path("/proc/self/clear_refs").write_text("5")  # forgets the most there was until now
        before = _resident()
        read = FaissStore(Path(folder), embedder)  # as another process would find it
        with read.reading() as db:
            index = read._index(db)
        size = (_most_resident() - before) / (index.ntotal * SIZE * 4)
        print(f"Its index takes {size:.2f} times its vectors in memory while and after it is read.")
        del index, read
        print("\n| a question | median | 9 of 10 within | of the processor, median |\n|---|---:|---:|---:|")
        compared = faiss_store.compared
        faiss_store.compared = lambda found, *others: list(found)  # type: ignore[assignment]
        _print("fused, without the second stage", store, questions)
        faiss_store.compared = compared
        best_sentences._kept = best_sentences._Kept()
        _print("with it, passages compared for the first time", store, questions)
        _print("with it, passages compared before", store, questions[-40:] * 2)


def _print(name: str, store: FaissStore, questions: Sequence[str]) -> None:
    store.find(questions[0], 4)
    wall, cpu = [], []
    for question in questions:
        began, worked = time.perf_counter(), time.process_time()
        store.find(question, 4)
        wall.append((time.perf_counter() - began) * 1000)
        cpu.append((time.process_time() - worked) * 1000)
    most = sorted(wall)[len(wall) * 9 // 10]
    print(
        f"| {name} | {statistics.median(wall):.1f} ms | {most:.1f} ms | {statistics.median(cpu):.1f} ms |",
        flush=True,
    )


if __name__ == "__main__":
    main()
