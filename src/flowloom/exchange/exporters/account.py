"""What an export says of each block: what differs there, and what has no counterpart."""

from flowloom.errors import FlowEditError, FlowFileError, Problem
from flowloom.exchange.exporters.ways import Ways
from flowloom.exchange.fidelity import Carried
from flowloom.flow.model import Flow
from flowloom.kinds.kind import TOOL_PORT
from flowloom.kinds.registry import all_kinds, label_of
from flowloom.nodes.flows.combine import can_unpack, unpack
from flowloom.run.planning.check import blocking, find_problems
from flowloom.run.planning.plan import Plan, Step, plan_of

OPTIONAL_KINDS = {"mask": {"passed", "masked"}, "moderate": {"passed", "stopped", "reason"}}


class Account:
    """A flow on its way to another builder, and what is to be told of it."""

    def __init__(self, flow: Flow) -> None:
        """`flow` is one without problems; the flows within its blocks stand in their place."""
        self.flow = unpacked(flow)
        self.plan: Plan = plan_of(self.flow, all_kinds())
        self.differs: dict[str, list[Problem]] = {step.id: [] for _, step in self.plan.all_steps()}
        self.missing: set[str] = set()
        self.ways = Ways(self.plan, {step.id: optional_outputs(step) for step in self.plan.steps})

    def differ(self, step: Step, message: str, hint: str = "", **params: object) -> None:
        """Tell how a block differs there, once, and when one would notice."""
        problem = Problem.of("export.differs", message, hint, **params)
        if problem not in self.differs[step.id]:
            self.differs[step.id].append(problem)

    def lacks(self, step: Step, message: str, hint: str) -> None:
        """Tell that a block has no counterpart there."""
        self.differ(step, message, hint)
        self.missing.add(step.id)

    def row(self, step: Step, *nodes: str) -> Carried:
        told = tuple(self.differs[step.id])
        grade = "placeholder" if step.id in self.missing else "approximate" if told else "exact"
        title = label_of(step.node, all_kinds())
        return Carried(source=step.id, name=title, type=step.kind.label, grade=grade, differs=told, nodes=nodes)


def check_can_run(flow: Flow) -> None:
    """Raises FlowFileError for a flow that cannot run."""
    problems = blocking(find_problems(flow, all_kinds()))
    if problems:
        raise FlowFileError.from_problem(problems[0])


def unpacked(flow: Flow) -> Flow:
    """The flow with those within blocks in their place, for builders that have no flows within blocks."""
    tools = {edge.start.node for edge in flow.edges if edge.start.port == TOOL_PORT.id}
    for node in flow.nodes:
        if can_unpack(node) and node.id not in tools:
            try:
                return unpacked(unpack(flow, node.id))
            except FlowEditError:
                continue
    return flow


def optional_outputs(step: Step) -> frozenset[str]:
    """The outputs of a step that may give nothing."""
    found = (
        {port.id for port in step.kind.ways_out(step.config)} | OPTIONAL_KINDS.get(step.kind.id, set()) | {"error"}
    )
    for field in getattr(step.config, "fields", []):
        if not getattr(field, "required", True):
            found |= {port for port, of in step.outputs.items() if of.label == field.name.strip()}
    return frozenset(found | set(step.kind.beside))
