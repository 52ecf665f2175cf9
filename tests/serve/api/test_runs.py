"""Long runs: started, followed, answered, stopped and fetched, also after a restart, and never begun twice."""

import json
import time
from collections.abc import Iterator
from threading import Thread
from typing import Any

import httpx
import pytest

from flowloom.store.api_runs import REPEATED_WITHIN
from flowloom.worker import Worker
from flowloom.workspace import open_workspace
from tests.openai_server import Say
from tests.serve.api.serving import APPROVES, Served, flow_of
from tests.waiting import Waiting

FORM = flow_of(
    {
        "m": "chat.message",
        "f": (
            "people.form",
            {
                "question": "Who comes?",
                "fields": [{"name": "Name", "type": "text"}, {"name": "Age", "type": "number"}],
            },
        ),
        "p": ("prompt", {"template": "{{n}} is {{a}}"}),
        "z": "chat.answer",
    },
    "m.message>f.value p.prompt>z.text",
)


@pytest.fixture(scope="module", autouse=True)
def _published(api: Served) -> None:
    api.publish(APPROVES, "approves")


def begin(api: Served, model: str = "trips", **more: Any) -> dict[str, Any]:
    answer = api.post("/v1/runs", {"model": model, "message": "Hello", **more})
    assert answer.status_code == 202, answer.text
    assert answer.headers["location"] == f"/v1/runs/{answer.json()['id']}"
    return dict(answer.json())


def ended(api: Served, run: str, *states: str) -> dict[str, Any]:
    until = time.monotonic() + 20
    while (found := api.get(f"/v1/runs/{run}").json())["status"] not in (states or ("completed", "failed")):
        assert time.monotonic() < until, found
        time.sleep(0.01)
    return dict(found)


def events(api: Served, run: str, **headers: str) -> Iterator[tuple[str, str, Any]]:
    """Id, name and data of each event, to the end of the stream."""
    given = {"authorization": f"Bearer {api.key}", **headers}
    with httpx.stream("GET", f"{api.root}/v1/runs/{run}/events", headers=given, timeout=20) as answer:
        assert answer.headers["content-type"].startswith("text/event-stream")
        found: dict[str, str] = {}
        for line in answer.iter_lines():
            if line:
                name, _, value = line.partition(": ")
                found[name] = value
            elif "data" in found:
                yield found.get("id", ""), found["event"], json.loads(found["data"])
                found = {}


def test_a_run_is_started_and_fetched(api: Served) -> None:
    api.model.script.append(Say("A day at the zoo."))
    run = begin(api)
    assert run["status"] == "running"
    found = ended(api, run["id"])
    assert (found["text"], found["error"]) == ("A day at the zoo.", None)
    assert found["usage"]["output_tokens"] > 0


def test_it_is_followed_from_its_beginning(api: Served) -> None:
    api.model.script.append(Say("A day at the zoo.", per_token=0.03))
    found = list(events(api, begin(api)["id"]))
    assert found[0][1] == "started"
    assert "".join(data["text"] for _, name, data in found if name == "text") == "A day at the zoo."
    assert (found[-1][1], found[-1][2]["text"]) == ("completed", "A day at the zoo.")


def test_it_is_taken_up_where_the_program_left(api: Served) -> None:
    api.model.script.append(Say("A day at the zoo."))
    run = begin(api)["id"]
    ended(api, run)
    first = list(events(api, run))
    again = list(events(api, run, **{"last-event-id": first[0][0]}))
    assert [name for _, name, _ in again] == ["text", "completed"]
    assert (again[0][2], again[-1]) == ({"start": 0, "text": "A day at the zoo."}, first[-1])


def test_a_question_is_answered_once(api: Served) -> None:
    run = begin(api, "approves")["id"]
    (question,) = ended(api, run, "waiting")["questions"]
    assert [each["id"] for each in question["choices"]] == ["approved", "declined"]
    assert api.post(f"/v1/runs/{run}/answer", {"choice": "approved"}).status_code == 202
    assert ended(api, run)["text"] == "Hello"
    again = api.post(f"/v1/runs/{run}/answer", {"question": question["id"], "choice": "declined"})
    assert (again.status_code, ended(api, run)["text"]) == (409, "Hello")
    names = [name for _, name, _ in events(api, run)]
    assert names == ["started", "waiting", "answered", "text", "completed"]


def test_who_follows_hears_of_the_answer(api: Served) -> None:
    run = begin(api, "approves")["id"]
    names = []
    for _, name, _ in events(api, run):
        names.append(name)
        if name == "waiting":
            assert api.post(f"/v1/runs/{run}/answer", {"choice": "approved"}).status_code == 202
    assert names == ["started", "waiting", "answered", "text", "completed"]


@pytest.mark.parametrize(
    ("body", "status", "param"),
    [
        ({}, 400, "choice"),
        ({"choice": "maybe"}, 400, "choice"),
        ({"choice": ["approved"]}, 400, "choice"),
        ({"choice": "approved", "comment": 3}, 400, "comment"),
        ({"choice": "approved", "question": "other"}, 409, "question"),
    ],
)
def test_an_answer_that_does_not_fit_counts_nothing(api: Served, body: Any, status: int, param: str) -> None:
    run = begin(api, "approves")["id"]
    ended(api, run, "waiting")
    refused = api.post(f"/v1/runs/{run}/answer", body)
    assert (refused.status_code, refused.json()["error"]["param"]) == (status, param)
    assert ended(api, run, "waiting")["questions"]


def test_it_is_stopped(api: Served) -> None:
    api.model.script.append(Say("Never.", first_token_after=60))
    run = begin(api)["id"]
    stopped = api.post(f"/v1/runs/{run}/cancel").json()
    assert (stopped["status"], stopped["error"]["code"]) == ("cancelled", "api.stopped")


def test_it_goes_on_in_its_conversation(api: Served) -> None:
    first = begin(api)
    ended(api, first["id"])
    ended(api, begin(api, conversation=first["conversation"])["id"])
    assert len(api.model.requests[-1].body["messages"]) == 3


def test_another_key_sees_nothing_of_it(api: Served) -> None:
    run, other = begin(api, "approves")["id"], api.key_of()
    ended(api, run, "waiting")
    assert api.get(f"/v1/runs/{run}", other).status_code == 404
    assert api.get(f"/v1/runs/{run}/events", other).status_code == 404
    for act in ("answer", "cancel", "resume"):
        assert api.post(f"/v1/runs/{run}/{act}", {"choice": "approved"}, other).status_code == 404
    assert api.get(f"/v1/runs/{run}").json()["status"] == "waiting"


REPEATED = {
    "/v1/runs": {"model": "trips", "message": "Hello"},
    "/v1/chat/completions": {"model": "trips", "messages": [{"role": "user", "content": "Hello"}]},
    "/v1/responses": {"model": "trips", "input": "Hello"},
}


@pytest.mark.parametrize("path", REPEATED)
def test_a_request_sent_again_gets_the_same_answer(api: Served, path: str) -> None:
    api.model.script.extend([Say("First."), Say("Second.")])
    sent = {"idempotency-key": f"once {path}"}
    first = api.post(path, REPEATED[path], **sent).json()
    ended(api, first["id"].rpartition("_")[2].rpartition("-")[2])
    again = api.post(path, REPEATED[path], **sent)
    assert again.json()["id"] == first["id"]
    if path != "/v1/runs":
        assert again.json() == first
    assert len(api.model.requests) == 1


def test_another_request_with_the_same_key_is_refused(api: Served) -> None:
    api.post("/v1/runs", REPEATED["/v1/runs"], **{"idempotency-key": "twice"})
    other = api.post("/v1/runs", {"model": "trips", "message": "Other"}, **{"idempotency-key": "twice"})
    assert (other.status_code, other.json()["error"]["code"]) == (409, "api.repeat")
    # Of another key it is another request.
    mine = api.key_of()
    assert api.post("/v1/runs", REPEATED["/v1/runs"], mine, **{"idempotency-key": "twice"}).status_code == 202


def test_at_the_same_moment_only_one_begins(api: Served) -> None:
    from concurrent.futures import ThreadPoolExecutor

    def send(_: int) -> str:
        answer = api.post("/v1/runs", REPEATED["/v1/runs"], **{"idempotency-key": "at once"})
        return str(answer.json()["id"])

    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(send, range(16)))) == 1


def test_after_a_day_it_is_a_new_request(api: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    first = api.post("/v1/runs", REPEATED["/v1/runs"], **{"idempotency-key": "a day"}).json()
    now = time.time()
    monkeypatch.setattr("flowloom.store.api_runs.time.time", lambda: now + REPEATED_WITHIN + 1)
    later = api.post("/v1/runs", REPEATED["/v1/runs"], **{"idempotency-key": "a day"}).json()
    assert later["id"] != first["id"]


def test_a_worker_runs_it_and_whoever_follows_hears_of_it(api: Served) -> None:
    queue, other = Waiting(), open_workspace(api.home.home)
    other.handover.queue = api.home.handover.queue = queue
    try:
        other.crew.join(4)
        api.home.crew._known = None
        begun = api.post("/v1/runs", {"model": "trips", "message": "From afar"}).json()
        assert (begun["status"], queue.runs) == ("running", [begun["id"]])
        assert api.get(f"/v1/runs/{begun['id']}").json()["status"] == "running"
        api.model.script.append(Say("By a worker."))
        Thread(target=Worker(other).work, args=(begun["id"],)).start()
        events = api.get(f"/v1/runs/{begun['id']}/events").text
        assert "By a worker." in events
        assert api.get(f"/v1/runs/{begun['id']}").json()["text"] == "By a worker."
        chat = api.client().chat.completions.create(model="trips", messages=[{"role": "user", "content": "Here"}])
        assert chat.choices[0].message.content
        assert len(queue.runs) == 1
    finally:
        other.close()
        api.home.handover.queue = None
        api.home.crew._known = None
