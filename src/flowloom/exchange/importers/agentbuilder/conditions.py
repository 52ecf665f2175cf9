"""The tests of a program as rows of a branch, and where a row cannot say it, as a piece of code."""

import ast
from dataclasses import dataclass
from typing import Any

from flowloom.exchange.importers.agentbuilder.definitions import literal
from flowloom.exchange.importers.agentbuilder.expressions import Expressions
from flowloom.exchange.importers.sketch import Sketch, Template, Way
from flowloom.exchange.importers.values import Answered, Choice, Guarded, Known, Port
from flowloom.nodes.port_names import named_ports
from flowloom.nodes.readable import first_words

_OPERATORS: dict[type[ast.cmpop], str] = {
    ast.Eq: "is",
    ast.NotEq: "is_not",
    ast.Gt: "greater_than",
    ast.GtE: "at_least",
    ast.Lt: "less_than",
    ast.LtE: "at_most",
}
_ORDERS = frozenset({"greater_than", "at_least", "less_than", "at_most"})


@dataclass
class Tests:
    """Reads what an `if` asks."""

    sketch: Sketch
    reader: Expressions

    def known(self, node: ast.expr, way: Way) -> bool | None:
        """The outcome of a test that is decided by the program itself."""
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
            inner = self.known(node.operand, way)
            return None if inner is None else not inner
        if isinstance(node, ast.BoolOp):
            each = [self.known(value, way) for value in node.values]
            return None if None in each else (all(each) if isinstance(node.op, ast.And) else any(each))
        if isinstance(node, ast.Compare) and len(node.ops) == 1:
            return self._compared(node, way)
        found = self.reader.read(node, way)
        return bool(found.value) if isinstance(found, Known) else None

    def _compared(self, node: ast.Compare, way: Way) -> bool | None:
        left, right = (self.reader.read(each, way) for each in (node.left, node.comparators[0]))
        if not (isinstance(left, Known) and isinstance(right, Known)):
            return None
        operator = _OPERATORS.get(type(node.ops[0]), "")
        if operator in ("is", "is_not"):
            return bool(left.value == right.value) == (operator == "is")
        if isinstance(node.ops[0], ast.Is | ast.IsNot):
            return (left.value is right.value) == isinstance(node.ops[0], ast.Is)
        return None

    def guard(self, node: ast.expr, way: Way) -> tuple[str, bool] | None:
        """The guardrail a test is about, and whether it asks for what was stopped."""
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
            inner = self.guard(node.operand, way)
            return inner and (inner[0], not inner[1])
        found = self.reader.read(node, way)
        return (found.node, True) if isinstance(found, Guarded) else None

    def branch(self, tests: list[ast.expr], way: Way) -> list[str]:
        """A branch with a row for each test: the outputs of the rows and of what is left. Raises Unread."""
        inputs = Template()
        rows = [self._row(test, way, inputs) for test in tests]
        names = [row["name"] for row in rows]
        ports = [port.id for port in named_ports(names, taken=("otherwise",))]
        if len(set(ports)) < len(ports) or len(set(names)) < len(names):
            for number, row in enumerate(rows, 1):
                row["name"] = f"{row['name'][:70]} ({number})"
            ports = [port.id for port in named_ports([row["name"] for row in rows], taken=("otherwise",))]
        title = first_words(" · ".join(row["name"] for row in rows), 60)
        id = self.sketch.place(way, "branch", title, {"rows": rows}, inputs.inputs, acts=True, key="branch")
        return [*(f"{id}.{port}" for port in ports), f"{id}.otherwise"]

    def _row(self, test: ast.expr, way: Way, inputs: Template) -> dict[str, Any]:
        simple = isinstance(test, ast.BoolOp) and all(self._plain(each, way) for each in test.values)
        each = test.values if simple and isinstance(test, ast.BoolOp) else [test]
        match = "any" if simple and isinstance(getattr(test, "op", None), ast.Or) else "all"
        conditions = [self._condition(part, way, inputs) for part in each]
        return {"name": _named(test), "match": match, "conditions": conditions}

    def _plain(self, node: ast.expr, way: Way) -> bool:
        return self._comparison(node, way) is not None

    def _condition(self, node: ast.expr, way: Way, inputs: Template) -> dict[str, Any]:
        found = self._comparison(node, way)
        if found is None:
            value = self.reader.worked_out(node, way, _named(node), plain=True)
            return {"input": inputs.name(value.at), "operator": "is_yes"}
        value, operator, wanted = found
        name = inputs.name(self.sketch.port_of(value, way))
        return {"input": name, "operator": operator, "value": wanted, "exact": True}

    def _comparison(self, node: ast.expr, way: Way) -> tuple[Any, str, str] | None:
        """What is compared, how, and with which words, where a row says just that."""
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
            value = self._yes_no(node.operand, way)
            return value and (value, "is_no", "")
        if not isinstance(node, ast.Compare) or len(node.ops) != 1:
            value = self._yes_no(node, way)
            return value and (value, "is_yes", "")
        left, right = node.left, node.comparators[0]
        if isinstance(node.ops[0], ast.In | ast.NotIn):
            value, part = self.reader.read(right, way), literal(left)
            operator = "contains" if isinstance(node.ops[0], ast.In) else "does_not_contain"
            fits = isinstance(value, Port | Answered) and getattr(value, "type", "text") in ("text", "")
            return (value, operator, part) if fits and isinstance(part, str) and part.strip() else None
        value, wanted = self.reader.read(left, way), literal(right)
        operator = _OPERATORS.get(type(node.ops[0]), "")
        return self._row_of(value, operator, wanted) if isinstance(value, Port | Choice | Answered) else None

    def _row_of(self, value: Any, operator: str, wanted: Any) -> tuple[Any, str, str] | None:
        if isinstance(wanted, bool):
            return (
                (value, "is_yes" if wanted == (operator == "is") else "is_no", "") if operator[:2] == "is" else None
            )
        if isinstance(wanted, str) and wanted.strip() and operator in ("is", "is_not"):
            return value, operator, wanted
        if isinstance(wanted, int | float) and getattr(value, "type", "") == "number" and operator:
            return value, operator, repr(wanted)
        return None

    def _yes_no(self, node: ast.expr, way: Way) -> Any:
        value = self.reader.read(node, way)
        return value if isinstance(value, Port) and value.type == "yes_no" else None


def _named(test: ast.expr) -> str:
    """What a way is called: the word it asks for, where it asks for one."""
    if isinstance(test, ast.Compare) and len(test.ops) == 1 and isinstance(test.ops[0], ast.Eq):
        wanted = literal(test.comparators[0])
        if isinstance(wanted, str) and wanted.strip():
            return first_words(wanted, 70)
    return first_words(ast.unparse(test), 70)
