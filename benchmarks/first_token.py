"""The wait a flow adds to a model's first token: out of the engine, and in the browser's chat.

`python -m benchmarks.first_token --beside PATH` measures the engine of another checkout in turns.
"""

import argparse
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.browser.conftest import ARGUMENTS, App, find_chromium
from tests.browser.test_journey import ask, use_template
from tests.openai_server import OpenAIServer, Say

from benchmarks.start import HERE, inside
from benchmarks.token_server import token_server
from flowloom.flow.model import Flow
from flowloom.run.events import NodeProgress, RunEvent
from flowloom.services.models.settings import ModelSettings, Provider, save_settings
from flowloom.store.templates import templates
from flowloom.workspace import Workspace, open_workspace

RUNS = 20
TURNS = 3
AT_ONCE = (1, 20)
WAIT = 0.1
"""Seconds before the server's first token."""


def settings_for(address: str) -> ModelSettings:
    provider = Provider(id="p", kind="compatible", base_url=address, models=("m",))
    return ModelSettings(providers=(provider,), roles={"default": "p/m", "fast": "p/m", "careful": "p/m"})


def engine(home: Workspace, at_once: int) -> float:
    """Seconds from the server's first token to the first piece of text a run tells, its log included."""
    flow = home.flows.create(next(each.flow for each in templates() if each.id == "knowledge-helper"))
    rounds = []
    for _ in range(RUNS + 1):
        told: list[float] = []
        runs = [begin(home, flow, told) for _ in range(at_once)]
        for run in runs:
            home.runner.finished(run)
        assert len(told) == at_once
        rounds.append(told)
    return statistics.median(delay for delays in rounds[1:] for delay in delays)


def begin(home: Workspace, flow: Flow, told: list[float]) -> str:
    """Start a run; `told` gets the seconds that its first piece of text took from the server."""
    first = []

    def hear(event: RunEvent) -> None:
        if isinstance(event, NodeProgress) and event.text.strip() and not first:
            first.append(event)
            told.append(time.perf_counter() - float(event.text.split()[0]))

    return home.runner.start(flow, "hello there", home.runs.new_conversation(flow.id), on_event=hear)


def engines() -> list[float]:
    """Seconds for one run, and for twenty at once."""
    with token_server(WAIT) as address, tempfile.TemporaryDirectory() as folder:
        home = open_workspace(Path(folder))
        try:
            home.models_changed(settings_for(address))
            return [engine(home, at_once) for at_once in AT_ONCE]
        finally:
            home.close()


def engines_of(checkout: Path) -> list[float]:
    """The same in another process, with the package of a checkout."""
    with tempfile.TemporaryDirectory() as home:
        command = [sys.executable, "-m", "benchmarks.first_token", "--once"]
        told = subprocess.run(command, cwd=HERE, env=inside(checkout, home), stdout=subprocess.PIPE, check=True)
        return [float(each) for each in told.stdout.split()]


def browser(server: OpenAIServer) -> float:
    """Seconds from the server's first token to its place in the page."""
    from playwright.sync_api import sync_playwright

    home = Path(tempfile.mkdtemp()) / "home"
    save_settings(home, settings_for(server.url))
    app = App(home)
    try:
        with sync_playwright() as playwright:
            chromium = playwright.chromium.launch(executable_path=find_chromium(), args=ARGUMENTS)
            page = chromium.new_page()
            app.let_in(page.context)
            page.goto(app.url)
            use_template(page, "Knowledge helper")
            times = []
            for number in range(8):
                word = f"Word{number}"
                server.script.append(Say(f"{word} and more and more", first_token_after=0.5, per_token=0.1))
                ask(page, "hello there")
                page.wait_for_function("word => document.body.innerText.includes(word)", arg=word, polling=5)
                times.append(time.perf_counter() - server.first_tokens[-1])
                page.get_by_role("button", name="New chat").wait_for()
            chromium.close()
            return statistics.median(times)
    finally:
        app.stop()


def beside(other: Path) -> None:
    """Print what both checkouts add, measured in turns."""
    print(f"| first token after the model’s, ms | {other.name} | this | ratio |\n|---|---|---|---|")
    pairs = [(engines_of(other), engines_of(HERE)) for _ in range(TURNS)]
    for number, at_once in enumerate(AT_ONCE):
        theirs, ours = (statistics.median(side[number] for side in sides) for sides in zip(*pairs, strict=True))
        ratio = statistics.median(one[number] / other[number] for other, one in pairs)
        print(f"| {at_once} at once | {theirs * 1e3:.1f} | {ours * 1e3:.1f} | {ratio:.2f} |")


def main() -> None:
    call = argparse.ArgumentParser(description=__doc__)
    call.add_argument("--beside", type=Path, metavar="PATH", help="another checkout of Flowloom")
    call.add_argument("--once", action="store_true", help=argparse.SUPPRESS)
    given = call.parse_args()
    if given.once:
        print(*engines())
        return
    if given.beside:
        beside(given.beside.resolve())
        return
    most = {1: "3", 20: "3"}
    found = zip(AT_ONCE, engines_of(HERE), strict=True)
    rows = [(f"out of the engine, {at_once} at once", seconds, most[at_once]) for at_once, seconds in found]
    with OpenAIServer() as server:
        rows.append(("in the browser's chat", browser(server), "100"))
    print("\n| first token after the model's | ms | at most |\n|---|---|---|")
    for title, seconds, most_ms in rows:
        print(f"| {title} | {seconds * 1e3:.1f} | {most_ms} |")


if __name__ == "__main__":
    main()
