"""One block on its way to a function of a program."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from flowloom.errors import Problem
from flowloom.exchange.exporters.python.literals import comment, docstring, text_literal, value_literal
from flowloom.exchange.exporters.python.names import Names, identifier
from flowloom.exchange.exporters.python.source import PARTS, part_names
from flowloom.exchange.fidelity import Carried
from flowloom.kinds.kind import AFTER_PORT
from flowloom.kinds.port import PortType
from flowloom.kinds.registry import all_kinds, label_of
from flowloom.nodes.templates import find_placeholders
from flowloom.run.planning.plan import Plan, Step

if TYPE_CHECKING:
    from flowloom.exchange.exporters.python.program import Program

DOORS = ("flow.input", "flow.output")
NOT_IN_PARTS = frozenset(
    "pick find_words find_personal work_out written zone_called in_words named cells_of sheet_of markdown_table "
    "column_of with_decimal_commas found values tools said functions before kept rows columns".split()
)
"""What is copied from other modules of ours, and what functions of blocks call their own values."""


class Block:
    """A step of a plan, and the function that is written for it.

    Writers of kinds ask it for the names of inputs and constants, and give it the lines of the body.
    """

    def __init__(self, program: "Program", plan: Plan, step: Step, *, nested: bool, as_tool: bool) -> None:
        self.program, self.plan, self.step = program, plan, step
        self.nested, self.as_tool = nested, as_tool
        self.title = label_of(step.node, all_kinds())
        # A door of a flow within a block is called like the input or output that it is.
        called = step.node.name or getattr(step.config, "name", "") if step.kind.id in DOORS else self.title
        self.name = program.names.take(identifier(called, step.kind.id.replace(".", "_")))
        self.parameters = self._named_parameters()
        self.takes_state = False
        self.tools: list[Block] = []
        self.fields = ""
        """The constant with the fields that are asked for."""
        self.body: list[str] = []
        self.differs: list[Problem] = []
        self.is_missing = False

    @property
    def config(self) -> Any:
        return self.step.config

    def _named_parameters(self) -> dict[str, str]:
        """The inputs that something leads to; of a tool, all that a model may give."""
        own = frozenset() if self.step.kind.id == "merge" else NOT_IN_PARTS
        names = Names(part_names() | own)
        wanted = self.step.inputs if self.as_tool else self.step.wired
        tools = {name for name, port in self.step.inputs.items() if port.type == PortType.TOOL}
        return {
            name: names.take(identifier(name, "value"))
            for name in self.step.inputs
            if name in wanted and name not in tools and name != AFTER_PORT.id
        }

    # -- what writers of kinds ask for

    def given(self, port: str, otherwise: str = "None") -> str:
        """The name of an input, or what stands in its place where nothing leads to it."""
        return self.parameters.get(port, otherwise)

    def text_given(self, port: str) -> str:
        """The name of a text input, or an empty text where nothing leads to it."""
        return self.given(port, '""')

    def call(self, name: str, part: str, *arguments: str) -> str:
        """A call of a function of the pieces; arguments that are empty are left out."""
        return f"{self.use(name, part)}({', '.join(filter(None, arguments))})"

    def constant(self, suffix: str, text: str) -> str:
        """A text as a constant of the program, named after the block."""
        return self.program.constant(f"{self.name}_{suffix}".upper(), text_literal(text))

    def data(self, suffix: str, value: Any) -> str:
        """Plain data as a constant of the program."""
        return self.program.constant(f"{self.name}_{suffix}".upper(), value_literal(value))

    def use(self, name: str, part: str) -> str:
        """A function of the pieces that programs are made of, or of a module of ours that needs nothing of ours."""
        return self.program.definitions.use(name, part if part.startswith("flowloom.") else f"{PARTS}.{part}")

    def write(self, *lines: str) -> None:
        self.body += lines

    def filled(self, suffix: str, template: str, extra: Mapping[str, str] | None = None) -> str:
        """An expression for a text with the values of its placeholders; a constant where it has none."""
        pieces, names, done = [], dict[str, str](), 0
        for place in find_placeholders(template):
            expression = self.given(place.name, (extra or {}).get(place.name, '""'))
            name = names.setdefault(expression, expression if expression.isidentifier() else f"value_{len(names)}")
            pieces += [doubled(template[done : place.start]), f"{{{name}}}"]
            done = place.end
        if not names:
            return self.constant(suffix, template)
        constant = self.constant(suffix, "".join([*pieces, doubled(template[done:])]))
        readable = self.use("readable", "values")
        values = ", ".join(f"{name}={readable}({expression})" for expression, name in names.items())
        return f"{constant}.format({values})"

    # -- the report

    def differ(self, message: str, hint: str = "", **params: object) -> None:
        """Say how the program differs here, and when one would notice."""
        self.differs.append(Problem.of("export.differs", message, hint, **params))

    def missing(self, message: str, hint: str = "", **params: object) -> None:
        """Say that the program cannot do this; it stops here with a sentence of it."""
        self.differ(message, hint, **params)
        self.is_missing = True
        error = self.use("NodeError", "errors")
        self.body = [f"raise {error}({value_literal(str(self.differs[-1]))})"]

    def row(self) -> Carried:
        grade = "placeholder" if self.is_missing else "approximate" if self.differs else "exact"
        kind = self.step.kind
        return Carried(
            source=self.step.id,
            name=self.title,
            type=kind.label,
            grade=grade,
            differs=tuple(self.differs),
            nodes=(self.name,),
        )

    # -- its text

    def text(self) -> str:
        lines = [*self._comments(), f"def {self.name}({', '.join(self._signature())}):"]
        lines += [f"    {docstring(f'{self.title}. {self.step.kind.help}')}"]
        for line in self.body or ["return {}"]:
            lines += [f"    {each}" if each else "" for each in line.split("\n")]
        return "\n".join(lines)

    def _comments(self) -> Iterable[str]:
        for problem in self.differs:
            yield from comment(str(problem))

    def _signature(self) -> Sequence[str]:
        if self.is_missing:
            return ["**given"]
        ports = [(name, self.step.inputs[port]) for port, name in self.parameters.items()]
        needed = [name for name, port in ports if port.required]
        free = [f"{name}={self._default(port.type, port.many)}" for name, port in ports if not port.required]
        return [*(["state"] if self.takes_state else []), *needed, *free]

    def _default(self, type: PortType, many: bool) -> str:
        if self.step.kind.flow_of:
            return self.use("NOTHING", "lines")
        return (
            "()"
            if many or type == PortType.MESSAGES
            else '""'
            if type == PortType.TEXT and not self._tells_none
            else "None"
        )

    @property
    def _tells_none(self) -> bool:
        """Whether it makes a difference to the block that a text did not come at all."""
        return self.step.kind.id in ("chat.answer", "translate", "datetime")


def doubled(text: str) -> str:
    """A text in which braces stay braces where it is formatted."""
    return re.sub(r"([{}])", r"\1\1", text)
