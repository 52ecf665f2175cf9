"""Measuring an answer within a flow, by the same measures as experiments."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, Protocol

from flowloom.errors import NodeError, Problem
from flowloom.kinds.values import ModelReply, ModelRequest, Passage

TITLES = {
    "exact": "Exactly as expected",
    "contains": "Contains what is expected",
    "regex": "Matches a pattern",
    "json": "Fields as expected",
    "number": "Number as expected",
    "similar": "Similar in meaning",
    "cites": "Citations are right",
    "grounded": "Based on the documents",
    "route": "Takes the right path",
    "tool": "Calls the right tool",
    "cost": "Cost",
    "time": "Time taken",
    "refuses": "Refuses when it should",
    "language": "Right language",
    "reading": "Reading level",
    "judge": "A model judges",
    "grounded_model": "Based on the documents, says a model",
    "own": "A GPT of yours judges",
}
"""What each measure is called, in experiments and in blocks."""


class Asks(Protocol):
    """Asks a model, and counts what that takes."""

    async def __call__(self, request: ModelRequest) -> ModelReply: ...


@dataclass(frozen=True, slots=True)
class Answer:
    """What is measured. `language` is that of the flow."""

    text: str
    question: str = ""
    expected: str = ""
    passages: Sequence[Passage] = ()
    language: str = "en"


class Measured(NamedTuple):
    """What a measure says; no value where it can’t tell, and why."""

    value: float | None
    because: Problem | None = None


class Measures(Protocol):
    """The measures there are, by their ids."""

    async def measure(self, id: str, config: Mapping[str, Any], answer: Answer, ask: Asks) -> Measured:
        """Measure an answer. Raises NodeError where there is no such measure, or its settings don’t fit."""
        ...


class NoMeasures:
    """Fulfils `Measures` where nothing can be measured."""

    async def measure(self, id: str, config: Mapping[str, Any], answer: Answer, ask: Asks) -> Measured:
        raise NodeError("Answers can’t be measured here.", "Run the GPT in the app.", code="measures.none")
