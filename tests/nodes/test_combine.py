"""Several blocks made one and unpacked again: nothing is lost, and the flow runs as before."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flowloom.errors import FlowEditError
from flowloom.flow.edit import Add, apply
from flowloom.flow.model import Flow, Node
from flowloom.kinds.registry import all_kinds
from flowloom.nodes.flows.combine import combine, unpack
from flowloom.run.planning.check import blocking, find_problems
from flowloom.store.templates import templates
from tests.run.test_sub_flows import flow, run

GREETING = flow(
    {
        "m": "chat.message",
        "a": ("prompt", {"template": "A {{message}}"}),
        "b": ("prompt", {"template": "B {{a}} {{message}}"}),
        "c": ("prompt", {"template": "C {{a}} {{b}}"}),
        "z": "chat.answer",
        "y": "chat.answer",
    },
    "m.message>a.message m.message>b.message a.prompt>b.a a.prompt>c.a b.prompt>c.b "
    "c.prompt>z.text b.prompt>y.text",
)


def lines(made: Flow) -> set[tuple[str, str]]:
    return {(edge.source, edge.target) for edge in made.edges}


@pytest.mark.parametrize("chosen", ["a", "ab", "bc", "abc", "abcmzy"])
def test_it_runs_as_before(chosen: str) -> None:
    combined = combine(GREETING, set(chosen), "one", "All in one")
    assert blocking(find_problems(combined, all_kinds())) == []
    # Both answers leave the block at once, so only their order may differ.
    assert sorted(run(combined)[0].text.split("\n\n")) == sorted(run(GREETING)[0].text.split("\n\n"))
    block = combined.node("one")
    assert block is not None
    assert block.name == "All in one"
    assert {node.id for node in combined.nodes} == {*"mabczy"} - {*chosen} | {"one", "m", "z", "y"}


@pytest.mark.parametrize("chosen", ["a", "ab", "bc", "abc"])
def test_unpacked_it_is_what_it_was(chosen: str) -> None:
    again = unpack(combine(GREETING, set(chosen), "one"), "one")
    assert lines(again) == lines(GREETING)
    assert {node.id: node for node in again.nodes} == {node.id: node for node in GREETING.nodes}


def test_what_stands_between_is_named() -> None:
    with pytest.raises(FlowEditError, match="is between"):
        combine(GREETING, {"a", "c"}, "one")


@pytest.mark.parametrize("chosen", [set(), {"m"}, {"z", "m"}, {"nobody"}])
def test_nothing_to_combine_is_said(chosen: set[str]) -> None:
    with pytest.raises(FlowEditError, match="These blocks can’t be turned into one block"):
        combine(GREETING, chosen, "one")


@pytest.mark.parametrize("block", ["a", "nobody"])
def test_nothing_to_unpack_is_said(block: str) -> None:
    with pytest.raises(FlowEditError, match="nothing to unpack"):
        unpack(GREETING, block)


def test_names_that_are_taken_get_a_number() -> None:
    combined = combine(GREETING, {"a", "b"}, "one")
    taken = apply(combined, Add(node=Node(id="a", kind="note")))
    assert {node.id for node in unpack(taken, "one").nodes} == {*"mabczy", "a_2"}


@pytest.mark.parametrize(
    ("held", "one", "again"), [("abc", ["c", "one"], "cab"), ("ab", ["one"], "ab"), ("bc", ["b", "c"], "bc")]
)
def test_a_group_holds_the_block_of_what_it_held(held: str, one: list[str], again: str) -> None:
    grouped = apply(GREETING, Add(node=Node(id="g", kind="group", config={"members": [*held], "color": "teal"})))

    def group(made: Flow) -> dict[str, object]:
        found = made.node("g")
        assert found is not None
        return found.config

    combined = combine(grouped, {"a", "b"}, "one")
    assert group(combined) == {"members": one, "color": "teal"}
    assert group(unpack(combined, "one")) == {"members": [*again], "color": "teal"}


def test_what_only_does_something_becomes_a_block_as_well() -> None:
    made = next(template.flow for template in templates("en") if template.id == "reading-helper")
    combined = combine(made, {"save"}, "one")
    assert blocking(find_problems(combined, all_kinds())) == []
    assert lines(unpack(combined, "one")) == lines(made)


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_any_part_of_any_template(data: st.DataObject) -> None:
    made = data.draw(st.sampled_from([template.flow for template in templates("en")]))
    chosen = data.draw(st.sets(st.sampled_from([node.id for node in made.nodes]), min_size=1))
    try:
        combined = combine(made, chosen, "one")
    except FlowEditError:
        return
    assert blocking(find_problems(combined, all_kinds())) == []
    again = unpack(combined, "one")
    assert lines(again) == lines(made)
    assert {node.id for node in again.nodes} == {node.id for node in made.nodes}
    assert Flow.model_validate(combined.model_dump(mode="json", by_alias=True)) == combined
