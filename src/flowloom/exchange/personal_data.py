"""What should perhaps not leave with a GPT, in its texts, its blocks and its documents: personal data, and keys."""

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from flowloom.flow.model import Flow
from flowloom.flow.secrets import SHAPES
from flowloom.kinds.registry import all_kinds, label_of
from flowloom.nodes.logic.personal_data import FINDERS, find_personal

MOST = 2_000_000
"""Characters that are looked through; in more, the rest is not."""
KEY, UNREAD = "key", "unread"
"""What has the shape of a key or password; and that a place, or the rest of it, was not looked through."""


class Place(NamedTuple):
    """A text with such data in it: of the GPT itself, whose name is "", of a block or of a document."""

    name: str
    counts: dict[str, int]
    """From a kind of data, such as `email`, `phone` or `key`, to how many pieces there are."""


def personal_data_in(flow: Flow, documents: Iterable[tuple[str, str]] = ()) -> list[Place]:
    """Every place with personal data or keys, in the order of the flow; `documents` are names and texts.

    What was too long to be looked through is named as well, as `UNREAD`.
    """
    found = []
    left = MOST
    for name, text in (*_texts(flow), *documents):
        counts = Counter(each.kind for each in find_personal(text[:left], FINDERS))
        counts[KEY] = sum(1 for _ in SHAPES.finditer(text[:left]))
        counts[UNREAD] = int(len(text) > left)
        left = max(0, left - len(text))
        if +counts:
            found.append(Place(name, dict(+counts)))
    return found


def _texts(flow: Flow) -> Iterator[tuple[str, str]]:
    """What the GPT says of itself, then each block with its settings."""
    own = flow.model_dump(
        mode="json", exclude={"id", "nodes", "edges", "layout", "picture", "budget", "protection"}
    )
    yield "", "\n".join(_strings(own))
    kinds = all_kinds()
    for node in flow.nodes:
        held = [node.name, *_strings(node.config), *_strings(node.settings.model_dump(mode="json"))]
        yield str(label_of(node, kinds)), "\n".join(held)


def _strings(value: Any) -> Iterator[str]:
    match value:
        case str():
            yield value
        case dict():
            for each in value.values():
                yield from _strings(each)
        case list() | tuple():
            for each in value:
                yield from _strings(each)
