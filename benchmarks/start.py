"""How soon a flow answers and the app is there, what it takes of memory and disk, and what dominates each.

`python -m benchmarks.start --beside PATH` does the same in another checkout in turns, and prints the ratios.
"""

import argparse
import importlib.metadata
import os
import re
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.request import urlopen

RUNS = 5
PAIRS = 11
PORT = 8599
HERE = Path(__file__).parents[1]
PLAIN, FLOW = "flows/translator.json", "flows/support-desk.json"
"""A flow that searches nothing, and one that searches a handbook."""
COMPILED = tempfile.TemporaryDirectory()
"""Compiled modules, which an installation has after its first start; the first try of each is not measured."""
Took = tuple[float, float]
"""Seconds on the clock, and seconds of the processors, which other programs do not lengthen."""


def command_of(flow: str, *options: str) -> list[str]:
    said = "I want my money back"
    return [sys.executable, *options, "-m", "flowloom.cli", "run", str(HERE / flow), "--message", said]


def inside(checkout: Path, home: str) -> dict[str, str]:
    """The environment in which the package of a checkout is the one that is imported."""
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return {
        **kept,
        "FLOWLOOM_HOME": home,
        "PYTHONPATH": str(checkout / "src"),
        "PYTHONPYCACHEPREFIX": COMPILED.name,
    }


def run_once(flow: str, checkout: Path = HERE) -> Took:
    with tempfile.TemporaryDirectory() as home:
        before, started = _processors(), time.perf_counter()
        subprocess.run(command_of(flow), env=inside(checkout, home), check=True, capture_output=True)
        return time.perf_counter() - started, _processors() - before


def _processors() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def median_of(times: list[Took]) -> Took:
    clock, processors = zip(*times, strict=True)
    return statistics.median(clock), statistics.median(processors)


def beside(other: Path) -> None:
    """Print what both checkouts take, measured in turns, and the ratio of this one to the other."""
    print(f"\n| beside {other.name}, s | other | this | ratio | ratio of processor time |\n|---|---|---|---|---|")
    for name, once in MEASURED.items():
        pairs = [(once(other), once(HERE)) for _ in range(1 + PAIRS)][1:]
        theirs, ours = (median_of(list(side)) for side in zip(*pairs, strict=True))
        ratios = f"{ours[0] / theirs[0]:.2f} | {ours[1] / theirs[1]:.2f}"
        print(f"| {name} | {theirs[0]:.2f} | {ours[0]:.2f} | {ratios} |", flush=True)


def first_page(checkout: Path) -> Took:
    before = _processors()
    seconds, _ = app_figures(checkout)
    return seconds, _processors() - before


MEASURED: dict[str, Callable[[Path], Took]] = {
    "`flowloom run` of a flow that searches nothing": lambda checkout: run_once(PLAIN, checkout),
    "`flowloom run` of a flow that searches": lambda checkout: run_once(FLOW, checkout),
    "first page in the browser": first_page,
}


def dominating_import(flow: str) -> str:
    """The three imports of `flowloom run` that take longest, with all that they import."""
    with tempfile.TemporaryDirectory() as home:
        command = command_of(flow, "-X", "importtime")
        done = subprocess.run(command, env=inside(HERE, home), capture_output=True, text=True)
    rows = re.findall(r"import time:\s+\d+ \|\s+(\d+) \|\s+(\S+)", done.stderr)
    ours = [(int(spent), name) for spent, name in rows if "." not in name]
    return ", ".join(f"{name} {spent / 1e3:.0f} ms" for spent, name in sorted(ours, reverse=True)[:3])


def app_figures(checkout: Path = HERE) -> tuple[float, float]:
    """Seconds until the first page answers, and MB the process then holds."""
    with tempfile.TemporaryDirectory() as home:
        started = time.perf_counter()
        app = subprocess.Popen(
            [sys.executable, "-m", "flowloom.cli", "open", "--port", str(PORT)],
            env=inside(checkout, home),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            visit(f"http://localhost:{PORT}", Path(home))
            spent = time.perf_counter() - started
            return spent, resident(app.pid)
        finally:
            app.terminate()
            app.wait(15)


def visit(address: str, home: Path) -> None:
    """Open the app in a browser and wait until its first page is drawn."""
    from playwright.sync_api import sync_playwright
    from tests.browser.conftest import ARGUMENTS, find_chromium
    from tests.visiting import key_address

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=ARGUMENTS)
        wait_for(address)
        page = browser.new_page()
        page.goto(key_address(address, home))
        page.get_by_role("button", name="New GPT").wait_for()
        browser.close()


def wait_for(address: str) -> None:
    for _ in range(600):
        try:
            with urlopen(address):
                return
        except HTTPError:  # it answers, though not to us
            return
        except (URLError, ConnectionError):
            time.sleep(0.02)
    raise SystemExit("The app did not answer within 12 seconds.")


def resident(pid: int) -> float:
    status = Path(f"/proc/{pid}/status")
    found = re.search(r"VmRSS:\s+(\d+)", status.read_text("utf-8")) if status.exists() else None
    return int(found[1]) / 1024 if found else float("nan")


def installed() -> list[tuple[float, str]]:
    """MB of what Flowloom needs at run time, by package, from the names in its lock file."""
    locked = set(re.findall(r"^([\w.-]+)==", Path("requirements.lock").read_text("utf-8"), re.MULTILINE))
    sizes = []
    for name in locked:
        try:
            files = importlib.metadata.files(name) or []
        except importlib.metadata.PackageNotFoundError:
            continue  # locked for another system
        size = sum(path.stat().st_size for path in (Path(str(file.locate())) for file in files) if path.is_file())
        sizes.append((size / 1_048_576, name))
    return sorted(sizes, reverse=True)


def main() -> None:
    call = argparse.ArgumentParser(description=__doc__)
    call.add_argument("--beside", type=Path, metavar="PATH", help="another checkout of Flowloom")
    if other := call.parse_args().beside:
        beside(other.resolve())
        return
    page, memory = app_figures()
    ran = [(flow, [run_once(flow) for _ in range(1 + RUNS)][1:]) for flow in (PLAIN, FLOW)]
    packages = installed()
    most = ", ".join(f"{name} {size:.0f}" for size, name in packages[:5])
    rows = [
        *(
            (f"`flowloom run` of {flow}, s", f"{median_of(runs)[0]:.2f}", "1.5", dominating_import(flow))
            for flow, runs in ran
        ),
        ("first page in the browser, s", f"{page:.2f}", "4", "Streamlit and the start of Chromium"),
        ("memory after one visit, MB", f"{memory:.0f}", "300", "pyarrow, pandas, NumPy in Streamlit"),
        ("installed, MB", f"{sum(size for size, _ in packages):.0f}", "900", most),
        ("packages", str(len(packages)), "175", ""),
    ]
    print("\n| start | measured | at most | what dominates |\n|---|---|---|---|")
    for row in rows:
        print(f"| {' | '.join(row)} |")


if __name__ == "__main__":
    main()
