"""What is remembered: of a conversation, and about the person."""

from pathlib import Path
from typing import Any

import pytest

from flowloom.errors import StoreError
from flowloom.kinds.values import Message
from flowloom.store.memory import ALL_GPTS, MOST_FACTS, THE_PERSON, FlowFacts, MemoryStore, Summary
from flowloom.store.opening import open_database
from flowloom.store.runs import RunStore

pytestmark = pytest.mark.usefixtures("kept_in")


@pytest.fixture
def memory(tmp_path: Path) -> MemoryStore:
    return MemoryStore(open_database(tmp_path / "flowloom.db"))


def said(*texts: str) -> list[Message]:
    roles = ("user", "assistant")
    return [Message(role=roles[at % 2], text=text) for at, text in enumerate(texts)]  # type: ignore[arg-type]


def known(memory: MemoryStore) -> list[tuple[Any, ...]]:
    return [fact[1:5] for fact in memory.facts()]


def test_a_fact_replaces_the_earlier_one(memory: MemoryStore) -> None:
    memory.learn("name", "Ada", learned_by="bees")
    memory.learn("name", "Adele", learned_by="wasps")
    assert known(memory) == [("name", "Adele", ALL_GPTS, "wasps")]


def test_a_fact_for_one_gpt_is_unknown_to_others_and_comes_first_there(memory: MemoryStore) -> None:
    memory.learn("name", "Ada")
    FlowFacts(memory, "bees").set("name", "Queen", here=True)
    FlowFacts(memory, "bees").set("colour", "gold", here=True)
    assert FlowFacts(memory, "bees").all() == {"colour": "gold", "name": "Queen"}
    assert FlowFacts(memory, "wasps").all() == {"name": "Ada"}


def test_what_a_gpt_learns_for_all_is_what_it_knows_next(memory: MemoryStore) -> None:
    facts = FlowFacts(memory, "bees")
    facts.set("name", "Queen", here=True)
    facts.set("name", "Ada", here=False)
    assert facts.all() == {"name": "Ada"}
    assert known(memory) == [("name", "Ada", ALL_GPTS, "bees")]


def test_the_person_corrects_limits_and_deletes(memory: MemoryStore) -> None:
    memory.learn("name", "Ada", learned_by="bees")
    (fact,) = memory.facts()
    memory.correct(fact.id, "Adele")
    memory.limit(fact.id, "wasps")
    assert known(memory) == [("name", "Adele", "wasps", THE_PERSON)]
    assert FlowFacts(memory, "bees").all() == {}
    memory.forget(fact.id)
    assert known(memory) == []


def test_a_fact_that_is_limited_takes_the_place_of_another(memory: MemoryStore) -> None:
    memory.learn("name", "Ada")
    memory.learn("name", "Queen", flow="bees", learned_by="bees")
    (everywhere,) = (fact for fact in memory.facts() if fact.flow == ALL_GPTS)
    memory.limit(everywhere.id, "bees")
    assert known(memory) == [("name", "Ada", "bees", THE_PERSON)]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("note", "my key is sk-abcdefghijklmnopqrstuvwxyz"),
        ("password", "correct horse"),
        ("api_key", "0123456789"),
        ("account", {"token": "0123456789"}),
        ("list", ["x", "ghp_abcdefghijklmnopqrstuvwxyz0123"]),
        ("sk-abcdefghijklmnopqrstuvwxyz", "x"),
    ],
)
def test_secrets_are_refused(memory: MemoryStore, name: str, value: Any) -> None:
    with pytest.raises(StoreError, match="looks like a key") as refused:
        memory.learn(name, value)
    assert "sk-abc" not in str(refused.value)
    memory.learn("name", "Ada")
    if name != "sk-abcdefghijklmnopqrstuvwxyz" and name not in ("password", "api_key"):
        with pytest.raises(StoreError):
            memory.correct(memory.facts()[0].id, value)
    assert known(memory) == [("name", "Ada", ALL_GPTS, THE_PERSON)]


def test_there_is_an_end_to_facts(memory: MemoryStore) -> None:
    for number in range(MOST_FACTS):
        memory.learn(f"n{number}", number)
    with pytest.raises(StoreError, match="facts about you are saved already, so"):
        memory.learn("one more", 1)
    memory.learn("n0", "again")
    with pytest.raises(StoreError, match="too long"):
        memory.learn("n0", "x" * 30_000)


def test_variables_of_a_conversation(memory: MemoryStore, tmp_path: Path) -> None:
    conversation = RunStore(open_database(tmp_path / "flowloom.db")).new_conversation("bees")
    memory.set_variable(conversation, "name", "Ada")
    memory.set_variable(conversation, "count", 2)
    memory.forget_variable(conversation, "name")
    assert memory.variables(conversation) == {"count": 2}
    assert memory.variables("none") == {}


def test_the_summary_that_covers_most_is_found(memory: MemoryStore) -> None:
    whole = said("Honey?", "In July.", "Wax?", "In May.", "Why?")
    memory.keep_summary("c", whole[:2], "honey")
    memory.keep_summary("c", whole[:4], "honey and wax")
    assert memory.summary_of("c", whole) == Summary(4, "honey and wax")
    assert memory.summary_of("c", whole[:3]) == Summary(2, "honey")
    assert memory.summary_of("c", said("Honey?", "In July.", "Bees?", "Yes.")) == Summary(2, "honey")
    assert memory.summary_of("c", said("Bees?", "Yes.")) == Summary(0, "")
    assert memory.summary_of("other", whole) == Summary(0, "")


def test_a_summary_is_corrected_and_forgotten(memory: MemoryStore) -> None:
    whole = said("Honey?", "In July.")
    memory.keep_summary("c", whole, "honey")
    memory.correct_summary("c", Summary(2, "honey in July"))
    assert memory.summary_of("c", whole).text == "honey in July"
    memory.forget_summaries("c")
    assert memory.summary_of("c", whole) == Summary(0, "")


def test_old_summaries_go(memory: MemoryStore) -> None:
    whole = said(*map(str, range(100)))
    for count in range(2, 100, 2):
        memory.keep_summary("c", whole[:count], str(count))
    assert memory.summary_of("c", whole).text == "98"
    assert memory.summary_of("c", whole[:50]) == Summary(0, "")


def test_a_gpt_that_is_gone_takes_what_only_it_knew(tmp_path: Path) -> None:
    runs = RunStore(open_database(tmp_path / "flowloom.db"))
    conversation = runs.new_conversation("bees")
    runs.memory.keep_summary(conversation, said("Honey?"), "honey")
    runs.memory.learn("name", "Ada", learned_by="bees")
    runs.memory.learn("colour", "gold", flow="bees", learned_by="bees")
    runs.memory.forget_flow("bees")
    assert known(runs.memory) == [("name", "Ada", ALL_GPTS, "bees")]
    assert runs.memory.summary_of(conversation, said("Honey?")) == Summary(0, "")
