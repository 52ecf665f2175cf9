"""`python -m benchmarks.retrieval`: which passages are found for 324 questions, and how honestly none is.

The passages are 162 sections of nine handbooks, 54 in each of three languages; all was written by hand. What is
shipped was tuned on one half of the questions (`--half tuning`); what is printed is the other half. Intervals hold
95 of 100 draws of the questions (bootstrap).
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

from benchmarks.question_set import FAR, HELD_OUT, NEAR, PARTS, TUNING, Question, read_questions
from benchmarks.searches import (
    Corpus,
    Search,
    Shipped,
    by_meaning,
    by_ranks,
    by_weights,
    by_words,
    corpus_of,
    shipped,
)
from flowloom.services.knowledge.best_sentences import COMPARED, ENOUGH, ENOUGH_WORDS

PEER = Path(os.environ.get("BENCH_PEERS", ".bench/bin/python"))
DRAWS = 2_000
LANGCHAIN = "LangChain FAISS, same vectors"
KEPT = 0.9
"""The share of answerable questions that the threshold is to let through."""
Ranks = dict[str, list[int]]
"""For each way of searching the rank of the right passage for each question; 0 for nowhere."""


class Figure(NamedTuple):
    """A mean, and between what it lies in 95 of 100 draws."""

    mean: float
    low: float
    high: float

    def __str__(self) -> str:
        return f"{self.mean:.2f} ({self.low:.2f}–{self.high:.2f})"


def figure(values: Sequence[float]) -> Figure:
    chance = np.random.default_rng(5)
    known = np.asarray(values, np.float64)
    means = known[chance.integers(0, len(known), (DRAWS, len(known)))].mean(axis=1)
    low, high = np.quantile(means, [0.025, 0.975])
    return Figure(float(known.mean()), float(low), float(high))


def measures(ranks: Sequence[int]) -> tuple[list[float], list[float], list[float]]:
    """Recall at 1 and at 5, and the reciprocal rank, of each question."""
    return (
        [float(rank == 1) for rank in ranks],
        [float(0 < rank <= 5) for rank in ranks],
        [1 / rank if rank else 0.0 for rank in ranks],
    )


def main() -> None:
    parsed = argparse.ArgumentParser()
    parsed.add_argument("--half", choices=[TUNING, HELD_OUT], default=HELD_OUT, help="of the questions")
    half = parsed.parse_args().half
    sections, everything = read_questions()
    asked = [question for question in everything if question.half == half]
    answerable = [question for question in asked if question.answers]
    corpus, long = corpus_of(sections, asked), corpus_of(sections, asked, together=3)
    with shipped(corpus) as app, shipped(long) as app_long:
        ranks = _ranks(corpus, asked, {**_ours(corpus), "**Flowloom**": app}) | _peers(corpus, asked)
        print(f"{len(answerable)} answerable questions (the {half} half), {len(corpus.texts)} passages.\n")
        _print_short(ranks, answerable)
        _print_all(ranks, answerable)
        first, again = app_long.seconds(answerable)
        app_long.prepare()
        prepared, _ = app_long.seconds(answerable)
        _print_second_stage(_ranks(long, asked, {**_ours(long), "**Flowloom**": app_long}), prepared, first, again)
        tuning = [question for question in everything if question.half == TUNING and question.answers]
        _print_honesty(app_long, app, tuning, asked)


def _ours(corpus: Corpus) -> dict[str, Search]:
    return {
        "words alone": by_words(corpus),
        "meaning alone": by_meaning(corpus),
        "reciprocal rank fusion": by_ranks(corpus),
        "weighted fusion": by_weights(corpus),
    }


def _ranks(corpus: Corpus, asked: Sequence[Question], ways: Mapping[str, Search]) -> Ranks:
    return {
        name: [
            corpus.rank(search(number, question.question), question.answers)
            for number, question in enumerate(asked)
            if question.answers
        ]
        for name, search in ways.items()
    }


def _peers(corpus: Corpus, asked: Sequence[Question]) -> Ranks:
    """In an environment of their own; nothing where that is not there."""
    if not PEER.exists():
        print("`make .bench/peers` installs the peers.", file=sys.stderr)
        return {}
    with tempfile.TemporaryDirectory() as folder:
        texts = {"passages": corpus.texts, "questions": [question.question for question in asked]}
        (Path(folder) / "texts.json").write_text(json.dumps(texts), "utf-8")
        np.savez(Path(folder) / "vectors.npz", passages=corpus.vectors, questions=corpus.asked)
        command = [str(PEER), "-m", "benchmarks.peers.retrieval", folder]
        done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        print(f"The peers did not run: {done.stderr.strip().splitlines()[-1:]}", file=sys.stderr)
        return {}
    found: dict[str, list[list[int]]] = json.loads(done.stdout.splitlines()[-1])
    return _ranks(corpus, asked, {name: _told(places) for name, places in found.items()})


def _told(places: list[list[int]]) -> Search:
    return lambda number, question: places[number]


def _print_short(ranks: Ranks, asked: Sequence[Question]) -> None:
    print("| right passage among the first five | " + " | ".join((*PARTS, "all")) + " |\n|---|---|---|---|---|")
    for name, of_all in ranks.items():
        cells = [statistics.fmean(measures(_of(of_all, asked, part))[1]) for part in (*PARTS, "")]
        print(f"| {name} | " + " | ".join(f"{cell:.0%}".replace("%", " %") for cell in cells) + " |")


def _print_all(ranks: Ranks, asked: Sequence[Question]) -> None:
    print("\n| questions | searched by | recall@1 | recall@5 | MRR |\n|---|---|---|---|---|")
    for part in (*PARTS, ""):
        for name, of_all in ranks.items():
            cells = (str(figure(values)) for values in measures(_of(of_all, asked, part)))
            print(f"| {part or 'all'} | {name} | " + " | ".join(cells) + " |")
    _print_gain(ranks, LANGCHAIN, "all | Flowloom over LangChain FAISS")


def _print_gain(ranks: Ranks, over: str, label: str) -> None:
    """What the shipped way gains over another, question by question."""
    if over in ranks:
        pairs = zip(measures(ranks["**Flowloom**"]), measures(ranks[over]), strict=True)
        gains = [figure([new - old for new, old in zip(*pair, strict=True)]) for pair in pairs]
        told = (f"{gain.mean:+.2f} ({gain.low:+.2f} to {gain.high:+.2f})" for gain in gains)
        print(f"| {label} | {' | '.join(told)} |")


def _of(ranks: Sequence[int], asked: Sequence[Question], part: str) -> list[int]:
    return [rank for rank, question in zip(ranks, asked, strict=True) if part in ("", question.part)]


def _print_second_stage(ranks: Ranks, prepared: float, first: float, again: float) -> None:
    print("\n| passages of three sections | recall@1 | recall@5 | MRR |\n|---|---|---|---|")
    for name, of_all in ranks.items():
        print(f"| {name} | " + " | ".join(str(figure(values)) for values in measures(of_all)) + " |")
    _print_gain(ranks, "weighted fusion", "gained by the second stage")
    print(
        f"\nThe second stage compares the first {COMPARED} again by their best sentences. A question takes "
        f"{prepared * 1000:.0f} ms at the median where these were prepared in the background, else "
        f"{first * 1000:.0f} ms, and {again * 1000:.0f} ms where its passages were compared before."
    )


def _print_honesty(app: Shipped, short: Shipped, tuning: Sequence[Question], asked: Sequence[Question]) -> None:
    learned = np.quantile([_best(app, each).score for each in tuning], 1 - KEPT)
    groups = {part: [each for each in asked if each.part == part] for part in (*PARTS, NEAR, FAR)}
    groups["all answerable"] = [each for each in asked if each.answers]
    best = {part: [_best(app, each) for each in group] for part, group in groups.items()}
    print("\n| questions | answered | AUROC against near | against far | answered, of one section |")
    print("|---|---|---|---|---|")
    for part in (*PARTS, "all answerable", NEAR, FAR):
        areas = (f"{area(best[part], best[other]):.2f}" for other in (NEAR, FAR))
        cells = areas if part not in (NEAR, FAR) else ("", "")
        alone = _answered([_best(short, each) for each in groups[part]])
        print(f"| {part} | {_answered(best[part])} | {' | '.join(cells)} | {alone} |")
    print(
        f"\nA question is answered where a passage has a relevance of {ENOUGH}, or {ENOUGH_WORDS:.0%} of its words."
        f" Nine of ten answerable ones of the tuning half have a relevance of {learned:.2f}."
    )


def _answered(best: Sequence["Best"]) -> str:
    return f"{statistics.fmean(each.enough for each in best):.0%}".replace("%", " %")


class Best(NamedTuple):
    """The relevance of the best passage, and whether any fits well enough to answer."""

    score: float
    enough: bool


def _best(app: Shipped, question: Question) -> Best:
    found = app.passages(question.question, 4)
    return Best(
        max((passage.score for passage in found), default=0.0),
        any(passage.why and passage.why.enough for passage in found),
    )


def area(good: Sequence[Best], bad: Sequence[Best]) -> float:
    """AUROC: how often a good one is above a bad one, ties counting for half."""
    pairs = np.subtract.outer([each.score for each in good], [each.score for each in bad])
    return float((pairs > 0).mean() + (pairs == 0).mean() / 2)


if __name__ == "__main__":
    main()
