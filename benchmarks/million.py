"""`python -m benchmarks.million [vectors] [--ways ...]`: indexes for more passages than one base has had so far.

Random vectors of 512 numbers, which are the hardest case, as none is near to any other; and grouped ones, as those
of texts are, around one centre for every fifty. Recall is the share of the ten nearest by comparing all that an
index finds; the questions are vectors close to some that are in it. Memory is what the index takes on disk, which
it also takes when loaded.
"""

import argparse
import statistics
import time
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import faiss
import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]
SIZE, QUESTIONS, NEAREST, PART = 512, 100, 10, 50_000
GROUPED = 50
"""Vectors around one centre."""


class Way(NamedTuple):
    """A recipe of FAISS's index factory, and how hard a search tries."""

    recipe: Callable[[int], str]
    effort: dict[str, int]


WAYS = {
    "all compared": Way(lambda count: "Flat", {}),
    "IVF, 8 bits a number": Way(lambda count: f"IVF{_lists(count)},SQ8", {"nprobe": 32}),
    "IVF-PQ, 64 bytes": Way(lambda count: f"IVF{_lists(count)},PQ64", {"nprobe": 32}),
    "HNSW, 8 bits a number": Way(lambda count: "HNSW32_SQ8", {"efSearch": 96}),
    "HNSW": Way(lambda count: "HNSW32", {"efSearch": 96}),
}


def _lists(count: int) -> int:
    """Training takes far longer with more lists than this, and saves little."""
    return int(2 ** round(np.log2(max(count, 16) ** 0.5)))


def vectors(count: int, grouped: bool) -> Iterator[Vectors]:
    """Rows of length 1, some at a time, always the same."""
    chance = np.random.default_rng(11)
    centres = _unit(chance.standard_normal((max(1, count // GROUPED), SIZE), np.float32)) if grouped else None
    for begin in range(0, count, PART):
        some = _unit(chance.standard_normal((min(PART, count - begin), SIZE), np.float32))
        if centres is not None:
            some = _unit(centres[chance.integers(0, len(centres), len(some))] + some)
        yield some


def _unit(rows: Vectors) -> Vectors:
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    return rows


def questions(count: int, grouped: bool) -> Vectors:
    first = next(vectors(count, grouped))[:QUESTIONS]
    noise = _unit(np.random.default_rng(13).standard_normal(first.shape, np.float32))
    return _unit(first + noise)


def measured(way: Way, count: int, grouped: bool, asked: Vectors, right: Any) -> tuple[str, Any]:
    """A row of the table, and what was found."""
    index = faiss.index_factory(SIZE, way.recipe(count), faiss.METRIC_INNER_PRODUCT)
    began = time.perf_counter()
    if not index.is_trained:
        index.train(next(vectors(count, grouped)))
    for some in vectors(count, grouped):
        index.add(some)
    built = time.perf_counter() - began
    space = faiss.ParameterSpace()
    for name, value in way.effort.items():
        space.set_index_parameter(index, name, value)
    threads = faiss.omp_get_max_threads()
    faiss.omp_set_num_threads(1)
    taken, found = [], []
    for question in asked:
        began = time.perf_counter()
        found.append(index.search(question.reshape(1, -1), NEAREST)[1][0])
        taken.append(time.perf_counter() - began)
    faiss.omp_set_num_threads(threads)
    recall = (
        1.0
        if right is None
        else statistics.fmean(
            len(set(each.tolist()) & set(wanted.tolist())) / NEAREST
            for each, wanted in zip(found, right, strict=True)
        )
    )
    size = _size(index) / 2**20
    return f"{built:,.0f} s | {size:,.0f} MB | {statistics.median(taken) * 1000:.1f} ms | {recall:.2f}", found


def _size(index: Any) -> int:
    class Counter:
        total = 0

        def __call__(self, piece: bytes) -> None:
            self.total += len(piece)

    counted = Counter()
    faiss.write_index(index, getattr(faiss, "PyCallbackIOWriter")(counted, 1 << 20))  # noqa: B009
    return counted.total


def main() -> None:
    parsed = argparse.ArgumentParser()
    parsed.add_argument("count", nargs="?", type=int, default=1_000_000)
    parsed.add_argument("--ways", nargs="+", default=list(WAYS)[:4], choices=list(WAYS))
    parsed.add_argument("--data", nargs="+", default=["random", "grouped"], choices=["random", "grouped"])
    wanted = parsed.parse_args()
    print(f"| {wanted.count:,} vectors | | build | memory | a question | recall of the {NEAREST} nearest |")
    print("|---|---|---:|---:|---:|---:|", flush=True)
    for data in wanted.data:
        grouped, right = data == "grouped", None
        asked = questions(wanted.count, grouped)
        for name in dict.fromkeys(["all compared", *wanted.ways]):
            row, found = measured(WAYS[name], wanted.count, grouped, asked, right)
            right = right or found
            print(f"| {data} | {name} | {row} |", flush=True)


if __name__ == "__main__":
    main()
