"""Other agents find a GPT by its card and send it messages, in both versions of A2A."""

from typing import Any

import httpx
import pytest

from flowloom.store.publications import Terms
from tests.openai_server import Say
from tests.serve.api.serving import APPROVES, CHAT, Served


def call(api: Served, method: str, params: Any, gpt: str = "trips", key: str = "") -> dict[str, Any]:
    answer = api.post(f"/a2a/{gpt}", {"jsonrpc": "2.0", "id": 7, "method": method, "params": params}, key)
    assert (answer.status_code, answer.json()["id"]) == (200, 7)
    return dict(answer.json())


def message(text: str, **more: Any) -> dict[str, Any]:
    return {"message": {"messageId": "1", "role": "ROLE_USER", "parts": [{"text": text}], **more}}


def test_the_card_says_where_it_is_asked(api: Served) -> None:
    card = httpx.get(f"{api.root}/a2a/trips/.well-known/agent-card.json").json()
    assert (card["name"], card["skills"][0]["description"]) == ("Trips", "Plans school trips.")
    assert [each["url"] for each in card["supportedInterfaces"]] == [f"{api.root}/a2a/trips"] * 2


def test_there_is_no_card_of_what_is_mine_alone(api: Served) -> None:
    mine = api.home.flows.create(CHAT)
    api.home.publications.publish(mine, "mine", Terms(audience="me"))
    for slug in ("mine", "nothing", "..%2fx"):
        answer = httpx.get(f"{api.root}/a2a/{slug}/.well-known/agent-card.json")
        assert answer.status_code == 404


def test_a_message_is_answered_as_a_task(api: Served) -> None:
    api.model.script.append(Say("A day at the zoo."))
    task = call(api, "SendMessage", message("Hello"))["result"]["task"]
    assert task["status"]["state"] == "TASK_STATE_COMPLETED"
    assert task["artifacts"][0]["parts"] == [{"text": "A day at the zoo."}]
    assert call(api, "GetTask", {"id": task["id"]})["result"] == task


def test_so_it_is_in_the_version_before(api: Served) -> None:
    sent = {"message": {"kind": "message", "role": "user", "parts": [{"kind": "text", "text": "Hello"}]}}
    task = call(api, "message/send", sent)["result"]
    assert (task["kind"], task["status"]["state"]) == ("task", "completed")
    assert task["artifacts"][0]["parts"] == [{"kind": "text", "text": "You said: Hello"}]
    assert call(api, "tasks/get", {"id": task["id"]})["result"] == task


def test_it_goes_on_in_its_context(api: Served) -> None:
    first = call(api, "SendMessage", message("One"))["result"]["task"]
    call(api, "SendMessage", message("Two", contextId=first["contextId"]))
    assert len(api.model.requests[-1].body["messages"]) == 3


@pytest.mark.parametrize(("said", "text"), [("approved", "Spend 5?"), ("Approve", "Spend 5?"), ("declined", "")])
def test_a_task_that_waits_is_answered(api: Served, said: str, text: str) -> None:
    api.publish(APPROVES, f"approves-{said}".lower())
    gpt = f"approves-{said}".lower()
    task = call(api, "SendMessage", message("Spend 5?"), gpt)["result"]["task"]
    assert task["status"]["state"] == "TASK_STATE_INPUT_REQUIRED"
    refused = call(api, "SendMessage", message("Perhaps", taskId=task["id"]), gpt)
    assert refused["error"]["code"] == -32602
    done = call(api, "SendMessage", message(said, taskId=task["id"]), gpt)["result"]["task"]
    found = done.get("artifacts", [{"parts": [{"text": ""}]}])[0]["parts"][0]["text"]
    assert (done["status"]["state"], found) == ("TASK_STATE_COMPLETED", text)
    assert "error" in call(api, "SendMessage", message(said, taskId=task["id"]), gpt)


def test_a_task_that_waits_is_stopped(api: Served) -> None:
    api.publish(APPROVES, "stopped")
    task = call(api, "SendMessage", message("Spend 5?"), "stopped")["result"]["task"]
    done = call(api, "CancelTask", {"id": task["id"]}, "stopped")["result"]
    assert done["status"]["state"] == "TASK_STATE_CANCELED"


@pytest.mark.parametrize(
    ("method", "params", "code"),
    [
        ("SendMessage", {}, -32602),
        ("SendMessage", {"message": {"parts": []}}, -32602),
        ("SendMessage", {"message": {"parts": [{"text": " "}]}}, -32602),
        ("SendMessage", {"message": {"parts": [{"text": "x"}], "taskId": "other"}}, -32001),
        ("SendMessage", {"message": {"parts": [{"text": "x"}], "contextId": "other"}}, -32001),
        ("GetTask", {"id": "other"}, -32001),
        ("GetTask", {"id": ["x"]}, -32001),
        ("SendPushMessage", message("x"), -32601),
        ("SendMessage", None, -32600),
    ],
)
def test_what_is_wrong_is_an_error(api: Served, method: str, params: Any, code: int) -> None:
    assert call(api, method, params)["error"]["code"] == code
    assert not api.model.requests


def test_another_key_sees_nothing_of_it(api: Served) -> None:
    task = call(api, "SendMessage", message("Hello"))["result"]["task"]
    assert call(api, "GetTask", {"id": task["id"]}, key=api.key_of())["error"]["code"] == -32001
    assert httpx.post(f"{api.root}/a2a/trips", json={}).status_code == 401
    assert api.post("/a2a/trips", {}, api.key_of(scopes=("chat",))).status_code == 403
