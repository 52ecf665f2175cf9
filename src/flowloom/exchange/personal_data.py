"""What tells who somebody is, in a GPT that is about to leave: in its texts, its blocks and its documents."""

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from flowloom.flow.model import Flow
from flowloom.kinds.registry import all_kinds, label_of
from flowloom.nodes.logic.personal_data import FINDERS, find_personal

MOST = 2_000_000
"""Characters that are looked through; in more, the rest is not."""


class Place(NamedTuple):
    """A text with personal data in it: of the GPT itself, whose name is "", of a block or of a document."""

    name: str
    counts: dict[str, int]
    """From a kind of data, such as `email` or `phone`, to how many pieces there are."""


def personal_data_in(flow: Flow, documents: Iterable[tuple[str, str]] = ()) -> list[Place]:
    """Every place with personal data, in the order of the flow; `documents` are names and texts."""
    found = []
    left = MOST
    for name, text in (*_texts(flow), *documents):
        counts = Counter(each.kind for each in find_personal(text[:left], FINDERS))
        left = max(0, left - len(text))
        if counts:
            found.append(Place(name, dict(counts)))
    return found


def _texts(flow: Flow) -> Iterator[tuple[str, str]]:
    yield (
        "",
        "\n".join(
            (
                flow.name,
                flow.description,
                flow.instructions,
                *flow.starters,
                *(t for s in (*flow.saved_answers, *flow.examples) for t in (s.question, s.answer)),
            )
        ),
    )
    kinds = all_kinds()
    for node in flow.nodes:
        yield str(label_of(node, kinds)), "\n".join(_strings(node.config))


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
