"""Pictures of other computers: fetched from their host alone, made anew, and nothing else than pictures."""

import asyncio
import io
from collections.abc import Iterator
from pathlib import Path
from threading import Thread

import pytest
from PIL import Image

from flowloom.errors import FlowloomError, HttpError, KnowledgeError
from flowloom.services.network import remote_images
from flowloom.services.network.local_network import OwnHosts
from flowloom.services.network.remote_images import fetch_picture, host_of_picture
from tests.loopback import Far, png


@pytest.fixture
def far() -> Iterator[Far]:
    with Far() as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


@pytest.fixture
def own(tmp_path: Path, far: Far) -> OwnHosts:
    hosts = OwnHosts(tmp_path)
    hosts.allow(far.host)
    return hosts


def fetched(own: OwnHosts, address: str, side: int = 100) -> bytes:
    return asyncio.run(fetch_picture(own.http, address, side))


def test_a_picture_is_made_anew_and_its_host_learns_the_address_only(own: OwnHosts, far: Far) -> None:
    original = png() + b"<script>what hides behind a picture</script>"
    far.places["/a.png?b=1"] = (200, {"content-type": "image/png", "set-cookie": "a=b"}, original)
    shown = fetched(own, f"http://{far.host}/a.png?b=1", side=20)
    assert b"script" not in shown
    with Image.open(io.BytesIO(shown)) as found:
        assert (found.format, found.size) == ("PNG", (20, 20))
    ((path, headers),) = far.asked
    assert path == "/a.png?b=1"
    assert not {"cookie", "referer", "origin", "authorization"} & headers.keys()


SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
NO_PICTURES = {
    "a page": (200, {"content-type": "text/html"}, b"<!doctype html><p>Hello"),
    "a page that calls itself a picture": (200, {"content-type": "image/png"}, b"<!doctype html><p>Hello"),
    "a drawing": (200, {"content-type": "image/svg+xml"}, SVG),
    "half a picture": (200, {"content-type": "image/png"}, png()[:60]),
    "nothing": (200, {"content-type": "image/png"}, b""),
    "not there": (404, {}, b"no"),
}


@pytest.mark.parametrize("what", NO_PICTURES)
def test_what_is_no_picture_is_not_shown(own: OwnHosts, far: Far, what: str) -> None:
    far.places["/a"] = NO_PICTURES[what]
    with pytest.raises(KnowledgeError, match="a picture that can"):
        fetched(own, f"http://{far.host}/a")


def test_a_host_does_not_send_us_on_to_another(own: OwnHosts, far: Far) -> None:
    with Far() as other:
        Thread(target=other.serve_forever, daemon=True).start()
        own.allow(other.host)
        other.places["/a"] = (200, {}, png())
        far.places["/a"] = (302, {"location": f"http://{other.host}/a"}, b"")
        with pytest.raises(HttpError, match="redirects to"):
            fetched(own, f"http://{far.host}/a")
        assert other.asked == []
        other.shutdown()


def test_a_picture_that_is_too_large_is_not_read_to_its_end(
    own: OwnHosts, far: Far, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(remote_images, "MAX_BYTES", 1_000)
    far.places["/a"] = (200, {}, png() + bytes(2_000))
    with pytest.raises(HttpError, match="larger"):
        fetched(own, f"http://{far.host}/a")


def test_a_small_file_of_too_many_points_is_not_unfolded(
    own: OwnHosts, far: Far, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("flowloom.services.network.remote_images.MAX_PIXELS", 1_000)
    far.places["/a"] = (200, {}, png())
    with pytest.raises(KnowledgeError, match="pixels"):
        fetched(own, f"http://{far.host}/a")


@pytest.mark.parametrize(
    "address",
    ["http://127.0.0.1:9/a.png", "http://[::1]/a.png", "http://169.254.169.254/a.png", "http://10.0.0.1/a.png"],
)
def test_this_computer_and_its_network_are_not_asked(tmp_path: Path, address: str) -> None:
    with pytest.raises(HttpError, match="is on this computer or your local network, which flows may not access"):
        fetched(OwnHosts(tmp_path), address)


@pytest.mark.parametrize(
    ("address", "host"),
    [
        ("https://Example.org/a.png", "example.org"),
        ("//example.org/a.png", "example.org"),
        ("http://example.org:8080/a.png", "example.org:8080"),
        ("https://example.org:443/a.png", "example.org"),
        ("file:///etc/hosts", None),
        ("data:image/png;base64,AAAA", None),
        ("https://", None),
        ("a.png", None),
    ],
)
def test_the_host_that_would_be_asked(address: str, host: str | None) -> None:
    if host:
        assert host_of_picture(address) == host
    else:
        with pytest.raises(FlowloomError):
            host_of_picture(address)
