"""The measures of experiments for blocks: one answer, measured within a run."""

from collections.abc import Mapping
from typing import Any

from flowloom.evaluation.evaluators.all import keyed, scored
from flowloom.evaluation.evaluators.evaluator import Case, NoFlows, Tools
from flowloom.flow.model import Flow
from flowloom.kinds.measures import Answer, Asks, Measured
from flowloom.kinds.services import OnText
from flowloom.kinds.values import ModelReply, ModelRequest
from flowloom.saved_answers import Nearness
from flowloom.store.datasets import DataRow
from flowloom.store.experiments import Chosen


class Measuring:
    """Fulfils `Measures`."""

    def __init__(self, nearness: Nearness) -> None:
        self._nearness = nearness

    async def measure(self, id: str, config: Mapping[str, Any], answer: Answer, ask: Asks) -> Measured:
        """Measure an answer. Raises NodeError where there is no such measure, or its settings don’t fit."""
        ((evaluator, settings),) = keyed([Chosen(id=id, config=dict(config))]).values()
        row = DataRow(id="", given={}, expected=answer.expected)
        flow = Flow.model_validate({"language": answer.language})
        case = Case(row, answer.question, answer.text, flow, answer.passages)
        found = await scored(evaluator, settings, case, Tools(_Asked(ask), self._nearness, NoFlows()))
        return Measured(found.value, found.because)


class _Asked:
    """Fulfils `Models` by what a block may ask."""

    def __init__(self, ask: Asks) -> None:
        self._ask = ask

    async def reply(self, request: ModelRequest, on_text: OnText) -> ModelReply:
        return await self._ask(request)
