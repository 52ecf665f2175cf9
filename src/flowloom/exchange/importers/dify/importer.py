"""Dify DSL: YAML files of workflows, chatflows and plain chat apps, as Flowloom flows with a report."""

from collections.abc import Callable
from functools import partial

from flowloom.exchange.drawing import Drawing, Imported
from flowloom.exchange.foreign import Importer
from flowloom.exchange.importers.dify import (
    agents,
    choices,
    config_app,
    data,
    inside,
    lists,
    logic,
    memory,
    models,
    talk,
    tools,
)
from flowloom.exchange.importers.dify import texts as _texts  # noqa: F401  the report’s translations
from flowloom.exchange.importers.dify.document import PLAIN, App, Step, is_app, read_app
from flowloom.exchange.importers.dify.level import Level
from flowloom.exchange.importers.dify.shape import SHAPE
from flowloom.exchange.importers.dify.weaver import Value, Weaver
from flowloom.exchange.source import Source
from flowloom.flow.sorts import listed, mapping, words

NAME = "Dify"
STARTS = frozenset({"iteration-start", "loop-start"})
EMITTERS: dict[str, Callable[[Weaver, Step], None]] = {
    "start": talk.start,
    "answer": talk.answer,
    "end": talk.end,
    "llm": models.llm,
    "question-classifier": choices.classifier,
    "parameter-extractor": choices.extractor,
    "if-else": logic.if_else,
    "variable-aggregator": logic.aggregator,
    "variable-assigner": logic.aggregator,
    "assigner": memory.assigner,
    "code": data.code,
    "template-transform": data.template,
    "document-extractor": data.document,
    "list-operator": lists.list_operator,
    "http-request": tools.http,
    "knowledge-retrieval": tools.knowledge,
    "tool": agents.tool,
    "agent": agents.agent,
    "loop-end": inside.loop_end,
}


def recognises(source: Source) -> bool:
    return is_app(source.data)


def read(source: Source) -> Imported:
    """The flow of a Dify app. Raises FlowFileError."""
    app = read_app(mapping(source.data))
    drawing = Drawing(NAME, app.name or source.name, description=app.description, language=_language(app))
    _present(app, drawing)
    if app.steps:
        weaver = Weaver(app, drawing, Level([step for step in app.steps if not step.inside], app.lines))
        _offer_environment(weaver)
        draw(weaver)
    else:
        config_app.draw(app, drawing)
    for text, at in app.notes:
        if text.strip():
            drawing.note(config_app.plain_text(text), at)
    return drawing.finished()


def draw(weaver: Weaver) -> None:
    """Every step of a graph, those that others build on first."""
    for id in weaver.level.order:
        step = weaver.level.steps[id]
        if step.type in STARTS:
            continue
        if step.type == "iteration":
            inside.iteration(weaver, step, draw)
        elif step.type == "loop":
            inside.loop(weaver, step, draw)
        elif step.type in EMITTERS:
            EMITTERS[_kind(step)](weaver, step)
        else:
            data.kept(weaver, step, [], [])


def _kind(step: Step) -> str:
    """Older files call the aggregator an assigner, and an assigner what it is."""
    if step.type == "variable-assigner" and ("assigned_variable_selector" in step.data or "items" in step.data):
        return "assigner"
    return step.type


def _offer_environment(weaver: Weaver) -> None:
    for each in weaver.app.environment:
        name = words(each.get("name"))
        if name:
            weaver.offer(
                "env", name, partial(_environment, weaver, name, each.get("value"), words(each.get("value_type")))
            )


def _environment(weaver: Weaver, name: str, value: object, type: str) -> Value:
    if type == "secret":
        tools.secret_value(weaver, name)
        return Value(weaver.text("", name), name=name)
    if type == "number" and isinstance(value, int | float):
        return Value(weaver.code(repr(value), {}, name), "number", name=name)
    return Value(weaver.text(words(value), name), name=name)


def _language(app: App) -> str:
    said = app.name + app.description + "".join(step.title for step in app.steps)
    return "zh" if any("\u4e00" <= letter <= "\u9fff" for letter in said) else "en"


def _present(app: App, drawing: Drawing) -> None:
    features = app.features or app.config
    opening = words(features.get("opening_statement")).strip()
    drawing.starters = [words(each) for each in listed(features.get("suggested_questions"))]
    if opening:
        drawing.description = drawing.description or opening[:4_000]
        drawing.note(opening)
        drawing.remark(
            "The greeting that a chat starts with became a note and the description.",
            "Flowloom shows conversation starters instead of a first message.",
        )
    if mapping(features.get("sensitive_word_avoidance")).get("enabled") is True:
        drawing.do(
            "Set up the check for unwanted content again.",
            "Put a Moderate block after the chat message or before the answer.",
        )


IMPORTER = Importer("dify", NAME, recognises, read, SHAPE)

__all__ = ["IMPORTER", "PLAIN", "draw"]
