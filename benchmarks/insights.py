"""How long Insights takes for 350,000 rows, how much memory, and against the same sums straight in DuckDB.

python -m benchmarks.insights
"""

import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import duckdb

from benchmarks.crawl import make
from flowloom.insights.questions import QUESTIONS
from flowloom.insights.selection import Selection
from flowloom.insights.table import Table

ROWS, TIMES = 350_000, 3
STRAIGHT = {
    "categories": "SELECT categories, count(*) FROM crawl GROUP BY 1 ORDER BY 2 DESC",
    "growth": "SELECT date_trunc('month', created_at::DATE), count(*) FROM crawl GROUP BY 1 ORDER BY 1",
    "tools": "SELECT tool, count(*) FROM (SELECT unnest(string_split(tools, '|')) AS tool FROM crawl) GROUP BY 1",
    "authors": "SELECT n, count(*) FROM (SELECT count(*) AS n FROM crawl GROUP BY author) GROUP BY 1 ORDER BY 1",
    "lorenz": (
        "SELECT (2 * sum(i * c) / sum(c) - count(*) - 1) / count(*) FROM (SELECT num_conversations::DOUBLE AS c, "
        "row_number() OVER (ORDER BY num_conversations::BIGINT) AS i FROM crawl)"
    ),
    "zipf": (
        "SELECT regr_slope(log10(c), log10(r)) FROM (SELECT num_conversations::BIGINT AS c, "
        "row_number() OVER (ORDER BY num_conversations::BIGINT DESC) AS r FROM crawl) WHERE c >= 10"
    ),
    "links": (
        "SELECT site, count(*) FROM (SELECT unnest(regexp_extract_all(lower(description), "
        "'https?://(?:www\\.)?([^/\\s]+)', 1)) AS site FROM crawl) GROUP BY 1 ORDER BY 2 DESC"
    ),
    "ratings": "SELECT corr(log10(num_conversations::BIGINT), rating::DOUBLE) FROM crawl",
}
"""The same as somebody would write it by hand, over a table that is loaded already."""


def fastest(do: Callable[[], object]) -> float:
    times = []
    for _ in range(TIMES):
        start = time.perf_counter()
        do()
        times.append(time.perf_counter() - start)
    return min(times)


def in_process(path: Path) -> None:
    """Load and ask everything, in a process of its own so that its memory can be measured."""
    start = time.perf_counter()
    table = Table()
    table.load_file(path, path.name)
    print(f"load {time.perf_counter() - start:.2f}", flush=True)
    for question in QUESTIONS:
        seconds = fastest(lambda ask=question.ask: ask(table, Selection()))  # type: ignore[misc]
        print(f"{question.id} {seconds:.3f}", flush=True)
    print(f"memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1_000_000:.2f}")


def straight(path: Path) -> dict[str, float]:
    with duckdb.connect(config={"threads": "2"}) as db:
        start = time.perf_counter()
        db.execute(f"CREATE TABLE crawl AS SELECT * FROM read_csv('{path}', all_varchar = true)")
        return {"load": time.perf_counter() - start} | {
            name: fastest(lambda sql=sql: db.execute(sql).fetchall())  # type: ignore[misc]
            for name, sql in STRAIGHT.items()
        }


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "crawl.csv"
        make(path, ROWS)
        told = subprocess.run(
            [sys.executable, "-m", "benchmarks.insights", str(path)], capture_output=True, text=True, check=True
        ).stdout
        ours = {name: float(value) for name, value in (line.split() for line in told.splitlines())}
        by_hand = straight(path)
    print(f"{ROWS:,} rows, best of {TIMES}; at most {ours.pop('memory'):.2f} GB")
    print(f"{'':14}{'Insights':>10}{'DuckDB':>10}{'ratio':>8}")
    for name, seconds in ours.items():
        hand = by_hand.get(name)
        rest = f"{hand:10.3f}{seconds / hand:8.1f}" if hand else ""
        print(f"{name:14}{seconds:10.3f}{rest}")
    print(f"{'all together':14}{sum(ours.values()):10.3f}")


if __name__ == "__main__":
    in_process(Path(sys.argv[1])) if len(sys.argv) > 1 else main()
