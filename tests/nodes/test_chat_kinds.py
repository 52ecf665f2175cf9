"""Chat message and Answer."""

from flowloom.kinds.context import Turn
from flowloom.kinds.media import Picture
from flowloom.kinds.registry import all_kinds
from flowloom.kinds.values import Attachment, Message
from tests.nodes.conftest import Ports, World


def test_a_message_brings_everything_of_the_turn(world: World) -> None:
    said = Message(role="user", text="Hi")
    file = Attachment(id="a1", name="plan.txt", text="the plan")
    world.turn = Turn("And now?", [said], [file])
    assert world.run("chat.message") == {"message": "And now?", "history": [said], "attachments": [file]}


def test_a_message_fires_every_port_even_when_empty(world: World) -> None:
    assert world.run("chat.message") == {"message": "", "history": [], "attachments": []}


FILES = [
    Attachment(id="t", name="notes.txt", media_type="text/plain", text="notes"),
    Attachment(id="s", name="a.wav", media_type="audio/wav"),
    Attachment(id="p1", name="a.png", media_type="image/png"),
    Attachment(id="p2", name="b.png", media_type="image/png"),
]


def test_the_first_picture_and_recording_come_out_where_wished(world: World) -> None:
    world.turn = Turn("Look", (), FILES)
    assert set(world.run("chat.message")) == {"message", "history", "attachments"}
    outputs = world.run("chat.message", {"picture": True, "recording": True})
    assert (outputs["picture"].id, outputs["recording"].id) == ("p1", "s")
    assert isinstance(outputs["picture"], Picture)


def test_without_a_picture_nothing_comes_out_there(world: World, ports: Ports) -> None:
    world.turn = Turn("Look", (), FILES[:1])
    assert set(world.run("chat.message", {"picture": True, "recording": True})) == {
        "message",
        "history",
        "attachments",
    }
    assert ports.outputs("chat.message", picture=True) == ["message", "history", "attachments", "picture"]


def test_an_answer_passes_its_text_on(world: World) -> None:
    assert world.run("chat.answer", text="Hello") == {"text": "Hello"}


def test_they_start_and_end_a_flow() -> None:
    kinds = all_kinds()
    assert kinds["chat.message"].starts
    assert kinds["chat.answer"].answers
    answer = kinds["chat.answer"]
    assert answer.relays(answer.config()) == {"text": ["text"]}


def test_a_fixed_text_answers_by_itself(world: World) -> None:
    assert world.run("chat.answer", {"text": "Hello"}) == {"text": "Hello"}
    assert world.run("chat.answer", {"text": "Hello"}, text="Bye") == {"text": "Bye"}
    assert world.run("chat.answer", {"text": "Hello"}, after="anything") == {"text": "Hello"}
