"""Traces of runs to an OpenTelemetry collector: off until an address is set, and never in the way of a run."""

import asyncio
import json
import os
from collections.abc import Callable, Mapping
from pathlib import Path
from queue import Empty, Full, Queue
from threading import Lock, Thread
from typing import Any
from urllib.parse import unquote

from pydantic import BaseModel, ConfigDict, ValidationError

from flowloom import __version__
from flowloom.errors import FlowloomError, HttpError, Problem
from flowloom.kinds.http import HttpRequest
from flowloom.services.files import write_whole
from flowloom.services.network.addresses import host_of, parse_url
from flowloom.services.network.guarded_requests import GuardedHttp

PATH = "/v1/traces"
WAITING = 200
"""Traces that wait to be sent; more are dropped."""
SECONDS = 10.0
Make = Callable[[], Mapping[str, Any]]


class TraceSettings(BaseModel):
    """`address` is that of a collector, "" for none; `with_values` lets what went in and out leave as well."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    address: str = ""
    with_values: bool = False

    @property
    def wanted(self) -> str:
        """Where traces should go: the address, else what the environment's usual variables say, else ""."""
        whole = os.environ.get("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "").strip()
        if whole and not self.address:
            return whole
        base = (self.address or os.environ.get("OTEL_EXPORTER_OTLP_ENDPOINT", "")).strip()
        return base if not base or base.endswith(PATH) else base.rstrip("/") + PATH


def load_trace_settings(home: Path) -> TraceSettings:
    try:
        return TraceSettings.model_validate_json((home / "telemetry.json").read_bytes())
    except (OSError, ValidationError):
        return TraceSettings()


def save_trace_settings(home: Path, settings: TraceSettings) -> None:
    """Keep them. Raises HttpError where the address is none."""
    if settings.address:
        parse_url(settings.address)
    write_whole(home / "telemetry.json", settings.model_dump_json().encode())


def service() -> dict[str, str]:
    """Who tells the traces."""
    return {"service.name": os.environ.get("OTEL_SERVICE_NAME") or "flowloom", "service.version": __version__}


class Traces:
    """Sends traces one after another from a thread of its own. `problem` is why the last could not be sent."""

    def __init__(self, settings: TraceSettings) -> None:
        self.settings = settings
        self.problem: Problem | None = None
        self._waiting: Queue[Make] = Queue(WAITING)
        self._thread: Thread | None = None
        self._lock = Lock()

    def tell(self, make: Make) -> None:
        """Have a trace made and sent after a while; never waits and never raises."""
        if not self.settings.wanted:
            return
        with self._lock:
            try:
                self._waiting.put_nowait(make)
            except Full:
                return
            if self._thread is None:
                self._thread = Thread(target=self._send_all, name="flowloom-traces", daemon=True)
                self._thread.start()

    def close(self, seconds: float = 3.0) -> None:
        """Give what waits a moment to be sent."""
        thread = self._thread
        if thread:
            thread.join(seconds)

    def _send_all(self) -> None:
        while True:
            with self._lock:
                try:
                    make = self._waiting.get_nowait()
                except Empty:
                    self._thread = None
                    return
            self._send(make)

    def _send(self, make: Make) -> None:
        try:
            asyncio.run(_post(self.settings.wanted, json.dumps(make(), ensure_ascii=False)))
            self.problem = None
        except FlowloomError as error:
            self.problem = error.problem
        except Exception as error:
            # Whatever is wrong with a trace, runs go on; without its words, which may quote the run.
            self.problem = Problem.of("traces", "The trace couldn’t be sent ({kind}).", kind=type(error).__name__)


async def _post(target: str, body: str) -> None:
    url = parse_url(target)
    port = url.port or (443 if url.scheme == "https" else 80)
    # The person named this host, so it may be on this computer.
    http = GuardedHttp(allowed_hosts=frozenset({f"{host_of(url)}:{port}"}), max_bytes=20_000, max_redirects=0)
    headers = {"content-type": "application/json", **_headers()}
    reply = await http.request(HttpRequest(method="POST", url=target, headers=headers, body=body, timeout=SECONDS))
    if not 200 <= reply.status < 300:
        raise HttpError(
            "{host} didn’t accept the trace (status {status}).",
            "Check that the address is a collector that accepts OTLP over HTTP as JSON.",
            host=url.host,
            status=reply.status,
        )


def _headers() -> dict[str, str]:
    """What collectors ask for, mostly a key; only from the environment, so that we keep none."""
    pairs = (part.partition("=") for part in os.environ.get("OTEL_EXPORTER_OTLP_HEADERS", "").split(","))
    return {name.strip().lower(): unquote(value.strip()) for name, _, value in pairs if name.strip() and value}
