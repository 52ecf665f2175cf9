"""Blocks, and the lines among them: a block waits for all that leads to it, and is skipped where nothing comes."""

import time
from collections.abc import Callable, Iterator
from inspect import Parameter, signature
from typing import Any, NamedTuple

from flowloom.exchange.exporters.python.parts.errors import NodeError
from flowloom.exchange.exporters.python.parts.people import PASSES_ON, ask_first
from flowloom.exchange.exporters.python.parts.values import readable

NOTHING: Any = object()


class Line(NamedTuple):
    """A line from "block.output" to an input; `convert` makes the value fit, `back` is for lines back in a loop."""

    source: str
    convert: Callable[[Any], Any] | None = None
    back: bool = False

    @property
    def block(self) -> str:
        return self.source.partition(".")[0]

    def value(self, state: Any) -> Any:
        """What came along it, NOTHING where the block did not run or did not go this way."""
        block, _, output = self.source.partition(".")
        return state.get("values", {}).get(block, {}).get(output, NOTHING)


class Lines(NamedTuple):
    """The lines into one input, which takes the first value or, with `many`, a list of all."""

    lines: tuple[Line, ...]
    many: bool = False
    empty: Any = NOTHING
    """What it holds in the first round of a loop, where only later rounds bring something."""


def first_of(*lines: str | Line, empty: Any = NOTHING) -> Lines:
    return Lines(tuple(Line(line) if isinstance(line, str) else line for line in lines), empty=empty)


def all_of(*lines: str | Line) -> Lines:
    return first_of(*lines)._replace(many=True)


class Block(NamedTuple):
    """A function, what leads to each of its inputs, and what happens when it fails."""

    name: str
    function: Callable[..., dict[str, Any]]
    inputs: dict[str, Lines]
    after: Lines = Lines(())
    answers: bool = False
    retries: int = 0
    wait: float = 1.0
    if_it_fails: str = "stop"
    instead: dict[str, Any] | None = None
    ask_first: str = ""

    @property
    def lines(self) -> list[Line]:
        return [line for lines in (*self.inputs.values(), self.after) for line in lines.lines]


class Loop(NamedTuple):
    """Blocks that run again, from `entry` on, while something comes back to it: `most` times at most."""

    entry: str
    members: tuple[str, ...]
    most: int
    must_leave: bool

    @property
    def end(self) -> str:
        return f"{self.entry} done"


class Connected:
    """The blocks of a flow and how they are connected."""

    def __init__(self) -> None:
        self.blocks: dict[str, Block] = {}
        self.loops: list[Loop] = []

    def add(self, function: Callable[..., dict[str, Any]], **settings: Any) -> None:
        """Add a block: what leads to its inputs by their names, and settings whose names begin with `_`.

        With `_after` it runs where one of these lines brought something, whatever that is.
        """
        options = {name[1:]: value for name, value in settings.items() if name.startswith("_")}
        inputs = {
            name: value if isinstance(value, Lines) else first_of(value)
            for name, value in settings.items()
            if not name.startswith("_")
        }
        self.blocks[function.__name__] = Block(function.__name__, function, inputs, **options)

    def loop(self, entry: str, members: list[str], most: int, must_leave: bool = True) -> None:
        """Say that these blocks form a loop; an outer loop comes before those in it."""
        self.loops.append(Loop(entry, tuple(members), most, must_leave))

    def waits_of(self, block: Block) -> set[str]:
        """What a block waits for: others, or the ends of loops that lines lead out of."""
        return {self._end_of(line.block, block.name) for line in block.lines if not line.back}

    def _end_of(self, source: str, target: str) -> str:
        left = (loop for loop in self.loops if source in loop.members and target not in loop.members)
        loop = next(left, None)
        return loop.end if loop else source

    def step(self, block: Block, state: Any) -> dict[str, Any]:
        """What changes by a block: what it gave, nothing where it is skipped, and its answer."""
        given = self._arrived(block, state)
        if given is None:
            return {"values": {block.name: {}}}
        if "state" in signature(block.function).parameters:
            given["state"] = state
        found = tried(block, given)
        answer = {block.name: readable(next(iter(found.values()), ""))} if block.answers and found else {}
        return {"values": {block.name: found}, "answers": answer}

    def _arrived(self, block: Block, state: Any) -> dict[str, Any] | None:
        """The values for a block's inputs; None where it is skipped."""
        again = state.get("rounds", {}).get(block.name, 1) > 1
        live = [line for line in block.lines if (again or not line.back) and line.value(state) is not NOTHING]
        if not live and any(not line.back for line in block.lines):
            return None
        if block.after.lines and not any(line in live for line in block.after.lines):
            return None
        needed = {
            name for name, of in signature(block.function).parameters.items() if of.default is Parameter.empty
        }
        given: dict[str, Any] = {}
        for name, lines in block.inputs.items():
            values = list(values_of_lines(lines, state, again))
            if values:
                given[name] = values if lines.many else values[0]
            elif name in needed and any(not line.back for line in lines.lines):
                return None
            elif name in needed and lines.empty is not NOTHING:
                given[name] = lines.empty
        return given

    def parts_of(self, loop: Loop) -> set[str]:
        """What has to have run before a round has ended: the blocks of a loop, and the ends of loops in it."""
        inner = [each for each in self.loops if set(each.members) < set(loop.members)]
        deeper = {name for each in inner for name in each.members}
        ends = {each.end for each in inner if not any(set(each.members) < set(other.members) for other in inner)}
        return (set(loop.members) - deeper) | ends

    def next_round(self, loop: Loop, state: Any) -> int:
        """The number of the next round; 0 where the loop has ended."""
        number = state.get("rounds", {}).get(loop.entry, 1)
        back = [line for line in self.blocks[loop.entry].lines if line.back and line.block in loop.members]
        goes_back = any(line.value(state) is not NOTHING for line in back)
        if goes_back and number < loop.most:
            return int(number + 1)
        outside = [block for block in self.blocks.values() if block.name not in loop.members]
        leaving = [line for block in outside for line in block.lines if line.block in loop.members]
        if goes_back and loop.must_leave and leaving and all(line.value(state) is NOTHING for line in leaving):
            raise NodeError(f"The loop at “{loop.entry}” ran {loop.most} rounds without a result.")
        return 0


def values_of_lines(lines: Lines, state: Any, again: bool) -> Iterator[Any]:
    """What came; in later rounds of a loop, what comes back takes the place of what came from outside."""
    found = [(line, line.value(state)) for line in lines.lines if again or not line.back]
    found = [(line, value) for line, value in found if value is not NOTHING]
    if any(line.back for line, _ in found) and not lines.many:
        found = [(line, value) for line, value in found if line.back]
    for line, value in found:
        try:
            yield line.convert(value) if line.convert else value
        except (ValueError, TypeError):
            raise NodeError(f"What “{line.source}” gave does not fit here.") from None


def tried(block: Block, given: dict[str, Any]) -> dict[str, Any]:
    """What a block gives, tried again and caught as its settings say."""
    for attempt in range(block.retries + 1):
        try:
            if block.ask_first:
                ask_first(block.ask_first, given)
            return block.function(**given)
        except PASSES_ON:
            raise
        except Exception as error:
            if attempt < block.retries:
                time.sleep(block.wait * 2**attempt)
            elif block.if_it_fails == "value":
                return block.instead or {}
            elif block.if_it_fails == "port":
                return {"error": str(error)}
            else:
                raise
    return {}
