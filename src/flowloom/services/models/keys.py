"""Keys as people paste them: without what came along, and told apart by vendor where their beginning tells."""

import re

from flowloom.errors import Problem
from flowloom.services.models.presets import PRESETS
from flowloom.services.models.settings import Provider

LONGEST = 4_000
"""Characters of what may be pasted as a key."""
_INVISIBLE = re.compile(r"[\s\u200b-\u200f\u2060\ufeff]")
_QUOTES = "\"'`“”‘’«»„"
_BEARER = re.compile(r"(?:authorization:)?bearer", re.IGNORECASE)
BEGINNINGS = {
    "sk-ant-": "anthropic",
    "sk-or-": "openrouter",
    "sk-proj-": "openai",
    "AIza": "google",
    "gsk_": "groq",
    "xai-": "xai",
}
"""How the keys of vendors begin that can be told by it, as their own pages show them."""


def clean_key(pasted: str) -> str:
    """The key in what was pasted: without blanks, quotes, the name of a variable, or the word Bearer before it."""
    key = _trimmed(_INVISIBLE.sub("", pasted[:LONGEST]).removeprefix("$env:"))
    for sign in "=:":
        name, _, value = key.partition(sign)
        if value and name.upper().endswith(("KEY", "TOKEN")) and name.isidentifier():
            key = _trimmed(value)
    found = _BEARER.match(key)
    return _trimmed(key[found.end() :]) if found else key


def _trimmed(key: str) -> str:
    return key.strip(_QUOTES + ";,")


def problem_of(key: str, provider: Provider) -> Problem | None:
    """What is wrong with a key before it is tried, None where nothing is known to be."""
    if not key.isascii():
        return Problem.of(
            "models.key",
            "This isn’t a key: it has letters that no key has.",
            "Copy the key again from the website of {provider}.",
            provider=provider.label,
        )
    theirs = next((vendor for beginning, vendor in BEGINNINGS.items() if key.startswith(beginning)), provider.id)
    # A server of one's own may well pass on the keys of others.
    if theirs == provider.id or provider.id not in BEGINNINGS.values():
        return None
    name = next(preset.name for preset in PRESETS if preset.id == theirs)
    return Problem.of(
        "models.key",
        "This is a key of {other}, not of {provider}.",
        "Copy the key from the website of {provider}, or add {other} instead.",
        other=name,
        provider=provider.label,
    )
