"""No text of a stranger may hold the app up: every pattern and reader is fed 1 MB of what it likes least."""

from pathlib import Path
from typing import Any

import pytest
from benchmarks.hostile import watching
from benchmarks.hostile.trial import GIVEN, LIMIT, WHOLE

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[1]


def too_slow(results: list[dict[str, Any]]) -> list[str]:
    return [
        f"{result['name']} took {result['seconds']} s for {result['size']} characters of {result['shape']}"
        for result in results
        if result["seconds"] > result["limit"] or result["size"] < result.get("most", WHOLE)
    ]


def test_every_pattern_reads_a_megabyte_in_time() -> None:
    results = watching.run("patterns", ROOT, ROOT / "src")
    unknown = [f"{result['name']}: {result['unknown']}" for result in results if "unknown" in result]
    assert not unknown, "name the pattern as a constant, or give samples of it in benchmarks.hostile.patterns.BUILT"
    assert len(results) > 200
    assert not too_slow(results)


def test_every_reader_reads_a_megabyte_in_time() -> None:
    results = watching.run("scanners", ROOT, ROOT / "src")
    missing = [result["name"] for result in results if "missing" in result]
    assert not missing, "a reader has moved: benchmarks.hostile.scanners names it"
    assert not too_slow(results)
    paused = [
        f"{each['name']} held others up for {each['pause']} s" for each in results if each.get("pause", 0) > LIMIT
    ]
    assert not paused
    assert [each["name"] for each in results if "pause" in each], (
        "what runs beside the pages is tried beside a thread"
    )


@pytest.mark.parametrize(
    "bad",
    [
        r"[\w.+-]+@[\w-]+\.\w+",
        r"\s+$",
        r"(?:[^\s%]*%[0-9A-Fa-f]{2}){4,}",
        r"<think>.*?</think>",
        r"(?:a|aa)+$",
        r"\[a\]\([^)\s]{0,2000}\)",
        r"[a-z][a-z0-9+.-]*://",
    ],
)
def test_a_slow_pattern_is_found_by_its_shapes(bad: str) -> None:
    # In a process of its own: the bell that ends a try would end the tests.
    (result,) = watching.run(GIVEN + bad, ROOT, ROOT / "src")
    assert result["seconds"] > LIMIT or result["size"] < WHOLE
