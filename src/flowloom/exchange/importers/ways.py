"""Ways that meet again: what is the same on all stays, what differs is chosen by the way that was taken."""

from typing import Any

from flowloom.exchange.importers.sketch import Way
from flowloom.exchange.importers.values import Answered, Choice, Known, Messages, Record


def join_ways(way: Way, arms: list[Way]) -> None:
    """Go on from where the arms that did not end meet."""
    going = [arm for arm in arms if not arm.ended]
    if not going:
        way.ended = True
        return
    if len(going) == 1:
        only = going[0]
        way.names, way.after, way.said, way.gate = only.names, only.after, only.said, only.gate
        return
    after = tuple(dict.fromkeys(port for arm in going for port in arm.after))
    names = [name for name in going[0].names if all(name in arm.names for arm in going)]
    if len(going) < len(arms):
        way.gate = after
    gate = way.gate
    way.names = {name: one_of([(arm, arm.names[name]) for arm in going], gate) for name in names}
    said = [(arm, arm.said) for arm in going]
    way.said = one_of(said, gate) if all(value is not None for _, value in said) else None
    way.after = after


def one_of(ways: list[tuple[Way, Any]], gate: tuple[str, ...]) -> Any:
    """One value for all ways."""
    values = [value for _, value in ways]
    if all(value == values[0] for value in values[1:]):
        return values[0]
    if all(isinstance(value, Record) for value in values):
        keys = [key for key in values[0].fields if all(key in value.fields for value in values)]
        return Record({key: one_of([(arm, value.fields[key]) for arm, value in ways], gate) for key in keys})
    if all(isinstance(value, Messages) for value in values):
        return _one_conversation(ways, gate)
    if all(isinstance(value, Answered) for value in values):
        parsed = [(arm, value.parsed) for arm, value in ways]
        shaped = all(value is not None for _, value in parsed)
        return Answered(
            one_of([(arm, value.text) for arm, value in ways], gate), one_of(parsed, gate) if shaped else None
        )
    return Choice(tuple(ways), gate)


def _one_conversation(ways: list[tuple[Way, Any]], gate: tuple[str, ...]) -> Messages:
    """Message by message; where a way has none, its text is empty, and empty messages are not sent."""
    longest = max(len(value.rows) for _, value in ways)
    rows: list[tuple[str, Any]] = []
    for place in range(longest):
        there = [(arm, value.rows[place] if place < len(value.rows) else None) for arm, value in ways]
        for role in dict.fromkeys(row[0] for _, row in there if row):
            texts = [(arm, row[1] if row and row[0] == role else Known("")) for arm, row in there]
            rows.append((role, one_of(texts, gate)))
    before = [(arm, value.before) for arm, value in ways]
    return Messages(tuple(rows), None if all(value is None for _, value in before) else one_of(before, gate))
