"""How the practice model uses tools: it calls the one that fits, with what the message says, or
asks for the rest."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from flowloom.kinds.values import ToolCall, ToolSpec
from flowloom.services.models.practice_choices import LEAST, rate
from flowloom.services.models.practice_fields import fill, missing_fields
from flowloom.services.models.practice_finds import MEASURE, URL, find_choices, find_expression
from flowloom.services.models.practice_rules import say
from flowloom.services.models.practice_texts_found import TO_REMEMBER
from flowloom.services.synonyms import meanings

_ASKS = re.compile(
    r"[?？]|^(?:what|who|how|when|where|why|which|can|may|is|are|do|does|quel|qui|comment|où|quand"
    r"|pourquoi|combien|puis-je)\b"
    r"|怎么|如何|多久|多少|什么|吗|哪",
    re.IGNORECASE,
)
_MOMENT = re.compile(
    r"\b(?:today|what day|which day|what time|the time|date|jour|quelle heure|aujourd['’]hui"
    r"|quel jour)\b|今天|几号|星期几|周几|几点|日期|现在.{0,3}时间",
    re.IGNORECASE,
)
_ABOUT_ME = re.compile(
    r"know (?:anything )?about me|remember (?:anything )?about me|sais-tu (?:de|sur) moi|savez-vous (?:de|sur) moi"
    r"|(?:你|您)?(?:知道|记得|了解)我(?:的)?(?:什么|哪些)|关于我",
    re.IGNORECASE,
)
_OFFERS = re.compile(r"\bor\b|\bou\b|还是|或|、|[:：][^:：,，\n]{1,60}[,，]", re.IGNORECASE)
_SUMS = frozenset(("expression", "formula", "calculation", "equation"))
_SHAPED = 5.0
"""What a message that holds just what a tool takes counts for."""


def call_or_ask(question: str, tools: Sequence[ToolSpec], language: str, id: str) -> str | ToolCall:
    """A call of the tool that fits, a request for what it lacks, or "" if none fits."""
    asked = ""
    for tool in _fitting(question, tools):
        arguments = fill(tool.parameters, question)
        lacking = missing_fields(tool.parameters, arguments)
        if not lacking:
            given = {name: value for name, value in arguments.items() if value not in (None, "", [], {})}
            return ToolCall(id=id, name=tool.name, arguments=given)
        # Whoever names no sum wants none worked out.
        if not _SUMS & {name.lower() for name in lacking}:
            asked = asked or _request(tool, lacking, language)
    return asked


def _request(tool: ToolSpec, lacking: Sequence[str], language: str) -> str:
    """What the person has to say yet, by the words that the tool has for it."""
    properties: Mapping[str, Any] = tool.parameters.get("properties", {})
    called = tool.description.partition(".")[0].strip() or tool.name
    names = [str(properties.get(name, {}).get("title") or name.replace("_", " ")) for name in lacking]
    return say("missing", language, tool=called, fields=", ".join(names))


def _fitting(question: str, tools: Sequence[ToolSpec]) -> list[ToolSpec]:
    """The tools that fit, the best first; a question about anything may be looked up where there is
    something to."""
    rated = rate(question, {each.name: _told(each) for each in tools})
    scores = {each.name: rated[each.name] + _shape_bonus(question, each) for each in tools}
    fitting = sorted((each for each in tools if scores[each.name] >= LEAST), key=lambda each: -scores[each.name])
    searching = [each for each in tools if {"question", "query", "search"} & _names(each) and each not in fitting]
    return [*fitting, *(searching if _ASKS.search(question) else ())]


def _shape_bonus(question: str, tool: ToolSpec) -> float:
    """More where the message holds what a tool takes: a sum for a calculator, a measure for a converter."""
    names, about = _names(tool), meanings(_told(tool))
    fits = (
        _SUMS & names and find_expression(question),
        {"url", "link", "address"} & names and URL.search(question),
        {"measure", "quantity", "unit"} & names and MEASURE.search(question),
        {"time_zone", "timezone"} & names and "≈date" in about and _MOMENT.search(question),
        {"value", "name"} <= names and TO_REMEMBER.search(question),
        "facts about the person" in tool.description and _ABOUT_ME.search(question),
    )
    if any(fits):
        return _SHAPED
    chooses = (
        {"things", "choices", "options"} & names and _OFFERS.search(question) and len(find_choices(question)) > 1
    )
    return _SHAPED / 2 if chooses else 0.0


def _names(tool: ToolSpec) -> set[str]:
    properties: Mapping[str, Any] = tool.parameters.get("properties", {})
    return {name.lower() for name in properties}


def _told(tool: ToolSpec) -> str:
    return f"{tool.description} {' '.join(sorted(_names(tool)))}"
