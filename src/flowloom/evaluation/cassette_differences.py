"""What of a replayed chat is other than it was, in words."""

from collections.abc import Iterable, Sequence

from flowloom.errors import Problem
from flowloom.flow.model import Flow
from flowloom.kinds.registry import all_kinds, label_of
from flowloom.run.planning.nested_nodes import node_at
from flowloom.store.cassettes import TapedTurn


def told_differences(
    flow: Flow, turn: TapedTurn, answer: str, route: Sequence[str], number: int
) -> Iterable[Problem]:
    """What is other than then, in words."""
    at = f"{number}. " if number else ""
    if [*route] != [*turn.route]:
        yield Problem.of(
            "cassette.route",
            "{at}It went another way: {now} instead of {then}.",
            at=at,
            now=_way(flow, route),
            then=_way(flow, turn.route),
        )
    if " ".join(answer.split()) != " ".join(turn.answer.split()):
        now, then = _where_they_part(answer, turn.answer)
        said = "{at}It answers “{now}” instead of “{then}”."
        yield Problem.of("cassette.answer", said, at=at, now=now, then=then)


def _way(flow: Flow, route: Sequence[str]) -> str:
    kinds = all_kinds()
    nodes = [(name, node_at(flow, kinds, name)) for name in route]
    return " → ".join(str(label_of(node, kinds)) if node else name for name, node in nodes) or "…"


def _where_they_part(one: str, other: str, most: int = 120) -> tuple[str, str]:
    """Both texts from a little before where they begin to differ."""
    same = next(
        (at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other))
    )
    start = max(0, same - 30)
    cut = [("…" if start else "") + text[start : start + most] for text in (one, other)]
    return cut[0] or "…", cut[1] or "…"
