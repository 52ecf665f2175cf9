"""What is known of a model before it is asked: where it works, and the most a call of it can cost."""

from urllib.parse import urlsplit

from flowloom.errors import ModelError
from flowloom.kinds.values import ModelFacts, Usage
from flowloom.services.models.fallbacks import line_up
from flowloom.services.models.openai_chat import base_url
from flowloom.services.models.prices import find_cost, find_window
from flowloom.services.models.router import find_model
from flowloom.services.models.settings import ModelSettings, Provider, ProviderKind

HOSTS: dict[ProviderKind, str] = {
    "anthropic": "https://api.anthropic.com",
    "google": "https://generativelanguage.googleapis.com",
    "mistral": "https://api.mistral.ai",
}
HERE = frozenset({"localhost", "127.0.0.1", "::1", "0.0.0.0"})
"""How this computer is called."""


def facts_of(settings: ModelSettings, wanted: str) -> ModelFacts:
    """The facts of a role or `provider/model` and of those that stand in for it."""
    first, *others = line_up(settings, wanted)
    stand_ins = tuple(_facts_of(settings, other) for other in others)
    return _facts_of(settings, first).model_copy(update={"stand_ins": stand_ins})


def _facts_of(settings: ModelSettings, wanted: str) -> ModelFacts:
    """Little is known of one that is not set up."""
    try:
        provider, model = find_model(settings, wanted)
    except ModelError:
        return ModelFacts(name=wanted)
    name, host = f"{provider.id}/{model}", host_of(provider)
    window = find_window(model, provider)
    free = _costs(settings, provider, model, 1) == 0
    if free or window is None:
        return ModelFacts(name=name, host=host, call=0.0 if free else None, token=0.0 if free else None)
    call = _costs(settings, provider, model, window)
    return ModelFacts(name=name, host=host, call=call, token=None if call is None else call / window)


def embedding_host(settings: ModelSettings) -> str:
    """Where questions to documents go to be compared by meaning, "" for this computer."""
    if not settings.embedding:
        return ""
    try:
        return host_of(find_model(settings, settings.embedding)[0])
    except ModelError:
        return ""


def host_of(provider: Provider) -> str:
    """The host a provider's models are asked at, "" for this computer."""
    if provider.kind in ("practice", "local"):
        return ""
    address = provider.base_url or HOSTS.get(provider.kind) or base_url(provider)
    host = urlsplit(address).hostname or ""
    return "" if host in HERE or host.endswith(".localhost") else host


def _costs(settings: ModelSettings, provider: Provider, model: str, tokens: int) -> float | None:
    """The most so many tokens cost, whichever of them are read and whichever written."""
    both = [
        find_cost(Usage(model=model, input_tokens=read, output_tokens=tokens - read), provider, settings.prices)
        for read in (0, tokens)
    ]
    known = [cost for cost in both if cost is not None]
    return max(known) if len(known) == len(both) else None
