"""How many texts a server of embeddings takes at once, found out by halving and remembered per model.

Nobody documents it the same way: 10, 32 or 2,048 texts, or so many tokens in all; refused with 400, 413, 422 or
500.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from flowloom.services.models.refusals import READ, detail_of, status_of

AT_ONCE = 64
LONGEST = 8_000
"""Characters of one text that are sent."""
SHORTEST = 200
"""A text this short is not cut any more."""

Vectors = list[list[float]]
Ask = Callable[[Sequence[str]], Vectors]
_SIZE = tuple(
    "batch|too large|too many|exceed|maximum|limit|at most|less than|larger than|greater than|array|"
    "number of inputs".split("|")
)
_LENGTH = ("token", "context", "character", "too long", "sequence", "payload", "entity too", "out of memory")
_OTHER = re.compile(
    r"model\b.{0,60}\b(?:not found|unknown|not exist|invalid|not supported)|(?:unknown|invalid|no such) model|"
    r"api.?key|credential"
)
_NUMBER = re.compile(
    r"(?:larger than|greater than|at most|maximum|limit|exceed\w{0,4}|up to|less than)\D{0,40}(\d{1,5})"
)


@dataclass
class Fit:
    """What a model's server was found to take: so many texts, and so many characters in all (0 for any number)."""

    texts: int = AT_ONCE
    characters: int = 0


_FITS: dict[str, Fit] = {}
"""By server and model, for as long as the process lives."""


def fit_of(name: str) -> Fit:
    return _FITS.setdefault(name, Fit())


def embed_all(texts: Sequence[str], fit: Fit, ask: Ask) -> Vectors:
    """A vector for each text, in order; `ask` raises what the library raises."""
    found: Vectors = []
    while len(found) < len(texts):
        batch = _next_batch(texts[len(found) :], fit)
        try:
            found += ask(batch)
        except Exception as error:
            if len(batch) == 1:
                found.append(_in_parts(batch[0], ask, error))
            elif not is_about_size(error):
                found += _one_first(batch, ask, error)
                _learn(fit, batch, error)
            else:
                _learn(fit, batch, error)
    return found


def _next_batch(texts: Sequence[str], fit: Fit) -> Sequence[str]:
    batch = texts[: fit.texts]
    if not fit.characters:
        return batch
    length = 0
    for count, text in enumerate(batch):
        length += len(text)
        if count and length > fit.characters:
            return batch[:count]
    return batch


def _learn(fit: Fit, batch: Sequence[str], error: Exception) -> None:
    said = detail_of(error).lower()
    if _is_about_length(error):
        fit.characters = max(sum(map(len, batch)) // 2, 1)
        fit.texts = min(fit.texts, max(len(batch) - 1, 1))
        return
    named = _NUMBER.search(said[:READ])
    half = len(batch) // 2
    fit.texts = int(named[1]) if named and 0 < int(named[1]) < len(batch) else half


def _one_first(batch: Sequence[str], ask: Ask, error: Exception) -> Vectors:
    """A refusal that does not say why: where one text alone passes, it was about their number."""
    if status_of(error) not in (400, 422) or _OTHER.search(detail_of(error).lower()[:READ]):
        raise error
    try:
        return ask(batch[:1])
    except Exception:
        raise error from None


def _in_parts(text: str, ask: Ask, error: Exception) -> list[float]:
    """The vector of a text that is too long by itself: the mean of its halves, each weighed by its length."""
    if len(text) <= SHORTEST or not (is_about_size(error) and _is_about_length(error)):
        raise error
    middle = text.rfind(" ", len(text) // 4, len(text) * 3 // 4)
    middle = middle if middle > 0 else len(text) // 2
    weighed = []
    for part in (text[:middle], text[middle:]):
        try:
            vector = ask([part])[0]
        except Exception as again:
            vector = _in_parts(part, ask, again)
        weighed.append((len(part), vector))
    return [sum(size * vector[at] for size, vector in weighed) for at in range(len(weighed[0][1]))]


def is_about_size(error: Exception) -> bool:
    """Whether a server says that texts are too many or too long, so that fewer may pass."""
    status, said = status_of(error), detail_of(error).lower()
    if status == 413:
        return True
    known = status in (400, 422, 500) and not _OTHER.search(said[:READ])
    return known and any(word in said for word in (*_SIZE, *_LENGTH))


def _is_about_length(error: Exception) -> bool:
    return status_of(error) == 413 or any(word in detail_of(error).lower() for word in _LENGTH)
