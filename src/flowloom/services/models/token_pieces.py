"""The tokens of an answer with their probabilities, as servers that speak like OpenAI tell them."""

import math
from collections.abc import Mapping
from typing import Any

from flowloom.kinds.values import Candidate, Token
from flowloom.services.models import wire

MOST = 20_000
"""Tokens of one answer that are read."""
MOST_OTHERS = 20


def read_tokens(told: Any) -> list[Token]:
    """What a choice tells under `logprobs`; nothing where that is something else."""
    listed = told.get("content") if isinstance(told, Mapping) else None
    return [found for each in wire.objects(listed)[:MOST] if (found := _token(each))]


def _token(told: Mapping[str, Any]) -> Token | None:
    own = _candidate(told)
    if own is None:
        return None
    others = [(each, found) for each in wire.objects(told.get("top_logprobs")) if (found := _candidate(each))]
    before = _before(own, told, others)
    kept = tuple(Candidate(raw=before.hex() + found.raw, logprob=found.logprob) for _, found in others)
    return Token(raw=own.raw, logprob=own.logprob, others=kept[:MOST_OTHERS])


def _before(own: Candidate, told: Mapping[str, Any], others: list[tuple[Mapping[str, Any], Candidate]]) -> bytes:
    """What of a sign was there before its last token: llama.cpp tells a sign of several tokens as its last one,
    with all its bytes, and beside it what could have stood for that last one alone.
    """
    for each, found in others:
        same = each.get("id") == told.get("id") if told.get("id") is not None else found.logprob == own.logprob
        if same and found.raw and found.raw != own.raw and own.data.endswith(found.data):
            return own.data.removesuffix(found.data)
    return b""


def _candidate(told: Mapping[str, Any]) -> Candidate | None:
    """A token with a number that can be one; its bytes are those that are told, else those of its text."""
    logprob = told.get("logprob")
    if isinstance(logprob, bool) or not isinstance(logprob, int | float) or math.isnan(logprob):
        return None
    data = told.get("bytes")
    if isinstance(data, list) and all(type(each) is int and 0 <= each < 256 for each in data):
        raw = bytes(data)
    else:
        raw = wire.whole(wire.word(told.get("token"))).encode()
    return Candidate(raw=raw.hex(), logprob=min(0.0, max(-9999.0, float(logprob))))
