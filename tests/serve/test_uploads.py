"""Files dropped on a window go to the disk as they come: a large one does not grow the memory by its size."""

import asyncio
import tracemalloc
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from flowloom.serve.page_token import mint_token
from flowloom.serve.uploads import upload_routes
from flowloom.store import uploads
from flowloom.workspace import Workspace

PIECE = b"x" * 65_536


@pytest.fixture
def app(home: Workspace) -> Starlette:
    return Starlette(routes=upload_routes(lambda: home))


@pytest.fixture
def browser(app: Starlette) -> Iterator[TestClient]:
    with TestClient(app, base_url="http://localhost:8501") as client:
        yield client


def drop(browser: TestClient, name: str, data: bytes, token: str = "") -> httpx.Response:
    headers = {"X-Flowloom-Token": token or mint_token("import-1", "fr")}
    return browser.post("/flows/import-1/uploads", params={"name": name}, content=data, headers=headers)


def folder(home: Workspace) -> list[Path]:
    return list((home.home / "uploads").glob("*"))


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ("a.capsule", "a.capsule"),
        ("flow/prompts/a.jinja2", "flow/prompts/a.jinja2"),
        ("../../etc/a.json", "etc/a.json"),
        ("C:\\x\\a.json", "C:/x/a.json"),
        ("/a\x00\n.json", "a.json"),
        ("", "file"),
    ],
)
def test_a_file_is_kept_under_its_name_and_nowhere_else(
    home: Workspace, browser: TestClient, given: str, name: str
) -> None:
    assert drop(browser, given, b"hello").status_code == 200
    (there,) = home.uploads.of("import-1")
    assert (there.name, there.size, there.path.read_bytes()) == (name, 5, b"hello")
    assert [there.path] == folder(home)


def test_it_is_taken_back(home: Workspace, browser: TestClient) -> None:
    drop(browser, "a.json", b"a")
    (there,) = home.uploads.of("import-1")
    path = f"/flows/import-1/uploads/{there.id}"
    assert browser.delete(path).status_code == 403
    assert browser.delete(path, headers={"X-Flowloom-Token": mint_token("import-1")}).status_code == 200
    assert not folder(home)


def test_only_the_window_itself_may_send(home: Workspace, browser: TestClient) -> None:
    assert drop(browser, "a.json", b"a", token=mint_token("import-2")).status_code == 403
    assert not folder(home)


def test_what_is_too_large_is_told_in_the_language_of_the_page(
    home: Workspace, browser: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(uploads, "MOST_BYTES", 1_000_000)
    answer = drop(browser, "a.json", b"a" * 1_000_001)
    assert answer.status_code == 400
    assert "C’est trop à la fois" in answer.json()["problem"]["message"]
    assert not folder(home)


def sent(app: Starlette, pieces: int, *, cut: bool = False, declared: int | None = None) -> int:
    """Send a body piece by piece as a server hands it on; the status that is answered."""
    count, status = 0, 0
    headers = [(b"x-flowloom-token", mint_token("import-1").encode())]
    headers += [(b"content-length", str(declared).encode())] if declared is not None else []

    async def receive() -> dict[str, Any]:
        nonlocal count
        count += 1
        if cut and count > pieces:
            return {"type": "http.disconnect"}
        return {"type": "http.request", "body": bytes(PIECE), "more_body": cut or count < pieces}

    async def send(message: Any) -> None:
        nonlocal status
        status = message.get("status", status)

    scope = {"type": "http", "method": "POST", "path": "/flows/import-1/uploads", "query_string": b"name=a.capsule"}
    asyncio.run(app({**scope, "headers": headers, "server": ("localhost", 80), "root_path": ""}, receive, send))
    return status


def test_a_large_file_never_lies_in_memory(home: Workspace, app: Starlette) -> None:
    sent(app, 1)
    tracemalloc.start()
    try:
        assert sent(app, 1_600) == 200  # 105 MB
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert home.uploads.of("import-1")[-1].size == 1_600 * len(PIECE)
    assert most < 4_000_000


@pytest.mark.parametrize("declared", [None, 10])
def test_a_body_longer_than_it_says_is_stopped(
    home: Workspace, app: Starlette, monkeypatch: pytest.MonkeyPatch, declared: int | None
) -> None:
    monkeypatch.setattr(uploads, "MOST_BYTES", 1_000_000)
    assert sent(app, 100, declared=declared) == 400
    assert not folder(home)


def test_nothing_stays_of_what_is_cut_off(home: Workspace, app: Starlette) -> None:
    assert sent(app, 3, cut=True) == 400
    assert not folder(home)
    assert home.uploads.of("import-1") == []
