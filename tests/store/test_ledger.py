"""The list of runs: found by GPT, state and words, quick with thousands, true for runs of before."""

import sqlite3
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from flowloom.errors import Problem
from flowloom.kinds.values import Usage
from flowloom.run.events import NodeFinished, RunCancelled, RunEvent, RunFailed, RunFinished, RunStarted, event_json
from flowloom.run.reading.view import view_of
from flowloom.store.db import Database
from flowloom.store.ledger import BATCH, RunLedger
from flowloom.store.opening import open_database
from flowloom.store.runs import RunStore
from flowloom.store.sqlite import SCHEMA, SqliteDatabase
from flowloom.store.templates import templates
from flowloom.workspace import Workspace

pytestmark = pytest.mark.usefixtures("kept_in")

MANY = 5_000
ENDS: dict[str, Callable[..., RunEvent]] = {
    "finished": RunFinished,
    "cancelled": RunCancelled,
    "failed": lambda **facts: RunFailed(problem=Problem.of("x", "No."), **facts),
}


@pytest.fixture
def db(tmp_path: Path) -> Database:
    return open_database(tmp_path / "flowloom.db")


@pytest.fixture
def runs(db: Database) -> RunStore:
    return RunStore(db)


@pytest.fixture
def ledger(db: Database, runs: RunStore) -> RunLedger:
    return RunLedger(db, runs, lambda run_id: run_id == "live")


def events_of(run: str, flow: str, asked: str, answered: str, end: str, at: float) -> list[RunEvent]:
    events: list[RunEvent] = [
        RunStarted(run_id=run, seq=0, at=at, flow_id=flow, message=asked),
        NodeFinished(
            run_id=run,
            seq=1,
            at=at + 1,
            node="answer",
            outputs={},
            seconds=1,
            answer=answered,
            usage=Usage(model="m", input_tokens=3, output_tokens=4, cost=0.5),
        ),
    ]
    return [*events, ENDS[end](run_id=run, seq=2, at=at + 2)] if end else events


def keep(
    runs: RunStore,
    run: str,
    flow: str = "bees",
    *,
    asked: str = "",
    answered: str = "",
    end: str = "finished",
    at: float = 100.0,
    told: bool = True,
) -> None:
    events = events_of(run, flow, asked, answered, end, at)
    for event in events:
        runs.append(event, None)
    if told and end:
        runs.tell(view_of(events))


def ids(found: list[Any]) -> list[str]:
    return [entry.id for entry in found]


def test_a_line_says_what_was_asked_and_what_it_took(runs: RunStore, ledger: RunLedger) -> None:
    keep(runs, "one", asked="When is the harvest?", at=100.0)
    (line,) = ledger.entries(["bees"])
    assert line == ledger.entry("one") == ("one", "bees", "When is the harvest?", "finished", 100, 102, 7, 0.5)
    assert line.seconds == 2


def test_the_latest_run_of_the_flows_comes_first(runs: RunStore, ledger: RunLedger) -> None:
    for number, flow in enumerate(["bees", "wasps", "ants"]):
        keep(runs, flow, flow, at=float(number))
    assert ids(ledger.entries(["bees", "ants", "never ran"])) == ["ants", "bees"]
    assert ids(ledger.entries(["wasps"])) == ["wasps"]
    assert ids(ledger.entries([])) == []
    assert ids(ledger.entries(["bees", "wasps", "ants"], most=2)) == ["ants", "wasps"]


@pytest.mark.parametrize(
    ("search", "found"), [("HONEY", ["a"]), ("july", ["a"]), ("100%", ["b"]), ("100_", []), ("", ["b", "a"])]
)
def test_what_was_asked_or_answered_is_found_to_the_letter(
    runs: RunStore, ledger: RunLedger, search: str, found: list[str]
) -> None:
    keep(runs, "a", asked="Honey?", answered="In July.", at=1)
    keep(runs, "b", asked="100% wax?", answered="Yes.", at=2)
    assert ids(ledger.entries(["bees", "wasps"], search=search)) == found


def test_a_state_is_found(runs: RunStore, ledger: RunLedger) -> None:
    for end in ENDS:
        keep(runs, end, end=end)
    keep(runs, "live", end="")
    for state in ENDS:
        assert ids(ledger.entries(["bees"], state=state)) == [state]  # type: ignore[arg-type]
    assert ids(ledger.entries(["bees"], state="running")) == ["live"]


def test_a_run_whose_process_died_has_stopped(runs: RunStore, ledger: RunLedger) -> None:
    keep(runs, "dead", asked="Honey?", end="")
    (line,) = ledger.entries(["bees"])
    assert (line.state, line.seconds, line.tokens) == ("cancelled", 1, 7)


def test_a_run_that_is_taken_up_is_under_way_again(runs: RunStore, ledger: RunLedger) -> None:
    keep(runs, "live", end="", told=False)
    runs.tell(view_of(runs.events("live")).interrupted())
    assert ledger.entries(["bees"])[0].state == "cancelled"
    runs.take_up("live", 0)
    assert ledger.entries(["bees"])[0][3:6] == ("running", 100, None)


def test_a_run_under_way_says_what_was_asked(runs: RunStore, ledger: RunLedger) -> None:
    keep(runs, "live", asked="Honey?", end="")
    (line,) = ledger.entries(["bees"])
    assert (line.asked, line.state, line.seconds) == ("Honey?", "running", None)


def test_runs_of_an_earlier_version_are_told_when_someone_looks(tmp_path: Path) -> None:
    path, count = tmp_path / "flowloom.db", BATCH + 7
    with sqlite3.connect(path) as old:
        old.executescript(SCHEMA)
        for number in range(count):
            run = f"{number:04d}"
            old.execute("INSERT INTO runs VALUES (?, 'bees', NULL, ?, ?, 'finished')", (run, number, number + 2))
            for event in events_of(run, "bees", f"Hive {number}?", "Yes.", "finished", number):
                old.execute("INSERT INTO events VALUES (?, ?, ?)", (run, event.seq, event_json(event)))
    old.close()
    database = SqliteDatabase(path)
    ledger = RunLedger(database, RunStore(database), lambda _: False)
    assert [line.asked for line in ledger.entries(["bees"], search="Hive 3?")] == ["Hive 3?"]
    (latest,) = ledger.entries(["bees"], most=1)
    assert (latest.asked, latest.seconds, latest.tokens, latest.cost) == (f"Hive {count - 1}?", 2, 7, 0.5)
    assert database.one("SELECT count(*) FROM runs WHERE NOT told") == (0,)
    database.close()


def test_thousands_are_listed_by_few_statements_and_few_rows(db: Database, ledger: RunLedger, kept_in: str) -> None:
    if kept_in == "postgres":
        pytest.skip("what SQLite alone counts")
    begun = time.time()
    rows = [
        (f"{n}", f"gpt{n % 9}", begun + n, begun + n + 1, f"Hive {n}?", "failed" if n % 500 == 0 else "finished")
        for n in range(MANY)
    ]
    with db.transaction():
        for row in rows:
            db.do("INSERT INTO runs (id, flow, started, ended, asked, state, told) VALUES (?,?,?,?,?,?,TRUE)", *row)
    flows = [f"gpt{n}" for n in range(8)]
    for found, question in [
        (50, {}),
        (9, {"state": "failed"}),
        (50, {"state": "finished"}),
    ]:
        work = Work(db)
        assert len(ledger.entries(flows, **question)) == found  # type: ignore[arg-type]
        assert work.statements == 2
        assert work.steps < 4_000, question
    work = Work(db)
    assert len(ledger.entries(["gpt3"])) == 50
    assert work.steps < 4_000
    work = Work(db)
    assert ids(ledger.entries(flows, search="Hive 4321?")) == ["4321"]
    assert work.statements == 2


class Work:
    """What SQLite has to do from now on: statements, and the steps of its virtual machine."""

    def __init__(self, db: Database) -> None:
        self.statements = self.steps = 0
        connection = db._connection
        connection.set_trace_callback(self._statement)
        connection.set_progress_handler(self._step, 10)

    def _statement(self, _: str) -> None:
        self.statements += 1

    def _step(self) -> int:
        self.steps += 10
        return 0


def test_what_ran_is_told_by_the_runner_and_goes_with_its_gpt(home: Workspace) -> None:
    template = next(template for template in templates() if template.id == "translator")
    flow = home.intake.create_from_template(template)
    view = home.runner.finished(home.runner.start(flow, "Good morning", home.runs.new_conversation(flow.id)))
    (line,) = home.ledger.entries([flow.id])
    assert (line.id, line.asked, line.state) == (view.run_id, "Good morning", "finished")
    assert ids(home.ledger.entries([flow.id], search=view.text[:20])) == [view.run_id]
    home.runs.delete_of(flow.id)
    assert home.ledger.entries([flow.id]) == []
    assert home.ledger.entry(view.run_id) is None
