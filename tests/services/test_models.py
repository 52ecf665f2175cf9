"""Settings, prices, probes, embeddings and LangChain's vendors."""

import asyncio
import json
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flowloom.errors import ModelError
from flowloom.kinds.values import Message, ModelReply, ModelRequest, Shown, ToolCall, ToolSpec, Usage
from flowloom.services.knowledge.bases import KnowledgeBases
from flowloom.services.models import langchain_chat, langchain_messages, probe, schemas
from flowloom.services.models.embeddings import open_embeddings
from flowloom.services.models.facts import embedding_host, facts_of
from flowloom.services.models.presets import PRESETS, Preset
from flowloom.services.models.prices import find_cost
from flowloom.services.models.probe import Found, find_local, find_ollama, ollama_address
from flowloom.services.models.router import ModelRouter, find_model
from flowloom.services.models.settings import (
    PRACTICE,
    ModelSettings,
    Price,
    Provider,
    load_settings,
    save_settings,
)
from flowloom.services.secrets import SecretStore
from tests.openai_server import OpenAIServer, Say


@pytest.fixture
def server() -> Iterator[OpenAIServer]:
    with OpenAIServer(models=("m", "text-embedding-x")) as server:
        yield server


@pytest.fixture
def secrets(tmp_path: Path) -> SecretStore:
    store = SecretStore(tmp_path / "secrets")
    store.set("key", "sk-secret-123")
    return store


def test_settings_begin_with_the_practice_model_and_come_back(tmp_path: Path) -> None:
    settings = load_settings(tmp_path)
    assert set(settings.roles.values()) == {PRACTICE}
    changed = settings.with_provider(PRESETS[0].provider()).model_copy(update={"embedding": "openai/e"})
    save_settings(tmp_path / "new", changed)
    assert load_settings(tmp_path / "new") == changed
    assert "sk-" not in (tmp_path / "new" / "models.json").read_text()
    assert "openai/gpt-4.1-mini" in changed.choices()


@pytest.mark.parametrize(
    "text", ["", "{", "[]", '{"providers": [{"id": "../x", "kind": "openai"}]}', '{"roles": 3}']
)
def test_broken_settings_are_named_and_left_alone(tmp_path: Path, text: str) -> None:
    (tmp_path / "models.json").write_text(text)
    with pytest.raises(ModelError, match=r"models\.json"):
        load_settings(tmp_path)
    assert (tmp_path / "models.json").read_text() == text


@pytest.mark.parametrize("url", ["ftp://x", "javascript:alert(1)", "http://user:pw@host/v1", "no address"])
def test_odd_addresses_are_refused(url: str) -> None:
    with pytest.raises(ValueError, match="http"):
        Provider(id="x", kind="compatible", base_url=url)


ASKED_FOR = """
openai azure anthropic google mistral deepseek xai groq openrouter qwen zhipu moonshot minimax baidu volcengine
siliconflow ollama lmstudio vllm llamacpp
"""


def test_every_provider_people_ask_for_is_a_preset() -> None:
    assert set(ASKED_FOR.split()) <= {preset.id for preset in PRESETS}


def test_presets_make_providers() -> None:
    assert len({preset.id for preset in PRESETS}) == len(PRESETS)
    for preset in PRESETS:
        provider = preset.provider()
        assert bool(provider.secret) == preset.needs_key
        assert provider.base_url.startswith(("https://", "http://127.0.0.1")) or provider.kind != "compatible"


@pytest.mark.parametrize("wanted", ["nowhere/model", "practice/", "practice", "/", ""])
def test_models_that_are_not_set_up(wanted: str) -> None:
    settings = ModelSettings(roles={})
    with pytest.raises(ModelError, match="isn’t set up"):
        find_model(settings, wanted)
    assert find_model(ModelSettings(), "default")[0].kind == "practice"


@pytest.mark.parametrize(
    ("kind", "model", "base_url", "known"),
    [
        ("openai", "gpt-4o-mini", "", True),
        ("compatible", "deepseek-chat", "https://api.deepseek.com/v1", True),
        ("compatible", "gpt-4o-mini", "http://127.0.0.1:1234/v1", False),
        ("openai", "no-such-model", "", False),
        # genai-prices 0.2.3 raises LookupError for all of these; only the first is the same model.
        ("openai", "openai/gpt-4o-mini", "", True),
        ("openai", "ft:gpt-4o-mini:acme::abc", "", False),
        ("openai", "gpt-4o-mini:free", "", False),
        ("openai", "gpt-4.1-mini-2031-01-01", "", False),
    ],
)
def test_unknown_prices_are_unknown(kind: Any, model: str, base_url: str, known: bool) -> None:
    provider = Provider(id="p", kind=kind, base_url=base_url)
    usage = Usage(model=model, input_tokens=1_000_000, output_tokens=1_000_000)
    assert (find_cost(usage, provider, {}) is not None) == known
    assert find_cost(usage, provider, {"p/" + model: Price(input=1, output=2)}) == 3.0
    assert find_cost(usage.model_copy(update={"output_tokens": None}), provider, {}) is None


def test_what_was_read_from_a_cache_costs_less_and_is_counted_once() -> None:
    """genai-prices wants cached tokens within input_tokens, and refuses more of them than there are of those."""
    provider = Provider(id="p", kind="openai")
    plain = Usage(model="gpt-4.1-mini", input_tokens=1_000_000, output_tokens=0)
    cached = find_cost(plain.model_copy(update={"cached_tokens": 500_000}), provider, {})
    full, odd = (
        find_cost(plain, provider, {}),
        find_cost(plain.model_copy(update={"cached_tokens": 9_000_000}), provider, {}),
    )
    assert (odd or 0) < (cached or 0) < (full or 0)
    assert odd


@pytest.mark.parametrize("kind", ["ollama", "anthropic", "google", "mistral"])
def test_langchains_vendors_are_named_as_it_names_them(kind: Any) -> None:
    """`init_chat_model` leads gemini-* to Vertex AI unless told the vendor, and is strict about its case."""
    from langchain.chat_models import base

    vendor = langchain_chat._VENDORS[kind][0]
    assert vendor in base._BUILTIN_PROVIDERS
    assert vendor == vendor.lower()


def test_services_import_nothing_heavy() -> None:
    heavy = (
        "openai langchain langchain_core faiss numpy pypdf keyring cryptography httpx genai_prices streamlit "
        "docx pptx openpyxl trafilatura lxml bm25s"
    )
    names = (
        "network.guarded_requests secrets synonyms models.router models.settings models.openai_chat "
        "models.langchain_chat models.probe models.embeddings knowledge.bases knowledge.chunks knowledge.loaders "
        "knowledge.word_index knowledge.flow_knowledge"
    )
    code = f"import sys; [__import__('flowloom.services.' + n) for n in {names.split()}]; "
    code += f"print(sorted(set({heavy.split()}) & set(sys.modules)))"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"


def run(router: ModelRouter, request: ModelRequest, pieces: list[str] | None = None) -> ModelReply:
    async def whole() -> ModelReply:
        try:
            return await router.reply(request, (pieces if pieces is not None else []).append)
        finally:
            await router.aclose()

    return asyncio.run(whole())


@pytest.mark.parametrize(("kind", "extra"), [(each, each) for each in ("anthropic", "google", "mistral")])
def test_a_missing_library_is_named(
    secrets: SecretStore, monkeypatch: pytest.MonkeyPatch, kind: Any, extra: str
) -> None:
    for module in ("langchain_anthropic", "langchain_google_genai", "langchain_mistralai"):
        monkeypatch.setitem(sys.modules, module, None)
    settings = ModelSettings(providers=(Provider(id="v", kind=kind, secret="key"),), roles={"default": "v/m"})
    with pytest.raises(ModelError, match=rf"flowloom\[{extra}\]"):
        run(ModelRouter(settings, secrets), ModelRequest(messages=[Message(role="user", text="hi")]))


@pytest.mark.parametrize("secret", ["", "missing"])
def test_a_missing_key_is_named(secrets: SecretStore, secret: str) -> None:
    provider = Provider(id="v", kind="openai", name="OpenAI", secret=secret)
    settings = ModelSettings(providers=(provider,), roles={"default": "v/m"})
    with pytest.raises(ModelError, match="no key for OpenAI"):
        run(ModelRouter(settings, secrets), ModelRequest(messages=[Message(role="user", text="hi")]))


SCHEMA = {"type": "object", "properties": {"name": {"type": "string"}}, "required": ["name"]}
TOOL = ToolSpec(
    name="look_up", description="Find", parameters={"type": "object", "properties": {"q": {"type": "string"}}}
)


@pytest.mark.parametrize("native", [True, False])
def test_ollama_with_and_without_its_library(
    server: OpenAIServer, secrets: SecretStore, monkeypatch: pytest.MonkeyPatch, native: bool
) -> None:
    if native:
        pytest.importorskip("langchain_ollama")
    else:
        monkeypatch.setattr("flowloom.services.models.router.find_spec", lambda name: None)
    provider = Provider(id="ollama", kind="ollama", base_url=server.root)
    router = ModelRouter(ModelSettings(providers=(provider,), roles={"default": "ollama/m"}), secrets)
    pieces: list[str] = []
    asked = ModelRequest(messages=[Message(role="user", text="Hello there")], temperature=0.1)
    reply = run(router, asked, pieces)
    assert reply.text == "".join(pieces) == "You said: Hello there"
    assert (reply.usage.output_tokens, reply.usage.cost) == (4, 0.0)
    assert server.requests[-1].path == ("/api/chat" if native else "/v1/chat/completions")
    server.script.append(Say(tools=[("look_up", '{"q": "x"}')]))
    called = run(router, asked.model_copy(update={"tools": [TOOL]})).tool_calls[0]
    assert (called.name, called.arguments) == ("look_up", {"q": "x"})
    answered = [*asked.messages, Message(role="assistant", tool_calls=(called,))]
    answered.append(Message(role="tool", text="found", tool_call_id=called.id))
    run(router, ModelRequest(messages=answered, tools=[TOOL]))
    assert server.requests[-1].body["messages"][-1]["content"] == "found"
    server.script.append(Say('{"name": "Zoë"}'))
    assert run(router, asked.model_copy(update={"response_schema": SCHEMA})).fields == {"name": "Zoë"}
    server.script.append(Say('{"choice": "yes"}'))
    assert run(router, asked.model_copy(update={"choices": {"yes": "", "no": ""}})).text == "yes"
    server.script.append(Say('{"other": 1}'))
    with pytest.raises(ModelError, match="fields"):
        run(router, asked.model_copy(update={"response_schema": SCHEMA}))
    server.script.append(Say(status=404, error={"message": "model not found"}))
    with pytest.raises(ModelError, match="or its address is wrong"):
        run(router, asked)
    server.script.append(Say(""))
    with pytest.raises(ModelError, match="empty answer"):
        run(router, asked)


def test_ollama_that_is_not_there(secrets: SecretStore) -> None:
    pytest.importorskip("langchain_ollama")
    provider = Provider(id="ollama", kind="ollama", base_url="http://127.0.0.1:9")
    router = ModelRouter(ModelSettings(providers=(provider,), roles={"default": "ollama/m"}), secrets)
    with pytest.raises(ModelError, match="Can’t reach"):
        run(router, ModelRequest(messages=[Message(role="user", text="hi")]))


def test_a_provider_is_tried_out(server: OpenAIServer, secrets: SecretStore) -> None:
    provider = Provider(id="p", kind="compatible", base_url=server.url, secret="key")
    assert asyncio.run(probe.test_provider(provider, secrets)) == ["m", "text-embedding-x"]
    assert [request.path for request in server.requests] == ["/v1/models", "/v1/chat/completions"]
    assert server.requests[1].body["model"] == "m"
    assert asyncio.run(probe.test_provider(Provider(id="q", kind="practice", models=("practice",)), secrets))


@pytest.mark.parametrize(
    ("say", "words"),
    [(Say(status=401), "key"), (Say(status=500), "error 500"), (Say(status=404), "or its address is wrong")],
)
def test_a_failing_provider_says_why(server: OpenAIServer, secrets: SecretStore, say: Say, words: str) -> None:
    server.script.append(say)
    provider = Provider(id="p", kind="compatible", base_url=server.url, secret="key")
    with pytest.raises(ModelError, match=words):
        asyncio.run(probe.test_provider(provider, secrets))


def test_a_server_without_a_list_is_tried_by_the_name_given(server: OpenAIServer, secrets: SecretStore) -> None:
    server.script.append(Say(status=404))
    provider = Provider(id="p", kind="compatible", base_url=server.url, models=("mine",))
    assert asyncio.run(probe.test_provider(provider, secrets)) == ["mine"]


def test_servers_on_this_computer_are_found() -> None:
    here = Preset(id="here", name="Here", kind="compatible", needs_key=False)
    with OpenAIServer(models=("m", "text-embedding-x")) as server, socket.create_server(("127.0.0.1", 0)) as silent:
        presets = [
            here.model_copy(update={"base_url": server.url}),
            here.model_copy(update={"base_url": f"http://127.0.0.1:{silent.getsockname()[1]}/v1"}),
            here.model_copy(update={"base_url": "http://127.0.0.1:9/v1"}),
            here.model_copy(update={"base_url": server.url, "needs_key": True}),  # far away, so it is not asked
        ]
        assert asyncio.run(find_local(presets)) == [Found(presets[0], ("m",))]


def test_finds_ollama_quickly_or_not_at_all(server: OpenAIServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(probe, "_OLLAMA_SECONDS", 20)
    assert asyncio.run(find_ollama(server.root)) == ["m", "text-embedding-x"]
    monkeypatch.setenv("OLLAMA_HOST", f"127.0.0.1:{server.port}")
    assert asyncio.run(find_ollama()) == ["m", "text-embedding-x"]
    assert asyncio.run(find_ollama("http://127.0.0.1:9")) == []
    with socket.create_server(("127.0.0.1", 0)) as silent:
        # It takes the connection and never says a word.
        monkeypatch.setattr(probe, "_OLLAMA_SECONDS", 0.05)
        assert asyncio.run(find_ollama(f"http://127.0.0.1:{silent.getsockname()[1]}")) == []


@pytest.mark.parametrize(
    ("host", "address"),
    [
        ("", "http://127.0.0.1:11434"),
        ("0.0.0.0", "http://127.0.0.1:11434"),
        ("box:1234", "http://box:1234"),
        ("https://box/", "https://box:11434"),
        ("[::1]:80", "http://[::1]:80"),
        ("[::1]", "http://[::1]:11434"),
    ],
)
def test_reads_ollamas_address(monkeypatch: pytest.MonkeyPatch, host: str, address: str) -> None:
    monkeypatch.setenv("OLLAMA_HOST", host)
    assert ollama_address() == address


def test_knowledge_by_a_providers_embeddings(server: OpenAIServer, secrets: SecretStore, tmp_path: Path) -> None:
    provider = Provider(id="p", kind="compatible", base_url=server.url, secret="key")
    embedder = open_embeddings(ModelSettings(providers=(provider,), embedding="p/e"), secrets)
    assert embedder is not None
    assert open_embeddings(ModelSettings(), secrets) is None
    bases = KnowledgeBases(tmp_path, embedder)
    bases.add("f/main", "a.txt", b"zzzz zzzz")
    bases.add("f/main", "b.txt", b"aaaa aaaa")
    assert bases.search("f/main", "zzz", 1)[0].file == "a.txt"
    server.script.append(Say(status=401))
    with pytest.raises(ModelError, match="key"):
        bases.search("f/main", "zzz", 1)
    embedder.close()


VALUES = [
    ({"type": "string"}, "a", True),
    ({"type": "string"}, 1, False),
    ({"type": "integer"}, True, False),
    ({"type": "integer"}, 2.0, True),
    ({"type": ["string", "null"]}, None, True),
    ({"enum": ["a", "b"]}, "c", False),
    ({"const": 3}, 3, True),
    ({"anyOf": [{"type": "string"}, {"type": "null"}]}, None, True),
    ({"anyOf": [{"type": "string"}, {"type": "null"}]}, 1, False),
    ({"type": "array", "items": {"type": "number"}}, [1, 2.5], True),
    ({"type": "array", "items": {"type": "number"}}, [1, "x"], False),
    ({"$ref": "#/$defs/n", "$defs": {"n": {"type": "number"}}}, "x", False),
    ({"$ref": "#/$defs/n", "$defs": {"n": {"$ref": "#/$defs/n"}}}, "x", True),
    (
        {"type": "object", "properties": {"a": {"type": "string"}}, "additionalProperties": False},
        {"b": 1},
        False,
    ),
]


@pytest.mark.parametrize(("schema", "value", "fits"), VALUES)
def test_values_fit_schemas(schema: dict[str, Any], value: Any, fits: bool) -> None:
    assert (schemas.find_mismatch(value, schema) == "") == fits


@given(st.text())
def test_any_text_is_read_as_an_object_or_not(text: str) -> None:
    found = schemas.read_object(text + json.dumps({"a": 1}))
    assert found is None or isinstance(found, dict)


def test_tool_calls_keep_their_ids() -> None:
    assert ToolCall(id="1", name="x").arguments == {}


def test_facts_of_models_before_they_are_asked() -> None:
    settings = ModelSettings(
        providers=(
            *(preset.provider() for preset in PRESETS),
            Provider(id="own", kind="compatible", base_url="https://models.example/v1"),
            Provider(id="near", kind="compatible", base_url="http://localhost:8000/v1"),
            Provider(id="local", kind="local", models=("small",), paths={"small": "small.gguf"}),
        ),
        roles={"default": "openai/gpt-4.1-mini", "fast": PRACTICE},
        embedding="mistral/mistral-embed",
        prices={"near/free": Price(input=0, output=0)},
    )
    mini = facts_of(settings, "default")
    assert (mini.name, mini.host) == ("openai/gpt-4.1-mini", "api.openai.com")
    assert mini.call is not None
    assert mini.token is not None
    assert mini.call > mini.token > 0
    assert facts_of(settings, "fast").call == 0
    assert facts_of(settings, "ollama/any") == facts_of(settings, "ollama/any").model_copy(
        update={"host": "", "call": 0.0}
    )
    assert (facts_of(settings, "own/x").host, facts_of(settings, "own/x").call) == ("models.example", None)
    assert (facts_of(settings, "near/free").host, facts_of(settings, "near/free").call) == ("", 0)
    assert (facts_of(settings, "gone/x").name, facts_of(settings, "gone/x").call) == ("gone/x", None)
    assert (facts_of(settings, "local/small").host, facts_of(settings, "local/small").call) == ("", 0)
    assert facts_of(settings, "anthropic/claude-sonnet-4-5").host == "api.anthropic.com"
    assert embedding_host(settings) == "api.mistral.ai"
    assert embedding_host(ModelSettings()) == ""


def test_pictures_go_to_langchains_vendors_as_parts_of_the_last_message() -> None:
    said = [
        Message(role="user", text="Hi"),
        Message(role="assistant", text="Hello"),
        Message(role="user", text="?"),
    ]
    messages = langchain_messages.messages_of(said)
    langchain_messages.show_pictures(messages, [Shown(media_type="image/png", data=b"bees")])
    assert [message.content for message in messages] == [
        "Hi",
        "Hello",
        [
            {"type": "text", "text": "?"},
            {"type": "image_url", "image_url": {"url": "data:image/png;base64,YmVlcw=="}},
        ],
    ]
