"""Blocks that hold a flow."""

from flowloom.exchange.exporters.python.block import Block
from flowloom.exchange.exporters.python.literals import value_literal
from flowloom.exchange.exporters.python.names import identifier
from flowloom.nodes.flows import for_each
from flowloom.run.planning.plan import Plan

PEOPLE = "people."


def _inner(block: Block) -> tuple[str, str]:
    """The function that makes the graph of the flow within, and the constant of what leaves it."""
    plan = block.step.inner
    assert plan is not None
    name = block.program.names.take(identifier(f"{block.name}_flow"))
    inner = block.program.write_flow(plan, name, nested=True)
    leaves = [(inner[step.id].name, step.leaves.id) for step in plan.steps if step.leaves]
    return name, block.data("leaves", leaves)


def write_sub_flow(block: Block) -> None:
    graph, leaves = _inner(block)
    given = ", ".join(f"{value_literal(port)}: {name}" for port, name in block.parameters.items())
    block.write(f"return {block.use('inside', 'flows')}({graph}(), {{{given}}}, {leaves})")


def write_for_each(block: Block) -> None:
    config, plan = block.config, block.step.inner
    if plan and _asks_people(plan):
        block.missing(
            "The program can’t ask a person for each item of a list.", "Ask once, before or after the list."
        )
        return
    graph, leaves = _inner(block)
    listed = for_each.over(config)
    shared = ", ".join(
        f"{value_literal(port)}: {name}" for port, name in block.parameters.items() if port != listed
    )
    told = (f"{graph}(False)", "items", value_literal(listed), "shared")
    block.write(
        f"items = {block.use('items_of', 'flows')}({block.given(listed)})",
        f"shared = {{{shared}}}",
        f"ended = {block.call('for_each', 'flows', *told, leaves, str(config.at_once))}",
    )
    if config.if_fails == "stop":
        block.write(
            "failed = [each for each in ended if isinstance(each, Exception)]",
            "if failed:",
            "    raise failed[0]",
        )
    outputs = [port.id for port in for_each.output_ports(config) if port.id != for_each.FAILED.id]
    if config.if_fails == "empty":
        block.write("given = [{} if isinstance(each, Exception) else each for each in ended]")
    else:
        block.write("given = [each for each in ended if not isinstance(each, Exception)]")
    block.write(f"found = {{name: [each.get(name) for each in given] for name in {value_literal(outputs)}}}")
    if config.if_fails == "collect":
        block.write(
            "pairs = [(item, each) for item, each in zip(items, ended) if isinstance(each, Exception)]",
            'found["failed_items"] = [{"item": item, "error": str(each)} for item, each in pairs]',
        )
    block.write("return found")


def _asks_people(plan: Plan) -> bool:
    steps = [step for _, step in plan.all_steps()]
    return any(step.kind.id.startswith(PEOPLE) or step.node.settings.ask_first for step in steps)


WRITERS = {"flow.sub": write_sub_flow, "flow.each": write_for_each}
