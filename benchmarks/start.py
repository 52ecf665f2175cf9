"""How soon a flow answers and the app is there, what it takes of memory and disk, and what dominates each."""

import importlib.metadata
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.request import urlopen

RUNS = 5
PORT = 8599
FLOW = "flows/support-desk.json"


def run_seconds() -> float:
    command = [sys.executable, "-m", "flowloom.cli", "run", FLOW, "--message", "I want my money back"]
    times = []
    for _ in range(RUNS):
        started = time.perf_counter()
        with tempfile.TemporaryDirectory() as home:
            subprocess.run(command, env={**os.environ, "FLOWLOOM_HOME": home}, check=True, capture_output=True)
        times.append(time.perf_counter() - started)
    return statistics.median(times)


def dominating_import() -> str:
    """The three imports of `flowloom run` that take longest, with all that they import."""
    command = [sys.executable, "-X", "importtime", "-m", "flowloom.cli", "run", FLOW, "--message", "hello"]
    with tempfile.TemporaryDirectory() as home:
        done = subprocess.run(command, env={**os.environ, "FLOWLOOM_HOME": home}, capture_output=True, text=True)
    rows = re.findall(r"import time:\s+\d+ \|\s+(\d+) \|\s+(\S+)", done.stderr)
    ours = [(int(spent), name) for spent, name in rows if "." not in name]
    return ", ".join(f"{name} {spent / 1e3:.0f} ms" for spent, name in sorted(ours, reverse=True)[:3])


def app_figures() -> tuple[float, float]:
    """Seconds until the first page answers, and MB the process then holds."""
    with tempfile.TemporaryDirectory() as home:
        started = time.perf_counter()
        app = subprocess.Popen(
            [sys.executable, "-m", "flowloom.cli", "open", "--port", str(PORT)],
            env={**os.environ, "FLOWLOOM_HOME": home},
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
    page, memory = app_figures()
    packages = installed()
    most = ", ".join(f"{name} {size:.0f}" for size, name in packages[:5])
    rows = [
        ("`flowloom run` of a small flow, s", f"{run_seconds():.2f}", "1.5", dominating_import()),
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
