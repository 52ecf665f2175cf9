"""What the practice model quotes: by words where they tell, else the sentence by which a search found a passage."""

import pytest

from flowloom.kinds.values import Match, Passage
from flowloom.services.models.practice_citing import cite
from flowloom.services.models.practice_rules import answer_from, tell_result

LEAVE = "The year has rules. Full-time employees receive 25 days of paid leave. Ask your manager. Enjoy it."
PAY = "Salaries are paid on the 25th. The pay slip appears in the portal."
PAY_SENTENCES = ("Salaries are paid on the 25th.", "The pay slip appears in the portal.")
FAQ = "What if I am ill? Call your manager before nine. From day four a certificate is required."


def passage(text: str, sentence: str = "", score: float = 0.4) -> Passage:
    return Passage(text=text, file="a.md", score=score, why=Match(by_meaning=1, sentence=sentence))


DAYS = "Full-time employees receive 25 days of paid leave."


@pytest.mark.parametrize(
    ("question", "passages", "quoted"),
    [
        ("能休多久？", [passage(LEAVE, DAYS)], [(0, DAYS), (0, "Ask your manager."), (0, "Enjoy it.")]),
        # Words of another passage say less than what is nearest, unless they are most of the question.
        (
            "能休多久？",
            [passage(LEAVE, DAYS), passage("几天", "几天", 0.1)],
            [(0, DAYS), (0, "Ask your manager."), (0, "Enjoy it.")],
        ),
        ("When are salaries paid?", [passage(LEAVE, DAYS), passage(PAY)], [(1, "Salaries are paid on the 25th.")]),
        # Two passages that fit alike are both quoted.
        (
            "几天",
            [passage(LEAVE, DAYS), passage(PAY, "The pay slip appears in the portal.", 0.39)],
            [(0, DAYS), (0, "Ask your manager."), (1, "The pay slip appears in the portal.")],
        ),
        # A question is answered by what follows it.
        (
            "发烧了怎么办？",
            [passage(FAQ, "What if I am ill?")],
            [(0, "Call your manager before nine."), (0, "From day four a certificate is required.")],
        ),
        ("几天", [passage(PAY, "no longer there")], [(0, sentence) for sentence in PAY_SENTENCES]),
        ("几天", [passage(LEAVE)], []),
        ("几天", [passage("", "x")], []),
        ("几天", [], []),
    ],
)
def test_quotes(question: str, passages: list[Passage], quoted: list[tuple[int, str]]) -> None:
    assert cite(question, passages) == quoted


@pytest.mark.parametrize(
    ("text", "sentence", "said"),
    [
        (LEAVE, DAYS, f"{DAYS} [1] Ask your manager. [1]"),
        (
            "全职员工有 25 天年假。请问你的经理。",
            "全职员工有 25 天年假。",
            "全职员工有 25 天年假。 [1]请问你的经理。 [1]",
        ),
    ],
)
def test_sentences_stand_apart_as_in_their_own_language(text: str, sentence: str, said: str) -> None:
    assert said in answer_from("能休多久？", [passage(text, sentence)], "zh")


def test_what_a_tool_found_is_quoted_in_another_language() -> None:
    text = f"[1] handbook.md, Leave\n{LEAVE}\n\n[2] handbook.md, Pay\n{PAY}"
    told = tell_result("能休多久？", [text], "zh")
    assert "25 days of paid leave" in told
    assert "[1] handbook.md, Leave" in told
