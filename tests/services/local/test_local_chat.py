"""A real model in a process of its own: it answers, streams, keeps to a form, stops, and gives its memory back."""

import asyncio
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import httpx
import pytest

from flowloom.errors import ModelError
from flowloom.kinds.values import Message, ModelRequest
from flowloom.services.models.counting import count_tokens
from flowloom.services.models.local.chat import LocalChat, bounded
from flowloom.services.models.local.servers import LocalServers
from flowloom.services.models.router import ModelRouter
from flowloom.services.models.settings import ModelSettings, Provider
from flowloom.services.secrets import SecretStore
from flowloom.studio.pieces import pieces_of
from tests.services.local.conftest import MODEL


def request(text: str, **more: Any) -> ModelRequest:
    return ModelRequest(messages=[Message(role="user", text=text)], **more)


@pytest.fixture
def chat(local: Provider, servers: LocalServers) -> LocalChat:
    return LocalChat(local, servers)


def ask(chat: LocalChat, wanted: ModelRequest) -> tuple[Any, list[str]]:
    async def run() -> tuple[Any, list[str]]:
        pieces: list[str] = []
        try:
            return await chat.reply(MODEL, wanted, pieces.append), pieces
        finally:
            await chat.aclose()

    return asyncio.run(run())


def test_it_answers_piece_by_piece_and_counts(chat: LocalChat) -> None:
    reply, pieces = ask(chat, request("Say hello in five words.", temperature=0.0))
    assert reply.text.strip()
    assert "".join(pieces).strip() == reply.text.strip()
    assert len(pieces) > 1
    assert reply.usage.input_tokens > 5
    assert reply.usage.output_tokens > 1


SCHEMA = {
    "type": "object",
    "properties": {"name": {"type": "string"}, "age": {"type": "integer"}},
    "required": ["name", "age"],
    "additionalProperties": False,
}


def test_no_text_and_no_list_of_a_form_is_without_end() -> None:
    schema = {
        "type": "object",
        "properties": {
            "type": {"type": ["string", "null"]},
            "kind": {"enum": ["a", "b"], "type": "string"},
            "date": {"type": "string", "format": "date"},
            "tags": {"type": "array", "items": {"type": "string", "maxLength": 9}},
        },
    }
    found = bounded(request("x", response_schema=schema)).response_schema
    assert found == {
        "type": "object",
        "properties": {
            "type": {"type": ["string", "null"], "maxLength": 600},
            "kind": {"enum": ["a", "b"], "type": "string"},
            "date": {"type": "string", "format": "date"},
            "tags": {"type": "array", "maxItems": 40, "items": {"type": "string", "maxLength": 9}},
        },
    }


@pytest.mark.parametrize("text", ["Ann Novak is 34 years old.", "My dog ate my homework!", "42", "你好"])
def test_a_form_is_kept_whatever_is_said(chat: LocalChat, text: str) -> None:
    reply, _ = ask(chat, request(text, response_schema=SCHEMA, temperature=0.0))
    assert isinstance(reply.fields["name"], str)
    assert isinstance(reply.fields["age"], int)


@pytest.mark.parametrize("text", ["I want my money back", "Where is my parcel?", "xyzzy"])
def test_a_choice_is_one_of_those_there_are(chat: LocalChat, text: str) -> None:
    reply, _ = ask(chat, request(text, choices={"refund": "wants money back", "delivery": "asks for a parcel"}))
    assert reply.text in ("refund", "delivery", "")


def test_a_stopped_question_leaves_the_model_free_for_the_next(chat: LocalChat) -> None:
    async def run() -> float:
        long = asyncio.create_task(chat.reply(MODEL, request("Tell a very long story."), lambda piece: None))
        await asyncio.sleep(0.5)
        long.cancel()
        with pytest.raises(asyncio.CancelledError):
            await long
        began = time.monotonic()
        await chat.reply(MODEL, request("Say yes.", choices={"yes": "", "no": ""}), lambda piece: None)
        await chat.aclose()
        return time.monotonic() - began

    # The story alone would take as long as half the context has tokens.
    assert asyncio.run(run()) < 30


def test_several_ask_at_once_and_all_are_answered(chat: LocalChat) -> None:
    async def run() -> list[str]:
        asked = [request(f"Is {number} even?", choices={"yes": "", "no": ""}) for number in range(4)]
        replies = await asyncio.gather(*(chat.reply(MODEL, each, lambda piece: None) for each in asked))
        await chat.aclose()
        return [reply.text for reply in replies]

    assert set(asyncio.run(run())) <= {"yes", "no", ""}


def test_nobody_else_on_this_computer_may_ask_it(local: Provider, servers: LocalServers, gguf: Path) -> None:
    server = servers.open(gguf)
    servers.done(server)
    body = {"messages": [{"role": "user", "content": "hi"}]}
    for path in ("/v1/chat/completions", "/completion", "/v1/embeddings", "/tokenize"):
        for key in ("", "Bearer", "Bearer wrong"):
            with httpx.Client(trust_env=False) as client:
                reply = client.post(server.address + path, json=body, headers={"Authorization": key} if key else {})
            assert reply.status_code in (401, 403, 404), path
            assert "access-control-allow-origin" not in reply.headers or (
                reply.headers["access-control-allow-origin"] == ""
            )


def test_a_model_that_vanished_while_loaded_is_loaded_anew(local: Provider, gguf: Path) -> None:
    servers = LocalServers()
    chat = LocalChat(local, servers)
    ask(chat, request("Say yes.", choices={"yes": "", "no": ""}))
    (server,) = servers.loaded()
    server._process.kill()
    server._process.wait(10)
    assert servers.loaded() == []
    reply, _ = ask(chat, request("Say yes.", choices={"yes": "", "no": ""}))
    assert reply.text in ("yes", "no", "")
    servers.close()
    assert servers.loaded() == []


def test_after_idle_time_the_memory_is_given_back(gguf: Path) -> None:
    servers = LocalServers(idle=0.2)
    server = servers.open(gguf)
    time.sleep(0.5)
    assert servers.loaded() == [server], "it was ended while somebody asked"
    servers.done(server)
    until = time.monotonic() + 20
    while server.alive and time.monotonic() < until:
        time.sleep(0.05)
    assert not server.alive
    assert servers.loaded() == []


def test_the_process_ends_with_the_app_however_it_ends(gguf: Path) -> None:
    code = (
        "import sys, time; from pathlib import Path; from flowloom.services.models.local.servers import SERVERS;"
        "print(SERVERS.open(Path(sys.argv[1])).address, flush=True); time.sleep(60)"
    )
    app = subprocess.Popen([sys.executable, "-c", code, str(gguf)], stdout=subprocess.PIPE, text=True)
    assert app.stdout
    address = app.stdout.readline().strip()
    with httpx.Client(trust_env=False) as client:
        assert client.get(address + "/health").status_code == 200
        app.kill()
        app.wait(10)
        app.stdout.close()
        until = time.monotonic() + 20
        while time.monotonic() < until:
            try:
                client.get(address + "/health")
            except httpx.TransportError:
                return
            time.sleep(0.05)
    raise AssertionError("the model still answers")


def test_a_model_too_large_for_this_computer_is_refused_before_it_is_loaded(gguf: Path) -> None:
    servers = LocalServers(free=lambda: 100_000_000)
    with pytest.raises(ModelError, match=r"needs about 0\.\d GB of memory, but only 0\.1 GB are free") as refused:
        servers.open(gguf)
    assert refused.value.problem.code == "model.memory"
    assert servers.loaded() == []


def test_a_file_of_an_unknown_kind_is_refused_with_a_sentence(gguf: Path, tmp_path: Path) -> None:
    strange = tmp_path / "strange.gguf"
    data = gguf.read_bytes()
    at = data.index(b"general.architecture") + len("general.architecture") + 4
    assert data[at : at + 13] == (5).to_bytes(8, "little") + b"llama"
    strange.write_bytes(data[: at + 8] + b"lxama" + data[at + 13 :])
    servers = LocalServers()
    with pytest.raises(ModelError, match="couldn’t be loaded"):
        servers.open(strange)
    assert servers.loaded() == []


def test_it_tells_its_tokens_whole_in_every_script(chat: LocalChat) -> None:
    wanted = request("Repeat exactly: 你好 🎲", temperature=0.0, alternatives=4, most_tokens=24)
    reply, _ = ask(chat, wanted)
    pieces = pieces_of(reply.tokens)
    assert "".join(piece.text for piece in pieces).strip() == reply.text
    assert "�" not in reply.text
    assert all(0 <= piece.chance <= 1 for piece in pieces)
    whole = [each for piece in pieces for place in piece.places for each in place.choices if each.begun]
    assert all(each.text and "�" not in each.text for each in whole)
    assert any(len(piece.text.encode()) == 4 and len(piece.places[0].choices) > 1 for piece in pieces)


def test_it_goes_on_from_a_beginning_and_counts_with_its_own_tokenizer(
    local: Provider, servers: LocalServers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("flowloom.services.models.counting.SERVERS", servers)
    monkeypatch.setattr("flowloom.services.models.local.chat.SERVERS", servers)
    settings = ModelSettings(providers=(local,))
    router = ModelRouter(settings, SecretStore(Path("/nonexistent")))
    wanted = request(
        "What is the capital of Spain?", model=f"local/{MODEL}", begun="The capital is", temperature=0.0,
        alternatives=2, most_tokens=8,
    )  # fmt: skip

    async def run() -> Any:
        try:
            return await router.reply(wanted, lambda piece: None)
        finally:
            await router.aclose()

    reply = asyncio.run(run())
    assert reply.text.startswith(" Madrid")
    assert pieces_of(reply.tokens, wanted.begun)[0].text == " Madrid"
    assert count_tokens("hello wörld 你好 🎲", f"local/{MODEL}", settings) == (12, True)
