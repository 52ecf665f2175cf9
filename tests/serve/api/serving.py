"""The API behind the guard, on loopback, with a scripted model behind it."""

import asyncio
import logging
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import openai
import uvicorn
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.routing import BaseRoute

from flowloom.flow.model import Flow
from flowloom.serve.access import Access
from flowloom.serve.doors import DOORS
from flowloom.serve.sending import send_at_once
from flowloom.serve.session_key import SessionKey
from flowloom.services.models.settings import ModelSettings, Price, Provider
from flowloom.store.publications import Terms
from flowloom.workspace import Workspace, open_workspace
from tests.openai_server import OpenAIServer

OWNER = SessionKey("s3cret-" * 7)
MODEL = "scripted/m"


def flow_of(nodes: dict[str, Any], lines: str, **facts: Any) -> Flow:
    """Nodes as kind or (kind, config), lines as `a.port>b.port`."""
    said = {name: (each, {}) if isinstance(each, str) else each for name, each in nodes.items()}
    made = [{"id": name, "kind": kind, "config": config} for name, (kind, config) in said.items()]
    edges = [dict(zip(("from", "to"), line.split(">"), strict=True)) for line in lines.split()]
    return Flow.model_validate({"nodes": made, "edges": edges, **facts})


CHAT = flow_of(
    {"m": "chat.message", "p": ("prompt", {"template": "{{message}}"}), "a": "model", "z": "chat.answer"},
    "m.message>p.message m.history>a.history p.prompt>a.prompt a.answer>z.text",
    name="Trips",
    description="Plans school trips.",
)
APPROVES = flow_of(
    {"m": "chat.message", "q": "people.approve", "z": "chat.answer"},
    "m.message>q.value q.approved>z.text",
    name="Approves",
)


@contextmanager
def serving(routes: list[BaseRoute]) -> Iterator[str]:
    """The routes behind the app’s guard; gives their address."""
    guard = Middleware(Access, find_key=lambda: OWNER, doors=DOORS)
    send_at_once()
    config = uvicorn.Config(Starlette(routes=routes, middleware=[guard]), log_level="warning", lifespan="off")
    server = uvicorn.Server(config)
    with socket.create_server(("127.0.0.1", 0), backlog=512) as listening:
        thread = threading.Thread(target=lambda: asyncio.run(server.serve([listening])), daemon=True)
        thread.start()
        until = time.monotonic() + 20
        while not server.started and time.monotonic() < until:
            time.sleep(0.01)
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        server.should_exit = True
        thread.join(20)


class Served:
    """A workspace with published GPTs, its API, and the model behind it."""

    def __init__(self, home: Workspace, model: OpenAIServer, root: str) -> None:
        self.home, self.model, self.root = home, model, root
        self.clients: list[openai.OpenAI] = []
        self.key = self.key_of()

    def publish(self, flow: Flow, slug: str) -> Flow:
        made = self.home.flows.create(flow)
        self.home.publications.publish(made, slug, Terms())
        return made

    def key_of(self, flow: str = "", **more: Any) -> str:
        return self.home.api_keys.make("test", flow, **more)[1]

    def client(self, key: str = "", **more: Any) -> openai.OpenAI:
        base, key = f"{self.root}/v1", key or self.key
        self.clients.append(openai.OpenAI(base_url=base, api_key=key, max_retries=0, timeout=30, **more))
        return self.clients[-1]

    def hang_up(self) -> None:
        """Close what tests opened."""
        while self.clients:
            self.clients.pop().close()

    def post(self, path: str, body: Any = None, key: str = "", **headers: str) -> httpx.Response:
        given = {"authorization": f"Bearer {key or self.key}", **headers}
        return httpx.post(self.root + path, json=body, headers=given, timeout=30)

    def get(self, path: str, key: str = "", **headers: str) -> httpx.Response:
        given = {"authorization": f"Bearer {key or self.key}", **headers}
        return httpx.get(self.root + path, headers=given, timeout=30)


@contextmanager
def served(folder: Path) -> Iterator[Served]:
    """Everything that a module of tests needs, once."""
    from flowloom.serve.agents import agent_routes
    from flowloom.serve.api.routes import api_routes
    from flowloom.serve.mcp_tools import mcp_routes

    logging.getLogger("openai").setLevel(logging.WARNING)
    home = open_workspace(folder)
    with OpenAIServer() as model:
        provider = Provider(id="scripted", kind="compatible", base_url=model.url, models=("m",))
        settings = ModelSettings(prices={MODEL: Price(input=1_000, output=1_000)})
        home.models_changed(settings.with_provider(provider).played_by(MODEL))
        with serving([*api_routes(lambda: home), *mcp_routes(lambda: home), *agent_routes(lambda: home)]) as root:
            found = Served(home, model, root)
            found.publish(CHAT, "trips")
            yield found
    home.close()
