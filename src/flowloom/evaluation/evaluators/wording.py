"""Measures how an answer is worded: whether it refuses, its language, and how hard it is to read."""

import re
from typing import Literal

from pydantic import Field

from flowloom.errors import Problem
from flowloom.evaluation.evaluators.evaluator import Case, Config, Evaluator, Tools, passed, untold
from flowloom.store.experiments import Score
from flowloom.words import language_of, sentences
from flowloom.writing_systems import is_chinese

LONGEST = 50_000
BEGINNING = 400
"""Characters of an answer within which it says that it refuses."""
REFUSALS = re.compile(
    r"\b(?:i|we)(?:['’]m| am| are)? (?:can(?:no|['’])t|cannot|won['’]t|will not|unable to|not able to"
    r"|not allowed to|don['’]t know|do not know|have no information)\b"
    r"|\b(?:can(?:['’]t|not) help (?:you )?with|nothing (?:was )?found in the documents|not in the documents)\b"
    r"|\bje (?:ne (?:peux|sais|suis)|n['’]ai) (?:pas|aucune)\b|\bimpossible de\b|\bnous ne pouvons pas\b"
    r"|无法|不能(?:提供|回答|帮)|不知道|没有找到|抱歉",
    re.IGNORECASE,
)
YES = ("yes", "true", "1", "refuse", "refuses", "oui", "是")


class RefusesConfig(Config):
    column: str = Field("refuse", title="Column that says yes where it should refuse", max_length=120)
    should: bool = Field(False, title="Where no column says so, it should refuse")


def _refuses(config: RefusesConfig, case: Case, tools: Tools) -> Score:
    said = case.wanted(config.column).casefold()
    should = said in YES if said else config.should
    does = not case.answer.strip() or REFUSALS.search(case.answer[:BEGINNING]) is not None
    if should == does:
        return passed(True)
    if should:
        return passed(False, Problem.of("evaluate.refuses.not", "It answers, and should refuse."))
    return passed(False, Problem.of("evaluate.refuses", "It refuses, and should answer."))


class LanguageConfig(Config):
    language: Literal["as asked", "en", "zh", "fr"] = Field("as asked", title="Language")


def _language(config: LanguageConfig, case: Case, tools: Tools) -> Score:
    if len(case.answer.strip()) < 4:
        return untold(Problem.of("evaluate.language.short", "The answer is too short to tell its language."))
    wanted = language_of(case.asked, case.flow.language) if config.language == "as asked" else config.language
    found = language_of(case.answer[:LONGEST], wanted)
    because = Problem.of("evaluate.language", "It is in another language: {language}", language=found)
    return passed(found == wanted, None if found == wanted else because)


class ReadingConfig(Config):
    most: float = Field(0.0, title="Right up to this many school years", ge=0, le=30)


def _reading(config: ReadingConfig, case: Case, tools: Tools) -> Score:
    text = case.answer[:LONGEST]
    words = re.findall(r"[^\W\d_]+(?:['’][^\W\d_]+)?", text)
    said = sentences(text)
    if is_chinese(text) or len(words) < 10 or not said:
        because = "Reading level needs ten words or more of English or French."
        return untold(Problem.of("evaluate.reading", because))
    level = max(0.0, 0.39 * len(words) / len(said) + 11.8 * sum(map(_syllables, words)) / len(words) - 15.59)
    return passed(level <= config.most) if config.most else Score(value=level)


def _syllables(word: str) -> int:
    found = len(re.findall(r"[aeiouyàâäéèêëîïôöùûü]+", word.casefold()))
    silent = word.casefold().endswith("e") and not word.casefold().endswith("le") and found > 1
    return max(1, found - silent)


REFUSES = Evaluator(
    "refuses",
    "Whether it says it can’t or won’t answer where the row says yes, and answers everywhere else.",
    "It knows usual phrases in three languages. A refusal in unusual words counts as an answer.",
    _refuses,
    RefusesConfig,
)
LANGUAGE = Evaluator(
    "language",
    "Whether the answer is in the language of the question, or in a fixed one: English, Chinese or French.",
    "It tells only these three languages apart, and can err on a few words.",
    _language,
    LanguageConfig,
)
READING = Evaluator(
    "reading",
    "How many school years it takes to read the answer, by the length of words and sentences (Flesch-Kincaid).",
    "It was made for English. Short sentences can still be hard to understand.",
    _reading,
    ReadingConfig,
    unit="years",
    lower_is_better=True,
)
ALL = (REFUSES, LANGUAGE, READING)
