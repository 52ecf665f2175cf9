"""Files of other builders with something in them changed or taken away."""

import json
from collections.abc import Iterator, Sequence
from typing import Any

from hypothesis import strategies as st

from flowloom.exchange.drawing import Imported

ODD = st.sampled_from([None, "", 0, -1, 2.5, True, [], {}, "x" * 300, [[]], {"a": None}, "{{#a.b#}}", ["a", "b"]])


def damaged(whole: Sequence[Any], data: st.DataObject) -> bytes:
    """One of some files as JSON, damaged in up to four places."""
    file = json.loads(json.dumps(data.draw(st.sampled_from(whole))))
    for _ in range(data.draw(st.integers(1, 4))):
        _damage(file, data)
    return json.dumps(file).encode()


def _damage(holder: Any, data: st.DataObject) -> None:
    while True:
        keys = list(holder) if isinstance(holder, dict) else list(range(len(holder)))
        if not keys:
            return
        key = data.draw(st.sampled_from(keys))
        deeper = isinstance(holder[key], dict | list) and holder[key] and data.draw(st.integers(0, 4)) > 0
        if not deeper:
            break
        holder = holder[key]
    if data.draw(st.booleans()):
        holder[key] = json.loads(json.dumps(data.draw(ODD)))
    elif isinstance(holder, dict):
        del holder[key]
    else:
        holder.pop(key)


def cut_out(text: str, data: st.DataObject) -> bytes:
    """A text with a stretch of it taken out or replaced."""
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, min(len(text), start + 60)))
    between = data.draw(st.sampled_from(["", "[]", "{}", "5", "null", '"x"', ","]))
    return (text[:start] + between + text[end:]).encode()


Way = tuple[Any, ...]
WRONG = st.sampled_from([None, 5, "x", [], {}, [1], {"a": 1}, True, -1.5])


def ways_in(value: Any, way: Way = ()) -> Iterator[Way]:
    """The way to every value within a document, its keys one after the other."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in items:
        yield (*way, key)
        yield from ways_in(inner, (*way, key))


def replaced(text: str, way: Way, value: Any) -> bytes:
    """A JSON document with another value at one place."""
    at = whole = json.loads(text)
    for key in way[:-1]:
        at = at[key]
    at[way[-1]] = value
    return json.dumps(whole).encode()


def check_saved(found: Imported) -> None:
    """What was read of a damaged file is a flow that can be saved, with a report that can be read."""
    assert found.flow.model_dump_json()
    for language in ("en", "zh", "fr"):
        assert found.fidelity.markdown(found.flow.name, language)
