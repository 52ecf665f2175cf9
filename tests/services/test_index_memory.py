"""What an index takes while it is made and read: hardly more than its vectors, and right whatever came and went."""

import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import faiss
import numpy as np
import pytest

from flowloom.services.knowledge import vectors
from flowloom.services.knowledge.vectors import Rows, changed, ids_in, is_graph, nearest, nearness, new_index

ROOT = Path(__file__).parents[2]


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="only Linux tells the most a process took")
def test_an_ingest_takes_little_more_memory_than_its_index() -> None:
    """In a process of its own, as the most a process ever took cannot be taken back; before, it was 2.3 times."""
    command = [sys.executable, "-m", "benchmarks.meaning", "given", "10000", "60"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=240, check=True)
    assert json.loads(done.stdout)["memory"] < 1.7


def rows(*numbers: int) -> Rows:
    """For each number a vector that is nearest to itself."""
    filled = Rows.to_fill(len(numbers), 32)
    for row, number in zip(filled.vectors, numbers, strict=True):
        row[:] = np.random.default_rng(number).standard_normal(32, dtype=np.float32)
        row /= np.linalg.norm(row)
    return filled


def found(index: object, number: int) -> int:
    return nearest(index, rows(number).vectors[0], 1, None)[0][0]


CASES = [
    ([], [], [1, 2, 3]),
    ([1, 2, 3], [], [4]),
    ([1, 2, 3], [2], []),
    ([1, 2, 3], [1], [4, 5]),
    ([1, 2, 3], [1, 2, 3], []),
    ([1, 2, 3], [1, 2, 3], [4]),
    (list(range(1, 9)), [2, 5, 8], [20, 21]),
]


@pytest.mark.parametrize("graph_from", [2, 4, 50_000])
@pytest.mark.parametrize(("first", "gone", "more"), CASES)
def test_an_index_knows_what_is_there_and_nothing_else(
    monkeypatch: pytest.MonkeyPatch, graph_from: int, first: Sequence[int], gone: Sequence[int], more: Sequence[int]
) -> None:
    monkeypatch.setattr(vectors, "HNSW_FROM", graph_from)
    monkeypatch.setattr(vectors, "_PIECE", 2)
    before = rows(*first).indexed(first)
    live = sorted({*first} - {*gone}) + list(more)
    after = changed(before, gone, more, rows(*more), live)
    assert [found(after, number) for number in live] == live
    assert {*ids_in(after)} >= {*live}
    if not is_graph(after):
        assert sorted(ids_in(after)) == sorted(live)
    assert [found(before, number) for number in first] == list(first)  # it answers until the new one is named


def test_rows_that_fill_an_index_are_not_copied() -> None:
    filled = rows(7, 8)
    index = filled.indexed([70, 80])
    filled.vectors[0] = 0
    assert not index.reconstruct(70).any()
    assert index.reconstruct(80) == pytest.approx(rows(8).vectors[0])


def test_fewer_rows_than_there_was_room_for_make_an_index_too() -> None:
    index = rows(7, 8, 9).indexed([70, 80])
    assert sorted(ids_in(index)) == [70, 80]
    assert found(index, 8) == 80


def test_an_index_that_was_filled_is_one_like_any_other(tmp_path: Path) -> None:
    ours, theirs = rows(1, 2, 3).indexed([4, 5, 6]), new_index([4, 5, 6], rows(1, 2, 3).vectors)
    assert faiss.serialize_index(ours).tobytes() == faiss.serialize_index(theirs).tobytes()


def test_of_what_has_no_vector_nothing_is_told() -> None:
    filled = rows(1, 2)
    filled.vectors[1] = 0
    near = nearness(filled.indexed([10, 20]), rows(1).vectors[0], [10, 20, 30])
    assert near == {10: pytest.approx(1.0)}
