"""A run as a file: whole, only for the page of its GPT, and without a key."""

import json
from collections.abc import Iterator

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from flowloom.flow.model import Flow
from flowloom.serve.editor import editor_routes, mint_token
from flowloom.services.models.settings import ModelSettings, Provider
from flowloom.store.templates import templates
from flowloom.workspace import Workspace
from tests.openai_server import OpenAIServer, Say

KEY = "k3y/of+mine=" + "x7Q" * 6
SHAPED = "sk-" + "ab12" * 8


@pytest.fixture
def browser(home: Workspace) -> TestClient:
    return TestClient(Starlette(routes=editor_routes(lambda: home)), base_url="http://localhost:8501")


@pytest.fixture
def server() -> Iterator[OpenAIServer]:
    with OpenAIServer() as found:
        yield found


def run(home: Workspace, template: str, message: str) -> tuple[Flow, str]:
    flow = home.intake.create_from_template(next(each for each in templates() if each.id == template))
    run_id = home.runner.start(flow, message, home.runs.new_conversation(flow.id))
    home.runner.finished(run_id)
    return flow, run_id


def fetch(browser: TestClient, flow_id: str, run_id: str, token: str) -> tuple[int, str]:
    answer = browser.get(f"/flows/{flow_id}/runs/{run_id}/export/json", headers={"X-Flowloom-Token": token})
    return answer.status_code, answer.text


def test_holds_the_facts_and_the_events(home: Workspace, browser: TestClient) -> None:
    flow, run_id = run(home, "translator", "Good morning")
    status, text = fetch(browser, flow.id, run_id, mint_token(flow.id))
    assert status == 200
    told = json.loads(text)
    assert told["run"]["asked"] == "Good morning"
    assert told["run"]["state"] == "finished"
    assert told["run"]["answered"]
    assert [event["type"] for event in told["events"]][:: len(told["events"]) - 1] == [
        "run_started",
        "run_finished",
    ]


def test_is_only_for_the_page_of_its_gpt(home: Workspace, browser: TestClient) -> None:
    flow, run_id = run(home, "translator", "Good morning")
    other = home.flows.create(Flow(name="Other"))
    assert fetch(browser, flow.id, run_id, "")[0] == 403
    assert fetch(browser, flow.id, run_id, mint_token(other.id))[0] == 403
    assert fetch(browser, other.id, run_id, mint_token(other.id))[0] == 404
    assert fetch(browser, flow.id, "nothere", mint_token(flow.id))[0] == 404


def test_holds_no_key_even_where_someone_typed_one(
    home: Workspace, browser: TestClient, server: OpenAIServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FLOWLOOM_SECRET_KEY", "open sesame, my keys")
    home.secrets.set("echo", KEY)
    provider = Provider(id="echo", kind="compatible", base_url=server.url, secret="echo", models=("m",))
    home.models_changed(ModelSettings(providers=(provider,), roles={"default": "echo/m"}))
    server.default = Say(f'Your key is "{KEY}", the other {SHAPED}.')
    flow, run_id = run(home, "agent-with-tools", f"Translate {KEY} and {SHAPED}")
    status, text = fetch(browser, flow.id, run_id, mint_token(flow.id))
    assert status == 200
    assert server.requests
    assert "Your key is" in text
    assert KEY not in text
    assert json.dumps(KEY)[1:-1] not in text
    assert SHAPED not in text
