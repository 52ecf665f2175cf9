"""The ways of searching that `benchmarks.retrieval` compares: each gives passages for a question, best first."""

import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from benchmarks.question_set import Question, Section
from flowloom.kinds.values import Passage
from flowloom.services.knowledge import best_sentences
from flowloom.services.knowledge.faiss_store import FaissStore
from flowloom.services.knowledge.fusion import fuse
from flowloom.services.knowledge.sentence_encoder import SentenceEncoder
from flowloom.services.knowledge.word_index import Hit, WordIndex, indexed_terms

Vectors = NDArray[np.float32]
Search = Callable[[int, str], Sequence[int]]
"""The places of passages, best first, for a question and its number."""

CANDIDATES = 50
DEPTH = 60
"""Of reciprocal rank fusion: the usual value; 5 to 20 were no better."""


class Corpus(NamedTuple):
    """Passages of one or more sections each, with their vectors and those of the questions."""

    files: list[str]
    texts: list[str]
    holds: list[set[str]]
    vectors: Vectors
    asked: Vectors
    words: WordIndex

    def rank(self, found: Sequence[int], answers: Sequence[str]) -> int:
        """At which place the first passage with an answer is, from 1; 0 for nowhere."""
        return next((at for at, place in enumerate(found, 1) if self.holds[place] & set(answers)), 0)


def corpus_of(sections: Sequence[Section], questions: Sequence[Question], together: int = 1) -> Corpus:
    """So many sections of a file make one passage."""
    encoder = SentenceEncoder()
    files, texts, holds = [], [], []
    for file in dict.fromkeys(section.file for section in sections):
        of_file = [section for section in sections if section.file == file]
        for at in range(0, len(of_file), together):
            some = of_file[at : at + together]
            files.append(file)
            texts.append("\n".join(section.text for section in some))
            holds.append({section.id for section in some})
    rows = ((place, files[place], indexed_terms(text)) for place, text in enumerate(texts))
    asked = encoder.embed_documents([question.question for question in questions])
    return Corpus(files, texts, holds, encoder.embed_documents(texts), asked, WordIndex.of(rows))


def by_words(corpus: Corpus) -> Search:
    return lambda number, question: [hit.id for hit in corpus.words.find(question, CANDIDATES)]


def by_meaning(corpus: Corpus) -> Search:
    return lambda number, question: [hit.id for hit in _nearest(corpus, number)]


def by_weights(corpus: Corpus) -> Search:
    """As `fusion` does, without the second stage."""

    def search(number: int, question: str) -> Sequence[int]:
        words, near = corpus.words.find(question, CANDIDATES), corpus.vectors @ corpus.asked[number]
        return [each.id for each in fuse(words, _nearest(corpus, number), {hit.id: near[hit.id] for hit in words})]

    return search


def by_ranks(corpus: Corpus) -> Search:
    """Reciprocal rank fusion."""

    def search(number: int, question: str) -> Sequence[int]:
        scores: dict[int, float] = {}
        for hits in (corpus.words.find(question, CANDIDATES), _nearest(corpus, number)):
            for rank, hit in enumerate(hits, 1):
                scores[hit.id] = scores.get(hit.id, 0.0) + 1 / (DEPTH + rank)
        return sorted(scores, key=lambda place: -scores[place])

    return search


def _nearest(corpus: Corpus, number: int) -> list[Hit]:
    near = corpus.vectors @ corpus.asked[number]
    return [Hit(int(place), float(near[place])) for place in np.argsort(-near, kind="stable")[:CANDIDATES]]


class Shipped:
    """A base as the app keeps it, searched as the app does."""

    def __init__(self, store: FaissStore) -> None:
        self._store = store

    def passages(self, question: str, most: int = CANDIDATES) -> list[Passage]:
        return self._store.find(question, most)

    def __call__(self, number: int, question: str) -> Sequence[int]:
        return [passage.start for passage in self.passages(question)]

    def seconds(self, questions: Sequence[Question], most: int = 4) -> tuple[float, float]:
        """What a question takes at the median: where its passages were not compared before, and where they were."""
        first: list[float] = []
        again: list[float] = []
        for question in questions:
            best_sentences._kept = best_sentences._Kept()
            for taken in (first, again):
                began = time.perf_counter()
                self.passages(question.question, most)
                taken.append(time.perf_counter() - began)
        return statistics.median(first), statistics.median(again)

    def prepare(self) -> None:
        """What the app does in the background once documents are in."""
        while self._store.prepare_some():
            pass


@contextmanager
def shipped(corpus: Corpus) -> Iterator[Shipped]:
    with tempfile.TemporaryDirectory() as folder:
        store = FaissStore(Path(folder), SentenceEncoder())
        parts = zip(corpus.texts, corpus.files, strict=True)
        # Where a passage begins in its file tells nothing here, so it carries the place.
        store.change(add=[Passage(text=text, file=file, start=at) for at, (text, file) in enumerate(parts)])
        yield Shipped(store)
