"""For whoever runs the app: whether it lives, whether it can work, and what it counts.

`/health` and `/ready` tell nothing but that, so that any probe may ask. `/metrics` is for the owner, or for whoever
brings the key of FLOWLOOM_METRICS_KEY.
"""

import os
import secrets
import time
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from flowloom.errors import FlowloomError
from flowloom.serve.doors import is_owner, person_of
from flowloom.serve.logs import note_run
from flowloom.serve.meters import HEALTH, METERS, METRICS, READY, Histogram, Meters

if TYPE_CHECKING:
    from prometheus_client.core import Metric

    from flowloom.run.events import RunEvent
    from flowloom.workspace import Workspace

PROBES = frozenset({HEALTH, READY})
"""What anybody may ask, under any name."""
KEY_VARIABLE = "FLOWLOOM_METRICS_KEY"
FRESH = {"Cache-Control": "no-store"}


def _opened() -> "Workspace":
    from flowloom.workspace import workspace

    return workspace()


def count_runs(home: "Workspace", meters: Meters = METERS) -> None:
    """Count the runs of this process from now on, and note each that ends."""
    from flowloom.run.events import ENDS

    def hear(flow_id: str, event: "RunEvent") -> None:
        if isinstance(event, ENDS) and (view := home.runner.view(event.run_id)):
            via = home.runs.via_of(event.run_id)
            meters.run_ended(via, view)
            note_run(flow_id, via, view)

    home.runner.watch(hear)


def operation_routes(
    meters: Meters = METERS, find_workspace: "Callable[[], Workspace]" = _opened
) -> list[BaseRoute]:
    """The routes; the owner’s key of the app is asked for by none of them."""

    async def health(request: Request) -> Response:
        return JSONResponse({"status": "ok"}, headers=FRESH)

    async def ready(request: Request) -> Response:
        problem = await run_in_threadpool(_why_not, find_workspace)
        said = {"status": "unavailable", "reason": problem} if problem else {"status": "ok"}
        return JSONResponse(said, 503 if problem else 200, headers=FRESH)

    async def metrics(request: Request) -> Response:
        if not _may_read(request):
            return JSONResponse({"status": "forbidden"}, 403, headers=FRESH)
        text = await run_in_threadpool(_told, meters, find_workspace)
        return PlainTextResponse(text, media_type="text/plain; version=0.0.4", headers=FRESH)

    return [Route(HEALTH, health), Route(READY, ready), Route(METRICS, metrics)]


def _may_read(request: Request) -> bool:
    wanted = os.environ.get(KEY_VARIABLE, "")
    given = request.headers.get("authorization", "").removeprefix("Bearer ")
    has_key = bool(wanted) and secrets.compare_digest(given.encode(), wanted.encode())
    account = person_of(request.scope)
    return has_key or is_owner(request.scope) or (account is not None and account.is_admin)


def _why_not(find_workspace: "Callable[[], Workspace]") -> str:
    """Why no run could be begun now; empty where one could."""
    try:
        return find_workspace().out_of_order()
    except (FlowloomError, OSError):
        return "data"


def _told(meters: Meters, find_workspace: "Callable[[], Workspace]") -> str:
    """The counts as Prometheus reads them (text format 0.0.4)."""
    from prometheus_client import CollectorRegistry, generate_latest

    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Collector(meters, find_workspace()))
    return str(generate_latest(registry), "utf-8")


class _Collector:
    def __init__(self, meters: Meters, home: "Workspace") -> None:
        self._meters, self._home = meters, home

    def collect(self) -> "Iterator[Metric]":
        from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily

        found = self._meters
        requests = CounterMetricFamily("flowloom_requests", "Requests answered.", labels=("door", "status"))
        for (door, status), count in sorted(found.requests.items()):
            requests.add_metric((door, status), count)
        yield requests
        under_way = GaugeMetricFamily("flowloom_requests_under_way", "Requests of this process.", labels=("door",))
        for door, count in sorted(found.open_requests.items()):
            under_way.add_metric((door,), count)
        yield under_way
        runs = CounterMetricFamily("flowloom_runs", "Runs that ended.", labels=("via", "state"))
        for (via, state), count in sorted(found.runs.items()):
            runs.add_metric((via, state), count)
        yield runs
        yield from _histograms("flowloom_request_seconds", "Until an answer began.", "door", found.request_seconds)
        yield from _histograms("flowloom_run_seconds", "From the beginning to the end.", "via", found.run_seconds)
        yield CounterMetricFamily("flowloom_tokens", "Tokens that models used.", value=found.tokens)
        yield CounterMetricFamily("flowloom_cost_dollars", "What models cost, as far as known.", value=found.cost)
        yield GaugeMetricFamily("flowloom_runs_under_way", "Runs of this process.", value=self._home.runner.busy())
        yield GaugeMetricFamily("flowloom_up_seconds", "Since it started.", value=time.time() - found.started)


def _histograms(name: str, about: str, label: str, found: dict[str, Histogram]) -> "Iterable[Metric]":
    from prometheus_client.core import HistogramMetricFamily

    family = HistogramMetricFamily(name, about, labels=(label,))
    for value, histogram in sorted(found.items()):
        family.add_metric((value,), list(histogram.buckets()), histogram.total[0])
    yield family
