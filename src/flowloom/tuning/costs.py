"""What a fine-tuning costs, before it begins: tokens, times how often they are read, times the price."""

from flowloom.services.models.settings import Provider

PRICES = {
    "gpt-4.1-nano": 1.5,
    "gpt-4.1-mini": 5.0,
    "gpt-4.1": 25.0,
    "gpt-4o-mini": 3.0,
    "gpt-4o": 25.0,
}
"""US dollars for a million tokens that OpenAI trains on, as its page told; a person can correct them."""


def usual_price(provider: Provider, base: str) -> float | None:
    """What is known; None is unknown, never nothing."""
    if provider.kind != "openai":
        return None
    names = sorted((name for name in PRICES if base == name or base.startswith(f"{name}-20")), key=len)
    return PRICES[names[-1]] if names else None


def cost_of(tokens: int, epochs: int, price: float | None) -> float | None:
    """In US dollars; None where the price is unknown."""
    return None if price is None else tokens * epochs * price / 1_000_000
