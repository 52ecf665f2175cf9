"""Every evaluator there is, in the order in which a person chooses."""

import asyncio
from collections.abc import Sequence
from typing import Any

from pydantic import ValidationError

from flowloom.errors import FlowloomError, NodeError
from flowloom.evaluation.evaluators import judging, runs, sources, texts, wording
from flowloom.evaluation.evaluators.evaluator import Case, Evaluator, Tools, by_id, untold
from flowloom.store.experiments import Chosen, Score

EVERY: tuple[Evaluator, ...] = (*texts.ALL, *sources.ALL, *runs.ALL, *wording.ALL, *judging.ALL)
EVALUATORS = by_id(EVERY)


def keyed(chosen: Sequence[Chosen]) -> dict[str, tuple[Evaluator, Any]]:
    """The evaluators an experiment uses with their settings, by the name of their scores. Raises NodeError."""
    found: dict[str, tuple[Evaluator, Any]] = {}
    for each in chosen:
        evaluator = EVALUATORS.get(each.id)
        if evaluator is None:
            raise NodeError("There is no evaluator “{name}”.", code="evaluate.unknown", name=each.id)
        key = each.id if each.id not in found else f"{each.id} {sum(k.split()[0] == each.id for k in found) + 1}"
        try:
            found[key] = (evaluator, evaluator.config.model_validate(each.config))
        except ValidationError:
            raise NodeError(
                "The settings of “{name}” don’t fit.",
                "Choose them again.",
                code="evaluate.settings",
                name=evaluator.title,
            ) from None
    return found


async def scored(evaluator: Evaluator, config: Any, case: Case, tools: Tools) -> Score:
    """What an evaluator says; one that can't be asked says nothing, and why."""
    try:
        if evaluator.in_thread:
            found = await asyncio.to_thread(evaluator.function, config, case, tools)
        else:
            found = evaluator.function(config, case, tools)
        return found if isinstance(found, Score) else await found
    except FlowloomError as error:
        return untold(error.problem)
