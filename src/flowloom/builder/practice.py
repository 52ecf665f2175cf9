"""The builder without a model: it does what its rules know, and says what they do not."""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from flowloom.builder.intentions import INTENTIONS, OFF, Intention
from flowloom.configuration.abilities import ABILITIES
from flowloom.configuration.backbone import find_backbone
from flowloom.drafting.draft import ICONS as BY_PURPOSE
from flowloom.drafting.draft import phrases, texts_for
from flowloom.drafting.wish import read_wish
from flowloom.flow.model import Flow
from flowloom.kinds.registry import all_kinds, label_of
from flowloom.locales import add_texts, translate

Raw = dict[str, Any]
"""A step of a proposal before it is read."""
_END = re.compile(
    r"(?<=[.!?;])\s+(?=[^\s\d])|(?<=[。！？；])|,? (?:and then|and also|puis|et aussi) |，?(?:并且|然后)"
    r"|,? (?:and|et) (?=(?:if|when) (?:it|you) |s[’']il |si (?:tu|vous) )"
)
"""What parts one wish from the next."""
LONGEST = 2_000
"""Characters of a message that are read."""
ASK = "What should your GPT do, and for whom?"
ASK_AGAIN = "Give me an example: what would someone ask it, and what should it answer?"
CANNOT = "The practice builder can’t do that. Draw it on the canvas, or choose a model in Settings."
UNKNOWN = (
    "I didn’t understand that. I can change the name, picture, description, instructions, tone, starters, "
    "abilities, knowledge, model and who answers when it can’t."
)
LEFT = "I couldn’t do this: {wishes}. Draw it on the canvas, or choose a model in Settings."
DONE, FIRST, UNDONE = "Done.", "Here is a first version.", "The last change is undone."
NOT_DONE = (None, "help", "beyond", "undo")
"""What is no change among the wishes of a message."""
GREETING = 16
"""Letters of what may only be a greeting."""
NO_BLOCK = "There is no block of that name."
QUESTIONS = (ASK, ASK_AGAIN)
ICONS = ("school", "lightbulb", "rocket_launch", "palette", "pets", "public", "music_note", "forum")
LINES: Mapping[str, Mapping[Intention, str]] = {
    "en": {"language": "Always answer in {what}.", "audience": "You speak with {what}."},
    "fr": {"language": "Réponds toujours en {what}.", "audience": "Tu parles avec ces personnes : {what}."},
    "zh": {"language": "始终用{what}回答。", "audience": "与你对话的是{what}。"},
}
add_texts(
    {
        "zh": {
            ASK: "你的 GPT 要做什么，为谁而做？",
            ASK_AGAIN: "举个例子：有人会问它什么，它该怎么回答？",
            CANNOT: "练习构建器做不到这个。请在画布上画，或在设置中选择模型。",
            UNKNOWN: (
                "我没听懂。我可以更改名称、图片、描述、说明、语气、开场白、能力、知识库、模型，"
                "以及它无法回答时由谁来回答。"
            ),
            LEFT: "这个我做不到：{wishes}。请在画布上画，或在设置中选择模型。",
            DONE: "完成。",
            FIRST: "这是第一个版本。",
            UNDONE: "已撤销上一次更改。",
            NO_BLOCK: "没有叫这个名字的模块。",
        },
        "fr": {
            ASK: "Que doit faire votre GPT, et pour qui\u202f?",
            ASK_AGAIN: "Donnez-moi un exemple\u202f: que lui demanderait-on, et que doit-il répondre\u202f?",
            CANNOT: (
                "L’assistant d’essai ne sait pas faire cela. Dessinez-le sur le canevas, ou choisissez un modèle "
                "dans les réglages."
            ),
            UNKNOWN: (
                "Je n’ai pas compris. Je peux changer le nom, l’image, la description, les instructions, le ton, "
                "les amorces, les capacités, les documents, le modèle et qui répond quand il ne peut pas."
            ),
            LEFT: (
                "Je n’ai pas pu faire ceci\u202f: {wishes}. Dessinez-le sur le canevas, ou choisissez un modèle "
                "dans les réglages."
            ),
            DONE: "C’est fait.",
            FIRST: "Voici une première version.",
            UNDONE: "Le dernier changement est annulé.",
            NO_BLOCK: "Aucun bloc ne porte ce nom.",
        },
    }
)


class Answer(NamedTuple):
    """What is said, and the steps of a proposal as they are read; `undo` takes the last change back.

    `left` are the wishes beside them that the rules cannot do.
    """

    say: str
    steps: list[Raw]
    undo: bool = False
    left: tuple[str, ...] = ()


def answer(flow: Flow, message: str, language: str, asked: int = 0) -> Answer:
    """What the rules make of a message; `asked` counts the questions that were asked before a first version."""
    said = " ".join(message.split())[:LONGEST]
    intention = _intention_of(said)
    if intention == "undo":
        return Answer(UNDONE, [], undo=True)
    if _is_new(flow) and intention != "help":
        return _first(said, language, asked)
    wishes = [(each, _intention_of(each)) for each in wishes_in(said)]
    able = [each for each in wishes if each[1] not in NOT_DONE]
    if not able:
        return Answer(CANNOT if any(each == "beyond" for _, each in wishes) else UNKNOWN, [])
    made = _steps_of_all(flow, able, language)
    done = {wish for wish, steps in made if steps}
    # A greeting before the first wish asks for nothing.
    left = tuple(each for each, intention in wishes if each not in done and (intention or len(each) > GREETING))
    return Answer(DONE, [step for _, steps in made for step in steps], left=left) if done else Answer(NO_BLOCK, [])


def wishes_in(said: str) -> list[str]:
    """The sentences of a message that each ask for something; what asks for nothing belongs to the one before."""
    wishes: list[str] = []
    for sentence in _END.split(said):
        if wishes and not _intention_of(sentence):
            wishes[-1] = f"{wishes[-1]} {sentence}".strip()
        elif sentence.strip():
            wishes.append(sentence)
    return wishes


def _intention_of(said: str) -> Intention | None:
    return next((name for name, cue in INTENTIONS.items() if cue.search(said)), None)


def _steps_of_all(
    flow: Flow, wishes: Sequence[tuple[str, Intention | None]], language: str
) -> list[tuple[str, list[Raw]]]:
    """The steps of each wish, made on what those before it have left."""
    made = []
    for said, intention in wishes:
        steps = _steps(flow, said, language, intention) if intention else []
        for step in steps:
            if step["op"] == "instructions":
                flow = flow.model_copy(update={"instructions": step["text"]})
        made.append((said, steps))
    return made


def _is_new(flow: Flow) -> bool:
    return find_backbone(flow).shape == "bare" and not flow.instructions


def _first(said: str, language: str, asked: int) -> Answer:
    """A first working GPT; at most two questions come before it."""
    wish = read_wish(said, language)
    if not wish.topic and asked < len(QUESTIONS):
        return Answer(QUESTIONS[asked], [])
    if not wish.topic:
        wish = read_wish(f"GPT: {said}", language)
    texts = texts_for(wish)
    steps: list[Raw] = [
        {"op": "rename", "name": texts["name"] or said[:40]},
        {"op": "description", "text": texts["description"]},
        {"op": "instructions", "text": texts["instructions"]},
        {"op": "starters", "texts": texts["starters"]},
        {"op": "picture", "text": BY_PURPOSE[wish.purpose]},
        *({"op": "ability", "ability": name, "on": True} for name in wish.abilities),
    ]
    return Answer(FIRST, [*steps, *([{"op": "knowledge", "on": True}] if wish.documents else [])])


def _steps(flow: Flow, said: str, language: str, intention: Intention) -> list[Raw]:
    found = INTENTIONS[intention].search(said)
    named = found.groupdict() if found else {}
    what = next((value.strip(' .,;:“”"«»，。') for value in named.values() if value), "")
    request = _Request(flow, said, language, what, on=not OFF.search(said))
    if intention in ABILITIES:
        return [{"op": "ability", "ability": intention, "on": request.on}]
    if intention in phrases(language)["tones"]:
        return _line(flow, phrases(language)["tones"][intention])
    made = _MADE.get(intention)
    return made(request) if made else _line(flow, _sentence(said))


class _Request(NamedTuple):
    """What a person asked: `what` they named, and whether it is to be `on`."""

    flow: Flow
    said: str
    language: str
    what: str
    on: bool


def _sentence(said: str) -> str:
    return said[:1].upper() + said[1:]


def _other_picture(asked: _Request) -> list[Raw]:
    after = ICONS.index(asked.flow.icon) + 1 if asked.flow.icon in ICONS else 0
    return [{"op": "picture", "text": ICONS[after % len(ICONS)]}]


def _other_starters(asked: _Request) -> list[Raw]:
    wish = read_wish(asked.flow.description or asked.flow.name or asked.said, asked.language)
    fresh = [each for each in texts_for(wish)["starters"] if each not in asked.flow.starters]
    return [{"op": "starters", "texts": fresh or list(asked.flow.starters[::-1])}]


def _in_line(asked: _Request, intention: Intention) -> list[Raw]:
    return _line(asked.flow, LINES[asked.language][intention].replace("{what}", asked.what))


_MADE: Mapping[Intention, Callable[[_Request], list[Raw]]] = {
    "rename": lambda asked: [{"op": "rename", "name": asked.what[:120]}],
    "description": lambda asked: [{"op": "description", "text": asked.what}],
    "add starter": lambda asked: [{"op": "starter", "text": asked.what}],
    "no starters": lambda asked: [{"op": "starters", "texts": []}],
    "new starters": _other_starters,
    "picture": _other_picture,
    "model fast": lambda asked: [{"op": "model", "model": "fast"}],
    "model careful": lambda asked: [{"op": "model", "model": "careful"}],
    "model default": lambda asked: [{"op": "model", "model": "default"}],
    "person answers": lambda asked: [{"op": "fallback", "who": "person"}],
    "nobody answers": lambda asked: [{"op": "fallback", "who": "nobody"}],
    "text answers": lambda asked: [{"op": "fallback", "who": "text", "text": asked.what}],
    "knowledge": lambda asked: [{"op": "knowledge", "on": asked.on}],
    "remove block": lambda asked: _removed(asked.flow, asked.what, asked.language),
    "language": lambda asked: _in_line(asked, "language"),
    "audience": lambda asked: _in_line(asked, "audience"),
}


def _line(flow: Flow, line: str) -> list[Raw]:
    """The instructions with one more line."""
    if line in flow.instructions.splitlines():
        return [{"op": "instructions", "text": flow.instructions}]
    return [{"op": "instructions", "text": "\n".join(filter(None, (flow.instructions, line)))}]


def _removed(flow: Flow, what: str, language: str) -> list[Raw]:
    kinds, wanted = all_kinds(), what.casefold()
    for node in flow.nodes:
        if wanted in (node.id.casefold(), translate(label_of(node, kinds), language).casefold()):
            return [{"op": "remove", "block": node.id}]
    return []
