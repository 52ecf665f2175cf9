"""Real requests to a scripted server: what arrives, what comes back, and every way it can go wrong."""

import asyncio
import base64
import io
import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from flowloom.errors import KnowledgeError, ModelError
from flowloom.kinds.values import Message, ModelReply, ModelRequest, Shown, ToolCall, ToolSpec
from flowloom.services.models.answers import in_turns
from flowloom.services.models.router import ModelRouter
from flowloom.services.models.settings import ModelSettings, Provider
from flowloom.services.secrets import SecretStore
from tests.media_answers import picture
from tests.openai_server import OpenAIServer, Say

KEY = "sk-very-secret-123456"


@pytest.fixture(scope="module")
def running() -> Iterator[OpenAIServer]:
    with OpenAIServer() as server:
        yield server


@pytest.fixture
def server(running: OpenAIServer) -> OpenAIServer:
    running.script.clear()
    running.requests.clear()
    running.rejects.clear()
    running.default = None
    running.delay = 0.0
    running.most_at_once = 0
    return running


def router_for(url: str, folder: Path, seconds: float = 5.0, **more: Any) -> ModelRouter:
    secrets = SecretStore(folder)
    secrets.set("key", KEY)
    provider = Provider(id="p", kind="compatible", name="Vendor", base_url=url, secret="key", **more)
    settings = ModelSettings(providers=(provider,), roles={"default": "p/m", "fast": "p/small"})
    return ModelRouter(settings, secrets, seconds=seconds, retries=0)


def ask(router: ModelRouter, *requests: ModelRequest, pieces: list[str] | None = None) -> list[ModelReply]:
    async def whole() -> list[ModelReply]:
        try:
            return [await router.reply(each, (pieces if pieces is not None else []).append) for each in requests]
        finally:
            await router.aclose()

    return asyncio.run(whole())


def user(text: str = "Hello there", **more: Any) -> ModelRequest:
    return ModelRequest(messages=[Message(role="user", text=text)], **more)


def test_streams_text_and_counts(server: OpenAIServer, tmp_path: Path) -> None:
    pieces: list[str] = []
    reply = ask(router_for(server.url, tmp_path), user(temperature=0.2), pieces=pieces)[0]
    assert reply.text == "You said: Hello there" == "".join(pieces)
    assert pieces
    assert (reply.usage.model, reply.usage.output_tokens, reply.usage.cost) == ("m", 4, None)
    sent = server.requests[0]
    assert sent.headers["authorization"] == f"Bearer {KEY}"
    assert (sent.body["model"], sent.body["temperature"], sent.body["stream"]) == ("m", 0.2, True)


def test_the_first_token_does_not_wait_for_the_last(server: OpenAIServer, tmp_path: Path) -> None:
    server.script.append(Say("one two three four", per_token=0.05))
    router, times = router_for(server.url, tmp_path), []

    async def whole() -> float:
        await router.reply(user(), lambda piece: times.append(time.perf_counter()))
        end = time.perf_counter()
        await router.aclose()
        return end

    assert asyncio.run(whole()) - times[0] > 0.15


def test_answers_one_after_the_other_come_over_one_connection(server: OpenAIServer, tmp_path: Path) -> None:
    before = server.connections
    ask(router_for(server.url, tmp_path), *[user()] * 3)
    assert server.connections == before + 1


def test_a_server_that_does_not_end_what_is_done_is_not_waited_for(server: OpenAIServer, tmp_path: Path) -> None:
    server.script.append(Say("All there", trouble="lingers"))
    began = time.monotonic()
    assert ask(router_for(server.url, tmp_path, 50), user())[0].text == "All there"
    assert time.monotonic() - began < 20


@pytest.mark.parametrize("wanted", [("fast", "small"), ("careful", "m"), ("p/other/name", "other/name")])
def test_roles_and_names(server: OpenAIServer, tmp_path: Path, wanted: tuple[str, str]) -> None:
    ask(router_for(server.url, tmp_path), user(model=wanted[0]))
    assert server.requests[0].body["model"] == wanted[1]


LOOK = ToolSpec(
    name="look_up", description="Find", parameters={"type": "object", "properties": {"q": {"type": "string"}}}
)


def test_calls_tools(server: OpenAIServer, tmp_path: Path) -> None:
    chinese = LOOK.model_copy(update={"name": "查询"})
    server.script.append(Say(tools=[("look_up", '{"q": "Zoë"}'), ("tool_1", "{}")]))
    reply = ask(router_for(server.url, tmp_path), user(tools=[LOOK, chinese]))[0]
    assert [(call.name, call.arguments) for call in reply.tool_calls] == [
        ("look_up", {"q": "Zoë"}),
        ("查询", {}),
    ]
    assert len({call.id for call in reply.tool_calls}) == 2
    names = [tool["function"]["name"] for tool in server.requests[0].body["tools"]]
    assert names == ["look_up", "tool_1"]


def test_tells_the_whole_conversation(server: OpenAIServer, tmp_path: Path) -> None:
    messages = [
        Message(role="system", text="A"),
        Message(role="user", text="q"),
        Message(role="system", text="B"),
        Message(role="assistant", tool_calls=(ToolCall(id="1", name="look_up", arguments={"q": "x"}),)),
        Message(role="tool", text="found", tool_call_id="1"),
    ]
    ask(router_for(server.url, tmp_path), ModelRequest(messages=messages, tools=[LOOK]))
    sent = server.requests[0].body["messages"]
    assert [message["role"] for message in sent] == ["system", "user", "assistant", "tool"]
    assert sent[0]["content"] == "A\n\nB"
    assert json.loads(sent[2]["tool_calls"][0]["function"]["arguments"]) == {"q": "x"}
    assert sent[3]["tool_call_id"] == "1"


PERSON = {
    "type": "object",
    "properties": {"name": {"type": "string"}, "age": {"type": "integer"}},
    "required": ["name"],
}


@pytest.mark.parametrize(
    ("answer", "fields"),
    [
        ('{"name": "Zoë", "age": 3}', {"name": "Zoë", "age": 3}),
        ('{"name": "Zoë", "age": null}', {"name": "Zoë"}),
        ('```json\n{"name": "Zoë"}\n```', {"name": "Zoë"}),
        ('<think>{"name": "no"}</think>Sure: {"name": "Zoë"}!', {"name": "Zoë"}),
    ],
)
def test_fills_in_forms(server: OpenAIServer, tmp_path: Path, answer: str, fields: dict[str, Any]) -> None:
    server.script.append(Say(answer))
    pieces: list[str] = []
    reply = ask(router_for(server.url, tmp_path), user(response_schema=PERSON), pieces=pieces)[0]
    assert (reply.fields, pieces) == (fields, [])
    sent = server.requests[0].body["response_format"]["json_schema"]
    assert (sent["strict"], sent["schema"]["required"]) == (True, ["name", "age"])


@pytest.mark.parametrize(
    "answer", ["no idea", "[1]", '{"age": 3}', '{"name": 3}', '{"name": "Zoë", "age": "three"}']
)
def test_a_form_filled_in_wrongly_is_told(server: OpenAIServer, tmp_path: Path, answer: str) -> None:
    server.script.append(Say(answer))
    with pytest.raises(ModelError, match="fields") as caught:
        ask(router_for(server.url, tmp_path), user(response_schema=PERSON))
    assert caught.value.problem.code == "model.shape"


CHOICES = {"refund": "money back", "help": "", "none": "x"}


@pytest.mark.parametrize(
    ("answer", "label"),
    [
        ('{"choice": "refund"}', "refund"),
        ('{"choice": "none of these"}', ""),
        ('{"choice": "Refund."}', "refund"),
        ("The label is: refund", "refund"),
        ("refund or help", ""),
        ('{"choice": "weather"}', ""),
    ],
)
def test_chooses(server: OpenAIServer, tmp_path: Path, answer: str, label: str) -> None:
    server.script.append(Say(answer))
    assert ask(router_for(server.url, tmp_path), user(choices=CHOICES))[0].text == label
    assert "- refund: money back" in server.requests[0].body["messages"][0]["content"]


@pytest.mark.parametrize(
    ("rejects", "request_", "calls"),
    [
        ({"stream_options"}, user(), 2),
        ({"temperature"}, user(temperature=0.0), 2),
        ({"temperature", "stream_options"}, user(temperature=0.0), 3),
        ({"json_schema"}, user(response_schema=PERSON), 2),
        ({"json_schema", "json_object"}, user(response_schema=PERSON), 3),
    ],
)
def test_leaves_out_what_a_server_refuses_and_remembers(
    server: OpenAIServer, tmp_path: Path, rejects: set[str], request_: ModelRequest, calls: int
) -> None:
    server.rejects |= rejects
    server.default = Say('{"name": "Zoë"}')
    first, second = ask(router_for(server.url, tmp_path), request_, request_)
    assert first.text == second.text == '{"name": "Zoë"}'
    assert len(server.requests) == calls + 1
    if "json_schema" in rejects:
        assert "JSON schema" in server.requests[-1].body["messages"][0]["content"]


ALTERNATE = "Conversation roles must alternate user/assistant/user/assistant/..."
TALK = [
    Message(role="system", text="Be brief."),
    Message(role="user", text="Bees?"),
    Message(role="user", text="And wasps?"),
    Message(role="assistant", text="Both."),
    Message(role="user", text="Thanks"),
]
TEMPLATES: dict[str, tuple[int, str, bool, bool]] = {
    "janhq/jan#6254: llama.cpp": (500, f"{ALTERNATE} at row 19, column 27", False, True),
    "Yoosu-L/llmapibenchmark#6: vLLM": (400, f"{ALTERNATE} {ALTERNATE}", False, True),
    "predibase/lorax#215: TGI": (424, f"Request failed during generation: Server error: {ALTERNATE}", True, True),
    "vllm-project/vllm#2964: Gemma": (400, "System role not supported", True, False),
    "lobehub/lobehub#7128: Google": (
        400,
        "Developer instruction is not enabled for models/gemma-3-27b-it",
        True,
        False,
    ),
}
"""By status and words: whether the template holds no system, and no two of one side in a row."""


def _holds(messages: list[dict[str, Any]], no_system: bool, alternating: bool) -> bool:
    roles = [message["role"] for message in messages]
    turns = [role for role in roles if role != "system" or no_system]
    in_turn = all(role == ("user", "assistant")[place % 2] for place, role in enumerate(turns))
    return not (no_system and "system" in roles) and (in_turn or not alternating)


@pytest.mark.parametrize("name", TEMPLATES)
def test_templates_that_hold_not_every_talk(server: OpenAIServer, tmp_path: Path, name: str) -> None:
    status, said, no_system, alternating = TEMPLATES[name]
    server.behave = lambda body: (
        Say("Honey")
        if _holds(body["messages"], no_system, alternating)
        else Say(status=status, error={"message": said})
    )
    request = ModelRequest(messages=TALK)
    try:
        first, second = ask(router_for(server.url, tmp_path), request, request)
    finally:
        server.behave = None
    assert first.text == second.text == "Honey"
    told = "\n".join(message["content"] for message in server.requests[-1].body["messages"])
    assert all(message.text in told for message in TALK), "nothing that was said is lost"
    assert len(server.requests) <= 4, "what was found out is remembered"


def test_several_instructions_are_sent_apart_and_together_where_a_template_wants_it(
    server: OpenAIServer, tmp_path: Path
) -> None:
    heads = [Message(role="system", text=text) for text in ("Be brief.", "Never promise a date.")]
    router = router_for(server.url, tmp_path)
    request = ModelRequest(messages=[*heads, Message(role="user", text="Bees?")])
    ask(router, request)
    assert _said_by_systems(server) == ["Be brief.", "Never promise a date."]
    later = ModelRequest(messages=[heads[0], Message(role="user", text="Bees?"), heads[1]])
    ask(router, later)
    assert _said_by_systems(server) == ["Be brief.\n\nNever promise a date."], "only the head stays as it is"
    # vllm-project/vllm#41114: Qwen 3.6
    refusal = Say(status=400, error={"message": "System message must be at the beginning."})
    server.behave = lambda body: refusal if body["messages"][1]["role"] == "system" else Say("Honey")
    try:
        assert [reply.text for reply in ask(router, request, request)] == ["Honey", "Honey"]
    finally:
        server.behave = None
    assert _said_by_systems(server) == ["Be brief.\n\nNever promise a date."]


def _said_by_systems(server: OpenAIServer) -> list[str]:
    return [each["content"] for each in server.requests[-1].body["messages"] if each["role"] == "system"]


def test_calls_of_tools_stay_where_they_are() -> None:
    call = Message(role="assistant", text="", tool_calls=[ToolCall(id="1", name="look_up", arguments={})])
    given = [Message(role="tool", text=word, tool_call_id="1") for word in ("a", "b")]
    talk = [Message(role="user", text="Bees?"), call, *given, Message(role="assistant", text="Both.")]
    assert in_turns(talk) == talk


def test_a_refusal_that_names_nothing_is_tried_around(server: OpenAIServer, tmp_path: Path) -> None:
    server.script.append(Say(status=422, error={"message": "invalid"}))
    assert ask(router_for(server.url, tmp_path), user())[0].text
    assert "stream_options" not in server.requests[1].body


def test_a_server_that_does_not_stream(server: OpenAIServer, tmp_path: Path) -> None:
    server.script.append(Say("All at once", trouble="one_piece"))
    pieces: list[str] = []
    assert ask(router_for(server.url, tmp_path), user(), pieces=pieces)[0].text == "All at once"
    assert pieces == ["All at once"]


TROUBLES = [
    (Say(status=401, error={"message": f"Incorrect key {KEY}"}), "model.key", "doesn’t accept the key"),
    (Say(status=403), "model.key", "doesn’t accept the key"),
    (Say(status=404), "model.unknown", "or its address is wrong"),
    (Say(status=402), "model.quota", "credit"),
    (Say(status=429), "model.busy", "Too many requests to"),
    (Say(status=429, error={"message": "x", "code": "insufficient_quota"}), "model.quota", "credit"),
    (Say(status=500), "model.down", "error 500"),
    (Say(status=503), "model.down", "error 503"),
    (Say(status=400, error={"message": f"bad tool {KEY}"}), "model.request", "rejected the request"),
    (Say(status=400, error={"message": "maximum context length is 8 tokens"}), "model.too_long", "too long"),
    (Say(status=400, error={"message": "content management policy"}), "model.filtered", "filter"),
    (Say("a b c", trouble="half"), "model.half", "was lost in the middle"),
    (Say("a b c", trouble="no_finish"), "model.half", "was lost in the middle"),
    (Say(trouble="drop"), "", "Vendor"),
    (Say(trouble="garbage"), "model.garbage", "isn’t a model server"),
    (Say(trouble="html"), "model.garbage", "isn’t a model server"),
    (Say(trouble="empty"), "model.empty", "empty answer"),
    (Say(""), "model.empty", "empty answer"),
    (Say("", finish="length"), "model.too_long", "length limit"),
    (Say("I will", finish="content_filter"), "model.filtered", "filter"),
    (Say(tools=[("look_up", '{"q": ')]), "model.shape", "look_up"),
    (Say(tools=[("look_up", "[1]")]), "model.shape", "look_up"),
]


@pytest.mark.parametrize(("say", "code", "words"), TROUBLES)
@pytest.mark.parametrize("shaped", [False, True])
def test_troubles_are_told_by_their_kind(
    server: OpenAIServer, tmp_path: Path, say: Say, code: str, words: str, shaped: bool
) -> None:
    if shaped and (say.trouble in ("half", "no_finish") or say.tools):
        return  # these happen to streams and tools only
    server.script.append(say)
    request = user(response_schema=PERSON) if shaped else user(tools=[LOOK])
    with pytest.raises(ModelError, match=words) as caught:
        ask(router_for(server.url, tmp_path), request)
    problem = caught.value.problem
    assert KEY not in str(problem) + repr(problem)
    assert problem.hint
    assert not code or problem.code == code
    assert caught.value.__cause__ is None


def test_a_silent_server_is_not_waited_for(server: OpenAIServer, tmp_path: Path) -> None:
    server.script.append(Say(trouble="hang"))
    with pytest.raises(ModelError, match="in time"):
        ask(router_for(server.url, tmp_path, seconds=0.2), user())


@pytest.mark.parametrize("url", ["http://127.0.0.1:9/v1", "http://no-such-host.invalid/v1"])
def test_an_unreachable_server(tmp_path: Path, url: str) -> None:
    with pytest.raises(ModelError, match="Can’t reach Vendor") as caught:
        ask(router_for(url, tmp_path), user())
    assert url in str(caught.value)


def test_calls_run_side_by_side_under_a_cap(server: OpenAIServer, tmp_path: Path) -> None:
    server.delay = 0.4

    async def whole(router: ModelRouter) -> None:
        await asyncio.gather(*(router.reply(user(), lambda piece: None) for _ in range(12)))
        await router.aclose()

    asyncio.run(whole(router_for(server.url, tmp_path)))
    assert server.most_at_once == 12
    server.most_at_once = 0
    asyncio.run(whole(router_for(server.url, tmp_path, at_once=3)))
    assert server.most_at_once == 3


def test_a_cancelled_call_stays_cancelled(server: OpenAIServer, tmp_path: Path) -> None:
    server.script.append(Say("a b c d", per_token=0.1))
    router = router_for(server.url, tmp_path)

    async def whole() -> None:
        task = asyncio.create_task(router.reply(user(), lambda piece: None))
        await asyncio.sleep(0.15)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert (await router.reply(user(), lambda piece: None)).text
        await router.aclose()

    asyncio.run(whole())


def test_a_new_key_is_used_at_once(server: OpenAIServer, tmp_path: Path) -> None:
    router = router_for(server.url, tmp_path)

    async def whole() -> None:
        await router.reply(user(), lambda piece: None)
        SecretStore(tmp_path).set("key", "sk-another-key")
        await router.reply(user(), lambda piece: None)
        await router.aclose()

    asyncio.run(whole())
    assert server.requests[1].headers["authorization"] == "Bearer sk-another-key"
    assert "sk-another" not in repr(vars(router))


def test_a_picture_goes_with_the_last_message(server: OpenAIServer, tmp_path: Path) -> None:
    server.script.append(Say("A fox"))
    shown = Shown(media_type="image/png", data=picture())
    ask(router_for(server.url, tmp_path), user("What is this?", pictures=[shown]))
    text, seen = server.requests[0].body["messages"][-1]["content"]
    assert text == {"type": "text", "text": "What is this?"}
    begin, _, letters = seen["image_url"]["url"].partition(",")
    assert (seen["type"], begin) == ("image_url", "data:image/png;base64")
    with Image.open(io.BytesIO(base64.b64decode(letters))) as sent:
        assert sent.size == (40, 30)


def test_a_broken_picture_is_not_sent(server: OpenAIServer, tmp_path: Path) -> None:
    request = user("What is this?", pictures=[Shown(media_type="image/png", data=picture()[:50])])
    with pytest.raises(KnowledgeError, match="a picture that can"):
        ask(router_for(server.url, tmp_path), request)
    assert server.requests == []


@pytest.mark.parametrize(
    ("status", "message"),
    [
        (400, "This model does not support image inputs"),
        (404, "No endpoints found that support image input"),
        (500, "image input is not supported - hint: you may need a multimodal model"),
        (422, "messages.0.content: content must be a string"),
    ],
)
def test_a_model_that_cannot_see_is_told_so(
    server: OpenAIServer, tmp_path: Path, status: int, message: str
) -> None:
    server.default = Say(status=status, error={"message": message})
    request = user("What is this?", pictures=[Shown(media_type="image/png", data=picture())])
    with pytest.raises(ModelError, match="m can’t look at images"):
        ask(router_for(server.url, tmp_path), request)
