"""How the blocks of a flow are connected, as the lines of a program."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from flowloom.exchange.exporters.python.block import Block
from flowloom.exchange.exporters.python.literals import WIDTH, quoted, value_literal
from flowloom.exchange.exporters.python.source import PARTS
from flowloom.kinds.kind import AFTER_PORT
from flowloom.kinds.port import EMPTY, Port, PortType
from flowloom.run.planning.plan import Link, Plan

if TYPE_CHECKING:
    from flowloom.exchange.exporters.python.program import Program

_AS_IT_IS = frozenset({PortType.ANY, PortType.TOOL})


def wiring_of(program: "Program", plan: Plan, blocks: Mapping[str, Block], name: str) -> str:
    """The function that builds the graph of a flow."""
    own = "How the blocks are connected." if name == "flow" else "How the blocks within this block are connected."
    lines = [
        f"def {name}(checkpointer=None):",
        f'    """{own}"""',
        f"    blocks = {_use(program, 'Blocks', 'graph')}()",
    ]
    for step in plan.steps:
        lines += _call("blocks.add", list(_added(program, blocks[step.id], blocks)))
    for loop in plan.loops:
        members = value_literal(sorted(blocks[step.id].name for step in loop.steps))
        lines.append(
            f"    blocks.loop({quoted(blocks[loop.entry.id].name)}, {members}, {loop.most}, {loop.must_leave})"
        )
    return "\n".join([*lines, "    return blocks.compile(checkpointer)"])


def _call(function: str, arguments: list[str]) -> list[str]:
    """A call on one line, or with a line for each argument where it is long."""
    line = f"    {function}({', '.join(arguments)})"
    if len(line) <= WIDTH:
        return [line]
    return [f"    {function}(", *(f"        {argument}," for argument in arguments), "    )"]


def _added(program: "Program", block: Block, blocks: Mapping[str, Block]) -> Iterator[str]:
    yield block.name
    into: dict[str, list[Link]] = {}
    for link in sorted(block.step.incoming, key=lambda link: link.place):
        into.setdefault(link.input, []).append(link)
    for port, links in into.items():
        if port == AFTER_PORT.id:
            written = ", ".join(_line(program, link, blocks) for link in links)
            yield f"_after={_use(program, 'first_of', 'lines')}({written})"
        else:
            yield f"{block.parameters[port]}={_lines(program, block, port, links, blocks)}"
    yield from _settings(block)


def _lines(program: "Program", block: Block, port: str, links: list[Link], blocks: Mapping[str, Block]) -> str:
    written = [_line(program, link, blocks) for link in links]
    target = block.step.inputs[port]
    if target.many:
        return f"{_use(program, 'all_of', 'lines')}({', '.join(written)})"
    if port in block.step.late and target.required and target.type in EMPTY:
        written.append(f"empty={value_literal(EMPTY[target.type])}")
    if len(written) > 1:
        return f"{_use(program, 'first_of', 'lines')}({', '.join(written)})"
    return written[0]


def _line(program: "Program", link: Link, blocks: Mapping[str, Block]) -> str:
    source = quoted(f"{blocks[link.source.id].name}.{link.port}")
    convert = _conversion(link.source.outputs[link.port], link.target.inputs[link.input]) if link.coerce else ""
    options = [_use(program, convert, "values")] if convert else []
    options += ["back=True"] if link.back else []
    return f"{_use(program, 'Line', 'lines')}({', '.join([source, *options])})" if options else source


def _conversion(source: Port, target: Port) -> str:
    """The function that makes a value fit; "" where it may stay as it is."""
    match source.type, target.type:
        case _, PortType.TEXT:
            return "readable"
        case _, PortType.NUMBER:
            return "as_number"
        case PortType.TEXT, PortType.JSON:
            return "as_json"
        case PortType.LIST, PortType.FILE | PortType.IMAGE:
            return "first_file"
        case PortType.PASSAGES | PortType.MESSAGES, PortType.LIST:
            return ""
        case _, PortType.LIST:
            return "as_list"
    return ""


def _settings(block: Block) -> Iterator[str]:
    settings = block.step.node.settings
    if block.step.kind.answers and not block.nested:
        yield "_answers=True"
    if settings.retries:
        yield f"_retries={settings.retries}, _wait={settings.retry_wait}"
    if settings.on_error != "stop":
        yield f"_if_it_fails={quoted(settings.on_error)}"
    if settings.on_error == "value" and settings.fallback:
        yield f"_instead={value_literal(settings.fallback)}"
    if settings.ask_first:
        yield f"_ask_first={value_literal(block.title)}"


def _use(program: "Program", name: str, part: str) -> str:
    return program.definitions.use(name, f"{PARTS}.{part}")
