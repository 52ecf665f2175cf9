"""Model servers that do what they please: bounded in bytes and in time, and what came before is kept."""

import asyncio
import subprocess
import sys
import textwrap
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from pathlib import Path
from socket import socket

import pytest
from langchain_core.messages import AIMessageChunk
from langchain_core.messages.tool import tool_call_chunk

from flowloom.errors import ModelError
from flowloom.kinds.values import Message, ModelRequest
from flowloom.services.models import bounds
from flowloom.services.models.embeddings import ProviderEmbeddings
from flowloom.services.models.langchain_chat import LangChainChat
from flowloom.services.models.router import ModelRouter
from flowloom.services.models.settings import ModelSettings, Provider
from flowloom.services.secrets import SecretStore

KEY = "sk-very-secret-123456"
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n"
CHUNKED = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"
PIECE = (
    b'data: {"id":"1","object":"chat.completion.chunk","created":1,"model":"m","choices":'
    b'[{"index":0,"delta":{"content":"Honey "},"finish_reason":null}]}\n\n'
)
SILENCE = 0.4
"""Seconds of silence that are waited for; ten times that altogether."""


def forever(piece: bytes, begin: bytes = HEAD) -> Iterator[bytes]:
    yield begin
    while True:
        yield piece


def chunk(data: bytes) -> bytes:
    return b"%x\r\n%s\r\n" % (len(data), data)


MANNERS: dict[str, tuple[list[bytes] | Iterator[bytes] | str, str, bool]] = {
    # what is sent, what the person is told, and whether the first words had come
    "a line of ten megabytes": (
        [HEAD, PIECE, b"data: " + b"a" * 10_000_000],
        "never ended, so it was stopped",
        True,
    ),
    "no newline ever": ("no newline", "never ended, so it was stopped", False),
    "no empty line ever": ("no empty line", "never ended, so it was stopped", False),
    "an endless answer": ("endless", "never ended, so it was stopped", True),
    "endless comments": ("comments", "too long", False),
    "silence after the first words": ([HEAD, PIECE, b"wait"], "stopped in the middle of its answer", True),
    "silence before them": ([HEAD, b"wait"], "in time", False),
    "cut in the middle of a piece": ([CHUNKED, chunk(PIECE), b"ff\r\ndata: {"], "was lost in the middle", True),
    "cut in the middle of a letter": ([HEAD, PIECE, b'data: {"id":"\xe5\xad'], "was lost in the middle", True),
    "no UTF-8": ([HEAD, PIECE, b"data: \xff\xfe\xfa\n\n"], "was lost in the middle", True),
    "no UTF-8 at all": ([HEAD, b"data: \xff\xfe\xfa\n\n"], "isn’t a model server", False),
    "no JSON": ([HEAD, b"data: {honey}\n\n"], "isn’t a model server", False),
    "JSON of another shape": ([HEAD, b'data: {"choices": "honey"}\n\n'], "isn’t a model server", False),
    "JSON nested deeply": ([HEAD, b"data: " + b"[" * 100_000 + b"\n\n"], "isn’t a model server", False),
    "a web page": (
        [b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nConnection: close\r\n\r\n<html>Welcome</html>"],
        "isn’t a model server",
        False,
    ),
    "a web page that says it is JSON": (
        [b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n<html>Welcome</html>"],
        "isn’t a model server",
        False,
    ),
    "huge headers": ([b"HTTP/1.1 200 OK\r\nX-Long: " + b"a" * 3_000_000 + b"\r\n\r\n"], "", False),
    "endless headers": ("headers", "", False),
    "sent a compressed answer that wasn’t asked for, so it wasn’t opened": (
        [b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nContent-Encoding: gzip\r\n\r\n", b"\x1f\x8b"],
        "compressed",
        False,
    ),
    "no HTTP": ([b"SSH-2.0-OpenSSH_9\r\n"], "", False),
}
STREAMS = {
    "no newline": (HEAD, b"a" * 65_536),
    "no empty line": (HEAD, b"data: aaaa\n" * 6_000),
    "endless": (HEAD, PIECE * 400),
    "comments": (HEAD, b": still there\n\n" * 10),
    "headers": (b"HTTP/1.1 200 OK\r\n", b"X-A: aaaaaaaaaaaaaaaaaaaaaaaa\r\n" * 500),
}


def whole_request(connection: socket) -> bytes:
    """What was asked, its body too: what is left unread would break off the answer at the end."""
    data = b""
    while b"\r\n\r\n" not in data and (piece := connection.recv(65_536)):
        data += piece
    head, _, body = data.partition(b"\r\n\r\n")
    sizes = [line.partition(b":")[2] for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:")]
    left = int(sizes[0]) - len(body) if sizes else 0
    while left > 0 and (piece := connection.recv(65_536)):
        data, left = data + piece, left - len(piece)
    return data


@contextmanager
def serving(what: "list[bytes] | str") -> Iterator[tuple[str, list[bytes]]]:
    """A server that sends this to whoever asks, and its address; `requests` are the heads it was sent."""
    listening, done, requests = socket(), threading.Event(), []
    listening.bind(("127.0.0.1", 0))
    listening.listen()

    def answer(connection: socket) -> None:
        with connection:
            try:
                requests.append(whole_request(connection))
                for data in forever(STREAMS[what][1], STREAMS[what][0]) if isinstance(what, str) else what:
                    if data == b"wait":
                        done.wait(30)
                    elif done.is_set():
                        return
                    else:
                        connection.sendall(data)
                    if what == "comments":
                        done.wait(0.05)
            except OSError:
                pass

    def serve() -> None:
        while not done.is_set():
            try:
                connection, _ = listening.accept()
            except OSError:
                return
            threading.Thread(target=answer, args=(connection,), daemon=True).start()

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}/v1", requests
    finally:
        done.set()
        listening.close()


def router_for(url: str, folder: Path, seconds: float = SILENCE) -> ModelRouter:
    secrets = SecretStore(folder)
    secrets.set("key", KEY)
    provider = Provider(id="p", kind="compatible", name="Vendor", base_url=url, secret="key")
    return ModelRouter(
        ModelSettings(providers=(provider,), roles={"default": "p/m"}), secrets, seconds=seconds, retries=0
    )


def ask(url: str, folder: Path, seconds: float = SILENCE) -> tuple[ModelError, str]:
    heard: list[str] = []

    async def whole() -> ModelError:
        router = router_for(url, folder, seconds)
        try:
            with pytest.raises(ModelError) as caught:
                await router.reply(ModelRequest(messages=[Message(role="user", text="Hi")]), heard.append)
            return caught.value
        finally:
            await router.aclose()

    return asyncio.run(asyncio.wait_for(whole(), 60)), "".join(heard)


@pytest.mark.parametrize("name", MANNERS)
def test_bad_manners_are_bounded_and_said_in_plain_words(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    what, words, began = MANNERS[name]
    monkeypatch.setattr(bounds, "MAX_TEXT", 100_000)
    with serving(what) as (url, _):
        error, heard = ask(url, tmp_path, 10.0 if name == "an endless answer" else SILENCE)
    assert words in str(error)
    assert bool(heard) == began
    assert error.problem.hint
    for raw in (KEY, "object has no attribute", "recursion", "Error(", "codec", "Expecting"):
        assert raw not in str(error)


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_the_key_does_not_follow_a_redirect(status: int, tmp_path: Path) -> None:
    with serving([HEAD, PIECE]) as (elsewhere, taken):
        moved = f"HTTP/1.1 {status} Moved\r\nLocation: {elsewhere}/chat/completions\r\nContent-Length: 0\r\n\r\n"
        with serving([moved.encode()]) as (url, requests):
            error, _ = ask(url, tmp_path, 20.0)
    assert "redirects to another address, and your key isn’t sent there" in str(error)
    assert len(requests) == 1
    assert not taken


EMBEDDINGS = {
    "a web page": (
        b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nConnection: close\r\n\r\n<html>Welcome</html>",
        "isn’t a model server",
    ),
    "too much": (
        b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n" + b" " * 70_000_000,
        "never ended, so it was stopped",
    ),
    "compressed": (
        b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Encoding: gzip\r\n\r\n\x1f\x8b",
        "compressed",
    ),
    "elsewhere": (
        b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:9/\r\nContent-Length: 0\r\n\r\n",
        "redirects to another address, and your key isn’t sent there",
    ),
}


@pytest.mark.parametrize("name", EMBEDDINGS)
def test_embeddings_are_bounded_too(name: str) -> None:
    data, words = EMBEDDINGS[name]
    with serving([data]) as (url, _):
        provider = Provider(id="p", kind="compatible", name="Vendor", base_url=url)
        embeddings = ProviderEmbeddings(provider, "m", KEY, seconds=5.0)
        try:
            with pytest.raises(ModelError, match=words) as caught:
                embeddings.embed_query("honey")
        finally:
            embeddings.close()
    assert "attribute" not in str(caught.value)


MEASURE = """
import resource, sys
from pathlib import Path
from tests.services.test_bad_manners import ask, serving
with serving([b"HTTP/1.1 404 Not Found\\r\\nContent-Length: 0\\r\\n\\r\\n"]) as (url, _):
    ask(url, Path(sys.argv[1]))
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
with serving(sys.argv[2]) as (url, _):
    ask(url, Path(sys.argv[1]), 20.0)
print((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="counts memory the Unix way")
@pytest.mark.parametrize("name", ["no newline", "no empty line"])
def test_memory_stays_flat(name: str, tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(MEASURE), str(tmp_path), name],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    assert int(done.stdout) < 40


def test_a_long_answer_is_handed_on_in_pieces_that_grow() -> None:
    from flowloom.services.models.pieces import Pieces

    heard: list[str] = []
    pieces = Pieces(heard.append)
    for number in range(200_000):
        pieces.add(str(number % 10))
    pieces.hand_on()
    pieces.hand_on()
    said = "".join(heard)
    assert (len(said), said[:12], said[-10:]) == (200_000, "012345678901", "0123456789")
    assert heard[:400] == list(said[:400])
    assert sum(range(0, 200_000, 100)) > len(heard) * 100


async def _endless() -> AsyncIterator[AIMessageChunk]:
    while True:
        yield AIMessageChunk("Honey " * 100)


async def _endless_calls() -> AsyncIterator[AIMessageChunk]:
    while True:
        yield AIMessageChunk("", tool_call_chunks=[tool_call_chunk(name="a", args="1" * 1_000, id="1", index=0)])


async def _silent_after() -> AsyncIterator[AIMessageChunk]:
    yield AIMessageChunk("Honey")
    await asyncio.sleep(60)


async def _silent() -> AsyncIterator[AIMessageChunk]:
    await asyncio.sleep(60)
    yield AIMessageChunk("Honey")


VENDORS = {
    "endless": (_endless, "never ended, so it was stopped", True),
    "endless calls": (_endless_calls, "never ended, so it was stopped", False),
    "silent after the first words": (_silent_after, "stopped in the middle of its answer", True),
    "silent": (_silent, "in time", False),
}


@pytest.mark.parametrize("name", VENDORS)
def test_other_vendors_are_bounded_too(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    stream, words, began = VENDORS[name]

    class Model:
        def astream(self, messages: object) -> AsyncIterator[AIMessageChunk]:
            return stream()

    monkeypatch.setattr(bounds, "MAX_TEXT", 100_000)
    monkeypatch.setattr(LangChainChat, "_prepare", lambda self: None)
    monkeypatch.setattr(LangChainChat, "_make", lambda self, model, temperature: Model())
    chat = LangChainChat(Provider(id="p", kind="anthropic", name="Vendor", secret="key"), KEY, seconds=0.2)
    heard: list[str] = []
    with pytest.raises(ModelError, match=words):
        asyncio.run(chat.reply("m", ModelRequest(messages=[Message(role="user", text="Hi")]), heard.append))
    assert bool(heard) == began
