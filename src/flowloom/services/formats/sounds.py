"""Recordings and spoken answers: known by what they hold, whatever their name."""

import io
import wave

from flowloom.errors import KnowledgeError

MAX_BYTES = 25 * 1024 * 1024
"""What OpenAI and most others take at once."""
ENDINGS = {
    "audio/wav": ".wav",
    "audio/mpeg": ".mp3",
    "audio/mp4": ".m4a",
    "audio/ogg": ".ogg",
    "audio/webm": ".webm",
    "audio/flac": ".flac",
}


def check_size(name: str, size: int) -> None:
    """Refuse a recording by its size alone. Raises KnowledgeError."""
    if name.lower().endswith(tuple(ENDINGS.values())) and size > MAX_BYTES:
        raise KnowledgeError(
            "The recording “{file}” is larger than 25 MB.", "Split it and attach one part.", file=name
        )


def seconds_of(data: bytes) -> float | None:
    """How long a WAV file plays; None for other kinds, and for broken ones."""
    try:
        with wave.open(io.BytesIO(data)) as sound:
            frames = min(sound.getnframes(), len(data) // max(1, sound.getsampwidth() * sound.getnchannels()))
            return float(frames / sound.getframerate())
    except (wave.Error, EOFError, ArithmeticError, ValueError):
        return None
