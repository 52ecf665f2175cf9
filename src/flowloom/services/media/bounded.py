"""A client of the openai SDK that asks each thing once, as what it asks for costs money."""

from typing import TYPE_CHECKING

from flowloom.services.models import bounds
from flowloom.services.models.openai_chat import base_url
from flowloom.services.models.settings import Provider

if TYPE_CHECKING:
    from openai import AsyncOpenAI


def open_bounded(provider: Provider, key: str, seconds: float, most: int) -> "AsyncOpenAI":
    """A client whose answers are read within `seconds`. Answers over `most` bytes raise TooMuch."""
    from openai import AsyncOpenAI

    limits = bounds.Bounds(seconds, seconds, most)
    return AsyncOpenAI(
        api_key=key or "none",  # the SDK wants one even where the server does not
        base_url=base_url(provider),
        timeout=bounds.timeout_of(limits),
        max_retries=0,
        http_client=bounds.open_async(limits),
    )
