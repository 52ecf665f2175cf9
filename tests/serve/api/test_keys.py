"""Which key opens what, how much it may, and that a flood of one leaves the others alone."""

import logging
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import openai
import pytest

from flowloom.api_keys import Limits
from flowloom.workspace import open_workspace
from tests.openai_server import Say
from tests.serve.api.serving import CHAT, Served
from tests.visiting import let_in

HELLO = {"model": "trips", "messages": [{"role": "user", "content": "Hello"}]}
CHATS = "/v1/chat/completions"


def code(answer: httpx.Response) -> tuple[int, str]:
    error = answer.json()["error"]
    assert set(error) == {"message", "type", "code", "param"}
    assert error["message"].endswith(".")
    return answer.status_code, error["code"]


@pytest.fixture(scope="module")
def other(api: Served) -> str:
    """The id of another GPT."""
    return api.publish(CHAT, "other").id


def test_a_key_of_one_gpt_opens_no_other(api: Served, other: str) -> None:
    key = api.key_of(other)
    assert api.post(CHATS, HELLO | {"model": "other"}, key).status_code == 200
    assert code(api.post(CHATS, HELLO, key)) == (404, "model_not_found")
    assert [each.id for each in api.client(key).models.list()] == ["other"]
    assert {"other", "trips"} <= {each.id for each in api.client().models.list()}
    assert api.client().models.retrieve("trips").created > 0
    with pytest.raises(openai.NotFoundError):
        api.client(key).models.retrieve("trips")


@pytest.mark.parametrize(
    ("scope", "path", "status"),
    [
        ("runs", CHATS, 403),
        ("chat", "/v1/runs", 403),
        ("mcp", "/v1/responses", 403),
        ("mcp", "/v1/runs", 403),
        ("chat", CHATS, 200),
        ("runs", "/v1/runs", 202),
    ],
)
def test_a_key_does_what_it_is_for(api: Served, scope: Any, path: str, status: int) -> None:
    body = HELLO if path != "/v1/runs" else {"model": "trips", "message": "Hello"}
    assert api.post(path, body, api.key_of(scopes=(scope,))).status_code == status


def test_a_revoked_key_opens_nothing_in_any_process(api: Served) -> None:
    made, plain = api.home.api_keys.make("gone")
    assert api.get("/v1/models", plain).status_code == 200
    elsewhere = open_workspace(api.home.home)
    elsewhere.api_keys.revoke(made.id)
    elsewhere.close()
    assert code(api.get("/v1/models", plain)) == (401, "api.key.revoked")


def test_an_expired_key_opens_nothing(api: Served) -> None:
    assert code(api.get("/v1/models", api.key_of(expires=time.time() - 1))) == (401, "api.key.expired")
    assert api.get("/v1/models", api.key_of(expires=time.time() + 60)).status_code == 200


@pytest.mark.parametrize(
    "header",
    ["", "Bearer", "Bearer x", "Basic {key}", "{key}", "Bearer {key}x", "Bearer " + "x" * 9_000, "Bearer é"],
)
def test_what_is_no_key_opens_nothing(api: Served, header: str) -> None:
    headers = {"authorization": header.format(key=api.key).encode()} if header else {}
    answer = httpx.post(api.root + CHATS, json=HELLO, headers=headers)
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"] == "Bearer"


def test_the_cookie_of_the_app_is_no_key(api: Served) -> None:
    answer = httpx.post(api.root + CHATS, json=HELLO, headers=let_in(api.root, api.home.home))
    assert code(answer) == (401, "api.key.missing")


def test_nothing_is_read_before_the_key(api: Served) -> None:
    """A stranger’s body is not waited for."""

    def endless() -> Any:
        yield b"{"
        time.sleep(5)
        yield b"}"

    began = time.monotonic()
    try:
        assert httpx.post(api.root + CHATS, content=endless(), timeout=20).status_code == 401
    except httpx.TransportError:
        pass  # refused, and hung up on, while it was still being sent
    assert not api.model.requests
    assert time.monotonic() - began < 15


def test_the_key_is_kept_nowhere(api: Served) -> None:
    plain = api.key_of()
    assert api.post(CHATS, HELLO, plain).status_code == 200
    files = [path.read_bytes() for path in api.home.home.rglob("*") if path.is_file()]
    assert files
    assert not any(plain.encode() in data for data in files)


def test_it_is_told_when_a_key_was_used_last(api: Served) -> None:
    made, plain = api.home.api_keys.make("used")
    assert made.used is None
    api.get("/v1/models", plain)
    (found,) = [each for each in api.home.api_keys.of("") if each.id == made.id]
    assert found.used == pytest.approx(time.time(), abs=60)


def test_requests_a_minute(api: Served) -> None:
    key = api.key_of(limits=Limits(requests_a_minute=3))
    answers = [api.get("/v1/models", key) for _ in range(8)]
    refused = [each for each in answers if each.status_code == 429]
    # A minute may begin in between.
    assert 2 <= len(refused) <= 5
    assert code(refused[0]) == (429, "api.limit.minute")
    assert 1 <= int(refused[0].headers["retry-after"]) <= 60


def test_runs_a_day(api: Served) -> None:
    key = api.key_of(limits=Limits(runs_a_day=2))
    states = [api.post(CHATS, HELLO, key).status_code for _ in range(3)]
    assert states == [200, 200, 429]
    assert code(api.post("/v1/runs", {"model": "trips", "message": "x"}, key)) == (429, "api.limit.day")
    assert api.get("/v1/models", key).status_code == 200


def test_a_file_is_not_kept_for_who_may_not_ask(api: Served) -> None:
    key = api.key_of(limits=Limits(runs_a_day=1))
    parts = [
        {"type": "text", "text": "x"},
        {"type": "file", "file": {"filename": "a.txt", "file_data": "aGVsbG8="}},
    ]
    body = HELLO | {"messages": [{"role": "user", "content": parts}]}
    kept = lambda: api.home._db.one("SELECT count(*) FROM attachments")[0]  # noqa: E731
    before = kept()
    assert [api.post(CHATS, body, key).status_code for _ in range(2)] == [200, 429]
    assert kept() == before + 1


def test_money_a_month(api: Served) -> None:
    """A dollar for a thousand tokens: the first answer costs more than is left."""
    made, plain = api.home.api_keys.make("poor", limits=Limits(money_a_month=0.0001))
    assert api.post(CHATS, HELLO, plain).status_code == 200
    assert api.home.api_keys.spent(made.id) > 0.0001
    assert code(api.post(CHATS, HELLO, plain)) == (402, "api.limit.money")
    assert api.post(CHATS, HELLO).status_code == 200


def test_an_unpublished_gpt_answers_no_more(api: Served) -> None:
    flow = api.publish(CHAT, "fleeting")
    assert api.post(CHATS, HELLO | {"model": "fleeting"}).status_code == 200
    api.home.publications.unpublish(flow.id)
    assert code(api.post(CHATS, HELLO | {"model": "fleeting"})) == (404, "model_not_found")


def test_a_draft_changes_nothing_here(api: Served) -> None:
    flow = api.publish(CHAT, "frozen")
    node = flow.nodes[1].model_copy(update={"config": {"template": "DRAFT {{message}}"}})
    api.home.flows.save(flow.model_copy(update={"nodes": (flow.nodes[0], node, *flow.nodes[2:])}))
    api.post(CHATS, HELLO | {"model": "frozen"})
    assert api.model.requests[-1].body["messages"][-1]["content"] == "Hello"


def test_a_flow_in_the_body_changes_nothing(api: Served) -> None:
    body = HELLO | {
        "flow": CHAT.model_dump(mode="json", by_alias=True),
        "nodes": [],
        "tweaks": {"p": {"template": "x"}},
    }
    assert api.post(CHATS, body).status_code == 200
    assert api.model.requests[-1].body["messages"][-1]["content"] == "Hello"


def test_a_flood_of_one_key_leaves_the_others_alone(api: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("flowloom.serve.api.gate.AT_ONCE_BY_ONE_KEY", 4)
    api.model.behave = lambda body: Say("ok", first_token_after=0.3 if "flood" in str(body) else 0)
    flooding = api.key_of()
    flood = HELLO | {"messages": [{"role": "user", "content": "flood"}]}
    with ThreadPoolExecutor(24) as pool:
        under_way = [pool.submit(api.post, CHATS, flood, flooding) for _ in range(24)]
        calm = api.post(CHATS, HELLO)
        states = [each.result().status_code for each in under_way]
    assert calm.status_code == 200
    assert {200, 429} == set(states)
    assert api.post(CHATS, HELLO, flooding).status_code == 200


def test_a_refused_call_is_one_line_of_the_log_without_secrets(
    api: Served, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "flowloom.api")
    api.post(CHATS, HELLO | {"model": "no such model"})
    api.post(CHATS, {"messages": "secret words"}, "fl_wrong")
    lines = [record.getMessage() for record in caplog.records if record.name == "flowloom.api"]
    assert len(lines) == 2
    assert "model_not_found" in lines[0]
    assert "api.key.wrong" in lines[1]
    for secret in (api.key, "secret", "no such model", "fl_wrong"):
        assert secret not in "".join(lines)
