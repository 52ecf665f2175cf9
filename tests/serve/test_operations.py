"""Whether it lives, whether it can work, and what it counts: nothing of what anybody wrote is told."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from flowloom.errors import StoreError
from flowloom.serve.access import Access
from flowloom.serve.doors import DOORS
from flowloom.serve.meters import Histogram, Measured, Meters, door_name
from flowloom.serve.operations import KEY_VARIABLE, PROBES, count_runs, operation_routes
from flowloom.serve.session_key import SessionKey, cookie_name
from flowloom.workspace import Workspace, open_workspace
from tests.test_batches import ECHO

KEY = SessionKey("s3cret-" * 7)
HERE = "http://localhost:8501"
COOKIE = {"cookie": f"{cookie_name('8501')}={KEY.stamp('8501')}"}


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Workspace]:
    found = open_workspace(tmp_path)
    yield found
    found.close()


@pytest.fixture
def meters() -> Meters:
    return Meters()


@pytest.fixture
def browser(home: Workspace, meters: Meters) -> TestClient:
    async def page(request: object) -> PlainTextResponse:
        return PlainTextResponse("page")

    guard = Middleware(Access, find_key=lambda: KEY, doors=DOORS, probes=PROBES)
    routes = [*operation_routes(meters, lambda: home), Route("/gpt/secret-name", page)]
    app = Starlette(routes=routes, middleware=[Middleware(Measured, meters=meters), guard])
    return TestClient(app, base_url=HERE)


def counted(browser: TestClient) -> dict[tuple[str, ...], float]:
    answer = browser.get("/metrics", headers=COOKIE)
    assert answer.status_code == 200
    return {
        (sample.name, *sample.labels.values()): sample.value
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
    }


@pytest.mark.parametrize("path", ["/health", "/ready"])
@pytest.mark.parametrize("host", ["localhost:8501", "10.0.0.7:8501", "app"])
def test_any_probe_may_ask_under_any_name(browser: TestClient, path: str, host: str) -> None:
    answer = browser.get(path, headers={"host": host})
    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})


def test_a_probe_is_only_read(browser: TestClient) -> None:
    assert browser.post("/health").status_code == 403


def test_it_is_not_ready_where_nothing_could_run(
    browser: TestClient, home: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(home._db, "read_only", True)
    answer = browser.get("/ready")
    assert (answer.status_code, answer.json()["reason"]) == (503, "data")
    monkeypatch.undo()

    def broken() -> str:
        raise StoreError("The disk is full.")

    monkeypatch.setattr(home, "out_of_order", broken)
    assert browser.get("/ready").status_code == 503
    assert browser.get("/health").status_code == 200
    monkeypatch.undo()
    home.runner.close()
    assert browser.get("/ready").json()["reason"] == "closing"


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 403),
        ({"authorization": "Bearer right"}, 200),
        ({"authorization": "Bearer wrong"}, 403),
        ({"authorization": "Bearer rïght"}, 403),
        (COOKIE, 200),
    ],
)
def test_counts_are_for_the_owner_or_the_key(
    browser: TestClient, monkeypatch: pytest.MonkeyPatch, headers: dict[str, str], status: int
) -> None:
    monkeypatch.setenv(KEY_VARIABLE, "right")
    sent = {name: value.encode("latin-1") for name, value in headers.items()}
    assert browser.get("/metrics", headers=sent).status_code == status


def test_no_key_that_is_empty_opens_it(browser: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(KEY_VARIABLE, "")
    assert browser.get("/metrics", headers={"authorization": "Bearer "}).status_code == 403


def test_requests_are_counted_by_door_and_outcome(browser: TestClient) -> None:
    browser.get("/gpt/secret-name")
    browser.get("/gpt/nothing")
    browser.get("/build")
    found = counted(browser)
    assert found["flowloom_requests_total", "gpt", "2xx"] == 1
    assert found["flowloom_requests_total", "gpt", "4xx"] == 1
    assert found["flowloom_requests_total", "app", "4xx"] == 1
    assert found["flowloom_request_seconds_count", "gpt"] == 2
    assert found["flowloom_requests_under_way", "gpt"] == 0
    assert found["flowloom_requests_under_way", "probes"] == 1, "this one"


def test_runs_are_counted_and_nothing_of_them_is_told(browser: TestClient, home: Workspace, meters: Meters) -> None:
    count_runs(home, meters)
    flow = home.flows.create(ECHO)
    conversation = home.runs.new_conversation(flow.id, via="api")
    home.runner.finished(home.runner.start(flow, "A secret wish", conversation))
    end = time.monotonic() + 20
    while not meters.runs:
        assert time.monotonic() < end
        time.sleep(0.01)
    found = counted(browser)
    assert found["flowloom_runs_total", "finished", "api"] == 1
    assert found["flowloom_run_seconds_count", "api"] == 1
    assert found["flowloom_runs_under_way",] == 0
    told = browser.get("/metrics", headers=COOKIE).text
    assert "secret" not in told
    assert flow.id not in told


def test_a_request_that_is_cut_off_is_counted_as_such(meters: Meters) -> None:
    async def failing(scope: object, receive: object, send: object) -> None:
        raise RuntimeError

    client = TestClient(Measured(failing, meters), raise_server_exceptions=False)  # type: ignore[arg-type]
    client.get("/v1/models")
    assert meters.requests == {("v1", "cut off"): 1}
    assert meters.open_requests["v1"] == 0


def test_a_bucket_holds_what_is_at_or_below_its_bound() -> None:
    histogram = Histogram.empty()
    for seconds in (0.005, 0.006, 400.0):
        histogram.add(seconds)
    found = dict(histogram.buckets())
    assert (found["0.005"], found["0.01"], found["300.0"], found["+Inf"]) == (1, 2, 2, 3)


@pytest.mark.parametrize(
    ("path", "door"),
    [
        ("/metrics", "probes"),
        ("/gpt/my-name", "gpt"),
        ("/v1/runs/1", "v1"),
        ("/", "app"),
        ("/flows/x/ops", "app"),
        ("/health", "probes"),
    ],
)
def test_no_path_is_a_label(path: str, door: str) -> None:
    assert door_name(path) == door
