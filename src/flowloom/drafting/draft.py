"""A GPT from a wish: its texts by rules, and the blocks of a simple one, or of a template that truly fits."""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from flowloom.configuration.backbone import with_edits
from flowloom.configuration.choices import Choice, Face, Switch, UseDocuments, edits_for
from flowloom.drafting.wish import Wish
from flowloom.flow.model import Flow
from flowloom.store.nearest import covers, find_nearest
from flowloom.store.templates import Template

LONGEST_NAME, LONGEST_STARTER = 60, 500
GENERAL = {
    *("homework-tutor", "knowledge-helper", "agent-with-tools", "handy-tools", "personal-assistant"),
    *("picture-diary", "reading-helper"),
}
"""Templates that are examples of something wider: what they open with is about the example."""
NEAR = 0.8
"""How near a template has to be in all."""
COVERED = {"en": 0.5, "fr": 0.5, "zh": 0.3}
"""How much of the topic it has to know; pairs of Chinese characters are known less often than words."""
ICONS = {
    "quiz": "school",
    "tutor": "school",
    "translate": "translate",
    "code": "code",
    "analyse": "calculate",
    "documents": "menu_book",
    "support": "support_agent",
    "plan": "calendar_month",
    "coach": "fitness_center",
    "recommend": "lightbulb",
    "write": "edit_note",
    "improve": "edit_note",
    "summarise": "edit_note",
    "play": "smart_toy",
    "general": "forum",
}


def draft(wish: Wish) -> Flow:
    """The GPT a wish asks for: it checks clean, and all it says of itself is about the wish."""
    flow = Flow.model_validate({"language": wish.language, "icon": ICONS[wish.purpose]})
    choices: list[Choice] = [Face(texts_for(wish))]
    choices += [Switch(name, True) for name in wish.abilities]  # type: ignore[arg-type]
    choices += [UseDocuments(True)] if wish.documents else []
    for choice in choices:
        flow = with_edits(flow, edits_for(flow, choice))
    return flow


def fitting_template(wish: Wish) -> Template | None:
    """The template whose blocks do what is wished for, where one truly does."""
    for near in find_nearest(wish.text, wish.language)[:1]:
        special = near.template.id not in GENERAL and near.score >= NEAR
        if special and covers(near.template, wish.topic) >= COVERED[wish.language]:
            return near.template
    return None


def template_texts(wish: Wish, template: Template) -> dict[str, Any]:
    """What a GPT made from a fitting template says of itself: its starters suit its blocks."""
    made_for = _fill(phrases(wish.language)["made_for"], wish)
    instructions = "\n".join(filter(None, (made_for, template.flow.instructions)))
    return {"description": wish.text, "instructions": instructions}


def texts_for(wish: Wish) -> dict[str, Any]:
    """The name, description, instructions and starters for a wish, in its language."""
    said = phrases(wish.language)
    is_source = bool(wish.source) and wish.purpose == "documents" and wish.topic in wish.source
    purpose: Mapping[str, Any] = said["source" if is_source else wish.purpose]
    lines = [said["made_for"], *([said["speaks_with"]] if wish.audience else []), *purpose["task"]]
    lines += [said["tones"][tone] for tone in wish.tones] + [said["stays"], said["language"]]
    starters = (_first_upper(_fill(starter, wish))[:LONGEST_STARTER] for starter in purpose["starters"])
    return {
        "name": _cut(_first_upper(_fill(purpose["name"], wish))),
        "description": _first_upper(wish.text),
        "instructions": "\n".join(_fill(line, wish) for line in lines),
        "starters": list(dict.fromkeys(starters)),
    }


@cache
def phrases(language: str) -> Mapping[str, Any]:
    return tomllib.loads((files(__package__) / "phrases" / f"{language}.toml").read_text("utf-8"))


def _fill(text: str, wish: Wish) -> str:
    # One pass: what a person wrote may hold braces.
    pieces = {"{topic}": wish.topic, "{audience}": wish.audience, "{wish}": wish.text}
    for name, value in pieces.items():
        text = text.replace(name, value.replace("{", "\0"))
    return text.replace("\0", "{")


def _first_upper(text: str) -> str:
    return text[:1].upper() + text[1:]


def _cut(name: str) -> str:
    if len(name) <= LONGEST_NAME:
        return name
    return (name[:LONGEST_NAME].rpartition(" ")[0] or name[:LONGEST_NAME]) + "…"
