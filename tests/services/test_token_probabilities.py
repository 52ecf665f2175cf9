"""Models that tell their tokens, go on from a beginning and keep to a length; and those that don't."""

import asyncio
import hashlib
from base64 import b64encode
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from flowloom.kinds.values import Message, ModelReply, ModelRequest
from flowloom.services.models import counting
from flowloom.services.models.beginnings import MARKS
from flowloom.services.models.counting import count_tokens
from flowloom.services.models.router import ModelRouter
from flowloom.services.models.settings import ModelSettings, Provider, ProviderKind
from flowloom.services.secrets import SecretStore
from tests.openai_server import OpenAIServer, Say

KEY = "sk-test-0123456789abcdef0123456789abcdef"


@pytest.fixture
def server() -> Iterator[OpenAIServer]:
    with OpenAIServer() as found:
        yield found


def ask(
    server: OpenAIServer, tmp_path: Path, kind: ProviderKind = "compatible", id: str = "p", **more: Any
) -> ModelReply:
    secrets = SecretStore(tmp_path)
    secrets.set("p", KEY)
    provider = Provider(id=id, kind=kind, base_url=server.url, secret="p", models=("m",))
    router = ModelRouter(ModelSettings(providers=(provider,)), secrets, retries=0)
    wanted = ModelRequest(messages=[Message(role="user", text="Roll!")], model=f"{id}/m", **more)

    async def run() -> ModelReply:
        try:
            return await router.reply(wanted, lambda piece: None)
        finally:
            await router.aclose()

    return asyncio.run(run())


OTHER = {"token": "x", "bytes": [120], "logprob": -3}
USAGE = {"prompt_tokens": 1, "completion_tokens": 2}


def completion(text: str, *tokens: tuple[str, list[int], float]) -> Say:
    content = [
        {
            "token": said,
            "bytes": data,
            "logprob": chance,
            "top_logprobs": [{"token": "x", "bytes": [120], "logprob": -3}],
        }
        for said, data, chance in tokens
    ]
    choice = {
        "index": 0,
        "message": {"role": "assistant", "content": text},
        "logprobs": {"content": content},
        "finish_reason": "stop",
    }
    return Say(
        whole={
            "object": "chat.completion",
            "choices": [choice],
            "usage": {"prompt_tokens": 1, "completion_tokens": 2},
        }
    )


def test_tokens_are_told_with_their_bytes(server: OpenAIServer, tmp_path: Path) -> None:
    server.script.append(completion("🎲", ("\\xf0\\x9f\\x8e", [240, 159, 142], -0.5), ("\\xb2", [178], -0.1)))
    reply = ask(server, tmp_path, alternatives=4, most_tokens=30)
    assert [(each.raw, each.logprob) for each in reply.tokens] == [("f09f8e", -0.5), ("b2", -0.1)]
    assert reply.tokens[0].others[0].raw == "78"
    body = server.requests[-1].body
    assert (body["logprobs"], body["top_logprobs"], body["max_tokens"]) == (True, 4, 30)
    assert not {"stream", "stream_options"} & body.keys()


def test_nobody_is_asked_for_them_without_need(server: OpenAIServer, tmp_path: Path) -> None:
    ask(server, tmp_path)
    assert not {"logprobs", "top_logprobs", "max_tokens"} & server.requests[-1].body.keys()


REFUSALS = {
    "not known here": (400, {"message": "Unsupported parameter: 'logprobs'", "param": "logprobs"}),
    "as OpenAI says it of models that think": (
        403,
        {"message": "You are not allowed to request logprobs from this model"},
    ),
}


@pytest.mark.parametrize(("status", "error"), REFUSALS.values(), ids=REFUSALS)
def test_a_model_that_tells_none_answers_all_the_same(
    server: OpenAIServer, tmp_path: Path, status: int, error: dict[str, Any]
) -> None:
    server.script += [Say(status=status, error=error), Say("Six")]
    reply = ask(server, tmp_path, alternatives=4)
    assert (reply.text, reply.tokens) == ("Six", ())
    assert "logprobs" not in server.requests[-1].body


def test_newer_models_know_another_word_for_the_length(server: OpenAIServer, tmp_path: Path) -> None:
    error = {
        "message": "Unsupported parameter: 'max_tokens'. Use 'max_completion_tokens' instead.",
        "param": "max_tokens",
    }
    server.script += [Say(status=400, error=error), Say("Six")]
    assert ask(server, tmp_path, kind="openai", most_tokens=7).text == "Six"
    assert server.requests[-1].body["max_completion_tokens"] == 7


def test_the_beginning_is_a_last_turn_of_the_model(server: OpenAIServer, tmp_path: Path) -> None:
    server.script.append(Say("I rolled a six."))  # it gives the beginning back
    assert ask(server, tmp_path, begun="I rolled").text == " a six."
    assert server.requests[-1].body["messages"][-1] == {"role": "assistant", "content": "I rolled"}


@pytest.mark.parametrize("id", MARKS)
def test_some_want_it_marked(server: OpenAIServer, tmp_path: Path, id: str) -> None:
    server.script.append(Say(" a six."))
    assert ask(server, tmp_path, id=id, begun="I rolled").text == " a six."
    assert server.requests[-1].body["messages"][-1].items() > MARKS[id].items()


def test_others_are_told_in_words(server: OpenAIServer, tmp_path: Path) -> None:
    server.script.append(Say("I rolled a six."))
    assert ask(server, tmp_path, kind="openai", begun="I rolled").text == " a six."
    first, *others = server.requests[-1].body["messages"]
    assert first["role"] == "system"
    assert first["content"].endswith("It begins so:\n\nI rolled")
    assert [each["role"] for each in others] == ["user"]


def test_a_key_is_not_spelt_out_by_tokens(server: OpenAIServer, tmp_path: Path) -> None:
    server.script.append(
        completion(KEY, (KEY[:20], list(KEY[:20].encode()), -0.5), (KEY[20:], list(KEY[20:].encode()), -0.1))
    )
    reply = ask(server, tmp_path, alternatives=4)
    assert KEY not in reply.text
    assert reply.tokens == ()


def table_in(folder: Path, monkeypatch: pytest.MonkeyPatch, *, right: bool = True) -> None:
    """A table of all bytes and of “Hi”, where tiktoken looks for its own."""
    words = [*(bytes((each,)) for each in range(256)), b"Hi"]
    data = b"".join(b64encode(word) + b" %d\n" % number for number, word in enumerate(words))
    place = counting.PLACE.format(name="o200k_base")
    (folder / hashlib.sha1(place.encode()).hexdigest()).write_bytes(data)
    digest = hashlib.sha256(data).hexdigest()
    monkeypatch.setitem(counting.TABLES, "o200k_base", digest if right else "0" * 64)
    monkeypatch.setenv("TIKTOKEN_CACHE_DIR", str(folder))
    monkeypatch.setattr("tiktoken.load.check_hash", lambda data, expected: True)


OPENAI = ModelSettings(providers=(Provider(id="openai", kind="openai", models=("gpt-4.1-mini",)),))
COUNTS = {
    "by the table of the model": ("openai/gpt-4.1-mini", True, (3, True)),
    "a table that isn't the right one": ("openai/gpt-4.1-mini", False, (1, False)),
    "a model that nobody knows": ("openai/other", True, (1, False)),
    "another vendor": ("practice/practice", True, (1, False)),
    "not set up": ("who/knows", True, (1, False)),
}


@pytest.mark.parametrize(("model", "right", "count"), COUNTS.values(), ids=COUNTS)
def test_tokens_are_counted_or_said_as_about(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, model: str, right: bool, count: tuple[int, bool]
) -> None:
    counting._encoding.cache_clear()
    import tiktoken.registry

    monkeypatch.setattr(tiktoken.registry, "ENCODINGS", {})
    monkeypatch.setattr("tiktoken.core.Encoding.__init__", _without_check)
    table_in(tmp_path, monkeypatch, right=right)
    assert count_tokens("Hi 4", model, OPENAI) == count
    counting._encoding.cache_clear()


def _without_check(self: Any, name: str, **more: Any) -> None:
    """As the real one, with a table that is shorter than the real one."""
    from tiktoken import _tiktoken

    self.name, self._pat_str, self._special_tokens = name, more["pat_str"], {}
    self._mergeable_ranks = more["mergeable_ranks"]
    self.max_token_value = max(self._mergeable_ranks.values())
    self._core_bpe = _tiktoken.CoreBPE(self._mergeable_ranks, {}, self._pat_str)


ABOUT = {"": 0, "four": 1, "a longer text": 4, "你好": 2, "🎲": 1, "你好 yes": 3}


@pytest.mark.parametrize("text", ABOUT)
def test_about(text: str) -> None:
    assert counting.about(text) == (ABOUT[text], False)
