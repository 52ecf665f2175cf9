"""n8n's expressions, `={{ $json.name }}`, and texts with them; what has to be worked out becomes JavaScript."""

import json
import re
from collections.abc import Callable
from typing import Any

from flowloom.exchange.importers.sketch import Sketch, Template, Way
from flowloom.exchange.importers.values import Choice, Known, Port, Record, Text, Unread
from flowloom.nodes.readable import first_words

_STEP = r"""(?:\??\.(?!length\b|json\b|item\b)[A-Za-z_]\w*(?!\w|\s*\()|\[(?:\d+|"[^"\]]*"|'[^'\]]*')\])"""
_ITEM = r"""(?:\.item|\.first\(\)|\.last\(\)|\.all\(\)\[0\])"""
REFERENCE = re.compile(
    rf"""(?:\$json|\$input{_ITEM}\.json|\$\(\s*(?:"(?P<a>[^"]+)"|'(?P<b>[^']+)')\s*\){_ITEM}\.json"""
    rf"""|\$node\[(?:"(?P<c>[^"]+)"|'(?P<d>[^']+)')\]\.json)(?P<path>{_STEP}*)"""
)
_EXPRESSION = re.compile(r"\{\{(.*?)\}\}", re.DOTALL)
_PART = re.compile(r"""\.([A-Za-z_]\w*)|\[(\d+)\]|\["([^"\]]*)"\]|\['([^'\]]*)'\]""")
_STRANGE = re.compile(r"\$\w+|\bDateTime\b|\$\(")
_LITERAL = re.compile(r"""\s*(?:"([^"\\]*)"|'([^'\\]*)'|(-?\d+(?:\.\d+)?)|(true|false|null))\s*""")
Items = Callable[[str, Way], Any]


class N8nExpressions:
    """Reads expressions; `item` gives what a node put out, by its name, "" for what comes in."""

    def __init__(self, sketch: Sketch, item: Items) -> None:
        self.sketch, self._item = sketch, item

    def value(self, written: Any, way: Way) -> Any:
        """What a setting holds. Raises Unread for what no block can work out."""
        if not isinstance(written, str) or not written.startswith("="):
            return Known(written)
        text = written[1:]
        whole = _EXPRESSION.fullmatch(text)
        if whole and "}}" not in whole[1]:
            return self._expression(whole[1], way)
        parts: list[Any] = []
        done = 0
        for found in _EXPRESSION.finditer(text):
            parts += [Known(text[done : found.start()]), self._expression(found[1], way)]
            done = found.end()
        parts = [part for part in (*parts, Known(text[done:])) if part != Known("")]
        if all(isinstance(part, Known) for part in parts):
            return Known("".join("" if part.value is None else str(part.value) for part in parts))
        return Text(tuple(parts))

    def _expression(self, code: str, way: Way) -> Any:
        plain = REFERENCE.fullmatch(code.strip())
        if plain:
            return self.reference(plain, way)
        literal = _LITERAL.fullmatch(code)
        if literal:
            return Known(
                literal[1]
                if literal[1] is not None
                else literal[2]
                if literal[2] is not None
                else json.loads(literal[0])
            )
        return self.script(code.strip(), way)

    def reference(self, found: re.Match[str], way: Way) -> Any:
        name = next((found[each] for each in "abcd" if found[each]), "")
        value = self._item(name, way)
        for step in _PART.finditer(found["path"] or ""):
            value = self.part(
                value,
                int(step[2]) if step[2] else next(each for each in (step[1], step[3], step[4]) if each is not None),
                way,
            )
        return value

    def part(self, whole: Any, key: str | int, way: Way) -> Any:
        """One entry of a value."""
        if isinstance(whole, Record):
            return whole.fields.get(str(key), Known(None))
        if isinstance(whole, Choice):
            return Choice(tuple((arm, self.part(each, key, arm)) for arm, each in whole.ways), whole.gate)
        if isinstance(whole, Known):
            try:
                return Known(whole.value[key])
            except (TypeError, KeyError, IndexError):
                return Known(None)
        if isinstance(whole, Port) and whole.type == "any part":
            return whole
        if not isinstance(whole, Port):
            raise Unread
        path = f"[{key}]" if isinstance(key, int) else str(key)
        known = (f"{whole.at} {path}", way.gate)
        if known not in self.sketch.made:
            id = self.sketch.place(way, "json.pick", "", {"path": path}, {"data": whole.at}, key=str(key))
            self.sketch.made[known] = f"{id}.value"
        return Port(self.sketch.made[known])

    def script(self, code: str, way: Way, name: str = "", *, key: str = "value", acts: bool = False) -> Port:
        """A block of JavaScript, what it refers to put in. Raises Unread for what only n8n knows."""
        template, pieces, done = Template(), [], 0
        for found in REFERENCE.finditer(code):
            pieces += [code[done : found.start()], self.written(self.reference(found, way), way, template)]
            done = found.end()
        rest = "".join([*pieces, code[done:]])
        if _STRANGE.search(re.sub(r"\{\{\w+\}\}", "", rest)):
            raise Unread
        # An object in braces would be read as a block.
        config = {"code": f"({rest})" if rest.startswith("{") else rest, "engine": "javascript"}
        id = self.sketch.place(
            way, "code.run", name or first_words(code, 40), config, template.inputs, key=key, acts=acts
        )
        return Port(f"{id}.result")

    def written(self, value: Any, way: Way, template: Template) -> str:
        """A value as JavaScript writes it."""
        if isinstance(value, Known):
            return json.dumps(value.value, ensure_ascii=False)
        if isinstance(value, Record):
            inner = (
                f"{json.dumps(key)}: {self.written(each, way, template)}" for key, each in value.fields.items()
            )
            return "({" + ", ".join(inner) + "})"
        return "{{" + template.name(self.sketch.port_of(value, way), ("tables",)) + "}}"
