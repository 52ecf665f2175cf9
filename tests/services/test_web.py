"""Pages and searches against servers on loopback that answer as the real ones do, and as they should not."""

import asyncio
import json
from collections.abc import Callable, Iterator
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Event, Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from flowloom.errors import FlowloomError, HttpError, KnowledgeError, SecretError
from flowloom.kinds.web import WebFindings, WebPage
from flowloom.services.network.guarded_requests import GuardedHttp
from flowloom.services.secrets import SecretStore
from flowloom.services.web import open_web
from flowloom.services.web.open_web import OpenWeb
from flowloom.services.web.settings import SECRETS, WebSettings, load_web_settings, save_web_settings
from tests.services.test_knowledge import pdf

KEY = "tvly-not-to-be-told-0123456789"
ARTICLE = """<html><head><title>Pools &amp; lakes</title></head><body><nav><a href="/menu">Menu</a></nav>
<article><h1>Where to swim</h1>
<p>The lake is open from May to September, and it is warm enough in July for a long swim across it.</p>
<p>The pool in town opens at nine every day; <a href="prices#top">prices</a> are on the board by the door.</p>
<a href="javascript:alert(1)">No</a><a href="https://other.example/x">Elsewhere</a></article>
<footer>Cookies and imprint</footer></body></html>"""


class Site:
    """A web server whose answers the test gives; `asked` are the requests it saw."""

    def __init__(self) -> None:
        self.asked: list[dict[str, Any]] = []
        self.answer: Callable[[str], tuple[int, str, bytes]] = lambda path: (404, "text/plain", b"")
        self.released = Event()
        site = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                length = int(self.headers.get("content-length") or 0)
                headers = {name.lower(): value for name, value in self.headers.items()}
                body = self.rfile.read(length).decode()
                site.asked.append({"method": self.command, "path": self.path, "headers": headers, "body": body})
                status, kind, data = site.answer(self.path)
                self.send_response(status)
                if 300 <= status < 400:
                    self.send_header("location", kind)
                self.send_header("content-type", kind)
                self.send_header("content-length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            do_POST = do_GET

            def log_message(self, format: str, *args: Any) -> None:
                """Say nothing."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.host = f"127.0.0.1:{self.server.server_address[1]}"
        self.url = f"http://{self.host}"
        self.thread = Thread(target=self.server.serve_forever, args=(0.02,), daemon=True)
        self.thread.start()

    def close(self) -> None:
        self.released.set()
        self.server.shutdown()
        self.thread.join(5)
        self.server.server_close()


@pytest.fixture
def site() -> Iterator[Site]:
    found = Site()
    yield found
    found.close()


def web_of(site: Site, folder: Path, **settings: str) -> OpenWeb:
    """The web whose every provider is the site."""
    secrets = SecretStore(folder)
    for name in set(SECRETS.values()):
        secrets.set(name, KEY)
    allowed = frozenset({site.host})

    def make_http(**options: Any) -> GuardedHttp:
        return GuardedHttp(**{"allowed_hosts": allowed, **options})

    addresses = dict.fromkeys(("wikipedia", "tavily", "brave", "openai"), site.url)
    return OpenWeb(secrets, WebSettings(searxng=site.url, **settings), make_http, addresses)


@pytest.fixture(autouse=True)
def own_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FLOWLOOM_SECRET_KEY", "a password of the tests")


def read(site: Site, folder: Path, path: str = "/", longest: int = 20_000) -> WebPage:
    return asyncio.run(web_of(site, folder).read(site.url + path, longest))


def search(site: Site, folder: Path, provider: str, query: str = "lake & pool", count: int = 2) -> WebFindings:
    return asyncio.run(web_of(site, folder).search(query, provider, count, "fr", "gpt-test"))


def test_a_page_is_its_main_text_with_title_and_links(site: Site, tmp_path: Path) -> None:
    site.answer = lambda path: (200, "text/html; charset=utf-8", ARTICLE.encode())
    page = read(site, tmp_path, "/swim/")
    assert page.title == "Pools & lakes"
    assert "The lake is open from May" in page.text
    assert "imprint" not in page.text
    assert page.links == (
        ("Menu", f"{site.url}/menu"),
        ("prices", f"{site.url}/swim/prices"),
        ("Elsewhere", "https://other.example/x"),
    )


def test_a_redirect_is_followed_and_links_start_from_where_it_ends(site: Site, tmp_path: Path) -> None:
    site.answer = lambda path: (302, "/new/page", b"") if path == "/" else (200, "text/html", ARTICLE.encode())
    page = read(site, tmp_path)
    assert page.url == f"{site.url}/new/page"
    assert ("prices", f"{site.url}/new/prices") in page.links


def test_plain_text_is_cut_at_its_limit(site: Site, tmp_path: Path) -> None:
    site.answer = lambda path: (200, "text/plain; charset=utf-8", "é".encode() * 1000)
    assert read(site, tmp_path, longest=600).text == "é" * 600 + " …"


def test_a_pdf_is_read(site: Site, tmp_path: Path) -> None:
    site.answer = lambda path: (200, "application/pdf", pdf("Swim here."))
    page = read(site, tmp_path, "/guide.pdf")
    assert "Swim here." in page.text
    assert page.title == "guide.pdf"


@pytest.mark.parametrize(
    ("status", "kind", "data", "said"),
    [
        (404, "text/html", b"gone", "no such page"),
        (403, "text/html", b"", "no such page"),
        (200, "text/html", b"", "No text"),
        (200, "text/html", b"<html><script>app()</script></html>", "No text"),
        (200, "text/html", b"<" * 100_000, "No text"),
        (200, "text/html", b"\0\xff\xfe" * 1000, "No text"),
        (200, "image/png", b"\x89PNG", "returned something that can’t be read as text"),
        (200, "application/pdf", b"%PDF-1.7 broken", "a readable PDF"),
        (
            302,
            "http://169.254.169.254/latest",
            b"",
            "is on this computer or your local network, which flows may not access",
        ),
        (302, "/", b"", "in circles"),
    ],
)
def test_pages_that_cannot_be_read_say_so(
    site: Site, tmp_path: Path, status: int, kind: str, data: bytes, said: str
) -> None:
    site.answer = lambda path: (status, kind, data)
    with pytest.raises((HttpError, KnowledgeError), match=said):
        read(site, tmp_path)


def test_a_deep_page_harms_nothing(site: Site, tmp_path: Path) -> None:
    site.answer = lambda path: (200, "text/html", b"<html><div>" * 50_000 + b"x")
    with pytest.raises(HttpError):
        read(site, tmp_path)


def test_pages_of_this_computer_are_refused(site: Site, tmp_path: Path) -> None:
    web = OpenWeb(SecretStore(tmp_path), WebSettings())
    with pytest.raises(HttpError, match="is on this computer or your local network, which flows may not access"):
        asyncio.run(web.read(site.url, 1000))
    assert site.asked == []


ROWS = [{"title": f"Lake {n}", "url": f"https://lake{n}.example/", "content": f"Text {n}"} for n in range(3)]
ANSWERS: dict[str, Any] = {
    "wikipedia": {"query": {"search": [
        {"title": "Lac d’Annecy", "snippet": 'Le <span class="searchmatch">lac</span> &amp; la plage'},
        {"title": "Plage", "snippet": "Du sable"}, {"title": "Trop", "snippet": ""},
    ]}},
    "searxng": {"query": "q", "results": ROWS},
    "tavily": {"query": "q", "results": ROWS, "response_time": 0.5},
    "brave": {"type": "search", "web": {"results": [
        {"title": row["title"], "url": row["url"], "description": f"<b>{row['content']}</b>"} for row in ROWS
    ]}},
    "openai": {
        "output": [
            {"type": "web_search_call", "status": "completed"},
            {"type": "message", "content": [{"type": "output_text", "text": "Lake 0 and 1.", "annotations": [
                {"type": "url_citation", "url": row["url"], "title": row["title"], "start_index": 0}
                for row in [*ROWS, ROWS[0]]
            ]}]},
        ],
        "usage": {"input_tokens": 11, "output_tokens": 7},
    },
}  # fmt: skip
PATHS = {
    "wikipedia": "/w/api.php",
    "searxng": "/search",
    "tavily": "/search",
    "brave": "/res/v1/web/search",
    "openai": "/v1/responses",
}


@pytest.mark.parametrize("provider", ANSWERS)
def test_each_provider_is_asked_and_read_as_it_likes(site: Site, tmp_path: Path, provider: str) -> None:
    site.answer = lambda path: (200, "application/json", json.dumps(ANSWERS[provider]).encode())
    found = search(site, tmp_path, provider)
    (asked,) = site.asked
    url, headers = urlsplit(asked["path"]), asked["headers"]
    wanted = {name: values[0] for name, values in parse_qs(url.query).items()}
    sent = json.loads(asked["body"] or "{}")
    assert url.path == PATHS[provider]
    assert "lake & pool" in (*wanted.values(), *sent.values())
    assert [KEY in headers.get(name, "") for name in ("authorization", "x-subscription-token")] == [
        provider in ("tavily", "openai"),
        provider == "brave",
    ]
    assert len(found.results) == 2
    first = found.results[0]
    if provider == "wikipedia":
        assert first.url == f"{site.url}/wiki/Lac_d%E2%80%99Annecy"
        assert (first.title, first.text) == ("Lac d’Annecy", "Le lac & la plage")
        assert "Flowloom" in headers["user-agent"]
        assert wanted["srlimit"] == "2"
    else:
        text = "" if provider == "openai" else "Text 0"
        assert (first.title, first.url, first.text) == ("Lake 0", "https://lake0.example/", text)
    if provider == "openai":
        assert sent == {"model": "gpt-test", "input": "lake & pool", "tools": [{"type": "web_search"}]}
        assert headers["authorization"] == f"Bearer {KEY}"
        assert found.answer == "Lake 0 and 1."
        assert found.usage is not None
        assert found.usage.tokens == 18


TROUBLE: list[tuple[int, str, str]] = [
    (401, json.dumps({"error": KEY}), "didn’t accept the key"),
    (429, KEY, "no more searches for now"),
    (500, KEY, "error 500"),
    (200, "<html>Welcome", "returned no search results"),
    (200, "[]", "returned no search results"),
    (200, '{"results": 7, "web": 7, "query": 7, "output": 7}', "returned no search results"),
    (200, "[" * 100_000, "returned no search results"),
]


@pytest.mark.parametrize("provider", ANSWERS)
@pytest.mark.parametrize(("status", "body", "said"), TROUBLE, ids=[f"{s}-{b[:6]}" for s, b, _ in TROUBLE])
def test_trouble_is_told_without_the_key(
    site: Site, tmp_path: Path, provider: str, status: int, body: str, said: str
) -> None:
    site.answer = lambda path: (status, "application/json", body.encode())
    with pytest.raises(FlowloomError) as failed:
        search(site, tmp_path, provider)
    keyed = provider in SECRETS or status != 401
    assert (said if keyed else "error 401") in str(failed.value)
    assert KEY not in str(failed.value) + repr(failed.value.problem)


@pytest.mark.parametrize("provider", ANSWERS)
def test_finding_nothing_is_no_error(site: Site, tmp_path: Path, provider: str) -> None:
    empty = {"query": {"search": []}, "results": [], "output": [], "type": "search"}
    site.answer = lambda path: (200, "application/json", json.dumps(empty).encode())
    assert search(site, tmp_path, provider).results == ()


def test_a_slow_provider_is_given_up(site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def hang(path: str) -> tuple[int, str, bytes]:
        site.released.wait(30)
        return 200, "text/plain", b""

    site.answer = hang
    web = web_of(site, tmp_path)
    web._make_http = partial(GuardedHttp, frozenset({site.host}), max_seconds=0.2)
    with pytest.raises(HttpError, match="didn’t answer within"):
        asyncio.run(web.search("lake", "tavily", 2, "en", ""))


def test_what_is_not_set_up_is_told_and_asks_nobody(site: Site, tmp_path: Path) -> None:
    web = OpenWeb(SecretStore(tmp_path), WebSettings())
    for provider in ("tavily", "brave", "openai"):
        with pytest.raises(SecretError, match="needs a key"):
            asyncio.run(web.search("lake", provider, 2, "en", ""))
    with pytest.raises(HttpError, match="No SearXNG server"):
        asyncio.run(web.search("lake", "searxng", 2, "en", ""))


def test_settings_are_kept_and_a_bad_address_is_not(tmp_path: Path) -> None:
    assert load_web_settings(tmp_path) == WebSettings()
    save_web_settings(tmp_path, WebSettings(searxng="http://localhost:8080"))
    with pytest.raises(HttpError):
        save_web_settings(tmp_path, WebSettings(searxng="localhost"))
    assert load_web_settings(tmp_path).searxng == "http://localhost:8080"
    (tmp_path / "web.json").write_text("{")
    assert load_web_settings(tmp_path) == WebSettings()


def test_a_wiki_is_that_of_the_persons_language(tmp_path: Path) -> None:
    web = OpenWeb(SecretStore(tmp_path), WebSettings())
    addresses = [web.searched_at("wikipedia", language) for language in ("fr", "zh", "en", "evil.example/")]
    assert addresses == [f"https://{name}.wikipedia.org" for name in ("fr", "zh", "en", "en")]
    assert open_web.ADDRESSES["tavily"].startswith("https://")
