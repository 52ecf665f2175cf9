"""Conversations: listed, searched, branched, taken back; and databases of an earlier Flowloom."""

import sqlite3
from pathlib import Path

import pytest

from flowloom.store.opening import open_database
from flowloom.store.runs import RunStore
from flowloom.store.sqlite import CHANGES, SCHEMA, SqliteDatabase

pytestmark = pytest.mark.usefixtures("kept_in")


@pytest.fixture
def runs(tmp_path: Path) -> RunStore:
    return RunStore(open_database(tmp_path / "flowloom.db"))


def talk(runs: RunStore, *said: str) -> str:
    conversation = runs.new_conversation("bees")
    for number, text in enumerate(said):
        runs.add_turn(conversation, ("user", "assistant")[number % 2], text)
    return conversation


def texts(runs: RunStore, conversation: str) -> list[str]:
    return [turn.text for turn in runs.turns(conversation)]


def test_conversations_are_listed_by_what_was_said_first(runs: RunStore) -> None:
    runs.new_conversation("bees")
    first, second = talk(runs, "Honey?", "In July."), talk(runs, "Wax?")
    assert [(each.id, each.title) for each in runs.conversations("bees")] == [(second, "Wax?"), (first, "Honey?")]
    assert runs.conversations("wasps") == []


@pytest.mark.parametrize(
    ("search", "found"), [("JULY", 1), ("100%", 1), ("100_", 0), ("\\", 0), ("", 2), ("bees", 0)]
)
def test_conversations_are_searched_to_the_letter(runs: RunStore, search: str, found: int) -> None:
    talk(runs, "Honey?", "In July.")
    talk(runs, "100% wax")
    assert len(runs.conversations("bees", search)) == found


def test_a_branch_goes_its_own_way(runs: RunStore) -> None:
    conversation = talk(runs, "Honey?", "In July.", "And wax?", "In May.")
    runs.memory.set_variable(conversation, "name", "Ada")
    branch = runs.branch(conversation, runs.turns(conversation)[1].number)
    runs.add_turn(branch, "user", "Why July?")
    assert texts(runs, branch) == ["Honey?", "In July.", "Why July?"]
    assert texts(runs, conversation) == ["Honey?", "In July.", "And wax?", "In May."]
    assert runs.memory.variables(branch) == {"name": "Ada"}


def test_what_is_taken_back_is_neither_shown_nor_told_to_models(runs: RunStore) -> None:
    conversation = talk(runs, "Honey?", "In July.", "And wax?", "In May.")
    runs.hide_from(conversation, runs.turns(conversation)[2].number)
    assert texts(runs, conversation) == ["Honey?", "In July."]
    assert [message.text for message in runs.history(conversation)] == ["Honey?", "In July."]


def test_a_later_rating_replaces_an_earlier_one(runs: RunStore) -> None:
    assert runs.rating("run") is None
    runs.rate("run", good=True)
    runs.rate("run", good=False, reason="It is June")
    assert runs.rating("run") == (False, "It is June")


def test_a_database_of_an_earlier_version_is_brought_up_to_date(tmp_path: Path) -> None:
    path = tmp_path / "flowloom.db"
    with sqlite3.connect(path) as old:
        old.executescript(SCHEMA)
        old.execute("INSERT INTO conversations (id, flow, started) VALUES ('c', 'bees', 1)")
        old.execute("INSERT INTO turns (conversation, role, text) VALUES ('c', 'user', 'Honey?')")
    old.close()
    for _ in range(2):
        database = SqliteDatabase(path)
        assert texts(RunStore(database), "c") == ["Honey?"]
        assert database.one("PRAGMA user_version") == (len(CHANGES),)
        database.close()
