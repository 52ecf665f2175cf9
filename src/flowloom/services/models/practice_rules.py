"""The rules by which the practice model answers: it quotes, sums up, tells what tools gave and what it was told."""

import json
import re
from collections import Counter
from collections.abc import Sequence

from flowloom.kinds.values import Match, Passage
from flowloom.services.models.practice_citing import cite, fitting_sentences
from flowloom.services.models.practice_intents import is_courtesy
from flowloom.services.models.practice_texts import NOTES, TEXTS
from flowloom.words import fold, language_of, sentences, terms

_QUESTION = re.compile(
    r"^[^\S\n]*+(?:question|user question|问题|提问|用户问题)\s*+[:：]\s*+([\s\S]+)", re.IGNORECASE | re.MULTILINE
)
_SUMMARISE = re.compile(r"summar|sum up|résum|resum|总结|摘要|概括|归纳", re.IGNORECASE)
# As the Translate block asks for it.
_TRANSLATE = re.compile(r"^Translate the person's text into (.+?)\. Keep its Markdown", re.MULTILINE)
_AS_POINTS = re.compile(r"Markdown list|bullet|main points|points principaux|liste|要点|列表", re.IGNORECASE)
_HEADED = re.compile(r"^[^:：\n]{0,80}[:：]\s*")
_COURTESIES = (
    (
        "goodbye",
        re.compile(
            r"\b(?:bye|goodbye|see you|au revoir|a bientot|bonne (?:journee|soiree|nuit))\b|再见|拜拜|回头见"
        ),
    ),
    ("welcome", re.compile(r"\b(?:thank\w*|thx|cheers|merci)\b|谢|感谢")),
)
_OF_ME = re.compile(
    r"\b(?:know|remember|recall)\b[^.!?]{0,80}\b(?:me|my|i)\b|\b(?:who|what|where"
    r"|which)\b[^.!?]{0,80}\b(?:am i|do i|my name|my town|i live|i called)\b"
    r"|\b(?:sais|savez|connais|souviens)\b[^.!?]{0,80}\b(?:moi|me|mon|ma|mes)\b|\b(?:quel|quelle|où"
    r"|comment|qui)\b[^.!?]{0,80}"
    r"(?:\bje\b|j['’]|mon nom|ma ville)|(?:知道|记得|了解)[^。！？]{0,40}我|我[^。！？]{0,40}(?:哪"
    r"|什么名字|叫什么|是谁)",
    re.IGNORECASE,
)
_TELLS = re.compile(
    r"^\W*(?:(?:hi|hello|hey|salut|bonjour|你好|您好)\W+)?(?:i\b|i['’]m|my\b|je\b|j['’]|moi\b|mon\b"
    r"|ma\b|c['’]est|我)",
    re.IGNORECASE,
)
_ASKS = re.compile(
    r"[?？]|\b(?:please|can you|could you|tell me|write|suggest|want|need|would like|peux-tu"
    r"|pouvez-vous|écris|propose|voudrais|veux)\b"
    r"|请|帮|写|想要|推荐",
    re.IGNORECASE,
)
# A result without a verb: a number, a measure, a word.
_BARE = re.compile(r"^[^.!?。！？]{1,40}$|^[-+\d.,\s]+\S{0,5}$")
_CITED = re.compile(r"^\[(\d{1,3})\][^\S\n]([^\n]+)\n", re.MULTILINE)
FAILED = "The tool failed: "
"""How an agent tells a model that a tool failed."""
# Summaries travel on into summaries of summaries.
_SUMMED_UP = tuple(texts["summary"].format(text="") for texts in TEXTS.values())


def say(key: str, language: str, **params: str) -> str:
    return TEXTS[language][key].format(**params)


def without_notes(text: str) -> str:
    """A text as it was before a practice model signed it: answers travel on into other prompts."""
    for note in NOTES:
        text = text.replace(note, "")
    return text.strip()


def is_signed(text: str) -> bool:
    """Whether the honest line of a practice model stands in it."""
    return any(note in text for note in NOTES)


def signed(text: str, language: str, said_before: Sequence[str]) -> str:
    """The answer with the honest line below it, once in a conversation."""
    if any(map(is_signed, said_before)):
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


def answer_from(question: str, passages: Sequence[Passage], language: str) -> str:
    """The sentences of the passages that fit the question, each with the number of its passage."""
    chosen = cite(question, passages)
    if not chosen:
        return say("nothing", language)
    # Sentences stand apart as those of the passage do, whatever language they are asked for in.
    gap = "" if language_of(chosen[0][1]) == "zh" else " "
    text = gap.join(f"{sentence} [{number + 1}]" for number, sentence in chosen)
    numbers = sorted({number for number, _ in chosen})
    sources = [f"[{number + 1}] {passages[number].place}" for number in numbers]
    return "\n".join([text, "", say("sources", language), *sources])


def polite(text: str, language: str) -> str:
    """An answer to a greeting, to thanks or to a goodbye, "" where a text is something else."""
    if not is_courtesy(text):
        return ""
    key = next((key for key, called in _COURTESIES if called.search(fold(text))), "greeting")
    return say(key, language)


def persons_words(prompt: str, said: Sequence[str]) -> str:
    """What in a filled-in prompt is the person's own; the rest of it is the builder's, and never shown."""
    pieces = sorted({piece.strip() for piece in said if piece.strip()}, key=len, reverse=True)
    whole = [piece for piece in pieces if piece in prompt]
    rest = prompt
    for piece in whole:
        rest = rest.replace(piece, "\n")
    lines = {line.strip() for line in rest.splitlines() if len(line.strip()) > 1}
    parts = [line for line in lines if any(line in piece for piece in pieces)]
    return "\n".join(sorted({*whole, *parts}, key=prompt.find))


def tell_facts(own: str, facts: Sequence[str], language: str) -> str:
    """What is known of the person, where they tell of themselves or ask for it; "" where they want
    something else."""
    if not facts and _OF_ME.search(own):
        return say("unknown", language)
    if not facts or not (_OF_ME.search(own) or (_TELLS.search(own) and not _ASKS.search(own))):
        return ""
    return "\n".join([say("known", language), "", *(f"- {fact}" for fact in facts)])


def written(instructions: str, text: str, language: str) -> str:
    """A text made of another by rules, such as a summary; "" where a model would have to write it."""
    if _TRANSLATE.search(instructions) or not _SUMMARISE.search(f"{instructions}\n{text[:200]}"):
        return ""
    if _AS_POINTS.search(instructions):
        return "\n".join(f"- {sentence}" for sentence in summed_up(text, most=5))
    return say("summary", language, text=summary_of(text))


def summary_of(text: str, most: int = 2) -> str:
    """The sentences that share most words with the rest of a text."""
    gap = "" if language_of(text) == "zh" else " "
    return gap.join(summed_up(text, most))


def bare(text: str) -> str:
    """A text without the words that summaries begin with."""
    for opening in _SUMMED_UP:
        text = text.replace(opening, "")
    return text


def summed_up(text: str, most: int) -> list[str]:
    """The weightiest sentences of a text, at most half of them, in reading order."""
    text = bare(text)
    body = text.partition("\n")[2] if _SUMMARISE.search(text.partition("\n")[0]) and "\n" in text.strip() else text
    body = _HEADED.sub("", body, count=1) if _SUMMARISE.match(body.strip()) else body
    split = sentences(body)
    most = min(most, max(2, (len(split) + 1) // 2))
    counts = Counter(term for sentence in split for term in set(terms(sentence)))
    ranked = sorted(
        split, key=lambda each: -sum(counts[term] - 1 for term in set(terms(each))) / (8 + len(terms(each)))
    )
    return [sentence for sentence in split if sentence in ranked[:most]]


def tell_result(question: str, results: Sequence[str], language: str) -> str:
    """What tools answered, as an answer to the question."""
    failed = [result.removeprefix(FAILED) for result in results if result.startswith(FAILED)]
    if failed and len(failed) == len(results):
        return say("failed", language, text=failed[-1])
    told = [_readable(result) for result in results if result.strip() and not result.startswith(FAILED)]
    if not told:
        return say("no_result", language)
    text = "\n".join(told)
    if passages := _passages_in(text):
        return answer_from(question, passages, language)
    if len(text) > 600:
        chosen = fitting_sentences(question, [text])
        text = " ".join(sentence for _, sentence in chosen) or _short(text, 600)
    return say("result", language, text=text) if len(text) < 60 and "\n" not in text and _BARE.match(text) else text


def _passages_in(text: str) -> list[Passage]:
    """The passages that a search found as a tool, which tells them as text: `[1] handbook.pdf, p.
    3`, then its words. By which sentence it found them it does not tell."""
    marks = list(_CITED.finditer(text))
    ends = [*(mark.start() for mark in marks[1:]), len(text)]
    told = [(mark[2], text[mark.end() : end].strip()) for mark, end in zip(marks, ends, strict=False)]
    return [
        Passage(text=said, file=file, why=Match(sentence=next(iter(sentences(said)), ""))) for file, said in told
    ]


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


def _short(text: str, longest: int) -> str:
    text = " ".join(text.split())
    return text if len(text) <= longest else text[: longest - 1].rstrip() + "…"
