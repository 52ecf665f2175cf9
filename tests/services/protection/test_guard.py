"""What leaves a GPT whose texts are protected."""

import base64
import codecs
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flowloom.services.protection.guard import Protected, QuoteGuard

ENGLISH = """The wardens of the north gate change at six in the morning and again at ten in the evening. Whoever
comes late writes a line in the green book and tells the steward why; nobody is sent home for it. In
winter the gate stays open until the last coach has passed, which the lamplighter makes known by two
short whistles. The key to the small tower hangs behind the third brick to the left of the stove, and
only the two eldest know of it."""
FRENCH = """Les gardiens de la porte nord se relaient à six heures du matin puis à dix heures du soir. Celui qui
arrive en retard écrit une ligne dans le livre vert et explique pourquoi à l’intendant ; personne n’est
renvoyé pour cela. En hiver la porte reste ouverte jusqu’au passage de la dernière diligence, annoncé
par deux coups de sifflet brefs."""
CHINESE = (
    "北门的守卫每天早上六点和晚上十点换班。迟到的人在绿色的本子上写一行字，并向管家说明原因，没有人因此被遣送回家。"
    "冬天，大门一直开到最后一班马车通过为止，由点灯人吹两声短哨告知。小塔楼的钥匙挂在炉子左边第三块砖的后面，只有两位最年长的人知道。"
)
TEXTS = {"en": ENGLISH, "fr": FRENCH, "zh": CHINESE}
PROTECTED = Protected.of(TEXTS.values())
DISGUISES: dict[str, Callable[[str], str]] = {
    "word for word": lambda text: text,
    "in capitals": str.upper,
    "turned round": lambda text: text[::-1],
    "letter by letter": lambda text: " ".join(text),
    "with dashes": lambda text: "-".join(text),
    "a letter a line": lambda text: "\n".join(text),
    "numbered": lambda text: "\n".join(f"{number}. {word}" for number, word in enumerate(text.split(" "))),
    "in a table": lambda text: "\n".join(f"| {word} | x"[:-1] for word in text.split(" ")),
    "in base64": lambda text: base64.b64encode(text.encode()).decode(),
    "in base64 by lines": lambda text: base64.encodebytes(text.encode()).decode(),
    "in hexadecimal": lambda text: text.encode().hex(" "),
    "in a wide font": lambda text: "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in text),
    "without accents": lambda text: text.replace("é", "e").replace("à", "a").replace("è", "e"),
    "one sign in forty changed": lambda text: "".join("*" if n % 40 == 39 else c for n, c in enumerate(text)),
}


def guard(said: tuple[str, ...] = (), words: int = 30) -> QuoteGuard:
    return QuoteGuard(PROTECTED, words, said)


@pytest.mark.parametrize("language", TEXTS)
@pytest.mark.parametrize("disguise", DISGUISES)
def test_no_long_quote_leaves_in_a_disguise(language: str, disguise: str) -> None:
    said = "Of course, here it is: " + DISGUISES[disguise](TEXTS[language])
    kept, count = guard().clean({"text": said})
    assert count
    assert "[… protected …]" in kept["text"]
    assert kept["text"].startswith("Of course")
    assert len(kept["text"]) < 60


def test_shifted_letters_are_read_as_well() -> None:
    assert guard().clean({"text": codecs.encode(ENGLISH, "rot13")})[1]


@pytest.mark.parametrize(
    "answer",
    [
        "The gate opens at six. You told me “the wardens of the north gate change at six in the morning”.",
        "Wer zu spät kommt, schreibt eine Zeile in das grüne Buch und sagt dem Verwalter, warum.",
        "迟到的人要在绿色的本子上写一行字。",
        "Un retard se note dans le livre vert, et l’intendant en apprend la raison.",
        "0123456789 " * 50,
        "aGVsbG8gd29ybGQ= and c0ffee " * 10,
        "",
    ],
)
def test_short_quotes_and_own_words_leave_as_they_are(answer: str) -> None:
    assert guard().clean({"text": answer}) == ({"text": answer}, 0)


def test_many_short_quotes_are_one_long_one() -> None:
    words = ENGLISH.split()
    pieces = [" ".join(words[at : at + 25]) for at in range(0, len(words) - 25, 25)]
    _, count = guard(words=26).clean({"text": "\n\nAnd then, as far as I can tell from it:\n\n".join(pieces)})
    assert (count, len(pieces)) == (0, 3)
    assert guard(words=10).clean({"text": " xxxx yyyy zzzz ".join(pieces)})[1]


def test_a_quote_over_several_answers_is_one_quote() -> None:
    words = ENGLISH.split()
    parts = [" ".join(words[at : at + 20]) for at in range(0, 80, 20)]
    said: list[str] = []
    cut = []
    for part in parts:
        kept, count = guard(tuple(said)).clean({"text": f"It goes on: {part}"})
        cut.append(count)
        said.append(kept["text"])
    assert cut[:2] == [0, 0]
    assert 1 in cut[2:]
    # The same short passage again tells nothing new.
    assert guard((parts[0],)).clean({"text": parts[0]})[1] == 0


def test_values_are_looked_at_however_deep() -> None:
    english, chinese = ENGLISH.rstrip("."), CHINESE.rstrip("。")
    kept, count = guard().clean({"rows": [{"note": english, "n": 3}, (chinese, None)], english: True})
    assert count == 3
    assert kept == {
        "rows": [{"note": "[… protected …]", "n": 3}, ["[… protected …]", None]],
        "[… protected …]": True,
    }


@pytest.mark.parametrize("size", [1, 7, 50, 1_000])
def test_a_stream_ends_before_a_quote_grows_too_long(size: int) -> None:
    hear = guard(words=10).listen()
    said = "Here you are, as you asked for it so politely. " * 3 + ENGLISH
    shown = "".join(hear(said[at : at + size]) for at in range(0, len(said), size))
    assert said.startswith(shown)
    assert guard(words=10).clean({"text": shown})[1] == 0
    if size < 50:
        assert shown


def test_a_stream_of_own_words_is_shown_whole() -> None:
    hear, said = guard().listen(), "These are words of my own, and there are many of them.\n" * 40
    assert "".join(hear(sign) for sign in said) == said


@given(st.text(max_size=300))
def test_any_text_is_cleaned_to_one_that_may_leave(text: str) -> None:
    kept, _ = guard().clean({"text": text + ENGLISH[40:320] + text})
    assert guard().clean(kept) == (kept, 0)
