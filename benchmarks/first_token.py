"""The wait a flow adds to a model's first token: out of the engine, and in the browser's chat."""

import statistics
import tempfile
import time
from pathlib import Path

from tests.browser.conftest import ARGUMENTS, App, find_chromium
from tests.browser.test_journey import ask, use_template
from tests.openai_server import OpenAIServer, Say

from flowloom.flow.model import Flow
from flowloom.run.events import NodeProgress, RunEvent
from flowloom.services.models.settings import ModelSettings, Provider, save_settings
from flowloom.store.templates import templates
from flowloom.workspace import Workspace, open_workspace

RUNS = 20
WAIT = 0.1
"""Seconds before the server's first token."""


def settings_for(server: OpenAIServer) -> ModelSettings:
    provider = Provider(id="p", kind="compatible", base_url=server.url, models=("m",))
    return ModelSettings(providers=(provider,), roles={"default": "p/m", "fast": "p/m", "careful": "p/m"})


def engine(home: Workspace, server: OpenAIServer, at_once: int) -> float:
    """Seconds from the server's first token to the first piece of text a run tells, its log included."""
    flow = home.flows.create(next(each.flow for each in templates() if each.id == "knowledge-helper"))
    rounds = []
    for _ in range(RUNS + 1):
        server.first_tokens.clear()
        told: list[float] = []
        runs = [begin(home, flow, told) for _ in range(at_once)]
        for run in runs:
            home.runner.finished(run)
        sent = sorted(server.first_tokens)
        rounds.append([heard - said for heard, said in zip(sorted(told), sent, strict=True)])
    return statistics.median(delay for delays in rounds[1:] for delay in delays)


def begin(home: Workspace, flow: Flow, told: list[float]) -> str:
    first = []

    def hear(event: RunEvent) -> None:
        if isinstance(event, NodeProgress) and not first:
            first.append(event)
            told.append(time.perf_counter())

    return home.runner.start(flow, "hello there", home.runs.new_conversation(flow.id), on_event=hear)


def browser(server: OpenAIServer) -> float:
    """Seconds from the server's first token to its place in the page."""
    from playwright.sync_api import sync_playwright

    home = Path(tempfile.mkdtemp()) / "home"
    save_settings(home, settings_for(server))
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


def main() -> None:
    rows = []
    with OpenAIServer(delay=WAIT) as server:
        home = open_workspace(Path(tempfile.mkdtemp()))
        home.models_changed(settings_for(server))
        for at_once in (1, 20):
            rows.append((f"out of the engine, {at_once} at once", engine(home, server, at_once), "5"))
        home.close()
    with OpenAIServer() as server:
        rows.append(("in the browser's chat", browser(server), "100"))
    print("\n| first token after the model's | ms | at most |\n|---|---|---|")
    for title, seconds, most in rows:
        print(f"| {title} | {seconds * 1e3:.1f} | {most} |")


if __name__ == "__main__":
    main()
