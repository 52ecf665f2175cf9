"""The page of runs as a person meets it, without a browser."""

import json
import time
from dataclasses import replace
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from flowloom.errors import Problem
from flowloom.flow.model import Flow
from flowloom.locales import translate
from flowloom.run.events import (
    NodeEvent,
    NodeFailed,
    NodeFinished,
    NodeSkipped,
    NodeStarted,
    RunEvent,
    RunFailed,
    RunStarted,
)
from flowloom.run.reading.steps import story_of
from flowloom.store.templates import templates
from flowloom.ui.pages import runs
from flowloom.ui.runs import list as listed
from flowloom.ui.runs import timeline
from flowloom.ui.runs.list import first_line
from flowloom.ui.runs.timeline import nested
from flowloom.workspace import Workspace


def runs_page() -> None:
    from flowloom.ui.pages import runs

    runs.show()


def open_runs(run: str = "") -> AppTest:
    app = AppTest.from_function(runs_page, default_timeout=30)
    if run:
        app.query_params["run"] = run
    return app.run()


def drawn(app: AppTest) -> dict[str, Any]:
    """What the table on the page was given."""
    (found,) = [json.loads(each.proto.json)[0] for each in app.get("bidi_component") if "labels" in each.proto.json]
    return found


def asked(app: AppTest) -> list[str]:
    return [row["asked"] for row in drawn(app)["rows"]]


def gpt(home: Workspace, template: str) -> Flow:
    return home.intake.create_from_template(next(each for each in templates() if each.id == template))


def ask(home: Workspace, flow: Flow, message: str) -> str:
    run_id = home.runner.start(flow, message, home.runs.new_conversation(flow.id))
    home.runner.finished(run_id)
    return run_id


def test_the_empty_page_teaches(home: Workspace) -> None:
    app = open_runs()
    assert [title.value for title in app.subheader] == ["No runs yet"]
    assert not app.text_input


def test_runs_are_narrowed_and_found_again(home: Workspace) -> None:
    translator, desk = gpt(home, "translator"), gpt(home, "support-desk")
    ask(home, translator, "\n Good morning\nand a second line")
    ask(home, desk, "Where is my parcel?")
    app = open_runs()
    assert asked(app) == ["Where is my parcel?", "Good morning"]
    app.selectbox(key="runs_gpt").select(translator.id).run()
    assert asked(app) == ["Good morning"]
    app.selectbox(key="runs_state").select("failed").run()
    assert [caption.value for caption in app.caption] == ["Nothing found."]
    app.selectbox(key="runs_state").select("finished").run()
    app.text_input(key="runs_search").input("SECOND line").run()
    assert asked(app) == ["Good morning"]


def test_fifty_are_shown_and_then_more(home: Workspace) -> None:
    flow = home.flows.create(Flow(name="Bees"))
    for number in range(runs.PAGE + 3):
        for event in failed_run(f"run{number}", flow.id, time.time() + number):
            home.runs.append(event, None)
    app = open_runs()
    assert len(asked(app)) == runs.PAGE
    app.button(key="runs_more").click().run()
    assert len(asked(app)) == runs.PAGE + 3
    assert not [button for button in app.button if button.key == "runs_more"]


def failed_run(run: str, flow: str, at: float) -> list[RunEvent]:
    problem = Problem.of("x", "The hive is empty.", "Wait for July.")
    return [
        RunStarted(run_id=run, seq=0, at=at, flow_id=flow, message="Honey?"),
        NodeStarted(run_id=run, seq=1, at=at, node="agent", inputs={"message": "Honey?"}),
        NodeStarted(run_id=run, seq=2, at=at + 1, node="shelf", call="agent.1", inputs={"question": "July"}),
        NodeFinished(
            run_id=run, seq=3, at=at + 2, node="shelf", call="agent.1", outputs={"text": "None"}, seconds=1
        ),
        NodeFailed(run_id=run, seq=4, at=at + 3, node="agent", problem=problem, seconds=3),
        NodeSkipped(run_id=run, seq=5, at=at + 3, node="answer", because=Problem.of("y", "Nothing came.")),
        RunFailed(run_id=run, seq=6, at=at + 3, problem=problem),
    ]


def test_a_run_is_shown_with_what_failed_first(home: Workspace) -> None:
    flow = home.flows.create(Flow(name="Bees"))
    for event in failed_run("one", flow.id, 1000.0):
        home.runs.append(event, None)
    app = open_runs("one")
    assert not app.exception
    data = drawn(app)
    assert data["chosen"] == "agent::1"
    assert [(row["label"], row["depth"], row["outcome"], row["start"], row["time"], row["said"])
            for row in data["rows"]] == [
        ("agent", 0, "failed", 0, "3.00 s", "The hive is empty."),
        ("shelf", 1, "done", 1, "1.00 s", ""),
        ("answer", 0, "skipped", None, "", "Nothing came."),
    ]  # fmt: skip
    assert (data["total"], data["summary"]["time"], data["summary"]["state"]) == (3, "3.00 s", "failed")
    assert "Honey?" in [code.value for code in app.code]
    app.session_state["run_step"] = ("one", "shelf:agent.1:1")
    app.run()
    assert [code.value for code in app.code] == ["July", "None"]


def test_a_call_comes_below_its_caller_even_when_told_later(home: Workspace) -> None:
    events = failed_run("one", "bees", 0.0)
    later = [events[0], events[1], events[5], *events[2:4]]
    assert [(step.node, depth) for step, depth in nested(story_of(later))] == [
        ("agent", 0),
        ("shelf", 1),
        ("answer", 0),
    ]
    again = [replace(event, round=2) for event in events if isinstance(event, NodeEvent)]
    assert [(step.node, step.round, depth) for step, depth in nested(story_of([*events, *again]))] == [
        ("agent", 1, 0),
        ("shelf", 1, 1),
        ("answer", 1, 0),
        ("agent", 2, 0),
        ("shelf", 2, 1),
        ("answer", 2, 0),
    ]
    stray = [events[0], *events[2:4]]
    assert [(step.node, depth) for step, depth in nested(story_of(stray))] == [("shelf", 1)]


def test_every_run_of_a_template_can_be_looked_at(home: Workspace) -> None:
    for template in templates():
        flow = home.intake.create_from_template(template)
        app = open_runs(ask(home, flow, flow.starters[0] if flow.starters else "Hello"))
        assert not app.exception, template.id
        assert drawn(app)["rows"], template.id


def test_a_run_that_waits_for_a_person_says_so(home: Workspace) -> None:
    flow = gpt(home, "letters-to-everyone")
    app = open_runs(ask(home, flow, "Ada: thank you"))
    rows = {row["label"]: row for row in drawn(app)["rows"]}
    assert rows["Read them first"]["span"].startswith("Waiting for approval")
    assert rows["Write it"]["depth"] == 1
    assert drawn(app)["summary"]["state"] == "paused"
    assert drawn(app)["labels"]["states"]["paused"] == "Waiting for approval"
    assert all("no answer" not in caption.value for caption in app.caption)
    assert [row["state"] for row in drawn(open_runs())["rows"]] == ["paused"]


def test_the_way_back_keeps_what_was_searched(home: Workspace) -> None:
    ask(home, gpt(home, "translator"), "Good morning")
    app = open_runs()
    app.text_input(key="runs_search").input("morning").run()
    app.query_params["run"] = drawn(app)["rows"][0]["id"]
    app.run()
    app.button(key="all_runs").click().run()
    assert app.text_input(key="runs_search").value == "morning"
    assert asked(app) == ["Good morning"]


def test_a_run_that_is_gone_is_said_so(home: Workspace) -> None:
    flow = gpt(home, "translator")
    run = ask(home, flow, "Good morning")
    assert "no longer exists" in open_runs("nothere").info[0].value
    home.flows.delete(flow.id)
    assert "no longer exists" in open_runs(run).error[0].value
    assert [title.value for title in open_runs().subheader] == ["No runs yet"]


@pytest.mark.parametrize("language", ["zh", "fr"])
def test_every_heading_is_translated(language: str) -> None:
    said = {*listed.COLUMNS, *listed.STATES.values(), *timeline.COLUMNS, *timeline.OUTCOMES.values()} - {"GPT"}
    known = {text: translate(text, language) for text in said}
    assert [text for text in said if known[text] == text and text not in {"Tokens", "Question", "Date"}] == []


def test_the_first_line_is_the_first_with_words() -> None:
    assert first_line("\n  \n Honey? \nWax?") == "Honey?"
    assert first_line("") == ""
