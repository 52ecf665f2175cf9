"""What the expressions of a program stand for: names, texts with values in them, parts of results."""

import ast
from collections.abc import Mapping
from typing import Any

from flowloom.exchange.importers.agentbuilder.definitions import called, literal, snake
from flowloom.exchange.importers.sketch import Code, Sketch, Way
from flowloom.exchange.importers.values import (
    Answered,
    Choice,
    Guarded,
    Known,
    Messages,
    Port,
    Record,
    Text,
    Thing,
    Unread,
    Written,
)

_JSON = frozenset({"json", "model_dump_json"})
_SAME = frozenset({"model_dump", "dict", "final_output_as", "String", "str"})
_KNOWN_FUNCTIONS = frozenset(
    "len str int float bool abs min max round sum sorted list dict set any all range enumerate zip".split()
)


class Expressions:
    """Reads expressions where the program stands on a way."""

    def __init__(self, sketch: Sketch, things: Mapping[str, Any]) -> None:
        self.sketch, self.things = sketch, things

    def value(self, node: ast.expr, way: Way) -> Any:
        """What an expression stands for; a block is made for what has to be worked out. Raises Unread."""
        found = self.read(node, way)
        return found if found is not None else self.worked_out(node, way)

    def read(self, node: ast.expr, way: Way) -> Any:
        """The value of what needs no working out, None for what does."""
        if isinstance(node, ast.Constant):
            return Known(node.value) if isinstance(node.value, str | int | float | bool | None) else None
        how = getattr(self, f"_{type(node).__name__.lower()}", None)
        return how(node, way) if how else None

    def _await(self, node: ast.Await, way: Way) -> Any:
        return self.read(node.value, way)

    def _name(self, node: ast.Name, way: Way) -> Any:
        found = way.names.get(node.id, self.things.get(node.id))
        if isinstance(found, Thing) and isinstance(found.node, ast.expr):
            value = literal(found.node)
            return Known(value) if value is not None else found
        return found

    def _attribute(self, node: ast.Attribute, way: Way) -> Any:
        return self._part(self.read(node.value, way), node.attr, way)

    def _subscript(self, node: ast.Subscript, way: Way) -> Any:
        key = literal(node.slice)
        whole = self.read(node.value, way)
        return None if whole is None or not isinstance(key, str | int) else self._part(whole, key, way)

    def _part(self, whole: Any, key: str | int, way: Way) -> Any:
        """One entry of a value, by its key or place."""
        if isinstance(whole, Record):
            return whole.fields.get(str(key), Known(None))
        if isinstance(whole, Answered):
            return whole.output if snake(str(key)) == "final_output" else None
        if isinstance(whole, Guarded):
            return self._of_guard(whole, snake(str(key)))
        if isinstance(whole, Choice):
            parts = tuple((arm, self._part(each, key, arm)) for arm, each in whole.ways)
            return None if any(part is None for _, part in parts) else Choice(parts, whole.gate)
        if isinstance(whole, Known):
            try:
                return Known(whole.value[key])
            except (TypeError, KeyError, IndexError):
                return Known(None)
        return self._picked(whole, key, way) if isinstance(whole, Port) else None

    def _of_guard(self, guard: Guarded, key: str) -> Any:
        if "tripwire" in key:
            return guard
        return Port(f"{guard.node}.{'reason' if 'fail' in key else 'passed'}")

    def _picked(self, whole: Port, key: str | int, way: Way) -> Port:
        path = f"[{key}]" if isinstance(key, int) else key
        known = (f"{whole.at} {path}", way.gate)
        if known not in self.sketch.made:
            id = self.sketch.place(way, "json.pick", "", {"path": path}, {"data": whole.at}, key=f"{key}")
            self.sketch.made[known] = f"{id}.value"
        return Port(self.sketch.made[known])

    # -- texts and collections

    def _joinedstr(self, node: ast.JoinedStr, way: Way) -> Any:
        parts: list[Any] = []
        for each in node.values:
            inner = each.value if isinstance(each, ast.FormattedValue) else each
            if isinstance(each, ast.FormattedValue) and (each.format_spec or each.conversion != -1):
                return None
            parts.append(self.value(inner, way))
        return _text(parts)

    def _binop(self, node: ast.BinOp, way: Way) -> Any:
        if not isinstance(node.op, ast.Add):
            return None
        both = [self.read(each, way) for each in (node.left, node.right)]
        texts = [
            isinstance(each, Text) or (isinstance(each, Known) and isinstance(each.value, str)) for each in both
        ]
        return _text(both) if None not in both and any(texts) else None

    def _boolop(self, node: ast.BoolOp, way: Way) -> Any:
        """`answer or ""`: the answer, as an agent always gives one."""
        first = self.read(node.values[0], way)
        if isinstance(node.op, ast.Or) and isinstance(first, Port | Record | Text | Answered):
            return first
        if isinstance(node.op, ast.Or) and isinstance(first, Known):
            return first if first.value else self.read(node.values[-1], way)
        return self._of_guarded(first, node.values, way)

    def _of_guarded(self, first: Any, values: list[ast.expr], way: Way) -> Any:
        return Port(f"{first.node}.reason") if isinstance(first, Guarded) else None

    def _ifexp(self, node: ast.IfExp, way: Way) -> Any:
        test = self.read(node.test, way)
        if isinstance(test, Known):
            return self.value(node.body if test.value else node.orelse, way)
        return Port(f"{test.node}.reason") if isinstance(test, Guarded) else None

    def _dict(self, node: ast.Dict, way: Way) -> Any:
        fields: dict[str, Any] = {}
        for key, value in zip(node.keys, node.values, strict=True):
            name, inner = literal(key), self.value(value, way)
            if key is None and isinstance(inner, Record):
                fields |= inner.fields
            elif isinstance(name, str):
                fields[name] = inner
            else:
                return None
        return Record(fields)

    def _list(self, node: ast.List, way: Way) -> Any:
        known = literal(node)
        if known is not None and not any(isinstance(each, dict) and "role" in each for each in known):
            return Known(known)
        return self.messages(node, way) or None

    def messages(self, node: ast.expr, way: Way) -> Messages | None:
        """A conversation that is written out; `*others` are those it begins with."""
        if not isinstance(node, ast.List):
            found = self.read(node, way)
            return found if isinstance(found, Messages) else None
        rows: list[tuple[str, Any]] = []
        before = None
        for each in node.elts:
            if isinstance(each, ast.Starred):
                inner = self.read(each.value, way)
                if not isinstance(inner, Messages):
                    return None
                before, rows = (inner.before if inner.before is not None else before), [*rows, *inner.rows]
            elif not (row := self.message(each, way)):
                return None
            else:
                rows.append(row)
        return Messages(tuple(rows), before)

    def message(self, node: ast.expr, way: Way) -> tuple[str, Any] | None:
        if not isinstance(node, ast.Dict):
            return None
        entries = {getattr(key, "value", ""): value for key, value in zip(node.keys, node.values, strict=True)}
        role, content = literal(entries.get("role")), entries.get("content")
        if not isinstance(role, str) or content is None:
            return None
        role = {"developer": "system"}.get(role, role)
        return (role if role in ("system", "assistant") else "user"), self._content(content, way)

    def _content(self, node: ast.expr, way: Way) -> Any:
        if not isinstance(node, ast.List):
            return self.value(node, way)
        parts = []
        for part in node.elts:
            entries = zip(part.keys, part.values, strict=True) if isinstance(part, ast.Dict) else ()
            parts += [self.value(value, way) for key, value in entries if literal(key) == "text"]
        return parts[0] if len(parts) == 1 else _text(parts)

    def _call(self, node: ast.Call, way: Way) -> Any:
        name, function = called(node), node.func
        owner = self.read(function.value, way) if isinstance(function, ast.Attribute) else None
        if name == "stringify" or name == "dumps":
            return Written(self.value(node.args[0], way)) if node.args else None
        if name in _JSON and not node.args and owner is not None:
            return Written(owner)
        if name in _SAME and isinstance(owner, Record | Answered | Port | Choice):
            return owner.output if isinstance(owner, Answered) and name == "final_output_as" else owner
        if name == "str" and len(node.args) == 1 and owner is None:
            return self.read(node.args[0], way)
        if name == "get" and owner is not None and node.args:
            key = literal(node.args[0])
            return self._part(owner, key, way) if isinstance(key, str) else None
        if "tripwire" in snake(name) and node.args:
            return self.read(node.args[0], way)
        return self._of_result(name, node, way)

    def _of_result(self, name: str, node: ast.Call, way: Way) -> Any:
        """What a function of the program makes of a guardrail's result: the text that passed, or why it did not."""
        guard = self.read(node.args[0], way) if node.args else None
        if not isinstance(guard, Guarded):
            return None
        return Port(f"{guard.node}.{'passed' if 'text' in snake(name) else 'reason'}")

    # -- what has to be worked out

    def worked_out(self, node: ast.expr, way: Way, name: str = "", *, plain: bool = False) -> Port:
        """A block of code for an expression. Raises Unread where it calls what the program does not show."""
        code = Code(self.sketch, way)
        functions: dict[str, ast.AST] = {}
        tree = _Filled(self, way, code, functions).visit(_copied(node))
        text = ast.unparse(ast.fix_missing_locations(tree))
        for mark, written in code.marks.items():
            text = text.replace(mark, written)
        before = "\n".join(ast.unparse(function) for function in functions.values())
        return Port(code.block(f"bool({text})" if plain else text, name, before=before))


def _copied(node: ast.expr) -> ast.expr:
    found = ast.parse(ast.unparse(ast.fix_missing_locations(node)), mode="eval").body
    return found


class _Filled(ast.NodeTransformer):
    """An expression with all that is known put in, and a mark for each value that arrives."""

    def __init__(self, reader: Expressions, way: Way, code: Code, functions: dict[str, ast.AST]) -> None:
        self._reader, self._way, self._code, self._functions = reader, way, code, functions
        self._own: set[str] = set()

    def visit(self, node: ast.AST) -> Any:
        for each in getattr(node, "generators", ()):
            self._own |= _bound(each.target)
        if isinstance(node, ast.Lambda):
            self._own |= _bound(node.args)
        value = self._value(node)
        return super().visit(node) if value is None else self._code.marked(value)

    def visit_Call(self, node: ast.Call) -> Any:
        self._check(node)
        if isinstance(node.func, ast.Attribute):
            node.func.value = self.visit(node.func.value)
        node.args = [self.visit(each) for each in node.args]
        node.keywords = [self.visit(each) for each in node.keywords]
        return node

    def visit_Name(self, node: ast.Name) -> Any:
        if node.id not in self._own and isinstance(node.ctx, ast.Load):
            raise Unread
        return node

    def visit_Await(self, node: ast.Await) -> Any:
        return self.visit(node.value)

    def _value(self, node: ast.AST) -> Any:
        if any(isinstance(each, ast.Name) and each.id in self._own for each in ast.walk(node)):
            return None
        if not isinstance(node, ast.Name | ast.Attribute | ast.Subscript | ast.JoinedStr | ast.Call | ast.Dict):
            return None
        found = self._reader.read(node, self._way)
        return None if isinstance(found, Thing | Guarded) else found

    def _check(self, node: ast.Call) -> None:
        """What is called is a method, a function of Python, or one that the program shows. Raises Unread."""
        if isinstance(node.func, ast.Attribute):
            return
        name = getattr(node.func, "id", "")
        thing = self._reader.things.get(name)
        if isinstance(thing, Thing) and isinstance(thing.node, ast.FunctionDef):
            if any(isinstance(each, ast.Name) and each.id == "_unread" for each in ast.walk(thing.node)):
                raise Unread
            self._functions[name] = thing.node
        elif name not in _KNOWN_FUNCTIONS:
            raise Unread


def _bound(node: ast.AST) -> set[str]:
    """The names that a loop or a function within an expression gives."""
    names = {each.id for each in ast.walk(node) if isinstance(each, ast.Name)}
    return names | {each.arg for each in ast.walk(node) if isinstance(each, ast.arg)}


def _text(parts: list[Any]) -> Any:
    flat: list[Any] = []
    for part in parts:
        flat += part.parts if isinstance(part, Text) else [part]
    if all(isinstance(part, Known) for part in flat):
        return Known("".join(str(part.value) for part in flat))
    return Text(tuple(part for part in flat if part != Known("")))
