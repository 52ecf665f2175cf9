"""Answers cut into sentences, in three languages and in Markdown."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flowloom.run.reading.sentences import sentences_of

TEXTS = {
    "You have 25 days. [1] Part-time is less. Ask Ann!": [
        "You have 25 days. [1]",
        "Part-time is less.",
        "Ask Ann!",
    ],
    "It costs 3.50 euros, e.g. for Dr. Lee on p. 3. Really?": [
        "It costs 3.50 euros, e.g. for Dr. Lee on p. 3.",
        "Really?",
    ],
    "She said “Go.” Then she left... for good.": ["She said “Go.”", "Then she left... for good."],
    "年假是25天。[1]请提前申请！可以吗？“可以。”好": [
        "年假是25天。[1]",
        "请提前申请！",
        "可以吗？",
        "“可以。”",
        "好",
    ],
    "使用 Flowloom 1.0.很好": ["使用 Flowloom 1.0.", "很好"],
    "Vous avez 25 jours. Ça va ? « Oui. » M. Durand, p. ex., dit non !": [
        "Vous avez 25 jours.",
        "Ça va ?",
        "« Oui. »",
        "M. Durand, p. ex., dit non !",
    ],
    "# Holiday\nText *here*. More\ngoes on.\n\n1. One\n2. Two. Three\n   more\n- [x] done": [
        "Holiday",
        "Text here.",
        "More goes on.",
        "One",
        "Two.",
        "Three more",
        "done",
    ],
    "| a | b |\n|---|---|\n| 1. | 2 |\nAfter.": ["a · b", "1. · 2", "After."],
    "Run:\n```py\nx = 1. \n\nprint(x)\n```\nDone.": ["Run:", "x = 1. \n\nprint(x)", "Done."],
    "Use `a. B` and [this. One](https://x.org/a.B). End": ["Use a. B and this. One.", "End"],
    "> Quoted. Twice.\n> Thrice.": ["Quoted.", "Twice.", "Thrice."],
    "Rule\n\n---\n\nNext": ["Rule", "Next"],
    "- **Refund**: within 14 days.【2†source】 Next.": ["Refund: within 14 days.【2†source】", "Next."],
    "": [],
    " \n ": [],
}


PIECES = [*'ab.!?。！ \n|`*#->[]()1»«"\t\r\u2028', "```", "[1]", "~~~", "1. ", "---"]


@pytest.mark.parametrize("text", TEXTS)
def test_sentences_as_they_are_read(text: str) -> None:
    assert [sentence.said for sentence in sentences_of(text)] == TEXTS[text]


@given(
    st.text()
    | st.lists(st.sampled_from([*'ab.!?。！ \n|`*#->[]()1»«"\t\r\u2028', "```", "[1]", "~~~", "1. ", "---"])).map(
        "".join
    )
)
def test_nothing_of_a_text_is_lost(text: str) -> None:
    found = "".join(sentence.text for sentence in sentences_of(text))
    assert "".join(found.split()) == "".join(text.split())


@given(st.text())
def test_every_sentence_says_something(text: str) -> None:
    assert all(sentence.said.strip() for sentence in sentences_of(text))
