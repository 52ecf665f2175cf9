"""A conversation as a document to read, and as data."""

import json

from flowloom.errors import Problem
from flowloom.exchange.transcripts import as_json, as_markdown
from flowloom.kinds.values import Attachment
from flowloom.store.runs import ChatTurn

PHOTO = Attachment(id="1", name="hive.png")
TURNS = [
    ChatTurn(1, "user", "What is this?", None, (PHOTO,), None),
    ChatTurn(2, "assistant", "A **hive**.", "r1", (), None),
    ChatTurn(3, "user", "And now?", None, (), None),
    ChatTurn(4, "assistant", "", "r2", (), Problem.of("x", "The model is out.", "Try again.")),
]


def test_it_reads_like_a_conversation() -> None:
    assert as_markdown(TURNS, "Bees") == (
        "# Bees\n\n**You**\n\nWhat is this?\n\n- hive.png\n\n**Bees**\n\nA **hive**.\n\n"
        "**You**\n\nAnd now?\n\n**Bees**\n\nThe model is out. Try again.\n"
    )
    assert "**你**" in as_markdown(TURNS, "", "zh")


def test_programs_read_it_as_messages() -> None:
    told = json.loads(as_json(TURNS, "Bees"))
    assert told["messages"] == [
        {"role": "user", "content": "What is this?", "files": ["hive.png"]},
        {"role": "assistant", "content": "A **hive**."},
        {"role": "user", "content": "And now?"},
        {"role": "assistant", "content": "", "error": "The model is out. Try again."},
    ]
