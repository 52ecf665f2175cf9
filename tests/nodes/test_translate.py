"""Translate: a language by name, from the form or from another block."""

import pytest

from flowloom.errors import NodeError
from flowloom.kinds.values import ModelReply
from tests.nodes.conftest import World


@pytest.mark.parametrize(
    ("config", "inputs", "named"),
    [
        ({}, {}, "into English."),
        ({"language": "Español"}, {}, "into Español."),
        ({"language": "Español"}, {"language": " 中文 "}, "into 中文."),
        ({"language": "Español"}, {"language": "  "}, "into Español."),
    ],
)
def test_the_language_is_named_and_the_answer_streams(
    world: World, config: dict[str, str], inputs: dict[str, str], named: str
) -> None:
    world.models.replies = [ModelReply(text="# Hola")]
    assert world.run("translate", config, text="# Hello {{name}}", **inputs) == {"text": "# Hola"}
    system, said = world.models.requests[0].messages
    assert named in system.text
    assert "{{double braces}}" in system.text
    assert said.text == "# Hello {{name}}"
    assert world.streamed == [("text", "#"), ("text", "Hola")]


@pytest.mark.parametrize(
    ("config", "text", "said"),
    [
        ({}, " ", "text to translate is missing"),
        ({"language": " "}, "Hi", "The target language is missing"),
        ({}, "x" * 60_001, "is 60001 characters"),
    ],
)
def test_what_cannot_be_translated_asks_no_model(
    world: World, config: dict[str, str], text: str, said: str
) -> None:
    with pytest.raises(NodeError, match=said):
        world.run("translate", config, text=text)
    assert world.models.requests == []
