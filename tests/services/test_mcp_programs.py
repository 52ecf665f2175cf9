"""A server that is a program, good or bad: what it does wrong harms only its own call, and nothing stays."""

import asyncio
import sys
import time
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import pytest

from flowloom.errors import FlowloomError
from flowloom.kinds.mcp import McpTool
from flowloom.services.mcp import limits
from flowloom.services.mcp.clients import McpClients
from flowloom.services.mcp.registry import McpServers
from flowloom.services.mcp.settings import McpServer
from flowloom.services.secrets import SecretStore

BAD = Path(__file__).parents[1] / "bad_mcp_server.py"
GOOD = Path(__file__).parents[1] / "mcp_server.py"
KEY = "k3y/of+mine=x7Qx7Q"
TEXT = {"type": "string"}
ECHO = McpTool(name="echo", takes={"type": "object", "properties": {"text": TEXT}, "required": ["text"]})
FIT = {"type": "object", "properties": {"n": {"type": "integer"}}, "required": ["n"]}


class Bench:
    """Servers that are bad in ways of their own, and what is left of them."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.servers = McpServers(home, SecretStore(home))
        self.clients = McpClients(self.servers)

    def add(self, how: str, patience: float = 20.0, **values: str) -> str:
        """A server that behaves so; its alias."""
        alias = how.replace(" ", "-").replace(":", "")
        command = ("-I", str(BAD), how, str(self.home / "pids"))
        server = McpServer(
            alias=alias, command=sys.executable, arguments=command, names=tuple(values), patience=patience
        )
        self.servers.keep(server, values)
        self.servers.allow(server)
        return alias

    def add_good(self) -> None:
        """One by the SDK's own hand."""
        (self.home / "pids").touch()
        self.servers.allow(
            self.servers.keep(McpServer(alias="good", command=sys.executable, arguments=(str(GOOD),)))
        )

    def use(self, name: str, talk: str = "a", **values: Any) -> Callable[[float], Coroutine[Any, Any, str]]:
        """A call of the good one, with the seconds it may take."""

        async def call(limit: float) -> str:
            takes = {"type": "object", "properties": {each: {} for each in values}, "required": list(values)}
            tool = McpTool(name=name, takes=takes)
            return (await self.clients.call(talk, "good", tool, values, limit)).text

        return call

    async def call(self, alias: str, text: str = "hello", seconds: float = 20.0, talk: str = "a") -> str:
        found = await self.clients.call(talk, alias, ECHO, {"text": text}, seconds)
        return found.text

    def run(self, work: Callable[[], Coroutine[Any, Any, Any]]) -> Any:
        """What comes of it, after which no process may be left."""
        try:
            return asyncio.run(work())
        finally:
            left = [pid for pid in self.pids if is_alive(pid)]
            assert left == []

    @property
    def pids(self) -> list[int]:
        return [int(line) for line in (self.home / "pids").read_text().split()]


def is_alive(pid: int) -> bool:
    """Whether it still runs; what only waits to be taken note of has ended."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


@pytest.fixture
def bench(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Bench:
    monkeypatch.setenv("FLOWLOOM_SECRET_KEY", "open sesame, my keys")
    return Bench(tmp_path)


FAULTS = [
    # behaviour, code of the problem, part of what is said, seconds it may take beside those it waits
    ("hang at the handshake", "mcp.start", "wasn’t ready within 1 seconds"),
    ("hang at the list", "mcp.start", "wasn’t ready within"),
    ("dies at once", "mcp.ended", "no database at home"),
    ("no handshake", "mcp.nonsense", "doesn’t behave like an MCP server"),
    ("of another age", "mcp.nonsense", "doesn’t behave like an MCP server"),
    ("an error", "mcp.error", "out of order"),
    ("hang in the call", "mcp.timeout", "didn’t answer within 1 seconds"),
    ("dies in the call", "mcp.ended", "cannot go on, sorry"),
    ("floods", "mcp.too_much", "sent too much data"),
    ("endless line", "mcp.too_much", "sent too much data"),
    ("giant", "mcp.too_much", "sent too much data"),
    ("no result", "mcp.nonsense", "doesn’t behave like an MCP server"),
    ("refuses", "mcp.failed", "hello"),
    ("lies: other values", "mcp.changed", "(text)"),
    ("lies: more values", "mcp.changed", "(key)"),
    ("lies: gone", "mcp.gone", "no longer has the tool “echo”"),
    ("lies: no schema", "mcp.nonsense", "doesn’t behave like an MCP server"),
]
PATIENT = {"hang at the handshake": 1.0, "hang at the list": 2.0}


@pytest.mark.parametrize(("how", "code", "said"), FAULTS, ids=[how for how, _, _ in FAULTS])
def test_a_bad_server_ends_in_a_clear_sentence(bench: Bench, how: str, code: str, said: str) -> None:
    alias = bench.add(how, PATIENT.get(how, 20.0))
    began = time.monotonic()
    with pytest.raises(FlowloomError) as caught:
        bench.run(lambda: bench.call(alias, seconds=1.0 if "hang" in how else 20.0))
    assert caught.value.problem.code == code
    assert said in str(caught.value)
    # What is waited for, the program’s end in three steps, and a slow computer.
    assert time.monotonic() - began < 15
    assert len(bench.pids) == 1


@pytest.mark.parametrize(
    "how", ["noise", "talks to its log", "ignores its end", "leaves children", "deep", "round"]
)
def test_what_is_only_odd_is_borne(bench: Bench, how: str) -> None:
    alias = bench.add(how)
    assert bench.run(lambda: bench.call(alias)) == "hello"
    assert len(bench.pids) == (2 if how == "leaves children" else 1)


@pytest.mark.parametrize("how", ["dies in the call", "hang in the call", "floods"])
def test_the_next_call_gets_a_new_process(bench: Bench, how: str) -> None:
    alias = bench.add(how)

    async def twice() -> None:
        for _ in range(2):
            with pytest.raises(FlowloomError):
                await bench.call(alias, seconds=0.5)

    bench.run(twice)
    assert len(set(bench.pids)) == 2


def test_a_late_call_harms_no_other_of_the_same_server(bench: Bench) -> None:
    bench.add_good()

    async def side_by_side() -> list[Any]:
        calls = [bench.use("wait", seconds=60), bench.use("wait", seconds=3), bench.use("echo", text="hello")]
        limits_of = [2.0, 20.0, 20.0]
        found = await asyncio.gather(
            *(call(limit) for call, limit in zip(calls, limits_of, strict=True)), return_exceptions=True
        )
        return [*found, await bench.use("echo", text="again")(20.0)]

    late, slow, quick, again = bench.run(side_by_side)
    assert isinstance(late, FlowloomError)
    assert (slow, quick, again) == ("done", "hello", "again")


def test_a_dead_server_harms_no_other_conversation(bench: Bench) -> None:
    alias = bench.add("odd")

    async def side_by_side() -> list[Any]:
        calls = [bench.call(alias, text, talk=talk) for text, talk in [("die", "a"), ("hello", "b")]]
        return await asyncio.gather(*calls, return_exceptions=True)

    dead, other = bench.run(side_by_side)
    assert isinstance(dead, FlowloomError)
    assert other == "hello"


def test_a_conversation_keeps_its_server_to_itself(bench: Bench) -> None:
    bench.add_good()

    async def three() -> list[str]:
        found = [await bench.use("remember", text=text)(20.0) for text in ("one", "two")]
        return [*found, await bench.use("remember", text="three", talk="b")(20.0)]

    assert bench.run(three) == ["one", "one, two", "three"]


def test_a_server_that_is_not_used_is_let_go(bench: Bench) -> None:
    alias = bench.add("odd")
    bench.clients = McpClients(bench.servers, idle=0.05)

    async def wait_for_its_end() -> None:
        await bench.call(alias)
        end = time.monotonic() + 10
        while is_alive(bench.pids[0]) and time.monotonic() < end:
            await asyncio.sleep(0.02)
        assert not is_alive(bench.pids[0])
        assert await bench.call(alias) == "hello"

    bench.run(wait_for_its_end)
    assert len(bench.pids) == 2


def test_no_more_than_so_many_at_once(bench: Bench) -> None:
    alias = bench.add("odd")
    bench.clients = McpClients(bench.servers, most=1)

    async def two_at_once() -> list[Any]:
        talks = [bench.call(alias, talk=talk) for talk in ("a", "b")]
        return [*await asyncio.gather(*talks, return_exceptions=True), await bench.call(alias, talk="b")]

    first, second, third = bench.run(two_at_once)
    assert (first, third) == ("hello", "hello")
    assert second.problem.code == "mcp.open"


def test_a_run_that_is_stopped_leaves_nothing(bench: Bench) -> None:
    alias = bench.add("hang in the call")

    async def stopped() -> None:
        task = asyncio.create_task(bench.call(alias))
        while not (bench.home / "pids").exists():
            await asyncio.sleep(0.02)
        task.cancel()
        await asyncio.wait([task])

    bench.run(stopped)


def test_one_that_ended_meanwhile_is_started_again(bench: Bench) -> None:
    alias = bench.add("dies after the call")

    async def twice() -> list[str]:
        first = await bench.call(alias)
        while is_alive(bench.pids[0]):
            await asyncio.sleep(0.02)
        await asyncio.sleep(0.05)
        return [first, await bench.call(alias)]

    assert bench.run(twice) == ["hello", "hello"]
    assert len(bench.pids) == 2


def test_what_was_given_up_does_not_hold_up_the_next(bench: Bench) -> None:
    alias = bench.add("odd")

    async def given_up() -> str:
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(bench.call(alias, "hang"), 1.0)
        return await bench.call(alias, "hello")

    assert bench.run(given_up) == "hello"


def test_results_beyond_text(bench: Bench) -> None:
    said = bench.run(lambda: bench.call(bench.add("pictures")))
    assert said == "hello\n[image: image/png, 2 KB]\n[report: file:///report.pdf]\nof a file"


def test_a_result_that_breaks_its_promise_is_told(bench: Bench) -> None:
    alias, tool = bench.add("unfit"), McpTool(name="echo", takes=ECHO.takes, gives=FIT)
    found = bench.run(lambda: bench.clients.call("a", alias, tool, {"text": "x"}, 20))
    assert (found.text, found.data, found.unfit) == ("x", {"n": "many"}, "n")


def test_a_key_comes_back_from_nowhere(bench: Bench) -> None:
    teller, dier = bench.add("tells the key", KEY=KEY), bench.add("dies in the call", KEY=KEY)
    said = bench.run(lambda: bench.call(teller))
    assert said.startswith("•••")
    assert KEY not in said
    with pytest.raises(FlowloomError) as caught:
        bench.run(lambda: bench.call(dier))
    assert "cannot go on, •••" in str(caught.value)
    assert KEY not in repr(caught.value.problem)
    assert KEY not in (bench.home / "mcp-servers.json").read_text()


def test_a_program_gets_none_of_our_own_keys(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-ours")
    said = bench.run(lambda: bench.call(bench.add("tells the key", KEY=KEY)))
    names = said.partition(" and ")[2]
    assert "KEY" in names
    assert "PATH" in names
    assert "FLOWLOOM" not in names
    assert "OPENAI" not in names


LISTS = [
    ("many tools", limits.TOOLS, []),
    ("endless list", limits.PAGES, []),
    ("deep", 1, ["deep"]),
    ("round", 2, []),
    ("long words", 1, []),
]


@pytest.mark.parametrize(("how", "count", "left_out"), LISTS)
def test_a_list_of_tools_is_held_to_limits(bench: Bench, how: str, count: int, left_out: list[str]) -> None:
    found = bench.run(lambda: bench.clients.offered(bench.add(how)))
    assert len(found.tools) == count
    assert list(found.left_out) == left_out
    assert all(len(tool.about) <= 2_000 for tool in found.tools)
    assert "passwd" not in repr(found.tools)


@pytest.mark.parametrize("command", ["no-such-program-here", "/etc", "echo; touch x"])
def test_a_program_that_is_not_there(bench: Bench, command: str) -> None:
    (bench.home / "pids").touch()
    bench.servers.allow(bench.servers.keep(McpServer(alias="bad", command=command)))
    with pytest.raises(FlowloomError) as caught:
        bench.run(lambda: bench.clients.offered("bad"))
    assert caught.value.problem.code == "mcp.not_found"


def test_no_shell_reads_the_arguments(bench: Bench) -> None:
    (bench.home / "pids").touch()
    mark = bench.home / "mark"
    server = McpServer(alias="bad", command=sys.executable, arguments=("-c", "pass", f"; touch {mark}"))
    bench.servers.allow(bench.servers.keep(server))
    with pytest.raises(FlowloomError):
        bench.run(lambda: bench.clients.offered("bad"))
    assert not mark.exists()


def test_the_practice_server_is_always_there(bench: Bench) -> None:
    (bench.home / "pids").touch()
    found = bench.run(lambda: bench.clients.offered("practice"))
    assert [tool.name for tool in found.tools] == ["convert_units", "count_words", "pick_one"]


def test_an_unknown_name_starts_nothing(bench: Bench) -> None:
    (bench.home / "pids").touch()
    with pytest.raises(FlowloomError, match="“ghost” isn’t connected here"):
        bench.run(lambda: bench.call("ghost"))
    assert bench.clients.of("a").where("ghost") == ""
    assert bench.clients.of("a").where("practice") == "practice"


CHANGED: list[tuple[str, dict[str, Any], dict[str, str]]] = [
    ("nobody confirmed it", {"command": sys.executable, "arguments": ("-c", "MARK", "other")}, {"KEY": KEY}),
    ("another argument", {"arguments": ("-c", "MARK", "more")}, {}),
    ("an argument less", {"arguments": ("-c", "MARK")}, {}),
    ("arguments cut elsewhere", {"arguments": ("-c", "MARK o", "ne")}, {}),
    ("another variable", {"names": ("KEY", "PYTHONPATH")}, {"PYTHONPATH": "/elsewhere"}),
    ("another value", {}, {"KEY": "other" + KEY}),
]


@pytest.mark.parametrize(("what", "changes", "values"), CHANGED, ids=[what for what, *_ in CHANGED])
def test_a_program_starts_only_as_it_was_confirmed(
    bench: Bench, what: str, changes: dict[str, Any], values: dict[str, str]
) -> None:
    (bench.home / "pids").touch()
    mark = bench.home / "mark"
    touch = f"import pathlib; pathlib.Path({str(mark)!r}).touch()"
    base = McpServer(alias="mine", command=sys.executable, arguments=("-c", touch, "one"), names=("KEY",))
    if what != "nobody confirmed it":
        bench.servers.allow(bench.servers.keep(base, {"KEY": KEY}))
    arguments = tuple(each.replace("MARK", touch) for each in changes.get("arguments", base.arguments))
    bench.servers.keep(base.model_copy(update={**changes, "arguments": arguments}), values)
    with pytest.raises(FlowloomError) as caught:
        bench.run(lambda: bench.clients.offered("mine"))
    assert caught.value.problem.code == "mcp.unconfirmed"
    assert not mark.exists()


def test_what_is_removed_has_to_be_confirmed_again(bench: Bench) -> None:
    bench.add("dies at once")
    server = bench.servers.find("dies-at-once")
    bench.servers.forget(server.alias)
    bench.servers.keep(server)
    assert not bench.servers.may_start(server)
    (bench.home / "pids").touch()
