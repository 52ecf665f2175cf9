"""The forward pass of the built-in encoder over many texts, what depends on a token alone made once for it.

The first convolution of each branch sees vectors of single tokens, whatever their places. Texts have few different
tokens, so its products are made once for each of those and only added up where tokens meet. That is half of the
work of the package's own pass, with the same vectors but for rounding.
"""

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.lib.stride_tricks import as_strided
from numpy.typing import NDArray

Vectors = NDArray[np.float32]
Places = NDArray[np.int64]

_BRANCHES = ((2, 0), (3, 1), (5, 2))
"""How many tokens each branch sees at once, and how many of them stand before the one in question."""
_WIDTH, _CHANNELS = 512, 256
_GAP = 4
"""Empty places around each text, so that no branch sees into the text beside it."""
_AT_ONCE = 600
"""Tokens whose features are made at once: they fit into the cache of a processor."""


class _Tokens(NamedTuple):
    """What is known of each different token: `products` by branch, a row for each step of its window."""

    own: Vectors
    inputs: Vectors
    products: list[Vectors]


def encode(model: Any, texts: Sequence[Sequence[int]]) -> Vectors:
    """A row of 512 numbers, of length 1, for each text given as its tokens; `model` holds the package's weights."""
    lengths = [len(text) for text in texts]
    different, which = np.unique(np.concatenate([np.asarray(text) for text in texts]), return_inverse=True)
    known = _tokens(model, different)
    sums = np.empty((len(texts), _WIDTH + len(_BRANCHES) * _CHANNELS), np.float32)
    first, done = 0, 0
    for count in _groups(lengths):
        some = lengths[first : first + count]
        places, starts = _layout(some, which[done : done + sum(some)], len(different))
        features = _features(model, known, places)
        for at, (start, length) in enumerate(zip(starts, some, strict=True), first):
            sums[at] = features[start : start + length].sum(axis=0)
        first, done = first + count, done + sum(some)
    return _projected(model, sums, np.asarray(lengths, np.float32)[:, None])


def _tokens(model: Any, different: Places) -> _Tokens:
    chunk = different % len(model.scale)
    own = model.table[different] * model.scale[chunk, None] + model.lo[chunk, None]
    inputs = own @ model.proj_W
    inputs += model.proj_b
    _normalize(inputs, model.ln_g_all, model.ln_b_all, model.eps)
    products = []
    for branch, (seen, _) in enumerate(_BRANCHES):
        weights = model.w1[branch].reshape(seen, _CHANNELS, _CHANNELS).transpose(1, 0, 2).reshape(_CHANNELS, -1)
        made = np.zeros((len(different) + 1, seen * _CHANNELS), np.float32)  # the last row is of an empty place
        np.matmul(_of(inputs, branch), weights, out=made[:-1])
        products.append(made.reshape(-1, _CHANNELS))
    return _Tokens(own, inputs, products)


def _groups(lengths: Sequence[int]) -> Iterator[int]:
    """How many of the next texts are taken together; one that is longer is taken alone."""
    count = tokens = 0
    for length in lengths:
        if count and tokens + length > _AT_ONCE:
            yield count
            count = tokens = 0
        count, tokens = count + 1, tokens + length
    if count:
        yield count


def _layout(lengths: Sequence[int], which: Places, empty: int) -> tuple[Places, list[int]]:
    """The tokens of some texts in one row, `empty` in the gaps around them; and where each text begins."""
    places = np.full(sum(lengths) + _GAP * (len(lengths) + 1), empty)
    starts, begin, done = [], _GAP, 0
    for length in lengths:
        places[begin : begin + length] = which[done : done + length]
        starts.append(begin)
        begin, done = begin + length + _GAP, done + length
    return places, starts


def _features(model: Any, known: _Tokens, places: Places) -> Vectors:
    """A row for each place: the numbers of its token, and of what the three branches see around it."""
    tokens = np.minimum(places, len(known.own) - 1)
    is_token = (places == tokens)[:, None].astype(np.float32)
    features = np.empty((len(places), _WIDTH + len(_BRANCHES) * _CHANNELS), np.float32)
    features[:, :_WIDTH] = known.own[tokens]
    for branch, (seen, before) in enumerate(_BRANCHES):
        # Gaps before and after, too, for the windows at both ends.
        row = np.zeros((len(places) + 2 * _GAP, _CHANNELS), np.float32)
        hidden = row[_GAP : _GAP + len(places)]
        _add_products(hidden, known.products[branch], places, seen, before)
        hidden += model.b1[branch]
        np.maximum(hidden, 0, out=hidden)
        hidden += _of(known.inputs, branch)[tokens]
        hidden *= is_token
        # Neighbours lie behind one another, so a window is a longer row that begins at the same place.
        shape, step = (len(places), seen * _CHANNELS), row.itemsize
        windows = as_strided(row[_GAP - before :], shape, (_CHANNELS * step, step), writeable=False)
        second = np.ascontiguousarray(windows) @ model.w2[branch]
        second += model.b2[branch]
        np.maximum(second, 0, out=second)
        np.add(second, hidden, out=_of(features[:, _WIDTH:], branch))
    _normalize(features, model.ln_g, model.ln_b, model.eps)
    return features


def _add_products(hidden: Vectors, products: Vectors, places: Places, seen: int, before: int) -> None:
    at = np.arange(len(places))
    for step in range(seen):
        beside = places[np.clip(at + step - before, 0, len(places) - 1)]
        hidden += products[beside * seen + step]


def _projected(model: Any, sums: Vectors, lengths: Vectors) -> Vectors:
    """The layers that come after the tokens of a text were added up."""
    mean = (sums @ model.cnn_W + lengths * model.cnn_b) / np.sqrt(lengths)
    inner = np.maximum(mean @ model.d0, 0)
    outer = np.maximum(mean @ model.p1 + inner @ model.d1, 0)
    found = np.tanh(outer @ model.p3 + np.maximum(outer @ model.d2, 0) @ model.d3)
    made: Vectors = found / np.sqrt(np.maximum(np.einsum("ij,ij->i", found, found), model.eps))[:, None]
    return made


def _of(rows: Vectors, branch: int) -> Vectors:
    return rows[:, branch * _CHANNELS : (branch + 1) * _CHANNELS]


def _normalize(rows: Vectors, gamma: Vectors, beta: Vectors, eps: float) -> None:
    rows -= rows.mean(axis=-1, keepdims=True)
    spread = np.einsum("ij,ij->i", rows, rows) / rows.shape[-1]
    rows *= np.reciprocal(np.sqrt(spread + eps))[:, None]
    rows *= gamma
    rows += beta
