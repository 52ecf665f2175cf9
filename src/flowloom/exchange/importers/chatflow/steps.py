"""A ChatFlow file as it is written: steps that ask, with values to fill in and answers to come back to."""

import re
from collections.abc import Mapping
from typing import Any, NamedTuple

from flowloom.flow.sorts import mappings, words

VALUE = re.compile(r"\$\$([a-zA-Z0-9_]+)\$\$")
RESPONSE = re.compile(r"\$\$response:([0-9]+)\$\$")
WHOLE = frozenset({".*", "(.*?)"})
"""Patterns that keep the whole answer."""


class Step(NamedTuple):
    """One question. `keeps` is the pattern of what of its answer later steps may use, "" for nothing.

    `number` counts every step of the file, also those that ask nothing, for references count these too.
    """

    number: int
    name: str
    ask: str
    values: Mapping[str, str]
    keeps: str
    hidden: bool
    before: tuple[Mapping[str, Any], ...]
    after: tuple[Mapping[str, Any], ...]

    @property
    def value(self) -> str:
        """The name of the only value that is filled in: ChatFlow fills in the first that it finds, once."""
        found = VALUE.search(self.ask)
        return found[1] if found and self.values.get(found[1]) else ""

    @property
    def response(self) -> int | None:
        """Which step's answer is filled in; where that one is kept, no value is."""
        found = RESPONSE.search(self.ask)
        return int(found[1]) if found else None


def is_flow(data: Any) -> bool:
    steps = data.get("steps") if isinstance(data, dict) else None
    return isinstance(steps, list) and any(isinstance(step, dict) and "ask" in step for step in steps)


def read_steps(listed: Any) -> list[Step]:
    steps = [_step(each, number) for number, each in enumerate(mappings(listed))]
    return [step for step in steps if step.ask.strip()]


def _step(data: Mapping[str, Any], number: int) -> Step:
    values = data.get("values")
    return Step(
        number,
        words(data.get("name")) or str(number + 1),
        words(data.get("ask")),
        {words(name): _filled_in(value) for name, value in values.items()} if isinstance(values, dict) else {},
        words(data.get("cachedResponseRegex")),
        data.get("hiddenExecute") is True,
        tuple(mappings(data.get("preActions"))),
        tuple(mappings(data.get("postActions"))),
    )


def _filled_in(value: Any) -> str:
    """A value as JavaScript writes it; "" for one that it takes as none."""
    if isinstance(value, bool):
        return "true" if value else ""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return words(value) if value else ""
