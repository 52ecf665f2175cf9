"""`python -m benchmarks.fusion_tuning`: what the fusing could be, on the half of the questions that is for tuning.

Each line fuses nearness n (of the passage, or the mean with its best sentence) with the share of words w, over
passages of one section and of three: recall@1 and recall@5.
"""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.question_set import TUNING, Question, Section, read_questions
from benchmarks.searches import Corpus, corpus_of
from flowloom.services.knowledge.sentence_encoder import SentenceEncoder
from flowloom.words import sentences

Scores = NDArray[np.floating[Any]]
WAYS: dict[str, Callable[[Scores, Scores], Scores]] = {
    "n": lambda n, w: n,
    "n + 0.1 w": lambda n, w: n + 0.1 * w,
    "n + 0.2 w": lambda n, w: n + 0.2 * w,
    "n + 0.3 w": lambda n, w: n + 0.3 * w,
    "n + 0.5 w": lambda n, w: n + 0.5 * w,
    "n + 0.1 w²": lambda n, w: n + 0.1 * w**2,
    "n + 0.2 w²": lambda n, w: n + 0.2 * w**2,
    "n + 0.25 w²": lambda n, w: n + 0.25 * w**2,
    "n + 0.3 w²": lambda n, w: n + 0.3 * w**2,
    "n + 0.5 w²": lambda n, w: n + 0.5 * w**2,
    "n + w²": lambda n, w: n + w**2,
    "reciprocal ranks, depth 5": lambda n, w: _by_ranks(n, w, 5),
    "reciprocal ranks, depth 20": lambda n, w: _by_ranks(n, w, 20),
    "reciprocal ranks, depth 60": lambda n, w: _by_ranks(n, w, 60),
}


def main() -> None:
    sections, questions = read_questions()
    asked = [question for question in questions if question.half == TUNING and question.answers]
    together = {"one": _measured(sections, asked, 1), "three": _measured(sections, asked, 3)}
    print("| fused by | one section | three | one, with the best sentence | three |\n|---|---|---|---|---|")
    for name in WAYS:
        cells = (together[size][stage][name] for stage in (0, 1) for size in together)
        print(f"| {name} | " + " | ".join(f"{first:.2f}, {five:.2f}" for first, five in cells) + " |")


def _measured(
    sections: Sequence[Section], asked: Sequence[Question], together: int
) -> list[dict[str, tuple[float, float]]]:
    """For passages alone and with their best sentences: what each way finds."""
    corpus = corpus_of(sections, asked, together)
    near = corpus.asked @ corpus.vectors.T
    words = np.zeros_like(near)
    for number, question in enumerate(asked):
        for hit in corpus.words.find(question.question, len(corpus.texts)):
            words[number, hit.id] = hit.score
    both = (near + _best_sentences(corpus)) / 2
    return [{name: _recall(corpus, asked, way(n, words)) for name, way in WAYS.items()} for n in (near, both)]


def _best_sentences(corpus: Corpus) -> Scores:
    encoder = SentenceEncoder()
    return np.stack(
        [(corpus.asked @ encoder.embed_documents(sentences(each)).T).max(1) for each in corpus.texts], 1
    )


def _by_ranks(near: Scores, words: Scores, depth: int) -> Scores:
    ranks = [np.argsort(np.argsort(-scores, 1, kind="stable"), 1) + 1 for scores in (near, words)]
    found: Scores = 1 / (depth + ranks[0]) + np.where(words > 0, 1 / (depth + ranks[1]), 0)
    return found


def _recall(corpus: Corpus, asked: Sequence[Question], scores: Scores) -> tuple[float, float]:
    order = np.argsort(-scores, axis=1, kind="stable")
    ranks = [
        corpus.rank([int(place) for place in row], question.answers)
        for row, question in zip(order, asked, strict=True)
    ]
    return float(np.mean([rank == 1 for rank in ranks])), float(np.mean([rank <= 5 for rank in ranks]))


if __name__ == "__main__":
    main()
