"""The order in which GPTs are offered, and those near in meaning to what is searched for."""

from collections.abc import Collection, Iterable, Mapping, Sequence

from flowloom.services.knowledge.text_nearness import near_enough
from flowloom.store.flows import FlowEntry
from flowloom.store.shelf import Place
from flowloom.workspace import workspace

MOST = 3


def in_order(entries: Iterable[FlowEntry], places: Mapping[str, Place]) -> list[FlowEntry]:
    """Favourites first, then what was used or changed last."""

    def rank(entry: FlowEntry) -> tuple[bool, float]:
        place = places.get(entry.id, Place())
        return not place.favourite, -max(place.used, entry.updated_at)

    return sorted(entries, key=rank)


def find_near(entries: Sequence[FlowEntry], search: str, besides: Collection[FlowEntry] = ()) -> list[FlowEntry]:
    """At most three GPTs near in meaning to what is searched for, the nearest first, without those of `besides`."""
    others = [entry for entry in entries if entry not in besides]
    near = workspace().nearness(search, [f"{entry.name}: {entry.description}" for entry in others])
    return [entry for entry, _ in near_enough(zip(others, near, strict=False), MOST)]
