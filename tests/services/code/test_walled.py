"""The walls: what is behind them, that a hole keeps them from being offered, and that they fall in time."""

import asyncio
import json
import os
import struct
import time
from pathlib import Path

import pytest

from flowloom.flow.model import Edge, Flow, Node
from flowloom.kinds.code import CodeJob
from flowloom.services.code import building, seccomp, walled
from flowloom.services.code.open_code import PANDAS, OpenCode
from flowloom.services.code.walled import Walls
from flowloom.workspace import Workspace
from tests.services.code.conftest import SALES, children, holds_here, in_walls


@pytest.fixture(autouse=True)
def _walls() -> None:
    if not holds_here():
        pytest.skip("walls cannot be built on this computer")


FRAME = "import pandas as pd\ndf = pd.DataFrame(rows('sales.csv'))\n"


@pytest.mark.parametrize(
    ("last", "value"),
    [
        ("df.groupby('Region').Sales.sum()", [{"Region": "North", "Sales": 12}, {"Region": "South", "Sales": 4}]),
        ("df.Sales.sum()", 16),
        ("df", SALES.rows),
        ("df.Sales.mean() / 0", None),
        ("df.Sales.values", [3, 4, 9]),
        ("result = df.head(1)", SALES.rows[:1]),
    ],
)
def test_pandas_works_and_its_values_come_out_plain(last: str, value: object) -> None:
    result = in_walls(CodeJob(code=FRAME + last, tables=[SALES]))
    assert result.failure is None
    assert result.value == value
    assert result.engine == "pandas"


def test_our_functions_take_frames_too() -> None:
    result = in_walls(
        CodeJob(code=FRAME + "chart('bar', df.groupby('Region').sum(), 'Region', 'Sales')", tables=[SALES])
    )
    (chart,) = result.charts
    assert (chart.x, chart.series[0].values) == (("North", "South"), (12.0, 4.0))


def test_errors_name_their_line() -> None:
    failure = in_walls(CodeJob(code="a = 1\nb = [\n1 / 0]\n")).failure
    assert failure is not None
    assert failure.problem.params["line"] == "3"
    broken = in_walls(CodeJob(code="a = 1\nb = (")).failure
    assert broken is not None
    assert broken.problem.params["line"] == "2"


LIES = [
    b"", b"\n", b"[", b"[" * 100_000,
    b'{"value": ' + b"1" * 5_000 + b"}", b'"text"', b'{"charts": 3, "printed": []}',
    b'{"charts": [{"kind": "bar"}, 3, {"kind": "bar", "series": [{"values": ["x"]}]}], "error": {"line": "x"}}',
    b'{"error": "no"}', b'{"printed": {"a": 1}}', b"\xff\xfe",
]  # fmt: skip


@pytest.mark.parametrize("lie", LIES, ids=lambda lie: str(lie)[:30])
def test_what_is_written_by_force_is_judged(lie: bytes) -> None:
    code = f"import os\nfor n in range(3, 60):\n  try: os.write(n, {lie!r})\n  except OSError: pass\nos._exit(0)"
    result = in_walls(CodeJob(code=code))
    assert result.charts == ()
    json.dumps(result.model_dump(mode="json"))


def test_too_much_by_force_is_cut() -> None:
    code = "import os\nwhile True:\n  for n in range(3, 60):\n    try: os.write(n, b'[' * 9999)\n    except: pass"
    failure = in_walls(CodeJob(code=code, seconds=5)).failure
    assert failure is not None
    assert failure.problem.code == "code.memory"


ALLOW_ALL = struct.pack("=HBBI", 0x06, 0, 0, 0x7FFF0000)


def test_a_hole_is_noticed_and_the_walls_are_not_offered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Walls, "hold", None)
    monkeypatch.setattr(seccomp, "filter_here", lambda: ALLOW_ALL)
    assert not asyncio.run(Walls().offered())


def test_a_file_that_can_be_seen_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    shown = building._shown()
    monkeypatch.setattr(Walls, "hold", None)
    monkeypatch.setattr(building, "_shown", lambda: [*shown, "--ro-bind", "/etc/passwd", "/etc/passwd"])
    assert not asyncio.run(Walls().offered())


def flow_of(code: str) -> Flow:
    config = {"code": code, "engine": "pandas", "seconds": 60}
    nodes = (
        Node(id="in", kind="chat.message"),
        Node(id="run", kind="code.run", config=config),
        Node(id="out", kind="chat.answer"),
    )
    edges = (Edge(source="in.message", target="run.message"), Edge(source="run.text", target="out.text"))
    return Flow(name="x", nodes=nodes, edges=edges)


@pytest.fixture
def with_pandas(home: Workspace) -> Workspace:
    """A workspace whose owner confirmed pandas in Settings."""
    home.programs.allow(PANDAS)
    return home


def test_a_run_of_the_app_keeps_away_from_it_until_it_is_switched_on(home: Workspace) -> None:
    flow = home.flows.create(flow_of("import numpy\nint(numpy.sum([1, len({{message}})]))"))
    view = home.runner.finished(home.runner.start(flow, "four", home.runs.new_conversation(flow.id)))
    assert view.problem is not None
    assert view.problem.code == "code.pandas_off"


def test_a_run_of_the_app_uses_it(with_pandas: Workspace) -> None:
    home = with_pandas
    flow = home.flows.create(flow_of("import numpy\nint(numpy.sum([1, len({{message}})]))"))
    run = home.runner.start(flow, "four", home.runs.new_conversation(flow.id))
    assert home.runner.finished(run).text == "5"


@pytest.mark.usefixtures("nothing_stays")
def test_stop_ends_it(with_pandas: Workspace) -> None:
    home = with_pandas
    flow = home.flows.create(flow_of("{{message}}\nwhile True: pass"))
    before = children()
    run = home.runner.start(flow, "x", home.runs.new_conversation(flow.id))
    while children() <= before:
        time.sleep(0.01)
    home.runner.cancel(run)
    assert home.runner.finished(run).state == "cancelled"


@pytest.mark.usefixtures("nothing_stays")
def test_walls_that_are_being_built_leave_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a builder has begun does not fall with it at first, and would go on as long as it may."""
    builder = ["/bin/sh", "-c", "setsid sleep 30 & wait"]
    monkeypatch.setattr(walled, "command", lambda refusals: builder)

    async def stop() -> set[int]:
        before = children()
        sessions = {os.getsid(0), *map(os.getsid, before)}
        task = asyncio.ensure_future(Walls().run(CodeJob(code="1", seconds=60)))
        while len({os.getsid(child) for child in children() - before} - sessions) < 2:
            await asyncio.sleep(0.001)
        begun = children() - before
        task.cancel()
        # Whoever stops a run does not wait until what is left ends by itself.
        done, _ = await asyncio.wait([task], timeout=20)
        assert done
        assert task.cancelled()
        return begun

    begun = asyncio.run(stop())
    end = time.monotonic() + 5
    while any(is_at_work(pid) for pid in begun):
        assert time.monotonic() < end
        time.sleep(0.01)


def is_at_work(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2][0] not in "ZX"
    except OSError:
        return False


@pytest.mark.usefixtures("nothing_stays")
def test_at_whatever_moment_it_is_cancelled_nothing_is_left() -> None:
    async def stop(moment: float) -> None:
        task = asyncio.ensure_future(Walls().run(CodeJob(code="while True: pass", seconds=60)))
        await asyncio.sleep(moment)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    for step in range(20):
        asyncio.run(stop(step * 0.002))


@pytest.mark.usefixtures("nothing_stays")
def test_a_run_that_is_cancelled_leaves_nothing() -> None:
    async def stop() -> None:
        task = asyncio.ensure_future(Walls().run(CodeJob(code="while True: pass", seconds=60)))
        before = children()
        while children() <= before:
            await asyncio.sleep(0.01)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(stop())


@pytest.mark.parametrize(
    ("code", "wish", "engine"),
    [
        ("1", "auto", "small"),
        ("import pandas\n1", "auto", "pandas"),
        ("from numpy import array\n1", "auto", "pandas"),
        ("1", "pandas", "pandas"),
    ],
)
def test_the_engine_is_the_one_the_code_needs(code: str, wish: str, engine: str) -> None:
    job = CodeJob.model_validate({"code": code, "engine": wish})
    assert asyncio.run(OpenCode().run(job)).engine == engine
    assert tuple(asyncio.run(OpenCode().engines())) == ("small", "pandas")
