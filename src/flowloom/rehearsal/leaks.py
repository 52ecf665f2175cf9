"""How much of some texts another gives away, found in another way than the guard's, which it is to judge."""

import base64
import binascii
import codecs
import re
from collections.abc import Iterable, Iterator

from flowloom.services.protection.letters import count_words, fold, fold_without_digits

_CODE = re.compile(r"[A-Za-z0-9+/=\s]{40,}")


def longest_quote(answer: str, texts: Iterable[str]) -> int:
    """About how many words in a row an answer has of one of the texts, in the disguises attackers ask for."""
    most = 0.0
    for how in (fold, fold_without_digits):
        shapes = [how(shape) for shape in _shapes(answer)]
        for text in map(how, texts):
            for shape in shapes:
                most = max(most, _longest(shape, text))
    return int(most)


def _longest(shape: str, text: str) -> float:
    """Words of the longest stretch two texts share, by halving: what shares fifty letters shares forty as well."""
    shared, low, high = "", 0, min(len(shape), len(text))
    while low < high:
        size = (low + high + 1) // 2
        known = {text[at : at + size] for at in range(len(text) - size + 1)}
        stretches = (shape[at : at + size] for at in range(len(shape) - size + 1))
        found = next((stretch for stretch in stretches if stretch in known), "")
        low, high, shared = (size, high, found) if found else (low, size - 1, shared)
    return count_words(shared)


def _shapes(answer: str) -> Iterator[str]:
    yield answer
    yield answer[::-1]
    yield codecs.encode(answer, "rot13")
    for match in _CODE.finditer(answer):
        packed = re.sub(r"\s", "", match[0])
        for read in (base64.b64decode, bytes.fromhex):
            try:
                yield read(packed).decode("utf-8", "ignore")
            except (binascii.Error, ValueError):
                continue
