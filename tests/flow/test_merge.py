"""Two versions of a flow brought together: what one side left alone follows the other, no change is lost."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from flowloom.flow.merge import merge
from flowloom.flow.model import Edge, Flow, Node, Position


def flow_of(nodes: dict[str, str], edges: str = "", **more: Any) -> Flow:
    """`nodes` from id to the text of a block; `edges` as "a>b"."""
    return Flow(
        id="one",
        nodes=tuple(Node(id=id, kind="text", config={"text": text}) for id, text in nodes.items()),
        edges=tuple(
            Edge.model_validate({"from": f"{a}.text", "to": f"{b}.in"})
            for a, b in (edge.split(">") for edge in edges.split())
        ),
        layout={id: Position(x=0, y=0) for id in nodes},
        **more,
    )


def texts(flow: Flow) -> dict[str, str]:
    return {node.id: node.config["text"] for node in flow.nodes}


BASE = flow_of({"a": "1", "b": "2", "c": "3"}, "a>b b>c", name="Old")


def test_changes_of_both_sides_come_together() -> None:
    ours = flow_of({"a": "mine", "b": "2", "c": "3", "m": "new"}, "a>b b>c m>c", name="Old")
    theirs = flow_of({"a": "1", "b": "2", "c": "theirs", "t": "new"}, "a>b b>c t>a", name="New")
    found = merge(BASE, ours, theirs)
    assert texts(found.flow) == {"a": "mine", "b": "2", "c": "theirs", "m": "new", "t": "new"}
    assert {edge.source[0] + edge.target[0] for edge in found.flow.edges} == {"ab", "bc", "mc", "ta"}
    assert (found.flow.name, found.clashes) == ("New", ())


def test_what_both_changed_stays_ours_and_is_told() -> None:
    ours = flow_of({"a": "mine", "b": "2", "c": "3"}, "a>b b>c", name="Mine")
    theirs = flow_of({"a": "theirs", "b": "2", "c": "3"}, "a>b b>c", name="Theirs")
    found = merge(BASE, ours, theirs)
    assert texts(found.flow)["a"] == "mine"
    assert (found.flow.name, set(found.clashes)) == ("Mine", {"name", "a"})


def test_removed_here_and_changed_there_stays_as_it_was_changed() -> None:
    without = flow_of({"b": "2", "c": "3"}, "b>c", name="Old")
    changed = flow_of({"a": "changed", "b": "2", "c": "3"}, "a>b b>c", name="Old")
    for ours, theirs in ((without, changed), (changed, without)):
        found = merge(BASE, ours, theirs)
        assert texts(found.flow)["a"] == "changed"
        assert found.clashes == ("a",)


def test_removed_on_one_side_is_gone_with_its_lines() -> None:
    without = flow_of({"a": "1", "c": "3"}, "a>c", name="Old")
    for ours, theirs in ((without, BASE), (BASE, without)):
        flow = merge(BASE, ours, theirs).flow
        assert set(texts(flow)) == {"a", "c"}
        assert set(flow.layout) == {"a", "c"}
        assert [edge.source[0] + edge.target[0] for edge in flow.edges] == ["ac"]


FLOWS = st.builds(
    lambda nodes, lines, name: flow_of(
        nodes, " ".join(f"{a}>{b}" for a, b in dict.fromkeys(lines) if a != b and {a, b} <= nodes.keys()), name=name
    ),
    st.dictionaries(st.sampled_from("abcd"), st.sampled_from("12")),
    st.lists(st.tuples(st.sampled_from("abcd"), st.sampled_from("abcd")), max_size=5),
    st.sampled_from(["", "x", "y"]),
)


@given(FLOWS, FLOWS)
def test_a_side_that_changed_nothing_takes_the_other(base: Flow, changed: Flow) -> None:
    for found in (merge(base, base, changed), merge(base, changed, base)):
        assert texts(found.flow) == texts(changed)
        assert set(found.flow.edges) == set(changed.edges)
        assert found.flow.name == changed.name
        assert not found.clashes


@given(FLOWS, FLOWS, FLOWS)
def test_what_comes_of_it_is_a_flow(base: Flow, ours: Flow, theirs: Flow) -> None:
    flow = merge(base, ours, theirs).flow
    ids = {node.id for node in flow.nodes}
    assert all({edge.start.node, edge.end.node} <= ids for edge in flow.edges)
    assert len(set(flow.edges)) == len(flow.edges)
    assert set(flow.layout) <= ids
