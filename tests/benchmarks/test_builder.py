"""The trial of the builder ends in time, also with a model that doesn’t, and tells what it found till then."""

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest
from benchmarks.builder import Given, Told, tell

from benchmarks import builder
from flowloom.kinds.values import ModelReply, ModelRequest
from flowloom.workspace import Workspace


class Never:
    """A model that never answers."""

    async def reply(self, request: ModelRequest, on_text: Any) -> ModelReply:
        await asyncio.sleep(3600)
        return ModelReply()


def test_a_sample_is_of_every_language_and_of_what_was_held_back(home: Workspace) -> None:
    told = list(tell(home, None, Given(requests=9)))
    assert [bool(each.case.get("held")) for each in told] == [False] * 6 + [True] * 3
    assert len({each.case["about"] for each in told}) == 9
    assert all(each.at_once for each in told)


def test_a_model_that_never_answers_costs_its_seconds_and_no_more(home: Workspace) -> None:
    told = list(tell(home, Never(), Given(requests=2, seconds=0.05)))  # type: ignore[arg-type]
    assert [each.repaired for each in told] == [False, False]
    assert all("nothing within" in each.fault for each in told)


def test_figures_are_printed_as_they_come_and_where_it_is_interrupted(
    home: Workspace, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupted(*_: Any) -> Iterator[Told]:
        yield Told({"say": ["A poet"]}, True, True, "", 3, 1.0)
        assert "1 of 5, 1 s: clean at once, sensible" in capsys.readouterr().out
        raise KeyboardInterrupt

    monkeypatch.setattr(builder, "tell", interrupted)
    with pytest.raises(KeyboardInterrupt):
        builder._show("Some model", home, None, Given(requests=5, seconds=9.0))
    assert "| seen (1) | 100% | 100% | 100% | 3.0 |" in capsys.readouterr().out
