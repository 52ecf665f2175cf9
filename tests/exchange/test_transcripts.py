"""A conversation as a document to read, and as data."""

import json
import re

import pytest

from flowloom.errors import Problem
from flowloom.exchange.transcripts import as_json, as_markdown, as_page
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


def test_a_page_to_print_keeps_the_markdown_of_answers() -> None:
    page = as_page(TURNS, "Bees", "fr")
    assert page.startswith('<!doctype html><html lang="fr">')
    assert "<h1>Bees</h1>" in page
    assert "<strong>hive</strong>" in page


@pytest.mark.parametrize(
    "said",
    [
        "<script>alert(1)</script>",
        "<img src=https://evil.example/x.png>",
        "![x](https://evil.example/x.png)",
        "[x](javascript:alert(1))",
        "<style>body{background:url(https://evil.example)}</style>",
    ],
)
def test_nothing_in_a_page_to_print_runs_or_is_asked_for(said: str) -> None:
    page = as_page([ChatTurn(1, "user", said, None, (), None)], said)
    body = page.partition("<body>")[2]
    assert "default-src 'none'" in page
    assert not re.search(r"<(script|img|style)|href=.javascript", body)
    assert "<script>" not in page
