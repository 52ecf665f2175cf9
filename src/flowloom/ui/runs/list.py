"""The list of runs as a table to choose from; on a narrow screen each run takes two lines."""

from collections.abc import Callable, Mapping, Sequence

import streamlit as st

from flowloom.store.ledger import RunEntry
from flowloom.ui.component import component
from flowloom.ui.formatting import money, number, seconds
from flowloom.ui.session import language, t

# Streamlit's own table is drawn on a bitmap: it wraps nothing and scrolls sideways on a phone.
# The roles are written out since a table that is laid out in another way loses its own.
HTML = "<table role=table><thead role=rowgroup></thead><tbody role=rowgroup></tbody></table>"
_mount = component("runs", __name__, HTML)

STATES = {
    "finished": "Done",
    "failed": "Failed",
    "cancelled": "Stopped",
    "running": "Running",
    "paused": "Waiting for approval",
}
STATE_ICONS = {
    "finished": "check_circle",
    "failed": "error",
    "cancelled": "stop_circle",
    "running": "progress_activity",
    "paused": "front_hand",
}
COLUMNS = ("Question", "GPT", "Status", "Date", "Time", "Tokens", "Cost")


def draw_list(
    entries: Sequence[RunEntry],
    names: Mapping[str, str],
    key: str,
    on_open: Callable[[], None],
    ticked: Sequence[str],
    on_tick: Callable[[], None],
    may_tick: Callable[[RunEntry], bool],
) -> None:
    """Show the runs; `opened(key)` tells in `on_open` which one was chosen, and `just_ticked(key)` in `on_tick`.

    `names` are those of the GPTs; `ticked` are the runs with a tick, and `may_tick` says which can get one.
    """
    labels = {
        "title": t("Runs"),
        "columns": [t(label) for label in COLUMNS],
        "states": {state: t(label) for state, label in STATES.items()},
        "icons": STATE_ICONS,
        "wordless": t("No text"),
        "compare": t("Compare"),
    }
    rows = [
        _row(entry, names) | {"ticked": entry.id in ticked, "may_tick": entry.id in ticked or may_tick(entry)}
        for entry in entries
    ]
    data = {"language": language(), "labels": labels, "rows": rows}
    _mount(key=key, data=data, height="content", on_opened_change=on_open, on_ticked_change=on_tick)


def opened(key: str) -> str | None:
    """The run that was just chosen in the list with this key."""
    return _told(key, "opened")


def just_ticked(key: str) -> str | None:
    """The run whose tick was just set or taken away in the list with this key."""
    return _told(key, "ticked")


def _told(key: str, what: str) -> str | None:
    chosen = (st.session_state.get(key) or {}).get(what)
    return str(chosen) if chosen else None


def first_line(text: str) -> str:
    return next((line.strip() for line in text.splitlines() if line.strip()), "")


def spell(taken: float) -> str:
    """How long it took, exactly only where it was short."""
    return seconds(taken, 1 if taken >= 1 else 2)


def tokens(count: int | None) -> str:
    return "" if count is None else t("{count} tokens", count=number(count))


def cost(dollars: float | None) -> str:
    """What was paid; nothing where that is unknown, or nothing."""
    return money(dollars) if dollars else ""


def _row(entry: RunEntry, names: Mapping[str, str]) -> dict[str, object]:
    return {
        "id": entry.id,
        "gpt": names.get(entry.flow, ""),
        "asked": first_line(entry.asked),
        "state": entry.state,
        "started": entry.started,
        "time": "" if entry.seconds is None else spell(entry.seconds),
        "count": "" if entry.tokens is None else number(entry.tokens),
        "tokens": tokens(entry.tokens),
        "cost": cost(entry.cost),
    }
