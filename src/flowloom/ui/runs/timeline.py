"""A run as a timeline: a row for each block that worked, a bar for when and how long."""

import time
from collections.abc import Callable, Iterator, Sequence

import streamlit as st

from flowloom.flow.model import Flow
from flowloom.kinds.registry import all_kinds
from flowloom.run.events import Place
from flowloom.run.reading.steps import Step
from flowloom.run.reading.view import RunView
from flowloom.ui.component import component
from flowloom.ui.formatting import number, seconds
from flowloom.ui.messages import label_of
from flowloom.ui.runs.list import STATE_ICONS, STATES, cost, tokens
from flowloom.ui.runs.steps import node_of
from flowloom.ui.session import language, t

# What `st.html` draws cannot be chosen from, so this is a component.
HTML = "<dl></dl><table role=table><thead role=rowgroup></thead><tbody role=rowgroup></tbody></table>"
_mount = component("timeline", __name__, HTML)

OUTCOMES = {
    "done": "Done",
    "failed": "Failed",
    "skipped": "Not used",
    "running": "Running",
    "asking": "Waiting for approval",
}
COLUMNS = ("Block", "Started", "Time", "Tokens", "Cost")
NO_KIND = "help"
MOST = 90
"""Steps within one block that are shown; the download holds all."""


def draw_timeline(
    flow: Flow, view: RunView, steps: Sequence[Step], key: str, chosen: str, on_choose: Callable[[], None]
) -> None:
    """Show the steps; `chosen_in(key)` tells in `on_choose` which was clicked."""
    end = view.ended if view.ended is not None else time.time()
    # A clock that was set back would let it end before it began.
    last = max([end, view.started, *(step.at + (step.seconds or 0) for step in steps if step.outcome != "skipped")])
    data = {
        "language": language(),
        "labels": _labels(last - view.started),
        "summary": _summary(view),
        "total": last - view.started,
        "rows": [_row(flow, step, depth, view.started, last) for step, depth in nested(steps)],
        "chosen": chosen,
    }
    _mount(key=key, data=data, height="content", on_chosen_change=on_choose)


def chosen_in(key: str) -> str | None:
    """The id of the step that was just clicked in the timeline with this key."""
    chosen = (st.session_state.get(key) or {}).get("chosen")
    return str(chosen) if chosen else None


def id_of(step: Step) -> str:
    return f"{step.node}:{step.call}:{step.round}"


def nested(steps: Sequence[Step], most: int = MOST) -> list[tuple[Step, int]]:
    """Each step with its depth: what worked within a block below it, `most` steps of it at most."""
    inside: dict[Place | None, list[Step]] = {}
    for step in steps:
        inside.setdefault(step.owner, []).append(step)

    def below(owner: Place | None, depth: int) -> Iterator[tuple[Step, int]]:
        for before, step in enumerate(inside.pop(owner, [])):
            if owner is None or before < most:
                yield step, depth
                yield from below(step.place, depth + 1)
            else:
                inside.pop(step.place, None)

    found = list(below(None, 0))
    # What worked within a step that is not told of must not be lost.
    return found + [(step, 1) for strays in inside.values() for step in strays[:most]]


def _row(flow: Flow, step: Step, depth: int, started: float, last: float) -> dict[str, object]:
    node = node_of(flow, step)
    kind = all_kinds().get(node.kind) if node else None
    start = max(step.at - started, 0.0)
    length = step.seconds if step.seconds is not None else last - step.at
    return {
        "id": id_of(step),
        "label": label_of(node) if node else step.node,
        "icon": kind.icon if kind else NO_KIND,
        "depth": depth,
        "outcome": step.outcome,
        "start": None if step.outcome == "skipped" or step.kept else start,
        "length": length,
        "span": _span(step, start, start + length),
        "time": "" if step.seconds is None or step.kept else seconds(step.seconds, 2),
        "tokens": tokens(step.usage.tokens if step.usage else None),
        "cost": cost(step.usage.cost if step.usage else None),
        "said": _said(step),
    }


def _span(step: Step, start: float, end: float) -> str:
    outcome = t(OUTCOMES[step.outcome])
    if step.kept:
        return t("Reused from an earlier run")
    if step.outcome == "skipped":
        return outcome
    return t("{outcome}, from second {start} to {end}", outcome=outcome, start=number(start, 2), end=number(end, 2))


def _said(step: Step) -> str:
    """Which round it was, how often it had to try, and why it was passed over or failed."""
    said = [t("Reused from an earlier run")] if step.kept else []
    said += [t("round {round}", round=step.round)] if step.round > 1 else []
    said += [t("item {number}", number=number(step.item))] if step.item else []
    said += [t("{count} attempts", count=step.attempts)] if step.attempts > 1 else []
    said += [step.problem.describe(language()).message] if step.problem else []
    return " · ".join(said)


def _summary(view: RunView) -> dict[str, object]:
    return {
        "state": view.state,
        "started": view.started,
        "time": "" if view.ended is None else seconds(max(view.ended - view.started, 0.0), 2),
        "tokens": tokens(view.usage.tokens),
        "cost": cost(view.usage.cost),
        "model": view.usage.model,
    }


def _labels(total: float) -> dict[str, object]:
    places = 1 if total >= 2 else 2
    return {
        "title": t("Timeline"),
        "columns": [t(label) for label in COLUMNS],
        "axis": [seconds(total * part / 4, places) for part in range(5)],
        "state": t("Status"),
        "states": {state: t(label) for state, label in STATES.items()},
        "icons": STATE_ICONS,
        "model": t("Model"),
        "tool": t("Used as a tool: "),
    }
