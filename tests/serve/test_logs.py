"""What a server logs for those who gather logs: lines of JSON, with no key, no path and nothing anybody wrote."""

import io
import json
import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from flowloom.errors import SecretError
from flowloom.serve.logs import FACTS, VARIABLE, WITHHELD, JsonLines, note_run, requests, runs, wants_json
from flowloom.serve.meters import Measured, Meters
from flowloom.services.secrets import SecretStore
from flowloom.workspace import Workspace
from tests.serve.test_draining import opened, until_it_answers
from tests.test_batches import ECHO

KEY = "sk-" + "a1B2" * 8


def logged(logger: logging.Logger, formatter: logging.Formatter) -> Iterator[io.StringIO]:
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(formatter)
    level = logger.level
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)
    yield stream
    logger.removeHandler(handler)
    logger.setLevel(level)


@pytest.fixture
def lines(tmp_path: Path) -> Iterator[io.StringIO]:
    """What is logged by `flowloom` from here on."""
    secrets = SecretStore(tmp_path)
    secrets.set("key", KEY)
    yield from logged(logging.getLogger("flowloom"), JsonLines(secrets.scrub))


def read(lines: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in lines.getvalue().splitlines()]


def test_a_failure_is_told_by_its_type_and_place_alone(lines: io.StringIO) -> None:
    try:
        raise ValueError("what Ann wrote to her doctor")
    except ValueError:
        logging.getLogger("flowloom.x").exception("could not read\na file")
    (told,) = read(lines)
    assert (told["level"], told["logger"], told["message"]) == ("error", "flowloom.x", "could not read\na file")
    assert (told["error"], told["at"][-1].split(":")[0]) == ("ValueError", "test_logs.py")
    assert told["time"].endswith("+00:00")
    assert "Ann" not in lines.getvalue()


@pytest.mark.parametrize("shape", [KEY, json.dumps({"key": KEY}), f"https://x.test/?key={KEY}"])
def test_no_key_gets_into_a_line(lines: io.StringIO, shape: str) -> None:
    logging.getLogger("flowloom.x").warning("sent %s", shape)
    assert KEY not in lines.getvalue()
    assert read(lines)[0]["message"].startswith("sent ")


def test_where_the_keys_cannot_be_read_nothing_is_told() -> None:
    def scrub(text: str) -> str:
        raise SecretError("The file with your keys can’t be read.", "Restore it.")

    (stream,) = [*_once(JsonLines(scrub), f"sent {KEY}")]
    assert json.loads(stream)["message"] == WITHHELD


def _once(formatter: JsonLines, message: str) -> Iterator[str]:
    yield formatter.format(logging.LogRecord("flowloom.x", logging.WARNING, "x.py", 1, message, (), None))


def test_a_request_is_a_line_without_its_path(lines: io.StringIO) -> None:
    async def inside(scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 201, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    TestClient(Measured(inside, Meters())).post("/gpt/divorce-helper/chats?name=ann")
    (told,) = read(lines)
    assert (told["logger"], told["door"], told["method"], told["status"]) == (requests.name, "gpt", "POST", 201)
    assert told["seconds"] >= 0
    assert "divorce" not in lines.getvalue()
    assert "ann" not in lines.getvalue()


def test_a_run_is_a_line_without_its_words(lines: io.StringIO, home: Workspace) -> None:
    flow = home.flows.create(ECHO)
    view = home.runner.finished(
        home.runner.start(flow, "what Ann wrote to her doctor", home.runs.new_conversation(flow.id))
    )
    note_run(flow.id, "api", view)
    told = next(each for each in read(lines) if each["logger"] == runs.name)
    assert (told["run"], told["gpt"], told["via"], told["state"]) == (view.run_id, flow.id, "api", "finished")
    assert told["problem"] is None
    assert "Ann" not in lines.getvalue()


@pytest.mark.parametrize(("given", "wanted"), [("json", True), (" JSON ", True), ("", False), ("text", False)])
def test_only_who_asks_for_it_gets_it(monkeypatch: pytest.MonkeyPatch, given: str, wanted: bool) -> None:
    monkeypatch.setenv(VARIABLE, given)
    assert wants_json() == wanted


def test_facts_are_no_attribute_that_logging_uses() -> None:
    assert not hasattr(logging.makeLogRecord({}), FACTS)


def test_the_app_writes_nothing_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Apart from its greeting, which is for who started it and holds the key."""
    monkeypatch.setenv(VARIABLE, "json")
    errors = tmp_path / "errors"
    with opened(tmp_path / "home", tmp_path / "log", errors) as (process, address):
        until_it_answers(address, "/gpt/nothing", 404)
        process.terminate()
        process.wait(60)
    told = [json.loads(line) for line in errors.read_text("utf-8").splitlines()]
    assert [each["status"] for each in told if each["logger"] == requests.name and each["door"] == "gpt"] == [404]
