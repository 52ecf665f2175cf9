"""An answer cut into pieces: whole characters, honest chances, and beginnings one can go on from."""

import math
from typing import Any, NamedTuple

import pytest

from flowloom.kinds.values import Candidate, Token
from flowloom.services.models.token_pieces import read_tokens
from flowloom.studio.pieces import pieces_of, sureness


def token(data: bytes, chance: float, **others: float) -> Token:
    """Others are named by their bytes in hex, with an x before."""
    kept = [Candidate(raw=name[1:], logprob=math.log(each)) for name, each in others.items()]
    return Token(raw=data.hex(), logprob=math.log(chance), others=tuple(kept))


class Case(NamedTuple):
    tokens: list[Token]
    texts: list[str]
    chances: list[float]
    choices: list[tuple[str, str | None]]
    """Text and beginning of each choice of the last piece."""
    begun: str = ""


CASES = {
    "plain": Case(
        [token(b"Hi", 0.5), token(b" you", 0.25, x207468657265=0.5)],
        ["Hi", " you"],
        [0.5, 0.25],
        [(" there", "Hi there"), (" you", "Hi you")],
    ),
    "a Chinese character of two tokens": Case(
        [token(b"\xe4\xbd", 0.5, xe4b8=0.4), token(b"\xa0", 0.5, xa8=0.25)],
        ["你"],
        [0.25],
        [("‹E4›‹BD›", None), ("‹E4›‹B8›", None), ("你", "你"), ("佨", "佨")],
    ),
    "an emoji cut in three, after a beginning": Case(
        [token(b"\xf0\x9f", 0.5), token(b"\x8e", 1.0), token(b"\xb2", 0.5, x89=0.5)],
        ["🎲"],
        [0.25],
        [("‹F0›‹9F›", None), ("‹F0›‹9F›‹8E›", None), ("🎲", "Roll 🎲"), ("🎉", "Roll 🎉")],
        "Roll ",
    ),
    "bytes that can never be a character": Case([token(b"\xff", 1.0)], ["�"], [1.0], [("‹FF›", None)]),
    "an answer cut in the midst of a character": Case([token(b"a\xe4", 1.0)], ["a�"], [1.0], [("a‹E4›", None)]),
    "the end, which nobody goes on from": Case(
        [token(b"A", 1.0), token(b"", 0.5, x21=0.25)], ["A", ""], [1.0, 0.5], [("", None), ("!", "A!")]
    ),
    "a token of several characters": Case([token("你好".encode(), 1.0)], ["你好"], [1.0], [("你好", "你好")]),
}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_pieces(case: Case) -> None:
    found = pieces_of(case.tokens, case.begun)
    assert [piece.text for piece in found] == case.texts
    assert [piece.chance for piece in found] == pytest.approx(case.chances)
    assert [(each.text, each.begun) for place in found[-1].places for each in place.choices] == case.choices


def test_how_sure_a_model_was_on_average() -> None:
    assert sureness([token(b"a", 0.5), token(b"b", 0.5)]) == pytest.approx(math.log(0.5))
    assert sureness([]) is None


def told(text: str, logprob: Any, **more: Any) -> dict[str, Any]:
    return {"token": text, "logprob": logprob, **more}


READ = {
    "as OpenAI tells it": (
        {"content": [told("Hé", -0.1, bytes=[72, 195, 169], top_logprobs=[told("Ho", -2, bytes=[72, 111])])]},
        [("48c3a9", -0.1, ["486f"])],
    ),
    "no bytes": ({"content": [told("Hé", -0.1)]}, [("48c3a9", -0.1, [])]),
    "llama.cpp tells a cut character by its last token": (
        {
            "content": [
                told(
                    "🎲", -0.2, id=127, bytes=[240, 159, 142, 178],
                    top_logprobs=[told("�", -0.2, id=127, bytes=[178]), told("�", -3, id=227, bytes=[137])],
                )
            ]
        },
        [("f09f8eb2", -0.2, ["f09f8eb2", "f09f8e89"])],
    ),
    "the end": ({"content": [told("", -0.5, bytes=[])]}, [("", -0.5, [])]),
    "a chance of none": ({"content": [told("a", float("-inf"))]}, [("61", -9999.0, [])]),
    "half a surrogate": ({"content": [told("\ud83d", -1)]}, [("efbfbd", -1.0, [])]),
    "no numbers": ({"content": [told("a", None), told("a", "x"), told("a", float("nan")), told("a", True)]}, []),
    "odd bytes": ({"content": [told("a", -1, bytes=[300, "x"])]}, [("61", -1.0, [])]),
    "another shape": ({"tokens": ["a"], "token_logprobs": [-1]}, []),
    "nothing": (None, []),
    "a text": ("x", []),
}  # fmt: skip


@pytest.mark.parametrize(("given", "tokens"), READ.values(), ids=READ)
def test_what_servers_tell(given: Any, tokens: list[tuple[str, float, list[str]]]) -> None:
    found = [(each.raw, each.logprob, [other.raw for other in each.others]) for each in read_tokens(given)]
    assert found == tokens
