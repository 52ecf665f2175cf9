"""What can be wrong with pictures and sounds, put so that a person can act on it."""

from flowloom.errors import ModelError
from flowloom.kinds.content import sound_kind
from flowloom.services import sounds
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
            "Take a shorter recording or a smaller picture.",
            code="media.too_large",
            provider=provider.label,
        )
    if status in (400, 403, 422, 451) and any(word in detail for word in _POLICY):
        return refused(provider)
    if status in (400, 415, 422) and any(word in detail for word in _BAD_SOUND):
        return ModelError(
            "{provider} cannot read this recording.",
            "Save it as MP3 or WAV, and attach that.",
            code="media.format",
            provider=provider.label,
        )
    if status in (400, 404, 422) and "voice" in detail:
        return ModelError(
            "{provider} does not know this voice.",
            "Write the name of one of its voices into a Speak block; its website lists them.",
            code="media.voice",
            provider=provider.label,
        )
    return failures.explain(error, provider, model, key)


def refused(provider: Provider) -> ModelError:
    return ModelError(
        "{provider} refused this: it is against its rules.",
        "Put it in other words, and leave out violence, nudity and living persons.",
        code="media.refused",
        provider=provider.label,
    )


def slow(provider: Provider, seconds: float) -> ModelError:
    return ModelError(
        "{provider} did not finish within {seconds} seconds.",
        "Try again, ask for less, or choose a faster model in Settings.",
        code="model.slow",
        provider=provider.label,
        seconds=f"{seconds:g}",
    )


def too_much(provider: Provider) -> ModelError:
    return ModelError(
        "{provider} sent more than a picture or a sound can be large.",
        "Try again, ask for less, or choose another model in Settings.",
        code="media.too_large",
        provider=provider.label,
    )


def no_picture(provider: Provider, model: str) -> ModelError:
    return ModelError(
        "What {model} of {provider} sent is no picture that can be shown.",
        "Try again; if it stays so, choose another model for pictures in Settings.",
        code="media.picture",
        provider=provider.label,
        model=model,
    )


def no_sound(provider: Provider, model: str) -> ModelError:
    return ModelError(
        "What {model} of {provider} sent is no sound that can be played.",
        "Try again; if it stays so, choose another voice model in Settings.",
        code="media.sound",
        provider=provider.label,
        model=model,
    )


def nothing_to_draw() -> ModelError:
    return ModelError(
        "There is nothing to draw.",
        "The text that arrived is empty. Look at the block before this one.",
        code="media.nothing",
    )


def check_spoken(text: str) -> None:
    """Raises ModelError for a text that is empty or too long."""
    if not text.strip():
        raise ModelError(
            "There is nothing to speak.",
            "The text that arrived is empty. Look at the block before this one.",
            code="media.nothing",
        )
    if len(text) > LONGEST_SPOKEN:
        raise ModelError(
            "The text has {count} characters; no more than {most} can be spoken at once.",
            "Put a Summarise block before this one, or speak it in parts.",
            code="media.too_long",
            count=len(text),
            most=LONGEST_SPOKEN,
        )


def checked_sound(data: bytes) -> str:
    """The media type of a recording. Raises ModelError for anything else, and for one that is too large."""
    media_type = sound_kind(data)
    if not media_type:
        raise ModelError(
            "This file is no recording.",
            "Attach speech as MP3, WAV, M4A, OGG, FLAC or WebM.",
            code="media.format",
        )
    if len(data) > sounds.MAX_BYTES:
        raise ModelError(
            "The recording is larger than 25 MB.",
            "Cut it into parts, and take one of them.",
            code="media.too_large",
        )
    return media_type


def no_moderation() -> ModelError:
    return ModelError(
        "The moderation of OpenAI needs a key of OpenAI.",
        "Open Settings and add OpenAI with its key, or let a chat model judge in this block.",
        code="model.key",
    )


def not_like_openai(provider: Provider) -> ModelError:
    return ModelError(
        "{provider} makes no pictures and voices in a way Flowloom knows.",
        "Choose a model of OpenAI, or of a server that speaks like it, in Settings under Pictures and voice.",
        code="model.unknown",
        provider=provider.label,
    )
