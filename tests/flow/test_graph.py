"""Ways through a flow, and whether any leads back to where it began."""

import networkx as nx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from flowloom.flow.graph import graph_of, nodes_after, nodes_before, nodes_between
from flowloom.flow.loops import loops_of
from flowloom.flow.model import Edge, Flow, Node

ENDS = st.tuples(st.sampled_from("abcde"), st.sampled_from("abcde"))


def flow_of(*edges: str, port: str = "out") -> Flow:
    """A flow of the nodes a to e with lines such as `a>b`."""
    ends = [edge.split(">") for edge in edges]
    lines = [Edge.model_validate({"from": f"{start}.{port}", "to": f"{end}.in"}) for start, end in ends]
    return Flow(nodes=tuple(Node(id=name, kind="prompt") for name in "abcde"), edges=tuple(lines))


@pytest.mark.parametrize(
    ("nodes", "before", "after"),
    [
        ("b", "a", "cd"),
        ("a", "", "bcd"),
        ("cd", "ab", ""),
        ("e", "", ""),
        ("z", "", ""),
        ("", "", ""),
    ],
)
def test_what_leads_to_nodes_and_what_follows_them(nodes: str, before: str, after: str) -> None:
    flow = flow_of("a>b", "b>c", "b>d")
    assert (nodes_before(flow, nodes), nodes_after(flow, nodes)) == (set(before), set(after))


def test_what_stands_between() -> None:
    assert nodes_between(flow_of("a>b", "b>c", "c>d"), {"a", "d"}) == {"b", "c"}


@given(st.sets(ENDS, max_size=9))
def test_a_flow_has_loops_where_networkx_finds_a_way_back(ends: set[tuple[str, str]]) -> None:
    flow = flow_of(*(f"{start}>{end}" for start, end in sorted(ends)))
    assert (loops_of(flow) == []) == nx.is_directed_acyclic_graph(graph_of(flow))


def test_a_way_back_by_a_port_that_does_not_count_is_none() -> None:
    assert loops_of(flow_of("a>b", "b>a", port="tool"), ["tool"]) == []
    assert loops_of(flow_of("a>b", "b>a", port="tool"))
