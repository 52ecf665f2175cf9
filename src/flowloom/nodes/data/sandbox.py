"""Jinja templates with everything taken out that a text has no need of, and limits on what is left.

Jinja's own sandbox keeps templates from Python's objects but not from running for ever or filling the
memory, so this one counts rounds, watches how long it has worked, and knows only the methods and filters
listed here.
"""

from collections.abc import Callable, ItemsView, Iterable, Iterator, KeysView, Mapping, ValuesView
from functools import lru_cache
from itertools import islice
from time import thread_time
from typing import Any

from jinja2 import TemplateError, Undefined, nodes, pass_context
from jinja2.exceptions import SecurityError
from jinja2.filters import FILTERS
from jinja2.meta import find_undeclared_variables
from jinja2.runtime import Context, LoopContext
from jinja2.sandbox import ImmutableSandboxedEnvironment
from jinja2.visitor import NodeTransformer
from pydantic_core import to_json, to_jsonable_python

from flowloom.nodes.readable import readable
from flowloom.nodes.tools.arithmetic import power, rounded

MAX_OUTPUT = 200_000
MAX_VALUE = 1_000_000
MAX_ROUNDS = 20_000
MAX_RANGE = 10_000
MAX_SECONDS = 1.0
"""Of work: what a busy computer makes a template wait is not its fault."""
MAX_BITS = 4_096

FAILURES = (
    TemplateError,
    ArithmeticError,
    AttributeError,
    LookupError,
    MemoryError,
    RecursionError,
    SyntaxError,
    TypeError,
    ValueError,
)
"""All that a template of a stranger may make jinja and Python raise."""

STATEMENTS = (nodes.Output, nodes.For, nodes.If, nodes.Assign)
HIDDEN_NAMES = frozenset({"self", "super", "caller", "varargs", "kwargs"})
KEPT_FILTERS = (
    "abs capitalize count d default dictsort e escape first float groupby int items last length list lower "
    "map "
    "max min reject rejectattr reverse select selectattr sort string sum title trim truncate unique upper "
    "urlencode wordcount"
).split()
METHODS: Mapping[type, frozenset[str]] = {
    str: frozenset(
        "capitalize casefold count endswith find isdigit lower lstrip removeprefix removesuffix rstrip split "
        "splitlines startswith strip title upper".split()
    ),
    dict: frozenset({"get", "items", "keys", "values"}),
    list: frozenset({"count", "index"}),
}
LOOP_FACTS = frozenset(
    {"index", "index0", "revindex", "revindex0", "first", "last", "length", "previtem", "nextitem"}
)


class LimitError(Exception):
    """A template asked for too much: too long a text, too many rounds, too much time."""


def render(template: str, values: Mapping[str, Any]) -> str:
    """The template filled in. Raises LimitError or one of FAILURES."""
    sandbox = Sandbox()
    pieces: list[str] = []
    length = 0
    for piece in sandbox.from_string(sandbox.guarded(template)).generate(values):
        sandbox.check_time()
        length += len(piece)
        if length > MAX_OUTPUT:
            raise LimitError
        pieces.append(piece)
    return "".join(pieces)


@lru_cache(maxsize=256)
def names_in_template(template: str) -> tuple[str, ...]:
    """The values a template asks for, in the order it first names them. Raises one of FAILURES."""
    sandbox = Sandbox()
    tree = sandbox.guarded(template)
    unknown = find_undeclared_variables(tree) - set(sandbox.globals)
    # `guarded` raises for what only the compiler would notice, so that a mistake shows before the run.
    sandbox.from_string(tree)
    ordered = (name.name for name in sandbox.parse(template).find_all(nodes.Name))
    return tuple(name for name in dict.fromkeys(ordered) if name in unknown)


class Sandbox(ImmutableSandboxedEnvironment):
    """One rendering: its own limits, and only what the lists above allow."""

    intercepted_binops = frozenset({"+", "*", "**", "%"})

    def __init__(self) -> None:
        super().__init__(finalize=shown, keep_trailing_newline=True)
        self.rounds = 0
        self.deadline = thread_time() + MAX_SECONDS
        self.globals = {"range": short_range}
        self.filters = {name: FILTERS[name] for name in KEPT_FILTERS}
        self.filters |= {"join": joined, "replace": replaced, "round": rounded, "tojson": as_json}
        self.filters |= {COUNTED: self.counted, CONCATENATED: joined}

    def guarded(self, template: str) -> nodes.Template:
        """The parsed template, refused if it uses more than it may, with its loops counted."""
        tree = self.parse(template)
        for statement in tree.find_all(nodes.Stmt):
            if not isinstance(statement, STATEMENTS) or getattr(statement, "recursive", False):
                raise SecurityError(f"{type(statement).__name__.lower()} is not possible here")
        for name in tree.find_all(nodes.Name):
            if name.name in HIDDEN_NAMES:
                raise SecurityError(f"{name.name} is not possible here")
        guarded: nodes.Template = Guard().visit(tree)
        return guarded

    @pass_context
    def counted(self, context: Context, items: Iterable[Any]) -> Iterator[Any]:
        for item in items:
            self.rounds += 1
            if self.rounds > MAX_ROUNDS:
                raise LimitError
            self.check_time()
            yield item

    def check_time(self) -> None:
        if thread_time() > self.deadline:
            raise LimitError

    def getattr(self, obj: Any, attribute: str) -> Any:
        # `order.items` should be what the data calls items, not Python's method of that name.
        if isinstance(obj, dict) and attribute in obj:
            return obj[attribute]
        return super().getattr(obj, attribute)

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
        if isinstance(obj, LoopContext):
            return attr in LOOP_FACTS
        if isinstance(obj, tuple):
            return attr in ("grouper", "list")
        return attr in METHODS.get(type(obj), ())

    def is_safe_callable(self, obj: Any) -> bool:
        owner = METHODS.get(type(getattr(obj, "__self__", None)), ())
        return obj is short_range or getattr(obj, "__name__", "") in owner

    def unsafe_undefined(self, obj: Any, attribute: str) -> Undefined:
        raise SecurityError(f"{attribute} is not possible here")

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:
        if operator == "**":
            return power(left, right)
        if operator == "%" and isinstance(left, str):
            raise SecurityError("% is for numbers only")
        if operator in SIZES and SIZES[operator](left, right) > MAX_VALUE:
            raise LimitError
        return super().call_binop(context, operator, left, right)


COUNTED, CONCATENATED = "_counted", "_concatenated"


class Guard(NodeTransformer):
    """Puts the counter on every loop and the limit on every `~`."""

    def visit_For(self, node: nodes.For) -> nodes.For:
        self.generic_visit(node)
        node.iter = nodes.Filter(node.iter, COUNTED, [], [], None, None, lineno=node.lineno)
        return node

    def visit_Concat(self, node: nodes.Concat) -> nodes.Filter:
        self.generic_visit(node)
        parts = nodes.List(node.nodes, lineno=node.lineno)
        return nodes.Filter(parts, CONCATENATED, [], [], None, None, lineno=node.lineno)


def product_size(left: Any, right: Any) -> int:
    for value, times in ((left, right), (right, left)):
        if isinstance(value, str | list | tuple) and isinstance(times, int):
            return len(value) * max(times, 0)
    if isinstance(left, int) and isinstance(right, int) and left.bit_length() + right.bit_length() > MAX_BITS:
        return MAX_VALUE + 1
    return 0


def sum_size(left: Any, right: Any) -> int:
    sized = isinstance(left, str | list | tuple) and isinstance(right, str | list | tuple)
    return len(left) + len(right) if sized else 0


SIZES: Mapping[str, Callable[[Any, Any], int]] = {"*": product_size, "+": sum_size}


def short_range(*bounds: int) -> range:
    numbers = range(*bounds)
    if len(numbers) > MAX_RANGE:
        raise LimitError
    return numbers


def shown(value: Any) -> str:
    """A value as it stands in the text: yes and no, lists a line each, never a Python object."""
    if isinstance(value, Undefined):
        return str(value)
    if isinstance(value, LoopContext):
        raise SecurityError("loop is not for showing")
    if isinstance(value, range | Iterator | KeysView | ValuesView | ItemsView):
        value = list(islice(value, MAX_ROUNDS))
    # What holds a Python object is refused here, with a ValueError, rather than shown by its name.
    return readable(to_jsonable_python(value))


def joined(items: Iterable[Any], d: str = "", attribute: str | None = None) -> str:
    """Like jinja's `join`, but never longer than a value may be."""
    pieces: list[str] = []
    length = 0
    for item in items:
        text = shown(item.get(attribute, "") if attribute and isinstance(item, dict) else item)
        length += len(text) + len(d)
        if length > MAX_VALUE:
            raise LimitError
        pieces.append(text)
    return d.join(pieces)


def replaced(value: Any, old: str, new: str) -> str:
    """Like jinja's `replace`, but never longer than a value may be."""
    text = shown(value)
    if len(text) + text.count(old) * len(new) > MAX_VALUE:
        raise LimitError
    return text.replace(old, new)


def as_json(value: Any) -> str:
    return str(to_json(value), "utf-8")
