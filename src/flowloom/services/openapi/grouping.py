"""The operations of a specification by group, and those of them that fit what a person typed."""

from collections.abc import Sequence
from itertools import takewhile

from flowloom.kinds.operations import MAX_OPERATIONS, Finder, Operation


def group_operations(operations: Sequence[Operation]) -> dict[str, list[Operation]]:
    """By tag; without one, by the first step of the path that tells operations apart. "" is for the rest."""
    lead = _shared_lead([_steps(operation) for operation in operations])
    groups: dict[str, list[Operation]] = {}
    for operation in operations:
        groups.setdefault(operation.tag.strip() or _step(operation, lead), []).append(operation)
    return groups


def _steps(operation: Operation) -> list[str]:
    return [step for step in operation.path.split("/") if step]


def _shared_lead(paths: Sequence[list[str]]) -> int:
    """How many steps all paths begin with, such as `api` and `v1`."""
    return len(list(takewhile(lambda steps: len(set(steps)) == 1, zip(*paths, strict=False))))


def _step(operation: Operation, lead: int) -> str:
    """Where a path has nothing beyond what all share, it belongs to its last step."""
    steps = _steps(operation)
    return next((step for step in [*steps[lead:], *reversed(steps[:lead])] if not step.startswith("{")), "")[:80]


def find_fitting(operations: Sequence[Operation], query: str) -> list[Operation]:
    """Those that have every word, or a part of it, in their names; else in what is said of them; else any word."""
    words = query.casefold().split()
    for text in (_names, _all_texts):
        fitting = [operation for operation in operations if all(word in text(operation) for word in words)]
        if fitting:
            return fitting
    return Finder(operations).find(query, MAX_OPERATIONS)


def _names(operation: Operation) -> str:
    return f"{operation.words} {operation.id} {operation.path} {operation.tag} {operation.method}".casefold()


def _all_texts(operation: Operation) -> str:
    return f"{_names(operation)} {operation.about.casefold()}"
