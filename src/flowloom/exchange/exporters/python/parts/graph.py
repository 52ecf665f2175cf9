"""A graph of LangGraph in which a block waits for all that leads to it, and is skipped where nothing comes."""

import time
from collections.abc import Callable, Iterator
from inspect import Parameter, signature
from operator import or_
from typing import Annotated, Any, NamedTuple, TypedDict

from langgraph.errors import GraphBubbleUp
from langgraph.graph import START, StateGraph
from langgraph.types import Command, interrupt

from flowloom.exchange.exporters.python.parts.errors import NodeError
from flowloom.exchange.exporters.python.parts.values import readable

NOTHING: Any = object()


def in_order(before: dict[str, str], now: dict[str, str]) -> dict[str, str]:
    """Answers by the block that gave them, the latest last."""
    return {name: text for name, text in before.items() if name not in now} | now


class State(TypedDict, total=False):
    """What a run knows: the message, what was said before, and what each block gave, by its name and output."""

    message: str
    history: list[dict[str, Any]]
    files: list[dict[str, Any]]
    given: dict[str, Any]
    values: Annotated[dict[str, dict[str, Any]], or_]
    answers: Annotated[dict[str, str], in_order]
    rounds: Annotated[dict[str, int], or_]


class Line(NamedTuple):
    """A line from "block.output" to an input; `convert` makes the value fit, `back` is for lines back in a loop."""

    source: str
    convert: Callable[[Any], Any] | None = None
    back: bool = False

    @property
    def block(self) -> str:
        return self.source.partition(".")[0]

    def value(self, state: State) -> Any:
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


class Blocks:
    """The blocks of a flow and how they are connected."""

    def __init__(self) -> None:
        self.blocks: dict[str, Block] = {}
        self.loops: list[Loop] = []
        self.graph: Any = StateGraph(State)

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

    def compile(self, checkpointer: Any = None) -> Any:
        """The graph, ready to run."""
        for block in self.blocks.values():
            self.graph.add_node(block.name, self._step(block))
        for loop in self.loops:
            self.graph.add_node(loop.end, lambda state: {})
        for block in self.blocks.values():
            self._wait(block.name, {self._end_of(line.block, block.name) for line in block.lines if not line.back})
        for loop in self.loops:
            self._close(loop)
        return self.graph.compile(checkpointer=checkpointer)

    def _wait(self, name: str, sources: set[str]) -> None:
        if len(sources) > 1:
            self.graph.add_edge(sorted(sources), name)
        else:
            self.graph.add_edge(next(iter(sources), START), name)

    def _end_of(self, source: str, target: str) -> str:
        """What a block waits for: another one, or the end of the outermost loop that a line leads out of."""
        left = (loop for loop in self.loops if source in loop.members and target not in loop.members)
        loop = next(left, None)
        return loop.end if loop else source

    def _step(self, block: Block) -> Callable[[State], dict[str, Any]]:
        def step(state: State) -> dict[str, Any]:
            given = self._arrived(block, state)
            if given is None:
                return {"values": {block.name: {}}}
            if "state" in signature(block.function).parameters:
                given["state"] = state
            found = tried(block, given)
            answer = {block.name: readable(next(iter(found.values()), ""))} if block.answers and found else {}
            return {"values": {block.name: found}, "answers": answer}

        return step

    def _arrived(self, block: Block, state: State) -> dict[str, Any] | None:
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

    def _close(self, loop: Loop) -> None:
        """Have a loop go round again, or end, once all in it have run."""
        inner = [each for each in self.loops if set(each.members) < set(loop.members)]
        deeper = {name for each in inner for name in each.members}
        ends = {each.end for each in inner if not any(set(each.members) < set(other.members) for other in inner)}
        back = [line for line in self.blocks[loop.entry].lines if line.back and line.block in loop.members]
        leaving = [
            line
            for block in self.blocks.values()
            if block.name not in loop.members
            for line in block.lines
            if line.block in loop.members
        ]

        def turn(state: State) -> Command[Any]:
            number = state.get("rounds", {}).get(loop.entry, 1)
            goes_back = any(line.value(state) is not NOTHING for line in back)
            if goes_back and number < loop.most:
                return Command(goto=loop.entry, update={"rounds": {loop.entry: number + 1}})
            if goes_back and loop.must_leave and leaving and all(line.value(state) is NOTHING for line in leaving):
                raise NodeError(f"The loop at “{loop.entry}” ran {loop.most} rounds without a result.")
            return Command(goto=loop.end, update={"rounds": {loop.entry: 1}})

        self.graph.add_node(f"{loop.entry} again?", turn, destinations=(loop.entry, loop.end))
        self._wait(f"{loop.entry} again?", (set(loop.members) - deeper) | ends)


def values_of_lines(lines: Lines, state: State, again: bool) -> Iterator[Any]:
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
        except GraphBubbleUp:
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


def ask_first(title: str, given: dict[str, Any]) -> None:
    """Ask a person whether a block may work with these values."""
    shown = "\n\n".join(f"{name}: {readable(value)[:2000]}" for name, value in given.items() if name != "state")
    choices = {"go": "Allow", "stop": "Do not allow"}
    said = interrupt({"question": title, "text": shown, "choices": choices})
    if said.get("choice") != "go":
        raise NodeError("This block wasn’t approved. {comment}", comment=said.get("comment", ""))
