"""How scripts write words: which put spaces between them, which marks belong to a letter, what hangs on a word."""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

HAN = (
    "\u3005-\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
    "\u3041-\u309f\u30a1-\u30fa\u30fc-\u30ff\u31f0-\u31ff\uff66-\uff9f"  # kana
)
"""Chinese characters and the Japanese syllables between them, which are written without spaces."""
HANGUL = "\u1100-\u11ff\u3131-\u318e\ua960-\ua97f\uac00-\ud7a3\ud7b0-\ud7ff\uffa1-\uffdc"
DENSE = (
    "\u0e01-\u0e3a\u0e40-\u0e4e"  # Thai
    "\u0e81-\u0ebd\u0ec0-\u0ecf\u0edc-\u0edf"  # Lao
    "\u1000-\u103f\u1050-\u108f\u109a-\u109f\ua9e0-\ua9ef\uaa60-\uaa7f"  # Burmese
    "\u1780-\u17d3\u17d7\u17dc\u17dd"  # Khmer
)
"""Alphabets whose words follow each other without spaces."""
GRAMMED = HAN + HANGUL + DENSE
_SUPPLEMENT = "\U00020000-\U0003ffff"


def _ranges(codes: Iterator[int]) -> str:
    found: list[list[int]] = []
    for code in codes:
        if found and code == found[-1][1] + 1:
            found[-1][1] = code
        else:
            found.append([code, code])
    return "".join(f"\\u{first:04x}-\\u{last:04x}" for first, last in found)


MARKS = _ranges(
    code
    for code in (*range(0x300, 0x1E00), *range(0x20D0, 0x2100), *range(0x302A, 0x3030), *range(0xA66F, 0xABF0))
    if unicodedata.category(chr(code)) in ("Mn", "Mc") and not re.match(f"[{GRAMMED}]", chr(code))
)
"""Signs that belong to the letter before them: accents, and the vowels of Hindi, Tamil, Arabic or Hebrew."""
_SPACED = rf"[^\W_{GRAMMED}{_SUPPLEMENT}](?:[^\W_{GRAMMED}{_SUPPLEMENT}]|[{MARKS}])*"
RUN = re.compile(rf"[{HAN}{_SUPPLEMENT}]+|[{HANGUL}]+|[{DENSE}]+|{_SPACED}")
"""A word where words have spaces between them, else a stretch of one script."""
_IS_HANGUL, _IS_DENSE = re.compile(f"[{HANGUL}]"), re.compile(f"[{DENSE}]")
_IS_GRAMMED = re.compile(f"[{GRAMMED}{_SUPPLEMENT}]")
_HAN, _KANA = re.compile("[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]"), re.compile(f"[\u3041-\u30ff{HANGUL}]")
# Accents, vowels that only careful texts write, tones; the vowels of India are letters like others.
_LOOSE = re.compile(
    "[\u0300-\u036f\u0483-\u0489\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u0640\u064b-\u065f"
    "\u0670\u06d6-\u06dc\u06df-\u06e8\u06ea-\u06ed\u0e48-\u0e4b\u0ec8-\u0ecb\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff]"
)
_LETTERS = str.maketrans(
    {
        **{"œ": "oe", "Œ": "oe", "æ": "ae", "Æ": "ae", "ß": "ss", "ø": "o", "Ø": "o", "ł": "l", "Ł": "l", "đ": "d"},
        # Arabic and Persian letters that are written for one another; the last forms of Hebrew letters.
        **{"ى": "ي", "ی": "ي", "ة": "ه", "ک": "ك", "ך": "כ", "ם": "מ", "ן": "נ", "ף": "פ", "ץ": "צ"},
        **{chr(zero + digit): str(digit) for zero in (0x660, 0x6F0, 0x966, 0xE50) for digit in range(10)},
    }
)


def fold(text: str) -> str:
    """The text without accents and capitals, so that Été, ete and ÉTÉ are one; syllables of Korean stay whole."""
    if text.isascii():
        return text.lower()
    apart = _LOOSE.sub("", unicodedata.normalize("NFKD", text).translate(_LETTERS))
    return unicodedata.normalize("NFC", apart).casefold()


def is_grammed(word: str) -> bool:
    """Whether a word is found by runs of its letters, as nothing says where it ends."""
    return _IS_GRAMMED.match(word) is not None


def is_han(word: str) -> bool:
    return is_grammed(word) and not _IS_HANGUL.match(word) and not _IS_DENSE.match(word)


def is_chinese(text: str) -> bool:
    """Whether a text is mostly Chinese: its characters, and no Japanese or Korean syllables among them."""
    characters = len(_HAN.findall(text))
    return characters * 4 > len(re.findall(r"\w", text)) and len(_KANA.findall(text)) * 10 < characters


def grams(run: str) -> list[tuple[str, int, int]]:
    """What a run of Korean, Thai, Lao, Burmese or Khmer is found by, folded, each with its place in the run."""
    if _IS_HANGUL.match(run):
        return [(fold(pair), start, end) for pair, start, end in _korean(run)]
    letters = [(letter, at) for at, written in enumerate(run) for letter in fold(written)]
    size = min(3, len(letters))
    several = (letters[at : at + size] for at in range(len(letters) - size + 1))
    return [("".join(letter for letter, _ in few), few[0][1], few[-1][1] + 1) for few in several if few]


# What follows a Korean noun or verb, longest first.
_KOREAN = sorted(
    (
        "은 는 이 가 을 를 의 에 도 로 와 과 만 께 에서 에게 한테 까지 부터 으로 처럼 보다 이나 이라 하고 "
        "마다 조차 밖에 에는 에도 에서는 에서도 으로는 로는 이란 이라는 으로부터 로부터 입니다 합니다 됩니다 "
        "습니다 인가요 하나요 나요 하면 하려면 하세요 하는 해요 이에요 예요 했습니다 되나요 되면 되는 할까요 "
        "까요 하지"
    ).split(),
    key=len,
    reverse=True,
)


def _korean(word: str) -> list[tuple[str, int, int]]:
    """Pairs of syllables of what is left without its ending; of two syllables the first may be all there is."""
    ending = next((each for each in _KOREAN if word.endswith(each) and len(word) > len(each)), "")
    stem = len(word) - len(ending)
    if stem == 1:
        return [(word, 0, len(word)), (word[:1], 0, 1)] if len(word) == 2 else [(word[:1], 0, 1)]
    return [(word[at : at + 2], at, at + 2) for at in range(max(1, stem - 1))]


_ARABIC = re.compile("[\u0621-\u06d3]+")
_HEBREW = re.compile("[\u05d0-\u05ea]+")
_ARABIC_FRONTS = ("وال", "بال", "كال", "فال", "لل", "ال", "و")
_ARABIC_ENDS = ("ها", "ان", "ات", "ون", "ين", "يه", "ية", "ه", "ي")


@lru_cache(maxsize=20_000)
def semitic_stem(word: str) -> str:
    """An Arabic or Hebrew word without article and endings, others as they are.

    For Arabic the light stemmer of Larkey, Ballesteros and Connell (2007), as Lucene has it.
    """
    if _ARABIC.fullmatch(word):
        front = next((each for each in _ARABIC_FRONTS if word.startswith(each) and len(word) - len(each) >= 3), "")
        word = word[len(front) :]
        for end in _ARABIC_ENDS:
            if word.endswith(end) and len(word) - len(end) >= 3:
                word = word[: -len(end)]
        return word
    if _HEBREW.fullmatch(word):
        # Article, “and”, “in”, “like”, “to”, “from”, “that” are written as part of the word, several at once.
        while len(word) > 3 and word[0] in "הובכלמש":
            word = word[1:]
        return word[:-2] if len(word) >= 5 and word.endswith(("ימ", "ות")) else word
    return word
