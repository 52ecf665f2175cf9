"""A store as a feed of another one: two servers of this machine, a web host of files, and everything that lies."""

import asyncio
import io
import json
from collections.abc import Callable, Iterator
from contextlib import closing
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from flowloom.cli import main
from flowloom.errors import FlowloomError
from flowloom.exchange.feed import read_feed, write_feed
from flowloom.exchange.signing import new_key, public_of
from flowloom.file_exchange import take_in
from flowloom.gallery.subscriptions import feed_address, feed_of
from flowloom.intake import MAIN
from flowloom.serve.access import Access
from flowloom.serve.doors import DOORS
from flowloom.serve.page.routes import page_routes
from flowloom.serve.store.routes import store_routes
from flowloom.store.feeds import Subscribed
from flowloom.store.publications import Terms
from flowloom.store_feed import StoreFeed
from flowloom.workspace import Workspace
from tests.gallery.stocking import stock
from tests.serve.test_page import HERE, KEY, OURS, OWNER
from tests.serving import Served
from tests.test_visits import ECHO

EVIL = "<script>alert(1)</script>\"'>"


@pytest.fixture
def school(tmp_path: Path) -> Iterator[Workspace]:
    """Another installation, with a store of three: one may be copied."""
    with closing(Workspace(tmp_path / "school")) as home:
        stock(home, "parrot", description="Says back what you say.", category="education", may_copy=True)
        stock(home, "secret", description="Nobody may copy it.")
        link = Terms(audience="link", may_copy=True)
        home.publications.publish(home.flows.create(ECHO), "by-address", link)
        StoreFeed(home).rename("School store")
        yield home


def app_of(home: Workspace) -> Starlette:
    return Starlette(routes=[*store_routes(lambda: home), *page_routes(lambda: home)])


@pytest.fixture
def served(school: Workspace, home: Workspace) -> Iterator[str]:
    """The address of the store of the school, on a server of this machine that may be reached."""
    with Served(app_of(school)) as server:
        home.own_hosts.allow(server.host)
        yield f"http://{server.host}/store"


def add(home: Workspace, address: str) -> Subscribed:
    return asyncio.run(home.subscriptions.add(address))


def got(home: Workspace, feed: Subscribed, slug: str = "parrot") -> io.BytesIO:
    file = io.BytesIO()
    asyncio.run(home.subscriptions.fetch(feed.id, slug, file))
    return file


# -- two servers


def test_from_a_store_to_another_over_two_servers(school: Workspace, home: Workspace, served: str) -> None:
    flow = school.publications.find("parrot").flow
    school.knowledge.add(f"{flow.id}/{MAIN}", "bulbs.txt", b"Tulips are planted in October.")
    feed = add(home, served)
    assert (feed.address, feed_of(feed).name) == (f"{served}/feed.json", "School store")
    assert [each.slug for each in feed_of(feed).gpts] == ["parrot"], "only what is public and may be copied"
    with Served(app_of(home)) as own:
        page = TestClient(app_of(home), base_url=f"http://{own.host}").get("/store").text
        assert "From other stores" in page
        assert "parrot" in page
    taken = take_in(home, got(home, feed))
    assert taken.flow.name == "parrot"
    assert taken.flow.nodes == flow.nodes
    from_there = feed_of(feed).gpts[0]
    assert (from_there.builder, from_there.language, from_there.categories) == (
        "School store",
        "en",
        ("education",),
    )


def test_what_has_not_changed_is_not_sent_again(school: Workspace, home: Workspace, served: str) -> None:
    feed = add(home, served)
    with TestClient(app_of(school)) as client:
        assert client.get("/store/feed.json", headers={"if-none-match": feed.etag}).status_code == 304
    asyncio.run(home.subscriptions.refresh(feed.id))
    again = home.subscriptions.all()[0]
    assert (again.data, again.problem, again.looked > feed.looked) == (feed.data, None, True)


def test_what_is_new_there_comes_with_the_next_sweep(
    school: Workspace, home: Workspace, served: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    add(home, served)
    stock(school, "tulips", description="Knows bulbs.", may_copy=True)
    monkeypatch.setattr("flowloom.store_feed.FRESH", -1.0)
    home.sweep.all()
    assert len(list(home.subscriptions.items())) == 1, "it was asked a moment ago"
    monkeypatch.setattr("flowloom.gallery.subscriptions.FRESH", -1.0)
    home.sweep.all()
    assert [item.slug for _, item in home.subscriptions.items()] == ["parrot", "tulips"]


def test_a_store_that_is_away_keeps_what_it_offered(home: Workspace, school: Workspace) -> None:
    with Served(app_of(school)) as server:
        home.own_hosts.allow(server.host)
        feed = add(home, f"http://{server.host}/store")
    asyncio.run(home.subscriptions.refresh(feed.id))
    (kept,) = home.subscriptions.all()
    assert kept.problem
    assert "failed" in kept.problem.describe().message
    assert len(list(home.subscriptions.items())) == 1


def test_a_private_host_is_not_asked(home: Workspace) -> None:
    assert refused(lambda: add(home, "http://127.0.0.1:9/store")) == "http"
    assert home.subscriptions.all() == []


def refused(call: Callable[[], object]) -> str:
    with pytest.raises(FlowloomError) as error:
        call()
    assert error.value.problem.hint, "what to do next is said"
    return error.value.problem.code


# -- a web host of files


class Files(ThreadingHTTPServer):
    """A web host of files, which anybody can change."""

    def __init__(self, folder: Path) -> None:
        class Quiet(SimpleHTTPRequestHandler):
            def log_message(self, *_: Any) -> None: ...

        super().__init__(("127.0.0.1", 0), partial(Quiet, directory=str(folder)))
        self.folder, self.address = folder, f"http://127.0.0.1:{self.server_port}/feed.json"


@pytest.fixture
def host(school: Workspace, home: Workspace, tmp_path: Path) -> Iterator[Files]:
    """What the school wrote for a web host, there."""
    folder = tmp_path / "web"
    assert StoreFeed(school).write(folder) == 1
    with Files(folder) as found:
        thread = Thread(target=found.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        home.own_hosts.allow(f"127.0.0.1:{found.server_port}")
        yield found
        found.shutdown()
        thread.join()


def test_a_folder_on_a_web_host_is_enough(home: Workspace, host: Files) -> None:
    feed = add(home, host.address)
    assert take_in(home, got(home, feed)).flow.name == "parrot"


def test_writing_again_removes_what_is_no_longer_offered(school: Workspace, tmp_path: Path) -> None:
    folder = tmp_path / "web"
    StoreFeed(school).write(folder)
    before = (folder / "feed.json").read_bytes()
    StoreFeed(school).write(folder)
    assert (folder / "feed.json").read_bytes() == before, "the same is written the same"
    school.publications.unpublish(school.publications.find("parrot").flow.id)
    assert StoreFeed(school).write(folder) == 0
    assert list((folder / "feed").iterdir()) == []
    assert json.loads((folder / "feed.json").read_bytes())["gpts"] == []


def test_the_command_line_writes_it(home: Workspace, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    stock(home, "parrot", may_copy=True)
    assert main(["store", "export", str(tmp_path / "web")]) == 0
    assert "1 GPTs" in capsys.readouterr().out
    assert [each.slug for each in read_feed((tmp_path / "web" / "feed.json").read_bytes()).gpts] == ["parrot"]


# -- what lies

KEY_OF_A_LIAR = new_key()


def signed_anew(said: dict[str, Any], key: str) -> bytes:
    """As whoever has another key would write it."""
    items = [{name: value for name, value in each.items() if name != "signature"} for each in said["gpts"]]
    return write_feed(said["name"], items, key, public_of(key))


def school_key(school: Workspace) -> str:
    return school.secrets.reveal("capsule author")


FEEDS: dict[str, tuple[Callable[[dict[str, Any]], bytes], str]] = {
    "no JSON": (lambda said: b"<html>", "feed.none"),
    "other JSON": (lambda said: b"[1, 2]", "feed.none"),
    "very deep": (lambda said: b"[" * 100_000, "feed.none"),
    "10 MB": (lambda said: json.dumps(said | {"more": "x" * 10_000_000}).encode(), "feed.large"),
    "not UTF-8": (lambda said: json.dumps(said).encode("utf-16"), "feed.none"),
    "half": (lambda said: json.dumps(said).encode()[:200], "feed.none"),
    "no signature": (
        lambda said: json.dumps({k: v for k, v in said.items() if k != "signature"}).encode(),
        "feed.none",
    ),
    "another name": (lambda said: json.dumps(said | {"name": "Other"}).encode(), "feed.signature"),
    "another builder": (
        lambda said: json.dumps(said | {"gpts": [said["gpts"][0] | {"builder": "Somebody"}]}).encode(),
        "feed.signature",
    ),
    "a way out of the folder": (
        lambda said: json.dumps(said | {"gpts": [said["gpts"][0] | {"slug": "../../x"}]}).encode(),
        "feed.none",
    ),
    "a size of −1": (
        lambda said: json.dumps(said | {"gpts": [said["gpts"][0] | {"size": -1}]}).encode(),
        "feed.none",
    ),
    "twice the same": (
        lambda said: signed_anew(said | {"gpts": said["gpts"] * 2}, KEY_OF_A_LIAR),
        "feed.signature",
    ),
    "of a newer version": (lambda said: json.dumps(said | {"version": 2}).encode(), "file"),
}


@pytest.mark.parametrize("how", FEEDS)
def test_a_feed_that_is_none_is_refused_and_nothing_is_kept(home: Workspace, host: Files, how: str) -> None:
    write, code = FEEDS[how]
    path = host.folder / "feed.json"
    good = path.read_bytes()
    path.write_bytes(write(json.loads(good)))
    assert refused(lambda: add(home, host.address)).startswith(code)
    assert home.subscriptions.all() == []
    # The same once it is believed: what it said before stays, and why is told.
    path.write_bytes(good)
    feed = add(home, host.address)
    path.write_bytes(write(json.loads(good)))
    home.subscriptions._store.put(feed._replace(etag=""))
    asyncio.run(home.subscriptions.refresh(feed.id))
    (kept,) = home.subscriptions.all()
    assert kept.data == feed.data
    assert kept.problem


CAPSULES: dict[str, tuple[Callable[[Files, Workspace, Path], None], str]] = {
    "swapped": (lambda host, school, path: path.write_bytes(path.read_bytes()[:-30] + b"x" * 30), "feed.lies"),
    "longer": (lambda host, school, path: path.write_bytes(path.read_bytes() + b"x" * 5_000_000), "feed.lies"),
    "shorter": (lambda host, school, path: path.write_bytes(path.read_bytes()[:100]), "feed.lies"),
    "gone": (lambda host, school, path: path.unlink(), "feed.status"),
    "of another author": (lambda host, school, path: relabel(host, school, builder="Ada Lovelace"), "feed.author"),
    "lies about its size": (lambda host, school, path: relabel(host, school, size=10), "feed.lies"),
    "lies about its hash": (lambda host, school, path: relabel(host, school, sha256="0" * 64), "feed.lies"),
    "signed by another": (lambda host, school, path: resign(host, path), "feed.author"),
}


def relabel(host: Files, school: Workspace, **lies: Any) -> None:
    """A feed that its own store signed, although it says what is not so."""
    path = host.folder / "feed.json"
    said = json.loads(path.read_bytes())
    path.write_bytes(signed_anew(said | {"gpts": [said["gpts"][0] | lies]}, school_key(school)))


def resign(host: Files, capsule: Path) -> None:
    """A feed of somebody who took the capsules of another store."""
    path = host.folder / "feed.json"
    path.write_bytes(signed_anew(json.loads(path.read_bytes()), KEY_OF_A_LIAR))


@pytest.mark.parametrize("how", CAPSULES)
def test_a_capsule_that_is_not_as_said_is_not_taken(
    home: Workspace, school: Workspace, host: Files, how: str
) -> None:
    lie, code = CAPSULES[how]
    lie(host, school, host.folder / "feed" / "parrot.capsule")
    feed = add(home, host.address)
    assert refused(lambda: got(home, feed)) == code
    assert home.flows.entries() == []


def test_another_key_is_told_and_refused_until_it_is_accepted(
    home: Workspace, host: Files, school: Workspace
) -> None:
    feed = add(home, host.address)
    path = host.folder / "feed.json"
    path.write_bytes(signed_anew(json.loads(path.read_bytes()), KEY_OF_A_LIAR))
    home.subscriptions._store.put(feed._replace(etag=""))
    asyncio.run(home.subscriptions.refresh(feed.id))
    (told,) = home.subscriptions.all()
    assert (told.key, told.new_key) == (feed.key, public_of(KEY_OF_A_LIAR))
    assert told.problem
    assert told.problem.code == "feed.key"
    assert list(home.subscriptions.items()) == []
    assert refused(lambda: got(home, feed)) == "store.none"
    asyncio.run(home.subscriptions.accept(feed.id))
    (now,) = home.subscriptions.all()
    assert (now.key, now.new_key, now.problem) == (public_of(KEY_OF_A_LIAR), "", None)
    assert [item.slug for _, item in home.subscriptions.items()] == ["parrot"]


def test_the_key_of_before_again_needs_nobody(home: Workspace, host: Files) -> None:
    feed = add(home, host.address)
    path = host.folder / "feed.json"
    good = path.read_bytes()
    path.write_bytes(signed_anew(json.loads(good), KEY_OF_A_LIAR))
    home.subscriptions._store.put(feed._replace(etag=""))
    asyncio.run(home.subscriptions.refresh(feed.id))
    path.write_bytes(good)
    asyncio.run(home.subscriptions.refresh(feed.id))
    (kept,) = home.subscriptions.all()
    assert (kept.key, kept.new_key, kept.problem) == (feed.key, "", None)


def test_ones_own_store_is_none_of_the_others(school: Workspace) -> None:
    with Served(app_of(school)) as server:
        school.own_hosts.allow(server.host)
        assert refused(lambda: add(school, f"http://{server.host}/store")) == "feed.own"
    assert school.subscriptions.all() == []


def test_a_store_is_added_once_and_removed(home: Workspace, host: Files) -> None:
    feed = add(home, host.address)
    assert refused(lambda: add(home, host.address)) == "feed.twice"
    home.subscriptions.remove(feed.id)
    assert (home.subscriptions.all(), list(home.subscriptions.items())) == ([], [])


@pytest.mark.parametrize(
    ("given", "address"),
    [
        ("school.example", "https://school.example/store/feed.json"),
        ("http://school.example:8501", "http://school.example:8501/store/feed.json"),
        ("https://school.example/store/", "https://school.example/store/feed.json"),
        ("https://files.example/a/feed.json?x=1#y", "https://files.example/a/feed.json"),
        ("https://files.example/gpts", "https://files.example/gpts/feed.json"),
    ],
)
def test_an_address_is_read_however_it_is_given(given: str, address: str) -> None:
    assert feed_address(given) == address


@pytest.mark.parametrize("given", ["", "ftp://x.example/", "https://user:pw@x.example/", "http://"])
def test_what_is_no_address_is_refused(home: Workspace, given: str) -> None:
    assert refused(lambda: add(home, given))


# -- as people see it


def test_what_a_feed_says_is_shown_as_text(home: Workspace, host: Files, school: Workspace) -> None:
    relabel(host, school, name=f"{EVIL}\u202e", description=f"{EVIL}\n\0", builder=EVIL)
    feed = add(home, host.address)
    inside = Access(app_of(home), lambda: KEY, doors=DOORS)
    browser = TestClient(inside, base_url=HERE, headers=OURS)
    for address in ("/store", f"/store/from/{feed.id}/parrot", "/store?q=script"):
        page = browser.get(address).text
        assert "alert(1)" in page
        assert "<script>alert" not in page
        assert "\u202e" not in page


@pytest.mark.parametrize(("headers", "may"), [({}, False), (OWNER, True)])
def test_whoever_builds_here_gets_it(home: Workspace, host: Files, headers: dict[str, str], may: bool) -> None:
    feed = add(home, host.address)
    inside = Access(app_of(home), lambda: KEY, doors=DOORS)
    browser = TestClient(inside, base_url=HERE, headers=OURS | headers)
    page = browser.get(f"/store/from/{feed.id}/parrot").text
    assert (f'href="/?get={feed.id}/parrot"' in page) is may
    assert browser.get(f"/store/from/{feed.id}/nothing", headers={"accept": "application/json"}).status_code == 404


def test_a_stranger_reads_the_feed_behind_the_guard(school: Workspace) -> None:
    """Another installation has no key of this one; a page of another site is refused as ever."""
    inside = Access(app_of(school), lambda: KEY, doors=DOORS)
    browser = TestClient(inside, base_url=HERE)
    assert browser.get("/store/feed.json").status_code == 200
    assert browser.get("/store/feed/parrot.capsule").status_code == 200
    assert browser.get("/store/feed.json", headers={"host": "evil.example"}).status_code == 403


def test_what_is_not_offered_is_not_given_out(school: Workspace) -> None:
    browser = TestClient(app_of(school), headers={"accept": "application/json"})
    for slug, status in {"parrot": 200, "secret": 404, "by-address": 404, "..%2Ffeed": 404}.items():
        assert browser.get(f"/store/feed/{slug}.capsule").status_code == status
