"""The engines of a computer that cannot build walls, and code that is too long."""

import asyncio

import pytest

from flowloom.errors import NodeError
from flowloom.kinds.code import Chart, CodeJob, Series
from flowloom.services.code import open_code, walled
from flowloom.services.code.open_code import OpenCode


@pytest.fixture
def code(monkeypatch: pytest.MonkeyPatch) -> OpenCode:
    monkeypatch.setattr(walled, "can_build", lambda: False)
    monkeypatch.setattr(walled.Walls, "hold", None)
    return OpenCode()


def test_pandas_is_not_offered_where_it_cannot_be_walled_in(code: OpenCode) -> None:
    assert tuple(asyncio.run(code.engines())) == ("small",)
    for job in (CodeJob(code="import pandas"), CodeJob(code="1", engine="pandas")):
        failure = asyncio.run(code.run(job)).failure
        assert failure is not None
        assert failure.problem.code == "code.no_pandas"
        assert "table functions" in failure.told


def test_the_small_one_says_what_it_lacks(code: OpenCode) -> None:
    failure = asyncio.run(code.run(CodeJob(code="def f():\n    yield 1\nlist(f())", engine="small"))).failure
    assert failure is not None
    assert "no yield" in failure.told


def test_the_last_line_or_the_name_result_is_the_value(code: OpenCode) -> None:
    values = {"1 + 1": 2, "result = 3": 3, "result = 4\nchart('bar', x=['a'], y=[1])": 4, "x = 1": None, "": None}
    assert {text: asyncio.run(code.run(CodeJob(code=text))).value for text in values} == values


def test_variables_and_prints(code: OpenCode) -> None:
    result = asyncio.run(code.run(CodeJob(code="print(words)\nlen(words)", values={"words": ["é", 2]})))
    assert (result.value, result.printed) == (2, "['é', 2]\n")


def test_code_without_end_is_not_run(code: OpenCode, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(open_code, "MAX_CODE", 10)
    with pytest.raises(NodeError, match="up to 10 characters"):
        asyncio.run(code.run(CodeJob(code="1 + 1 + 1 + 1")))


def test_charts_are_drawn(code: OpenCode) -> None:
    picture = asyncio.run(code.draw(Chart(kind="bar", x=("a",), series=(Series(values=(1.0,)),))))
    assert picture.data.startswith(b"\x89PNG")
