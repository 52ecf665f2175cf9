"""Servers of embeddings take so many texts at once: found out by halving, remembered, in order, never endless."""

from collections.abc import Iterator
from typing import Any

import pytest

from flowloom.errors import ModelError
from flowloom.services.models import batches
from flowloom.services.models.embeddings import ProviderEmbeddings, _unit
from flowloom.services.models.settings import Provider
from tests.openai_server import OpenAIServer, _vector


@pytest.fixture(scope="module")
def running() -> Iterator[OpenAIServer]:
    with OpenAIServer() as server:
        yield server


@pytest.fixture
def server(running: OpenAIServer) -> Iterator[OpenAIServer]:
    running.script.clear()
    running.requests.clear()
    batches._FITS.clear()
    yield running
    while OPEN:
        OPEN.pop().close()
    running.refuse_embeddings = lambda texts: None
    running.places.clear()


OPEN: list[ProviderEmbeddings] = []
"""Those a test has made; it closes them."""


def embedder(server: OpenAIServer, model: str = "e") -> ProviderEmbeddings:
    provider = Provider(id="p", kind="compatible", name="Vendor", base_url=server.url)
    OPEN.append(ProviderEmbeddings(provider, model))
    return OPEN[-1]


def refuse_over(server: OpenAIServer, most: int, status: int, said: Any) -> None:
    server.refuse_embeddings = lambda texts: (status, said) if len(texts) > most else None


LIMITS: dict[str, tuple[int, int, Any, int]] = {
    "infiniflow/ragflow#8443, DashScope": (
        10,
        400,
        {"error": {"message": "batch size is invalid, it should not be larger than 10.: input.contents"}},
        1,
    ),
    "zilliztech/claude-context#177": (32, 413, {"error": "batch size 64 > maximum allowed batch size 32"}, 1),
    "text-embeddings-inference": (
        32,
        422,
        {"message": "batch size 64 > maximum allowed batch size 32", "type": "Validation"},
        1,
    ),
    "a validator": (
        16,
        422,
        {"detail": [{"loc": ["input"], "msg": "List should have at most 16 items"}]},
        1,
    ),
    "no reason at all": (10, 400, {"error": {"message": "bad request"}}, 4),
    "nothing said": (20, 422, {}, 3),
    "a 500 about it": (8, 500, {"error": {"message": "batch too large"}}, 8),
}


@pytest.mark.parametrize("name", LIMITS)
def test_a_batch_that_is_too_large_is_halved_and_remembered(server: OpenAIServer, name: str) -> None:
    most, status, said, refusals = LIMITS[name]
    refuse_over(server, most, status, said)
    texts = [f"text {number}" for number in range(100)]
    model = embedder(server)
    wanted = [_unit(_vector(text, server.dimensions)) for text in texts]
    for vector, right in zip(model.embed_documents(texts), wanted, strict=True):
        assert vector == pytest.approx(right)
    sizes = [len(request.body["input"]) for request in server.requests]
    assert sum(size > most for size in sizes) <= refusals
    server.requests.clear()
    embedder(server).embed_documents(texts[:40])
    assert max(len(request.body["input"]) for request in server.requests) <= most


def test_a_request_with_too_many_tokens_is_made_smaller(server: OpenAIServer) -> None:
    """OpenAI, embeddings: 300,000 tokens in all inputs of one request."""
    said = {"error": {"message": "Requested 9000 tokens, max 1000 tokens per request"}}
    server.refuse_embeddings = lambda texts: (400, said) if sum(map(len, texts)) > 1_000 else None
    texts = ["a" * 300] * 20 + ["b" * 10] * 20
    assert len(embedder(server).embed_documents(texts)) == 40
    assert len(server.requests) < 30


def test_one_text_that_is_too_long_is_read_in_parts(server: OpenAIServer) -> None:
    """Its vector is the mean of its parts', each weighed by its length."""
    said = {"error": {"message": "maximum context length is 512 tokens"}}
    server.refuse_embeddings = lambda texts: (400, said) if any(len(text) > 600 for text in texts) else None
    text = "word " * 300
    vector = embedder(server).embed_query(text)
    assert sum(value * value for value in vector) == pytest.approx(1.0)
    assert vector == pytest.approx(_unit(_vector(text, server.dimensions)), abs=0.02)


@pytest.mark.parametrize(
    ("status", "said"),
    [
        (401, "Incorrect key"),
        (404, "no such model"),
        (400, "The model 'e' does not exist"),
        (429, "Too many requests to"),
        (400, "unknown parameter"),
        (503, "down"),
    ],
)
def test_a_real_error_is_not_halved(server: OpenAIServer, status: int, said: str) -> None:
    refuse_over(server, 0, status, {"error": {"message": said}})
    with pytest.raises(ModelError):
        embedder(server).embed_documents(["a"] * 64)
    assert len(server.requests) <= 3


def test_a_text_that_is_never_taken_is_told(server: OpenAIServer) -> None:
    refuse_over(server, 0, 413, {"error": "payload too large"})
    with pytest.raises(ModelError):
        embedder(server).embed_documents(["a" * 8_000] * 64)
    assert len(server.requests) < 30


@pytest.mark.parametrize(
    "body",
    [
        "<html>Welcome</html>",
        [1],
        {"data": None},
        {"data": [{"index": 0, "embedding": ["a"]}]},
        {"data": [{"index": 0, "embedding": []}]},
        {"data": [{"embedding": [1.0]}, {"embedding": [1.0]}]},
    ],
)
def test_what_is_no_vector_is_told(server: OpenAIServer, body: Any) -> None:
    server.refuse_embeddings = lambda texts: (200, body)
    with pytest.raises(ModelError) as caught:
        embedder(server).embed_query("a")
    assert caught.value.problem.code == "model.garbage"


@pytest.mark.parametrize(
    "data",
    [
        [{"index": 1, "embedding": [0, 2]}, {"index": 0, "embedding": [2, 0]}],
        [{"embedding": [2, 0]}, {"embedding": [0, 2]}],
        [{"index": "0", "embedding": [[2.0, 0.0]]}, {"index": "1", "embedding": [[0.0, 2.0]]}],
        [{"index": 0, "embedding": "AAAAQAAAAAA="}, {"index": 1, "embedding": "AAAAAAAAAEA="}],
    ],
)
def test_vectors_of_any_shape_in_their_order(server: OpenAIServer, data: Any) -> None:
    server.refuse_embeddings = lambda texts: (200, {"data": data})
    assert embedder(server).embed_documents(["a", "b"]) == [[1.0, 0.0], [0.0, 1.0]]
