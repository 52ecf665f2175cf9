"""Measures an answer by its words: the same, within it, by a pattern, by fields, by a number, by meaning."""

import json
import re
from decimal import Decimal
from typing import Any

from pydantic import Field

from flowloom.errors import Problem
from flowloom.evaluation.evaluators.evaluator import Case, Config, Evaluator, Tools, passed, untold
from flowloom.run.reading.evidence import FIGURE, readings
from flowloom.store.experiments import Score
from flowloom.writing_systems import fold

SECONDS = 0.5
"""How long a pattern may look through an answer."""
LONGEST = 100_000
NOTHING_EXPECTED = Problem.of("evaluate.expected", "This row doesn’t say what is expected.")


def _same(text: str) -> str:
    return " ".join(fold(text).split()).rstrip(".。!！")


def _exact(config: Config, case: Case, tools: Tools) -> Score:
    if not case.row.expected:
        return untold(NOTHING_EXPECTED)
    return passed(_same(case.answer) == _same(case.row.expected))


class ContainsConfig(Config):
    all_of: bool = Field(True, title="Every line of the expected answer")


def _contains(config: ContainsConfig, case: Case, tools: Tools) -> Score:
    wanted = [_same(line) for line in case.row.expected.splitlines() if line.strip()]
    if not wanted:
        return untold(NOTHING_EXPECTED)
    answer = _same(case.answer)
    missing = [line for line in wanted if line not in answer]
    holds = not missing if config.all_of else len(missing) < len(wanted)
    because = (
        Problem.of("evaluate.missing", "Not in the answer: {text}", text=missing[0][:200]) if missing else None
    )
    return passed(holds, None if holds else because)


class PatternConfig(Config):
    pattern: str = Field("", title="Pattern", max_length=1_000)
    column: str = Field("", title="Or the column that holds it", max_length=120)


def _pattern(config: PatternConfig, case: Case, tools: Tools) -> Score:
    import regex  # type: ignore[import-untyped]

    pattern = case.wanted(config.column, config.pattern)
    if not pattern:
        return untold(Problem.of("evaluate.pattern", "No pattern is set."))
    try:
        found = regex.search(pattern[:1_000], case.answer[:LONGEST], timeout=SECONDS)
    except TimeoutError:
        return untold(
            Problem.of(
                "evaluate.pattern.slow",
                "The pattern took longer than {seconds} seconds.",
                "Write it so that repeated parts don’t overlap.",
                seconds=SECONDS,
            )
        )
    except regex.error as error:
        return untold(Problem.of("evaluate.pattern.wrong", "The pattern isn’t valid: {why}.", why=str(error)))
    return passed(found is not None)


class FieldsConfig(Config):
    only: str = Field("", title="Only these fields", max_length=500)


def _fields(config: FieldsConfig, case: Case, tools: Tools) -> Score:
    """The share of the expected fields that are the same."""
    wanted, given = _object(case.row.expected), _object(case.answer)
    if not isinstance(wanted, dict) or not wanted:
        return untold(Problem.of("evaluate.json.expected", "What is expected isn’t an object with fields."))
    if not isinstance(given, dict):
        return passed(False, Problem.of("evaluate.json.answer", "The answer isn’t an object with fields."))
    only = {name.strip() for name in config.only.split(",") if name.strip()}
    names = [name for name in wanted if not only or name in only]
    if not names:
        return untold(Problem.of("evaluate.json.only", "None of the chosen fields is expected."))
    wrong = [name for name in names if name not in given or not _equal(given[name], wanted[name])]
    because = (
        Problem.of("evaluate.json.wrong", "Different: {names}", names=", ".join(wrong[:10])) if wrong else None
    )
    return Score(value=1 - len(wrong) / len(names), because=because)


def _object(text: str) -> Any:
    """The JSON in a text, also within a fence of code."""
    text = text[:LONGEST]
    start, end = text.find("{"), text.rfind("}")
    try:
        return json.loads(text[start : end + 1]) if 0 <= start < end else None
    except (ValueError, RecursionError):
        return None


def _equal(one: Any, other: Any) -> bool:
    if isinstance(one, str) and isinstance(other, str):
        return _same(one) == _same(other)
    return bool(one == other)


class NumberConfig(Config):
    within: float = Field(0.0, title="May differ by", ge=0)
    percent: bool = Field(False, title="In percent of the expected number")


def _number(config: NumberConfig, case: Case, tools: Tools) -> Score:
    wanted = [value for found in FIGURE.finditer(case.row.expected[:LONGEST]) for value in readings(found[0])]
    if not wanted:
        return untold(Problem.of("evaluate.number.expected", "What is expected holds no number."))
    minus = -1 if re.search(r"[-−]\s*\d", case.row.expected) else 1
    expected = wanted[0] * minus
    room = Decimal(str(config.within)) * (abs(expected) / 100 if config.percent else 1)
    found = _numbers(case.answer[:LONGEST])
    if not found:
        return passed(False, Problem.of("evaluate.number.none", "There is no number in the answer."))
    nearest = min(found, key=lambda value: abs(value - expected))
    because = Problem.of("evaluate.number.off", "The nearest number in the answer is {number}.", number=nearest)
    holds = abs(nearest - expected) <= room
    return passed(holds, None if holds else because)


def _numbers(text: str) -> list[Decimal]:
    found = []
    for match in FIGURE.finditer(text):
        minus = -1 if re.search(r"(?:^|[\s(=:])[-−]\s?$", text[max(0, match.start() - 3) : match.start()]) else 1
        found += [value * minus for value in readings(match[0])]
    return found


class SimilarConfig(Config):
    least: float = Field(0.0, title="Count as right from", ge=0, le=1)


def _similar(config: SimilarConfig, case: Case, tools: Tools) -> Score:
    if not case.row.expected:
        return untold(NOTHING_EXPECTED)
    near = [*tools.nearness(case.answer, [case.row.expected])] if case.answer.strip() else [0.0]
    if not near:
        return untold(Problem.of("evaluate.similar", "How alike the texts are can’t be told on this computer."))
    value = max(0.0, min(1.0, near[0]))
    return passed(value >= config.least) if config.least else Score(value=value)


EXACT = Evaluator(
    "exact",
    "Whether the answer is the expected one, apart from capitals, spaces and a final full stop.",
    "A right answer in other words counts as wrong. Use it for labels and short facts.",
    _exact,
    needs_expected=True,
)
CONTAINS = Evaluator(
    "contains",
    "Whether each line of what is expected is somewhere in the answer.",
    "“It is not Paris” contains “Paris”. It can’t tell whether the words are meant.",
    _contains,
    ContainsConfig,
    needs_expected=True,
)
PATTERN = Evaluator(
    "regex",
    "Whether a regular expression is found in the answer.",
    "It checks the form only. An answer can have the right form and be wrong.",
    _pattern,
    PatternConfig,
    in_thread=True,
)
FIELDS = Evaluator(
    "json",
    "The share of the expected JSON fields that have the same value in the answer.",
    "Every field counts the same, and additional fields cost nothing.",
    _fields,
    FieldsConfig,
    needs_expected=True,
)
NUMBER = Evaluator(
    "number",
    "Whether a number in the answer is near enough to the expected one.",
    "The nearest number counts, also where the answer gives it for something else.",
    _number,
    NumberConfig,
    needs_expected=True,
)
SIMILAR = Evaluator(
    "similar",
    "How near the answer is to the expected one in meaning, by the built-in encoder: 1 is the same.",
    "It hears what a text is about, hardly whether it is true: “yes” and “no” are near each other.",
    _similar,
    SimilarConfig,
    needs_expected=True,
    in_thread=True,
)
ALL = (EXACT, CONTAINS, PATTERN, FIELDS, NUMBER, SIMILAR)
