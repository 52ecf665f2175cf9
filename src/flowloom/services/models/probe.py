"""Trying out a provider before a flow relies on it: which models it has, and whether one answers."""

import asyncio
import os
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from flowloom.errors import ModelError
from flowloom.kinds.values import Message, ModelRequest
from flowloom.services.models import failures, refusals
from flowloom.services.models.bounds import Bounds
from flowloom.services.models.openai_chat import open_client
from flowloom.services.models.presets import PRESETS, Preset
from flowloom.services.models.router import key_of, open_chat
from flowloom.services.models.settings import Provider
from flowloom.services.secrets import SecretStore

OLLAMA = "http://127.0.0.1:11434"
_OLLAMA_SECONDS = 0.3
# Servers list these beside their chat models, but they do not chat.
_NO_CHAT = (
    "embed",
    "whisper",
    "tts",
    "dall-e",
    "moderation",
    "image",
    "audio",
    "realtime",
    "transcribe",
    "rerank",
)
_LISTS = ("openai", "compatible", "azure", "ollama", "mistral")


async def test_provider(provider: Provider, secrets: SecretStore, seconds: float = 30.0) -> list[str]:  # noqa: PT028
    """The names of its models, after one of them has answered. Raises ModelError."""
    key = await asyncio.to_thread(key_of, provider, secrets)
    names = list(await list_models(provider, key, seconds))
    chats = chatting(names)
    model = next((name for name in provider.models if name in names or not names), next(iter(chats or names), ""))
    if not model:
        raise ModelError(
            "{provider} has no models yet.",
            "Load a model there, or type the name of one.",
            code="model.unknown",
            provider=provider.label,
        )
    await _greet(provider, secrets, model, seconds)
    return names or list(provider.models)


# Its name begins like a test's, which it is not.
test_provider.__test__ = False  # type: ignore[attr-defined]


async def list_models(provider: Provider, key: str, seconds: float) -> dict[str, dict[str, Any]]:
    """What its server says of each of its models, by name; little where it keeps no list. Raises ModelError."""
    if provider.kind not in _LISTS:
        return {name: {} for name in provider.models}
    url = provider.base_url or ("https://api.mistral.ai/v1" if provider.kind == "mistral" else "")
    client = await asyncio.to_thread(
        open_client, provider.model_copy(update={"base_url": url}), key, Bounds(seconds, seconds), 0
    )
    try:
        page = await client.models.list()
        told = {model.id: model.to_dict() for model in page.data}
        return {name: told[name] for name in sorted(told)}
    except Exception as error:  # told apart in failures
        # Some servers keep no list; then the model the person named has to answer.
        if refusals.status_of(error) in (404, 405, 501) and provider.models:
            return {}
        if isinstance(error, AttributeError | TypeError):
            raise failures.garbage(provider) from None
        raise failures.explain(error, provider, "", key) from None
    finally:
        await client.close()


async def _greet(provider: Provider, secrets: SecretStore, model: str, seconds: float) -> None:
    chat = await asyncio.to_thread(open_chat, provider, secrets, seconds=seconds, retries=0)
    try:
        await chat.reply(model, ModelRequest(messages=[Message(role="user", text="Say: ok")]), lambda piece: None)
    finally:
        await chat.aclose()


class Found(NamedTuple):
    """A server of models that runs on this computer, and the models that chat."""

    preset: Preset
    models: tuple[str, ...]


async def find_local(presets: Sequence[Preset] = PRESETS) -> list[Found]:
    """The servers of models that answer on the usual ports of this computer; nothing else is asked."""
    near = [preset for preset in presets if not preset.needs_key]
    listed = await asyncio.gather(*(_models_at(preset) for preset in near))
    found = (Found(preset, chatting(names)) for preset, names in zip(near, listed, strict=True))
    return [each for each in found if each.models]


async def _models_at(preset: Preset) -> list[str]:
    if preset.kind == "ollama":
        return await find_ollama()
    listed = await _ask(f"{preset.base_url}/models")
    try:
        return sorted(str(model["id"]) for model in listed["data"])
    except (KeyError, TypeError):
        return []


def chatting(names: Iterable[str]) -> tuple[str, ...]:
    """Those of the models that chat, as far as their names tell."""
    return tuple(name for name in names if not any(word in name.lower() for word in _NO_CHAT))


async def _ask(url: str) -> Any:
    """The JSON at an address of this computer, None where nothing answers in time."""
    import httpx

    try:
        async with asyncio.timeout(_OLLAMA_SECONDS), httpx.AsyncClient(trust_env=False) as client:
            return (await client.get(url)).json()
    except (httpx.HTTPError, httpx.InvalidURL, TimeoutError, ValueError, RecursionError):
        return None


async def find_ollama(base: str = "") -> list[str]:
    """The models of an Ollama on this computer, [] where none runs. Honours OLLAMA_HOST."""
    listed = await _ask(f"{ollama_address(base)}/api/tags")
    try:
        return sorted(str(model["name"]) for model in listed["models"])
    except (KeyError, TypeError):
        return []


def ollama_address(base: str = "") -> str:
    """Where Ollama listens: as told, as OLLAMA_HOST says, or on its usual port."""
    host = base or os.environ.get("OLLAMA_HOST", "").strip() or OLLAMA
    scheme, _, rest = host.rpartition("://")
    rest = rest.strip("/").replace("0.0.0.0", "127.0.0.1")  # it listens everywhere, but is asked here
    if not rest.rpartition("]")[2].rpartition(":")[1]:
        rest += ":11434"
    return f"{scheme or 'http'}://{rest}"
