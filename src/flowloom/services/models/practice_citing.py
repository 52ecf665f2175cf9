"""How the practice model answers from passages: it quotes the sentences that fit the question."""

import math
import re
from collections import Counter
from collections.abc import Mapping, Sequence

from flowloom.kinds.values import Passage
from flowloom.services.synonyms import meanings
from flowloom.words import language_of, sentences, terms

MOST = 3
"""Sentences that are quoted."""
_AS_GOOD = 0.85
"""Of the best passage's relevance, from which on the second is quoted as well."""
_GLUE = re.compile("[我你您他她它的了吗呢吧啊们是在和与请]|什么|怎么|可以|时候")


def cite(question: str, passages: Sequence[Passage]) -> list[tuple[int, str]]:
    """What to quote, as (number of the passage, sentence), in reading order: by words, else by meaning."""
    by_words = fitting_sentences(question, [passage.text for passage in passages])
    if by_words and (by_words[0][0] == 0 or any(_covers(sentence, question) for _, sentence in by_words)):
        return by_words
    return _by_meaning(passages) or by_words


def _by_meaning(passages: Sequence[Passage]) -> list[tuple[int, str]]:
    """The sentences by which a search found the first passages, each with what follows it."""
    told = [
        (number, each)
        for number, each in enumerate(passages[:2])
        if each.why and each.why.sentence and each.text.strip()
    ]
    if not told or told[0][0] > 0:
        return []
    good = [(number, each) for number, each in told if each.score >= told[0][1].score * _AS_GOOD]
    chosen: list[tuple[int, str]] = []
    for number, passage in good:
        split = sentences(passage.text) or [passage.text]
        at = split.index(passage.why.sentence) if passage.why and passage.why.sentence in split else 0
        # A question in a list of questions and answers is answered by what follows it.
        at += split[at].endswith(("?", "？")) and at + 1 < len(split)
        chosen += [(number, sentence) for sentence in split[at : at + (MOST if len(good) == 1 else 2)]]
    return chosen


def fitting_sentences(question: str, texts: Sequence[str], most: int = MOST) -> list[tuple[int, str]]:
    """The sentences nearest to a question, as (number of the text, sentence), in reading order."""
    # A bare figure and a mention of time are in too many sentences to say that one fits.
    wanted = {term for term in terms(question) if not (term.isdigit() and len(term) < 3)}
    wanted |= meanings(question) - {"≈date"}
    found: dict[str, tuple[int, int, set[str]]] = {}
    for number, text in enumerate(texts):
        split = sentences(text)
        for at, sentence in enumerate(split):
            # A question in a list of questions and answers is answered by what follows it.
            answer = split[at + 1] if sentence.endswith(("?", "？")) and at + 1 < len(split) else sentence
            hits = wanted & (set(terms(sentence)) | meanings(sentence))
            known = found.get(answer, (number, at, set()))
            found[answer] = (known[0], known[1], known[2] | hits)
    seen = Counter(term for _, _, hits in found.values() for term in hits)
    worth = {term: math.log(1 + len(found) / count) for term, count in seen.items()}
    scores = {
        sentence: sum(worth[term] for term in sorted(hits)) / (1 + 0.1 * number)
        for sentence, (number, _, hits) in found.items()
        if hits and len(sentence) > 3
    }
    best = sorted(scores, key=lambda sentence: (-scores[sentence], found[sentence][:2]))[:most]
    # What stands beside the best sentence belongs to it sooner than what stands elsewhere.
    good = [
        sentence
        for sentence in best
        if scores[sentence] >= scores[best[0]] * (0.35 if found[sentence][0] == found[best[0]][0] else 0.6)
    ]
    if good and not _covers(best[0], question):
        good = _with_neighbours(good, found, found[best[0]][:2], most)
    return [(found[sentence][0], sentence) for sentence in sorted(good, key=lambda each: found[each][:2])]


def _covers(sentence: str, question: str) -> bool:
    """Whether a sentence has most of what a question is about; in Chinese, half of its characters."""
    if language_of(question) == "zh":
        asked = [letter for letter in _GLUE.sub("", question) if letter.isalnum()]
        return sum(letter in sentence for letter in asked) >= len(asked) / 2
    told = set(terms(sentence)) | meanings(sentence)
    asked = [word for word in dict.fromkeys(terms(question)) if not word.isdigit()]
    return sum(word in told or bool(meanings(word) & told) for word in asked) > len(asked) / 2


def _with_neighbours(
    chosen: list[str], found: Mapping[str, tuple[int, int, set[str]]], place: tuple[int, int], most: int
) -> list[str]:
    """What else stands nearest to the best sentence in its passage, as that alone may not be the answer."""
    beside = [each for each, (number, _, _) in found.items() if number == place[0] and each not in chosen]
    beside = [each for each in beside if len(each) > 3]
    beside.sort(key=lambda each: abs(found[each][1] - place[1]))
    return [*chosen, *beside[: max(0, most - len(chosen))]]
