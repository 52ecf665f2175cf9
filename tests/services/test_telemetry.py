"""Where traces go, and what happens where they cannot."""

import json
import socket
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from flowloom.errors import HttpError
from flowloom.services.telemetry import Traces, TraceSettings, load_trace_settings, save_trace_settings

VARIABLES = (
    "OTEL_EXPORTER_OTLP_ENDPOINT",
    "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT",
    "OTEL_EXPORTER_OTLP_HEADERS",
    "OTEL_SERVICE_NAME",
)


@pytest.fixture(autouse=True)
def _no_collector(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)


class Collector:
    """Takes traces on loopback and keeps them; `status` is what it answers."""

    def __init__(self) -> None:
        self.status = 200
        self.told: list[tuple[str, dict[str, str], Any]] = []
        collector = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["content-length"])))
                headers = {name.lower(): value for name, value in self.headers.items()}
                collector.told.append((self.path, headers, body))
                self.send_response(collector.status)
                self.send_header("content-length", "2")
                self.end_headers()
                self.wfile.write(b"{}")

            def log_message(self, format: str, *args: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture
def collector() -> Iterator[Collector]:
    found = Collector()
    yield found
    found.stop()


ADDRESSES = [
    ("", {}, ""),
    ("http://a:4318", {}, "http://a:4318/v1/traces"),
    ("http://a/otlp/", {}, "http://a/otlp/v1/traces"),
    ("http://a/v1/traces", {}, "http://a/v1/traces"),
    ("", {"OTEL_EXPORTER_OTLP_ENDPOINT": "http://b:4318/"}, "http://b:4318/v1/traces"),
    ("", {"OTEL_EXPORTER_OTLP_TRACES_ENDPOINT": "http://b/x"}, "http://b/x"),
    ("http://a", {"OTEL_EXPORTER_OTLP_TRACES_ENDPOINT": "http://b/x"}, "http://a/v1/traces"),
]


@pytest.mark.parametrize(("address", "variables", "wanted"), ADDRESSES)
def test_where_traces_go(
    monkeypatch: pytest.MonkeyPatch, address: str, variables: dict[str, str], wanted: str
) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert TraceSettings(address=address).wanted == wanted


def test_nothing_is_made_until_there_is_an_address() -> None:
    traces = Traces(TraceSettings())
    traces.tell(lambda: pytest.fail("made"))
    traces.close()
    assert traces.problem is None


def test_traces_arrive_in_order_with_the_headers_of_the_environment(
    collector: Collector, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_HEADERS", "Authorization=Basic%20abc, x-team=bees")
    traces = Traces(TraceSettings(address=collector.url))
    for number in range(3):
        traces.tell(lambda number=number: {"resourceSpans": [number]})
    traces.close()
    assert [body["resourceSpans"] for _, _, body in collector.told] == [[0], [1], [2]]
    path, headers, _ = collector.told[0]
    assert path == "/v1/traces"
    assert (headers["authorization"], headers["x-team"]) == ("Basic abc", "bees")
    assert headers["content-type"] == "application/json"


def test_what_goes_wrong_is_told_and_forgotten_when_it_works_again(collector: Collector) -> None:
    traces = Traces(TraceSettings(address=collector.url))
    collector.status = 415
    traces.tell(dict)
    traces.close()
    assert traces.problem
    assert "415" in str(traces.problem)
    traces.tell(lambda: 1 / 0)  # type: ignore[arg-type, return-value]
    traces.close()
    assert "ZeroDivisionError" in str(traces.problem)
    collector.status = 200
    traces.tell(dict)
    traces.close()
    assert traces.problem is None


def test_a_collector_that_is_away_is_told() -> None:
    traces = Traces(TraceSettings(address="http://127.0.0.1:1"))
    traces.tell(dict)
    traces.close()
    assert "127.0.0.1" in str(traces.problem)


def test_a_collector_that_never_answers_holds_nothing_up() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        traces = Traces(TraceSettings(address=f"http://127.0.0.1:{silent.getsockname()[1]}"))
        started = time.perf_counter()
        for _ in range(500):
            traces.tell(dict)
        traces.close(seconds=0.1)
        assert time.perf_counter() - started < 1


def test_settings_are_kept_and_no_address_is_refused(tmp_path: Path) -> None:
    save_trace_settings(tmp_path, TraceSettings(address="http://a:4318", with_values=True))
    assert load_trace_settings(tmp_path) == TraceSettings(address="http://a:4318", with_values=True)
    with pytest.raises(HttpError):
        save_trace_settings(tmp_path, TraceSettings(address="a collector"))
    (tmp_path / "telemetry.json").write_text("{")
    assert load_trace_settings(tmp_path) == TraceSettings()
