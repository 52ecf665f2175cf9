"""The steps of a program in their order: runs of agents, conditions, approvals, what is kept and returned."""

import ast
from collections.abc import Mapping
from typing import Any

from flowloom.exchange.foreign import DAMAGED
from flowloom.exchange.importers.agentbuilder.agents import Agents
from flowloom.exchange.importers.agentbuilder.conditions import Tests
from flowloom.exchange.importers.agentbuilder.definitions import called, definition, is_run, literal, settings_of
from flowloom.exchange.importers.agentbuilder.expressions import Expressions
from flowloom.exchange.importers.agentbuilder.loops import Loops
from flowloom.exchange.importers.agentbuilder.services import Services
from flowloom.exchange.importers.agentbuilder.syntax import unreadable
from flowloom.exchange.importers.sketch import Sketch, Way
from flowloom.exchange.importers.values import (
    Agent,
    Answered,
    Choice,
    Known,
    Messages,
    Port,
    Record,
    Thing,
    Unread,
    Written,
)
from flowloom.exchange.importers.ways import join_ways
from flowloom.nodes.readable import first_words

_QUIET = frozenset({"print", "log", "warn", "info", "error", "debug", "set_default_openai_key", "load_dotenv"})
_LENGTHENED = frozenset({"extend", "append", "push"})


class Workflow:
    """Walks through the statements of a program."""

    def __init__(self, sketch: Sketch, things: Mapping[str, Any]) -> None:
        self.sketch, self.things = sketch, dict(things)
        self.reader = Expressions(sketch, self.things)
        self.tests = Tests(sketch, self.reader)
        self.agents = Agents(sketch, self.reader, self.things)
        self.services = Services(sketch, self.reader, self.things)
        self.loops = Loops(self)

    def follow(self, body: list[ast.stmt], way: Way) -> None:
        for statement in body:
            if way.ended:
                return
            how = getattr(self, f"_{type(statement).__name__.lower()}", None)
            try:
                if how:
                    how(statement, way)
            except Unread:
                self._keep(statement, way)
            except DAMAGED:
                raise unreadable(statement.lineno) from None

    def answer(self, value: Any, way: Way) -> None:
        """End a way with what the person reads."""
        way.ended = True
        value = _shown(value)
        if isinstance(value, Known) and not str(value.value or "").strip():
            value = way.said
        if value is None:
            return
        if isinstance(value, Known):
            text = value.value if isinstance(value.value, str) else str(value.value)
            id = self.sketch.drawing.block("chat.answer", "", {"text": text}, key="answer")
            for source in way.after:
                self.sketch.drawing.join(source, f"{id}.after")
            return
        port = self.sketch.port_of(value, way)
        self.sketch.place(way, "chat.answer", "", {}, {"text": port}, acts=True, key="answer")

    # -- statements

    def _with(self, node: ast.With, way: Way) -> None:
        self.follow(node.body, way)

    _asyncwith = _with

    def _try(self, node: ast.Try, way: Way) -> None:
        self.follow([*node.body, *node.orelse, *node.finalbody], way)

    def _return(self, node: ast.Return, way: Way) -> None:
        value = None if node.value is None else self._given(node.value, way, "End")
        self.sketch.drawing.carried(f"end {node.lineno}", "End", "End")
        self.answer(value, way)

    def _raise(self, node: ast.Raise, way: Way) -> None:
        way.ended = True

    def _annassign(self, node: ast.AnnAssign, way: Way) -> None:
        if node.value is not None:
            self._assign_to(node.target, node.value, way)

    def _assign(self, node: ast.Assign, way: Way) -> None:
        for target in node.targets:
            self._assign_to(target, node.value, way)

    def _augassign(self, node: ast.AugAssign, way: Way) -> None:
        left = ast.parse(ast.unparse(node.target), mode="eval").body
        self._assign_to(node.target, ast.BinOp(left=left, op=node.op, right=node.value), way)

    def _assign_to(self, target: ast.expr, node: ast.expr, way: Way) -> None:
        if isinstance(target, ast.Name):
            made = definition(target.id, node)
            if made is not None:
                self.things[target.id] = made
                return
            way.names[target.id] = self._given(node, way, target.id)
        elif isinstance(target, ast.Attribute | ast.Subscript) and isinstance(target.value, ast.Name):
            whole = way.names.get(target.value.id)
            key = target.attr if isinstance(target, ast.Attribute) else literal(target.slice)
            if not isinstance(whole, Record) or not isinstance(key, str):
                raise Unread
            value = self._given(node, way, key)
            way.names[target.value.id] = Record({**whole.fields, key: value})
            self.sketch.drawing.carried(
                f"{target.value.id}.{key} {node.lineno if hasattr(node, 'lineno') else 0}", key, "Set state"
            )
        else:
            raise Unread

    def _given(self, node: ast.expr, way: Way, name: str) -> Any:
        """What an expression gives where it may run an agent or ask a service."""
        while isinstance(node, ast.Await):
            node = node.value
        if is_run(node) and isinstance(node, ast.Call):
            return self._run(node, way)
        found = self.services.asked(node, way)
        if found is not None:
            return found
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id[:1].isupper():
            # A client or a runner, which only other lines use.
            return Thing(node.func.id)
        messages = self.reader.messages(node, way) if isinstance(node, ast.List) else None
        return messages if messages is not None else self.reader.value(node, way)

    def _expr(self, node: ast.Expr, way: Way) -> None:
        call = node.value.value if isinstance(node.value, ast.Await) else node.value
        name = called(call)
        if isinstance(call, ast.Constant) or name in _QUIET:
            return
        if is_run(call) and isinstance(call, ast.Call):
            self._run(call, way)
        elif name in _LENGTHENED and isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute):
            self._lengthen(call, call.func.value, way)
        else:
            self._given(node.value, way, name)

    def _lengthen(self, call: ast.Call, target: ast.expr, way: Way) -> None:
        """`history.extend(result.new_items)` and the like."""
        whole = self.reader.read(target, way)
        if not isinstance(whole, Messages) or not isinstance(target, ast.Name):
            raise Unread
        rows = [row for argument in call.args for row in self._new_rows(argument, way)]
        way.names[target.id] = Messages((*whole.rows, *rows), whole.before)

    def _new_rows(self, node: ast.expr, way: Way) -> list[tuple[str, Any]]:
        for each in ast.walk(node):
            if isinstance(each, ast.Attribute) and each.attr in ("new_items", "newItems"):
                found = self.reader.read(each.value, way)
                ways = found.ways if isinstance(found, Choice) else ()
                if isinstance(found, Answered):
                    return [("assistant", found.text)]
                if ways and all(isinstance(value, Answered) for _, value in ways):
                    return [("assistant", Choice(tuple((arm, value.text) for arm, value in ways), found.gate))]
        inner = node.value if isinstance(node, ast.Starred) else node
        row = self.reader.message(inner, way)
        found = self.reader.messages(inner, way)
        if row is None and found is None:
            raise Unread
        return [row] if row is not None else list(found.rows if found else ())

    def _run(self, call: ast.Call, way: Way) -> Any:
        """Run an agent with what it is given."""
        given = settings_of(call) if call.keywords else {str(place): each for place, each in enumerate(call.args)}
        starting = given.get("starting_agent", given.get("0"))
        agent = self.things.get(starting.id) if isinstance(starting, ast.Name) else None
        if not isinstance(agent, Agent):
            raise Unread
        said = given.get("input", given.get("1", given.get("0") if "starting_agent" in given else None))
        if said is None:
            raise Unread
        messages = self.reader.messages(said, way)
        options = given.get("2")
        context = given.get("context") or _entry(options, "context")
        answered = self.agents.run(
            agent,
            messages if messages is not None else self.reader.value(said, way),
            self._context(context, way),
            way,
        )
        way.said = answered.text
        return answered

    def _context(self, node: ast.expr | None, way: Way) -> Record:
        if isinstance(node, ast.Call):
            pairs = {each.arg: each.value for each in node.keywords if each.arg}
        elif isinstance(node, ast.Dict):
            pairs = {literal(key): value for key, value in zip(node.keys, node.values, strict=True)}
        else:
            found = None if node is None else self.reader.read(node, way)
            return found if isinstance(found, Record) else Record({})
        return Record({key: self.reader.value(value, way) for key, value in pairs.items() if isinstance(key, str)})

    # -- ways

    def _if(self, node: ast.If, way: Way) -> None:
        if not node.orelse and all(isinstance(each, ast.Raise) for each in node.body):
            return
        known = self.tests.known(node.test, way)
        if known is not None:
            self.follow(node.body if known else node.orelse, way)
            return
        arms = self._either(node, way) or self._rows(node, way)
        for arm, body in arms:
            self.follow(body, arm)
        join_ways(way, [arm for arm, _ in arms])

    def _either(self, node: ast.If, way: Way) -> list[tuple[Way, list[ast.stmt]]]:
        """The two ways of an approval or a guardrail, none for other conditions."""
        guard = self.tests.guard(node.test, way)
        if guard is not None:
            block, stopped = guard
            ways = [way.branch_off(f"{block}.stopped"), way.branch_off(f"{block}.passed")]
            return list(zip(ways if stopped else ways[::-1], (node.body, node.orelse), strict=True))
        block = self.services.approval(node.test, way)
        if not block:
            return []
        return [
            (way.branch_off(f"{block}.approved"), node.body),
            (way.branch_off(f"{block}.declined"), node.orelse),
        ]

    def _rows(self, node: ast.If, way: Way) -> list[tuple[Way, list[ast.stmt]]]:
        tests, bodies, rest = [node.test], [node.body], node.orelse
        while len(rest) == 1 and isinstance(rest[0], ast.If) and self._is_row(rest[0], way):
            tests, bodies, rest = [*tests, rest[0].test], [*bodies, rest[0].body], rest[0].orelse
        ports = self.tests.branch(tests, way)
        branch = ports[0].partition(".")[0]
        name = first_words(" · ".join(ast.unparse(test) for test in tests), 60)
        self.sketch.drawing.carried(f"if {node.lineno}", name, "If / else", branch)
        return [(way.branch_off(port), body) for port, body in zip(ports, [*bodies, rest], strict=True)]

    def _is_row(self, node: ast.If, way: Way) -> bool:
        if self.tests.known(node.test, way) is not None or self.tests.guard(node.test, way):
            return False
        return not self.services.is_approval(node.test)

    def _while(self, node: ast.While, way: Way) -> None:
        known = self.tests.known(node.test, way)
        if known is False:
            return
        self.loops.draw(node, way)

    # -- what has no counterpart

    def _for(self, node: ast.For, way: Way) -> None:
        raise Unread

    _asyncfor = _for

    def _keep(self, statement: ast.stmt, way: Way) -> None:
        """Keep a statement with its lines as they stand in the program."""
        written = ast.unparse(statement)
        name = first_words(written, 60)
        id = self.sketch.drawing.placeholder(name, type(statement).__name__.lower(), {"code": written})
        self.sketch.certain[id] = set()
        if way.after:
            self.sketch.drawing.after(id, *way.after)
        way.after = (f"{id}.output",)
        for each in ast.walk(statement):
            if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Store):
                way.names[each.id] = Port(f"{id}.output")
        self.sketch.drawing.carried(f"{name} {statement.lineno}", name, "Code", id)


def _entry(node: ast.expr | None, name: str) -> ast.expr | None:
    if not isinstance(node, ast.Dict):
        return None
    pairs = zip(node.keys, node.values, strict=True)
    return next((value for key, value in pairs if literal(key) == name), None)


def _shown(value: Any) -> Any:
    """What a chat shows of a result: its words, the only text in it, else all of it as JSON."""
    if isinstance(value, Answered):
        return value.text
    if isinstance(value, Record):
        if "output_text" in value.fields:
            return value.fields["output_text"]
        texts = list(value.fields.values())
        return texts[0] if len(texts) == 1 else Written(value) if texts else None
    if isinstance(value, Choice):
        return Choice(tuple((arm, _shown(each)) for arm, each in value.ways), value.gate)
    return value
