"""Again from a block, as a workspace does it: in the conversation, in the log, and with every template."""

import pytest

from flowloom.errors import FlowloomError
from flowloom.flow.edit import Configure, apply
from flowloom.flow.model import Flow
from flowloom.run.events import NodeEvent, NodeFinished
from flowloom.run.execution.rerun import descent
from flowloom.store.templates import templates
from flowloom.workspace import Workspace
from tests.run.test_rerun import ran
from tests.run.test_resume import ended, whole

TEMPLATES = {template.id: template for template in templates("en")}
LINE = Flow.model_validate(
    {
        "nodes": [
            {"id": "m", "kind": "chat.message"},
            {"id": "p", "kind": "prompt", "config": {"template": "One {{message}}"}},
            {"id": "q", "kind": "prompt", "config": {"template": "Two {{text}}"}},
            {"id": "z", "kind": "chat.answer"},
        ],
        "edges": [
            {"from": "m.message", "to": "p.message"},
            {"from": "p.prompt", "to": "q.text"},
            {"from": "q.prompt", "to": "z.text"},
        ],
    }
)


def again(home: Workspace, run_id: str, flow: Flow, node: str, **more: object) -> tuple[str, str, str]:
    """The new run, its conversation and what it answered."""
    new, conversation = home.again.start(run_id, flow, node, **more)  # type: ignore[arg-type]
    return new, conversation, home.runner.finished(new).text


@pytest.mark.parametrize("name", TEMPLATES)
def test_every_block_of_every_template(home: Workspace, name: str) -> None:
    flow = home.intake.create_from_template(TEMPLATES[name])
    past, view, _ = whole(home, flow, flow.starters[0] if flow.starters else "Hello")
    if view.state != "finished":
        pytest.skip("it asks a person")
    for node in flow.nodes:
        new, _, text = again(home, past[0].run_id, flow, node.id)
        log = home.runs.events(new)
        assert text == view.text, (node.id, log[-1])
        assert ended(log) == ended(past), node.id
        top = {event.node for event in log if isinstance(event, NodeEvent) and not event.call}
        assert ran(log) & top <= descent(flow, [node.id]), node.id


def test_the_answer_stands_in_the_place_of_the_last_one(home: Workspace) -> None:
    flow = home.flows.create(LINE)
    past, _, conversation = whole(home, flow, "bees")
    now = apply(flow, Configure(node="q", config={"template": "Three {{text}}"}))
    new, where, text = again(home, past[0].run_id, now, "q")
    assert (where, text) == (conversation, "Three One bees")
    assert [(turn.role, turn.text, turn.run_id) for turn in home.runs.turns(conversation)] == [
        ("user", "bees", new),
        ("assistant", text, new),
    ]
    assert home.runs.events(past[0].run_id) == past
    assert ran(home.runs.events(new)) == {"q", "z"}


def test_an_earlier_answer_gets_a_branch(home: Workspace) -> None:
    flow = home.flows.create(LINE)
    past, _, conversation = whole(home, flow, "bees")
    later = home.runner.start(flow, "wax", conversation)
    home.runner.finished(later)
    said = home.runs.turns(conversation)
    _, where, _ = again(home, past[0].run_id, flow, "q")
    assert where != conversation
    assert home.runs.turns(conversation) == said
    assert [turn.text for turn in home.runs.turns(where)] == ["bees", "Two One bees"]
    _, where, _ = again(home, later, flow, "q", conversation=conversation)
    assert where == conversation
    assert [turn.text for turn in home.runs.turns(where)][2:] == ["wax", "Two One wax"]


def test_an_answer_that_was_hidden_is_there_to_go_on_from(home: Workspace) -> None:
    flow = home.flows.create(LINE)
    past, _, _ = whole(home, flow, "bees")
    again(home, past[0].run_id, flow, "q")
    new, _, text = again(home, past[0].run_id, flow, "p")
    assert text == "Two One bees"
    assert ran(home.runs.events(new)) == {"p", "q", "z"}


def test_going_on_with_another_output(home: Workspace) -> None:
    flow = home.flows.create(LINE)
    past, _, _ = whole(home, flow, "bees")
    new, _, text = again(home, past[0].run_id, flow, "p", outputs={"prompt": "mine"})
    assert text == "Two mine"
    told = [event for event in home.runs.events(new) if isinstance(event, NodeFinished) and event.node == "p"]
    assert [event.outputs for event in told] == [{"prompt": "mine"}]
    assert home.flows.load(flow.id) == flow


def test_it_is_refused_in_plain_words(home: Workspace) -> None:
    flow = home.flows.create(LINE)
    past, _, conversation = whole(home, flow, "bees")
    said = home.runs.turns(conversation)
    with pytest.raises(FlowloomError, match="The block to rerun from is no longer in this GPT"):
        home.again.start(past[0].run_id, flow, "gone")
    without_config = flow.model_copy(update={"edges": (), "nodes": (*flow.nodes[:1],)})
    with pytest.raises(FlowloomError, match="The block to rerun from is no longer in this GPT"):
        home.again.start(past[0].run_id, without_config, "q")
    home.runs.begin("open", conversation, flow)
    with pytest.raises(FlowloomError, match="This run hasn’t ended yet"):
        home.again.start("open", flow, "q")
    assert home.runs.turns(conversation) == said


def test_the_list_of_runs_counts_only_what_it_took_now(home: Workspace) -> None:
    flow = home.intake.create_from_template(TEMPLATES["knowledge-helper"])
    past, view, _ = whole(home, flow, "How many days of holiday do I have?")
    answers = next(node.id for node in flow.nodes if node.kind == "chat.answer")
    new, _, _ = again(home, past[0].run_id, flow, answers)
    before, after = home.ledger.entry(past[0].run_id), home.ledger.entry(new)
    assert before is not None
    assert after is not None
    assert before.tokens == view.usage.tokens != 0
    assert not after.tokens
    assert after.seconds is not None
    assert after.seconds < 5


def test_a_block_that_was_set_otherwise_since_runs_anew(home: Workspace) -> None:
    flow = home.flows.create(LINE)
    past, _, _ = whole(home, flow, "bees")
    now = apply(flow, Configure(node="p", config={"template": "Four {{message}}"}))
    new, _, text = again(home, past[0].run_id, now, "z")
    assert text == "Two Four bees"
    assert ran(home.runs.events(new)) == {"p", "q", "z"}


def test_the_settings_of_a_run_are_those_it_used(home: Workspace) -> None:
    flow = home.flows.create(LINE)
    past, _, _ = whole(home, flow, "bees")
    changed = home.flows.save(apply(flow, Configure(node="p", config={"template": "Four {{message}}"})))
    later, _, _ = whole(home, changed or home.flows.load(flow.id), "wax")
    then, since = home.runs.flow_then(past[0].run_id), home.runs.flow_then(later[0].run_id)
    assert then is not None
    assert since is not None
    assert [each.config["template"] for each in (then.node("p"), since.node("p")) if each] == [
        "One {{message}}",
        "Four {{message}}",
    ]
    assert home.runs.flow_then("nobody's") is None


def test_many_runs_of_one_flow_keep_its_settings_once(home: Workspace) -> None:
    flow = home.flows.create(LINE)
    for word in ("a", "b", "c"):
        whole(home, flow, word)
    count = "SELECT count(*) FROM run_settings"
    assert home.runs._db.one(count) == (1,)
    home.runs.delete_of(flow.id)
    assert home.runs._db.one(count) == (0,)
