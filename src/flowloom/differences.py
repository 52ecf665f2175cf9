"""What is different between two versions of a GPT, in words."""

from collections.abc import Callable, Iterator, Sequence

from flowloom.flow.diff import diff
from flowloom.flow.model import Edge, Flow, Node, SavedAnswer
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
    "saved answer": (
        "New saved answer to: {text}",
        "新的已保存回答，问题：{text}",
        "Nouvelle réponse enregistrée à : {text}",
    ),
    "changed answer": (
        "Changed the saved answer to: {text}",
        "更改了已保存的回答，问题：{text}",
        "Réponse enregistrée modifiée pour : {text}",
    ),
    "no saved answer": (
        "Removed the saved answer to: {text}",
        "移除了已保存的回答，问题：{text}",
        "Réponse enregistrée retirée pour : {text}",
    ),
    "example": ("New example: {text}", "新的范例：{text}", "Nouvel exemple : {text}"),
    "changed example": ("Changed the example: {text}", "更改了范例：{text}", "Exemple modifié : {text}"),
    "no example": ("Removed the example: {text}", "移除了范例：{text}", "Exemple retiré : {text}"),
    "shown": (
        "Another number of examples is shown to the model.",
        "展示给模型的范例数量不同了。",
        "Un autre nombre d’exemples est montré au modèle.",
    ),
    "added": ("Added the block “{text}”.", "添加了模块“{text}”。", "Bloc « {text} » ajouté."),
    "removed": ("Removed the block “{text}”.", "移除了模块“{text}”。", "Bloc « {text} » retiré."),
    "changed": ("Changed the block “{text}”.", "更改了模块“{text}”。", "Bloc « {text} » modifié."),
    "fields": (
        "Changed the block “{text}”: {more}",
        "更改了模块“{text}”：{more}",
        "Bloc « {text} » modifié : {more}",
    ),
    "renamed": (
        "Renamed “{text}” to “{more}”.",
        "把“{text}”改名为“{more}”。",
        "« {text} » s’appelle maintenant « {more} ».",
    ),
    "kind": (
        "“{text}” is a block of another kind now: {more}.",
        "“{text}”现在是另一种模块：{more}。",
        "« {text} » est maintenant un bloc d’un autre type : {more}.",
    ),
    "replugged": (
        "“{text}” goes to another input of “{more}”.",
        "“{text}”连到了“{more}”的另一个输入。",
        "« {text} » va à une autre entrée de « {more} ».",
    ),
    "connected": (
        "Connected “{text}” to “{more}”.",
        "把“{text}”连到了“{more}”。",
        "« {text} » est relié à « {more} ».",
    ),
    "disconnected": (
        "“{text}” is no longer connected to “{more}”.",
        "“{text}”不再连到“{more}”。",
        "« {text} » n’est plus relié à « {more} ».",
    ),
    "language": ("It speaks another language.", "语言已更改。", "Sa langue a changé."),
    "limits": ("The limits of a run are different.", "运行上限已更改。", "Les limites d’une exécution ont changé."),
    "protection": (
        "The privacy protection is different.",
        "隐私保护已更改。",
        "La protection des contenus a changé.",
    ),
    "places": (
        "Blocks were moved on the canvas.",
        "画布上的模块被移动过。",
        "Des blocs ont été déplacés sur le canevas.",
    ),
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
        translate(TEXTS[what][0], language, text=_short(text), more=_short(more))
        for what, text, more in _found(before, after, language)
    ]


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= SHORT else line[:SHORT] + "…"


Found = tuple[str, str, str]
"""What changed, and what the sentence names."""


def _found(before: Flow, after: Flow, language: str) -> Iterator[Found]:
    if after.name != before.name:
        yield "name", after.name, ""
    if after.description != before.description:
        yield "description", "", ""
    if after.instructions != before.instructions:
        begins = before.instructions and after.instructions.startswith(before.instructions)
        more = after.instructions[len(before.instructions) :] if begins else ""
        yield ("added line", more, "") if more.strip() else ("instructions", "", "")
    if (after.icon, after.picture) != (before.icon, before.picture):
        yield "icon", "", ""
    for starter in (each for each in after.starters if each not in before.starters):
        yield "starter", starter, ""
    for starter in (each for each in before.starters if each not in after.starters):
        yield "no starter", starter, ""
    yield from _answers(before.saved_answers, after.saved_answers, "saved answer", "changed answer")
    yield from _answers(before.examples, after.examples, "example", "changed example")
    for field, what in (
        ("language", "language"),
        ("budget", "limits"),
        ("protection", "protection"),
        ("examples_shown", "shown"),
    ):
        if getattr(before, field) != getattr(after, field):
            yield what, "", ""
    yield from _blocks(before, after, language)


def _answers(
    before: Sequence[SavedAnswer], after: Sequence[SavedAnswer], what: str, changed: str
) -> Iterator[Found]:
    old, new = ({each.question: each for each in pairs} for pairs in (before, after))
    for question, saved in new.items():
        if question not in old:
            yield what, question, ""
        elif saved != old[question]:
            yield changed, question, ""
    for question in old.keys() - new.keys():
        yield f"no {what}", question, ""


def _blocks(before: Flow, after: Flow, language: str) -> Iterator[Found]:
    changed, kinds = diff(before, after), all_kinds()

    def called(node: Node) -> str:
        return translate(label_of(node, kinds), language)

    for id, node in changed.nodes.items():
        earlier = before.node(id)
        if node is None and earlier:
            yield "removed", called(earlier), ""
        elif node and earlier is None:
            yield "added", called(node), ""
        elif node and earlier:
            yield from _block(earlier, node, called, language)
    yield from _connections(before, after, called)
    if changed.layout and not changed.nodes:
        yield "places", "", ""


def _block(before: Node, after: Node, called: Callable[[Node], str], language: str) -> Iterator[Found]:
    """What is different about one block."""
    is_renamed, fields = called(before) != called(after), _fields(before, after, language)
    if is_renamed:
        yield "renamed", called(before), called(after)
    if before.kind != after.kind:
        yield "kind", called(after), _label_of_kind(after, language)
    elif fields:
        yield "fields", called(after), ", ".join(fields)
    elif not is_renamed:
        yield "changed", called(after), ""


def _label_of_kind(node: Node, language: str) -> str:
    kind = all_kinds().get(node.kind)
    return translate(kind.label, language) if kind else node.kind


def _connections(before: Flow, after: Flow, called: Callable[[Node], str]) -> Iterator[Found]:
    """Lines between blocks that were there before and are there now; those of others come and go with them."""
    changed = diff(before, after)
    come_and_gone = {id for id, node in changed.nodes.items() if node is None or before.node(id) is None}
    gone = _pairs(before, changed.removed_edges, come_and_gone)
    come = _pairs(after, changed.added_edges, come_and_gone)
    for pair, (source, target) in gone.items():
        if pair not in come:
            yield "disconnected", called(source), called(target)
    for pair, (source, target) in come.items():
        if pair not in gone:
            yield "connected", called(source), called(target)
        elif [each.kind for each in gone[pair]] == [source.kind, target.kind]:
            # A block that became another kind calls its inputs otherwise, and nothing is different beside.
            yield "replugged", called(source), called(target)


def _pairs(flow: Flow, edges: Sequence[Edge], without: set[str]) -> dict[tuple[str, str], tuple[Node, Node]]:
    """The blocks that lines are between, each pair once."""
    found = {}
    for start, end in ((edge.start.node, edge.end.node) for edge in edges):
        source, target = flow.node(start), flow.node(end)
        if source and target and not {start, end} & without:
            found[start, end] = source, target
    return found


def _fields(before: Node, after: Node, language: str) -> list[str]:
    """What changed in a block, as its form calls it."""
    kind = all_kinds().get(after.kind)
    names = [
        name for name in {**before.config, **after.config} if before.config.get(name) != after.config.get(name)
    ]
    infos = kind.config.model_fields if kind and before.kind == after.kind else {}
    titles = [translate(infos[name].title or name, language) for name in names if name in infos]
    settings = [translate("settings", language)] if before.settings != after.settings else []
    return [*titles, *settings]
