"""What each evaluator says of an answer, right and wrong, and where it can say nothing."""

import asyncio
import time
from collections.abc import Sequence
from typing import Any

import pytest

from flowloom.evaluation.evaluators.all import EVALUATORS, EVERY, scored
from flowloom.evaluation.evaluators.evaluator import Case, Tools
from flowloom.evaluation.evaluators.judging import NONSENSE, SWAYED, letter_in, verdict_in
from flowloom.kinds.values import Passage
from flowloom.locales import translate
from flowloom.run.reading.steps import Step
from flowloom.store.datasets import DataRow
from flowloom.store.experiments import Score
from tests.evaluation.trying import ECHO, Scripted

RULES = "Holidays: everybody has 28 days of holiday a year. Ask two weeks ahead."


class Flows:
    async def answer(self, flow_id: str, message: str) -> str:
        return "My verdict: 0.5"


def told(id: str, answer: str, expected: str = "", *, say: Any = None, near: float = 0.5, **more: Any) -> Score:
    config = EVALUATORS[id].config.model_validate(more.pop("config", {}))
    row = DataRow(id="r", given=more.pop("given", {}), expected=expected)
    case = Case(row=row, asked=more.pop("asked", "What?"), answer=answer, flow=ECHO, **more)

    def nearness(text: str, others: Sequence[str]) -> list[float]:
        return [near]

    tools = Tools(Scripted(say or (lambda text: "A")), nearness, Flows())
    return asyncio.run(scored(EVALUATORS[id], config, case, tools))


PASSAGES = (Passage(text=RULES, file="handbook.md"), Passage(text="Travel is second class.", file="travel.md"))
LISTED = "You have 28 days of holiday a year [1].\n\nSources:\n[1] handbook.md, Holiday\n- [2] travel.md"
FIGURES = (
    Passage(text="You have 28 days of holiday a year.", file="a.md"),
    Passage(text="Up to 5 days of holiday may be carried over.", file="b.md"),
)
CALLS = (
    Step(node="m", outcome="done"),
    Step(node="t", call="z.1", outcome="done", inputs={"city": "Lyon", "days": 3}),
    Step(node="z", outcome="done"),
)
CASES: list[tuple[str, str, str, dict[str, Any], float | None]] = [
    ("exact", "Paris.", " paris", {}, 1),
    ("exact", "It is Paris", "Paris", {}, 0),
    ("exact", "Paris", "", {}, None),
    ("contains", "It is Paris, in France.", "paris\nfrance", {}, 1),
    ("contains", "It is Paris.", "paris\nfrance", {}, 0),
    ("contains", "It is Paris.", "paris\nfrance", {"config": {"all_of": False}}, 1),
    ("regex", "Order AB-123", "", {"config": {"pattern": r"[A-Z]{2}-\d+"}}, 1),
    ("regex", "Order 123", "", {"config": {"pattern": r"[A-Z]{2}-\d+"}}, 0),
    ("regex", "x", "", {"config": {"pattern": "("}}, None),
    ("regex", "x", "", {"config": {"column": "p"}, "given": {"p": "^x$"}}, 1),
    ("json", '```json\n{"a": 1, "b": "X "}\n```', '{"a": 1, "b": "x"}', {}, 1),
    ("json", '{"a": 2}', '{"a": 1, "b": "x"}', {}, 0),
    ("json", '{"a": 1}', '{"a": 1, "b": "x"}', {}, 0.5),
    ("json", "no object", '{"a": 1}', {}, 0),
    ("json", "{}", "none", {}, None),
    ("number", "About 1,234.5 km", "1234.5", {}, 1),
    ("number", "About 98", "100", {"config": {"within": 2}}, 1),
    ("number", "About 97", "100", {"config": {"within": 2, "percent": True}}, 0),
    ("number", "It is -5 degrees", "-5", {}, 1),
    ("number", "none", "5", {}, 0),
    ("number", "5", "five", {}, None),
    ("similar", "a", "b", {"near": 0.75}, 0.75),
    ("similar", "a", "b", {"near": 0.75, "config": {"least": 0.8}}, 0),
    ("cites", "You have 28 days of holiday a year [1].", "", {"passages": PASSAGES}, 1),
    ("cites", "You have 30 days of holiday a year [1].", "", {"passages": PASSAGES}, 0),
    ("cites", "You have 28 days of holiday a year [2].", "", {"passages": PASSAGES}, 0),
    ("cites", "You have 28 days of holiday a year [9].", "", {"passages": PASSAGES}, 0),
    ("cites", "Nothing is cited.", "", {"passages": PASSAGES}, 0),
    ("cites", LISTED, "", {"passages": PASSAGES}, 1),
    ("grounded", LISTED, "", {"passages": PASSAGES}, 1),
    ("cites", "[1] says: Dogs bark at the moon.", "", {"passages": PASSAGES}, 0),
    ("grounded", "Everybody has 28 days of holiday a year.", "", {"passages": PASSAGES}, 1),
    ("grounded", "Everybody has 28 days of holiday. Dogs bark at the moon.", "", {"passages": PASSAGES}, 0.5),
    ("grounded", "Anything", "", {}, None),
    ("grounded", "Up to 5 of the 30 days of holiday may be carried over.", "", {"passages": FIGURES}, 0),
    ("grounded", "Up to 5 of the 28 days of holiday may be carried over.", "", {"passages": FIGURES}, 1),
    ("cites", "Up to 5 of the 28 days of holiday may be carried over [1] [2].", "", {"passages": FIGURES}, 1),
    ("cites", "Up to 5 of the 30 days of holiday may be carried over [1] [2].", "", {"passages": FIGURES}, 0),
    ("route", "x", "", {"steps": CALLS, "config": {"block": "chat message"}}, 1),
    ("route", "x", "", {"steps": CALLS, "config": {"block": "t"}}, 0),
    ("route", "x", "", {"steps": CALLS}, None),
    ("tool", "x", "", {"steps": CALLS, "config": {"tool": "t", "values": "city=lyon\ndays=3"}}, 1),
    ("tool", "x", "", {"steps": CALLS, "config": {"values": '{"city": "Paris"}'}}, 0),
    ("tool", "x", "", {"steps": CALLS[:1]}, 0),
    ("tool", "x", "", {"steps": CALLS, "config": {"values": "nonsense"}}, None),
    ("cost", "x", "", {"cost": 0.25}, 0.25),
    ("cost", "x", "", {}, None),
    ("time", "x", "", {"seconds": 2.5}, 2.5),
    ("refuses", "I’m sorry, I can’t help with that.", "", {"given": {"refuse": "yes"}}, 1),
    ("refuses", "Here is how to do it.", "", {"given": {"refuse": "yes"}}, 0),
    ("refuses", "I cannot tell you.", "", {}, 0),
    ("refuses", "Sure, here it is.", "", {}, 1),
    ("refuses", "Je ne peux pas répondre.", "", {"given": {"refuse": "oui"}}, 1),
    ("refuses", "抱歉，我无法回答。", "", {"given": {"refuse": "是"}}, 1),
    ("language", "Le chat est sur la table et il dort.", "", {"asked": "Où est le chat de la maison ?"}, 1),
    ("language", "The cat is on the table and it sleeps.", "", {"asked": "Où est le chat de la maison ?"}, 0),
    ("language", "猫在桌子上睡觉。", "", {"config": {"language": "zh"}}, 1),
    ("language", "?", "", {}, None),
    ("reading", "Short.", "", {}, None),
    ("reading", "The cat sat on the mat. The dog ran to the cat. It was fun.", "", {"config": {"most": 4}}, 1),
    ("own", "x", "", {"config": {"gpt": "judge"}}, 0.5),
    ("own", "x", "", {}, None),
]


@pytest.mark.parametrize(("id", "answer", "expected", "more", "value"), CASES)
def test_what_is_said(id: str, answer: str, expected: str, more: dict[str, Any], value: float | None) -> None:
    found = told(id, answer, expected, **dict(more))
    assert found.value == value
    if value is None:
        assert found.because, "what can’t be told says why"


def test_every_evaluator_has_a_case() -> None:
    assert {case[0] for case in CASES} | {"judge", "grounded_model"} == set(EVALUATORS)


@pytest.mark.parametrize("language", ["zh", "fr"])
def test_every_evaluator_says_what_it_measures_and_where_it_misleads(language: str) -> None:
    for each in EVERY:
        fields = (field.title for field in each.config.model_fields.values())
        for text in filter(None, (each.title, each.measures, each.misleads, *fields)):
            assert translate(text, language) != text, text


def test_a_pattern_that_never_ends_is_ended() -> None:
    begun = time.monotonic()
    found = told("regex", "a" * 50_000 + "!", config={"pattern": r"^(a|aa)+$"})
    assert found.value is None
    assert found.because
    assert found.because.code == "evaluate.pattern.slow"
    assert time.monotonic() - begun < 20


def reads(asked: str) -> str:
    """A judge that means what it says: the answer is good."""
    return "A" if "A: The answer follows" in asked else "B"


@pytest.mark.parametrize(
    ("say", "value", "code"),
    [
        (reads, 1.0, ""),
        (lambda asked: "B" if reads(asked) == "A" else "A", 0.0, ""),
        (lambda asked: "A", None, SWAYED),
        (lambda asked: "**B**", None, SWAYED),
        (lambda asked: "As an assistant I like both A and B.", None, NONSENSE),
        (lambda asked: "blah", None, NONSENSE),
        (lambda asked: "", None, NONSENSE),
    ],
)
def test_a_judge_is_believed_only_where_it_agrees_with_itself(say: Any, value: float | None, code: str) -> None:
    found = told("judge", "An answer", say=say)
    assert found.value == value
    assert (found.because.code if found.because else "") == code


@pytest.mark.parametrize(
    ("text", "letter"), [("A", "A"), (" b.", ""), ("Answer: B", "B"), ("(A)", "A"), ("A or B", ""), ("ABBA", "")]
)
def test_letters(text: str, letter: str) -> None:
    assert letter_in(text) == letter


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("Yes", 1.0),
        ("I think no.", 0.0),
        ("Score: 0.75", 0.75),
        ("7 of 10 points", None),
        ("fine", None),
        ("oui", 1.0),
    ],
)
def test_verdicts(text: str, value: float | None) -> None:
    assert verdict_in(text) == value
