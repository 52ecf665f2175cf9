"""The wire has other types than documented: every shape that servers were seen to send, and any that they might."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flowloom.errors import ModelError
from flowloom.kinds.values import Shown
from flowloom.services.models import wire
from flowloom.services.models.openai_chat import OpenAIChat
from flowloom.services.models.openai_stream import Answer
from flowloom.services.models.settings import Provider
from tests.media_answers import picture
from tests.openai_server import OpenAIServer, Say
from tests.services.test_openai_chat import LOOK, PERSON, ask, router_for, user


@pytest.fixture(scope="module")
def running() -> Iterator[OpenAIServer]:
    with OpenAIServer() as server:
        yield server


@pytest.fixture
def server(running: OpenAIServer) -> OpenAIServer:
    running.script.clear()
    running.requests.clear()
    return running


def delta(content: Any = None, finish: Any = None, **more: Any) -> dict[str, Any]:
    return {"choices": [{"index": 0, "delta": {"content": content, **more}, "finish_reason": finish}]}


CONTENTS: dict[str, tuple[Any, str]] = {
    "nextcloud/integration_openai#408: parts": ([{"type": "text", "text": "b"}], "b"),
    "OpenAI’s reference, messages of assistants: text with a value": (
        [{"type": "text", "text": {"value": "b"}}],
        "b",
    ),
    "as nextcloud/integration_openai#408: texts in a list": (["b", "c"], "bc"),
    "as nextcloud/integration_openai#408: one part": ({"type": "text", "text": "b"}, "b"),
    "as nextcloud/integration_openai#408: a number": (42, "42"),
    "as nextcloud/integration_openai#408: a truth value": (True, "true"),
}


@pytest.mark.parametrize("name", CONTENTS)
@pytest.mark.parametrize("stream", [True, False])
def test_content_of_any_shape(server: OpenAIServer, tmp_path: Path, name: str, stream: bool) -> None:
    content, text = CONTENTS[name]
    message = {"choices": [{"message": {"content": content}, "finish_reason": "stop"}]}
    server.script.append(Say(chunks=[delta(content), delta(None, "stop")]) if stream else Say(whole=message))
    heard: list[str] = []
    assert ask(router_for(server.url, tmp_path), user(), pieces=heard)[0].text == text == "".join(heard)


def piece(name: Any = None, arguments: Any = None, **more: Any) -> dict[str, Any]:
    return {**more, "function": {"name": name, "arguments": arguments}}


ONE = [("look_up", {"q": "x"})]
# A name and a number is where it was reported; `as` begins a variation of that, to be on the safe side.
CALLS: dict[str, tuple[list[Any], list[tuple[str, dict[str, Any]]]]] = {
    "agno-agi/agno#8879: an object": ([piece("look_up", {"q": "x"}, index=0, id="1")], ONE),
    "langchain-ai/langchain#34242: null": ([piece("look_up", None, index=0, id="1")], [("look_up", {})]),
    "vercel/ai#6687: an empty text": ([piece("look_up", "", index=0, id="1")], [("look_up", {})]),
    "huggingface/smolagents#1003: JSON within JSON": (
        [piece("look_up", json.dumps('{"q": "x"}'), index=0, id="1")],
        ONE,
    ),
    "ogx-ai/ogx#5462: an empty object first": (
        [piece("look_up", "{}", index=0, id="1"), piece(None, '{"q": "x"}', index=0)],
        ONE,
    ),
    "openai/openai-python#2806: no index": ([piece("look_up", '{"q"', id="1"), piece(None, ': "x"}')], ONE),
    "gptscript-ai/gptscript#374: neither index nor id": ([piece("look_up", '{"q"'), piece(None, ': "x"}')], ONE),
    "ggml-org/llama.cpp#20198: a new index each": (
        [piece("look_up", '{"q"', index=0, id="1"), piece(None, ': "x"}', index=1)],
        ONE,
    ),
    "poolsideai/pool#9: a new id each": (
        [piece("look_up", '{"q"', index=0, id="1"), piece("", ': "x"}', index=0, id="2")],
        ONE,
    ),
    "vllm-project/vllm#23522: a new id each, the name again": (
        [piece("look_up", '{"q"', index=0, id="1"), piece("look_up", ': "x"}', index=0, id="2")],
        ONE,
    ),
    "langchain-ai/langchain#35281: one index, two calls": (
        [piece("look_up", '{"q": "x"}', index=0, id="1"), piece("look_up", '{"q": "y"}', index=0, id="2")],
        [*ONE, ("look_up", {"q": "y"})],
    ),
    "huggingface/smolagents#1958: two whole ones without marks": (
        [piece("look_up", '{"q": "x"}'), piece("look_up", '{"q": "y"}')],
        [*ONE, ("look_up", {"q": "y"})],
    ),
    "NousResearch/hermes-agent#11984: the name in each piece": (
        [piece("look_up", '{"q"', index=0), piece("look_up", ': "x"}', index=0)],
        ONE,
    ),
    "continuedev/continue#5849: the name in parts": (
        [piece("look", "", index=0, id="1"), piece("_up", '{"q": "x"}', index=0)],
        ONE,
    ),
    "as continuedev/continue#5849: the name later": (
        [piece(None, '{"q"', index=0, id="1"), piece("look_up", ': "x"}', index=0)],
        ONE,
    ),
    "as langchain-ai/langchain#34242: function is null": (
        [{"index": 0, "id": "1", "function": None}, piece("look_up", '{"q": "x"}', index=0)],
        ONE,
    ),
    "as vercel/ai#6687: the id as a number": ([piece("look_up", '{"q": "x"}', index=0, id=7)], ONE),
    "as openai/openai-python#2806: index as a word": (
        [piece("look_up", '{"q"', index="0"), piece(None, ': "x"}', index="0")],
        ONE,
    ),
}


@pytest.mark.parametrize("name", CALLS)
def test_calls_in_pieces_of_any_shape(server: OpenAIServer, tmp_path: Path, name: str) -> None:
    pieces, calls = CALLS[name]
    server.script.append(Say(chunks=[*(delta(tool_calls=[each]) for each in pieces), delta(None, "tool_calls")]))
    reply = ask(router_for(server.url, tmp_path), user(tools=[LOOK]))[0]
    assert [(call.name, call.arguments) for call in reply.tool_calls] == calls
    assert len({call.id for call in reply.tool_calls}) == len(calls)


def test_the_old_form_of_a_call(server: OpenAIServer, tmp_path: Path) -> None:
    """Chat completions before November 2023: `function_call`."""
    old = {"name": "look_up", "arguments": '{"q": "x"}'}
    server.script.append(Say(chunks=[delta(function_call=old), delta(None, "function_call")]))
    reply = ask(router_for(server.url, tmp_path), user(tools=[LOOK]))[0]
    assert [(call.name, call.arguments) for call in reply.tool_calls] == ONE


@pytest.mark.parametrize("finish", ["eos", "stop_sequence", "tool_call", "", None])
def test_any_word_ends_an_answer_and_so_does_done(server: OpenAIServer, tmp_path: Path, finish: Any) -> None:
    server.script.append(Say(chunks=[delta("b"), delta(None, finish)]))
    assert ask(router_for(server.url, tmp_path), user())[0].text == "b"


def test_a_stream_without_any_end_is_half(server: OpenAIServer, tmp_path: Path) -> None:
    server.script.append(Say(chunks=[delta("b")], done=False))
    with pytest.raises(ModelError, match="was lost in the middle"):
        ask(router_for(server.url, tmp_path), user())


USAGES: list[tuple[Any, wire.Counted]] = [
    (None, wire.Counted()),
    ("12", wire.Counted()),
    ({"prompt_tokens": "12", "completion_tokens": 3.0}, wire.Counted(12, 3)),
    ({"prompt_tokens": None}, wire.Counted()),
    ({"input_tokens": 12, "output_tokens": 3}, wire.Counted(12, 3)),
    ({"prompt_tokens": 12, "prompt_tokens_details": {"cached_tokens": 8}}, wire.Counted(12, None, 8)),
    ({"prompt_tokens": 12, "prompt_cache_hit_tokens": 8}, wire.Counted(12, None, 8)),
    ({"prompt_tokens": True, "completion_tokens": -1}, wire.Counted()),
    ({"prompt_tokens": float("nan"), "completion_tokens": 1e300}, wire.Counted()),
]


@pytest.mark.parametrize(("usage", "counted"), USAGES)
def test_usage_of_any_type(usage: Any, counted: wire.Counted) -> None:
    assert wire.counted(usage) == counted


def test_usage_in_every_chunk_is_not_added_up() -> None:
    answer = Answer()
    for written in (1, 2, 3):
        answer.add({**delta("b"), "usage": {"prompt_tokens": 9, "completion_tokens": written}})
    answer.add({**delta(None, "stop"), "usage": None})
    assert answer.counted == wire.Counted(9, 3)


ERRORS: dict[str, tuple[Any, str]] = {
    "OpenAI’s reference, errors: an object": ({"error": {"message": "no honey", "code": "bee"}}, "no honey"),
    "microsoft/autogen#757: a text": ({"error": "no honey"}, "no honey"),
    "vllm-project/vllm#12886: a message": ({"message": "no honey"}, "no honey"),
    "FastAPI’s reference, handling errors: a list of details": (
        {"detail": [{"loc": ["body"], "msg": "no honey"}]},
        "no honey",
    ),
    "openai/openai-node#1746: a detail": ({"detail": "no honey"}, "no honey"),
    "bytedance/deer-flow#1515: Google’s list": ([{"error": {"message": "no honey"}}], "no honey"),
    "as microsoft/autogen#757: plain text": ("no honey", "no honey"),
    "as microsoft/autogen#757: JSON in a text": (
        {"error": {"message": '{"error": {"message": "no honey"}}'}},
        "no honey",
    ),
}


@pytest.mark.parametrize("name", ERRORS)
def test_errors_of_any_shape_are_told(server: OpenAIServer, tmp_path: Path, name: str) -> None:
    body, words = ERRORS[name]
    server.script.extend([Say(status=400, whole=body)] * 2)
    with pytest.raises(ModelError, match=words) as caught:
        ask(router_for(server.url, tmp_path), user())
    assert "{" not in str(caught.value)


@pytest.mark.parametrize(
    "name",
    [
        "OpenAI’s reference, errors: an object",
        "microsoft/autogen#757: a text",
        "vllm-project/vllm#12886: a message",
        "FastAPI’s reference, handling errors: a list of details",
        "openai/openai-node#1746: a detail",
    ],
)
@pytest.mark.parametrize("how", ["whole", "stream", "shaped"])
def test_an_error_with_status_200(server: OpenAIServer, tmp_path: Path, name: str, how: str) -> None:
    body, words = ERRORS[name]
    server.script.append(Say(chunks=[body]) if how == "stream" else Say(whole=body))
    with pytest.raises(ModelError, match=words):
        ask(router_for(server.url, tmp_path), user(response_schema=PERSON) if how == "shaped" else user())


@pytest.mark.parametrize("shaped", [True, False])
@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"object": "chat.completion", "choices": []}, "model.empty"),
        ({"object": "chat.completion", "choices": None}, "model.empty"),
        ({"object": "chat.completion"}, "model.empty"),
        ({"choices": [{"message": None}]}, "model.empty"),
        ({"choices": "honey"}, "model.garbage"),
        ("<html>Welcome</html>", "model.garbage"),
        ([1], "model.garbage"),
    ],
)
def test_answers_without_any(server: OpenAIServer, tmp_path: Path, body: Any, code: str, shaped: bool) -> None:
    """An HTML page with status 200 came back as a `str` from the openai SDK: verified with 3.52."""
    server.script.append(Say(whole=body))
    with pytest.raises(ModelError) as caught:
        ask(router_for(server.url, tmp_path), user(response_schema=PERSON) if shaped else user())
    assert caught.value.problem.code == code


@pytest.mark.parametrize(
    ("message", "words"),
    [
        ("At most 1 image(s) may be provided in one prompt.", "up to 1 picture"),
        ("Too many images in request", "got more pictures than it accepts at a time"),
        ("Number of images exceeds the limit of 5", "up to 5 picture"),
        ("This model does not support image input", "can’t look at images"),
    ],
)
def test_too_many_pictures_are_told_as_that(server: OpenAIServer, tmp_path: Path, message: str, words: str) -> None:
    server.script.extend([Say(status=400, error={"message": message})] * 2)
    shown = Shown(media_type="image/png", data=picture())
    with pytest.raises(ModelError, match=words):
        ask(router_for(server.url, tmp_path), user(pictures=[shown, shown]))


def test_a_sign_cut_in_two_is_one_sign() -> None:
    answer = Answer()
    shown = [answer.add(delta(each)) for each in ("a\ud83d", "\ude00", "b\ud83d")] + [answer.end()]
    assert "".join(shown) == answer.text == "a\U0001f600b\ufffd"


def test_half_a_sign_in_a_call_or_a_form_is_replaced() -> None:
    answer = Answer(tools=("look_up",))
    answer.add(delta(tool_calls=[piece("look_up", '{"q": "b\\ud83d"}', index=0, id="\ud83d")]))
    answer.add(delta(None, "tool_calls"))
    answer.end()
    (call,) = CHAT._read(answer, "m", user(tools=[LOOK])).tool_calls
    assert (call.arguments, call.id) == ({"q": "b\ufffd"}, "\ufffd")
    form = Answer()
    form.add(delta('{"name": "b\\ud83d", "age": 3}', "stop"))
    form.end()
    reply = CHAT._read(form, "m", user(response_schema=PERSON))
    assert reply.fields["name"] == "b\ufffd"
    reply.model_dump_json()


SEEN = st.sampled_from(
    ["", "stop", "text", "thinking", "look_up", "{}", '{"q": 1}', "<think>", "</think>", "0", "\ud83d", "eos"]
)
SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | SEEN
NAMES = st.sampled_from(
    "choices delta message content tool_calls function name arguments index id type text finish_reason usage error "
    "reasoning_content reasoning_details prompt_tokens prompt_tokens_details cached_tokens refusal "
    "function_call".split()
)
JSON = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=4), max_leaves=12
)
PIECES = st.fixed_dictionaries(
    {}, optional={name: JSON for name in ("index", "id", "function", "name", "arguments")}
)
DELTAS = st.fixed_dictionaries(
    {},
    optional={"content": JSON, "tool_calls": st.lists(PIECES, max_size=3) | JSON, "reasoning": JSON, "x": JSON},
)
CHUNKS = JSON | st.fixed_dictionaries(
    {"choices": st.lists(st.fixed_dictionaries({"delta": DELTAS | JSON, "finish_reason": JSON}), max_size=2)},
    optional={"usage": JSON},
)
CHAT = OpenAIChat(Provider(id="p", kind="compatible", name="Vendor", base_url="http://127.0.0.1:9/v1"))


@settings(max_examples=400, deadline=None)
@given(st.lists(CHUNKS, max_size=4), st.booleans())
def test_whatever_comes_is_a_reply_or_said_in_words(chunks: list[Any], whole: bool) -> None:
    answer = Answer(tools=("look_up",))
    try:
        for chunk in chunks:
            answer.add_whole(chunk) if whole else answer.add(chunk)
        answer.end()
        reply = CHAT._read(answer, "m", user(tools=[LOOK]))
    except (ModelError, wire.ServerError):
        return
    assert reply.text.strip() or reply.tool_calls
    reply.model_dump_json()


@given(JSON)
def test_any_error_body_is_read(body: Any) -> None:
    assert isinstance(wire.said_in(body), str)
    assert isinstance(wire.ServerError(body).status_code, int)
    assert isinstance(wire.numbers(body), list)
