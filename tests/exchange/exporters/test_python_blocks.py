"""Blocks that no template has in this way, as a program and here: the same answers and requests."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from flowloom.exchange.outgoing import write_outgoing
from flowloom.flow.model import Edge, Flow, Node, NodeSettings
from flowloom.kinds.people import Question, Reply
from tests.exchange.exporters.programs import asking, loaded
from tests.exchange.exporters.scripted import counted, reply
from tests.exchange.importers.recorded import Home, homes


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    yield from homes(tmp_path_factory.mktemp("home"))


def flow_of(*edges: str, settings: NodeSettings | None = None, **nodes: tuple[str, dict[str, Any]]) -> Flow:
    """A flow of a message, these blocks and an answer; each edge is written `a.b>c.d`."""
    made = [Node(id="message", kind="chat.message"), Node(id="answer", kind="chat.answer")]
    for id, (kind, config) in nodes.items():
        made.append(Node(id=id, kind=kind, config=config, settings=settings or NodeSettings()))
    lines = tuple(Edge(source=each.split(">")[0], target=each.split(">")[1]) for each in edges)
    return Flow(nodes=tuple(made), edges=lines)


TABLE = "Name;Price\nTea;3\nCake;12\nWater;\nJam;5"
ROWS = [
    {"conditions": [{"input": "price", "operator": "greater_than", "value": "4"}]},
    {"conditions": [{"input": "Price", "operator": "is", "value": ""}]},
    {
        "match": "any",
        "columns": "Name",
        "conditions": [
            {"input": "Name", "operator": "starts_with", "value": "t"},
            {"input": "Price", "operator": "at_most", "value": "5"},
        ],
    },
]
FORM = {"fields": [{"name": "City"}, {"name": "Days", "type": "number", "required": False}]}
TALKS = {
    **{
        f"rows {number}": (
            flow_of("message.message>rows.table", "rows.text>answer.text", rows=("table.rows", config)),
            [TABLE],
        )
        for number, config in enumerate(ROWS)
    },
    "a form once": (
        flow_of(
            "message.message>form.value", "form.city>answer.text", form=("people.form", {**FORM, "once": True})
        ),
        ["one", "two"],
    ),
    "a form each time": (
        flow_of(
            "message.message>form.value",
            "form.days>answer.text",
            form=("people.form", {**FORM, "pass_empty": True}),
        ),
        ["one", "two"],
    ),
    "a summary": (
        flow_of(
            "message.message>model.prompt",
            "message.history>model.history",
            "model.answer>answer.text",
            model=("model", {"memory": "summary", "history_turns": 1, "instructions": "Be brief."}),
        ),
        [f"message {number}" for number in range(8)],
    ),
    "written out": (
        flow_of(
            "message.message>model.prompt",
            "message.history>model.history",
            "model.answer>answer.text",
            model=(
                "model",
                {
                    "messages": [
                        {"role": "user", "text": "Is {braces} fine?"},
                        {"role": "assistant", "text": "Yes: {{prompt}}"},
                        {"role": "system", "text": "Be brief."},
                        {"role": "user", "text": "Then {{prompt}}"},
                    ]
                },
            ),
        ),
        ["a", "b"],
    ),
    "approved before it runs": (
        flow_of(
            "message.message>text.message",
            "text.text>answer.text",
            "text.error>answer.text",
            text=("template", {"template": "{{ message }}!"}),
            settings=NodeSettings(ask_first=True, on_error="port"),
        ),
        ["a"],
    ),
    "declined before it runs": (
        flow_of(
            "message.message>text.message",
            "text.text>answer.text",
            "text.error>answer.text",
            text=("template", {"template": "{{ message }}!"}),
            settings=NodeSettings(ask_first=True, on_error="port"),
        ),
        ["no"],
    ),
    "an agent that asks a person": (
        flow_of(
            "message.message>agent.message",
            "choose.tool>agent.tools",
            "agent.answer>answer.text",
            agent=("agent", {"step_limit": 2}),
            choose=("people.choose", {"question": "Which?", "choices": ["One", "Two"]}),
        ),
        ["a"],
    ),
}


@pytest.mark.parametrize("name", TALKS)
def test_it_answers_and_asks_as_here(
    home: Home, name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    flow, says = TALKS[name]
    home.server.behave = reply
    home.server.requests.clear()
    here = talked_here(home, flow, says)
    asked_here = counted(chats(home))
    home.server.requests.clear()
    asking(home.server.url, monkeypatch)
    history: list[dict[str, Any]] = []
    with loaded(write_outgoing("python", flow), tmp_path) as program:
        for said in says:
            answer = program.respond(program.flow, said, history, ask_person=lambda question: told(question, says))
            history += [{"role": "user", "text": said}, {"role": "assistant", "text": answer}]
    assert [each["text"] for each in history[1::2]] == here
    assert counted(chats(home)) == asked_here
    assert all(here)


def chats(home: Home) -> list[dict[str, Any]]:
    return [each.body for each in home.server.requests if each.path.endswith("/chat/completions")]


def told(question: dict[str, Any], says: list[str]) -> dict[str, Any]:
    if "fields" in question:
        return {"values": {"City": question["text"], "Days": len(question["text"])}}
    return {"choice": list(question["choices"])[-1 if says == ["no"] else 0], "comment": ""}


def talked_here(home: Home, flow: Flow, says: list[str]) -> list[str]:
    kept = home.workspace.flows.create(flow)
    conversation, found = home.workspace.runs.new_conversation(kept.id), []
    for said in says:
        run = home.workspace.runner.start(kept, said, conversation)
        view = home.workspace.runner.finished(run)
        while view.state == "paused":
            for waiting in home.workspace.questions.open_of(conversation):
                home.workspace.inbox.answer(waiting.id, replied(waiting.question, says))
            view = home.workspace.runner.finished(run)
        found.append(view.text)
    return found


def replied(question: Question, says: list[str]) -> Reply:
    if question.fields:
        return Reply(values={"City": question.text, "Days": len(question.text)})
    return Reply(choice=question.choices[-1 if says == ["no"] else 0].id)
