"""What can be wrong with pictures and sounds, put so that a person can act on it."""

from flowloom.errors import ModelError
from flowloom.kinds.content import sound_kind
from flowloom.services.formats import sounds
from flowloom.services.models import failures, refusals
from flowloom.services.models.settings import Provider

LONGEST_SPOKEN = 4_000
"""Characters that are spoken at once; OpenAI takes 4,096."""
_POLICY = ("moderation_blocked", "safety", "content_policy", "content policy", "usage policies", "not allowed by")
_BAD_SOUND = ("file format", "audio file", "could not be decoded", "corrupted", "unsupported format")


def explain(error: Exception, provider: Provider, model: str, key: str) -> ModelError:
    """The ModelError for whatever the vendor's library raised."""
    status, detail = refusals.status_of(error), refusals.detail_of(error).lower()
    if 300 <= status < 400:
        return failures.garbage(provider)
    if status == 413 or "too large" in detail or "maximum content size" in detail:
        return ModelError(
            "This is too large for {provider}.",
            "Use a shorter recording or a smaller picture.",
            code="media.too_large",
            provider=provider.label,
        )
    if status in (400, 403, 422, 451) and any(word in detail for word in _POLICY):
        return refused(provider)
    if status in (400, 415, 422) and any(word in detail for word in _BAD_SOUND):
        return ModelError(
            "{provider} can’t read this recording.",
            "Save it as MP3 or WAV, and attach that.",
            code="media.format",
            provider=provider.label,
        )
    if status in (400, 404, 422) and "voice" in detail:
        return ModelError(
            "{provider} doesn’t have this voice.",
            "Enter the name of one of its voices in the Text to speech block. Its website lists them.",
            code="media.voice",
            provider=provider.label,
        )
    return failures.explain(error, provider, model, key)


def refused(provider: Provider) -> ModelError:
    return ModelError(
        "{provider} refused this because it is against its rules.",
        "Rephrase it without violence, nudity or living people.",
        code="media.refused",
        provider=provider.label,
    )


def slow(provider: Provider, seconds: float) -> ModelError:
    return ModelError(
        "{provider} didn’t finish within {seconds} seconds.",
        "Try again, ask for less, or choose a faster model in Settings.",
        code="model.slow",
        provider=provider.label,
        seconds=f"{seconds:g}",
    )


def too_much(provider: Provider) -> ModelError:
    return ModelError(
        "{provider} sent a file that is too large.",
        "Try again, ask for less, or choose another model in Settings.",
        code="media.too_large",
        provider=provider.label,
    )


def no_picture(provider: Provider, model: str) -> ModelError:
    return ModelError(
        "{model} by {provider} returned a picture that can’t be shown.",
        "Try again. If it happens again, choose another image model in Settings.",
        code="media.picture",
        provider=provider.label,
        model=model,
    )


def no_sound(provider: Provider, model: str) -> ModelError:
    return ModelError(
        "{model} by {provider} returned audio that can’t be played.",
        "Try again. If it happens again, choose another voice model in Settings.",
        code="media.sound",
        provider=provider.label,
        model=model,
    )


def nothing_to_draw() -> ModelError:
    return ModelError(
        "There is no description to draw from.",
        "The incoming text is empty. Check the block before this one.",
        code="media.nothing",
    )


def check_spoken(text: str) -> None:
    """Raises ModelError for a text that is empty or too long."""
    if not text.strip():
        raise ModelError(
            "There is no text to speak.",
            "The incoming text is empty. Check the block before this one.",
            code="media.nothing",
        )
    if len(text) > LONGEST_SPOKEN:
        raise ModelError(
            "The text has {count} characters. The maximum for text to speech is {most}.",
            "Add a Summarise block before this one, or split the text.",
            code="media.too_long",
            count=len(text),
            most=LONGEST_SPOKEN,
        )


def checked_sound(data: bytes) -> str:
    """The media type of a recording. Raises ModelError for anything else, and for one that is too large."""
    media_type = sound_kind(data)
    if not media_type:
        raise ModelError(
            "This file isn’t a recording.",
            "Attach audio as MP3, WAV, M4A, OGG, FLAC or WebM.",
            code="media.format",
        )
    if len(data) > sounds.MAX_BYTES:
        raise ModelError(
            "The recording is larger than 25 MB.",
            "Split it and use one part.",
            code="media.too_large",
        )
    return media_type


def no_moderation() -> ModelError:
    return ModelError(
        "OpenAI moderation needs an OpenAI key.",
        "Open Settings and add OpenAI with its key, or let a chat model judge in this block.",
        code="model.key",
    )


def not_like_openai(provider: Provider) -> ModelError:
    return ModelError(
        "{provider} doesn’t offer images or voice that Flowloom supports.",
        "Choose a model from OpenAI or an OpenAI-compatible server in Settings → Images and voice.",
        code="model.unknown",
        provider=provider.label,
    )
