"""Files of other builders with something in them changed or taken away."""

import json
from collections.abc import Sequence
from typing import Any

from hypothesis import strategies as st

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
