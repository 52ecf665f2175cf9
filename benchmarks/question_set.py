"""The question set of `benchmarks.retrieval`: passages of nine handbooks, and what people ask about them."""

import json
from pathlib import Path
from typing import NamedTuple

from pydantic import BaseModel, ConfigDict

FOLDER = Path(__file__).parent / "questions"
SAME, ACROSS, PARAPHRASE = "same language", "across languages", "paraphrase"
PARTS = (SAME, ACROSS, PARAPHRASE)
NEAR, FAR = "unanswerable, near", "unanswerable, far"
TUNING, HELD_OUT = "tuning", "held out"


class Section(BaseModel):
    """One section of a handbook, which says one thing."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    language: str
    file: str
    text: str


class Question(BaseModel):
    """What somebody asks, and the sections that answer it; none where no handbook does.

    A paraphrase shares no content word with its section. What is unanswerable and near sounds like `near`, the
    handbook it may stand in, and doesn't. Sections of odd number serve for tuning, the others are held out.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    language: str
    part: str
    question: str
    answers: tuple[str, ...]
    half: str
    near: str = ""


class QuestionSet(NamedTuple):
    sections: tuple[Section, ...]
    questions: tuple[Question, ...]


def read_questions() -> QuestionSet:
    """All of it, in the order of the files. Raises ValueError where a line is damaged."""
    sections = tuple(Section.model_validate(row) for row in _rows("passages.jsonl"))
    return QuestionSet(sections, tuple(Question.model_validate(row) for row in _rows("questions.jsonl")))


def _rows(name: str) -> list[object]:
    return [json.loads(line) for line in (FOLDER / name).read_text("utf-8").splitlines()]
