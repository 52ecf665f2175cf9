"""What came, what changed and what is gone is told apart in a drawing, also without its colours."""

import re

from flowloom.flow.model import Edge, Flow, Node, Position
from flowloom.serve.difference import side_by_side, united
from flowloom.serve.picture import MARKED, picture


def flow(nodes: dict[str, str], edges: list[tuple[str, str]]) -> Flow:
    return Flow(
        id="a",
        nodes=tuple(Node(id=id, kind="text", config={"text": text}) for id, text in nodes.items()),
        edges=tuple(Edge.model_validate({"from": start, "to": end}) for start, end in edges),
        layout={id: Position(x=number * 300, y=0) for number, id in enumerate(nodes)},
    )


BEFORE = flow({"kept": "1", "edited": "2", "gone": "3"}, [("kept.text", "edited.a"), ("edited.text", "gone.a")])
AFTER = flow({"kept": "1", "edited": "2!", "new": "4"}, [("kept.text", "edited.a"), ("edited.text", "new.a")])


def colours(svg: str) -> list[str]:
    """The border of each card, then the lines that are marked."""
    return re.findall(r'stroke="(#[0-9a-f]{6})" stroke-width="3"', svg)


def test_one_drawing_holds_both() -> None:
    whole, marks = united(BEFORE, AFTER)
    assert marks.nodes == {"edited": "changed", "new": "added", "gone": "removed"}
    assert [node.id for node in whole.nodes] == ["kept", "edited", "new", "gone"]
    assert whole.layout["gone"] == BEFORE.layout["gone"]
    assert sorted(marks.edges.values()) == ["added", "removed"]


def test_each_difference_has_its_colour_and_its_line() -> None:
    whole, marks = united(BEFORE, AFTER)
    svg = picture(whole, marks=marks)
    assert sorted(colours(svg)) == sorted([*MARKED.values(), MARKED["added"], MARKED["removed"]])
    assert svg.count("stroke-dasharray") == 3


def test_side_by_side_each_shows_what_the_other_lacks() -> None:
    before, after = side_by_side(BEFORE, AFTER)
    assert sorted(colours(picture(*before[:1], marks=before.marks))) == sorted(
        [MARKED["changed"], MARKED["removed"], MARKED["removed"]]
    )
    assert sorted(colours(picture(after.flow, marks=after.marks))) == sorted(
        [MARKED["changed"], MARKED["added"], MARKED["added"]]
    )


def test_what_is_the_same_is_not_marked() -> None:
    whole, marks = united(BEFORE, BEFORE)
    assert colours(picture(whole, marks=marks)) == []
