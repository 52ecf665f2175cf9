"""Chat message and Answer."""

from flowloom.kinds.context import Turn
from flowloom.kinds.registry import all_kinds
from flowloom.kinds.values import Attachment, Message
from tests.nodes.conftest import World


def test_a_message_brings_everything_of_the_turn(world: World) -> None:
    said = Message(role="user", text="Hi")
    file = Attachment(id="a1", name="plan.txt", text="the plan")
    world.turn = Turn("And now?", [said], [file])
    assert world.run("chat.message") == {"message": "And now?", "history": [said], "attachments": [file]}


def test_a_message_fires_every_port_even_when_empty(world: World) -> None:
    assert world.run("chat.message") == {"message": "", "history": [], "attachments": []}


def test_an_answer_passes_its_text_on(world: World) -> None:
    assert world.run("chat.answer", text="Hello") == {"text": "Hello"}


def test_they_start_and_end_a_flow() -> None:
    kinds = all_kinds()
    assert kinds["chat.message"].starts
    assert kinds["chat.answer"].answers
    answer = kinds["chat.answer"]
    assert answer.relays(answer.config()) == {"text": ["text"]}
