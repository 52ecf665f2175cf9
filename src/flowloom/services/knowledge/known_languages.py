"""Whether the built-in encoder knows the language of a text: by its writing system, and by its pieces."""

import re
import unicodedata
from collections.abc import Callable, Sequence

SAMPLE = 400
"""Characters of a text that are looked at: its language shows in its first sentences."""
_ENOUGH = 30
"""Letters from which the pieces tell a language; shorter texts are taken as known where their letters are."""
_SCRIPTS = frozenset({"LATIN", "CYRILLIC", "ARABIC", "CJK", "HIRAGANA", "KATAKANA", "HANGUL", "THAI"})
# A language that the encoder learnt falls into long pieces, any other into syllables. Measured on one paragraph
# each: of its languages Polish has the shortest pieces (3.0 letters) and Arabic 2.4; Latin has 2.5, Danish 2.2,
# Czech 1.7, Ukrainian 1.8, Persian 1.5. Indonesian (2.8) it was never taught, but understands.
_SHORTEST = {"LATIN": 2.6, "CYRILLIC": 2.6, "ARABIC": 1.9}
_WORDS_ASIDE = re.compile(r"[^\W_]+")

Pieces = Callable[[str], Sequence[int]]


def knows(text: str, pieces: Pieces) -> bool:
    """Whether vectors of this text mean something; `pieces` cuts a text the way the encoder does."""
    sample = " ".join(_WORDS_ASIDE.findall(text[:SAMPLE]))
    letters = [script_of(letter) for letter in sample if letter.isalpha()]
    if not letters:
        return False
    main = max(set(letters), key=letters.count)
    if main not in _SCRIPTS:
        return False
    if len(letters) < _ENOUGH or main not in _SHORTEST:
        return True
    return len(letters) / max(1, len(pieces(sample))) >= _SHORTEST[main]


def script_of(letter: str) -> str:
    """The writing system of a letter as Unicode names it, such as LATIN or CJK."""
    return "LATIN" if letter.isascii() else unicodedata.name(letter, "").split(" ", 1)[0]
