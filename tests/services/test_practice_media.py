"""Practice for pictures and voices: always said to be practice, in the person's language, and of real files."""

import asyncio
import io
import wave
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from flowloom.kinds.media import PictureWish, Recording, SpeechWish
from flowloom.kinds.values import Message, ModelRequest, Shown
from flowloom.services.media import practice_picture
from flowloom.services.media.open_media import OpenMedia
from flowloom.services.media.practice_voice import BEAT, MOST, tones
from flowloom.services.models.practice_sight import BROKEN
from flowloom.services.models.practice_texts import NOTES
from flowloom.services.models.router import ModelRouter
from flowloom.services.models.settings import ModelSettings
from flowloom.services.secrets import SecretStore
from tests.media_answers import picture, recording

SECRETS = SecretStore(Path("never-written"))
ROUTER = ModelRouter(ModelSettings(), SECRETS)
MEDIA = OpenMedia(ROUTER, SECRETS)
PRACTICE = {"en": "practice", "zh": "练习", "fr": "essai"}


def done(question: Any) -> Any:
    return asyncio.run(question)


@pytest.mark.parametrize(
    ("language", "prompt"), [("en", "A fox"), ("fr", "Un renard à l’aube"), ("zh", "雪地里的一只红狐狸")]
)
@pytest.mark.parametrize(("size", "points"), practice_picture.SIZES.items())
def test_a_picture_is_a_card_that_says_what_it_is(
    language: str, prompt: str, size: Any, points: tuple[int, int]
) -> None:
    made = done(MEDIA.draw(PictureWish(prompt=prompt, size=size, language=language)))
    with Image.open(io.BytesIO(made.data)) as card:
        assert (card.format, card.size) == ("PNG", points)
    assert PRACTICE[language] in made.note
    assert prompt in made.note
    assert made.usage.cost == 0
    assert made == done(MEDIA.draw(PictureWish(prompt=prompt, size=size, language=language)))


def test_cards_of_other_words_look_other() -> None:
    cards = {
        done(MEDIA.draw(PictureWish(prompt=prompt))).data for prompt in ("A fox", "A cat", "x" * 9_000, "a\n\nb")
    }
    assert len(cards) == 4


def test_letters_that_no_font_has_are_not_drawn_as_boxes() -> None:
    strange = "\U00012000\U00012001"  # signs pressed into clay
    wish = PictureWish(prompt=strange)
    lines = [text for text, _, _ in practice_picture._lines(wish, 500)]
    assert " ".join(lines[3:]) == practice_picture.NO_FONT


def test_no_line_begins_with_a_closing_sign() -> None:
    prompt = "下初雪了！我们堆了个雪人，用胡萝卜当鼻子。图画日记的一页：水彩，色彩柔和，没有文字。" * 3
    for width in range(200, 600, 20):
        lines = practice_picture._wrapped(prompt, 36, width)
        assert not any(line.startswith(tuple(practice_picture.CLOSING)) for line in lines)
        assert "".join(lines) == prompt


def test_where_only_the_librarys_font_is_there_the_card_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(practice_picture, "FONTS", ())
    practice_picture._fonts.cache_clear()
    try:
        lines = [text for text, _, _ in practice_picture._lines(PictureWish(prompt="狐狸", language="zh"), 500)]
    finally:
        practice_picture._fonts.cache_clear()
    assert lines[:2] == [practice_picture.TITLE, practice_picture.SUBTITLE]
    assert " ".join(lines[3:]) == practice_picture.NO_FONT


@pytest.mark.parametrize(
    ("text", "count"), [("Hello", 2), ("Bonjour à tous", 4), ("早上好。", 4), ("x" * 900, MOST), ("?!", 2)]
)
def test_a_voice_is_a_tone_for_each_syllable(text: str, count: int) -> None:
    assert len(list(tones(text))) == count
    made = done(MEDIA.speak(SpeechWish(text=text, format="mp3")))
    with wave.open(io.BytesIO(made.data)) as sound:
        assert sound.getnframes() / sound.getframerate() == pytest.approx(count * BEAT)
    assert (made.media_type, made.usage.cost) == ("audio/wav", 0)
    assert "practice" in made.note


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "To transcribe it, choose a model in Settings → Images and voice"),
        ("fr", "je n’entends pas"),
        ("zh", "我听不见"),
    ],
)
def test_a_recording_is_told_by_its_facts(language: str, said: str) -> None:
    written = done(MEDIA.write_down(Recording(data=recording(2.5), language=language)))
    assert said in written.text
    assert "WAV" in written.text
    assert "2.5" in written.text
    assert written.seconds == 2.5


def test_of_other_kinds_the_length_is_unknown() -> None:
    written = done(MEDIA.write_down(Recording(data=b"OggS" + b"\0" * 2_000)))
    assert "OGG recording: of unknown length, 2 kB" in written.text
    assert written.seconds is None


@pytest.mark.parametrize(
    ("question", "colour", "said"),
    [
        ("What is this?", (200, 30, 40), "PNG, 40 × 30 points; mostly red"),
        ("Que vois-tu sur cette image ?", (35, 80, 215), "PNG, 40 × 30 points ; surtout bleu"),
        ("这是什么？", (250, 250, 250), "PNG，40 × 30 像素；主要是白色"),
    ],
)
def test_a_picture_is_told_by_its_facts(question: str, colour: tuple[int, int, int], said: str) -> None:
    shown = Shown(media_type="image/png", data=picture(colour=colour))
    request = ModelRequest(messages=[Message(role="user", text=question)], pictures=[shown])
    reply = done(ROUTER.reply(request, lambda piece: None))
    assert said in reply.text
    assert any(note in reply.text for note in NOTES)
    assert reply.usage.cost == 0


def test_a_broken_picture_is_told_too() -> None:
    shown = Shown(media_type="image/png", data=picture()[:40])
    request = ModelRequest(messages=[Message(role="user", text="What is this?")], pictures=[shown])
    assert BROKEN["en"] in done(ROUTER.reply(request, lambda piece: None)).text
