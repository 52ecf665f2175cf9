"""How one node's work ends: the outputs it gives, what it used, or the problem it met."""

from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from pydantic import BaseModel, ValidationError

from flowloom.errors import FlowloomError, Problem
from flowloom.kinds.values import Usage


class Stopped(Exception):
    """Ends an execution with the problem of the node that stopped it; a spent budget ends the whole run."""

    def __init__(self, problem: Problem, *, is_budget: bool = False) -> None:
        super().__init__(problem.code)
        self.problem, self.is_budget = problem, is_budget


def outputs_of(result: BaseModel) -> Mapping[str, Any]:
    """The outputs that fire: those the function set."""
    # Iterated, since a port may be called like one of pydantic's methods.
    return {name: value for name, value in result if name in result.model_fields_set}


def total(spent: list[Usage]) -> Usage | None:
    """Several model calls as one usage; unknown numbers stay unknown."""
    if len(spent) < 2:
        return spent[0] if spent else None
    costs = [usage.cost for usage in spent if usage.cost is not None]
    return Usage(
        model=spent[-1].model,
        input_tokens=sum(usage.input_tokens or 0 for usage in spent),
        output_tokens=sum(usage.output_tokens or 0 for usage in spent),
        cost=sum(costs) if len(costs) == len(spent) else None,
    )


def problem_of(error: Exception, timeout: float | None) -> Problem:
    """What a node's error means to a person; `timeout` is what the node was given, in seconds."""
    match error:
        case FlowloomError():
            return error.problem
        case TimeoutError() if timeout is not None:
            return Problem.of(
                "node.timeout",
                "This block took longer than its limit of {seconds} seconds.",
                "Raise its timeout in the block’s settings, or ask for less.",
                seconds=f"{timeout:g}",
            )
        case ValidationError():
            with suppress(IndexError):
                place = error.errors(include_url=False, include_input=False, include_context=False)[0]
                return Problem.of(
                    "node.input",
                    "The value at “{port}” isn’t valid: {reason}.",
                    "Check the output of the block before it.",
                    port=place["loc"][0] if place["loc"] else "",
                    reason=place["msg"],
                )
    # The text of a strange exception may carry anything, a key included, so only its kind is told.
    return Problem.of(
        "node.crash",
        "This block stopped because of an unexpected error ({kind}).",
        "Try again. If it happens again, please report it with the flow.",
        kind=type(error).__name__,
    )
