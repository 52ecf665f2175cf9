"""How the practice model chooses: by what a text is after, by the words it shares with a label, and by meaning."""

import re
from collections import Counter
from collections.abc import Mapping

from flowloom.services.models.practice_intents import (
    INTENTS,
    Intent,
    intents_named,
    intents_of,
    is_courtesy,
    without_denials,
)
from flowloom.services.models.practice_nearness import Nearness, choose_nearest
from flowloom.services.models.practice_texts import OTHER
from flowloom.services.synonyms import meanings
from flowloom.words import fold, likeness, raw_words, terms

LEAST, _SURE = 0.5, 1.0
"""Of which a label is near enough, and of which no other is asked for."""
_BY_INTENT = 1.5
# Who writes and what it is about stands in every label, and tells none from another.
_USUAL = frozenset(
    terms(
        "customer person people user client pupil someone somebody something anything thing text message want like "
        "need order product item shop store about know show help personne quelqu chose client veut commande texte "
        "message produit magasin 顾客 客户 某事 某件 有人 东西 商品 订单 消息 文本 用户"
    )
) | {"≈order", "≈date"}
_USUAL_WEIGHT, _NAMED = 0.15, 2.0
"""What such a word in a description counts for, and any in a label; other words of a description count for 1."""


def choose(text: str, choices: Mapping[str, str], nearness: Nearness | None = None) -> str:
    """The label nearest to a text, "" when none comes near; by meaning only where the words are not sure."""
    exact = next((label for label in choices if fold(label).strip() == fold(text).strip()), "")
    if exact or not text.strip():
        return exact
    scores = _scores(text, choices)
    best = max(choices, key=lambda label: scores.get(label, 0.0), default="")
    score = scores.get(best, 0.0)
    others = [label for label in choices if OTHER & set(raw_words(label))]
    if nearness and score < _SURE and not is_courtesy(text):
        told = {label: about for label, about in choices.items() if label not in others}
        if meant := choose_nearest(text, told, nearness):
            return meant
    return best if score >= LEAST else next(iter(others), "")


def _scores(text: str, choices: Mapping[str, str]) -> dict[str, float]:
    """How near each label is: a text that is only polite comes near to labels for politeness alone."""
    meant = {label: intents_named(f"{label}: {about}") for label, about in choices.items()}
    if is_courtesy(text):
        return {label: float(bool({"thanks", "praise"} & intents)) for label, intents in meant.items()}
    kept = without_denials(text)
    after, scores = intents_of(kept), rate(kept, choices)
    for label, intents in meant.items():
        scores[label] += sum(_weight(INTENTS[name], name, meant) for name in intents & after)
    return scores


def _weight(intent: Intent, name: str, meant: Mapping[str, set[str]]) -> float:
    """What several labels are about tells none of them apart."""
    return _BY_INTENT * intent.weight / sum(name in intents for intents in meant.values())


def rate(text: str, choices: Mapping[str, str]) -> dict[str, float]:
    """How near each label with its description is to a text by their words."""
    asked = sorted(set(terms(text)) | meanings(text))
    known = {label: _features(label, meaning) for label, meaning in choices.items()}
    spread = Counter(term for features in known.values() for term in features)
    scores = {}
    for label, features in known.items():
        total = 0.0
        for term in asked:
            near = ((likeness(term, other), other) for other in features)
            close, other = max(near, default=(0.0, ""), key=lambda pair: pair[0] * features[pair[1]])
            # What every label says tells none of them apart, and one Chinese character says next to nothing.
            alone = len(term) == 1 and features.get(other, 0.0) < _NAMED
            if close >= 0.5 and not alone and (spread[other] < len(known) or len(known) == 1):
                total += close**2 * features[other] / spread[other]
        scores[label] = total
    return scores


def _features(label: str, meaning: str) -> dict[str, float]:
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z])|[_\-./]", " ", label)
    described = sorted(set(terms(meaning)) | meanings(meaning))
    weights = {term: _USUAL_WEIGHT if term in _USUAL else 1.0 for term in described}
    return weights | dict.fromkeys(sorted(set(terms(spaced)) | meanings(spaced)), _NAMED)
