"""A question over a table, as code: in the small engine, behind walls with pandas, and in a bare Python process."""

import asyncio
import json
import statistics
import subprocess
import sys
import time
from collections.abc import Callable

from flowloom.kinds.code import Chart, CodeJob, Series, Table
from flowloom.services.code.charts import draw
from flowloom.services.code.small import run_small
from flowloom.services.code.walled import Walls

TIMES = 7
FUNCTIONS = "result = sort(group('sales.csv', 'Region', 'Sales'), 'Sales', descending=True)"
PANDAS = (
    "import pandas as pd\n"
    "df = pd.DataFrame(rows('sales.csv'))\n"
    "result = df.groupby('Region').Sales.sum().sort_values(ascending=False)"
)
LOOP = "total = 0\nfor i in range(1_000_000):\n    total += i * i % 7\nresult = total"
BARE = """
import json, sys
found = {}
for row in json.load(sys.stdin):
    found[row["Region"]] = found.get(row["Region"], 0) + row["Sales"]
print(sorted(found.items(), key=lambda pair: -pair[1]))
"""
BARE_PANDAS = """
import json, sys
import pandas as pd
print(pd.DataFrame(json.load(sys.stdin)).groupby("Region").Sales.sum().sort_values())
"""


def table(count: int) -> Table:
    rows = [{"Region": f"Region {at % 12}", "Month": at % 7, "Sales": at % 1000 / 2} for at in range(count)]
    return Table(name="sales.csv", columns=("Region", "Month", "Sales"), rows=rows)


def median(work: Callable[[], object]) -> str:
    found = []
    for _ in range(TIMES):
        began = time.perf_counter()
        work()
        found.append(time.perf_counter() - began)
    return f"{statistics.median(found) * 1000:,.0f} ms"


def small(code: str, given: Table) -> None:
    assert run_small(CodeJob(code=code, tables=[given], seconds=60)).failure is None


def walled(code: str, given: Table) -> None:
    assert asyncio.run(Walls().run(CodeJob(code=code, tables=[given], seconds=60))).failure is None


def bare(code: str, given: Table) -> None:
    rows = json.dumps(list(given.rows)).encode()
    subprocess.run([sys.executable, "-c", code], input=rows, check=True, capture_output=True)


def main() -> None:
    few, many = table(1_000), table(100_000)
    chart = Chart(kind="bar", x=tuple("abcdef"), series=(Series(values=(1.0, 2.0, 3.0, 4.0, 5.0, 6.0)),))
    draw(chart)
    has_walls = asyncio.run(Walls().offered())
    print("| code over a table of | 1,000 rows | 100,000 rows |\n|---|---|---|")
    lines: list[tuple[str, Callable[[str, Table], None], str]] = [
        ("small engine, our functions", small, FUNCTIONS),
        ("small engine, a loop of a million", small, LOOP),
    ]
    if has_walls:
        lines += [
            ("behind walls, our functions", walled, FUNCTIONS),
            ("behind walls, a loop of a million", walled, LOOP),
            ("behind walls, pandas", walled, PANDAS),
        ]
    lines += [("bare `python -c`, no walls", bare, BARE), ("bare `python -c`, pandas", bare, BARE_PANDAS)]
    for name, run, code in lines:
        cells = [median(lambda run=run, code=code, given=given: run(code, given)) for given in (few, many)]
        print(f"| {name} | {' | '.join(cells)} |")
    print(f"| drawing a chart of six bars | {median(lambda: draw(chart))} | |")


if __name__ == "__main__":
    main()
