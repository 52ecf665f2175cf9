"""How soon a flow answers and the app is there, what it takes of memory and disk, and what dominates each.

`python -m benchmarks.start --beside PATH` does the same in another checkout in turns, and prints the ratios.
"""

import argparse
import json
import os
import re
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.error import HTTPError, URLError
from urllib.request import urlopen

if TYPE_CHECKING:
    from playwright.sync_api import Page

RUNS = 5
PAIRS = 11
PORT = 8599
HERE = Path(__file__).parents[1]
PLAIN, FLOW = "flows/translator.json", "flows/support-desk.json"
"""A flow that searches nothing, and one that searches a handbook."""
COMPILED = tempfile.TemporaryDirectory()
"""Compiled modules, which an installation has after its first start; the first try of each is not measured."""
PAGES = ("Runs", "Knowledge", "Inbox", "Settings", "My GPTs")
DRAWN = "document.querySelector('[data-testid=stApp]').dataset.testScriptState === 'notRunning'"
UV = str(HERE / ".venv/bin/uv")
EXTRAS = "[local,ollama,anthropic,google,mistral,postgres]"
SIZES = """
import importlib.metadata, json
from pathlib import Path
def size(files): return sum(p.stat().st_size for f in files if (p := Path(str(f.locate()))).is_file()) / 1_048_576
print(json.dumps([(size(d.files or []), d.metadata["Name"]) for d in importlib.metadata.distributions()]))
"""
Then = Callable[["Page", int], None]
"""What goes on with a page and the process that serves it."""
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


def page_change(checkout: Path) -> Took:
    """A change of page until the next is drawn to its end, each page seen before; and the server's part of it."""
    took: list[Took] = []

    def change(page: "Page", pid: int) -> None:
        for name in PAGES * 3:
            before, began = processors_of(pid), time.perf_counter()
            page.get_by_test_id("stTopNavLink").filter(has_text=name).first.click()
            page.get_by_role("heading", name=name, exact=True, level=1).wait_for()
            page.wait_for_function(DRAWN)
            took.append((time.perf_counter() - began, processors_of(pid) - before))

    app_figures(checkout, change)
    seen_before = took[len(PAGES) :]
    clock, processors = zip(*seen_before, strict=True)
    return statistics.median(clock), statistics.mean(processors)


def processors_of(pid: int) -> float:
    """Seconds of the processors that a process used."""
    fields = Path(f"/proc/{pid}/stat").read_text("utf-8").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def searched_memory() -> float:
    """MB the app holds after a question to a GPT that searches a handbook."""
    held: list[float] = []

    def search(page: "Page", pid: int) -> None:
        from tests.browser.test_journey import ask, use_template

        use_template(page, "Support desk")
        ask(page, "I want my money back")
        page.get_by_role("button", name="New chat").wait_for()  # it comes with the end of an answer
        page.wait_for_function(DRAWN)
        held.append(resident(pid))

    app_figures(HERE, search)
    return held[0]


MEASURED: dict[str, Callable[[Path], Took]] = {
    "`flowloom run` of a flow that searches nothing": lambda checkout: run_once(PLAIN, checkout),
    "`flowloom run` of a flow that searches": lambda checkout: run_once(FLOW, checkout),
    "first page in the browser": first_page,
    "a change of page (of processor time: the server's)": page_change,
}


def dominating_import(flow: str) -> str:
    """The three imports of `flowloom run` that take longest, with all that they import."""
    with tempfile.TemporaryDirectory() as home:
        command = command_of(flow, "-X", "importtime")
        done = subprocess.run(command, env=inside(HERE, home), capture_output=True, text=True)
    rows = re.findall(r"import time:\s+\d+ \|\s+(\d+) \|\s+(\S+)", done.stderr)
    ours = [(int(spent), name) for spent, name in rows if "." not in name]
    return ", ".join(f"{name} {spent / 1e3:.0f} ms" for spent, name in sorted(ours, reverse=True)[:3])


def app_figures(checkout: Path = HERE, then: "Then | None" = None) -> tuple[float, float]:
    """Seconds until the first page is drawn, and MB the process then holds; `then` goes on with it."""
    with tempfile.TemporaryDirectory() as home:
        started = time.perf_counter()
        app = subprocess.Popen(
            [sys.executable, "-m", "flowloom.cli", "open", "--port", str(PORT)],
            env=inside(checkout, home),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            with visited(f"http://localhost:{PORT}", Path(home)) as page:
                spent, held = time.perf_counter() - started, resident(app.pid)
                if then:
                    page.wait_for_function(DRAWN)
                    then(page, app.pid)
            return spent, held
        finally:
            app.terminate()
            app.wait(15)


@contextmanager
def visited(address: str, home: Path) -> "Iterator[Page]":
    """The app in a browser, its first page drawn."""
    from playwright.sync_api import sync_playwright
    from tests.browser.conftest import ARGUMENTS, find_chromium
    from tests.visiting import key_address

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=ARGUMENTS)
        wait_for(address)
        page = browser.new_page()
        page.goto(key_address(address, home))
        page.get_by_role("button", name="New GPT").wait_for()
        yield page
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


def installed(extras: str = "") -> list[tuple[float, str]]:
    """MB of what Flowloom needs at run time, by package: newly installed, with these extras."""
    with tempfile.TemporaryDirectory() as folder:
        python = f"{folder}/bin/python"
        subprocess.run([UV, "venv", "--quiet", folder], check=True)
        subprocess.run([UV, "pip", "install", "--quiet", "--python", python, f"{HERE}{extras}"], check=True)
        done = subprocess.run([python, "-c", SIZES], capture_output=True, text=True, check=True)
    sizes: list[tuple[float, str]] = json.loads(done.stdout)
    return sorted(sizes, reverse=True)


def main() -> None:
    call = argparse.ArgumentParser(description=__doc__)
    call.add_argument("--beside", type=Path, metavar="PATH", help="another checkout of Flowloom")
    if other := call.parse_args().beside:
        beside(other.resolve())
        return
    page, memory = app_figures()
    ran = [(flow, [run_once(flow) for _ in range(1 + RUNS)][1:]) for flow in (PLAIN, FLOW)]
    changed, of_server = page_change(HERE)
    searched = searched_memory()
    packages, with_extras = installed(), installed(EXTRAS)
    most = ", ".join(f"{name} {size:.0f}" for size, name in packages[:5])
    rows = [
        *(
            (f"`flowloom run` of {flow}, s", f"{median_of(runs)[0]:.2f}", "1.5", dominating_import(flow))
            for flow, runs in ran
        ),
        ("first page in the browser, s", f"{page:.2f}", "4", "Streamlit and the start of Chromium"),
        ("a change of page, s", f"{changed:.2f}", "", f"the browser; of the server {of_server * 1e3:.0f} ms"),
        ("memory after one visit, MB", f"{memory:.0f}", "300", "Streamlit, NumPy"),
        ("memory after a visit that searched, MB", f"{searched:.0f}", "250", "the encoder's weights, FAISS"),
        ("installed, MB", f"{sum(size for size, _ in packages):.0f}", "800", most),
        ("packages", str(len(packages)), "175", ""),
        ("installed with all extras, MB", f"{sum(size for size, _ in with_extras):.0f}", "", EXTRAS),
    ]
    print("\n| start | measured | at most | what dominates |\n|---|---|---|---|")
    for row in rows:
        print(f"| {' | '.join(row)} |")


if __name__ == "__main__":
    main()
