"""Experiments: every row by every version once, kept whatever ends, and paid for once."""

import asyncio
import re
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from flowloom.errors import FlowloomError, ModelError
from flowloom.evaluation.evaluators.judging import JudgeConfig
from flowloom.evaluation.findings import find
from flowloom.flow.model import Flow
from flowloom.kinds.services import OnText
from flowloom.kinds.values import ModelReply, ModelRequest
from flowloom.store.datasets import DataRow, Rows
from flowloom.store.experiments import Arm, Chosen
from flowloom.workspace import Workspace, open_workspace
from tests.evaluation.trying import ASKING, ECHO, Scripted, ended, started, table


def number_in(text: str) -> str:
    found = re.search(r"\d+", text)
    return found[0] if found else ""


def use(home: Workspace, models: Scripted, monkeypatch: pytest.MonkeyPatch) -> Scripted:
    monkeypatch.setattr(home.models, "reply", models.reply)
    return models


def test_every_row_is_answered_by_every_version_and_measured(home: Workspace) -> None:
    flow = home.flows.create(ECHO)
    id = started(home, [Arm("one", flow), Arm("two", flow)])
    ended(home, id)
    results = home.experiments.store.results(id)
    assert [(each.number, each.arm) for each in results] == [(n, arm) for n in range(1, 7) for arm in (0, 1)]
    assert {each.answer for each in results} == {f"Said: Number {n}?" for n in range(6)}
    assert all(each.scores["contains"].value == 1 for each in results)
    assert [event.type for event in home.experiments.store.trace(id, 1, 3)][-1] == "run_finished"
    findings = find(home.experiments.store.get(id), results)
    assert findings.each[0].differences[1].verdict in ("same", "unclear")
    assert not home.ledger.entries([flow.id]), "the runs of an experiment are no runs of the chat"


def test_the_same_call_is_paid_once(home: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    models = use(home, Scripted(number_in), monkeypatch)
    flow = home.flows.create(ASKING)
    first = started(home, [Arm("one", flow), Arm("two", flow)])
    ended(home, first)
    assert len(models.asked) == 6
    second = started(home, [Arm("one", flow)])
    ended(home, second)
    assert len(models.asked) == 6
    store = home.experiments.store
    assert (round(store.paid(first), 6), store.paid(second)) == (0.06, 0.0)
    assert all(each.cost == 0.01 for each in store.results(second)), "what an answer costs is told as before"


def test_one_model_answers_for_all_where_it_is_chosen(home: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    async def reply(request: ModelRequest, on_text: OnText) -> ModelReply:
        asked.append(request.model)
        return ModelReply(text="1")

    monkeypatch.setattr(home.models, "reply", reply)
    flow = home.flows.create(ASKING)
    ended(home, started(home, [Arm("own", flow), Arm("other", flow, "v/other")], table(2)))
    assert sorted(asked) == ["default", "default", "v/other", "v/other"]


def test_a_model_that_fails_on_every_third_row_fails_those_alone(
    home: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    def say(text: str) -> str:
        if int(number_in(text)) % 3 == 0:
            raise ModelError("The server is down.")
        return number_in(text)

    models = use(home, Scripted(say), monkeypatch)
    flow = home.flows.create(ASKING)
    id = started(home, [Arm("one", flow)], table(9), [Chosen(id="contains"), Chosen(id="cost")])
    ended(home, id)
    store = home.experiments.store
    results = store.results(id)
    assert [each.number for each in results if each.problem] == [1, 4, 7]
    assert all("The server is down." in str(each.problem) for each in results if each.problem)
    assert [each.scores["contains"].value for each in results[:3]] == [0, 1, 1]
    assert find(store.get(id), results).each[1].measured[0].untold == 3
    models.say = number_in
    before = len(models.asked)
    home.experiments.try_again(id)
    ended(home, id)
    assert store.failed(id) == 0
    assert len(models.asked) == before + 3, "what was answered is not asked again"


def test_a_budget_ends_it_and_what_was_answered_is_kept(home: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    models = use(home, Scripted(number_in), monkeypatch)
    flow = home.flows.create(ASKING)
    id = started(home, [Arm("one", flow)], table(30), budget=0.05, at_once=8)
    ended(home, id)
    store = home.experiments.store
    stopped = store.get(id)
    assert stopped.problem
    assert stopped.problem.code == "evaluate.budget"
    assert len(models.asked) == 5
    assert store.done(id) == 5
    home.experiments.raise_budget(id, 1.0)
    ended(home, id)
    assert (store.done(id), len(models.asked), store.get(id).problem) == (30, 30, None)


def test_a_stopped_one_goes_on_where_it_was(home: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    begun = threading.Event()

    def say(text: str) -> str:
        begun.set()
        time.sleep(0.01)
        return number_in(text)

    models = use(home, Scripted(say), monkeypatch)
    id = started(home, [Arm("one", home.flows.create(ASKING))], table(20), at_once=1)
    assert begun.wait(20)
    home.experiments.stop(id)
    ended(home, id)
    done = home.experiments.store.done(id)
    assert done < 20
    home.experiments.resume(id)
    ended(home, id)
    assert (home.experiments.store.done(id), len(models.asked)) == (20, 20)


def test_a_process_that_ended_half_way_pays_nothing_twice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FLOWLOOM_HOME", str(tmp_path))
    home = open_workspace()
    halfway = threading.Event()

    def say(text: str) -> str:
        if len(models.asked) == 4:
            halfway.set()
        return number_in(text)

    models = use(home, Scripted(say), monkeypatch)
    flow = home.flows.create(ASKING)
    id = started(home, [Arm("one", flow)], table(40), at_once=2)
    assert halfway.wait(20)
    home.close()
    assert home.experiments.store is not None
    again = open_workspace()
    try:
        use(again, models, monkeypatch)
        again.experiments.take_up()
        ended(again, id)
        assert again.experiments.store.done(id) == 40
        # A call that was under way as the process ended was not answered, so it may be asked once more.
        assert 40 <= len(models.asked) <= 42
        assert len(set(models.asked)) == 40
    finally:
        again.close()


def test_nothing_is_sent_while_a_gpt_is_tried(home: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    sent: list[object] = []

    async def send(*letter: object, **more: object) -> None:
        sent.append(letter)

    monkeypatch.setattr(home.mailer, "send", send)
    mail = Flow.model_validate(
        {
            "name": "Mailer",
            "nodes": [
                {"id": "m", "kind": "chat.message"},
                {
                    "id": "s",
                    "kind": "mail.send",
                    "config": {"way": "send", "to": "a@example.org", "subject": "Hi", "text": "{{body}}"},
                },
                {"id": "z", "kind": "chat.answer"},
            ],
            "edges": [{"from": "m.message", "to": "s.body"}, {"from": "s.told", "to": "z.text"}],
        }
    )
    flow = home.flows.create(mail)
    home.consents.keep(flow.id, "a@example.org", True)
    id = started(home, [Arm("one", flow)], table(2))
    ended(home, id)
    problems = [str(each.problem) for each in home.experiments.store.results(id)]
    assert len(problems) == 2
    assert all("Nothing is sent, saved or ordered" in problem for problem in problems), problems
    assert not sent


def test_what_cannot_run_does_not_begin(home: Workspace) -> None:
    flow = home.flows.create(ECHO)
    broken = flow.model_copy(update={"edges": ()})
    with pytest.raises(FlowloomError):
        started(home, [Arm("broken", broken)])
    with pytest.raises(FlowloomError, match="no evaluator"):
        started(home, [Arm("one", flow)], evaluators=[Chosen(id="nonsense")])
    assert not home.experiments.store.all()


@pytest.mark.parametrize(
    ("say", "agrees", "untold"),
    [
        (lambda said: "A" if ("bad" not in said) == ("A: The answer follows" in said) else "B", 1.0, 0),
        (lambda said: "A" if "A: The answer follows" in said else "B", 0.75, 0),  # finds all of them good
        (lambda said: "A", None, 8),
    ],
)
def test_a_judge_is_checked_against_people(
    home: Workspace, monkeypatch: pytest.MonkeyPatch, say: Callable[[str], str], agrees: float | None, untold: int
) -> None:
    use(home, Scripted(say), monkeypatch)
    flow = home.flows.create(ECHO)
    rated = [
        DataRow(id=str(n), given={"q": f"Q{n}"}, good=n % 4 > 0, answered=f"{'fine' if n % 4 else 'bad'} {n}")
        for n in range(8)
    ]
    rows = Rows(titles=("q",), message="{{q}}", rows=(*rated, DataRow(id="x", given={"q": "unrated"})))
    found = asyncio.run(home.experiments.check_judge(flow, rows, JudgeConfig()))
    assert ((found.share and found.share.mean), found.untold) == (agrees, untold)
    if agrees:
        assert found.usual == 0.75
