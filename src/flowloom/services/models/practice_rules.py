"""The rules by which the practice model answers: it quotes, chooses, sums up or restates."""

import json
import math
import re
from collections import Counter
from collections.abc import Mapping, Sequence

from flowloom.kinds.values import Passage
from flowloom.services.meanings import meanings
from flowloom.services.models.practice_texts import NOTES, OTHER, TEXTS
from flowloom.words import fold, language_of, likeness, raw_words, sentences, terms

_QUESTION = re.compile(
    r"^[^\S\n]*+(?:question|user question|问题|提问|用户问题)\s*+[:：]\s*+([\s\S]+)", re.IGNORECASE | re.MULTILINE
)
_SUMMARISE = re.compile(r"summar|sum up|résum|resum|总结|摘要|概括|归纳", re.IGNORECASE)
# As the Translate block asks for it.
_TRANSLATE = re.compile(r"^Translate the person's text into (.+?)\. Keep its Markdown", re.MULTILINE)
_GREETING = re.compile(
    r"^\W*(?:hello|hi|hey|good (?:morning|evening)|bonjour|salut|bonsoir|coucou|你好|您好)\W*$", re.IGNORECASE
)
_LONGEST = 300
# Summaries travel on into summaries of summaries.
_SUMMED_UP = tuple(texts["summary"].format(text="") for texts in TEXTS.values())


def say(key: str, language: str, **params: str) -> str:
    return TEXTS[language][key].format(**params)


def without_notes(text: str) -> str:
    """A text as it was before a practice model signed it: answers travel on into other prompts."""
    for note in NOTES:
        text = text.replace(note, "")
    return text.strip()


def signed(text: str, language: str, said_before: Sequence[str]) -> str:
    """The answer with the honest line below it, once in a conversation."""
    if any(note in earlier for earlier in said_before for note in NOTES):
        return text
    return f"{text}\n\n{TEXTS[language]['note']}"


def question_in(text: str, passages: Sequence[Passage] = ()) -> str:
    """What is asked in a message that may be a filled-in template with passages in it."""
    for passage in passages:
        text = text.replace(passage.text, "")
    asked = _QUESTION.search(text)
    if asked:
        return asked[1].strip()
    if passages:
        blocks = [block.strip() for block in re.split(r"\n\s*\n", text) if re.search(r"\w", block)]
        asking = [block for block in blocks if block.endswith(("?", "？"))]
        return (asking or blocks or [""])[-1]
    return text.strip()


def answer_from(question: str, passages: Sequence[Passage]) -> str:
    """The sentences of the passages that fit the question, each with the number of its passage."""
    language = language_of(question)
    chosen = fitting_sentences(question, [passage.text for passage in passages])
    if not chosen:
        return say("nothing", language)
    gap = "" if language == "zh" else " "
    text = gap.join(f"{sentence} [{number + 1}]" for number, sentence in chosen)
    numbers = sorted({number for number, _ in chosen})
    sources = [f"[{number + 1}] {passages[number].place}" for number in numbers]
    return "\n".join([text, "", say("sources", language), *sources])


def fitting_sentences(question: str, texts: Sequence[str], most: int = 3) -> list[tuple[int, str]]:
    """The sentences nearest to a question, as (number of the text, sentence), in reading order."""
    wanted = set(terms(question)) | meanings(question)
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
    good = [sentence for sentence in best if scores[sentence] >= 0.6 * scores[best[0]]]
    return [(found[sentence][0], sentence) for sentence in sorted(good, key=lambda each: found[each][:2])]


def choose(text: str, choices: Mapping[str, str], or_other: bool = True) -> str:
    """The label nearest to a text in words, "" when none comes near."""
    exact = next((label for label in choices if fold(label).strip() == fold(text).strip()), "")
    scores = {} if exact else rate(text, choices)
    best = max(choices, key=lambda label: scores.get(label, 0.0), default="")
    if exact or scores.get(best, 0.0) >= 0.5:
        return exact or best
    others = [label for label in choices if OTHER & set(raw_words(label))] if or_other else []
    return others[0] if others else ""


def rate(text: str, choices: Mapping[str, str]) -> dict[str, float]:
    """How near each label with its description is to a text."""
    asked = sorted(set(terms(text)) | meanings(text))
    known = {label: _features(label, meaning) for label, meaning in choices.items()}
    spread = Counter(term for features in known.values() for term in features)
    scores = {}
    for label, features in known.items():
        total = 0.0
        for term in asked:
            near = ((likeness(term, other), other) for other in features)
            close, other = max(near, default=(0.0, ""), key=lambda pair: pair[0] * features[pair[1]])
            # What every label says tells none of them apart.
            if close >= 0.5 and (spread[other] < len(known) or len(known) == 1):
                total += close**2 * features[other] / spread[other]
        scores[label] = total
    return scores


def _features(label: str, meaning: str) -> dict[str, float]:
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z])|[_\-./]", " ", label)
    weights = dict.fromkeys(sorted(set(terms(meaning)) | meanings(meaning)), 1.0)
    return weights | dict.fromkeys(sorted(set(terms(spaced)) | meanings(spaced)), 2.0)


def restate(text: str, instructions: str) -> str:
    """What is left to say without knowing anything: what was asked, and under which instructions."""
    language = language_of(text or instructions)
    if not text.strip():
        return say("empty", language)
    if asked := _TRANSLATE.search(instructions):
        return say("untranslated", language, text=text, into=asked[1])
    if _GREETING.match(text):
        return say("greeting", language)
    if _SUMMARISE.search(f"{instructions}\n{text[:200]}"):
        return say("summary", language, text=summary_of(text))
    parts = [say("restate", language, text=_short(text))]
    if instructions.strip():
        first = next(iter(sentences(instructions)), "")
        parts.append(say("task", language, text=_short(first, 160)))
    return "\n".join(parts)


def summary_of(text: str, most: int = 2) -> str:
    """The sentences that share most words with the rest of a text."""
    for opening in _SUMMED_UP:
        text = text.replace(opening, "")
    body = text.partition("\n")[2] if _SUMMARISE.search(text.partition("\n")[0]) and "\n" in text.strip() else text
    body = re.sub(r"^[^:：\n]{0,80}[:：]\s*", "", body, count=1) if _SUMMARISE.match(body.strip()) else body
    split = sentences(body)
    counts = Counter(term for sentence in split for term in set(terms(sentence)))
    ranked = sorted(
        split, key=lambda each: -sum(counts[term] - 1 for term in set(terms(each))) / (8 + len(terms(each)))
    )
    return " ".join(sentence for sentence in split if sentence in ranked[:most])


def tell_result(question: str, results: Sequence[str]) -> str:
    """What tools answered, as an answer to the question."""
    language = language_of(question)
    told = [_readable(result) for result in results if result.strip()]
    if not told:
        return say("no_result", language)
    text = "\n".join(told)
    if len(text) > 600:
        chosen = fitting_sentences(question, [text])
        text = " ".join(sentence for _, sentence in chosen) or _short(text, 600)
    return say("result", language, text=text) if len(text) < 60 and "\n" not in text else text


def tell_outcome(language: str, outcome: Sequence[str]) -> str:
    """What code gave, as it gave it."""
    text = "\n\n".join(each for each in outcome if each.strip())
    return f"{say('worked_out', language)}\n\n{text}" if text else say("no_outcome", language)


def _readable(result: str) -> str:
    try:
        value = json.loads(result)
    except ValueError:
        return result.strip()
    if isinstance(value, dict):
        if len(value) == 1:
            value = next(iter(value.values()))
        else:
            return "\n".join(f"{key}: {_plain(item)}" for key, item in value.items())
    if isinstance(value, list):
        return "\n".join(_plain(item) for item in value)
    return _plain(value)


def _plain(value: object) -> str:
    if isinstance(value, dict) and isinstance(value.get("text"), str):
        return str(value["text"])
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _short(text: str, longest: int = _LONGEST) -> str:
    text = " ".join(text.split())
    return text if len(text) <= longest else text[: longest - 1].rstrip() + "…"
