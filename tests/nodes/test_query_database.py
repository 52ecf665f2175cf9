"""Query a database: values stay values, an agent looks at the tables first, and changing asks for more leave."""

import json
from typing import Any

import pytest

from flowloom.errors import FlowloomError
from flowloom.kinds.databases import Query, Rows
from flowloom.kinds.registry import all_kinds
from flowloom.workspace import Workspace
from tests.loopback import settings_of
from tests.nodes.conftest import Ports, World
from tests.openai_server import OpenAIServer, Say
from tests.test_consents import made

BY = "SELECT title FROM books WHERE author = {{author}} AND copies > {{copies}}"


def test_values_stand_between_the_parts_of_the_statement(world: World) -> None:
    world.databases.answer = Rows(columns=("title",), rows=({"title": "Cosmos"},))
    found = world.run("database.query", {"sql": BY, "most": 7, "timeout": 3}, author="' OR 1 = 1", copies=2)
    assert found == {"text": "| title |\n| --- |\n| Cosmos |", "rows": [{"title": "Cosmos"}], "count": 1}
    parts = ("SELECT title FROM books WHERE author = ", " AND copies > ", "")
    assert world.databases.asked == [Query(parts=parts, values=("' OR 1 = 1", 2), most=7, seconds=3)]


def test_nothing_found_is_said_and_what_was_changed_is_counted(world: World) -> None:
    assert world.run("database.query", {"sql": "SELECT 1"})["text"] == "Nothing was found."
    world.databases.answer = Rows(changed=3)
    found = world.run("database.query", {"sql": "DELETE FROM books", "change": True})
    assert found == {"text": "3 rows were changed.", "count": 3}


def test_long_answers_are_shown_in_part(world: World) -> None:
    world.databases.answer = Rows(columns=("n",), rows=tuple({"n": n} for n in range(60)))
    found = world.run("database.query", {"sql": "SELECT n FROM x"})
    assert found["count"] == 60
    assert found["text"].endswith("| 49 |\n\n… and more rows")


def test_without_a_statement_it_tells_its_tables_or_takes_one(world: World) -> None:
    assert world.run("database.query") == {"text": "books (title text)"}
    world.run("database.query", {}, sql="SELECT '{{x}}'")
    assert world.databases.asked == [Query(parts=("SELECT '{{x}}'",), most=200, seconds=20)]


def test_ports(ports: Ports) -> None:
    assert ports.inputs("database.query", sql=BY) == ["author", "copies"]
    assert ports.inputs("database.query", sql="SELECT 1") == ["start"]
    assert ports.inputs("database.query") == ["sql"]


@pytest.mark.parametrize(
    ("config", "codes"),
    [
        ({"sql": BY}, []),
        ({"sql": "SELECT 'it''s', {{x}}"}, []),
        ({"sql": "SELECT '{{x}}'"}, ["database.quotes"]),
        ({"sql": "SELECT '%{{x}}%'"}, ["database.quotes"]),
        ({"database": " "}, ["database.choose"]),
    ],
)
def test_what_is_wrong_is_said_before_it_runs(ports: Ports, config: dict[str, Any], codes: list[str]) -> None:
    assert ports.problems("database.query", **config) == codes


def test_what_an_agent_is_offered() -> None:
    kind = all_kinds()["database.query"]
    assert kind.offers

    def names(**config: Any) -> list[str]:
        assert kind.offers
        return [spec.name for spec in kind.offers(kind.config.model_validate(config))]

    assert names() == ["tables", "ask"]
    (spec,) = kind.offers(kind.config.model_validate({"sql": BY}))
    assert spec.parameters["required"] == ["author", "copies"]


def test_only_what_may_change_is_unsafe_to_repeat() -> None:
    kind = all_kinds()["database.query"]
    assert kind.may_repeat({"sql": "SELECT 1"})
    assert not kind.may_repeat({"sql": "DELETE FROM x", "change": True})


def test_an_agent_looks_at_the_tables_and_asks(home: Workspace) -> None:
    nodes = {"db": ("database.query", {}), "a": ("agent", {})}
    flow = made(home, nodes, "m.message>a.message db.tool>a.tools a.answer>z.text")
    with OpenAIServer() as model:
        home.models_changed(settings_of(model))
        statement = json.dumps({"sql": "SELECT title FROM books WHERE author LIKE '%Verne'"})
        model.script += [Say(tools=[("db_tables", "{}")]), Say(tools=[("db_ask", statement)]), Say("One book.")]
        view = home.runner.finished(home.runner.start(flow, "Verne?", home.runs.new_conversation(flow.id)))
        assert view.text == "One book."
        assert "readers (id integer" in json.dumps(model.requests[1].body)
        assert "Twenty Thousand Leagues" in json.dumps(model.requests[2].body)


def test_a_database_of_somebody_else_is_not_reached(home: Workspace) -> None:
    nodes = {"db": ("database.query", {"database": "0123456789abcdef", "sql": "SELECT 1"})}
    flow = made(home, nodes, "m.message>db.start db.text>z.text")
    view = home.runner.finished(home.runner.start(flow, "x", home.runs.new_conversation(flow.id)))
    assert view.problem is not None
    assert view.problem.code == "database.missing"


def test_a_missing_value_is_named(world: World) -> None:
    with pytest.raises(FlowloomError, match="author"):
        world.run("database.query", {"sql": BY}, copies=1)
