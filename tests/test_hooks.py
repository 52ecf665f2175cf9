"""Another program has a GPT asked: only with the key, once for what it sends, and it learns nothing but the run."""

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from flowloom.flow.model import Flow
from flowloom.hooks import LARGEST, PREFIX, Hooks, fields_of
from flowloom.serve.hooks import hook_routes
from flowloom.workspace import Workspace, open_workspace
from tests.test_batches import ECHO

pytestmark = pytest.mark.usefixtures("kept_in")

NOW = 1_795_996_800
BODY = json.dumps({"title": "Broken lamp", "room": 7}).encode()


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Workspace]:
    found = open_workspace(tmp_path)
    found.hooks = Hooks(
        found.hooks.store, found.runs, found.runner, found.secrets, found._as_served, clock=lambda: float(NOW)
    )
    yield found
    found.close()


@pytest.fixture
def flow(home: Workspace) -> Flow:
    return home.flows.create(ECHO)


@pytest.fixture
def caller(home: Workspace) -> TestClient:
    return TestClient(Starlette(routes=hook_routes(lambda: home)))


def standard(key: str, body: bytes = BODY, call: str = "msg_1", at: int = NOW) -> dict[str, str]:
    """As the reference implementations of Standard Webhooks sign."""
    secret = base64.b64decode(key.removeprefix(PREFIX))
    signed = hmac.new(secret, f"{call}.{at}.".encode() + body, hashlib.sha256).digest()
    return {
        "webhook-id": call,
        "webhook-timestamp": str(at),
        "webhook-signature": f"v1a,other v1,{base64.b64encode(signed).decode()}",
    }


def as_github(key: str, body: bytes = BODY) -> dict[str, str]:
    return {"x-hub-signature-256": "sha256=" + hmac.new(key.encode(), body, hashlib.sha256).hexdigest()}


def answered(home: Workspace, run: str) -> str:
    end = time.monotonic() + 20
    while home.runner.is_running(run):
        assert time.monotonic() < end
        time.sleep(0.01)
    return home.runner.view(run).text  # type: ignore[union-attr]


@pytest.mark.parametrize("signed", [standard, as_github])
def test_a_signed_call_begins_a_run_with_what_it_brings(
    home: Workspace, flow: Flow, caller: TestClient, signed: object
) -> None:
    id, key = home.hooks.add(flow.id, "{{title}} in room {{room}}")
    answer = caller.post(f"/hooks/{id}", content=BODY, headers=signed(key))  # type: ignore[operator]
    assert answer.status_code == 202
    assert answered(home, answer.json()["run"]) == "Said: Broken lamp in room 7"
    assert list(answer.json()) == ["run"]


@pytest.mark.parametrize("signed", [standard, as_github])
def test_the_same_call_again_begins_no_second_run(
    home: Workspace, flow: Flow, caller: TestClient, signed: object
) -> None:
    id, key = home.hooks.add(flow.id, "{{body}}")
    headers = signed(key)  # type: ignore[operator]
    first, second = (caller.post(f"/hooks/{id}", content=BODY, headers=headers).json()["run"] for _ in range(2))
    assert first == second
    answered(home, first)
    assert len(home.ledger.entries([flow.id])) == 1


KEY = PREFIX + base64.b64encode(b"x" * 32).decode()
FORGED = {
    "no signature": {},
    "an empty one": {"webhook-signature": "", "webhook-id": "m", "webhook-timestamp": str(NOW)},
    "another key": standard(KEY),
    "another key, as GitHub": as_github(KEY),
    "no hex": {"x-hub-signature-256": "sha256=zz"},
    "no id": {"webhook-signature": "v1,abc", "webhook-timestamp": str(NOW)},
}


@pytest.mark.parametrize("name", FORGED)
def test_a_forged_call_is_refused_and_begins_nothing(
    home: Workspace, flow: Flow, caller: TestClient, name: str
) -> None:
    id, _ = home.hooks.add(flow.id, "{{body}}")
    answer = caller.post(f"/hooks/{id}", content=BODY, headers=FORGED[name])
    assert answer.status_code == 401
    assert home.ledger.entries([flow.id]) == []


def test_what_was_signed_is_the_body_the_id_and_the_time(home: Workspace, flow: Flow, caller: TestClient) -> None:
    id, key = home.hooks.add(flow.id, "{{body}}")
    right = standard(key)
    for headers, body in [
        (right, BODY + b" "),
        (right | {"webhook-id": "msg_2"}, BODY),
        (right | {"webhook-timestamp": str(NOW + 1)}, BODY),
        (as_github(key), BODY + b" "),
    ]:
        assert caller.post(f"/hooks/{id}", content=body, headers=headers).status_code == 401


@pytest.mark.parametrize("late", [-301, 301, 10**12])
def test_a_call_from_another_time_is_refused(home: Workspace, flow: Flow, caller: TestClient, late: int) -> None:
    id, key = home.hooks.add(flow.id, "{{body}}")
    answer = caller.post(f"/hooks/{id}", content=BODY, headers=standard(key, at=NOW + late))
    assert (answer.status_code, answer.json()["problem"]["code"]) == (401, "hook.old")


def test_an_address_that_is_none_or_switched_off_is_not_found(
    home: Workspace, flow: Flow, caller: TestClient
) -> None:
    id, key = home.hooks.add(flow.id, "{{body}}")
    home.hooks.store.activate(id, False)
    assert caller.post(f"/hooks/{id}", content=BODY, headers=standard(key)).status_code == 404
    assert caller.post("/hooks/nothing", content=BODY, headers=standard(key)).status_code == 404
    home.hooks.store.activate(id, True)
    home.hooks.delete(id)
    assert caller.post(f"/hooks/{id}", content=BODY, headers=standard(key)).status_code == 404
    assert not home.secrets.has(f"webhook {id}")


def test_a_call_that_is_too_large_is_refused(home: Workspace, flow: Flow, caller: TestClient) -> None:
    id, key = home.hooks.add(flow.id, "{{body}}")
    body = b"x" * (LARGEST + 1)
    assert caller.post(f"/hooks/{id}", content=body, headers=standard(key, body)).status_code == 413
    pieces = (body[start : start + 65_536] for start in range(0, len(body), 65_536))
    assert caller.post(f"/hooks/{id}", content=pieces, headers=standard(key, body)).status_code == 413


def test_what_cannot_run_is_said_and_comes_first(home: Workspace, flow: Flow, caller: TestClient) -> None:
    home.hooks.add(flow.id, "{{body}}")
    id, key = home.hooks.add(flow.id, "{{nobody}}")
    assert caller.post(f"/hooks/{id}", content=BODY, headers=standard(key)).status_code == 422
    first, _ = home.hooks.store.all()
    assert first.id == id
    assert "nobody" in str(first.problem)


def test_what_a_deleted_gpt_had_goes_with_it(home: Workspace, flow: Flow) -> None:
    id, _ = home.hooks.add(flow.id, "{{body}}")
    home.flows.delete(flow.id)
    home._empty_bin(older_than=-1)
    assert home.hooks.store.all() == []
    assert not home.secrets.has(f"webhook {id}")


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        (b"plain", {"body": "plain"}),
        (b'{"a": 1}', {"a": 1, "body": '{"a": 1}'}),
        (b'{"body": "x"}', {"body": '{"body": "x"}'}),
        (b"[1]", {"body": "[1]"}),
        (b"\xff", {"body": "�"}),
        (b"", {"body": ""}),
    ],
)
def test_what_a_message_may_name(body: bytes, fields: dict[str, object]) -> None:
    assert fields_of(body) == fields
