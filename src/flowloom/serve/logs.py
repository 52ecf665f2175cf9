"""What a server logs, as a line of JSON each, for those who gather logs: FLOWLOOM_LOGS=json.

Of a failure there are its type and where it was raised, never its text, in which what somebody wrote may stand;
keys are hidden wherever they turn up.
"""

import json
import logging
import os
import sys
import traceback
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

from flowloom.errors import FlowloomError

if TYPE_CHECKING:
    from types import TracebackType

    from flowloom.run.reading.view import RunView

VARIABLE = "FLOWLOOM_LOGS"
FACTS = "flowloom_facts"
"""The attribute of a record that holds what stands beside its message."""
FRAMES = 30
WITHHELD = "withheld, as the keys to hide can’t be read"
OTHERS = ("streamlit", "uvicorn", "uvicorn.error", "uvicorn.access")
"""Who would else write lines of their own making."""

requests = logging.getLogger("flowloom.requests")
runs = logging.getLogger("flowloom.runs")

Scrub = Callable[[str], str]


def wants_json() -> bool:
    return os.environ.get(VARIABLE, "").strip().lower() == "json"


def write_json_logs(scrub: Scrub, stream: TextIO | None = None) -> None:
    """From now on all that is logged in this process is written so. `scrub` hides secrets in a text."""
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(JsonLines(scrub))
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(logging.WARNING)
    logging.getLogger("flowloom").setLevel(logging.INFO)
    names = [name for name in logging.root.manager.loggerDict if name.partition(".")[0] in OTHERS]
    for name in {*OTHERS, *names}:
        found = logging.getLogger(name)
        found.handlers, found.propagate = [], True
    # One line for each request is ours already.
    logging.getLogger("uvicorn.access").disabled = True
    logging.captureWarnings(capture=True)


class JsonLines(logging.Formatter):
    """A record as an object: `time` (ISO 8601, UTC), `level`, `logger`, `message`, and its facts."""

    def __init__(self, scrub: Scrub) -> None:
        super().__init__()
        self._scrub = scrub

    def format(self, record: logging.LogRecord) -> str:
        told: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
            **getattr(record, FACTS, {}),
        }
        if record.exc_info and record.exc_info[0]:
            told |= {"error": record.exc_info[0].__name__, "at": frames_of(record.exc_info[2])}
        line = json.dumps(told, ensure_ascii=False, default=str)
        return line if hasattr(record, FACTS) else self._without_secrets(line, told)

    def _without_secrets(self, line: str, told: dict[str, Any]) -> str:
        try:
            return self._scrub(line)
        except (FlowloomError, OSError):
            return json.dumps({**told, "message": WITHHELD}, ensure_ascii=False)


def frames_of(found: "TracebackType | None") -> list[str]:
    """Where a failure came from, the place it was raised at last: `file:line function`."""
    frames = traceback.extract_tb(found)[-FRAMES:]
    return [f"{Path(each.filename).name}:{each.lineno} {each.name}" for each in frames]


def note_request(door: str, method: str, status: int, seconds: float) -> None:
    """A request that was answered; its path is not told, as names stand in it."""
    if requests.isEnabledFor(logging.INFO):
        facts = {"door": door, "method": method, "status": status, "seconds": round(seconds, 4)}
        requests.info("request", extra={FACTS: facts})


def note_run(flow: str, via: str, view: "RunView") -> None:
    """A run that ended: what it took, and the code of what went wrong, but nothing of what was said."""
    if runs.isEnabledFor(logging.INFO):
        facts = {
            "run": view.run_id,
            "gpt": flow,
            "via": via,
            "state": view.state,
            "seconds": round(view.ended - view.started, 3) if view.ended else None,
            "tokens": view.usage.tokens,
            "cost": view.usage.cost,
            "problem": view.problem.code if view.problem else None,
        }
        runs.info("run", extra={FACTS: facts})
