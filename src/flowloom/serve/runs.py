"""A run as a file: its facts and everything that happened in it, without a key of the person's."""

import json
from typing import Any

from flowloom.flow.secrets import hide_secrets
from flowloom.run.events import event_facts
from flowloom.run.reading.view import view_of
from flowloom.services.secrets import scrub
from flowloom.workspace import Workspace


def run_file(home: Workspace, flow_id: str, run_id: str) -> bytes | None:
    """One JSON object of `run` and `events`; None where the flow had no such run."""
    entry = home.ledger.entry(run_id)
    if entry is None or entry.flow != flow_id:
        return None
    events = home.runs.events(run_id)
    view = view_of(events)
    run = entry._asdict() | {"asked": view.message, "answered": view.text, "seconds": entry.seconds}
    told = {"run": run, "events": [event_facts(event) for event in events]}
    return json.dumps(_without_keys(told, home.secrets.values()), ensure_ascii=False, indent=1).encode()


def _without_keys(value: Any, keys: list[str]) -> Any:
    match value:
        case str():
            return hide_secrets(scrub(value, keys))
        case dict():
            return {_without_keys(name, keys): _without_keys(item, keys) for name, item in value.items()}
        case list():
            return [_without_keys(item, keys) for item in value]
    return value
