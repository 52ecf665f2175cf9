"""Nodes of a Coze canvas that choose a way, join ways, write texts, remember."""

import re
from collections.abc import Mapping
from typing import Any

from flowloom.exchange.importers.coze.canvas import Given, Node, given, parameters
from flowloom.exchange.importers.coze.conditions import WITHOUT_VALUE, code_of, row_operator
from flowloom.exchange.importers.coze.weft import Weft
from flowloom.flow.sorts import mapping, mappings, words
from flowloom.nodes.port_names import named_ports, port_id


class Paths(Weft):
    """Nodes of a Coze canvas that choose a way, join ways, write texts, remember."""

    def _condition(self, node: Node) -> list[str]:
        inputs: dict[str, str] = {}
        rows = []
        for number, branch in enumerate(mappings(node.inputs.get("branches"))):
            condition = mapping(branch.get("condition"))
            tests = [self._test(each, inputs) for each in mappings(condition.get("conditions"))]
            match = "any" if condition.get("logic") == 1 else "all"
            rows.append({"name": f"Case {number + 1}", "match": match, "conditions": tests})
        block = self.block(node, "branch", {"rows": rows}, inputs)
        for number, port in enumerate(named_ports([str(row["name"]) for row in rows], taken=("otherwise",))):
            self.fired[node.id, f"true_{number}" if number else "true"].append(f"{block}.{port.id}")
        self.fired[node.id, "false"].append(f"{block}.otherwise")
        return [block]

    def _test(self, condition: Mapping[str, Any], inputs: dict[str, str]) -> dict[str, Any]:
        left = given(mapping(condition.get("left")).get("input"))
        right = given(mapping(condition.get("right")).get("input"))
        number, (port, type) = condition.get("operator"), self.port(left)
        name = left.reference.name if left.reference and left.reference.name else "value"
        literal = right.literal if right.reference is None else None
        operator = row_operator(number, type, literal)
        value = "" if number in WITHOUT_VALUE else words(literal)
        if isinstance(literal, bool):
            operator, value = ("is_yes" if literal == (number == 1) else "is_no"), ""
        if not operator:
            block = self.drawing.block("code.run", f"{name} check", {"code": code_of(number)}, key="check")
            self.drawing.join(port, f"{block}.left")
            self.drawing.join(self.port(right)[0], f"{block}.right")
            port, operator, value = f"{block}.result", "is_yes", ""
        key = next(
            (known for known, other in inputs.items() if other == port), port_id(f"{name} {len(inputs) + 1}")
        )
        inputs[key] = port
        return {"input": key, "operator": operator, "value": value, "exact": True}

    def _text(self, node: Node) -> list[str]:
        if node.inputs.get("method") == "split":
            chars = parameters(node.inputs.get("splitParams")).get("delimiters", Given("", None, ["\n"])).literal
            marks = [each for each in chars if isinstance(each, str)] if isinstance(chars, list) else ["\n"]
            code = f"import re\nre.split({('|'.join(map(re.escape, marks)) or chr(10))!r}, {{{{text}}}})"
            value = next(iter(node.parameters.values()), Given("string", None, ""))
            block = self.block(node, "code.run", {"code": code}, {"text": self.port(value)[0]})
            self.give(node, {name: f"{block}.result" for name in node.outputs}, f"{block}.text")
            return [block]
        told = parameters(node.inputs.get("concatParams"))
        between = words(told.get("arrayItemConcatChar", Given("")).literal)
        template = words(told.get("concatResult", Given("")).literal)
        written, ports = self.text(template, node.parameters, between)
        block = self.block(node, "prompt", {"template": written or " "}, ports)
        self.give(node, {name: f"{block}.prompt" for name in node.outputs}, f"{block}.prompt")
        return [block]

    def _merge(self, node: Node) -> list[str]:
        blocks = []
        for group in mappings(node.inputs.get("mergeGroups")):
            name = words(group.get("name"))
            block = self.drawing.block("merge", f"{node.title} {name}", {"mode": "first"}, key=name, at=node.at)
            for variable in mappings(group.get("variables")):
                self.drawing.join(self.port(given(variable))[0], f"{block}.values")
            self.gate(block, node)
            self.values[node.id, name] = (f"{block}.value", node.outputs.get(name, "string"))
            blocks.append(block)
        self.fired[node.id, ""].extend(f"{block}.value" for block in blocks[:1])
        return blocks or self._kept(node)

    def _assign(self, node: Node) -> list[str]:
        blocks = []
        for each in mappings(node.inputs.get("inputParameters")):
            left = given(each.get("left")).reference
            name = (left.name if left else "") or words(each.get("name")) or "value"
            value = self.port(given(each.get("input") or each.get("right")))[0]
            blocks.append(self.block(node, "memory.remember", {"name": name[:80]}, {"value": value}))
        if not blocks:
            return self._kept(node)
        self.give(node, {}, f"{blocks[-1]}.value")
        return blocks
