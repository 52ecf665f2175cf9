"""n8n's expressions, `={{ $json.name }}`, and texts with them; what has to be worked out becomes JavaScript."""

import json
import re
from collections.abc import Callable, Iterator
from typing import Any

from flowloom.exchange.exporters.n8n.expressions import AS_TEXT
from flowloom.exchange.importers.n8n.javascript import LONGEST, choice_of, is_closed, parts_of, without_brackets
from flowloom.exchange.importers.n8n.ran import RAN, YES, Ran, named
from flowloom.exchange.importers.sketch import Sketch, Template, Way
from flowloom.exchange.importers.values import Choice, Known, Port, Record, Text, Unread
from flowloom.nodes.readable import first_words

_STEP = r"""(?:\??\.(?!length\b|json\b|item\b)[A-Za-z_]\w*(?!\w|\s*\()|\[(?:\d+|"[^"\]]*"|'[^'\]]*')\])"""
_ITEM = r"""(?:\.item|\.first\(\)|\.last\(\)|\.all\(\)\[0\])"""
REFERENCE = re.compile(
    rf"""(?:\$json|\$input{_ITEM}\.json|\$\(\s*(?:"(?P<a>[^"]+)"|'(?P<b>[^']+)')\s*\){_ITEM}\.json"""
    rf"""|\$node\[(?:"(?P<c>[^"]+)"|'(?P<d>[^']+)')\]\.json)(?P<path>{_STEP}*)"""
)
_PART = re.compile(r"""\.([A-Za-z_]\w*)|\[(\d+)\]|\["([^"\]]*)"\]|\['([^'\]]*)'\]""")
_NOW = re.compile(r"""\$now\.(?:toFormat|format)\(\s*(?:"([^"\\]*)"|'([^'\\]*)')\s*\)""")
DATES = {
    "cccc, d LLLL yyyy, HH:mm": ("full", "text"),
    "cccc, d LLLL yyyy": ("date", "text"),
    "yyyy-MM-dd'T'HH:mm:ssZZ": ("iso", "text"),
    "yyyy-MM-dd": ("date", "date"),
    "HH:mm": ("time", "time"),
    "cccc": ("date", "weekday"),
}
"""Ways to write the date that a block of ours knows: its style, and its output."""
_STRANGE = re.compile(r"\$\w+|\bDateTime\b|\$\(")
_ALL = re.compile(r"""(?:\$input|\$\(\s*(?:"(?P<e>[^"]+)"|'(?P<f>[^']+)')\s*\))\.all\(\)(?!\[)""")
_OBJECT = re.compile(r"=\{\{\s*JSON\.stringify\(\{(.*)\}\)\s*\}\}", re.DOTALL)
_FIELD = re.compile(r"\s*([A-Za-z_]\w*)\s*:(.*)", re.DOTALL)
_LITERAL = re.compile(r"""(?:"([^"\\]*)"|'([^'\\]*)'|(-?\d+(?:\.\d+)?)|(true|false|null))""")
_QUOTED = re.compile(r"""'[^']*'|"[^"]*\"""")
Items = Callable[[str, Way], Any]
Listed = Callable[[str, Way], str | None]
MOST_WAYS = 100
"""Ways that meet in one expression."""


def expressions_in(text: str) -> Iterator[tuple[int, int, str]]:
    """Start, end and code of each `{{ … }}` in a text."""
    end = 0
    while (start := text.find("{{", end)) >= 0 and (closing := text.find("}}", start + 2)) >= 0:
        end = closing + 2
        yield start, end, text[start + 2 : closing]


def node_of(found: "re.Match[str]") -> str:
    """The node that a reference names, "" for what comes in."""
    return next((found[each] for each in "abcd" if found[each]), "")


class N8nExpressions:
    """Reads expressions; `item` gives what a node put out, by its name, "" for what comes in."""

    def __init__(self, sketch: Sketch, item: Items, ran: Ran, listed: Listed) -> None:
        """`listed` gives the output that holds the items of a node as a list, None where it has one item."""
        self.sketch, self._item, self._ran, self._listed = sketch, item, ran, listed
        self.unread: list[str] = []
        """Expressions of the node under way that only n8n can work out."""

    def value(self, written: Any, way: Way) -> Any:
        """What a setting holds."""
        if not isinstance(written, str) or not written.startswith("="):
            return Known(written)
        text = written[1:]
        found = list(expressions_in(text))
        if found and found[0][:2] == (0, len(text)):
            return self._expression(found[0][2], way)
        parts: list[Any] = []
        done = 0
        for start, end, code in found:
            parts += [Known(text[done:start]), self._expression(code, way)]
            done = end
        parts = [part for part in (*parts, Known(text[done:])) if part != Known("")]
        if all(isinstance(part, Known) for part in parts):
            return Known("".join("" if part.value is None else str(part.value) for part in parts))
        return Text(tuple(parts))

    def _expression(self, code: str, way: Way) -> Any:
        """What an expression stands for; one that only n8n can work out stays as it is written, and is told."""
        try:
            return self._known_expression(code, way)
        except Unread:
            self.unread.append(code.strip())
            return Known(f"{{{{{code}}}}}")

    def _known_expression(self, code: str, way: Way) -> Any:
        code = without_brackets(code)
        if len(code) < LONGEST and code.startswith(f"{AS_TEXT}(") and is_closed(code[len(AS_TEXT) :]):
            # Our own words for a value as a person reads it, which is how it is read here.
            return self._known_expression(code[len(AS_TEXT) :], way)
        if now := _NOW.fullmatch(code):
            return self._now(now[1] or now[2], way)
        plain = REFERENCE.fullmatch(code)
        if plain:
            return self.reference(plain, way)
        if chosen := self._first_that_ran(code, way):
            return chosen
        literal = _LITERAL.fullmatch(code)
        if literal:
            return Known(
                literal[1]
                if literal[1] is not None
                else literal[2]
                if literal[2] is not None
                else json.loads(literal[0])
            )
        return self.script(code, way)

    def _now(self, style: str, way: Way) -> Port:
        """The date or the time, written as one of ours is. Raises Unread for another way to write it."""
        if style not in DATES:
            raise Unread
        config, output = DATES[style]
        known = (f"now {config}", way.gate)
        if known not in self.sketch.made:
            self.sketch.made[known] = self.sketch.place(way, "datetime", "", {"style": config}, {}, key="now")
        return Port(f"{self.sketch.made[known]}.{output}")

    def _first_that_ran(self, code: str, way: Way) -> Port | None:
        """The value of whichever of several nodes has run, as exports of ours write it; None for anything else."""
        ports, rest = list[str](), code
        for _ in range(MOST_WAYS if RAN.search(code) else 0):
            if (parts := choice_of(rest)) is None:
                break
            asked, taken, rest = parts
            ran, value = RAN.fullmatch(asked), REFERENCE.fullmatch(without_brackets(taken))
            if ran is None or value is None:
                return None
            if self._ran.has_run(named(ran), way) != Known(False):
                own = self._ran.way_of(named(ran))
                ports.append(self.sketch.gated(self.reference(value, own), own))
        return Port(self._ran.either(*ports)) if ports and rest == "undefined" else None

    def record(self, written: Any, way: Way) -> Record | None:
        """The fields of an object that a setting writes as JSON; None where it is written otherwise."""
        found = _OBJECT.fullmatch(written) if isinstance(written, str) else None
        rows = [_FIELD.fullmatch(each) for each in parts_of(found[1])] if found else []
        if not rows or not all(rows):
            return None
        return Record({row[1]: self._expression(row[2], way) for row in rows if row})

    def reference(self, found: re.Match[str], way: Way) -> Any:
        value = self._item(node_of(found), way)
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
        names: dict[str, str] = {}
        asks = RAN.search(code) is not None
        every = [match for pattern in (REFERENCE, RAN, _ALL) for match in pattern.finditer(code)]
        for found in sorted(every, key=re.Match.start):
            given = self._given(found, way, template, asks=asks)
            # Within quotes nothing is put in, so each value gets a name ahead of the code.
            pieces += [code[done : found.start()], names.setdefault(given, f"given{len(names) + 1}")]
            done = found.end()
        rest = "".join([*pieces, code[done:]])
        if _STRANGE.search(rest):
            raise Unread
        # An object in braces would be read as a block.
        rest = f"({rest})" if rest.startswith("{") else rest
        single = next(iter(names)) if len(names) == 1 and rest.count("given1") == 1 and "`" not in rest else ""
        if single and "given1" not in re.sub(_QUOTED, "", rest):
            single = ""
        lines = [] if single else [f"const {name} = {given};" for given, name in names.items()]
        script = "\n".join([*lines, rest.replace("given1", single) if single else rest])
        config = {"code": script, "engine": "javascript"}
        title = name or first_words(code, 40)
        id = self.sketch.place(way, "code.run", title, config, template.inputs, key=key, acts=acts)
        return Port(f"{id}.result")

    def _given(self, found: "re.Match[str]", way: Way, template: Template, *, asks: bool) -> str:
        """What a name of n8n's stands for, as JavaScript; where the code `asks` what has run, it may be nothing."""
        if found.re is RAN:
            ran = self._ran.has_run(named(found), way)
            return (
                f"({self.written(ran, way, template)} === {YES!r})"
                if isinstance(ran, Port)
                else str(ran == Known(True)).lower()
            )
        if found.re is _ALL:
            return self._every(found, way, template)
        if not asks or not (name := node_of(found)):
            return self.written(self.reference(found, way), way, template)
        own = self._ran.way_of(name)
        value = self.reference(found, own)
        if not isinstance(value, Known):
            value = Port(self._ran.if_there(self.sketch.gated(value, own)))
        return self.written(value, way, template)

    def _every(self, found: "re.Match[str]", way: Way, template: Template) -> str:
        """All items of a node, as n8n's code sees them."""
        value = self._listed(found["e"] or found["f"] or "", way)
        if value is not None:
            return f"{{{{{template.name(value)}}}}}.map(json => ({{ json }}))"
        return f"[{{ json: {self.written(self._item(found['e'] or found['f'] or '', way), way, template)} }}]"

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
