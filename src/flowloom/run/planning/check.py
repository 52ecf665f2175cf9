"""Everything that would stop a run, found before it starts and said in plain words."""

from collections.abc import Iterator

from pydantic import BaseModel, ValidationError

from flowloom.errors import Problem
from flowloom.flow.loops import Loop, loops_of, with_inner
from flowloom.flow.model import Edge, Flow, Node
from flowloom.kinds.kind import TOOL_PORT, NodeKind
from flowloom.kinds.port import EMPTY, TYPE_LABELS, Port, may_join
from flowloom.kinds.registry import Registry, label_of
from flowloom.locales import Verbatim
from flowloom.run.planning.nested_nodes import flow_within
from flowloom.run.planning.plan import config_of, plan_of, ports_of_node
from flowloom.run.planning.unconnected_outputs import loose_ways

Ports = tuple[dict[str, Port], dict[str, Port]]


MAX_DEPTH = 8
"""How deep flows may stand within blocks."""


def find_problems(flow: Flow, kinds: Registry, depth: int = 0) -> list[Problem]:
    """Every Problem of a flow, each placed at its node and port; errors stop a run, warnings do not.

    `depth` counts the blocks around it. What is wrong within a block is placed at the block.
    """
    ports: dict[str, Ports] = {}
    problems: list[Problem] = []
    for node in flow.nodes:
        problems += _node_problems(node, kinds, ports)
        problems += _inner_problems(node, kinds, depth)
    for edge in flow.edges:
        problems += _edge_problems(flow, edge, ports)
    loops = loops_of(flow, [TOOL_PORT.id])
    problems += _input_problems(flow, ports, kinds, loops)
    problems += _shape_problems(flow, kinds, loops)
    if not (depth or blocking(problems)):
        problems += _loose_problems(flow, kinds)
    return problems


def blocking(problems: list[Problem]) -> list[Problem]:
    """Those that stop a run."""
    return [problem for problem in problems if problem.severity == "error"]


def _node_problems(node: Node, kinds: Registry, ports: dict[str, Ports]) -> Iterator[Problem]:
    kind = kinds.get(node.kind)
    if kind is None:
        yield Problem.of(
            "run.unknown_kind",
            "“{node}” is a block that this version of Flowloom doesn’t know ({kind}).",
            "Update Flowloom, or remove the block. It is kept as it is.",
            node=Verbatim(node.name or node.id),
            kind=node.kind,
        ).at(node.id)
        return
    try:
        config = config_of(node, kind)
        ports[node.id] = ports_of_node(node, kind, config)
        yield from (problem.at(node.id) for problem in kind.check(config))
    except ValidationError as error:
        yield _config_problem(node, kind, kinds, error)


def _inner_problems(node: Node, kinds: Registry, depth: int) -> Iterator[Problem]:
    inner = flow_within(node, kinds)
    if inner is None:
        return
    if depth >= MAX_DEPTH:
        yield Problem.of(
            "flow.depth",
            "“{node}” contains blocks nested more than {limit} levels deep.",
            "Unpack some of them.",
            node=label_of(node, kinds),
            limit=MAX_DEPTH,
        ).at(node.id)
        return
    problems = find_problems(inner, kinds, depth + 1)
    if blocking(problems):
        yield Problem.of(
            "flow.inside",
            "Something inside “{node}” keeps it from running.",
            "Open the GPT it runs, fix it there, then update the block.",
            node=label_of(node, kinds),
        ).at(node.id)
    yield from (problem.model_copy(update={"node": node.id, "port": None}) for problem in problems)


def _config_problem(node: Node, kind: NodeKind, kinds: Registry, error: ValidationError) -> Problem:
    first = error.errors(include_url=False, include_input=False, include_context=False)[0]
    name = str(first["loc"][0]) if first["loc"] else ""
    field = kind.config.model_fields.get(name)
    return Problem.of(
        "run.config",
        "“{field}” in {node} isn’t valid: {reason}.",
        "Open the block and edit it.",
        field=(field.title if field and field.title else name) or "?",
        node=label_of(node, kinds),
        reason=first["msg"],
    ).at(node.id)


def _edge_problems(flow: Flow, edge: Edge, ports: dict[str, Ports]) -> Iterator[Problem]:
    if edge.start.node not in ports or edge.end.node not in ports:
        return
    source = ports[edge.start.node][1].get(edge.start.port)
    target = ports[edge.end.node][0].get(edge.end.port)
    if source is None or target is None:
        missing, node = (edge.end, edge.end.node) if source else (edge.start, edge.start.node)
        yield Problem.of(
            "run.no_port",
            "A connection uses “{port}”, which this block no longer has.",
            "Remove the connection, or connect it to another input or output.",
            port=missing.port,
        ).at(node, missing.port)
    elif not may_join(source.type, target.type):
        yield Problem.of(
            "run.types",
            "“{source}” provides {given}, but “{target}” needs {needed}.",
            "Add a block between them that converts one to the other.",
            source=source.said,
            given=TYPE_LABELS[source.type],
            target=target.said,
            needed=TYPE_LABELS[target.type],
        ).at(edge.end.node, edge.end.port)


def _input_problems(flow: Flow, ports: dict[str, Ports], kinds: Registry, loops: list[Loop]) -> Iterator[Problem]:
    joined = {edge.end for edge in flow.edges}
    late = _late_inputs(flow, loops)
    tools = {edge.start.node for edge in flow.edges if edge.start.port == TOOL_PORT.id}
    for node in flow.nodes:
        if node.id in tools or node.settings.pinned is not None or node.id not in ports:
            continue
        for port in ports[node.id][0].values():
            if port.required and (node.id, port.id) not in joined:
                yield Problem.of(
                    "run.input",
                    "“{port}” of {node} is not connected.",
                    "Connect it to the block that provides it.",
                    port=port.said,
                    node=label_of(node, kinds),
                ).at(node.id, port.id)
            elif port.required and (node.id, port.id) in late and port.type not in EMPTY:
                yield Problem.of(
                    "loop.late",
                    "“{port}” of {node} has no value in the first round of the loop.",
                    "Also connect it to a block outside the loop.",
                    port=port.said,
                    node=label_of(node, kinds),
                ).at(node.id, port.id)


def _late_inputs(flow: Flow, loops: list[Loop]) -> set[tuple[str, str]]:
    """Inputs at the entry of a loop that only edges from within it lead to."""
    late = set()
    for loop in with_inner(loops):
        inside = {edge.end for edge in flow.edges if edge.start.node in loop.members}
        outside = {edge.end for edge in flow.edges if edge.start.node not in loop.members}
        late |= {end for end in inside - outside if end.node in loop.entries}
    return {(end.node, end.port) for end in late}


def _shape_problems(flow: Flow, kinds: Registry, loops: list[Loop]) -> Iterator[Problem]:
    yield from _start_problems(flow, kinds)
    if not _only_does(flow, kinds) and not any(_kind_is(node, kinds, "answers") for node in flow.nodes):
        yield Problem.of(
            "run.no_answer",
            "This GPT has no Answer block.",
            "Drag an Answer block onto the canvas and connect it.",
        )
    for loop in with_inner(loops):
        yield from _loop_problems(flow, loop, kinds)
    yield from _tool_problems(flow, kinds)


def _loose_problems(flow: Flow, kinds: Registry) -> Iterator[Problem]:
    for step, port in loose_ways(plan_of(flow, kinds)):
        yield (
            Problem.of(
                "run.loose_way",
                "“{way}” of {node} leads nowhere, so nobody gets an answer when the run goes that way.",
                "Connect it to a block, or let it answer with a fixed text.",
                way=port.said,
                node=label_of(step.node, kinds),
            )
            .at(step.id, port.id)
            .as_warning()
        )


def _only_does(flow: Flow, kinds: Registry) -> bool:
    """Whether it is a flow within a block that does something, such as save a file, and gives nothing."""
    is_within = any(_kind_is(node, kinds, "enters") and not _kind_is(node, kinds, "starts") for node in flow.nodes)
    return is_within and any(_kind_is(node, kinds, "lets_out") for node in flow.nodes)


def _loop_problems(flow: Flow, loop: Loop, kinds: Registry) -> Iterator[Problem]:
    members = [node for node in flow.nodes if node.id in loop.members]
    names = ", ".join(label_of(node, kinds) for node in members)
    first = members[0].id
    if not loop.entries:
        yield Problem.of(
            "loop.no_entry",
            "Nothing leads into this loop, so it never starts: {names}.",
            "Connect a block before it, or remove a connection inside it.",
            names=names,
        ).at(first)
    elif len(loop.entries) > 1:
        entries = [node for node in members if node.id in loop.entries]
        yield Problem.of(
            "loop.entries",
            "This loop has more than one starting block: {entries}.",
            "Let all connections from outside lead to one of them. The loop is: {names}.",
            entries=", ".join(label_of(node, kinds) for node in entries),
            names=names,
        ).at(entries[1].id)
    elif not loop.has_exit and not any(_kind_is(node, kinds, "answers") for node in members):
        yield Problem.of(
            "loop.no_exit",
            "Nothing leads out of this loop: {names}.",
            "Connect one of its blocks to what comes next.",
            names=names,
        ).at(first)


def _start_problems(flow: Flow, kinds: Registry) -> Iterator[Problem]:
    starts = [node for node in flow.nodes if _kind_is(node, kinds, "starts")]
    if not flow.nodes:
        yield Problem.of(
            "run.empty",
            "The canvas is empty.",
            "Drag a Chat message block onto it, or start from a template.",
        )
    elif not starts and not any(_kind_is(node, kinds, "enters") for node in flow.nodes):
        yield Problem.of(
            "run.no_start",
            "This GPT has no Chat message block.",
            "Drag a Chat message block onto the canvas and connect it.",
        ).as_warning()
    for extra in starts[1:]:
        yield Problem.of(
            "run.two_starts",
            "There are two Chat message blocks.",
            "Remove one of them and connect its blocks to the other.",
        ).at(extra.id)


def _tool_problems(flow: Flow, kinds: Registry) -> Iterator[Problem]:
    starts = [edge.start for edge in flow.edges]
    tools = {start.node for start in starts if start.port == TOOL_PORT.id}
    steps = {start.node for start in starts if start.port != TOOL_PORT.id}
    both = tools & (steps | {edge.end.node for edge in flow.edges})
    for node in flow.nodes:
        if node.id in both:
            yield Problem.of(
                "run.tool_and_step",
                (
                    "{node} is connected to an agent as a tool and to other blocks as a step. It can "
                    "only be one of them."
                ),
                "Remove its other connections, or add a second block of this type.",
                node=label_of(node, kinds),
            ).at(node.id)


def _kind_is(node: Node, kinds: Registry, trait: str) -> bool:
    kind = kinds.get(node.kind)
    return kind is not None and bool(getattr(kind, trait))


def config_or_default(node: Node, kind: NodeKind) -> BaseModel:
    """The node's config, or the kind's defaults where it does not fit, so that its card can still be drawn."""
    try:
        return config_of(node, kind)
    except ValidationError:
        return kind.config()


def ports_now(node: Node, kinds: Registry) -> Ports:
    """A node's inputs and outputs, also where its config does not fit; none where its kind is unknown."""
    kind = kinds.get(node.kind)
    return ports_of_node(node, kind, config_or_default(node, kind)) if kind else ({}, {})
