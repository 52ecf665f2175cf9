"""Texts, rows and tables as they are cut, joined and laid out."""

import re
from typing import Any

from flowloom.errors import Problem
from flowloom.exchange.importers.langflow.documents import draw_filling
from flowloom.exchange.importers.langflow.graph import Component, Way
from flowloom.exchange.importers.langflow.prompts import pieces_of
from flowloom.exchange.importers.langflow.weaving import Told, Weaving

SPLIT = """
def chunks(text, separator, size, overlap):
    pieces = [piece for piece in (text.split(separator) if separator else list(text)) if piece]
    found, current, total = [], [], 0
    gap = len(separator)
    for piece in pieces:
        if total + len(piece) + (gap if current else 0) > size and current:
            found.append(separator.join(current).strip())
            while total > overlap or (total + len(piece) + (gap if current else 0) > size and total > 0):
                total -= len(current[0]) + (gap if len(current) > 1 else 0)
                current = current[1:]
        current.append(piece)
        total += len(piece) + (gap if len(current) > 1 else 0)
    if current:
        found.append(separator.join(current).strip())
    return [chunk for chunk in found if chunk]


value = {{value}}
texts = []
for row in value if isinstance(value, list) else [value]:
    texts.append(str(row.get('text', '')) if isinstance(row, dict) else str(row))
"""


def draw_split(weaving: Weaving, component: Component, told: Told) -> list[str]:
    if all(line.field == "ingest_data" for line in weaving.graph.out.get(component.id, ())):
        return draw_filling(weaving, component, told)
    separator = component.text("separator", "\n").replace("\\n", "\n").replace("\\t", "\t")
    size, overlap = int(component.number("chunk_size", 1000)), int(component.number("chunk_overlap", 200))
    last = f"[{{'text': chunk}} for text in texts for chunk in chunks(text, {separator!r}, {size}, {overlap})]\n"
    block = weaving.block(component, "code.run", {"code": SPLIT.lstrip() + last})
    weaving.joined(component, "data_inputs", f"{block}.value")
    for output in ("dataframe", "chunks"):
        weaving.gives(component, output, f"{block}.result", "rows")
    weaving.gate(component, block)
    if component.text("keep_separator", "False").lower() not in ("false", ""):
        told.append(
            Problem.of(
                "import.separator",
                "It keeps the separator in each piece there; here it is left out.",
                "You notice it where the separator is a word or a sign.",
            )
        )
    return [block]


def draw_combine(weaving: Weaving, component: Component, told: Told) -> list[str]:
    between = component.text("delimiter", " ").replace("\\n", "\n")
    block = weaving.block(component, "prompt", {"template": f"{{{{text1}}}}{between}{{{{text2}}}}"})
    for field in ("text1", "text2"):
        weaving.drawing.join(weaving.text_of(component, field, f"{component.id} {field}"), f"{block}.{field}")
    weaving.gives(component, "combined_text", f"{block}.prompt")
    weaving.gate(component, block)
    return [block]


def draw_parser(weaving: Weaving, component: Component, told: Told) -> list[str]:
    """Rows written out by a pattern, or as they are."""
    way = weaving.incoming(component, "input_data", "data", "df")
    if way is None:
        block = weaving.block(component, "text", {"text": ""})
        weaving.gives(component, "parsed_text", f"{block}.text")
        return [block]
    block = weaving.block(component, "template", {"template": _layout(weaving, component, way, told)})
    weaving.drawing.join(weaving.value(component, way), f"{block}.data")
    for output in ("parsed_text", "text"):
        weaving.gives(component, output, f"{block}.text")
    weaving.gate(component, block)
    return [block]


def _layout(weaving: Weaving, component: Component, way: Way, told: Told) -> str:
    sort = weaving.sort(way)
    if component.text("mode") == "Stringify":
        if sort != "text":
            told.append(
                Problem.of(
                    "import.stringify",
                    "Langflow writes data as a Markdown table or as JSON; here each row is JSON of its own.",
                    "Write a pattern in the template to lay it out.",
                )
            )
        listed = "{% for row in data %}{{ row | tojson }}\n{% endfor %}"
        return {"text": "{{ data }}", "row": "{{ data | tojson }}"}.get(sort, listed)
    pattern, between = (
        component.text("pattern") or component.text("template", "{text}"),
        component.text("sep", "\n"),
    )
    pieces = pieces_of(pattern)
    if pieces is None:
        told.append(
            Problem.of(
                "import.pattern",
                "Langflow fails on this pattern because of its braces. Here the text of each row is written.",
                "Change the template to write other columns.",
            )
        )
        pieces = pieces_of("{text}") or []
    written = "".join(_piece(piece.text, piece.name, sort) for piece in pieces)
    if sort in ("text", "row"):
        return written
    shown = between.replace("\\n", "\n")
    joint = f"{{% if not loop.last %}}{shown}{{% endif %}}" if shown else ""
    return f"{{% for row in data %}}{written}{joint}{{% endfor %}}"


def _piece(text: str, name: str, sort: str) -> str:
    if not name:
        return re.sub(r"(\{\{|\{%|\{#)", r"{{ '\1' }}", text)
    if sort == "text":
        return "{{ data }}"
    place = "data" if sort == "row" else "row"
    return f"{{{{ {place}[{name!r}] }}}}" if name != "text" else f"{{{{ {place}.text }}}}"


def draw_list(weaving: Weaving, component: Component, told: Told) -> list[str]:
    texts = component.values.get("texts")
    rows: list[Any] = [{"text": str(text)} for text in texts] if isinstance(texts, list) else []
    block = weaving.block(component, "code.run", {"code": repr(rows)})
    for output in ("list", "dataframe"):
        weaving.gives(component, output, f"{block}.result", "rows")
    return [block]


def draw_conversion(weaving: Weaving, component: Component, told: Told) -> list[str]:
    """From text to rows and back: what comes in goes on, shaped by the way it leaves."""
    way = weaving.incoming(component, "input_data", "message", "data", "data_list")
    if way is None:
        return []
    port, sort = weaving.value(component, way), weaving.sort(way)
    made = []
    if sort in ("row", "rows"):
        template = "{{ data.text }}" if sort == "row" else "{% for row in data %}{{ row.text }}\n{% endfor %}"
        made.append(weaving.block(component, "template", {"template": template}))
        weaving.drawing.join(port, f"{made[0]}.data")
    weaving.gives(component, "message_output", f"{made[0]}.text" if made else port)
    code = "value = {{value}}\nvalue if isinstance(value, dict) else {'text': value}\n"
    if any(
        line.source.output in ("data_output", "data", "dataframe_output", "dataframe")
        for line in weaving.graph.out.get(component.id, ())
    ):
        rows = weaving.helper(component, "code.run", {"code": code}, key=f"{component.id} data")
        weaving.drawing.join(port, f"{rows}.value")
        made.append(rows)
        for output in ("data_output", "data", "dataframe_output", "dataframe"):
            weaving.gives(component, output, f"{rows}.result", "row")
    return made or [weaving.port(way).split(".")[0]]


def draw_regex(weaving: Weaving, component: Component, told: Told) -> list[str]:
    code = (
        "import re\n"
        f"[{{'match': found}} for found in re.findall({component.text('pattern')!r}, str({{{{text}}}}))]\n"
    )
    block = weaving.block(component, "code.run", {"code": code})
    weaving.drawing.join(weaving.text_of(component, "input_text", f"{component.id} text"), f"{block}.text")
    lines = weaving.helper(
        component, "template", {"template": "{% for row in rows %}{{ row.match }}\n{% endfor %}"}
    )
    weaving.drawing.join(f"{block}.result", f"{lines}.rows")
    weaving.gives(component, "data", f"{block}.result", "rows")
    weaving.gives(component, "text", f"{lines}.text")
    return [block, lines]


DRAWS = {
    "SplitText": draw_split,
    "CombineText": draw_combine,
    "ParserComponent": draw_parser,
    "parser": draw_parser,
    "ParseData": draw_parser,
    "ParseDataFrame": draw_parser,
    "CreateList": draw_list,
    "TypeConverterComponent": draw_conversion,
    "MessagetoData": draw_conversion,
    "MessageToData": draw_conversion,
    "DataToDataFrame": draw_conversion,
    "RegexExtractor": draw_regex,
    "RegexExtractorComponent": draw_regex,
}
