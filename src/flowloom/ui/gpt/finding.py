"""GPTs that say what is searched for in other words or another language."""

from collections.abc import Collection, Sequence

from flowloom.store.flows import FlowEntry
from flowloom.workspace import workspace

LEAST = 0.23
"""How near a GPT has to be."""
SHARE = 0.75
"""How near the others have to come to the first."""
MOST = 3


def find_near(entries: Sequence[FlowEntry], search: str, besides: Collection[FlowEntry] = ()) -> list[FlowEntry]:
    """At most three GPTs near in meaning to what is searched for, the nearest first, without those of `besides`."""
    others = [entry for entry in entries if entry not in besides]
    near = workspace().nearness(search, [f"{entry.name}: {entry.description}" for entry in others])
    ranked = sorted(zip(near, others, strict=False), key=lambda each: -each[0])[:MOST]
    least = max(LEAST, ranked[0][0] * SHARE) if ranked else 0.0
    return [entry for score, entry in ranked if score >= least]
