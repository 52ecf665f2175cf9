"""What a custom GPT is, whichever way its JSON is written: its words, its abilities, its actions and files."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

NAMES = ("name", "title")
INSTRUCTIONS = ("instructions", "system_prompt", "systemPrompt", "instruction")
STARTERS = ("conversation_starters", "prompt_starters", "starters", "conversationStarters", "promptStarters")
FILES = ("knowledge", "knowledge_files", "files", "knowledgeFiles")
ACTIONS = ("actions", "action", "openapi")
ABILITIES = ("capabilities", "tools")
_KINDS = {
    "web search": "browser browsing web_browsing webbrowsing websearch web_search browse web",
    "image generation": (
        "dalle dall_e dalle_3 dall_e_image_generation dalle_image_generation 4o_image_generation "
        "image image_generation imagegeneration imagegen"
    ),
    "code interpreter": (
        "python code code_interpreter codeinterpreter data_analysis data_analysis_tool "
        "code_interpreter_data_analysis code_interpreter_and_data_analysis"
    ),
    "canvas": "canvas canmore",
}
_OFF = frozenset(("", "off", "no", "false", "none", "null", "0", "disabled"))
ABILITY = {word: ability for ability, words in _KINDS.items() for word in words.split()}


@dataclass
class Card:
    """A custom GPT."""

    name: str = ""
    description: str = ""
    instructions: str = ""
    starters: list[str] = field(default_factory=list)
    model: str = ""
    abilities: list[str] = field(default_factory=list)
    files: list[str] = field(default_factory=list)
    actions: list[Any] = field(default_factory=list)


def is_gizmo(data: Any) -> bool:
    return isinstance(data, dict) and isinstance(_gizmo(data).get("gizmo"), dict)


def is_form(data: Any) -> bool:
    """Whether this is what the form of a custom GPT holds: instructions, and something that only a GPT has."""
    if not isinstance(data, dict) or not _text(data, INSTRUCTIONS) or {"object", "nodes", "flowloom"} & data.keys():
        return False
    told = (*NAMES, "description", *STARTERS, *FILES, *ACTIONS, "capabilities")
    return any(data.get(name) for name in told)


def card_of(data: Mapping[str, Any]) -> Card:
    if not is_gizmo(data):
        return _card(data, data)
    whole = _gizmo(data)
    gizmo = whole["gizmo"]
    shown = gizmo.get("display") if isinstance(gizmo.get("display"), dict) else {}
    found = _card({**gizmo, **shown}, whole)
    return found


def _gizmo(data: Mapping[str, Any]) -> Mapping[str, Any]:
    inner = data.get("resource")
    return inner if isinstance(inner, dict) and "gizmo" in inner else data


def _card(told: Mapping[str, Any], whole: Mapping[str, Any]) -> Card:
    return Card(
        name=_text(told, NAMES),
        description=_text(told, ("description",)),
        instructions=_text(told, INSTRUCTIONS),
        starters=[each for each in _list(_first(told, STARTERS)) if isinstance(each, str)],
        model=_text(told, ("model", "default_model", "recommended_model")),
        abilities=list(dict.fromkeys(_abilities(whole))),
        files=[_file(each) for each in _list(_first(whole, FILES))],
        actions=[*_read(_first(whole, ACTIONS)), *_plugins(whole)],
    )


def _first(data: Mapping[str, Any], names: tuple[str, ...]) -> Any:
    return next((data[name] for name in names if data.get(name)), None)


def _text(data: Mapping[str, Any], names: tuple[str, ...]) -> str:
    found = _first(data, names)
    return found if isinstance(found, str) else ""


def _list(value: Any) -> list[Any]:
    if isinstance(value, str):
        return (
            [line.strip() for line in value.splitlines() if line.strip()]
            if "openapi" not in value[:400]
            else [value]
        )
    return value if isinstance(value, list) else [value] if isinstance(value, dict) else []


def _read(actions: Any) -> list[Any]:
    return [each for each in _list(actions) if isinstance(each, str | dict)]


def _abilities(whole: Mapping[str, Any]) -> Iterator[str]:
    """What it may do besides talking, switches that are off left out."""
    for name in ABILITIES:
        told = whole.get(name)
        listed = [key for key, on in told.items() if _is_on(on)] if isinstance(told, dict) else told
        for each in listed if isinstance(listed, list) else ():
            if isinstance(each, dict) and not _is_on(each):
                continue
            word = each.get("type") if isinstance(each, dict) else each
            ability = ABILITY.get(re.sub(r"[^a-z0-9]+", "_", str(word).lower()).strip("_"))
            if ability:
                yield ability


def _is_on(told: Any) -> bool:
    """Whether a switch is on, whichever way it is written."""
    if isinstance(told, dict):
        told = told.get("enabled", True)
    return told.strip().lower() not in _OFF if isinstance(told, str) else bool(told)


def _plugins(whole: Mapping[str, Any]) -> Iterator[Any]:
    """The actions that a gizmo lists among its tools."""
    for each in whole["tools"] if isinstance(whole.get("tools"), list) else ():
        if isinstance(each, dict) and ("plugin" in str(each.get("type")) or each.get("type") == "action"):
            told = each.get("metadata") if isinstance(each.get("metadata"), dict) else each
            yield told


def _file(each: Any) -> str:
    if isinstance(each, dict):
        return _text(each, ("name", "file_name", "filename", "title", "location")) or "?"
    return str(each)
