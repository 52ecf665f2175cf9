"""GPTs that say what is searched for in other words or another language."""

from collections.abc import Collection, Sequence

from flowloom.services.knowledge.text_nearness import near_enough
from flowloom.store.flows import FlowEntry
from flowloom.workspace import workspace

MOST = 3


def find_near(entries: Sequence[FlowEntry], search: str, besides: Collection[FlowEntry] = ()) -> list[FlowEntry]:
    """At most three GPTs near in meaning to what is searched for, the nearest first, without those of `besides`."""
    others = [entry for entry in entries if entry not in besides]
    near = workspace().nearness(search, [f"{entry.name}: {entry.description}" for entry in others])
    return [entry for entry, _ in near_enough(zip(others, near, strict=False), MOST)]
