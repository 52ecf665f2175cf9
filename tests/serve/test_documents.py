"""Documents dropped on a block: taken in whole or not at all, and read as the panel's are."""

import asyncio
import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from flowloom.flow.model import Flow, Node
from flowloom.kinds.values import SHARED
from flowloom.serve import documents
from flowloom.serve.documents import document_routes
from flowloom.serve.editor import mint_token
from flowloom.services.knowledge.loaders import document
from flowloom.workspace import Workspace

BEES = b"# Bees\n\nThe honey harvest is on the second Sunday of July.\n"
FAIR = b"# Fair\n\nThe school fair begins at three.\n"
Json = dict[str, Any]


class Block:
    """A search of a GPT, and the calls its card makes."""

    def __init__(self, home: Workspace, base: str = "main") -> None:
        config = {"knowledge": base} if base != "main" else {}
        nodes = (Node(id="search", kind="knowledge.search", config=config), Node(id="ask", kind="prompt"))
        self.flow, self.node = home.flows.create(Flow(name="Test", nodes=nodes)).id, "search"
        self.app = Starlette(routes=document_routes(lambda: home))
        self._browser = TestClient(self.app, base_url="http://localhost:8501")
        self.headers = {"X-Flowloom-Token": mint_token(self.flow)}

    @property
    def path(self) -> str:
        return f"/flows/{self.flow}/documents/{self.node}"

    def drop(self, name: str, data: bytes, **headers: str) -> httpx.Response:
        return self._browser.post(
            self.path, params={"name": name}, content=data, headers={**self.headers, **headers}
        )

    def read(self, *taken: Json) -> list[Json]:
        answer = self._browser.post(f"{self.path}/read", json={"files": list(taken)}, headers=self.headers)
        assert answer.status_code == 200
        return [json.loads(line) for line in answer.text.splitlines()]

    def add(self, name: str, data: bytes) -> Json:
        """What became of one document."""
        found: Json = self.read(self.drop(name, data).json())[-1]["files"][0]
        return found


@pytest.fixture
def block(home: Workspace) -> Block:
    return Block(home)


def kept_in(home: Workspace) -> list[Path]:
    """What a drop left behind beside the bases themselves."""
    waiting = home.knowledge.folder / ".waiting"
    loose = [path for path in home.knowledge.folder.glob("*") if path.is_file()]
    return [*loose, *(waiting.iterdir() if waiting.is_dir() else ())]


def test_two_documents_are_read_and_found(home: Workspace, block: Block) -> None:
    assert [found.node for found in home.searched.lacking(home.flows.load(block.flow))] == ["search"]
    taken = [block.drop(name, data).json() for name, data in (("bees.md", BEES), ("fair.md", FAIR))]
    assert {each["state"] for each in taken} == {"waiting"}
    *steps, ended = block.read(*taken)
    assert [step["read"] for step in steps] == [1, 2]
    assert [(each["file"], each["state"], each["passages"]) for each in ended["files"]] == [
        ("bees.md", "done", 1),
        ("fair.md", "done", 1),
    ]
    assert home.knowledge.search(f"{block.flow}/main", "honey harvest", 1)[0].file == "bees.md"
    assert home.searched.lacking(home.flows.load(block.flow)) == []
    assert kept_in(home) == []


def test_the_same_again_is_not_read_again(block: Block) -> None:
    block.add("bees.md", BEES)
    assert block.drop("bees.md", BEES).json()["state"] == "unchanged"


@pytest.mark.parametrize("headers", [{}, {"X-Flowloom-Token": ""}, {"X-Flowloom-Token": mint_token("another")}])
def test_a_stranger_is_refused_before_a_byte_is_read(home: Workspace, block: Block, headers: Json) -> None:
    block.headers = headers
    assert block.drop("bees.md", BEES).status_code == 403
    answer = TestClient(block.app, base_url="http://localhost:8501").post(f"{block.path}/read", headers=headers)
    assert answer.status_code == 403
    assert kept_in(home) == []


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("tool.exe", b"MZ", "“tool.exe” is a type of file that can’t be read."),
        ("noending", b"text", "“noending” is a type of file that can’t be read."),
        ("", b"text", "“” is a type of file that can’t be read."),
        ("big.txt", b"x" * 101, "“big.txt” is larger than 50 MB."),
    ],
)
def test_what_cannot_be_taken_in_says_why(
    home: Workspace, block: Block, monkeypatch: pytest.MonkeyPatch, name: str, data: bytes, said: str
) -> None:
    monkeypatch.setattr(document, "MAX_BYTES", 100)
    answer = block.drop(name, data)
    assert answer.status_code == 400
    assert answer.json()["problem"]["message"] == said
    assert answer.json()["problem"]["hint"]
    assert kept_in(home) == []
    assert home.knowledge.files(f"{block.flow}/main") == []


def test_too_large_is_noticed_as_it_comes_too(
    home: Workspace, block: Block, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(document, "MAX_BYTES", 100)
    sent = TestClient(block.app, base_url="http://localhost:8501")
    pieces = (b"x" * 60 for _ in range(3))  # in pieces, it says no length before
    answer = sent.post(block.path, params={"name": "big.txt"}, content=pieces, headers=block.headers)
    assert answer.status_code == 400, "it is refused as soon as it is seen"
    assert answer.json()["problem"]["message"] == "“big.txt” is larger than 50 MB."
    assert kept_in(home) == []


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("empty.md", b"", "“empty.md” is empty."),
        ("blank.txt", b" \n ", "“blank.txt” is empty."),
        ("broken.pdf", b"%PDF-1.7 and no more", "“broken.pdf” isn’t a readable PDF."),
        ("sheet.xlsx", b"no zip", "“sheet.xlsx” isn’t a readable Excel workbook."),
    ],
)
def test_what_cannot_be_read_says_why_and_the_rest_is_added(
    home: Workspace, block: Block, name: str, data: bytes, said: str
) -> None:
    ended = block.read(block.drop(name, data).json(), block.drop("bees.md", BEES).json())[-1]["files"]
    assert ended[0]["state"] == "failed"
    assert said.rstrip(".").rsplit(" ", 1)[0] in ended[0]["problem"]["message"]
    assert ended[1]["state"] == "done"
    assert [file.name for file in home.knowledge.files(f"{block.flow}/main")] == ["bees.md"]
    assert kept_in(home) == []


def test_a_cut_upload_leaves_nothing(home: Workspace, block: Block) -> None:
    pieces = iter([{"type": "http.request", "body": BEES, "more_body": True}, {"type": "http.disconnect"}])
    sent: list[Any] = []

    async def receive() -> Any:
        return next(pieces)

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {
        "type": "http",
        "method": "POST",
        "path": block.path,
        "query_string": b"name=bees.md",
        "headers": [(b"x-flowloom-token", block.headers["X-Flowloom-Token"].encode())],
    }
    asyncio.run(block.app(scope, receive, send))
    assert sent[0]["status"] == 400
    assert home.ingest.waiting(f"{block.flow}/main") == []
    assert kept_in(home) == []


def test_two_at_once_are_both_added(home: Workspace, block: Block) -> None:
    files = {"bees.md": BEES, "fair.md": FAIR}
    with ThreadPoolExecutor(2) as both:
        ended = [*both.map(lambda name: block.add(name, files[name]), files)]
    assert [(each["file"], each["state"]) for each in ended] == [("bees.md", "done"), ("fair.md", "done")]
    assert len(home.knowledge.files(f"{block.flow}/main")) == 2


def test_what_another_page_read_first_counts_as_added(home: Workspace, block: Block) -> None:
    taken = block.drop("bees.md", BEES).json()
    home.ingest.run(f"{block.flow}/main")
    assert block.read(taken)[-1]["files"][0]["state"] == "done"


def test_what_was_refused_elsewhere_is_not_called_added(home: Workspace, block: Block) -> None:
    taken = block.drop("empty.md", b"").json()
    home.ingest.run(f"{block.flow}/main")
    assert block.read(taken)[-1]["files"][0]["problem"]["message"] == "“empty.md” wasn’t added."


def test_too_many_that_wait_are_refused(home: Workspace, block: Block, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(documents, "MAX_DOCUMENTS", 1)
    block.drop("bees.md", BEES)
    answer = block.drop("fair.md", FAIR)
    assert answer.status_code == 400
    assert "already waiting" in answer.json()["problem"]["message"]


def test_a_name_is_no_place_on_the_disk(home: Workspace, block: Block) -> None:
    assert block.add("../../.ssh/notes.md", BEES)["file"] == "notes.md"
    assert block.add("C:\\Users\\me\\bees.md", FAIR)["file"] == "bees.md"
    assert not (home.home.parent / "notes.md").exists()


def test_a_shared_base_is_filled_where_there_is_one(home: Workspace) -> None:
    base = home.shared.create("Handbook")
    block = Block(home, SHARED + base.id)
    assert block.add("bees.md", BEES)["state"] == "done"
    assert [file.name for file in home.knowledge.files(base.key)] == ["bees.md"]
    home.searched.delete_shared(base.id)
    answer = block.drop("fair.md", FAIR)
    assert answer.json()["problem"]["message"] == "This shared knowledge base no longer exists."
    assert not home.knowledge.exists(base.key)


@pytest.mark.parametrize(("node", "said"), [("ask", "doesn’t search"), ("gone", "couldn’t be found")])
def test_a_block_that_takes_no_documents_says_so(block: Block, node: str, said: str) -> None:
    block.node = node
    answer = block.drop("bees.md", BEES)
    assert answer.status_code == 400
    assert said in answer.json()["problem"]["message"]


@pytest.mark.parametrize("body", [{}, {"files": 3}, {"files": [{"file": "a"}]}, {"files": [{}] * 1000}])
def test_garbage_is_refused_in_a_sentence(block: Block, body: Json) -> None:
    answer = TestClient(block.app, base_url="http://localhost:8501").post(
        f"{block.path}/read", json=body, headers=block.headers
    )
    assert answer.status_code == 400
    assert answer.json()["problem"]["message"]
