"""A long run outlives the process it was started in; one for which nobody waits any more does not."""

import time
from pathlib import Path

from flowloom.serve.api.routes import api_routes
from flowloom.services.models.settings import ModelSettings, Provider
from flowloom.workspace import open_workspace
from tests.openai_server import OpenAIServer, Say
from tests.serve.api.serving import CHAT, MODEL, Served, serving


def test_a_run_goes_on_after_a_restart(tmp_path: Path) -> None:
    with OpenAIServer() as model:
        provider = Provider(id="scripted", kind="compatible", base_url=model.url, models=("m",))
        home = open_workspace(tmp_path)
        home.models_changed(ModelSettings().with_provider(provider).played_by(MODEL))
        with serving(api_routes(lambda: home)) as root:
            api = Served(home, model, root)
            api.publish(CHAT, "trips")
            model.script.extend([Say("Never.", first_token_after=60)] * 2)
            run = api.post("/v1/runs", {"model": "trips", "message": "Hello"}).json()["id"]
            body = {"model": "trips", "input": "Hello", "background": True, "store": True}
            second = api.post("/v1/responses", body).json()["id"].removeprefix("resp_")
            home._db.do("UPDATE api_runs SET lasting = 0 WHERE run = ?", second)
            wait_for(lambda: len(model.requests) == 2)
            home.close()
        again = open_workspace(tmp_path)
        with serving(api_routes(lambda: again)) as root:
            there = Served(again, model, root)
            found = lambda id: there.get(f"/v1/runs/{id}", api.key).json()  # noqa: E731
            wait_for(lambda: found(run)["status"] != "running")
            assert (found(run)["status"], found(run)["text"]) == ("completed", "You said: Hello")
            assert found(second)["status"] == "cancelled"
        again.close()


def wait_for(fulfilled: object) -> None:
    until = time.monotonic() + 30
    while not fulfilled():  # type: ignore[operator]
        assert time.monotonic() < until
        time.sleep(0.02)
