"""Copies with changed facts are those that `dataclasses.replace` makes."""

from dataclasses import replace

import pytest

from flowloom.run.reading.copies import changed
from flowloom.run.reading.steps import Step
from flowloom.run.reading.view import NodeView, RunView


@pytest.mark.parametrize(
    ("thing", "facts"),
    [
        (RunView(message="?", nodes={"a": NodeView()}), {"state": "paused", "count": 3}),
        (NodeView(text="a"), {"status": "done", "fired": frozenset({"x"})}),
        (Step("a", "", 1, 1.0), {"outcome": "asking"}),
        (Step("a", "", 1, 1.0), {}),
    ],
)
def test_it_is_as_replaced(thing, facts) -> None:  # type: ignore[no-untyped-def]
    found = changed(thing, **facts)
    assert found == replace(thing, **facts)
    assert found is not thing
    with pytest.raises(KeyError):
        changed(thing, no_such_fact=1)
