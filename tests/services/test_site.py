"""A web site becomes documents, politely; what redirects inwards, never ends or unfolds is held to limits."""

import asyncio
import gzip
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from flowloom.errors import HttpError, KnowledgeError
from flowloom.services.knowledge.bases import KnowledgeBases
from flowloom.services.knowledge.files import About
from flowloom.services.knowledge.ingest import Progress
from flowloom.services.knowledge.site_reader import Site, SiteReader
from flowloom.services.network.guarded_requests import GuardedHttp

BASE = "f/main"
TEXT = "This page tells at some length about {0}, and about nothing else in the whole wide world than {0}."


def page(about: str, *links: str) -> bytes:
    anchors = " ".join(f'<a href="{link}">{link}</a>' for link in links)
    text = f"<p>{TEXT.format(about)}</p>{anchors}"
    return f"<html><head><title>{about}</title></head><body>{text}</body></html>".encode()


class StaticSite(ThreadingHTTPServer):
    """Pages by path: what they are, or what to do."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.pages: dict[str, Any] = {}
        self.asked: list[str] = []
        self.stopped = threading.Event()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class _Handler(BaseHTTPRequestHandler):
    server: StaticSite

    def do_GET(self) -> None:
        self.server.asked.append(self.path)
        found = self.server.pages.get(self.path)
        if callable(found):
            found(self)
        elif isinstance(found, str):
            self.reply(b"", 302, location=found)
        else:
            kind = "text/plain" if self.path.endswith(".txt") else "text/html; charset=utf-8"
            self.reply(found or b"gone", 200 if found else 404, content_type=kind)

    def reply(self, body: bytes, status: int = 200, **headers: str) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: object) -> None:
        pass


@pytest.fixture
def site() -> Iterator[StaticSite]:
    with StaticSite() as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.stopped.set()
        server.shutdown()


def read(site: StaticSite, folder: Path, path: str = "/", **more: Any) -> list[Progress]:
    http = GuardedHttp(frozenset({f"127.0.0.1:{site.server_port}"}), max_bytes=200_000)
    seconds = more.pop("seconds", 5.0)
    reader = SiteReader(KnowledgeBases(folder), http, seconds)
    return asyncio.run(reader.read(BASE, Site(address=site.url + path, **more), about=About(tags=("web",))))


def states(site: StaticSite, ended: list[Progress]) -> dict[str, str]:
    return {each.file.removeprefix(site.url): each.state for each in ended}


def test_pages_are_followed_to_a_depth_on_the_same_host(site: StaticSite, tmp_path: Path) -> None:
    site.pages = {
        "/": page("home", "/cats", "dogs#top", "http://elsewhere.example/x", "mailto:a@b.c", "http://[broken"),
        "/cats": page("cats", "/", "/deep"),
        "/dogs": page("dogs"),
        "/deep": page("depth"),
    }
    assert states(site, read(site, tmp_path, depth=1)) == {"/": "done", "/cats": "done", "/dogs": "done"}
    bases = KnowledgeBases(tmp_path)
    (found,) = bases.search(BASE, "cats", 1)
    assert (found.file, found.heading) == (f"{site.url}/cats", "cats")
    assert bases.files(BASE)[0].tags == ("web",)
    assert states(site, read(site, tmp_path / "few", most=2)) == {"/": "done", "/cats": "done"}


def test_only_what_changed_is_indexed_again(site: StaticSite, tmp_path: Path) -> None:
    site.pages = {"/": page("home", "/a", "/b"), "/a": page("apples"), "/b": page("berries")}
    read(site, tmp_path)
    site.pages["/a"] = page("apricots")
    del site.pages["/b"]
    assert states(site, read(site, tmp_path)) == {"/": "unchanged", "/a": "done", "/b": "failed"}
    names = [file.name.removeprefix(site.url) for file in KnowledgeBases(tmp_path).files(BASE)]
    assert names == ["/", "/a"]


def test_robots_are_told_what_to_leave(site: StaticSite, tmp_path: Path) -> None:
    site.pages = {
        "/robots.txt": b"User-agent: *\nDisallow: /private",
        "/": page("home", "/private/x", "/open"),
        "/open": page("open"),
    }
    assert states(site, read(site, tmp_path)) == {"/": "done", "/open": "done"}
    assert "/private/x" not in site.asked
    with pytest.raises(KnowledgeError, match=r"robots\.txt"):
        read(site, tmp_path, "/private/x")
    site.pages["/robots.txt"] = lambda handler: handler.reply(b"", 503)
    with pytest.raises(KnowledgeError, match=r"robots\.txt"):
        read(site, tmp_path)


def test_a_sitemap_names_the_pages(site: StaticSite, tmp_path: Path) -> None:
    own = [f"{site.url}/a", f"{site.url}/b?x=1&amp;y=2", "http://elsewhere.example/", f"{site.url}/more.xml"]
    site.pages = {
        "/sitemap.xml": ("<urlset>" + "".join(f"<url><loc>{url}</loc></url>" for url in own)).encode(),
        "/more.xml": f"<loc>{site.url}/c</loc><loc>{site.url}/sitemap.xml</loc>".encode(),
        "/a": page("apples", "/not-followed"),
        "/b?x=1&y=2": page("berries"),
        "/c": page("cherries"),
    }
    ended = states(site, read(site, tmp_path, "/sitemap.xml"))
    assert ended == {"/a": "done", "/b?x=1&y=2": "done", "/c": "done"}
    site.pages["/sitemap.xml"] = b"<!DOCTYPE x [<!ENTITY a 'aa'>]><x>&a;</x>"
    with pytest.raises(KnowledgeError, match="no pages"):
        read(site, tmp_path, "/sitemap.xml")


def _endless(handler: _Handler) -> None:
    handler.send_response(200)
    handler.send_header("content-type", "text/html")
    handler.end_headers()
    try:
        handler.wfile.write(page("eternity").removesuffix(b"</body></html>"))
        while not handler.server.stopped.is_set():
            handler.wfile.write(b"<p>and so on</p>" * 1_000)
    except OSError:
        pass


def _silent(handler: _Handler) -> None:
    handler.server.stopped.wait(30)


def _bomb(handler: _Handler) -> None:
    handler.reply(gzip.compress(bytes(50_000_000)), content_encoding="gzip", content_type="text/html")


def test_hostile_pages_harm_only_themselves(site: StaticSite, tmp_path: Path) -> None:
    site.pages = {
        "/": page("home", "/inwards", "/metadata", "/endless", "/silent", "/bomb", "/circle", "/good"),
        "/inwards": "http://127.0.0.1:9/admin",
        "/metadata": "http://169.254.169.254/latest/meta-data/",
        "/endless": _endless,
        "/silent": _silent,
        "/bomb": _bomb,
        "/circle": "/circle",
        "/good": page("goodness"),
    }
    ended = read(site, tmp_path, seconds=1.0)
    assert states(site, ended) == {
        "/": "done",
        "/inwards": "failed",
        "/metadata": "failed",
        "/endless": "done",
        "/silent": "failed",
        "/bomb": "failed",
        "/circle": "failed",
        "/good": "done",
    }
    problems = {each.file.removeprefix(site.url): str(each.problem) for each in ended if each.problem}
    assert "is on this computer or your local network, which flows may not access" in problems["/inwards"]
    assert "is on this computer or your local network, which flows may not access" in problems["/metadata"]
    assert "didn’t answer" in problems["/silent"]
    assert all(file.size < 300_000 for file in KnowledgeBases(tmp_path).files(BASE))


def test_a_site_that_is_silent_is_left_alone(site: StaticSite, tmp_path: Path) -> None:
    site.pages = {f"/{n}": _silent for n in range(20)}
    site.pages["/"] = page("home", *site.pages)
    ended = read(site, tmp_path, seconds=0.5)
    assert [each.state for each in ended] == ["done", *["failed"] * 5]


def test_private_addresses_are_not_read(tmp_path: Path) -> None:
    reader = SiteReader(KnowledgeBases(tmp_path), GuardedHttp())
    for address in ("http://127.0.0.1/", "http://169.254.169.254/latest/", "no address"):
        with pytest.raises(HttpError):
            asyncio.run(reader.read(BASE, Site(address=address)))
    assert list(tmp_path.iterdir()) == []


def test_a_redirect_on_the_site_leads_to_one_page(site: StaticSite, tmp_path: Path) -> None:
    site.pages = {"/": page("home", "/old", "/new"), "/old": "/new", "/new": page("news")}
    assert states(site, read(site, tmp_path)) == {"/": "done", "/new": "done"}
