"""A list that is an answer is read line by line."""

import pytest

from flowloom.ui.chat.line_breaks import keep_lines

KEPT = [
    ("Ada\nBo\nCy", "Ada  \nBo  \nCy"),
    ("Dear Ann,\nthank you.\n\nYours", "Dear Ann,  \nthank you.\n\nYours"),
    ("- one\n- two", "- one\n- two"),
    ("- one\n  goes on\n- two", "- one  \n  goes on\n- two"),
    ("1. one\n2. two", "1. one\n2. two"),
    ("# Head\ntext", "# Head\ntext"),
    ("Head\n====\ntext", "Head\n====\ntext"),
    ("Head\n---\ntext", "Head\n---\ntext"),
    ("| a | b |\n| --- | --- |\n| 1 | 2 |", "| a | b |\n| --- | --- |\n| 1 | 2 |"),
    ("Text\n| a |\n| --- |", "Text\n| a |\n| --- |"),
    ("```\na\nb\n```", "```\na\nb\n```"),
    ("> said\n> so", "> said  \n> so"),
    ("$$\na\n$$", "$$\na\n$$"),
    ("one  \ntwo\\\nthree", "one  \ntwo\\\nthree"),
    ("", ""),
]


@pytest.mark.parametrize(("text", "kept"), KEPT)
def test_lines_stay_lines(text: str, kept: str) -> None:
    assert keep_lines(text) == kept
