"""Texts of Dify with `{{#step.variable#}}` in them, as templates of ours. A value reads as its place wants it."""

import re
from collections.abc import Callable, Iterator
from typing import Literal, NamedTuple

from flowloom.exchange.importers.dify import differences as told
from flowloom.exchange.importers.dify.document import Step
from flowloom.exchange.importers.dify.weaver import Value, Weaver
from flowloom.locales import Verbatim
from flowloom.nodes.templates import find_placeholders

Place = Literal["prompt", "answer", "request", "result"]
REFERENCE = re.compile(r"\{\{#([a-zA-Z0-9_]{1,50}(?:\.[a-zA-Z_][a-zA-Z0-9_]{0,29}){1,10})#\}\}")
CONTEXT = "{{#context#}}"
_BRACES = re.compile(r"\{[{%#]")
_RESERVED = frozenset(
    "none true false not and or in is if else elif for loop range self super caller import".split()
)
_PLAIN = frozenset({"string", "number", "integer", "float", "secret"})

_STRUCTURED = frozenset(
    {
        "boolean",
        "object",
        "array",
        "array[any]",
        "array[object]",
        "array[boolean]",
        "array[string]",
        "array[number]",
    }
)

LISTED = (
    "{% if value %}[{% for item in value %}{% if not loop.first %}, {% endif %}{{ item|tojson }}{% endfor %}]"
    "{% endif %}"
)
BULLETS = "{% for item in value %}{% if not loop.first %}\n{% endif %}- {{ item }}{% endfor %}"
AS_JSON = "import json\njson.dumps({{value}}, ensure_ascii=False)"
AS_LONG_JSON = "import json\njson.dumps({{value}}, ensure_ascii=False, indent=2)"
AS_PYTHON = "str({{value}}) if {{value}} else ''"
AS_BULLETS = "'\\n'.join('- ' + str(item) for item in {{value}})"
AS_WORD = "str({{value}})"


class Filled(NamedTuple):
    """A template of ours, the port of each name in it, and the values that come in."""

    text: str
    ports: dict[str, str]
    values: tuple[Value, ...]

    @property
    def lone(self) -> str:
        """The port of the only value, where the text is nothing else."""
        name = next(iter(self.ports), "")
        whole = len(self.ports) == 1 and self.text.strip() in (f"{{{{{name}}}}}", f"{{{{ {name} }}}}")
        return self.ports[name] if whole else ""


def missing(weaver: Weaver, reference: str, step: Step) -> str:
    """The port of a value that no step gives: asking for it is an error, as it is in Dify."""
    code = f"raise ValueError({f'No step provides {reference}.'!r})"
    block = weaver.drawing.block("code.run", reference[:40], {"code": code}, key=reference)
    weaver.gate(block, step)
    weaver.drawing.do(
        "“{name}” uses “{reference}”, which no step provides. It stops there with an error, as in Dify.",
        "Connect the right block, or remove the name.",
        name=Verbatim(step.title),
        reference=Verbatim(reference),
    )
    return f"{block}.result"


class Part(NamedTuple):
    """A stretch of a text: its words, or where a value comes from. `bare`: without braces."""

    words: str
    selector: tuple[str, ...] = ()
    bare: bool = False


def parts_of(text: str, known: Callable[[tuple[str, ...]], bool]) -> Iterator[Part]:
    """The stretches of a text. One that is exactly `step.variable` counts as a reference, as it does there."""
    for number, stretch in enumerate(REFERENCE.split(text)):
        if not stretch:
            continue
        selector = tuple(stretch.split("."))
        if number % 2:
            yield Part(stretch, selector)
        elif len(selector) > 1 and known(selector):
            yield Part(stretch, selector, bare=True)
        else:
            yield Part(stretch)


class Writer:
    """Writes the texts of one block. `jinja`: for a template block, else for one that only puts values in."""

    def __init__(
        self, weaver: Weaver, step: Step, place: Place, *, jinja: bool = False, names: set[str] | None = None
    ):
        self.weaver, self.step, self.place, self.jinja = weaver, step, place, jinja
        self.ports: dict[str, str] = {}
        self.values: list[Value] = []
        self._taken = names or set()

    def write(self, text: str, context: str = "") -> Filled:
        """Our template for a text of Dify; `context` is the port of what stands for the context."""
        pieces = []
        for number, stretch in enumerate(text.split(CONTEXT)):
            if number and context:
                pieces.append(self._put(Value(context, "string", name="context")))
            pieces += [self._part(part) for part in parts_of(stretch, self._known)]
        return Filled("".join(pieces), self.ports, tuple(self.values))

    def put(self, value: Value) -> str:
        """A placeholder for a value."""
        return self._put(self._read(value))

    def done(self, text: str) -> Filled:
        return Filled(text, self.ports, tuple(self.values))

    def _known(self, selector: tuple[str, ...]) -> bool:
        return self.weaver.reachable(*selector[:2])

    def _part(self, part: Part) -> str:
        if not part.selector:
            return self._plain(part.words)
        if part.bare:
            self.weaver.differ(self.step, told.BARE)
        value = self.weaver.find(part.selector, self.step)
        if value is None:
            if self.place == "prompt":
                return self._put(Value(missing(self.weaver, part.words, self.step), "string", name=part.words))
            self.weaver.differ(self.step, told.UNKNOWN)
            return self._plain(part.words)
        if value.type == "array[file]" or value.type == "file":
            return "" if self.place != "answer" else self._put(value)
        return self._put(self._certain(self._read(value), part.words))

    def _certain(self, value: Value, words: str) -> Value:
        """Where a value may be lacking, its bare name stands there, as it does in Dify; a prompt fails there."""
        if not self.weaver.may_lack(value, self.step):
            return value
        if self.place == "prompt":
            self.weaver.differ(self.step, told.LEFT_OUT)
            return value
        instead = self.weaver.text(words, f"{value.name} missing")
        port = self.weaver.first_of([value.port, instead], value.name)
        return Value(port, "string", name=value.name)

    def _read(self, value: Value) -> Value:
        """A value as a text, as its place writes its type."""
        if value.type in _PLAIN or value.type == "context":
            if value.type in ("number", "float") and value.nullable:
                self.weaver.differ(self.step, told.WHOLE_NUMBERS)
            return value
        return Value(read_as(self.weaver, self.step, value, self.place), "string", value.of, value.name)

    def _plain(self, words: str) -> str:
        """Words as they stand: braces of theirs are none of ours."""
        if self.jinja:
            return _BRACES.sub(lambda found: f'{{{{ "{found[0]}" }}}}', words)
        pieces, done = [], 0
        for place in find_placeholders(words):
            literal = words[place.start : place.end]
            port = self.weaver.text(literal, f"braces {place.name}")
            pieces += [words[done : place.start], self._put(Value(port, "string", name=place.name))]
            done = place.end
        return "".join([*pieces, words[done:]])

    def _put(self, value: Value) -> str:
        name = next((name for name, port in self.ports.items() if port == value.port), "") or self._free(value.name)
        self.ports[name] = value.port
        self.values.append(value)
        return f"{{{{ {name} }}}}" if self.jinja else f"{{{{{name}}}}}"

    def _free(self, wanted: str) -> str:
        stem = plain_name(wanted)
        name, number = stem, 1
        while name in self.ports or name in self._taken or name in _RESERVED:
            number += 1
            name = f"{stem}_{number}"
        return name


def plain_name(wanted: str) -> str:
    """A name that a template can hold: letters of any script, digits and `_`."""
    name = re.sub(r"\W+", "_", wanted).strip("_")[:40] or "value"
    return name if name[0].isalpha() else f"value_{name}"


def read_as(weaver: Weaver, step: Step, value: Value, place: Place) -> str:
    """The port of a value as a text: one rule for prompts, conditions and requests, another for answers."""
    inputs, name = {"value": value.port}, f"{value.name} as text"
    answer = place == "answer"
    if place == "result" and value.type in _STRUCTURED:
        return _text_of(weaver, AS_JSON, inputs, name)
    match value.type:
        case "boolean":
            return _text_of(weaver, AS_WORD, inputs, name)
        case "array[string]" | "array[number]":
            template = BULLETS if answer else LISTED
            block = weaver.drawing.block("template", name, {"template": template}, key=name)
            weaver.drawing.join(value.port, f"{block}.value")
            return f"{block}.text"
        case "array[object]" | "array[any]" | "array[boolean]" | "array":
            return _text_of(weaver, AS_BULLETS if answer else AS_PYTHON, inputs, name)
        case "object":
            return _text_of(weaver, AS_LONG_JSON if answer else AS_JSON, inputs, name)
    if value.type not in ("passages",):
        weaver.differ(step, told.UNTYPED)
    return value.port


def _text_of(weaver: Weaver, code: str, inputs: dict[str, str], name: str) -> str:
    return weaver.code(code, inputs, name)
