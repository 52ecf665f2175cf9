"""What the published page adds to a model's first token, and how much a visitor's browser loads.

python -m benchmarks.page
"""

import gzip
import json
import statistics
import tempfile
import threading
import time
from pathlib import Path

import httpx
from tests.browser.conftest import ARGUMENTS, App, find_chromium
from tests.openai_server import OpenAIServer, Say

from benchmarks.first_token import settings_for
from benchmarks.token_server import token_server
from flowloom.flow.model import Edge, Flow, Node
from flowloom.serve.page.shell import read_asset
from flowloom.services.models.settings import save_settings
from flowloom.store.publications import Terms
from flowloom.workspace import open_workspace

AT_ONCE = (1, 20)
ROUNDS = 8
WAIT = 0.2
"""Seconds before the server's first token."""
FLOW = Flow(
    name="Helper",
    nodes=(
        Node(id="start", kind="chat.message"),
        Node(id="think", kind="model"),
        Node(id="answer", kind="chat.answer"),
    ),
    edges=(Edge(source="start.message", target="think.prompt"), Edge(source="think.answer", target="answer.text")),
)
SHOWN = """word => new Promise(done => {
  const look = () => document.body.innerText.includes(word) ? done() : requestAnimationFrame(look);
  look();
})"""


def served(address: str) -> App:
    """An app with one published GPT, whose model is at the address."""
    home = Path(tempfile.mkdtemp()) / "home"
    home.mkdir()
    save_settings(home, settings_for(address))
    workspace = open_workspace(home)
    workspace.publications.publish(workspace.flows.create(FLOW), "helper", Terms())
    workspace.close()
    return App(home)


def first_piece(url: str, told: list[float]) -> None:
    """Add the seconds from the server's first token, which says when it was sent, to the first piece here."""
    headers = {"origin": url}
    with httpx.Client(base_url=f"{url}/gpt/helper", headers=headers, timeout=60) as client:
        client.headers["x-flowloom-visitor"] = client.post("/visitor").json()["visitor"]
        chat = client.post("/chats").json()["id"]
        with client.stream("POST", f"/chats/{chat}/messages", json={"text": "hello there"}) as answer:
            kind = ""
            for line in answer.iter_lines():
                if line.startswith("event: "):
                    kind = line.removeprefix("event: ")
                elif kind == "piece" and line.startswith("data: "):
                    text = str(json.loads(line.removeprefix("data: "))["text"])
                    if text.strip():
                        told.append(time.perf_counter() - float(text.split()[0]))
                        return


def over_http(at_once: int) -> float:
    """Seconds at the median, with so many visitors at once."""
    with token_server(WAIT) as address:
        app = served(address)
        try:
            first_piece(app.url, [])
            told: list[float] = []
            for _ in range(ROUNDS):
                visitors = [threading.Thread(target=first_piece, args=(app.url, told)) for _ in range(at_once)]
                for each in visitors:
                    each.start()
                for each in visitors:
                    each.join()
            assert len(told) == ROUNDS * at_once
            return statistics.median(told)
        finally:
            app.stop()


def in_browser() -> float:
    """Seconds from the server's first token to its place in the page, at the median."""
    from playwright.sync_api import sync_playwright

    with OpenAIServer() as server, sync_playwright() as playwright:
        app = served(server.url)
        try:
            chromium = playwright.chromium.launch(executable_path=find_chromium(), args=ARGUMENTS)
            page = chromium.new_page()
            page.goto(f"{app.url}/gpt/helper")
            times = []
            for number in range(ROUNDS):
                word = f"Word{number}"
                server.script.append(Say(f"{word} and more and more", first_token_after=0.5, per_token=0.1))
                page.get_by_role("textbox", name="Your message").fill("hello there")
                page.get_by_role("button", name="Send", exact=True).click()
                page.evaluate(SHOWN, word)
                times.append(time.perf_counter() - server.first_tokens[-1])
                page.locator(".coming").wait_for(state="detached")
            chromium.close()
            return statistics.median(times[1:])
        finally:
            app.stop()


def main() -> None:
    size = sum(len(gzip.compress(read_asset(name), 9)) for name in ("page.js", "page.css"))
    print("| the published page | |\n|---|---|")
    print(f"| script and look, packed, kB | {size / 1e3:.1f} |")
    for at_once in AT_ONCE:
        print(
            f"| first token after the model’s over HTTP, {at_once} at once, ms | {over_http(at_once) * 1e3:.1f} |"
        )
    print(f"| first token after the model’s on the screen, ms | {in_browser() * 1e3:.1f} |")


if __name__ == "__main__":
    main()
