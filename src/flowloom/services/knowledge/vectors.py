"""FAISS indexes of passages by their ids: exact while there are few, a graph (HNSW) from many on."""

from collections.abc import Collection, Sequence
from typing import Any, Self

import faiss
import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]

HNSW_FROM = 50_000
_NEIGHBOURS = 32
_EFFORT = 96
"""How many candidates a search in the graph keeps."""
_DEAD = 0.1
"""The share of removed passages from which a graph, which cannot forget, is made anew."""
_PIECE = 4_096
"""Rows that are copied at once."""
_FEW = 0.2
"""The share of allowed passages under which comparing each is better than walking the graph."""


def new_index(ids: Sequence[int], vectors: Vectors) -> Any:
    size = max(1, vectors.shape[1])
    inner: Any
    if len(ids) >= HNSW_FROM:
        inner = faiss.IndexHNSWFlat(size, _NEIGHBOURS, faiss.METRIC_INNER_PRODUCT)
        inner.hnsw.efSearch = _EFFORT
    else:
        inner = faiss.IndexFlatIP(size)
    index = faiss.IndexIDMap2(inner)
    if len(ids):
        index.add_with_ids(vectors, np.asarray(ids, dtype=np.int64))
    return index


class _Inside:
    """The memory of a flat index as NumPy sees it; it lives as long as what is looked at through this."""

    def __init__(self, index: Any, flat: Any, count: int, size: int) -> None:
        self._index = index
        # Not in the stubs of faiss.
        place = getattr(faiss, "rev_swig_ptr")(flat.get_xb(), count * size).ctypes.data  # noqa: B009
        self.__array_interface__ = {"shape": (count, size), "typestr": "<f4", "data": (place, False), "version": 3}


class Rows:
    """Vectors on their way into an index. Those that fill one from the start are in memory only once."""

    def __init__(self, vectors: Vectors, index: Any | None = None) -> None:
        self.vectors = vectors
        self._index = index

    @classmethod
    def to_fill(cls, count: int, size: int) -> Self:
        """So many rows of zeros, each with so many numbers."""
        rows = np.zeros((count, size), np.float32)  # takes no memory before something is written into it
        if not count or count >= HNSW_FROM:
            return cls(rows)
        flat = faiss.IndexFlatIP(size)
        index = faiss.IndexIDMap2(flat)
        index.add_with_ids(rows, np.arange(count, dtype=np.int64))
        return cls(np.asarray(_Inside(index, flat, count, size)), index)

    def indexed(self, ids: Sequence[int]) -> Any:
        """The index of the first of them under these ids, one for each."""
        if self._index is None or len(ids) != len(self.vectors):
            return new_index(ids, self.vectors[: len(ids)])
        faiss.copy_array_to_vector(np.asarray(ids, dtype=np.int64), self._index.id_map)
        self._index.construct_rev_map()
        return self._index


def changed(index: Any, gone: Collection[int], ids: Sequence[int], rows: Rows, live: Sequence[int]) -> Any:
    """Another index without some passages and with others; `live` are all that there are then."""
    graph = is_graph(index)
    dead = index.ntotal + len(ids) - len(live)
    if not graph or not index.ntotal or dead > index.ntotal * _DEAD:
        return _made_anew(index, ids, rows, live)
    made = faiss.clone_index(index)
    if len(ids):
        made.add_with_ids(rows.vectors, np.asarray(ids, dtype=np.int64))
    return made


def _made_anew(index: Any, ids: Sequence[int], rows: Rows, live: Sequence[int]) -> Any:
    known = faiss.vector_to_array(index.id_map)
    kept = np.isin(known, np.asarray(live, dtype=np.int64))
    if not kept.any():
        return rows.indexed(ids)
    both = Rows.to_fill(int(kept.sum()) + len(ids), index.d)
    done = 0
    for begin in range(0, index.ntotal, _PIECE):
        old = index.index.reconstruct_n(begin, min(_PIECE, index.ntotal - begin))[kept[begin : begin + _PIECE]]
        both.vectors[done : done + len(old)] = old
        done += len(old)
    if len(ids):
        both.vectors[done:] = rows.vectors
    return both.indexed([*known[kept].tolist(), *ids])


def ids_in(index: Any) -> list[int]:
    """The passages an index knows, also those a graph could not forget."""
    found: list[int] = faiss.vector_to_array(index.id_map).tolist()
    return found


def is_graph(index: Any) -> bool:
    return isinstance(faiss.downcast_index(index.index), faiss.IndexHNSW)


def nearest(index: Any, vector: Vectors, most: int, allowed: Sequence[int] | None) -> list[tuple[int, float]]:
    """The nearest passages among those allowed, or all; their ids and how near they are."""
    if not index.ntotal or most < 1 or (allowed is not None and not len(allowed)):
        return []
    query = vector.reshape(1, -1)
    if allowed is None:
        scores, ids = index.search(query, min(most, index.ntotal))
    elif is_graph(index) and len(allowed) < index.ntotal * _FEW:
        return _by_each(index, vector, most, allowed)
    else:
        chosen = faiss.IDSelectorBatch(np.asarray(allowed, dtype=np.int64))
        # Not in the stubs of faiss.
        made = getattr(faiss, "SearchParametersHNSW" if is_graph(index) else "SearchParameters")
        effort = {"efSearch": _EFFORT} if is_graph(index) else {}
        scores, ids = index.search(query, min(most, len(allowed)), params=made(sel=chosen, **effort))
    return [(int(id), float(score)) for score, id in zip(scores[0], ids[0], strict=True) if id >= 0]


def nearness(index: Any, vector: Vectors, ids: Collection[int]) -> dict[int, float]:
    """How near some passages are, left out those of which no vector tells: one of zeros, or none at all."""
    near = {id: _nearness(index, vector, id) for id in ids}
    return {id: score for id, score in near.items() if score}


def _nearness(index: Any, vector: Vectors, id: int) -> float:
    try:
        return float(index.reconstruct(id) @ vector)
    except RuntimeError:  # not among them
        return 0.0


def _by_each(index: Any, vector: Vectors, most: int, allowed: Sequence[int]) -> list[tuple[int, float]]:
    known = np.intersect1d(np.asarray(allowed, dtype=np.int64), faiss.vector_to_array(index.id_map))
    scores = np.asarray([float(index.reconstruct(int(id)) @ vector) for id in known])
    return [(int(known[at]), float(scores[at])) for at in np.argsort(-scores, kind="stable")[:most]]
