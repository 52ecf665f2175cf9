"""Flows of twelve other builders, imported and exported again as programs: they answer and ask as they do here."""

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from benchmarks.fidelity.cases import Case, Outcome, Tried, asked, formats, reply_to, same, tried_flows
from benchmarks.fidelity.ours import imported, outcome_of

from flowloom.exchange.outgoing import write_outgoing
from tests.exchange.exporters.programs import Answer, asking, loaded
from tests.exchange.importers.recorded import Home, homes

ASKED_AGAIN = "agentbuilder/unreadable_answer"
"""Here a model that does not answer in the shape is asked once more in words before it fails, there not."""
CASES = [
    pytest.param(flow, flow.cases[0], id=f"{format}/{flow.name}")
    for format in formats()
    for flow in tried_flows(format)
]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    yield from homes(tmp_path_factory.mktemp("home"))


@pytest.mark.parametrize(("tried", "case"), CASES)
def test_a_program_does_what_the_flow_does(
    home: Home, tried: Tried, case: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = outcome_of(home.workspace, home.server, tried.path, case)
    there = outcome_there(home, tried, case, tmp_path, monkeypatch)
    assert same(here, there)[0], there.error
    if f"{tried.format}/{tried.name}" != ASKED_AGAIN:
        assert counted(here) == counted(there)


def outcome_there(home: Home, tried: Tried, case: Case, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Outcome:
    """What the exported program makes of a case."""
    asking(home.server.url, monkeypatch)
    exported = write_outgoing("python", imported(tried.path, home.server.root).flow)
    home.server.requests.clear()
    home.server.behave = lambda body: reply_to(body, case.replies)
    answer, error = None, ""
    with loaded(exported, folder) as program:
        try:
            answer = program.respond(program.flow, case.said, ask_person=person(case))
        except program.NodeError as problem:
            error = str(problem)
    chats = [request.body for request in home.server.requests if request.path.endswith("/chat/completions")]
    return Outcome(answer, [asked(body) for body in chats], error)


def person(case: Case) -> Answer:
    """Whoever is asked fills in a form with the inputs of the case; the next answer goes to any other question."""
    answers = list(case.answers)

    def answer(question: dict[str, Any]) -> dict[str, Any]:
        fields = question.get("fields", [])
        known = {field["name"]: case.inputs[field["name"]] for field in fields if field["name"] in case.inputs}
        if fields and all(field["name"] in known or not field["required"] for field in fields):
            return {"values": known}
        said = answers.pop(0)
        if fields:
            return {"values": said if isinstance(said, dict) else {fields[0]["name"]: said}}
        wanted = said["choice"] if isinstance(said, dict) else said
        chosen = next(id for id, label in question["choices"].items() if wanted in (id, label))
        return {"choice": chosen, "comment": said.get("comment", "") if isinstance(said, dict) else ""}

    return answer


def counted(outcome: Outcome) -> Counter[str]:
    """Requests in any order, as blocks side by side make them."""
    return Counter(json.dumps(request, sort_keys=True) for request in outcome.requests)
