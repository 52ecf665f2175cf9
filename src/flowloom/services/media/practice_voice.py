"""The practice model's voice and ear: tones in place of words, and the facts of a recording it cannot hear."""

import io
import re
import wave
from collections.abc import Iterator

from flowloom.kinds.media import Made, Recording, SpeechWish, Written
from flowloom.kinds.values import Usage
from flowloom.locales import translate
from flowloom.services.formats import sounds

NOTE = (
    "This is a practice voice: one tone per syllable, no words. For a real voice, choose a model in "
    "Settings → Images and voice."
)
HEARD = (
    "(Practice model: I can’t hear. This is a {kind} recording: {length}, {size} kB. To transcribe "
    "it, choose a model in Settings → Images and voice.)"
)
LENGTH, UNKNOWN = "{seconds} seconds", "of unknown length"
RATE = 16_000
BEAT = 0.15
MOST = 80
"""Syllables that are sounded; longer texts end there."""
SCALE = (262, 294, 330, 392, 440, 523, 587)
"""Tones, in hertz, that sound well one after another."""
_VOWELS = "aeiouyàâäéèêëîïôöùûüœæ"
_SYLLABLE = re.compile(
    rf"[\u4e00-\u9fff]|[^\W\d_{_VOWELS}]*[{_VOWELS}]+(?:[^\W\d_{_VOWELS}]+(?![^\W\d_]))?|[^\W_]|[.,;:!?。，；：！？…]",
    re.IGNORECASE,
)


def speak(wish: SpeechWish) -> Made:
    """A WAV of tones, whatever format was wished: this needs no coder."""
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setparams((1, 2, RATE, 0, "NONE", ""))
        for hertz in tones(wish.text):
            file.writeframes(_beat(hertz))
    note = translate(NOTE, wish.language)
    return Made(data=out.getvalue(), media_type="audio/wav", note=note, usage=Usage(model="practice", cost=0.0))


def tones(text: str) -> Iterator[int]:
    """The pitch of each syllable; 0 is a pause."""
    for syllable in list(_SYLLABLE.findall(text))[:MOST] or [text]:
        is_word = any(letter.isalnum() for letter in syllable)
        yield SCALE[sum(map(ord, syllable.lower())) % len(SCALE)] if is_word else 0


def _beat(hertz: int) -> bytes:
    import numpy

    at = numpy.arange(int(RATE * BEAT)) / RATE
    # Swells and fades, as a tone that is cut off clicks.
    loudness = numpy.sin(numpy.pi * at / BEAT) * (9_000 if hertz else 0)
    return bytes((loudness * numpy.sin(2 * numpy.pi * hertz * at)).astype("<i2").tobytes())


def write_down(recording: Recording, media_type: str) -> Written:
    """What can be known of a recording without hearing it."""
    seconds = sounds.seconds_of(recording.data)
    language = recording.language
    length = (
        translate(UNKNOWN, language) if seconds is None else translate(LENGTH, language, seconds=f"{seconds:.1f}")
    )
    kind = sounds.ENDINGS[media_type].removeprefix(".").upper()
    text = translate(HEARD, language, kind=kind, length=length, size=max(1, len(recording.data) // 1000))
    return Written(text=text, seconds=seconds, usage=Usage(model="practice", cost=0.0))
