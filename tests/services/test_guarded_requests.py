"""Requests cannot be turned against this machine, however the address is spelt."""

import asyncio
import gzip
import ssl
from collections.abc import Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address, ip_network
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from hypothesis import given
from hypothesis import strategies as st

from flowloom.errors import HttpError
from flowloom.kinds.http import HttpReply, HttpRequest
from flowloom.services.network.addresses import is_public, read_address
from flowloom.services.network.guarded_requests import GuardedHttp
from tests.hanging_up import hang_up

FORBIDDEN = """
http://127.0.0.1/  http://127.0.0.1:8080/  http://127.1/  http://127.0.1/  http://127.255.255.254/
http://2130706433/  http://017700000001/  http://0x7f000001/  http://0x7f.0.0.1/  http://0177.0.0.1/
http://0x7f.1/  http://0177.0x0.0.1/  http://127.0.0.1./  http://127。0。0。1/  http://127．0．0．1/  http://①②⑦.0.0.1/
http://localhost/  http://LOCALHOST/  http://localhost./  http://ⓛocalhost/  http://localhost:9/
http://0/  http://0.0.0.0/  http://0.1.2.3/
http://10.0.0.1/  http://10.1/  http://172.16.0.1/  http://172.31.255.255/  http://192.168.0.1/  http://192.168.257/
http://100.64.0.1/  http://100.100.100.200/latest/meta-data/  http://168.63.129.16/
http://169.254.169.254/latest/meta-data/  http://2852039166/  http://0xa9fea9fe/  http://0251.0376.0251.0376/
http://169.254.170.2/  http://[fd00:ec2::254]/
http://192.0.0.192/  http://192.0.2.1/  http://192.88.99.1/  http://198.18.0.1/  http://198.51.100.7/  http://203.0.113.9/
http://224.0.0.1/  http://239.255.255.250/  http://240.0.0.1/  http://255.255.255.255/
http://[::1]/  http://[::]/  http://[0:0:0:0:0:0:0:1]/  http://[::ffff:127.0.0.1]/  http://[::ffff:7f00:1]/
http://[::ffff:169.254.169.254]/  http://[::ffff:8.8.8.8]/  http://[::127.0.0.1]/  http://[64:ff9b::7f00:1]/
http://[64:ff9b::10.0.0.1]/  http://[64:ff9b:1::1]/  http://[2002:7f00:1::]/  http://[2002:a9fe:a9fe::1]/
http://[2001:0:7f00:1::]/  http://[2001:db8::1]/  http://[fe80::1]/  http://[fe80::1%25eth0]/  http://[fec0::1]/
http://[fc00::1]/  http://[fd12:3456::1]/  http://[ff02::1]/  http://[100::1]/  http://[2606:4700::5efe:10.0.0.1]/
http://example.com@127.0.0.1/  http://example.com:80@127.0.0.1/  http://127.0.0.1#@example.com/
http://127.0.0.1?@example.com/  http://example.com\\@127.0.0.1/  http://127.0.0.1\\@example.com/
http://127.0.0.1%00.example.com/  http://127.0.0.1%2f@example.com/
http://internal.test/  http://mixed.test/  http://mapped.test/
ftp://example.com/  file:///etc/passwd  gopher://127.0.0.1:70/  //127.0.0.1/  127.0.0.1  javascript:alert(1)
http:///etc/passwd  http://  http:127.0.0.1  http://exa mple.com/  http://example.com:99999/  http://[::1/
http://user:pw@example.com/  http://[fe80::1%eth0]/  data:text/plain,x  unix:///var/run/docker.sock
""".split("  ")
FORBIDDEN_URLS = [url for chunk in FORBIDDEN for url in chunk.strip().split("\n") if url.strip()]

NAMES = {
    "localhost": ["127.0.0.1", "::1"],
    "internal.test": ["10.1.2.3"],
    "mixed.test": ["93.184.216.34", "192.168.1.1"],
    "mapped.test": ["::ffff:10.0.0.1"],
    "one.test": ["127.0.0.1"],
    "two.test": ["127.0.0.1"],
}


async def resolver(host: str, port: int) -> Sequence[str]:
    if host not in NAMES:
        raise OSError(host)
    return NAMES[host]


class NoConnection(GuardedHttp):
    """Says so when a request gets as far as connecting."""

    async def _send(self, method, url, address, headers, body):  # type: ignore[no-untyped-def]
        raise AssertionError(f"connected to {address}")


def ask(http: GuardedHttp, url: str, **more: object) -> HttpReply:
    return asyncio.run(http.request(HttpRequest(url=url, **more)))


def test_the_table_is_long_enough() -> None:
    assert len(FORBIDDEN_URLS) >= 90


@pytest.mark.parametrize("url", FORBIDDEN_URLS)
def test_refuses(url: str) -> None:
    with pytest.raises(HttpError):
        ask(NoConnection(resolver=resolver), url)


@pytest.mark.parametrize(
    "url",
    ["http://8.8.8.8/", "https://[2606:4700::1111]/", "http://[64:ff9b::808:808]/", "http://134744072/"],
)
def test_lets_public_addresses_through(url: str) -> None:
    with pytest.raises(AssertionError, match="connected"):
        ask(NoConnection(resolver=resolver), url)


@given(st.ip_addresses())
def test_never_calls_public_what_the_registry_calls_private(address) -> None:  # type: ignore[no-untyped-def]
    kinds = ("private", "loopback", "link_local", "multicast", "reserved", "unspecified")
    translated = address in ip_network("64:ff9b::/96") if address.version == 6 else False
    assert not is_public(address) or translated or not any(getattr(address, f"is_{kind}") for kind in kinds)


@given(st.integers(0, 2**32 - 1))
def test_reads_every_numeric_spelling(number: int) -> None:
    expected = ip_address(number)
    assert {read_address(str(number)), read_address(hex(number)), read_address(f"0{number:o}")} == {expected}


Handler = Callable[[bytes, asyncio.StreamWriter], Awaitable[None]]


@asynccontextmanager
async def serving(handler: Handler, **options: Any):  # type: ignore[no-untyped-def]
    """A server on loopback that hands each request's head and body to `handler`."""

    async def on_connect(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = await reader.readuntil(b"\r\n\r\n")
            sizes = [line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")]
            body = await reader.readexactly(int(sizes[0].split(b":")[1])) if sizes else b""
            await handler(head + body, writer)
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    server = await asyncio.start_server(on_connect, "127.0.0.1", 0, **options)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        await hang_up(server)


def page(text: bytes, *headers: str, status: str = "200 OK") -> bytes:
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(text)}", "Connection: close", *headers]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + text


def redirect(target: str, status: str = "302 Found") -> bytes:
    return page(b"", f"Location: {target}", status=status)


def talk(
    answers: Callable[[str, int], bytes],
    path: str = "/",
    host: str = "one.test",
    allowed: tuple[str, ...] = ("one.test", "two.test"),
    http: Callable[..., GuardedHttp] = GuardedHttp,
    **request: object,
) -> tuple[HttpReply, list[str]]:
    """Ask a server whose `answers` depend on the path; the reply and the requests it saw."""
    seen: list[str] = []

    async def whole() -> HttpReply:
        async def handler(data: bytes, writer: asyncio.StreamWriter) -> None:
            seen.append(data.decode())
            writer.write(answers(seen[-1].split()[1], writer.get_extra_info("sockname")[1]))
            await writer.drain()

        async with serving(handler) as port:
            guarded = http(frozenset(allowed), resolver=resolver)
            return await guarded.request(HttpRequest(url=f"http://{host}:{port}{path}", **request))

    return asyncio.run(whole()), seen


def test_keeps_the_host_name_while_connecting_to_the_checked_address() -> None:
    reply, seen = talk(lambda path, port: page("héllo".encode(), "X-Kind: test"))
    assert (reply.status, reply.text, reply.headers["x-kind"]) == (200, "héllo", "test")
    assert "host: one.test:" in seen[0].lower()


def test_sends_method_headers_and_body_but_not_the_connections_own_headers() -> None:
    headers = {"X-Key": "k", "Host": "evil.test", "Content-Length": "3", "Transfer-Encoding": "chunked"}
    _, seen = talk(lambda *_: page(b"ok"), method="post", headers=headers, body="name=Zoë")
    assert seen[0].startswith("POST / ")
    assert seen[0].endswith("name=Zoë")
    assert "x-key: k" in seen[0].lower()
    assert "evil.test" not in seen[0]
    assert "chunked" not in seen[0]


def test_a_host_is_allowed_with_or_without_its_port() -> None:
    async def whole(allow: Callable[[int], str]) -> int:
        async def handler(data: bytes, writer: asyncio.StreamWriter) -> None:
            writer.write(page(b"in"))
            await writer.drain()

        async with serving(handler) as port:
            http = GuardedHttp(frozenset({allow(port)}), resolver=resolver)
            return (await http.request(HttpRequest(url=f"http://127.0.0.1:{port}/"))).status

    assert asyncio.run(whole(lambda port: "127.0.0.1")) == 200
    assert asyncio.run(whole(lambda port: f"127.0.0.1:{port}")) == 200
    with pytest.raises(HttpError):
        asyncio.run(whole(lambda port: f"127.0.0.1:{port + 1}"))


@pytest.mark.parametrize(
    "target",
    [
        "http://127.0.0.1:{port}/",
        "http://169.254.169.254/",
        "http://localhost/",
        "file:///etc/passwd",
        "//10.0.0.1/",
        "http://one.test@127.0.0.1/",
        "http://[::1]/",
        "gopher://one.test/",
    ],
)
def test_checks_every_redirect(target: str) -> None:
    chain = {"/": "/second", "/second": "http://two.test:{port}/third", "/third": target}
    with pytest.raises(HttpError):
        talk(lambda path, port: redirect(chain[path].format(port=port)))


def test_follows_five_redirects_and_no_sixth() -> None:
    def answers(path: str, port: int) -> bytes:
        step = int(path[1:])
        return redirect(f"/{step - 1}") if step else page(b"arrived")

    assert talk(answers, "/5")[0].text == "arrived"
    with pytest.raises(HttpError, match="circles"):
        talk(answers, "/6")


def test_keys_stay_with_their_host() -> None:
    headers = {
        "Authorization": "Bearer s3cret",
        "X-Api-Key": "s3cret",
        "Cookie": "s3cret",
        "Accept": "text/plain",
    }

    def answers(path: str, port: int) -> bytes:
        targets = {"/": "/same", "/same": f"http://two.test:{port}/other"}
        return redirect(targets[path]) if path in targets else page(b"done")

    reply, seen = talk(answers, headers=headers)
    assert reply.text == "done"
    assert [request.count("s3cret") for request in seen] == [3, 3, 0]
    assert "accept: text/plain" in seen[2].lower()


def test_what_is_posted_stays_with_its_host() -> None:
    with pytest.raises(HttpError, match=r"two\.test"):
        talk(
            lambda path, port: redirect(f"http://two.test:{port}/", "307 Temporary"),
            method="POST",
            body="secret",
        )
    _, seen = talk(
        lambda path, port: page(b"ok") if path == "/b" else redirect(f"http://two.test:{port}/b", "303 See Other"),
        method="POST",
        body="secret",
    )
    assert seen[1].startswith("GET /b")
    assert "secret" not in seen[1]


def test_a_name_cannot_change_between_check_and_connection() -> None:
    asked: list[str] = []

    async def rebinding(host: str, port: int) -> Sequence[str]:
        asked.append(host)
        return ["93.184.216.34"] if len(asked) == 1 else ["127.0.0.1"]

    with pytest.raises(AssertionError, match=r"connected to 93\.184\.216\.34"):
        ask(NoConnection(resolver=rebinding), "http://rebind.test/")
    assert asked == ["rebind.test"]


def test_tries_the_next_address_when_the_first_is_down(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(NAMES, "one.test", ["127.0.0.99", "127.0.0.1"])
    assert talk(lambda *_: page(b"second"))[0].text == "second"


def test_ignores_proxies_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    assert talk(lambda *_: page(b"direct"))[0].text == "direct"


def certificate(folder: Path, name: str) -> Path:
    """A self-made certificate and its key in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder(subject, subject, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    kinds = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    path = folder / f"{name}.pem"
    path.write_bytes(key.private_bytes(*kinds) + made.public_bytes(serialization.Encoding.PEM))
    return path


@pytest.mark.parametrize("certified", ["one.test", "two.test"])
def test_tls_is_checked_against_the_name_not_the_address(tmp_path: Path, certified: str) -> None:
    pem = certificate(tmp_path, certified)
    serving_tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    serving_tls.load_cert_chain(pem)
    names: list[str | None] = []
    serving_tls.sni_callback = lambda _, name, __: names.append(name)

    async def handler(data: bytes, writer: asyncio.StreamWriter) -> None:
        writer.write(page(b"safe"))
        await writer.drain()

    async def whole() -> str:
        async with serving(handler, ssl=serving_tls) as port:
            http = GuardedHttp(frozenset({"one.test"}), resolver=resolver)
            http._tls = ssl.create_default_context(cafile=pem)
            return (await http.request(HttpRequest(url=f"https://one.test:{port}/"))).text

    if certified == "one.test":
        assert asyncio.run(whole()) == "safe"
    else:
        with pytest.raises(HttpError, match="ConnectError"):
            asyncio.run(whole())
    assert names == ["one.test"]


def small(*args: object, **kwargs: object) -> GuardedHttp:
    return GuardedHttp(*args, max_bytes=1000, max_seconds=0.4, **kwargs)  # type: ignore[arg-type]


@pytest.mark.parametrize("kind", ["silent", "drip", "headers"])
def test_slow_replies_end(kind: str) -> None:
    async def handler(data: bytes, writer: asyncio.StreamWriter) -> None:
        writer.write({"silent": b"", "drip": b"HTTP/1.1 200 OK\r\n\r\n", "headers": b"HTTP/1.1 200 OK\r\n"}[kind])
        for count in range(100):
            writer.write({"silent": b"", "drip": b".", "headers": b"x-%d: y\r\n" % count}[kind])
            await writer.drain()
            await asyncio.sleep(0.02)

    async def whole() -> None:
        async with serving(handler) as port:
            await small(frozenset({"127.0.0.1"})).request(HttpRequest(url=f"http://127.0.0.1:{port}/"))

    with pytest.raises(HttpError, match=r"within 0\.4 seconds"):
        asyncio.run(whole())


def test_endless_replies_are_cut_off() -> None:
    async def handler(data: bytes, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
        while True:
            writer.write(b"x" * 10_000)
            await writer.drain()

    async def whole() -> HttpReply:
        async with serving(handler) as port:
            return await small(frozenset({"127.0.0.1"})).request(HttpRequest(url=f"http://127.0.0.1:{port}/"))

    assert asyncio.run(whole()).text == "x" * 1000


def test_packed_replies_are_cut_off_when_unpacked() -> None:
    bomb = gzip.compress(b"\0" * 5_000_000)
    assert len(talk(lambda *_: page(bomb, "Content-Encoding: gzip"), http=small)[0].text) == 1000
    assert talk(lambda *_: page(gzip.compress(b"hello"), "Content-Encoding: gzip"))[0].text == "hello"


@pytest.mark.parametrize(
    ("answer", "text"),
    [
        (page("é".encode("latin-1"), "Content-Type: text/plain; charset=latin-1"), "é"),
        (page("é".encode(), "Content-Type: text/plain; charset=no-such"), "é"),
        (page("é".encode(), "Content-Type: text/plain; charset=hex"), "é"),
        (page("é".encode(), "Content-Type: text/plain; charset=idna"), "é"),
        (page("你好".encode("gb18030"), "Content-Type: text/plain; charset=gbk"), "你好"),
    ],
)
def test_reads_every_encoding(answer: bytes, text: str) -> None:
    assert talk(lambda *_: answer)[0].text == text


@pytest.mark.parametrize("answer", [b"", b"nonsense\r\n\r\n", page(b"abc")[:-2], redirect("http://[bad")])
def test_broken_replies_are_named(answer: bytes) -> None:
    with pytest.raises(HttpError):
        talk(lambda *_: answer)


@pytest.mark.parametrize(
    "request_", [{"method": "CONNECT"}, {"headers": {"X": "a\r\nHost: b"}}, {"headers": {"X": "é"}}]
)
def test_odd_requests_are_refused(request_: dict[str, object]) -> None:
    with pytest.raises(HttpError):
        talk(lambda *_: page(b"ok"), **request_)  # type: ignore[arg-type]


def test_errors_hold_no_secret() -> None:
    for url in ("http://user:s3cret@[bad/?key=s3cret", "ftp://me:s3cret@host/?k=s3cret#s3cret"):
        with pytest.raises(HttpError) as caught:
            ask(GuardedHttp(), url)
        assert "s3cret" not in str(caught.value)
