"""A flow as Configure shows it: what its switches stand at, and what only the canvas can say."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from flowloom.configuration.abilities import ABILITIES, KNOWLEDGE, Ability, AbilityName, ability_of
from flowloom.configuration.backbone import ANSWER, MESSAGE, Shape, find_backbone, tools_of
from flowloom.configuration.covering import asking, coverable, uncovered
from flowloom.configuration.fallback import Fallback, can_ask_person, fallback_of
from flowloom.flow.model import Flow, Node
from flowloom.kinds.registry import all_kinds
from flowloom.nodes.knowledge.search import OWN
from flowloom.nodes.knowledge.shared import searches_in


@dataclass(frozen=True, slots=True)
class Configuration:
    """What Configure shows of a flow beside its texts; blocks are named by their ids."""

    shape: Shape
    answering: str
    """The one block that answers, "" where there is none or several."""
    model: str
    """What the block that answers asks."""
    other_models: tuple[str, ...]
    """Blocks that ask another model."""
    abilities: dict[AbilityName, Ability]
    documents: Ability
    searches: tuple[str, ...]
    """All blocks that search documents, also as a step or within."""
    searches_own: bool
    """Whether one of them searches the documents of this GPT."""
    actions: tuple[str, ...]
    """The other tools of the block that answers."""
    fallback: Fallback
    can_ask_person: bool
    unguarded: tuple[str, ...]
    """Other blocks that ask a model and end the run where that fails, whoever answers instead."""
    coverable: tuple[str, ...]
    """Those of them that can lead to whoever answers instead."""
    instructed: tuple[str, ...]
    """Blocks that have instructions of their own."""
    others: tuple[tuple[str, tuple[str, ...]], ...]
    """What is said nowhere above: kinds, with their blocks."""


def read_configuration(flow: Flow) -> Configuration:
    """What Configure shows of a flow. Every block of the flow is in it once at least, so that nothing is hidden."""
    shape, node = find_backbone(flow)
    abilities = {name: ability_of(flow, blocks) for name, blocks in ABILITIES.items()}
    documents, fallback = ability_of(flow, (KNOWLEDGE,)), fallback_of(flow)
    searches = list(searches_in(flow))
    tools = [tool.id for tool in tools_of(flow, node)] if node else []
    told = {id for each in (*abilities.values(), documents) for id in (*each.plain, *each.own, *each.steps)}
    told |= {search.node.id for search in searches} | {fallback.form, node.id if node else ""}
    actions = tuple(id for id in tools if id not in told)
    model = _model_of(node) if node else "default"
    return Configuration(
        shape=shape,
        answering=node.id if node else "",
        model=model,
        other_models=tuple(other.id for other in asking(flow) if other is not node and _model_of(other) != model),
        abilities=abilities,
        documents=documents,
        searches=tuple(dict.fromkeys(search.node.id for search in searches)),
        searches_own=any(search.base == OWN and search.flow == flow.id for search in searches),
        actions=actions,
        fallback=fallback,
        can_ask_person=can_ask_person(flow),
        unguarded=uncovered(flow, node),
        coverable=tuple(each.id for each in coverable(flow, node)) if node else (),
        instructed=tuple(each.id for each in flow.nodes if str(each.config.get("instructions") or "").strip()),
        others=_by_kind(each for each in flow.nodes if each.id not in told | {*actions}),
    )


def _by_kind(nodes: Iterable[Node]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Blocks by their kind, the most frequent first; a message and an answer are what every GPT has."""
    rest = [node for node in nodes if not _is_usual(node)]
    counted = Counter(node.kind for node in rest)
    return tuple((kind, tuple(node.id for node in rest if node.kind == kind)) for kind, _ in counted.most_common())


def _is_usual(node: Node) -> bool:
    kind = all_kinds().get(node.kind)
    return node.kind in (MESSAGE, ANSWER) or bool(kind and kind.annotates)


def _model_of(node: Node) -> str:
    return str(node.config.get("model") or "default")
