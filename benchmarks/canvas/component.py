"""The same of `streamlit-flow-component`, as far as it goes: it shows no run, and saves nothing itself."""

import os
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple
from urllib.error import URLError
from urllib.request import urlopen

from playwright.sync_api import BrowserContext, Frame, Page

from benchmarks.canvas.hand import Smoothness, drag_about, drop_aside, frames_sent, grip, visit

DROPS = 7
PAGE = Path("benchmarks/peers/flow_component.py")


class Component(NamedTuple):
    """The running page, and the file in which it says when it saw a node moved."""

    url: str
    seen: Path


class Edit(NamedTuple):
    """One moved node: ms until Python saw it, bytes of the websocket frames the page sent."""

    saved: float
    sent: float


@contextmanager
def component(folder: Path) -> Iterator[Component]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    found = Component(f"http://localhost:{port}", folder / "seen")
    found.seen.touch()
    command = [sys.executable, "-m", "streamlit", "run", str(PAGE), "--server.headless", "true"]
    command += ["--server.port", str(port), "--browser.gatherUsageStats", "false"]
    paths = os.pathsep.join(["src", ".", os.environ.get("PYTHONPATH", "")])
    env = {**os.environ, "SEEN": str(found.seen), "PYTHONPATH": paths}
    with (folder / "log").open("w") as log:
        server = subprocess.Popen(command, env=env, stdout=log, stderr=log)
    try:
        wait_for(found.url)
        yield found
    finally:
        server.terminate()
        server.wait(15)


def wait_for(address: str) -> None:
    for _ in range(300):
        try:
            with urlopen(address):
                return
        except (URLError, ConnectionError):
            time.sleep(0.1)
    raise SystemExit("The component's page did not answer within 30 seconds.")


def first_paint(context: BrowserContext, peer: Component, count: int) -> float:
    with visit(context, f"{peer.url}/?nodes={count}", count) as (_, _, drawn):
        return drawn


def work(context: BrowserContext, peer: Component, count: int) -> tuple[Smoothness, Edit]:
    with visit(context, f"{peer.url}/?nodes={count}", count) as (page, frame, _):
        page.wait_for_timeout(3_000)
        smoothness = drag_about(page, frame)
        page.wait_for_timeout(3_000)
        return smoothness, edit(page, frame, peer)


def edit(page: Page, frame: Frame, peer: Component) -> Edit:
    frames = frames_sent(page)
    found = []
    for number in range(DROPS):
        frames.clear()
        before = len(moments(peer))
        dropped = drop_aside(page, grip(page, frame), 40 if number % 2 else -40)
        for _ in range(200):
            page.wait_for_timeout(50)
            if len(moments(peer)) > before:
                break
        else:
            raise SystemExit("Python did not see the move within 10 seconds.")
        page.wait_for_timeout(1_000)
        found.append(Edit((moments(peer)[before] - dropped) * 1e3, sum(frames)))
    return Edit(*(statistics.median(column) for column in zip(*found, strict=True)))


def moments(peer: Component) -> list[float]:
    return [float(line) for line in peer.seen.read_text("utf-8").split()]
