"""Vectors of texts by a provider's embedding model, for knowledge bases."""

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

from flowloom.errors import ModelError
from flowloom.services.models import bounds, failures, wire
from flowloom.services.models.batches import LONGEST, embed_all, fit_of
from flowloom.services.models.openai_chat import base_url
from flowloom.services.models.router import find_model, key_of
from flowloom.services.models.settings import ModelSettings, Provider
from flowloom.services.secrets import SecretStore

if TYPE_CHECKING:
    from openai import OpenAI


class ProviderEmbeddings:
    """Embeddings through the OpenAI API, which Ollama and most servers speak. Called from threads."""

    def __init__(self, provider: Provider, model: str, key: str = "", seconds: float = 60.0) -> None:
        self.name = f"{provider.id}/{model}"
        self._provider = provider
        self._model = model
        self._key = key
        self._seconds = seconds
        self._client: OpenAI | None = None

    def __repr__(self) -> str:
        return f"ProviderEmbeddings({self.name!r})"

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """A vector of length 1 for each text. Raises ModelError."""
        cut = [text[:LONGEST] or " " for text in texts]
        try:
            found = embed_all(cut, fit_of(f"{base_url(self._provider)} {self._model}"), self._ask)
        except ModelError:
            raise
        except Exception as error:  # told apart in failures
            raise failures.explain(error, self._provider, self._model, self._key) from None
        return [_unit(vector) for vector in found]

    def embed_query(self, text: str) -> list[float]:
        """The vector of a question. Raises ModelError."""
        return self.embed_documents([text])[0]

    def close(self) -> None:
        if self._client is not None:
            self._client.close()

    def _ask(self, texts: Sequence[str]) -> list[list[float]]:
        """The vectors of so many texts at once, as the server gives them."""
        reply = self._open().embeddings.with_raw_response.create(
            model=self._model, input=list(texts), encoding_format="float"
        )
        data = wire.read_json(reply.content)
        if (error := wire.error_in(data)) is not None and not wire.objects(wire.member(data, "data")):
            raise wire.ServerError(error)
        entries = wire.objects(wire.member(data, "data"))
        places = [wire.count(each.get("index")) for each in entries]
        if sorted(place for place in places if place is not None) == list(range(len(entries))):
            entries = [
                entry for _, entry in sorted(zip(places, entries, strict=True), key=lambda pair: pair[0] or 0)
            ]
        vectors = [wire.numbers(each.get("embedding")) for each in entries]
        if len(vectors) != len(texts) or not all(vectors) or len({len(each) for each in vectors}) != 1:
            raise failures.garbage(self._provider)
        return vectors

    def _open(self) -> "OpenAI":
        if self._client is None:
            from openai import OpenAI

            limits = bounds.Bounds(self._seconds, self._seconds * 2)
            self._client = OpenAI(
                api_key=self._key or "none",
                base_url=base_url(self._provider),
                timeout=bounds.timeout_of(limits),
                max_retries=1,
                http_client=bounds.open_sync(limits),
            )
        return self._client


class NoEmbeddings:
    """Stands where the chosen embedding model cannot be used, and says why once it is needed."""

    def __init__(self, name: str, why: ModelError) -> None:
        self.name, self._why = name, why

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        raise self._why

    def embed_query(self, text: str) -> list[float]:
        raise self._why


def open_embeddings(settings: ModelSettings, secrets: SecretStore) -> ProviderEmbeddings | NoEmbeddings | None:
    """The embedding model of the settings; None where the person chose none."""
    if not settings.embedding:
        return None
    try:
        return _open_embeddings(settings, settings.embedding, secrets)
    except ModelError as error:
        return NoEmbeddings(settings.embedding, error)


def _open_embeddings(settings: ModelSettings, name: str, secrets: SecretStore) -> ProviderEmbeddings:
    provider, model = find_model(settings, name)
    if provider.kind not in ("openai", "compatible", "azure", "ollama", "mistral"):
        raise ModelError(
            "{provider} has no embedding models Flowloom can use.",
            "Choose an embedding model of OpenAI, Ollama or a server like them, or leave it out.",
            provider=provider.label,
        )
    return ProviderEmbeddings(provider, model, key_of(provider, secrets))


def _unit(vector: list[float]) -> list[float]:
    length = math.sqrt(sum(value * value for value in vector))
    return [value / length for value in vector] if length else vector
