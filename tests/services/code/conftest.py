"""Both engines as one function each, and what must be true of this computer after any code has run."""

import asyncio
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from flowloom.kinds.code import CodeJob, CodeResult, Table
from flowloom.services.code.building import can_build
from flowloom.services.code.small import run_small
from flowloom.services.code.walled import Walls

Engine = Callable[[CodeJob], CodeResult]
SALES = Table(
    name="sales.csv",
    columns=("Region", "Sales"),
    rows=[{"Region": "North", "Sales": 3}, {"Region": "South", "Sales": 4}, {"Region": "North", "Sales": 9}],
)


def in_walls(job: CodeJob) -> CodeResult:
    return asyncio.run(Walls().run(job))


ENGINES = {"small": run_small, "pandas": in_walls}


@pytest.fixture(params=ENGINES)
def engine(request: pytest.FixtureRequest) -> Engine:
    if request.param == "pandas" and not holds_here():
        pytest.skip("walls cannot be built on this computer")
    return ENGINES[request.param]


def holds_here() -> bool:
    """Whether walls can be built on this computer."""
    return can_build() and asyncio.run(Walls().offered())


def children() -> set[int]:
    """The living processes that descend from this one."""
    parents: dict[int, int] = {}
    for entry in Path("/proc").iterdir() if Path("/proc").is_dir() else ():
        if not entry.name.isdecimal():
            continue
        try:
            state, parent = (entry / "stat").read_text().rpartition(")")[2].split()[:2]
        except (OSError, ValueError):
            continue  # it ended meanwhile
        if state != "Z":
            parents[int(entry.name)] = int(parent)
    found = {os.getpid()}
    while more := {pid for pid, parent in parents.items() if parent in found} - found:
        found |= more
    return found - {os.getpid()}


@pytest.fixture
def nothing_stays() -> Iterator[None]:
    """After the test there are no other processes than before, and the folder we are in is as it was."""
    before, files = children(), set(os.listdir())
    yield
    for _ in range(200):
        if children() <= before:
            break
        asyncio.run(asyncio.sleep(0.01))
    assert children() <= before
    assert set(os.listdir()) == files
