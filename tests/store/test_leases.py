"""What one process holds no other takes, until it has ended or shown no sign for long enough."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from flowloom.store import leases, processes
from flowloom.store.leases import WAITING, LeaseLost, Leases
from flowloom.store.opening import open_database
from flowloom.store.processes import Process, ended, this_process

pytestmark = pytest.mark.usefixtures("kept_in")

PATIENT = 3600.0


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def two(tmp_path: Path, clock: Clock) -> Iterator[tuple[Leases, Leases]]:
    """Two processes on one database; their signs are given by hand."""
    found = [Leases(open_database(tmp_path / "flowloom.db"), beat=PATIENT, clock=clock) for _ in range(2)]
    yield found[0], found[1]
    for each in found:
        each.close()
        each._db.close()


def give_sign(of: Leases) -> None:
    of._give_sign(frozenset(of._held))


def test_one_holds_what_the_other_does_not_get(two: tuple[Leases, Leases]) -> None:
    one, other = two
    assert one.claim("run:1")
    assert one.claim("run:1")
    assert not other.claim("run:1")
    assert other.held_elsewhere("run:1")
    assert not one.held_elsewhere("run:1")
    one.release("run:1")
    assert other.claim("run:1")


def test_what_waits_is_of_whoever_claims_it_first(two: tuple[Leases, Leases]) -> None:
    one, other = two
    assert one.claim("run:1")
    assert one.leave("run:1")
    assert one.named("run:") == {"run:1": WAITING}
    assert one.held_elsewhere("run:1")
    assert other.held_elsewhere("run:1")
    assert not other.leave("run:1")
    assert other.claim("run:1")
    assert not one.claim("run:1")
    assert not one.leave("run:1")
    assert other.leave("run:1")
    one.drop("run:1", WAITING)
    assert one.named("run:") == {}


def test_without_a_sign_it_is_taken_over_and_its_holder_finds_out(two: tuple[Leases, Leases], clock: Clock) -> None:
    one, other = two
    lost: list[frozenset[str]] = []
    one.on_tick(lambda gone, wishes: lost.append(gone))
    assert one.claim("run:1")
    assert not other.claim("run:1")
    clock.now += leases.LEASE - 1
    assert not other.claim("run:1")
    give_sign(one)  # a sign prolongs it
    clock.now += 2
    assert not other.claim("run:1")
    clock.now += leases.LEASE + 1
    assert other.claim("run:1")
    with pytest.raises(LeaseLost):
        one.require("run:1")
    give_sign(one)
    assert lost[-1] == {"run:1"}
    assert not one.claim("run:1")


@pytest.mark.parametrize("jump", [-3600.0, 3600.0])
def test_a_jump_of_the_clock_ends_no_lease(
    two: tuple[Leases, Leases], monkeypatch: pytest.MonkeyPatch, jump: float
) -> None:
    import time

    one, other = two
    assert one.claim("run:1")
    assert not other.claim("run:1")
    real = time.time
    monkeypatch.setattr(time, "time", lambda: real() + jump)
    assert not other.claim("run:1")
    assert other.held_elsewhere("run:1")


def test_of_many_that_take_over_one_gets_it(tmp_path: Path, clock: Clock) -> None:
    path = tmp_path / "flowloom.db"
    gone = Leases(open_database(path), beat=PATIENT, clock=clock)
    assert gone.claim("run:1")
    many = [Leases(open_database(path), beat=PATIENT, clock=clock) for _ in range(8)]
    assert not any(each.claim("run:1") for each in many)
    clock.now += leases.LEASE + 1
    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(lambda each: each.claim("run:1"), many)) == 1
    for each in (gone, *many):
        each.close()
        each._db.close()


def test_a_process_that_has_ended_is_known_at_once(
    two: tuple[Leases, Leases], monkeypatch: pytest.MonkeyPatch
) -> None:
    one, other = two
    assert one.claim("run:1")
    monkeypatch.setattr(leases, "ended", lambda process, here: True)
    assert other.claim("run:1")


HERE = this_process()


@pytest.mark.parametrize(
    ("process", "known"),
    [
        (HERE, False),
        (HERE._replace(born="1"), HERE.born != ""),  # a later one with the same number
        (HERE._replace(pid=2**22 + 1), True),
        (Process("elsewhere", 2**22 + 1, "1"), False),
    ],
)
def test_what_is_known_of_other_processes(process: Process, known: bool) -> None:
    assert ended(process, HERE) is (known and processes.os.name == "posix")


def test_what_is_let_go_of_while_a_sign_is_given_is_not_lost(two: tuple[Leases, Leases]) -> None:
    """As a run does that ends, or waits for a person, just as its process gives a sign."""
    one, _ = two
    lost: list[frozenset[str]] = []
    one.on_tick(lambda gone, wishes: lost.append(gone))
    one.claim("run:a")
    one.claim("run:b")
    held = frozenset(one._held)
    one.release("run:a")
    one._give_sign(held)
    assert lost == [frozenset()]


def test_a_wish_reaches_whoever_holds_it(two: tuple[Leases, Leases]) -> None:
    one, other = two
    heard: list[dict[str, str]] = []
    one.on_tick(lambda gone, wishes: heard.append(wishes))
    one.claim("run:1")
    other.wish("run:1", "stop")
    give_sign(one)
    assert heard == [{"run:1": "stop"}]
