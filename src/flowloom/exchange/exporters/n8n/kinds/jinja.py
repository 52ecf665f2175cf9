"""Templates of jinja as JavaScript, as far as both say the same."""

import json
from collections.abc import Callable, Mapping
from typing import Any

from jinja2 import nodes

from flowloom.exchange.exporters.n8n.expressions import NotTaken, as_text, quoted
from flowloom.nodes.data.sandbox import FAILURES, Sandbox

Names = Callable[[str], str]
"""What a name of the template holds, as code; "" where nothing does."""
COMPARED = {"eq": "==", "ne": "!=", "gt": ">", "gteq": ">=", "lt": "<", "lteq": "<="}
FILTERS: Mapping[str, str] = {
    "upper": "String({0}).toUpperCase()",
    "lower": "String({0}).toLowerCase()",
    "trim": "String({0}).trim()",
    "length": "({0} ?? []).length",
    "count": "({0} ?? []).length",
    "first": "({0} ?? [])[0]",
    "last": "({0} ?? []).slice(-1)[0]",
    "string": "String({0})",
    "default": "({0} ?? {1})",
    "d": "({0} ?? {1})",
    "join": "({0} ?? []).join({1})",
    "replace": "String({0}).split({1}).join({2})",
    "int": "Math.trunc(Number({0}) || 0)",
    "float": "(Number({0}) || 0)",
}
EMPTY = {"default": '""', "d": '""', "join": '""'}


def code_of(template: str, names: Names) -> str:
    """Code that gives the text of a template. Raises NotTaken."""
    try:
        tree = Sandbox().parse(template)
    except FAILURES as error:
        raise NotTaken from error
    return Translation(names).body(tree.body)


class Translation:
    """One template; `inner` are the names that its loops give."""

    def __init__(self, names: Names, inner: frozenset[str] = frozenset()) -> None:
        self.names, self.inner = names, inner

    def body(self, each: list[nodes.Node]) -> str:
        pieces = [piece for node in each for piece in self._pieces(node)]
        return f"[{', '.join(pieces)}].join('')" if len(pieces) != 1 else f"String({pieces[0]})"

    def _pieces(self, node: nodes.Node) -> list[str]:
        match node:
            case nodes.Output():
                return [self._shown(each) for each in node.nodes]
            case nodes.If():
                return [self._if(node)]
            case nodes.For(target=nodes.Name(name=name), test=None, recursive=False, else_=[]):
                inside = Translation(self.names, self.inner | {name, "loop"})
                loop = "({ index: number + 1, index0: number, first: !number, last: number === all.length - 1 })"
                made = f"({name}, number, all) => (loop => {inside.body(node.body)})({loop})"
                return [f"[...({self.value(node.iter)} ?? [])].map({made}).join('')"]
        raise NotTaken

    def _shown(self, node: nodes.Node) -> str:
        return quoted(node.data) if isinstance(node, nodes.TemplateData) else as_text(self.value(node))

    def _if(self, node: nodes.If) -> str:
        others = "".join(f"{self.truth(each.test)} ? {self.body(each.body)} : " for each in (node, *node.elif_))
        return f"({others}{self.body(node.else_) if node.else_ else quoted('')})"

    def truth(self, node: Any) -> str:
        """Whether a value counts as yes: an empty list or object does not."""
        code = self.value(node)
        plain = isinstance(node, nodes.Compare | nodes.Not | nodes.Test)
        return code if plain else f"(v => Array.isArray(v) ? v.length > 0 : !!v)({code})"

    def value(self, node: Any) -> str:
        match node:
            case nodes.Const():
                return quoted(node.value) if isinstance(node.value, str) else json.dumps(node.value)
            case nodes.Name():
                return node.name if node.name in self.inner else self.names(node.name) or "undefined"
            case nodes.Getattr():
                return f"{self.value(node.node)}?.[{quoted(node.attr)}]"
            case nodes.Getitem(arg=nodes.Const()):
                return f"{self.value(node.node)}?.[{self.value(node.arg)}]"
        return self._worked_out(node)

    def _worked_out(self, node: Any) -> str:
        match node:
            case nodes.Not():
                return f"!{self.truth(node.node)}"
            case nodes.And() | nodes.Or():
                sign = "&&" if isinstance(node, nodes.And) else "||"
                return f"({self.truth(node.left)} {sign} {self.truth(node.right)})"
            case nodes.Compare(ops=[nodes.Operand() as operand]) if operand.op in COMPARED:
                return f"({self.value(node.expr)} {COMPARED[operand.op]} {self.value(operand.expr)})"
            case nodes.CondExpr() if node.expr2 is not None:
                return f"({self.truth(node.test)} ? {self.value(node.expr1)} : {self.value(node.expr2)})"
            case nodes.Concat():
                return "[" + ", ".join(self._shown(each) for each in node.nodes) + "].join('')"
            case nodes.Test(name="defined"):
                return f"({self.value(node.node)} !== undefined)"
            case nodes.Filter():
                return self._filter(node)
        raise NotTaken

    def _filter(self, node: nodes.Filter) -> str:
        made = FILTERS.get(node.name)
        if made is None or node.kwargs or node.node is None:
            raise NotTaken
        given = [self.value(node.node), *(self.value(each) for each in node.args)]
        wanted = made.count("{")
        given += [EMPTY.get(node.name, "")] * (wanted - len(given))
        if len(given) != wanted or not all(given):
            raise NotTaken
        return made.format(*given)
