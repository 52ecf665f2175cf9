"""Dify apps without a graph: a prompt, its variables, a model, perhaps documents and tools."""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from flowloom.exchange.drawing import Drawing
from flowloom.exchange.importers.dify import differences as told
from flowloom.exchange.importers.dify.agents import add_tool
from flowloom.exchange.importers.dify.document import App, Step
from flowloom.exchange.importers.dify.level import Level
from flowloom.exchange.importers.dify.models import model_config, told_parameters
from flowloom.exchange.importers.dify.talk import start
from flowloom.exchange.importers.dify.weaver import Value, Weaver
from flowloom.exchange.importers.dify.writing import Writer
from flowloom.flow.sorts import listed, mapping, mappings, words
from flowloom.locales import Verbatim

VARIABLE = re.compile(r"\{\{([a-zA-Z_][a-zA-Z0-9_]{0,29})\}\}")
QUERY = "query"


def draw(app: App, drawing: Drawing) -> None:
    """The message, a form for the variables, the model or agent, the answer."""
    config = app.config
    variables = [dict(each) for each in _variables(config)]
    first = Step("start", "start", "Start", {"variables": variables})
    last = Step("app", app.mode, app.name or app.mode, config)
    weaver = Weaver(app, drawing, Level([first, last], []))
    start(weaver, first)
    _asked(weaver, first, last)


def _variables(config: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """The fields of the form, each written under its type."""
    for each in mappings(config.get("user_input_form")):
        for type, field in each.items():
            if isinstance(field, dict):
                yield {**field, "type": type}


def _asked(weaver: Weaver, first: Step, step: Step) -> None:
    drawing, config = weaver.drawing, step.data
    agent = _is_agent(config)
    writer = Writer(weaver, step, "prompt", names={"prompt", "message", "history", "passages", "tools"})
    text = VARIABLE.sub(lambda found: _reference(weaver, first, found), words(config.get("pre_prompt")))
    rows = list(_messages(weaver, config, writer.write(text).text, text))
    query = weaver.find(("sys", QUERY), step) if weaver.app.mode != "completion" else None
    model = mapping(config.get("model"))
    settings = {**model_config(weaver, model), "messages": rows}
    block = drawing.block("agent" if agent else "model", step.title, settings, key="app")
    for name, port in writer.ports.items():
        drawing.join(port, f"{block}.{name}")
    if query:
        drawing.join(query.port, f"{block}.{'message' if agent else 'prompt'}")
        drawing.join(f"{weaver.message}.history", f"{block}.history")
    if agent:
        weaver.differ(step, told.AGENT)
        for each in mappings(mapping(config.get("agent_mode")).get("tools")):
            if each.get("enabled") is not False:
                add_tool(
                    weaver,
                    block,
                    words(each.get("provider_name") or each.get("provider_id")),
                    words(each.get("tool_name")),
                )
    _documents(weaver, step, block, query)
    told_parameters(weaver, step, model)
    answer = drawing.block("chat.answer", "Answer", key="answer")
    drawing.join(f"{block}.answer", f"{answer}.text")
    weaver.carried(step, block, answer)


def _is_agent(config: Mapping[str, Any]) -> bool:
    mode = mapping(config.get("agent_mode"))
    return mode.get("enabled") is True and bool(listed(mode.get("tools")))


def _reference(weaver: Weaver, first: Step, found: re.Match[str]) -> str:
    return f"{{{{#{first.id}.{found[1]}#}}}}" if weaver.reachable(first.id, found[1]) else found[0]


def _messages(weaver: Weaver, config: Mapping[str, Any], prompt: str, text: str) -> Iterator[dict[str, str]]:
    if prompt.strip():
        yield {"role": "user" if weaver.app.mode == "completion" else "system", "text": prompt}
    chat = mapping(mapping(config.get("chat_prompt_config")))
    for each in mappings(chat.get("prompt")) if config.get("prompt_type") == "advanced" else ():
        role = words(each.get("role"))
        yield {"role": role if role in ("system", "assistant") else "user", "text": words(each.get("text"))}


def _documents(weaver: Weaver, step: Step, block: str, query: Value | None) -> None:
    sets = mappings(mapping(mapping(step.data.get("dataset_configs")).get("datasets")).get("datasets"))
    if not sets:
        return
    search = weaver.drawing.block("knowledge.search", "Search knowledge", {"top_k": 4}, key="search")
    weaver.drawing.join(query.port if query else f"{weaver.message}.message", f"{search}.question")
    weaver.drawing.join(f"{search}.passages", f"{block}.passages")
    weaver.differ(step, told.RETRIEVAL)
    weaver.drawing.do(
        "Add the documents that “{name}” searches.",
        "Documents don’t come over with a Dify file. Export them there, then add them under Knowledge.",
        name=Verbatim(step.title),
    )


def plain_text(note: str) -> str:
    """The words of a note, which Dify writes as the state of its editor."""
    try:
        root = json.loads(note).get("root")
    except (ValueError, AttributeError, RecursionError):
        return note
    return "\n".join(line for each in listed(mapping(root).get("children")) if (line := "".join(_words_in(each))))


def _words_in(part: Any) -> Iterator[str]:
    if isinstance(part, dict):
        yield words(part.get("text"))
        for each in listed(part.get("children")):
            yield from _words_in(each)
