"""The templates nearest to what a person wishes for: in meaning, and by the words they share."""

import math
import re
import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from flowloom.errors import FlowloomError
from flowloom.locales import LANGUAGES
from flowloom.services.knowledge.sentence_encoder import SentenceEncoder, built_in
from flowloom.services.synonyms import meanings
from flowloom.store.templates import Template, templates, templates_folder
from flowloom.words import language_of, likeness, terms

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

LONGEST_WISH = 1_000
"""Letters of a wish that are read: each word that no template has is compared with all their words."""
MOST = 3
SHOWN = 4
"""Words that say why."""
WRITTEN_IN = ("en", "fr", "zh")
"""The languages of the lines in `words.toml`."""
LEAST = 0.3
"""How near a template has to be. Learned from descriptions of templates and of other things; more templates do not
move it, as each is compared with the description alone."""
SHARE = 0.6
"""How near the others have to come to the first."""
WORDS = 0.05
"""What a point by words adds to how near a template is in meaning."""
UNTOLD = 0.19
"""The same where the description is in a language that no meaning is known of."""
WEIGHTS = {"words": 3.0, "name": 3.0, "description": 2.0, "tags": 2.0, "starters": 0.5}
MEANING = 0.5
ALIKE = 0.6
"""From which likeness on a word is taken for another that was misspelt."""
FULL, LENGTH = 1.2, 0.3
"""BM25: how soon more mentions say nothing more, and how much a long text counts for less."""

# What people say of any GPT, so that it tells none from another.
_ANY = frozenset(
    terms(
        "gpt chatgpt ai ia bot chatbot robot assistant help helper helps helpful useful utile "
        "want need like make build create write "
        "answer answers question questions ask give use know good new someone people person user message talk say "
        "work day aide aider veux voudrais besoin creer faire construire ecrire repondre reponse demander donner "
        "utiliser savoir bon nouveau quelqu personne parler dire travail jour capable permet "
        "机器人 助手 帮助 帮忙 帮我 想要 需要 制作 创建 一个 一款 能够 回答 问题 用户 使用 人们 自动 智能 聊天 根据"
    )
)


Counts = dict[str, float]
"""How much each word weighs."""


class Nearest(NamedTuple):
    """A template, how near it is, and the words of the wish that led to it."""

    template: Template
    score: float
    words: tuple[str, ...]


def find_nearest(wish: str, language: str = "en") -> list[Nearest]:
    """At most three templates in that language, the nearest first; none where nothing is close."""
    index, wish = _index(), wish[:LONGEST_WISH]
    asked = [word for word in dict.fromkeys(terms(wish)) if word not in _ANY]
    if not asked:
        return []  # what is said of any GPT
    asked += sorted(meanings(wish))
    meant = _nearness(wish)
    nearest, found = {word: index.near(word) for word in asked}, []
    for template in templates(language):
        hits = {word: score for word, near in nearest.items() if (score := index.score(template.id, near))}
        by_words = sum(hits.values())
        score = meant[template.id] + WORDS * by_words if meant else UNTOLD * by_words
        found.append(Nearest(template, score, _as_written(wish, hits)))
    found.sort(key=lambda each: -each.score)
    best = found[0].score if found else 0.0
    return [each for each in found[:MOST] if each.score >= max(LEAST, best * SHARE)]


def covers(template: Template, text: str) -> float:
    """How many of the words of a text a template says something of, from 0 to 1; 0 for a text without words."""
    index = _index()
    asked = [word for word in dict.fromkeys(terms(text[:LONGEST_WISH])) if word not in _ANY]
    known = sum(index.score(template.id, index.near(word)) > 0 for word in asked)
    return known / len(asked) if asked else 0.0


def _nearness(wish: str) -> dict[str, float]:
    """How near each template is in meaning to a wish; empty where no meaning is known of its language."""
    encoder = built_in()
    try:
        vector = encoder.embed_query(wish) if encoder else None
    except FlowloomError:  # this computer cannot load it: words answer
        vector = None
    if encoder is None or vector is None or not vector.any():
        return {}
    return {id: max(0.0, float((vectors @ vector).max())) for id, vectors in _meanings().items()}


@cache
def _meanings() -> dict[str, "NDArray[np.float32]"]:
    """What each template is about, and the words people ask for it by, as vectors in all languages."""
    asked_by = tomllib.loads((templates_folder() / "words.toml").read_text("utf-8"))
    texts: dict[str, list[str]] = {}
    for language in LANGUAGES:
        for template in templates(language):
            flow = template.flow
            texts.setdefault(template.id, asked_by.get(template.id, "").strip().splitlines())
            texts[template.id].append(f"{flow.name}: {flow.description}")
    return {id: SentenceEncoder().embed_documents(some) for id, some in texts.items()}


def language_of_wish(wish: str, otherwise: str = "en") -> str:
    """The language a wish is typed in; where its little words do not tell, that of the templates' words in it."""
    told = language_of(wish[:LONGEST_WISH], "")
    if told:
        return told
    asked = set(terms(wish[:LONGEST_WISH])) - _ANY
    hits = {language: len(asked & known) for language, known in _words_by_language().items()}
    best = max(hits, key=lambda language: (hits[language], language == otherwise))
    # One word alone may be at home in several languages.
    return best if hits[best] > hits.get(otherwise, 0) + 1 else otherwise


@cache
def _words_by_language() -> dict[str, set[str]]:
    """The words by which people ask for templates: a line for each language, in the order of the file."""
    asked_by = tomllib.loads((templates_folder() / "words.toml").read_text("utf-8"))
    lines = [text.strip().splitlines() for text in asked_by.values()]
    columns = zip(WRITTEN_IN, zip(*lines, strict=True), strict=True)
    return {language: set(terms(" ".join(column))) for language, column in columns}


class _Index:
    """How often each word is in each template, weighed by where it is."""

    def __init__(self, texts: Mapping[str, Counts]) -> None:
        self._texts = texts
        self._lengths = {id: sum(counted.values()) for id, counted in texts.items()}
        self._usual = sum(self._lengths.values()) / max(1, len(texts))
        self._spread = Counter(word for counted in texts.values() for word in counted)

    def score(self, id: str, near: list[tuple[str, float]]) -> float:
        """How much a template says of a word, given the words near to it."""
        return max((self._score(id, known) * like for known, like in near), default=0.0)

    def near(self, word: str) -> list[tuple[str, float]]:
        if word in self._spread:
            return [(word, 1.0)]
        likes = ((known, likeness(word, known)) for known in self._spread)
        return [(known, like) for known, like in likes if like >= ALIKE]

    def _score(self, id: str, word: str) -> float:
        count = self._texts[id].get(word)
        if not count:
            return 0.0
        others, here = len(self._texts), self._spread[word]
        rare = math.log(1 + (others - here + 0.5) / (here + 0.5))
        long = 1 - LENGTH + LENGTH * self._lengths[id] / self._usual
        return rare * count * (FULL + 1) / (count + FULL * long)


@cache
def _index() -> _Index:
    """All templates in all languages, as a person may ask in another than the one of the page."""
    asked_by = tomllib.loads((templates_folder() / "words.toml").read_text("utf-8"))
    texts: dict[str, Counts] = {}
    for language in LANGUAGES:
        for template in templates(language):
            counted = texts.setdefault(template.id, {})
            for part, text in _parts(template, asked_by.get(template.id, "")).items():
                # Each place counts once for a word, however often it is said there.
                for word in {*terms(text)} - _ANY:
                    counted[word] = max(counted.get(word, 0.0), WEIGHTS[part])
                if part != "starters":
                    counted.update(dict.fromkeys(meanings(text), MEANING))
    return _Index(texts)


def _parts(template: Template, words: str) -> dict[str, str]:
    flow = template.flow
    return {
        "words": words,
        "name": flow.name,
        "description": flow.description,
        "tags": " ".join(template.tags),
        "starters": "\n".join(flow.starters),
    }


def _as_written(wish: str, hits: Mapping[str, float]) -> tuple[str, ...]:
    """The words of the wish that were found, as the person wrote them, the weightiest first."""
    weighed = sorted(((_weight(wish[start:end], hits), start, end) for start, end in _pieces(wish)), reverse=True)
    taken: list[tuple[int, int]] = []
    for weight, start, end in weighed:
        if weight and all(end <= other_start or other_end <= start for other_start, other_end in taken):
            taken.append((start, end))
    return tuple(dict.fromkeys(wish[start:end] for start, end in taken))[:SHOWN]


def _weight(piece: str, hits: Mapping[str, float]) -> float:
    return max((hits.get(each, 0.0) for each in (*terms(piece), *meanings(piece))), default=0.0)


def _pieces(wish: str) -> Iterator[tuple[int, int]]:
    """Where each word stands; in Chinese each pair of characters."""
    for found in re.finditer(r"[\u3400-\u9fff]+|[^\W_\u3400-\u9fff]+", wish):
        start, end = found.span()
        if "\u3400" <= found[0][0] <= "\u9fff":
            yield from ((at, min(at + 2, end)) for at in range(start, max(start + 1, end - 1)))
        else:
            yield start, end
