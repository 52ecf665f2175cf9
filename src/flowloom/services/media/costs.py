"""What pictures and sounds cost, by the public prices; what is not known stays unknown, never zero."""

from collections.abc import Mapping
from typing import Any

from flowloom.kinds.values import Usage
from flowloom.services.models.prices import find_cost, find_units_cost
from flowloom.services.models.settings import Price, Provider


def of_tokens(model: str, said: Any, provider: Provider, prices: Mapping[str, Price], written: str = "") -> Usage:
    """The usage a server told of in tokens; `written` is the kind of those it wrote, where that has a price."""
    read, wrote = _count(said, "input_tokens"), _count(said, "output_tokens")
    usage = Usage(model=model, input_tokens=read, output_tokens=wrote)
    if read is None or wrote is None:
        return usage
    if f"{provider.id}/{model}" in prices or model in prices:
        return usage.model_copy(update={"cost": find_cost(usage, provider, prices)})
    units = {"input_tokens": read, "output_tokens": wrote}
    for kind in ("image", "audio"):
        found = _count(_part(said, "input_tokens_details", "input_token_details"), f"{kind}_tokens")
        units |= {f"input_{kind}_tokens": found} if found else {}
    units |= {f"output_{written}_tokens": wrote} if written else {}
    return usage.model_copy(update={"cost": find_units_cost(model, provider, units)})


def of_characters(model: str, count: int, provider: Provider) -> Usage:
    """Of a voice that is paid by the letters it speaks; others do not say what they took."""
    return Usage(model=model, cost=find_units_cost(model, provider, {"input_characters": count}))


def of_hearing(model: str, said: Any, provider: Provider, prices: Mapping[str, Price]) -> Usage:
    """Of a recording: paid by tokens, or by its seconds."""
    seconds = getattr(said, "seconds", None)
    if isinstance(seconds, int | float) and 0 < seconds < 1e6:
        return Usage(model=model, cost=find_units_cost(model, provider, {"audio_seconds": seconds}))
    return of_tokens(model, said, provider, prices)


def of_moderation(model: str, provider: Provider) -> Usage:
    """OpenAI takes nothing for it."""
    return Usage(model=model, cost=0.0 if provider.kind == "openai" else None)


def _count(said: Any, name: str) -> int | None:
    value = getattr(said, name, None)
    return value if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else None


def _part(said: Any, *names: str) -> Any:
    return next((part for name in names if (part := getattr(said, name, None)) is not None), None)
