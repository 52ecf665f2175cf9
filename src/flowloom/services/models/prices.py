"""What a call cost, by the person's own prices or the public ones that come with genai-prices."""

from collections.abc import Mapping

from flowloom.kinds.values import Usage
from flowloom.services.models.settings import Price, Provider, ProviderKind

_VENDORS: dict[ProviderKind, str] = {
    "openai": "openai",
    "azure": "azure",
    "anthropic": "anthropic",
    "google": "google",
    "mistral": "mistral",
}


def priced(usage: Usage, provider: Provider, prices: Mapping[str, Price]) -> Usage:
    """The usage with its cost in US dollars; None stays where it is not known."""
    return usage.model_copy(update={"cost": find_cost(usage, provider, prices)})


def prepare(provider: Provider) -> None:
    """Read the public prices ahead of the first answer, which should not wait for them."""
    find_cost(Usage(model="none", input_tokens=0, output_tokens=0), provider, {})


def find_cost(usage: Usage, provider: Provider, prices: Mapping[str, Price]) -> float | None:
    if usage.input_tokens is None or usage.output_tokens is None:
        return None
    own = prices.get(f"{provider.id}/{usage.model}") or prices.get(usage.model)
    if own is not None:
        return (usage.input_tokens * own.input + usage.output_tokens * own.output) / 1_000_000
    if provider.kind in ("practice", "local", "ollama"):
        return 0.0
    return _public_cost(usage, provider)


def find_units_cost(model: str, provider: Provider, units: Mapping[str, float]) -> float | None:
    """What so much of something else than plain tokens costs, as genai-prices names it; None where unknown."""
    from genai_prices import Usage as Counted
    from genai_prices import calc_price

    vendor = _VENDORS.get(provider.kind)
    if vendor is None:
        return None
    try:
        found = float(calc_price(Counted(**units), _plain_name(model, vendor), provider_id=vendor).total_price)
    except (LookupError, ValueError, ArithmeticError):
        return None
    # Nothing is what it finds for units the model is not paid by.
    return found or None


def find_window(model: str, provider: Provider) -> int | None:
    """How many tokens one call of a model can hold, question and answer together."""
    from genai_prices.data_snapshot import get_snapshot

    vendor = _VENDORS.get(provider.kind)
    try:
        address = None if vendor else provider.base_url
        _, found = get_snapshot().find_provider_model(_plain_name(model, vendor or ""), None, vendor, address)
        return found.context_window
    except (LookupError, ValueError):
        return None


def _public_cost(usage: Usage, provider: Provider) -> float | None:
    from genai_prices import Usage as Counted
    from genai_prices import calc_price

    # What was read from a cache is a part of all that was read, which genai-prices insists on.
    cached = min(usage.cached_tokens or 0, usage.input_tokens or 0)
    counted = Counted(
        input_tokens=usage.input_tokens, output_tokens=usage.output_tokens, cache_read_tokens=cached or None
    )
    vendor = _VENDORS.get(provider.kind)
    try:
        # Never by the model's name alone: the same model costs something else, or nothing, elsewhere. A model that
        # was tuned, or is newer than the prices, may cost something else too, and so stays unknown.
        if vendor:
            found = calc_price(counted, _plain_name(usage.model, vendor), provider_id=vendor)
        else:
            found = calc_price(counted, usage.model, provider_api_url=provider.base_url)
        return float(found.total_price)
    except (LookupError, ValueError, ArithmeticError):
        return None


def _plain_name(model: str, vendor: str) -> str:
    """The model's name without its vendor's, which some write before it."""
    for prefix in (f"{vendor}/", "models/"):
        if model.lower().startswith(prefix):
            return model[len(prefix) :]
    return model
