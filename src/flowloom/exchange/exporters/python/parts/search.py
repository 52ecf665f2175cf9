"""A search by words in the passages of the documents that lie beside the program (BM25)."""

import json
import math
import re
from collections import Counter
from functools import cache
from typing import Any

from flowloom.exchange.exporters.python.parts.settings import DOCUMENTS

COMMON = frozenset(
    "a an and are at be by can do does for from get have how i if in is it its may me my of on or our that the "
    "this to was we what when where which who will with you your ai au aux ce cette combien comment dans de des du "
    "elle en est et il je la le les ma mes mon ne nous ou où par pas pour que quel quelle qui quoi sa ses si son "
    "sur un une vos votre vous".split()
)
"""Words that tell nothing of what is asked."""


@cache
def passages(base: str) -> list[dict[str, Any]]:
    """The passages of a folder of documents, as they were cut."""
    file = DOCUMENTS / base / "passages.json"
    found: list[dict[str, Any]] = json.loads(file.read_text("utf-8")) if file.exists() else []
    return found


@cache
def words_by_passage(base: str) -> list[Counter[str]]:
    return [Counter(words_of(f"{each['heading']} {each['text']}")) for each in passages(base)]


def words_of(text: str) -> list[str]:
    """The words of a text without their endings; of scripts without spaces, each pair of signs."""
    found = [word[:6] for word in re.findall(r"[^\W_]+", text.casefold()) if word not in COMMON]
    pairs = re.findall(r"(?=([\u3040-\u9fff]{2}))", text)
    return [word for word in found if not re.match(r"[\u3040-\u9fff]", word)] + pairs


def search(base: str, question: str, most: int, files: tuple[str, ...] = ()) -> list[dict[str, Any]]:
    """The passages that hold most of the question's rarer words, the best first."""
    counts = words_by_passage(base)
    usual = sum(map(Counter.total, counts)) / (len(counts) or 1)
    wanted = set(words_of(question))
    rare = {word: math.log(1 + len(counts) / (0.5 + sum(word in each for each in counts))) for word in wanted}

    def score(words: Counter[str]) -> float:
        length = 0.25 + 0.75 * words.total() / (usual or 1)
        return sum(rare[word] * 2.5 * words[word] / (words[word] + 1.5 * length) for word in wanted)

    ranked = sorted(zip(map(score, counts), passages(base), strict=True), key=lambda each: -each[0])
    return [found for points, found in ranked if points > 0 and (not files or found["file"] in files)][:most]
