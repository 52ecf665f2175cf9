"""A2A’s own client follows a task as it is answered, in both versions; hanging up frees what it held."""

import asyncio
import json
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest
from a2a.client import A2ACardResolver, Client, ClientConfig, ClientFactory
from a2a.client.errors import A2AClientError
from a2a.types.a2a_pb2 import (
    CancelTaskRequest,
    GetTaskRequest,
    Message,
    Part,
    Role,
    SendMessageRequest,
    StreamResponse,
    SubscribeToTaskRequest,
    TaskState,
)
from a2a.utils.errors import A2AError

from flowloom.api_keys import Limits
from tests.openai_server import Say
from tests.serve.api.serving import APPROVES, Served, flow_of
from tests.serve.api.test_requests import newest

SUMS = flow_of(
    {"m": "chat.message", "a": "agent", "c": "calculator", "z": "chat.answer"},
    "m.message>a.message c.tool>a.tools a.answer>z.text",
)
VERSIONS = pytest.mark.parametrize("version", ["1.0", "0.3"])
STREAMS = {"1.0": "SendStreamingMessage", "0.3": "message/stream"}


@pytest.fixture(scope="module", autouse=True)
def _published(api: Served) -> None:
    api.publish(APPROVES, "asks")
    api.publish(SUMS, "sums")


@asynccontextmanager
async def agent(api: Served, version: str, gpt: str = "trips", key: str = "") -> AsyncIterator[Client]:
    """The official client, which read the card and speaks this version."""
    headers = {"Authorization": f"Bearer {key or api.key}"}
    async with httpx.AsyncClient(headers=headers, timeout=30) as http:
        card = await A2ACardResolver(http, f"{api.root}/a2a/{gpt}").get_agent_card()
        assert card.capabilities.streaming
        spoken = [each for each in card.supported_interfaces if each.protocol_version == version]
        del card.supported_interfaces[:]
        card.supported_interfaces.extend(spoken)
        yield ClientFactory(ClientConfig(httpx_client=http)).create(card)


def message(text: str, **more: Any) -> SendMessageRequest:
    said = Message(message_id="1", role=Role.ROLE_USER, parts=[Part(text=text)], **more)
    return SendMessageRequest(message=said)


def ask(api: Served, version: str, request: Any, gpt: str = "trips", key: str = "") -> list[StreamResponse]:
    """All that is told of it."""

    async def told() -> list[StreamResponse]:
        async with agent(api, version, gpt, key) as client:
            method = client.subscribe if isinstance(request, SubscribeToTaskRequest) else client.send_message
            return [each async for each in method(request)]

    return asyncio.run(told())


def do(api: Served, version: str, act: Callable[[Client], Awaitable[Any]], gpt: str = "trips") -> Any:
    async def done() -> Any:
        async with agent(api, version, gpt) as client:
            return await act(client)

    return asyncio.run(done())


def kinds(events: list[StreamResponse]) -> list[str]:
    return [str(each.WhichOneof("payload")) for each in events]


def text_of(events: list[StreamResponse]) -> str:
    """The artifact as a client puts it together."""
    text = ""
    for each in events:
        if each.HasField("artifact_update"):
            piece = each.artifact_update.artifact.parts[0].text
            text = text + piece if each.artifact_update.append else piece
    return text


def eventually(holds: Callable[[], bool]) -> None:
    until = time.monotonic() + 20
    while not holds():
        assert time.monotonic() < until
        time.sleep(0.01)


def state(api: Served, run: str) -> str:
    return str(api.home.runner.view(run).state)  # type: ignore[union-attr]


@VERSIONS
def test_an_answer_is_told_as_it_is_written(api: Served, version: str) -> None:
    api.model.script.append(Say("A day at the zoo.", per_token=0.03))
    events = ask(api, version, message("Hello"))
    first, last = events[0].task, events[-1].status_update
    assert kinds(events)[0 :: len(events) - 1] == ["task", "status_update"]
    assert set(kinds(events)[1:-1]) == {"artifact_update"}
    assert len(events) > 3  # in pieces
    assert (first.status.state, last.status.state) == (
        TaskState.TASK_STATE_WORKING,
        TaskState.TASK_STATE_COMPLETED,
    )
    assert text_of(events) == "A day at the zoo."
    assert {(each.artifact_update.task_id, each.artifact_update.context_id) for each in events[1:-1]} == {
        (first.id, first.context_id)
    }
    task = do(api, version, lambda client: client.get_task(GetTaskRequest(id=first.id)))
    assert (task.status.state, task.artifacts[0].parts[0].text) == (last.status.state, "A day at the zoo.")


@VERSIONS
def test_the_first_event_is_there_before_the_model_answers(api: Served, version: str) -> None:
    api.model.script.append(Say("Late.", first_token_after=20.0))

    async def first() -> StreamResponse:
        async with agent(api, version) as client:
            events = client.send_message(message("Hello"))
            return await anext(events)

    assert asyncio.run(asyncio.wait_for(first(), 15)).HasField("task")


@VERSIONS
def test_a_task_that_waits_ends_the_stream_and_goes_on_in_another(api: Served, version: str) -> None:
    events = ask(api, version, message("Spend 5?"), "asks")
    status = events[-1].status_update.status
    assert status.state == TaskState.TASK_STATE_INPUT_REQUIRED
    assert status.message.parts[0].text
    task = events[0].task
    done = ask(api, version, message("approved", task_id=task.id, context_id=task.context_id), "asks")
    assert done[0].task.id == task.id
    assert (text_of(done), done[-1].status_update.status.state) == ("Spend 5?", TaskState.TASK_STATE_COMPLETED)


@VERSIONS
def test_one_that_fails_says_why_at_its_end(api: Served, version: str) -> None:
    api.model.script.extend([Say(status=400, error={"message": "sk-secret"})] * 3)
    last = ask(api, version, message("Hello"))[-1].status_update.status
    assert last.state == TaskState.TASK_STATE_FAILED
    assert last.message.parts[0].text
    assert "secret" not in str(last)


@VERSIONS
def test_one_is_stopped_while_it_is_followed(api: Served, version: str) -> None:
    api.model.script.append(Say("a b c d e f", per_token=5.0))

    async def stopped() -> tuple[StreamResponse, Any, list[StreamResponse]]:
        async with agent(api, version) as client:
            events = client.send_message(message("Hello"))
            first = await anext(events)
            task = await client.cancel_task(CancelTaskRequest(id=first.task.id))
            return first, task, [each async for each in events]

    first, task, rest = asyncio.run(asyncio.wait_for(stopped(), 20))
    canceled = TaskState.TASK_STATE_CANCELED
    assert (task.id, task.status.state) == (first.task.id, canceled)
    assert rest[-1].status_update.status.state == canceled


@VERSIONS
def test_what_is_over_is_not_stopped(api: Served, version: str) -> None:
    over = ask(api, version, message("Hello"))[0].task.id
    with pytest.raises((A2AError, A2AClientError), match="over"):
        do(api, version, lambda client: client.cancel_task(CancelTaskRequest(id=over)))
    method = {"1.0": "CancelTask", "0.3": "tasks/cancel"}[version]
    call = {"jsonrpc": "2.0", "id": 7, "method": method, "params": {"id": over}}
    assert api.post("/a2a/trips", call).json()["error"]["code"] == -32002


@VERSIONS
def test_who_hangs_up_frees_what_it_held_and_stops_the_run(api: Served, version: str) -> None:
    api.model.script.append(Say("a b c d e f", per_token=5.0))
    run = hang_up_on(api, version)
    eventually(lambda: state(api, run) == "cancelled")
    eventually(lambda: nothing_is_held(api))


@VERSIONS
def test_one_that_may_be_sent_again_goes_on_and_is_the_same(api: Served, version: str) -> None:
    api.model.script.append(Say("a b c d", per_token=0.1))
    run = hang_up_on(api, version, **{"Idempotency-Key": f"again {version}"})
    eventually(lambda: state(api, run) == "finished")
    assert hang_up_on(api, version, **{"Idempotency-Key": f"again {version}"}) == run
    assert len(api.model.requests) == 1


@pytest.mark.parametrize("method", ["SendMessage", "message/send"])
def test_who_hangs_up_on_a_whole_answer_stops_the_run(api: Served, method: str) -> None:
    api.model.script.append(Say("a b c d e f", first_token_after=10.0))
    call = call_of(method, said("Hello"))
    with httpx.Client(timeout=httpx.Timeout(10, read=0.5)) as http, pytest.raises(httpx.ReadTimeout):
        http.post(f"{api.root}/a2a/trips", json=call, headers={"Authorization": f"Bearer {api.key}"})
    eventually(lambda: state(api, newest(api)) == "cancelled")


@VERSIONS
def test_another_reader_looks_on_and_leaves_it_as_it_is(api: Served, version: str) -> None:
    api.model.script.append(Say("A day at the zoo.", per_token=0.2))

    async def both() -> tuple[StreamResponse, list[StreamResponse], list[StreamResponse]]:
        async with agent(api, version) as client:
            events = client.send_message(message("Hello"))
            task = (await anext(events)).task
            async with agent(api, version) as passing:
                seen = await anext(passing.subscribe(SubscribeToTaskRequest(id=task.id)))
            others = [each async for each in client.subscribe(SubscribeToTaskRequest(id=task.id))]
            return seen, others, [each async for each in events]

    seen, others, rest = asyncio.run(both())
    assert seen.task.id == others[0].task.id
    assert text_of(others) == text_of(rest) == "A day at the zoo."
    assert others[-1] == rest[-1]


@VERSIONS
def test_what_was_only_the_way_to_the_answer_is_taken_back(api: Served, version: str) -> None:
    api.model.script.extend([Say("Let me see.", [("calculator", '{"expression": "6*7"}')]), Say("It is 42.")])
    events = ask(api, version, message("What is 6 times 7?"), "sums")
    task = do(api, version, lambda client: client.get_task(GetTaskRequest(id=events[0].task.id)), "sums")
    assert text_of(events) == task.artifacts[0].parts[0].text == "It is 42."
    assert "Let me see." in "".join(
        each.artifact_update.artifact.parts[0].text for each in events if each.HasField("artifact_update")
    )


@pytest.mark.parametrize(
    ("params", "code"),
    [
        ({}, -32602),
        ({"message": {"parts": []}}, -32602),
        ({"message": {"parts": [{"text": "x"}], "taskId": "other"}}, -32001),
        ({"message": {"parts": [{"text": "x"}], "contextId": "other"}}, -32001),
        (None, -32600),
    ],
)
@pytest.mark.parametrize("method", STREAMS.values())
def test_what_is_wrong_is_an_error_before_anything_streams(
    api: Served, method: str, params: Any, code: int
) -> None:
    answer = api.post("/a2a/trips", call_of(method, params))
    assert answer.headers["content-type"] == "application/json"
    assert (answer.json()["id"], answer.json()["error"]["code"]) == (7, code)
    assert not api.model.requests


@VERSIONS
def test_what_another_key_began_is_neither_followed_nor_stopped(api: Served, version: str) -> None:
    run = ask(api, version, message("Hello"), key=api.key_of())[0].task.id
    with pytest.raises((A2AError, A2AClientError)):
        ask(api, version, SubscribeToTaskRequest(id=run))
    with pytest.raises((A2AError, A2AClientError)):
        do(api, version, lambda client: client.cancel_task(CancelTaskRequest(id=run)))


def test_keys_and_their_limits_count_as_for_a_whole_answer(api: Served) -> None:
    call = call_of("message/stream", said("Hello"))
    assert httpx.post(f"{api.root}/a2a/trips", json=call).status_code == 401
    assert api.post("/a2a/trips", call, api.key_of(scopes=("chat",))).status_code == 403
    once = api.key_of(limits=Limits(runs_a_day=1))
    assert api.post("/a2a/trips", call, once).headers["content-type"].startswith("text/event-stream")
    assert api.post("/a2a/trips", call, once).json()["error"]["code"] == -32602


def call_of(method: str, params: Any) -> dict[str, Any]:
    return {"jsonrpc": "2.0", "id": 7, "method": method, "params": params}


def said(text: str) -> dict[str, Any]:
    return {"message": {"messageId": "1", "role": "user", "parts": [{"kind": "text", "text": text}]}}


def hang_up_on(api: Served, version: str, **headers: str) -> str:
    """Read the first event of a stream and hang up; gives the run."""
    given = {"Authorization": f"Bearer {api.key}", **headers}
    call = call_of(STREAMS[version], said("Hello"))
    with httpx.stream("POST", f"{api.root}/a2a/trips", json=call, headers=given, timeout=30) as answer:
        result = next(results(answer))
    return str(result.get("task", result)["id"])


def results(answer: httpx.Response) -> Iterator[dict[str, Any]]:
    for line in answer.iter_lines():
        if line.startswith("data: "):
            told = json.loads(line.removeprefix("data: "))
            assert (told["jsonrpc"], told["id"]) == ("2.0", 7)
            yield told["result"]


def nothing_is_held(api: Served) -> bool:
    """No follower of a run is left, in any feed that this workspace’s runner tells."""
    feeds = [watcher.__self__ for watcher in api.home.runner._watchers if hasattr(watcher, "__self__")]
    return not any(getattr(feed, "_followers", None) for feed in feeds)
