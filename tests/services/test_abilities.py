"""What a model can do is measured: the same table of small requests, on servers that can and cannot."""

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from flowloom.errors import ModelError
from flowloom.kinds.values import Message, ModelReply, ModelRequest
from flowloom.services.models.abilities import measure, window_of
from flowloom.services.models.router import ModelRouter
from flowloom.services.models.settings import Abilities, Provider
from flowloom.services.secrets import SecretStore
from tests.loopback import settings_of
from tests.openai_server import OpenAIServer, Say

ALL = Abilities(streams=True, tools=True, forms="schema", pictures=True)
FORM = json.dumps({"colour": "green", "count": 2})


@pytest.fixture
def server() -> Iterator[OpenAIServer]:
    with OpenAIServer() as found:
        yield found


def clever(body: dict[str, Any]) -> Say:
    """A model that can do everything."""
    if body.get("tools"):
        return Say(tools=[("weather", '{"city": "Oslo"}')])
    if "response_format" in body or "JSON schema" in json.dumps(body["messages"]):
        return Say(FORM)
    return Say("Red." if "image_url" in json.dumps(body["messages"]) else "one two three")


def measured(server: OpenAIServer, folder: Path) -> Abilities:
    provider = settings_of(server).providers[0]
    return asyncio.run(measure(provider, "m", SecretStore(folder), seconds=5.0))


def test_one_that_can_do_everything(server: OpenAIServer, tmp_path: Path) -> None:
    server.behave = clever
    assert measured(server, tmp_path) == ALL


@pytest.mark.parametrize(
    ("rejected", "forms"),
    [({"json_schema"}, "json"), ({"json_schema", "json_object"}, "words")],
)
def test_forms_by_what_the_server_takes(
    server: OpenAIServer, tmp_path: Path, rejected: set[str], forms: str
) -> None:
    server.behave, server.rejects = clever, rejected
    assert measured(server, tmp_path) == ALL.model_copy(update={"forms": forms})


def test_one_that_can_only_chat(server: OpenAIServer, tmp_path: Path) -> None:
    server.default = Say("I am only a small model.")
    assert measured(server, tmp_path) == Abilities(streams=True, tools=False, forms="", pictures=False)


def test_one_that_says_all_at_once(server: OpenAIServer, tmp_path: Path) -> None:
    server.default = Say("All at once.", trouble="one_piece")
    assert not measured(server, tmp_path).streams


@pytest.mark.parametrize("named", ["tools", "image"])
def test_what_is_refused_it_cannot(server: OpenAIServer, tmp_path: Path, named: str) -> None:
    def behave(body: dict[str, Any]) -> Say:
        refused = bool(body.get("tools")) if named == "tools" else "image_url" in json.dumps(body["messages"])
        said = {"message": f"This model does not support {named} input"}
        return Say(status=400, error=said) if refused else clever(body)

    server.behave = behave
    found = measured(server, tmp_path)
    assert (found.tools, found.pictures) == (named != "tools", named != "image")


def test_one_that_fails_meanwhile_is_not_said_to_be_unable(server: OpenAIServer, tmp_path: Path) -> None:
    server.behave = lambda body: (
        Say(status=429, error={"message": "Slow down"}) if body.get("tools") else clever(body)
    )
    with pytest.raises(ModelError, match="Too many requests"):
        measured(server, tmp_path)


@pytest.mark.parametrize(
    ("listed", "window"),
    [
        ({"context_length": 131072}, 131072),
        ({"context_window": 8192}, 8192),
        ({"max_model_len": 4096}, 4096),
        ({"max_context_length": 2048}, 2048),
        ({"meta": {"n_ctx_train": 1024}}, 1024),
        ({"meta": {"n_ctx": 512, "n_ctx_train": 1024}}, 512),
        ({"context_length": "large"}, None),
        ({"context_length": True}, None),
        ({"context_length": 0, "meta": "none"}, None),
        ({}, None),
    ],
)
def test_the_window_as_servers_list_it(listed: dict[str, Any], window: int | None) -> None:
    assert window_of(listed) == window


def test_a_form_that_is_ignored_is_asked_for_in_words(server: OpenAIServer, tmp_path: Path) -> None:
    """Some servers take a response_format and make nothing of it: the person sees an answer all the same."""

    def behave(body: dict[str, Any]) -> Say:
        told = "JSON schema" in json.dumps(body["messages"])
        return Say(f"Gladly:\n```json\n{FORM}\n```" if told else "Two green apples.")

    server.behave = behave
    provider = Provider(id="p", kind="compatible", base_url=server.url, models=("m",))
    settings = settings_of(server).model_copy(update={"providers": (provider,), "roles": {"default": "p/m"}})
    router = ModelRouter(settings, SecretStore(tmp_path), seconds=5.0, retries=0)
    schema = {"type": "object", "properties": {"colour": {"type": "string"}, "count": {"type": "integer"}}}
    request = ModelRequest(messages=[Message(role="user", text="Apples?")], response_schema=schema)

    async def twice() -> list[ModelReply]:
        try:
            return [await router.reply(request, lambda piece: None) for _ in range(2)]
        finally:
            await router.aclose()

    assert [reply.fields for reply in asyncio.run(twice())] == [json.loads(FORM)] * 2
    assert len(server.requests) == 3, "what was found out is remembered"
