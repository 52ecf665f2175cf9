"""What servers were seen to do, one row a behaviour, each named after the place where it was reported.

`owner/repository#number` is an issue or a pull request on GitHub; a name that begins with `as` is a variation of
what was seen there. The person sees an answer, not a refusal, and what was found out about a model is asked once.
"""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from flowloom.errors import ModelError
from flowloom.kinds.values import Message, ModelRequest
from tests.openai_server import OpenAIServer, Say
from tests.services import test_openai_chat, test_sse, test_thoughts, test_wire
from tests.services.test_openai_chat import LOOK, PERSON, TALK, ask, router_for, user


@pytest.fixture(scope="module")
def running() -> Iterator[OpenAIServer]:
    with OpenAIServer() as server:
        yield server


@pytest.fixture
def server(running: OpenAIServer) -> Iterator[OpenAIServer]:
    running.script.clear()
    running.requests.clear()
    yield running
    running.behave = None


def openai_error(message: str, param: str = "") -> dict[str, Any]:
    kind = "invalid_request_error"
    return {"error": {"message": message, "type": kind, "param": param or None, "code": "unsupported"}}


def form(body: dict[str, Any]) -> str:
    return str(body.get("response_format", {}).get("type", ""))


def _late_system(body: dict[str, Any]) -> bool:
    return any(message["role"] == "system" for message in body["messages"][1:])


DESERIALIZE = (
    "Failed to deserialize the JSON body into the target type: response_format: response_format.type `json_schema` "
    "is unavailable now at line 1 column 1193"
)
EXTRA = {"type": "extra_forbidden", "loc": ["body", "stream_options", "include_usage"], "msg": "Extra inputs"}
REFUSALS: dict[str, tuple[ModelRequest, Any, int, Any]] = {
    # The request, what of its body is refused, with which status, in which words.
    "langgenius/dify#4593: stream_options, Azure": (
        user(),
        lambda body: "stream_options" in body,
        400,
        openai_error("Unknown parameter: 'stream_options'."),
    ),
    "vercel/ai#1578: stream_options, Groq": (
        user(),
        lambda body: "stream_options" in body,
        400,
        {"error": {"message": "property 'stream_options' is unsupported, did you mean 'stream'?"}},
    ),
    "openai/openai-agents-python#442: stream_options, Mistral, the words in an object": (
        user(),
        lambda body: "stream_options" in body,
        422,
        {"object": "error", "message": {"detail": [EXTRA]}, "type": "invalid_request_error"},
    ),
    "BerriAI/litellm#9916: include_usage, Bedrock, with status 500": (
        user(),
        lambda body: "stream_options" in body,
        500,
        {"message": "extraneous key [include_usage] is not permitted"},
    ),
    "gabrii/Cursor-Azure-GPT-5#33: a temperature other than 1": (
        user(temperature=0.0),
        lambda body: "temperature" in body,
        400,
        openai_error(
            "Unsupported value: 'temperature' does not support 0 with this model. Only the default (1) value is "
            "supported.",
            "temperature",
        ),
    ),
    "HKUDS/nanobot#202: a temperature other than 1, Moonshot": (
        user(temperature=0.2),
        lambda body: "temperature" in body,
        400,
        {"error": {"message": "invalid temperature: only 1 is allowed for this model", "type": "invalid_request"}},
    ),
    "BerriAI/litellm#7580: json_schema, DeepSeek": (
        user(response_schema=PERSON),
        lambda body: form(body) == "json_schema",
        422,
        {"error": {"message": DESERIALIZE}},
    ),
    "ItzCrazyKns/Vane#969: json_schema, DeepSeek, without its name": (
        user(response_schema=PERSON),
        lambda body: form(body) == "json_schema",
        400,
        openai_error("This response_format type is unavailable now"),
    ),
    "lmstudio-ai/lmstudio-bug-tracker#189: json_object, LM Studio": (
        user(response_schema=PERSON),
        lambda body: bool(form(body)),
        400,
        {"error": "'response_format.type' must be 'json_schema'"},
    ),
    "ggml-org/llama.cpp#20733: a system message that is not first": (
        ModelRequest(messages=[*TALK, Message(role="system", text="Be kind."), Message(role="user", text="Well?")]),
        _late_system,
        400,
        {"error": {"code": 400, "message": "Jinja Exception: System message must be at the beginning."}},
    ),
}


@pytest.mark.parametrize("name", REFUSALS)
def test_what_a_server_refuses_is_left_out_and_remembered(server: OpenAIServer, tmp_path: Path, name: str) -> None:
    request, refused, status, words = REFUSALS[name]
    server.behave = lambda body: Say(status=status, whole=words) if refused(body) else Say('{"name": "Zoë"}')
    first, second = ask(router_for(server.url, tmp_path), request, request)
    assert first.text == second.text == '{"name": "Zoë"}'
    tries = len(server.requests) - 1
    assert tries <= 3
    assert not refused(server.requests[-1].body)


@pytest.mark.parametrize(
    "name",
    [
        "koosoli/ESPHomeDesigner#379: max_tokens, max_completion_tokens",
        "langchain-ai/langchain#29416: parallel_tool_calls",
    ],
)
def test_what_some_refuse_and_nobody_needs_is_never_sent(server: OpenAIServer, tmp_path: Path, name: str) -> None:
    requests = (user(), user(tools=[LOOK]), user(response_schema=PERSON), user(choices={"a": "", "b": ""}))
    server.behave = lambda body: Say('{"name": "Zoë", "choice": "a"}')
    ask(router_for(server.url, tmp_path), *requests)
    parts = name.partition(": ")[2].split(", ")
    assert not [part for sent in server.requests for part in parts if part in sent.body]


def chunk(content: Any = None, finish: Any = None, **more: Any) -> dict[str, Any]:
    return {"choices": [{"index": 0, "delta": {"content": content}, "finish_reason": finish}], **more}


FILTERS = {"hate": {"filtered": False, "severity": "safe"}}
CALL = {"index": 0, "id": "1", "function": {"name": "look_up", "arguments": '{"q": "x"}'}}
STREAMS: dict[str, list[Any]] = {
    "AbanteAI/archive-old-cli-mentat#429: an empty first list of choices, Azure": [
        {"id": "", "object": "", "choices": [], "prompt_filter_results": [{"content_filter_results": FILTERS}]},
        chunk("Hon"),
        chunk("ey", "stop"),
    ],
    "seratch/ChatGPT-in-Slack#49: the same with usage null": [
        {"choices": [], "usage": None, "prompt_annotations": []},
        chunk("Honey", "stop"),
    ],
    "mnfst/llm-gateway#2053: a comment as data, OpenRouter through a gateway": [
        ": OPENROUTER PROCESSING",
        chunk("Honey", "stop"),
    ],
    "anomalyco/opencode#50871: keep-alive as data, Vertex": [
        ": keepalive",
        chunk("Hon"),
        ": keepalive",
        chunk("ey", "stop"),
    ],
    "Growth-Circle/cadis#2329: empty data to keep alive": ["", chunk("Hon"), "", chunk("ey", "stop")],
    "ollama/ollama#4357: finish_reason an empty text in each piece": [
        chunk("Hon", ""),
        chunk("ey", ""),
        chunk(None, "stop"),
    ],
    "openai/openai-dotnet#267: finish_reason eos, Together": [chunk("Honey"), chunk(None, "eos")],
    "mistralai/client-python#123: finish_reason eos_token, TGI": [chunk("Honey", "eos_token")],
    "vercel/modelfusion#343: finish_reason end_turn, OpenRouter": [chunk("Honey", "end_turn")],
    "cline/cline#10148: usage in every piece, ik_llama.cpp": [
        chunk("Hon", usage={"prompt_tokens": 9, "completion_tokens": 1}),
        chunk("ey", "stop", usage={"prompt_tokens": 9, "completion_tokens": 2}),
    ],
    "langroid/langroid#567: usage at the end, in a piece of its own": [
        chunk("Honey", "stop"),
        {"choices": [], "usage": {"prompt_tokens": 9, "completion_tokens": 2}},
    ],
}


@pytest.mark.parametrize("name", STREAMS)
def test_streams_as_they_were_seen(server: OpenAIServer, tmp_path: Path, name: str) -> None:
    server.script.append(Say(chunks=STREAMS[name]))
    heard: list[str] = []
    reply = ask(router_for(server.url, tmp_path), user(), pieces=heard)[0]
    assert reply.text == "".join(heard) == "Honey"
    if "usage in" in name or "usage at" in name:
        assert (reply.usage.input_tokens, reply.usage.output_tokens) == (9, 2)


def test_content_is_null_beside_calls_in_one_piece(server: OpenAIServer, tmp_path: Path) -> None:
    """OpenAI's reference of chat completions: `content` is a string or null, and null beside `tool_calls`."""
    message = {"role": "assistant", "content": None, "tool_calls": [CALL]}
    server.script.append(Say(whole={"choices": [{"message": message, "finish_reason": "tool_calls"}]}))
    reply = ask(router_for(server.url, tmp_path), user(tools=[LOOK]))[0]
    assert [(call.name, call.arguments) for call in reply.tool_calls] == [("look_up", {"q": "x"})]


PAGE = "<html><head><title>502 Bad Gateway</title></head><body><center>nginx</center></body></html>"
ERRORS: dict[str, tuple[Say, str | None, str]] = {
    "Significant-Gravitas/AutoGPT#944: a page of HTML with status 502": (
        Say(status=502, whole=PAGE, headers={"content-type": "text/html"}),
        "model.down",
        "error 502",
    ),
    "apache/rocketmq-dashboard#2178: an error in a stream with status 200": (
        Say(chunks=[{"error": {"message": "quota exceeded"}}]),
        None,
        "quota exceeded",
    ),
    "aaif-goose/goose#8027: an error after the first words": (
        Say(chunks=[chunk("Hon"), {"error": {"message": "Internal server error", "code": 500}}]),
        "model.down",
        "error 500",
    ),
    "diegosouzapw/OmniRoute#8210: an error beside an empty list of choices, OpenRouter": (
        Say(
            chunks=[
                {
                    "object": "chat.completion.chunk",
                    "choices": [],
                    "error": {"code": 502, "message": "Worker local total request limit reached (33/32)"},
                }
            ]
        ),
        "model.down",
        "error 502",
    ),
    "BerriAI/litellm#22793: an error whose code is null": (
        Say(chunks=[{"error": {"message": "no honey", "code": None}}]),
        None,
        "no honey",
    ),
}


@pytest.mark.parametrize("name", ERRORS)
def test_errors_as_they_were_seen(server: OpenAIServer, tmp_path: Path, name: str) -> None:
    say, code, words = ERRORS[name]
    server.script.append(say)
    with pytest.raises(ModelError, match=words) as caught:
        ask(router_for(server.url, tmp_path), user())
    problem = caught.value.problem
    assert code in (None, problem.code)
    assert problem.hint
    for raw in ("<html", "{", "choices"):
        assert raw not in str(caught.value)


def test_a_form_that_was_filled_in_among_the_thoughts_is_read(server: OpenAIServer, tmp_path: Path) -> None:
    """lmstudio-ai/lmstudio-bug-tracker#1773: the schema holds the thoughts, and the content stays empty."""
    message = {"role": "assistant", "content": "", "reasoning_content": '{"name": "Zoë", "age": 3}'}
    server.script.append(Say(whole={"choices": [{"message": message, "finish_reason": "stop"}]}))
    reply = ask(router_for(server.url, tmp_path), user(response_schema=PERSON))[0]
    assert reply.fields == {"name": "Zoë", "age": 3}


def test_thoughts_that_only_look_like_the_form_are_none(server: OpenAIServer, tmp_path: Path) -> None:
    """A variation of lmstudio-ai/lmstudio-bug-tracker#1773: what was thought is no answer of its own."""
    message = {"role": "assistant", "content": "", "reasoning_content": 'Maybe {"name": "no"}? I am not sure.'}
    server.script.append(Say(whole={"choices": [{"message": message, "finish_reason": "stop"}]}))
    with pytest.raises(ModelError, match="thought, but gave no"):
        ask(router_for(server.url, tmp_path), user(response_schema=PERSON))


ISSUE, PAGE_OF = r"[\w.-]+/[\w.-]+#\d+", r"[^:]+’s (?:reference|model card|HTML)\b[^:]*"
SOURCE = re.compile(rf"(?:as )?(?:{ISSUE}|{PAGE_OF}|[\w.-]+/[\w.-]+, its README): .+")
TABLES: dict[str, Mapping[str, Any]] = {
    "refusals": REFUSALS,
    "streams": STREAMS,
    "errors": ERRORS,
    "templates": test_openai_chat.TEMPLATES,
    "contents": test_wire.CONTENTS,
    "calls": test_wire.CALLS,
    "shapes of errors": test_wire.ERRORS,
    "events": test_sse.STREAMS,
    "tags of thoughts": test_thoughts.TEXTS,
    "thoughts beside": test_thoughts.BESIDE,
}


@pytest.mark.parametrize("name", TABLES)
def test_each_row_says_where_it_was_seen(name: str) -> None:
    assert [row for row in TABLES[name] if not SOURCE.fullmatch(row)] == []
