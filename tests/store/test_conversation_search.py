"""Conversations searched by meaning: in other words, in other languages, and never another GPT's."""

import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from flowloom.services.knowledge.sentence_encoder import SentenceEncoder
from flowloom.store.conversation_search import ConversationSearch, Near
from flowloom.store.db import Database
from flowloom.store.opening import open_database
from flowloom.store.runs import RunStore

pytestmark = pytest.mark.usefixtures("kept_in")

SAID = [
    "How many days of paid leave do I have?",
    "Can I bring my dog to the office?",
    "The printer on the second floor is jammed",
    "Comment changer mon mot de passe ?",
    "Le train de 8 h est-il à l’heure ?",
    "明天会下雨吗",
    "我的快递到哪了",
    "hello",
    "ok",
]


class Counting(SentenceEncoder):
    """Tells how many texts it was given."""

    def __init__(self) -> None:
        self.encoded = 0

    def embed_documents(self, texts: Sequence[str]) -> Any:
        self.encoded += len(texts)
        return super().embed_documents(texts)


@pytest.fixture
def db(tmp_path: Path) -> Database:
    return open_database(tmp_path / "flowloom.db")


@pytest.fixture
def runs(db: Database) -> RunStore:
    return RunStore(db)


def talk(runs: RunStore, *said: str, flow: str = "desk") -> str:
    conversation = runs.new_conversation(flow)
    for text in said:
        runs.add_turn(conversation, "user", text)
        runs.add_turn(conversation, "assistant", "I see.")
    return conversation


def messages(found: list[Near]) -> list[str]:
    return [near.message for near in found]


@pytest.mark.parametrize(
    ("wanted", "message"),
    [
        ("vacation", SAID[0]),
        ("pets at work", SAID[1]),
        ("broken copier", SAID[2]),
        ("password", SAID[3]),
        ("密码", SAID[3]),
        ("is the railway late", SAID[4]),
        ("météo", SAID[5]),
        ("weather", SAID[5]),
        ("where is my parcel", SAID[6]),
    ],
)
def test_a_conversation_is_found_in_other_words(db: Database, runs: RunStore, wanted: str, message: str) -> None:
    for said in SAID:
        talk(runs, said)
    assert messages(ConversationSearch(db).near("desk", wanted))[:1] == [message]


@pytest.mark.parametrize(
    "wanted", ["quantum physics", "football", "足球", "crème brûlée", "", "   ", "12345", "?!"]
)
def test_nothing_is_near_to_what_was_never_talked_about(db: Database, runs: RunStore, wanted: str) -> None:
    for said in SAID:
        talk(runs, said)
    assert ConversationSearch(db).near("desk", wanted) == []


def test_a_later_message_tells_of_its_conversation(db: Database, runs: RunStore) -> None:
    conversation = talk(runs, "Good morning, a question", SAID[2], SAID[3])
    (near,) = ConversationSearch(db).near("desk", "password")
    assert (near.id, near.title, near.message) == (conversation, "Good morning, a question", SAID[3])


def test_another_gpts_conversations_never_come_up(db: Database, runs: RunStore) -> None:
    theirs, ours = talk(runs, SAID[3], flow="theirs"), talk(runs, SAID[3], flow="ours")
    search = ConversationSearch(db)
    assert [near.id for near in search.near("ours", "password")] == [ours]
    assert [near.id for near in search.near("theirs", "password")] == [theirs]
    assert search.near("nobody", "password") == []


def test_what_was_taken_back_or_found_by_words_is_left_out(db: Database, runs: RunStore) -> None:
    first, second = talk(runs, SAID[3]), talk(runs, "I forgot the secret word for signing in")
    search = ConversationSearch(db)
    assert [near.id for near in search.near("desk", "password", besides=[first])] == [second]
    runs.hide_from(second, 0)
    assert search.near("desk", "password", besides=[first]) == []


def test_each_message_is_encoded_once_and_forgotten_with_its_gpt(db: Database, runs: RunStore) -> None:
    for said in SAID:
        talk(runs, said)
    encoder = Counting()
    search = ConversationSearch(db, lambda: encoder)
    search.near("desk", "password")
    first = encoder.encoded
    search.near("desk", "password")
    ConversationSearch(db, lambda: encoder).near("desk", "password")
    assert encoder.encoded == first + 2  # the two questions
    talk(runs, "A new message")
    search.near("desk", "password")
    assert encoder.encoded == first + 4
    talk(runs, SAID[0], flow="other")
    search.near("other", "password")
    runs.delete_of("desk")
    assert db.one("SELECT count(*) FROM turn_vectors") == (1,)


def test_vectors_of_another_encoder_are_made_anew(db: Database, runs: RunStore) -> None:
    talk(runs, SAID[3])
    search = ConversationSearch(db)
    search.near("desk", "password")
    db.do("UPDATE turn_vectors SET maker = 'of before', vector = ?", b"\0\0")
    assert messages(search.near("desk", "password")) == [SAID[3]]


def test_without_an_encoder_nothing_is_near(db: Database, runs: RunStore) -> None:
    talk(runs, SAID[3])
    assert ConversationSearch(db, lambda: None).near("desk", "password") == []


def test_a_search_through_two_thousand_conversations_is_quick_from_the_second_time_on(
    db: Database, runs: RunStore
) -> None:
    with db.transaction():
        for number in range(2_000):
            talk(runs, f"{SAID[number % 7]} Number {number}")
    search, encoder = ConversationSearch(db), SentenceEncoder()
    # What the encoder takes for 2,000 messages is no part of this.
    vectors = [row.tobytes() for row in encoder.embed_documents(SAID[:7]).astype("float16")]
    with db.transaction():
        for at, (turn,) in enumerate(db.all("SELECT number FROM turns WHERE role = 'user'")):
            db.do("INSERT INTO turn_vectors VALUES (?, ?, ?)", turn, encoder.name, vectors[at % 7])
    taken = []
    for _ in range(5):
        began = time.process_time()
        assert len(search.near("desk", "password")) == 5
        taken.append(time.process_time() - began)
    assert min(taken) < 0.1
