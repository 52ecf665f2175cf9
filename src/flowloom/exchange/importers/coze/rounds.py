"""What a Coze canvas does for each item: batches and loops over a list."""

from typing import Any

from flowloom.exchange.drawing import Drawing
from flowloom.exchange.importers.coze.canvas import Given, Node, given
from flowloom.exchange.importers.coze.weft import Weft
from flowloom.flow.sorts import mapping, mappings, words
from flowloom.nodes.flows.embedded import document_of
from flowloom.nodes.port_names import named_ports, port_id


class Rounds(Weft):
    """What a Coze canvas does for each item: batches and loops over a list."""

    def _batch(self, node: Node) -> list[str]:
        """What is done for each item becomes a flow of its own."""
        lists = {name: value for name, value in node.parameters.items() if value.type == "list"}
        if len(lists) != 1:
            return self._kept(node)
        name, value = next(iter(lists.items()))
        inside = Drawing(self.drawing.format, node.title, language=self.drawing.language)
        inside.todo, inside.notes = self.drawing.todo, self.drawing.notes
        nodes, lines = node.inner
        inner = type(self)(inside, nodes, lines, self)
        entry = inside.block("flow.input", name, {"name": name[:60]}, key=name)
        inner.values[node.id, name] = (f"{entry}.value", "string")
        inner.draw()
        results = self._results(node, inner)
        at_once = _number(given(node.inputs.get("concurrentSize")).literal) if node.type == "batch" else 1
        config = {"over": port_id(name[:60]), "at_once": max(1, min(32, int(at_once or 10)))}
        block = self.block(
            node,
            "flow.each",
            {"flow": document_of(inside.flow()), **config},
            {port_id(name[:60]): self.port(value)[0]},
        )
        for input, needed in inner.needs.items():
            self.drawing.join(self.port(needed)[0], f"{block}.{input}")
        self.drawing.rows += inside.rows
        self.give(
            node,
            {out: f"{block}.{port}" for out, port in results.items()},
            f"{block}.{next(iter(results.values()))}",
        )
        return [block]

    def _results(self, node: Node, inner: "Weft") -> dict[str, str]:
        wanted = {
            words(each.get("name")): given(each.get("input"))
            for each in mappings(mapping(node.raw.get("data")).get("outputs"))
        }
        wanted = wanted or {"result": Given("string", None, "")}
        for name, value in wanted.items():
            out = inner.drawing.block("flow.output", name, {"name": name[:60] or "result"}, key=name)
            inner.drawing.join(inner.port(value)[0], f"{out}.value")
        return dict(
            zip(wanted, (port.id for port in named_ports([name or "result" for name in wanted])), strict=True)
        )

    def _loop(self, node: Node) -> list[str]:
        changes = mappings(node.inputs.get("variableParameters"))
        if node.inputs.get("loopType") != "array" or changes:
            return self._kept(node)
        return self._batch(node)


def _number(value: Any) -> float | None:
    try:
        return float(value)
    except (TypeError, ValueError):
        return None
