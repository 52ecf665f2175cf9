"""Each choice of Configure is a change of the one flow, and nothing drawn by hand is lost by any."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flowloom.configuration.abilities import ABILITIES, KNOWLEDGE, is_plain
from flowloom.configuration.backbone import find_backbone, with_edits
from flowloom.configuration.choices import (
    AddAction,
    AnswerInstead,
    Choice,
    ChooseModel,
    Face,
    Switch,
    UseAgent,
    UseDocuments,
    edits_for,
)
from flowloom.configuration.covering import fixed_answer_of
from flowloom.configuration.fallback import form_config
from flowloom.configuration.places import HEIGHT, TALLER, WIDTH
from flowloom.configuration.reading import read_configuration
from flowloom.errors import FlowEditError
from flowloom.flow.edit import Add, Configure, Connect, Operation, Remove, Rename, Settle, apply
from flowloom.flow.model import Edge, Flow, Node, Position
from flowloom.kinds.registry import all_kinds
from flowloom.nodes.port_names import free_id
from flowloom.run.planning.check import blocking, find_problems, ports_now
from flowloom.store.templates import templates

MCP = {"server": "practice", "tools": [{"name": "t", "title": "T", "description": "d", "schema": {}}]}


def chosen(flow: Flow, *choices: Choice) -> Flow:
    for choice in choices:
        flow = with_edits(flow, edits_for(flow, choice))
    return flow


def template(name: str) -> Flow:
    return next(each.flow for each in templates() if each.id == name)


def kinds_in(flow: Flow) -> list[str]:
    return [node.kind for node in flow.nodes]


def stops(flow: Flow) -> set[tuple[str, str | None, str | None]]:
    return {(each.code, each.node, each.port) for each in blocking(find_problems(flow, all_kinds()))}


@pytest.mark.parametrize(
    ("choice", "added"),
    [
        (Face({"instructions": "Be kind."}), []),
        (Face({"starters": ["Hello"]}), []),
        (Switch("web", True), ["web.search", "web.read"]),
        (Switch("pictures", True), ["picture.make"]),
        (Switch("data", True), ["code.analyse"]),
        (Switch("memory", True), ["memory.remember", "memory.facts"]),
        (Switch("sums", True), ["calculator", "datetime"]),
        (UseDocuments(True), ["knowledge.search"]),
        (ChooseModel("careful"), []),
        (AnswerInstead("text", "Write to us."), []),
        (AnswerInstead("person"), ["people.form"]),
    ],
)
def test_a_gpt_that_was_only_configured_is_a_canvas_of_a_few_blocks(choice: Choice, added: list[str]) -> None:
    flow = chosen(Flow(name="Mine"), choice)
    assert kinds_in(flow) == ["chat.message", "agent", "chat.answer", *added]
    assert stops(flow) == set()
    assert set(flow.layout) == {node.id for node in flow.nodes}
    assert edits_for(flow, choice) == []


def test_a_name_alone_draws_nothing() -> None:
    assert chosen(Flow(), Face({"name": "Mine"}), Face({"instructions": ""}), Switch("web", False)).nodes == ()


@pytest.mark.parametrize("name", list(ABILITIES))
def test_off_gives_back_what_was_before_on(name: Any) -> None:
    before = chosen(Flow(), Face({"instructions": "Hello"}))
    on = chosen(before, Switch(name, True))
    assert read_configuration(on).abilities[name].is_on
    assert chosen(on, Switch(name, False)) == before


@pytest.mark.parametrize(
    "edit",
    [
        Rename(node="web-search", name="Our site"),
        Configure(node="web-search", config={"count": 9}),
        Settle(node="web-search", settings={"ask_first": True}),
    ],
)
def test_a_tool_that_was_set_up_by_hand_stays_when_its_switch_goes_off(edit: Operation) -> None:
    flow = apply(chosen(Flow(), Switch("web", True)), edit)
    after = chosen(flow, Switch("web", False))
    assert after.node("web-search") == flow.node("web-search")
    assert after.node("web-page") is None
    assert read_configuration(after).abilities["web"].own == ("web-search",)


def test_who_answers_goes_back_and_forth() -> None:
    flow = chosen(Flow(language="fr"), Face({"instructions": "Hello"}))
    person = chosen(flow, AnswerInstead("person"))
    assert person.node("ask-person").config == form_config("fr")  # type: ignore[union-attr]
    assert read_configuration(person).fallback.who == "person"
    text = chosen(person, AnswerInstead("text", "Ask Ada."))
    assert (read_configuration(text).fallback.text, text.node("ask-person")) == ("Ask Ada.", None)
    assert chosen(text, AnswerInstead("nobody")) == flow


def test_a_person_asked_by_a_block_set_up_by_hand_is_left_to_the_canvas() -> None:
    flow = chosen(Flow(), AnswerInstead("person"))
    drawn = apply(flow, Rename(node="ask-person", name="The office"))
    assert read_configuration(drawn).fallback.who == "drawn"
    assert edits_for(drawn, AnswerInstead("nobody")) == []


def test_a_drawn_gpt_says_what_it_is() -> None:
    shown = read_configuration(template("support-desk"))
    assert (shown.shape, shown.answering, shown.searches) == ("model", "model", ("search",))
    assert shown.others == (("prompt", ("refund", "fault", "other")), ("classify", ("classify",)))
    assert not shown.documents.is_on


@pytest.mark.parametrize("each", templates(), ids=lambda each: each.id)
def test_every_block_of_every_template_is_told(each: Any) -> None:
    shown = read_configuration(each.flow)
    told = {id for _, ids in shown.others for id in ids} | {*shown.actions, *shown.searches, shown.answering}
    told |= {id for one in shown.abilities.values() for id in (*one.plain, *one.own, *one.steps)}
    told.add(shown.fallback.form)
    kinds = all_kinds()
    usual = {
        node.id
        for node in each.flow.nodes
        if node.kind in ("chat.message", "chat.answer") or kinds[node.kind].annotates
    }
    assert {node.id for node in each.flow.nodes} - usual <= told


@pytest.mark.parametrize(
    ("name", "said"), [("support-desk", "Use an agent"), ("sales-analyst", "on the canvas"), ("weather-guide", "")]
)
def test_what_only_the_canvas_can_do_is_said(name: str, said: str) -> None:
    flow = template(name)
    if not said:
        assert stops(chosen(flow, Switch("web", True))) == set()
        return
    with pytest.raises(FlowEditError) as refused:
        edits_for(flow, Switch("web", True))
    assert said in str(refused.value)


@pytest.mark.parametrize("name", ["support-desk", "knowledge-helper", "translator"])
def test_an_agent_takes_the_place_of_a_model_with_all_its_lines(name: str) -> None:
    before = template(name)
    after = chosen(before, UseAgent(), Switch("web", True))
    assert stops(after) == set()
    assert len(after.edges) == len(before.edges) + 2
    assert {node.id for node in before.nodes} < {node.id for node in after.nodes}


def test_lines_of_one_input_keep_their_order() -> None:
    nodes = [Node(id="m", kind="model"), Node(id="a", kind="text"), Node(id="b", kind="text")]
    join = Node(id="join", kind="merge")
    lines = [("a.text", "join.values"), ("m.answer", "join.values"), ("b.text", "join.values")]
    edges = tuple(Edge.model_validate({"from": start, "to": end}) for start, end in lines)
    flow = chosen(Flow(nodes=(*nodes, join), edges=edges), UseAgent())
    assert [(edge.source, edge.target) for edge in flow.edges] == lines


# Any sequence of choices and of edits on the canvas.

CANVAS_KINDS = (
    *("agent", "model", "prompt", "branch", "merge", "chat.message", "chat.answer", "text", "web.search"),
    *("knowledge.search", "calculator", "memory.facts", "people.form", "note"),
)
CHOICES: list[Choice] = [
    Face({"name": "Bees"}),
    Face({"instructions": "Be kind."}),
    Face({"starters": ["One?", "Two?"]}),
    *(Switch(name, on) for name in ABILITIES for on in (True, False)),
    UseDocuments(True),
    UseDocuments(False),
    ChooseModel("fast"),
    AddAction("mcp.tools", MCP),
    AnswerInstead("nobody"),
    AnswerInstead("text", "Write to us."),
    AnswerInstead("person"),
    UseAgent(),
]
numbers = st.integers(0, 1_000)
canvas_edits = st.tuples(st.sampled_from(["add", "connect", "remove", "rename", "set", "move"]), numbers, numbers)
steps = st.lists(st.one_of(st.sampled_from(CHOICES), canvas_edits), max_size=14)
STARTS = {"": Flow()} | {each.id: each.flow for each in templates()}
starts = st.sampled_from(sorted(STARTS))


def canvas_edit(flow: Flow, edit: tuple[str, int, int]) -> Operation | None:
    what, one, other = edit
    if what == "add":
        id = free_id("hand", {node.id for node in flow.nodes})
        return Add(node=Node(id=id, kind=CANVAS_KINDS[other % len(CANVAS_KINDS)]), at=Position(x=one, y=other))
    if not flow.nodes:
        return None
    node, second = flow.nodes[one % len(flow.nodes)], flow.nodes[other % len(flow.nodes)]
    if what == "connect":
        outputs, inputs = list(ports_now(node, all_kinds())[1]), list(ports_now(second, all_kinds())[0])
        if not outputs or not inputs or node is second:
            return None
        start, end = outputs[other % len(outputs)], inputs[one % len(inputs)]
        return Connect.model_validate({"from": f"{node.id}.{start}", "to": f"{second.id}.{end}"})
    if what == "remove":
        return Remove(nodes=(node.id,))
    if what == "rename":
        return Rename(node=node.id, name=f"Mine {other}")
    if what == "set":
        return Settle(node=node.id, settings={"retries": other % 3})
    return None


def is_of_a_switch(flow: Flow, node: Node) -> bool:
    """Whether a block is just as a switch makes it, so that the switch brings the same back."""
    blocks = [
        block for blocks in (*ABILITIES.values(), (KNOWLEDGE,)) for block in blocks if block.kind == node.kind
    ]
    found = read_configuration(flow).fallback
    says = fixed_answer_of(flow, found.text) if found.who == "text" else None
    return node.id in (found.form, says.id if says else "") or any(is_plain(flow, node, block) for block in blocks)


def leads_elsewhere(choice: Choice, before: Node, after: Node) -> bool:
    """Whether nothing changed but where a block leads that asks a model and fails."""
    settled = after.settings.model_copy(update={"on_error": before.settings.on_error})
    if not isinstance(choice, AnswerInstead) or "value" in (before.settings.on_error, after.settings.on_error):
        return False
    return after.model_copy(update={"settings": settled}) == before


def check_choice(flow: Flow, choice: Choice) -> Flow:
    """What holds after any choice: nothing new stops a run, and what was drawn by hand is there."""
    try:
        after = with_edits(flow, edits_for(flow, choice))
    except FlowEditError:
        return flow
    new = stops(after) - stops(flow)
    assert not new, (choice, new)
    kept = [node for node in flow.nodes if not is_of_a_switch(flow, node)]
    touched = {find_backbone(flow).node.id if find_backbone(flow).node else ""}  # type: ignore[union-attr]
    for node in kept:
        there = after.node(node.id)
        assert there is not None, (choice, node)
        if node.id not in touched and not leads_elsewhere(choice, node, there):
            assert there == node
        assert (there.name, there.settings.retries) == (node.name, node.settings.retries)
        assert after.layout.get(node.id) == flow.layout.get(node.id) or node.id not in flow.layout
    ids, lines = {node.id for node in kept}, {(edge.source, edge.target) for edge in after.edges}
    for edge in flow.edges:
        if {edge.start.node, edge.end.node} <= ids and not isinstance(choice, UseAgent):
            assert (edge.source, edge.target) in lines
    return after


@settings(max_examples=60, deadline=None)
@given(starts, steps)
def test_choices_and_edits_of_the_canvas_leave_each_other_alone(start: str, steps: list[Any]) -> None:
    flow = STARTS[start]
    for step in steps:
        if isinstance(step, tuple):
            edit = canvas_edit(flow, step)
            flow = apply(flow, edit) if edit else flow
        else:
            flow = check_choice(flow, step)
            assert has_nothing_to_do(flow, step)
        read_configuration(flow)


def has_nothing_to_do(flow: Flow, choice: Choice) -> bool:
    """Whether a choice made again changes nothing more."""
    try:
        return isinstance(choice, AddAction) or edits_for(flow, choice) == []
    except FlowEditError:
        return True


def test_no_tool_stands_on_another() -> None:
    flow = chosen(Flow(), UseDocuments(True), *(Switch(name, True) for name in ABILITIES))
    tall = [(at, TALLER.get(node.kind, HEIGHT)) for node in flow.nodes for at in (flow.layout[node.id],)]
    for number, (one, height) in enumerate(tall):
        for other, below in tall[number + 1 :]:
            apart = one.y + height <= other.y or other.y + below <= one.y
            assert abs(one.x - other.x) >= WIDTH or apart, (one, other)
