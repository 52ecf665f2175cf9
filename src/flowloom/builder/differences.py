"""What a change did, in words."""

from collections.abc import Iterator

from flowloom.configuration.reading import read_configuration
from flowloom.flow.diff import diff
from flowloom.flow.model import Flow
from flowloom.kinds.registry import all_kinds, label_of
from flowloom.locales import add_texts, translate

SHORT = 80
TEXTS = {
    "name": ("The name is “{text}”.", "名称是“{text}”。", "Le nom est « {text} »."),
    "description": ("The description is new.", "描述已更新。", "La description est nouvelle."),
    "instructions": ("The instructions are new.", "说明已更新。", "Les instructions sont nouvelles."),
    "added line": (
        "The instructions also say: {text}",
        "说明中增加了：{text}",
        "Les instructions disent aussi : {text}",
    ),
    "icon": ("It has another picture.", "换了图片。", "Il a une autre image."),
    "starter": (
        "New conversation starter: {text}",
        "新的开场白：{text}",
        "Nouvelle amorce de conversation : {text}",
    ),
    "no starter": ("Without the starter: {text}", "去掉了开场白：{text}", "Sans l’amorce : {text}"),
    "added": ("Added the block “{text}”.", "添加了模块“{text}”。", "Bloc « {text} » ajouté."),
    "removed": ("Removed the block “{text}”.", "移除了模块“{text}”。", "Bloc « {text} » retiré."),
    "changed": ("Changed the block “{text}”.", "更改了模块“{text}”。", "Bloc « {text} » modifié."),
    "lines": ("The connections are different.", "连接已更改。", "Les connexions sont différentes."),
}
"""English, Chinese and French, by what changed."""
NARROW = "\u202f"
add_texts(
    {
        "zh": {english: chinese for english, chinese, _ in TEXTS.values()},
        "fr": {
            english: french.replace(" :", f"{NARROW}:").replace("« ", f"«{NARROW}").replace(" »", f"{NARROW}»")
            for english, _, french in TEXTS.values()
        },
    }
)


def differences(before: Flow, after: Flow, language: str) -> list[str]:
    """A sentence for each thing that is different, in the order people ask about them."""
    return [
        translate(TEXTS[what][0], language, text=_short(text)) for what, text in _found(before, after, language)
    ]


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= SHORT else line[:SHORT] + "…"


def _found(before: Flow, after: Flow, language: str) -> Iterator[tuple[str, str]]:
    if after.name != before.name:
        yield "name", after.name
    if after.description != before.description:
        yield "description", ""
    if after.instructions != before.instructions:
        begins = before.instructions and after.instructions.startswith(before.instructions)
        more = after.instructions[len(before.instructions) :] if begins else ""
        yield ("added line", more) if more.strip() else ("instructions", "")
    if (after.icon, after.picture) != (before.icon, before.picture):
        yield "icon", ""
    for starter in (each for each in after.starters if each not in before.starters):
        yield "starter", starter
    for starter in (each for each in before.starters if each not in after.starters):
        yield "no starter", starter
    yield from _blocks(before, after, language)


def _blocks(before: Flow, after: Flow, language: str) -> Iterator[tuple[str, str]]:
    changed, kinds = diff(before, after), all_kinds()
    for id, node in changed.nodes.items():
        there = node or before.node(id)
        what = "removed" if node is None else "changed" if before.node(id) else "added"
        if there:
            yield what, translate(label_of(there, kinds), language)
    touched = set(changed.nodes)
    lines = [*changed.added_edges, *changed.removed_edges]
    if any(not {line.start.node, line.end.node} & touched for line in lines):
        yield "lines", ""


def to_try(flow: Flow, language: str) -> list[str]:
    """Two messages that show what a GPT does now: of its starters, else one that its abilities suggest."""
    shown = read_configuration(flow)
    usual = [ASKS[name] for name, ability in shown.abilities.items() if ability.is_on and name in ASKS]
    others = [translate(each, language) for each in (*usual, HELLO, HELP)]
    return list(dict.fromkeys([*flow.starters, *others]))[:2]


HELLO, HELP = "Hello!", "What can you do?"
ASKS = {
    "web": "What is new in the world?",
    "pictures": "Draw a cat on a bicycle",
    "memory": "What do you know about me?",
    "sums": "What is 17.5% of 2480?",
}
add_texts(
    {
        "zh": {
            HELLO: "你好！",
            HELP: "你能做什么？",
            ASKS["web"]: "世界上有什么新闻？",
            ASKS["pictures"]: "画一只骑自行车的猫",
            ASKS["memory"]: "你知道我什么？",
            ASKS["sums"]: "2480 的 17.5% 是多少？",
        },
        "fr": {
            HELLO: f"Bonjour{NARROW}!",
            HELP: f"Que sais-tu faire{NARROW}?",
            ASKS["web"]: f"Quoi de neuf dans le monde{NARROW}?",
            ASKS["pictures"]: "Dessine un chat à vélo",
            ASKS["memory"]: f"Que sais-tu de moi{NARROW}?",
            ASKS["sums"]: f"Combien font 17,5{NARROW}% de 2480{NARROW}?",
        },
    }
)
