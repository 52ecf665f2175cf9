"""A GPT as a document in words: what it says of itself, and its blocks in the order in which they work."""

from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import BaseModel

from flowloom.flow.model import Flow
from flowloom.kinds.registry import all_kinds, label_of
from flowloom.locales import translate
from flowloom.run.planning.check import config_or_default
from flowloom.run.reading.outline import Line, Row, outline


def in_words(flow: Flow, language: str = "en") -> str:
    """The GPT as Markdown."""
    parts = [f"# {flow.name or translate('Untitled GPT', language)}"]
    parts += [text for text in (flow.description, flow.instructions) if text.strip()]
    if flow.starters:
        parts.append("\n".join(f"- {starter}" for starter in flow.starters))
    parts += [f"> {' '.join(each.question.split())}\n\n{each.answer}" for each in flow.saved_answers if each.on]
    rows = outline(flow, all_kinds())
    numbers = {row.node.id: row.number for row in rows}
    parts += ["\n".join(_lines(row, numbers, language)) for row in rows]
    return "\n\n".join(parts) + "\n"


def _lines(row: Row, numbers: Mapping[str, int], language: str) -> Iterator[str]:
    kind = translate(row.kind.label, language) if row.kind else row.node.kind
    name = translate(label_of(row.node, all_kinds()), language)
    yield f"## {row.number}. {name}" + (f" ({kind})" if name != kind else "")
    yield ""
    for line in row.takes:
        yield "- " + _takes(line, numbers, language)
    if row.kind:
        yield from _settings(config_or_default(row.node, row.kind), language)


def _takes(line: Line, numbers: Mapping[str, int], language: str) -> str:
    return translate(
        "{input}: “{output}” of {number}.",
        language,
        input=translate(line.input.said, language),
        output=translate(line.output.said, language),
        number=numbers[line.edge.start.node],
    )


def _settings(config: BaseModel, language: str) -> Iterator[str]:
    """The fields that are not as they are in a new block."""
    for name, value in config.model_dump(mode="json", exclude_defaults=True).items():
        title = translate(type(config).model_fields[name].title or name, language)
        for number, text in enumerate(_told(value)):
            yield f"- {title}: {text}" if number == 0 else f"  {text}"


def _told(value: Any) -> Iterator[str]:
    """A value over as many lines as it has, so that a change shows where it is."""
    match value:
        case str():
            yield from value.splitlines() or [""]
        case list():
            yield ""
            for each in value:
                yield "- " + ", ".join(_short(each))
        case dict():
            yield "…"
        case _:
            yield str(value)


def _short(value: Any) -> Iterator[str]:
    if not isinstance(value, dict):
        yield str(value)
        return
    for name, each in value.items():
        if each not in ("", None, [], {}):
            yield f"{name}: {' '.join(str(each).split())}"
