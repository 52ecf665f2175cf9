"""Measures patterns and readers in a process of its own, which can be ended: `re` lets nothing else run."""

import json
import os
import re
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from typing import Any

from benchmarks.hostile.patterns import Found, collect
from benchmarks.hostile.shapes import PLAIN, WRONG, Shape, shapes_of, text_of

SMALL, MIDDLE, LARGE = 1_000, 8_000, 64_000
WHOLE = 1_000_000
LIMIT = 0.3
"""Seconds of processor time for 1 MB, on a computer that does `_known_work` in KNOWN seconds."""
KNOWN = 0.01
SLOWEST = 3.0
"""A computer so many times slower is given no more."""
LOOKED_AT = 40
"""So many shapes of a pattern, those that take longest while they are small, are looked at in a longer text."""
AGAIN = 3
GIVEN = "pattern "
"""Begins what is tried where it is one pattern and no collection."""
GIVEN_UP = 4.0
"""Seconds after which a single try is ended."""
SHARE = 6
"""A pattern that takes this part of the limit for less than a hundredth of the text will not keep to it."""


class TooSlow(Exception):
    """A try that took longer than anyone waits."""


def _ring(signum: int, frame: Any) -> None:
    raise TooSlow


class _Now:
    """What is being tried, and when that was said last."""

    name, said = "", 0.0


def _say_that_it_goes_on() -> None:
    if time.monotonic() - _Now.said > 2.0:
        _Now.said = time.monotonic()
        print(json.dumps({"name": _Now.name, "started": True}), flush=True)


def _known_work() -> int:
    """What patterns and readers do: look for something, and handle what is found."""
    return sum(len(found[0]) for found in _WORD.finditer(_WORDS))


_WORD, _WORDS = re.compile(r"\w+|[^\w\s]"), "One sentence; une phrase, 一句话 <b>x</b>\n" * 4_000


@cache
def slowness() -> float:
    """How many times longer this computer takes for the same than one that the limits are meant for; at least 1."""
    tries = []
    for _ in range(7):
        start = time.process_time()
        _known_work()
        tries.append(time.process_time() - start)
    return min(max(1.0, min(tries) / KNOWN), SLOWEST)


def timed(call: Callable[[Any], Any], text: Any) -> float:
    """Seconds of processor time of one call, on the computer that limits are meant for; at most about GIVEN_UP."""
    _say_that_it_goes_on()
    slowness()  # not while something else is timed
    signal.setitimer(signal.ITIMER_PROF, GIVEN_UP)
    start = time.process_time()
    try:
        call(text)
    except TooSlow:
        pass
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
    return (time.process_time() - start) / slowness()


def worst(
    call: Callable[[Any], Any],
    shapes: Sequence[Shape],
    limit: float,
    make: Callable[[Shape, int], Any],
    hopeless: float,
) -> dict[str, Any]:
    """The slowest shape: those that look bad while small are tried whole; the first beyond the limit ends it.

    More than `hopeless` seconds for a hundredth of the text end it as well.
    """
    looks, lost = _looks(call, shapes, make, hopeless)
    if lost:
        return lost
    chosen = {shape for *_, shape in sorted(looks, key=lambda look: -look[0])[:3]}
    chosen |= {shape for *_, shape in sorted(looks, key=lambda look: -look[1])[:3]}
    larger = []
    for shape in chosen:
        seconds = timed(call, make(shape, LARGE))
        if seconds > limit:
            return _said(shape, LARGE, seconds)
        larger.append((seconds, shape))
    larger.sort(reverse=True)
    tried = []
    for seconds, shape in larger[:2]:
        if tried and (seconds < larger[0][0] / 3 or seconds < limit * (LARGE / WHOLE) ** 2):
            break  # nothing that grows by the square of its text could reach the limit
        text = make(shape, WHOLE)
        tried.append(_said(shape, WHOLE, timed(call, text)))
        for _ in range(AGAIN):  # another process may have been in the way
            if tried[-1]["seconds"] <= limit or tried[-1]["seconds"] > 6 * limit:
                break
            tried[-1]["seconds"] = min(tried[-1]["seconds"], round(timed(call, text), 4))
    return max(tried, key=lambda said: float(said["seconds"]))


def _looks(
    call: Callable[[Any], Any], shapes: Sequence[Shape], make: Callable[[Shape, int], Any], hopeless: float
) -> tuple[list[tuple[float, float, Shape]], dict[str, Any]]:
    """Seconds of the middle size and the growth up to it, for each shape that may be slow; or what is past hope."""
    small: list[tuple[float, Shape]] = []
    for shape in shapes:
        seconds = timed(call, make(shape, SMALL))
        if seconds > hopeless:
            return [], _said(shape, SMALL, seconds)
        small.append((seconds, shape))
    looks: list[tuple[float, float, Shape]] = []
    # What grows faster than its text shows that in a thousand characters already.
    for before, shape in sorted(small, reverse=True)[:LOOKED_AT]:
        seconds = timed(call, make(shape, MIDDLE))
        if seconds > hopeless:
            return [], _said(shape, MIDDLE, seconds)
        looks.append((seconds, seconds / max(before, 2e-5), shape))
    return looks, {}


def longest_pause(call: Callable[[Any], Any], text: Any) -> float:
    """The most seconds for which another thread stood still meanwhile, the best of a few tries."""
    return min(_pause(call, text) for _ in range(AGAIN))


def _pause(call: Callable[[Any], Any], text: Any) -> float:
    done, pauses = threading.Event(), [0.0]

    def tick() -> None:
        before = time.monotonic()
        while not done.wait(0.002):
            pauses.append(time.monotonic() - before)
            before = time.monotonic()

    ticker = threading.Thread(target=tick)
    ticker.start()
    try:
        call(text)
    finally:
        done.set()
        ticker.join()
    return max(pauses)


def _of_scanner(scanner: Any, call: Callable[[Any], Any], shapes: Sequence[Shape]) -> dict[str, Any]:
    def make(shape: Shape, size: int) -> Any:
        return text_of(shape, min(size, scanner.most))

    timed(call, make(shapes[0], 10))  # what is read when it is first used is not the text's fault
    found = worst(call, shapes, scanner.limit, make, scanner.limit)
    found["most"] = scanner.most
    found["size"] = min(found["size"], scanner.most)
    if scanner.off_page and found["size"] == WHOLE:
        shape = next(each for each in shapes if _said(each, WHOLE, 0)["shape"] == found["shape"])
        found["pause"] = round(longest_pause(call, make(shape, WHOLE)), 4)
    return found


def _said(shape: Shape, size: int, seconds: float) -> dict[str, Any]:
    shown = " ".join(ascii(part[:24]) for part in shape if part)
    return {"shape": shown, "size": size, "seconds": round(seconds, 4)}


def _use(pattern: re.Pattern[Any], method: str) -> Callable[[Any], Any]:
    if method in ("match", "fullmatch"):
        return getattr(pattern, method)

    def every(text: Any) -> None:
        for _ in pattern.finditer(text):
            pass

    return every


def try_pattern(found: Found) -> dict[str, Any]:
    shapes = shapes_of(found.pattern)
    kinds = {method if method in ("match", "fullmatch") else "search" for method in found.methods}
    results = [
        worst(
            _use(found.pattern, kind),
            shapes,
            LIMIT,
            lambda shape, size: text_of(shape, min(size, found.most or size), found.pattern),
            LIMIT / SHARE,
        )
        for kind in sorted(kinds)
    ]
    return max(results, key=lambda said: said["seconds"] * (1 + (said["size"] < WHOLE) * 1e6))


def _tries(what: str) -> Iterator[tuple[str, float, Callable[[], dict[str, Any]]]]:
    if what.startswith(GIVEN):
        yield what, LIMIT, lambda: try_pattern(Found(re.compile(what.removeprefix(GIVEN)), "given", {"search"}))
        return
    if what == "patterns":
        found, unknown = collect()
        for each in unknown:
            print(json.dumps({"name": each.where, "unknown": each.source}), flush=True)
        for each in found:
            yield f"{each.where} {str(each.pattern.pattern)[:60]!r}", LIMIT, lambda each=each: try_pattern(each)
        return
    from benchmarks.hostile.scanners import SCANNERS

    for scanner in SCANNERS:
        call = scanner.load()
        if call is None:
            print(json.dumps({"name": scanner.name, "missing": True}), flush=True)
            continue
        shapes = [*(("", each, end) for each in (*PLAIN, *scanner.pieces) for end in ("", WRONG)), *scanner.shapes]
        yield scanner.name, scanner.limit, lambda c=call, s=shapes, n=scanner: _of_scanner(n, c, s)


def main() -> None:
    """One line of JSON before each try and one after: whoever watches knows which one hangs."""
    what, skipped = sys.argv[1], set(sys.argv[2:])
    signal.signal(signal.SIGPROF, _ring)
    sys.setrecursionlimit(1000)
    for name, limit, attempt in _tries(what):
        if name in skipped:
            continue
        _Now.name, _Now.said = name, 0.0
        try:
            _say_that_it_goes_on()
            result = attempt()
        except Exception as error:
            result = {"shape": type(error).__name__, "size": 0, "seconds": 99.0}
        print(json.dumps({"name": name, "limit": limit, **result}), flush=True)
    os._exit(0)


if __name__ == "__main__":
    main()
