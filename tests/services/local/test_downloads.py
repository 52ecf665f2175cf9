"""A model file by its address: told first, then fetched, resumed and verified, or refused."""

import hashlib
import re
import struct
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from flowloom.errors import FlowloomError
from flowloom.services.models.local import downloads, offers
from flowloom.services.models.local.downloads import Download, Downloads
from flowloom.services.network.local_network import OwnHosts


def text(value: str) -> bytes:
    return struct.pack("<Q", len(value)) + value.encode()


def model_file(size: int = 400_000) -> bytes:
    """The smallest file with the shape of a model: two facts, one tensor, its numbers."""
    facts = {"general.architecture": "llama", "general.name": "Tiny", "general.license": "apache-2.0"}
    head = b"GGUF" + struct.pack("<IQQ", 3, 1, len(facts))
    for name, value in facts.items():
        head += text(name) + struct.pack("<I", 8) + text(value)
    head += text("w") + struct.pack("<IQIQ", 1, 4, 0, 0)
    return head + bytes(number % 251 for number in range(size - len(head)))


MODEL = model_file()
SHA256 = hashlib.sha256(MODEL).hexdigest()


class FileServer:
    """Serves `data` under any path, by ranges. `answers` are taken first, each for one request."""

    def __init__(self) -> None:
        self.data, self.etag, self.ranges = MODEL, '"one"', True
        self.answers: list[Callable[[BaseHTTPRequestHandler], None]] = []
        self.asked: list[str] = []
        self.slow = 0.0
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                outer.asked.append(self.headers.get("range", ""))
                outer.answers.pop(0)(self) if outer.answers else outer.serve(self)

            def log_message(self, *_: Any) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self._server.server_address[1]}"

    @property
    def url(self) -> str:
        return f"http://{self.host}/models/tiny.gguf"

    def serve(self, handler: BaseHTTPRequestHandler, upto: int | None = None) -> None:
        begin, size = 0, len(self.data)
        wanted = re.fullmatch(r"bytes=(\d+)-(\d*)", handler.headers.get("range", ""))
        same = handler.headers.get("if-range") in (None, self.etag)
        if wanted and self.ranges and same:
            begin, last = int(wanted[1]), int(wanted[2] or size - 1)
            body = self.data[begin : last + 1]
            handler.send_response(206)
            handler.send_header("Content-Range", f"bytes {begin}-{begin + len(body) - 1}/{size}")
        else:
            body = self.data
            handler.send_response(200)
        handler.send_header("Content-Length", str(len(body)))
        handler.send_header("ETag", self.etag)
        handler.end_headers()
        try:
            for at in range(0, len(body), 20_000):
                if upto is not None and at >= upto:
                    handler.connection.close()
                    return
                handler.wfile.write(body[at : at + 20_000])
                time.sleep(self.slow)
        except OSError:
            pass

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture
def server() -> Iterator[FileServer]:
    found = FileServer()
    yield found
    found.close()


@pytest.fixture
def store(tmp_path: Path, server: FileServer) -> Downloads:
    own = OwnHosts(tmp_path)
    own.allow(server.host)
    return Downloads(tmp_path / "models", own.http, lambda host: host in own.names, pause=0.01)


def ended(download: Download, seconds: float = 30.0) -> Download:
    end = time.monotonic() + seconds
    while download.under_way and time.monotonic() < end:
        time.sleep(0.01)
    assert not download.under_way
    return download


def files(store: Downloads) -> list[str]:
    return sorted(path.name for path in store._folder.glob("*"))


def test_what_is_there_is_told_before_anything_is_kept(store: Downloads, server: FileServer) -> None:
    offer = store.look(server.url)
    assert (offer.file, offer.size, offer.name, offer.license) == (
        "tiny.gguf",
        len(MODEL),
        "Tiny",
        "apache-2.0",
    )
    assert files(store) == []
    assert server.asked == ["bytes=0-262143"]


@pytest.mark.parametrize("sha256", ["", SHA256, f" SHA256:{SHA256.upper()} "])
def test_it_comes_whole_and_is_verified(store: Downloads, server: FileServer, sha256: str) -> None:
    found = ended(store.start(store.look(server.url, sha256)))
    assert (found.state, found.problem) == ("done", None)
    assert found.path
    assert found.path.read_bytes() == MODEL
    assert files(store) == ["tiny.gguf"]
    again = ended(store.start(store.look(server.url)))
    assert again.path
    assert again.path.name == "tiny 2.gguf"


def test_what_broke_off_goes_on_where_it_was(store: Downloads, server: FileServer) -> None:
    offer = store.look(server.url, SHA256)
    server.answers = [lambda handler: server.serve(handler, 100_000), lambda handler: server.serve(handler, 60_000)]
    found = ended(store.start(offer))
    assert found.path
    assert found.path.read_bytes() == MODEL
    begins = [int(asked[6:-1]) for asked in server.asked[2:]]
    assert begins == sorted(begins)
    assert 0 < begins[0] < begins[1] < len(MODEL)


def test_it_is_stopped_and_goes_on_in_another_process(tmp_path: Path, store: Downloads, server: FileServer) -> None:
    offer = store.look(server.url, SHA256)
    server.slow = 0.05
    found = store.start(offer)
    end = time.monotonic() + 30
    while not found.done and time.monotonic() < end:
        time.sleep(0.005)
    store.stop(found)
    assert ended(found).state == "stopped"
    assert 0 < found.done < len(MODEL)
    server.slow = 0.0
    later = Downloads(store._folder, store._http, store._own, pause=0.01)
    (left,) = later.all()
    assert (left.state, left.offer, left.done) == ("stopped", offer, found.done)
    assert ended(later.start(left.offer)).state == "done"
    assert server.asked[-1] == f"bytes={found.done}-"
    assert files(later) == ["tiny.gguf"]


def test_a_server_without_ranges_begins_again(store: Downloads, server: FileServer) -> None:
    server.ranges = False
    offer = store.look(server.url, SHA256)
    server.answers = [lambda handler: server.serve(handler, 100_000)]
    assert ended(store.start(offer)).state == "done"


def wrong_hash(server: FileServer) -> None:
    server.data = MODEL[:-1] + b"x"


def another_size(server: FileServer) -> None:
    server.data = MODEL + b"x"


def changed_on_the_way(server: FileServer) -> None:
    """The first half of one file, and the second of another of the same size."""
    old = server.data

    def first(handler: BaseHTTPRequestHandler) -> None:
        server.serve(handler, 100_000)
        server.data, server.etag = old[:100] + b"x" * (len(old) - 100), '"two"'

    server.answers = [first]


def vanished(server: FileServer) -> None:
    server.answers = [lambda handler: server.serve(handler, 100_000), lambda handler: handler.send_error(404)]


def away(server: FileServer) -> None:
    server.answers = [lambda handler: handler.connection.close()] * 20


TROUBLES: dict[str, tuple[Callable[[FileServer], None], str, str, bool]] = {
    # What happens after the look, the code and words of the problem, and whether a beginning of it is there.
    "another hash": (wrong_hash, "model.hash", "isn’t the file that its SHA-256", False),
    "another size": (another_size, "model.changed", "another one by now", False),
    "changed on the way": (changed_on_the_way, "model.hash", "isn’t the file that its SHA-256", False),
    "vanished": (vanished, "model.gone", "no file at this address", True),
    "no connection any more": (away, "model.broken", "broke off again and again", False),
}


@pytest.mark.parametrize("name", TROUBLES)
def test_what_is_wrong_is_refused_in_words(store: Downloads, server: FileServer, name: str) -> None:
    happens, code, words, kept = TROUBLES[name]
    offer = store.look(server.url, SHA256)
    happens(server)
    found = ended(store.start(offer))
    assert (found.state, found.path) == ("failed", None)
    assert found.problem
    assert found.problem.hint
    assert found.problem.code == code
    assert words in str(found.problem)
    assert "tiny.gguf" not in files(store)
    assert ("tiny.gguf.part" in files(store)) == kept
    store.forget(found)
    assert files(store) == []


def test_without_a_hash_a_file_that_is_no_model_is_refused_at_the_end(store: Downloads, server: FileServer) -> None:
    offer = store.look(server.url)
    server.data = MODEL[:4] + b"\xff" * (len(MODEL) - 4)
    found = ended(store.start(offer))
    assert found.problem
    assert "isn’t a whole model file" in str(found.problem)
    assert files(store) == []


def page(handler: BaseHTTPRequestHandler) -> None:
    body = b"<html>About the model</html>"
    handler.send_response(200)
    handler.send_header("Content-Length", str(len(body)))
    handler.end_headers()
    handler.wfile.write(body)


def huge(handler: BaseHTTPRequestHandler) -> None:
    handler.send_response(206)
    handler.send_header("Content-Range", f"bytes 0-99/{10**15}")
    handler.send_header("Content-Length", "100")
    handler.end_headers()
    handler.wfile.write(MODEL[:100])


def without_size(handler: BaseHTTPRequestHandler) -> None:
    handler.send_response(200)
    handler.end_headers()
    handler.wfile.write(MODEL[:1000])


def away_to(address: str) -> Callable[[BaseHTTPRequestHandler], None]:
    def send(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(302)
        handler.send_header("Location", address)
        handler.send_header("Content-Length", "0")
        handler.end_headers()

    return send


LOOKS: dict[str, tuple[Callable[[BaseHTTPRequestHandler], None], str]] = {
    "a page about it": (page, "no model file at this address"),
    "nothing there": (lambda handler: handler.send_error(404), "no file at this address"),
    "signed in only": (lambda handler: handler.send_error(401), "signed in"),
    "a server in trouble": (lambda handler: handler.send_error(503), "error 503"),
    "too large": (huge, "too large for one computer"),
    "no size": (without_size, "doesn’t say how large"),
    "on to a place nobody allowed": (away_to("http://169.254.169.254/latest"), "may not access"),
    "on to another port of this computer": (away_to("http://127.0.0.1:9/x.gguf"), "may not access"),
}


@pytest.mark.parametrize("name", LOOKS)
def test_what_an_address_may_turn_out_to_be(store: Downloads, server: FileServer, name: str) -> None:
    answer, words = LOOKS[name]
    server.answers = [answer]
    with pytest.raises(FlowloomError, match=words) as caught:
        store.look(server.url)
    assert caught.value.problem.hint
    assert files(store) == []


@pytest.mark.parametrize(
    ("address", "sha256", "words"),
    [
        ("http://example.com/x.gguf", "", "doesn’t begin with https"),
        ("ftp://example.com/x.gguf", "", "can’t be opened"),
        ("~/models/x.gguf", "", "can’t be opened"),
        ("https://127.0.0.1/x.gguf", "", "may not access"),
        ("https://example.com/x.gguf", "abc", "64 characters"),
    ],
)
def test_addresses_that_are_not_asked(store: Downloads, address: str, sha256: str, words: str) -> None:
    with pytest.raises(FlowloomError, match=words):
        store.look(address, sha256)


def test_there_is_room_for_it_or_it_is_refused_before(
    store: Downloads, server: FileServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(downloads, "whole_memory", lambda: 1_000)
    with pytest.raises(FlowloomError, match="of memory, and this computer has"):
        store.look(server.url)
    monkeypatch.setattr(downloads, "whole_memory", lambda: 0)
    monkeypatch.setattr(downloads, "SPARE", 10**18)
    with pytest.raises(FlowloomError, match="the disk has"):
        store.look(server.url)


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("https://a.example/m/Tiny-Q4.GGUF", "Tiny-Q4.gguf"),
        ("https://a.example/%2e%2e%2f%2e%2e%2fetc%2fpasswd", "passwd.gguf"),
        ("https://a.example/..%5c..%5cx.gguf", "_.._x.gguf"),
        ("https://a.example/", "model.gguf"),
        ("https://a.example/" + "a" * 500, "a" * 80 + ".gguf"),
        ("https://a.example/模型.gguf?download=true", "模型.gguf"),
    ],
)
def test_its_name_is_a_plain_one(address: str, name: str) -> None:
    assert offers._file_name(address) == name
