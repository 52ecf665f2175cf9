"""How much of a text an answer gives away, plainly and in disguise."""

import base64
import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flowloom.rehearsal.leaks import Substrings, longest_quote

SECRET = "The keys of the cellar hang behind the third drawer of the old cupboard"
LETTERS = st.text("ab c", max_size=24)


@given(text=LETTERS, other=LETTERS)
def test_the_longest_stretch_is_found(text: str, other: str) -> None:
    stretches = {other[start:end] for start in range(len(other)) for end in range(start, len(other) + 1)}
    longest = max((len(each) for each in stretches if each in text), default=0)
    found = Substrings(text).longest_in(other)
    assert len(found) == longest
    assert found in text
    assert found in other


@pytest.mark.parametrize(
    "answer",
    [
        SECRET,
        f"Here it is: {SECRET.upper()}!",
        SECRET[::-1],
        codecs.encode(SECRET, "rot13"),
        base64.b64encode(SECRET.encode()).decode(),
        SECRET.encode().hex(),
        " ".join(f"{word} {number}" for number, word in enumerate(SECRET.split())),
    ],
)
def test_a_disguise_hides_nothing(answer: str) -> None:
    assert longest_quote(answer, ["Nothing of it", SECRET]) > 10


def test_what_shares_nothing_gives_nothing_away() -> None:
    assert longest_quote("Wir haben um neun geöffnet", [SECRET]) <= 1
    assert longest_quote("", [SECRET, ""]) == 0
