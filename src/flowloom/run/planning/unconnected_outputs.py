"""Ways out of a block that chooses which leave the person without an answer."""

from collections.abc import Iterator

from flowloom.kinds.port import Port
from flowloom.run.planning.exclusive_paths import reached_on
from flowloom.run.planning.plan import Plan, Step


def loose_ways(plan: Plan) -> Iterator[tuple[Step, Port]]:
    """Each way out without a line that, once taken, leaves the person without an answer."""
    answering = {step for step in plan.steps if step.kind.answers}
    for step in plan.steps if answering else ():
        linked = {link.port for link in step.outgoing}
        for port in () if step.node.settings.pinned is not None else step.kind.ways_out(step.config):
            if port.id not in linked:
                reached = reached_on(plan.steps, {step: frozenset([port.id])})
                if step in reached and not answering & reached:
                    yield step, port
