"""Runs side by side: what each block gave in each of them, and where that differs."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic_core import to_json

from flowloom.run.reading.steps import Step


@dataclass(frozen=True, slots=True)
class Compared:
    """One block in several runs: its last time in each, None where it did not have its turn."""

    node: str
    steps: tuple[Step | None, ...]

    @property
    def differs(self) -> bool:
        """Whether it ended in another way, or gave something else."""
        return len({_told(step) for step in self.steps}) > 1

    def differing(self) -> frozenset[str]:
        """The outputs that are not the same in all runs."""
        names = {name for step in self.steps if step for name in step.outputs}
        return frozenset(name for name in names if len({_written(step, name) for step in self.steps}) > 1)


def compared(stories: Iterable[Sequence[Step]]) -> list[Compared]:
    """The blocks of all runs, in the order in which they began in the first run that had them."""
    last = [{step.node: step for step in story if not step.caller} for story in stories]
    nodes = dict.fromkeys(node for steps in last for node in steps)
    return [Compared(node, tuple(steps.get(node) for steps in last)) for node in nodes]


def _told(step: Step | None) -> Any:
    if step is None:
        return None
    return step.outcome, frozenset((name, _written(step, name)) for name in step.outputs)


def _written(step: Step | None, name: str) -> bytes | None:
    if step is None or name not in step.outputs:
        return None
    return to_json(step.outputs[name], fallback=str, inf_nan_mode="null")
