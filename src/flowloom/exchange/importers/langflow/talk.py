"""What is said: messages, answers, fixed texts, prompts, what was said before."""

from flowloom.errors import Problem
from flowloom.exchange.importers.langflow.graph import Component, Way
from flowloom.exchange.importers.langflow.prompts import pieces_of
from flowloom.exchange.importers.langflow.weaving import Told, Weaving, name_of


def draw_chat_input(weaving: Weaving, component: Component, told: Told) -> list[str]:
    if not weaving.start:
        weaving.start = weaving.block(component, "chat.message")
    weaving.gives(component, "message", f"{weaving.start}.message")
    return [weaving.start]


def draw_chat_output(weaving: Weaving, component: Component, told: Told) -> list[str]:
    way = weaving.incoming(component, "input_value")
    config = {} if way else {"text": component.text("input_value")}
    block = weaving.block(component, "chat.answer", config)
    if way:
        port = weaving.value(component, way)
        weaving.drawing.join(port, f"{block}.text")
        weaving.gives(component, "message", port, weaving.sort(way))
        weaving.gate(component, block)
    if way and weaving.sort(way) in ("row", "rows", "passages"):
        told.append(
            Problem.of(
                "import.table",
                "Langflow shows data as a table or as code; here it is shown as lines.",
                "Put a Template block before it to lay it out.",
            )
        )
    return [block]


def draw_text(weaving: Weaving, component: Component, told: Told) -> list[str]:
    """A text that was typed in, or what comes in as it is."""
    way = weaving.incoming(component, "input_value", "input_text", "text")
    if way:
        weaving.gives(component, "text", weaving.value(component, way), weaving.sort(way))
        return [weaving.port(way).split(".")[0]]
    block = weaving.block(component, "text", {"text": component.text("input_value")})
    weaving.gives(component, "text", f"{block}.text")
    return [block]


def draw_text_output(weaving: Weaving, component: Component, told: Told) -> list[str]:
    return (
        draw_text(weaving, component, told)
        if weaving.graph.out.get(component.id)
        else draw_chat_output(weaving, component, told)
    )


def draw_prompt(weaving: Weaving, component: Component, told: Told) -> list[str]:
    template = component.text("template")
    pieces = pieces_of(template, component.is_on("use_double_brackets"))
    if pieces is None:
        told.append(
            Problem.of(
                "import.braces",
                "Langflow fails on this prompt because of its single braces. Here it is sent as it is written.",
                "Write values to fill in as names in double braces.",
            )
        )
        block = weaving.block(component, "text", {"text": template})
        weaving.gives(component, "prompt", f"{block}.text")
        return [block]
    block = weaving.block(component, "prompt", {"template": "x"})
    written = [
        _literal(weaving, component, block, piece.text)
        if piece.text
        else _filled(weaving, component, block, piece.name, piece.spec, told)
        for piece in pieces
    ]
    weaving.drawing.configure(block, template="".join(written))
    weaving.gives(component, "prompt", f"{block}.prompt")
    weaving.gate(component, block)
    return [block]


def _literal(weaving: Weaving, component: Component, block: str, text: str) -> str:
    """Text as it is; what has double braces comes by an input, lest it be taken for a name."""
    if "{{" not in text:
        return text
    helper = weaving.helper(component, "text", {"text": text}, key=f"{component.id} text")
    name = f"text_{helper.rsplit('-', 1)[-1] if helper[-1:].isdigit() else 1}"
    weaving.drawing.join(f"{helper}.text", f"{block}.{name}")
    return f"{{{{{name}}}}}"


def _filled(weaving: Weaving, component: Component, block: str, name: str, spec: str, told: Told) -> str:
    """A name of the prompt: an input where a line leads to it, else what was typed in."""
    way = weaving.incoming(component, name)
    if way is None:
        if weaving.comes_later(component, name, f"{block}.{name_of(name)}"):
            return f"{{{{{name_of(name)}}}}}"
        return _literal(weaving, component, block, component.text(name))
    port = _as_text(weaving, component, way, told)
    slot = name_of(name)
    if spec:
        slot = f"{slot}_{sum(1 for _ in weaving.drawing.lines_into(block)) + 1}"
        code = f"{('{' + spec + '}')!r}.format({{{{value}}}})"
        helper = weaving.helper(component, "code.run", {"code": code}, key=f"{component.id} {name}")
        weaving.drawing.join(port, f"{helper}.value")
        port = f"{helper}.result"
    weaving.drawing.join(port, f"{block}.{slot}")
    return f"{{{{{slot}}}}}"


def _as_text(weaving: Weaving, component: Component, way: Way, told: Told) -> str:
    """A value as a prompt takes it: of data only its text."""
    port, sort = weaving.value(component, way), weaving.sort(way)
    if sort == "row":
        helper = weaving.helper(
            component, "template", {"template": "{{ data.text }}"}, key=f"{component.id} text of"
        )
        weaving.drawing.join(port, f"{helper}.data")
        return f"{helper}.text"
    if sort == "rows":
        helper = weaving.helper(
            component,
            "template",
            {"template": "{% for row in rows %}{{ row.text }}\n{% endfor %}"},
            key=f"{component.id} rows",
        )
        weaving.drawing.join(port, f"{helper}.rows")
        told.append(
            Problem.of(
                "import.rows",
                "Langflow writes a table into the prompt; here it is the text of each row.",
                "Use a Template block to write other columns.",
            )
        )
        return f"{helper}.text"
    return port


def draw_memory(weaving: Weaving, component: Component, told: Told) -> list[str]:
    """What was said before, as lines."""
    template = (
        "{% for message in history %}{{ 'User' if message.role == 'user' else 'AI' }}: {{ message.text }}\n"
        "{% endfor %}"
    )
    block = weaving.block(component, "template", {"template": template})
    weaving.need_start()
    weaving.drawing.join(f"{weaving.start}.history", f"{block}.history")
    for output in ("messages_text", "messages", "dataframe"):
        weaving.gives(component, output, f"{block}.text")
    return [block]


DRAWS = {
    "ChatInput": draw_chat_input,
    "ChatOutput": draw_chat_output,
    "TextInput": draw_text,
    "TextOutput": draw_text_output,
    "Prompt": draw_prompt,
    "Prompt Template": draw_prompt,
    "PromptComponent": draw_prompt,
    "Memory": draw_memory,
}
