"""An answer cut into what can be shown: signs that are made of several tokens stay together."""

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from flowloom.kinds.values import Candidate, Token


@dataclass(frozen=True)
class Choice:
    """What could have stood in a place. `begun` is the answer up to and with it; None where it ends in the midst
    of a sign, or ends the answer, so that nobody can go on from it.
    """

    text: str
    chance: float
    begun: str | None
    is_own: bool = False


@dataclass(frozen=True)
class Place:
    """One token within a piece."""

    chance: float
    choices: tuple[Choice, ...]


@dataclass(frozen=True)
class Piece:
    """One or more whole signs; `text` is "" where the model ended its answer."""

    text: str
    chance: float
    places: tuple[Place, ...]

    @property
    def is_end(self) -> bool:
        return not self.text


def pieces_of(tokens: Sequence[Token], begun: str = "") -> list[Piece]:
    """The pieces of an answer that goes on from a beginning."""
    found, before = [], begun.encode()
    for group in _groups(tokens):
        data = b"".join(token.data for token in group)
        places, at = [], before
        for token in group:
            places.append(Place(math.exp(token.logprob), tuple(_choices(token, at))))
            at += token.data
        chance = math.exp(sum(token.logprob for token in group))
        found.append(Piece(data.decode("utf-8", "replace"), chance, tuple(places)))
        before = at
    return found


def sureness(tokens: Iterable[Token]) -> float | None:
    """The mean log probability, None of nothing."""
    told = [token.logprob for token in tokens]
    return sum(told) / len(told) if told else None


def _groups(tokens: Sequence[Token]) -> Iterator[list[Token]]:
    """Tokens that make up whole signs together."""
    group, held = list[Token](), b""
    for token in tokens:
        group.append(token)
        held += token.data
        if not _is_cut(held):
            yield group
            group, held = [], b""
    if group:
        yield group


def _is_cut(data: bytes) -> bool:
    """Whether bytes end in the midst of a sign; those that can never become one do not."""
    try:
        data.decode()
    except UnicodeDecodeError as error:
        return error.reason == "unexpected end of data"
    return False


def _choices(token: Token, before: bytes) -> Iterator[Choice]:
    own = Candidate(raw=token.raw, logprob=token.logprob)
    others = [each for each in token.others if each.raw != token.raw]
    for each in sorted((own, *others), key=lambda each: -each.logprob):
        yield _choice(each, before, is_own=each is own)


def _choice(candidate: Candidate, before: bytes, *, is_own: bool) -> Choice:
    """Shown with what of its first sign stood before it, so that a sign is a sign."""
    try:
        begun = (before + candidate.data).decode()
    except UnicodeDecodeError:
        text = _loose(before, candidate.data)
        return Choice(text, math.exp(candidate.logprob), None, is_own)
    known = before.decode("utf-8", "ignore")
    return Choice(begun[len(known) :], math.exp(candidate.logprob), begun if candidate.raw else None, is_own)


def _loose(before: bytes, data: bytes) -> str:
    """What of cut bytes can be shown, and the rest as numbers."""
    known = len(before.decode("utf-8", "ignore").encode())
    whole = before[known:] + data
    text = whole.decode("utf-8", "ignore")
    return text + "".join(f"‹{byte:02X}›" for byte in whole[len(text.encode()) :])
