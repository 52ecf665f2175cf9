"""Requests to other computers that cannot be turned against this one or its network."""

import asyncio
import socket
import zlib
from collections.abc import Awaitable, Callable, Sequence
from ipaddress import ip_address
from typing import TYPE_CHECKING, Any

from flowloom.errors import HttpError
from flowloom.kinds.http import HttpReply, HttpRequest
from flowloom.services.formats.charsets import decode_page
from flowloom.services.network.addresses import Address, host_of, is_public, parse_url, read_address, same_server

if TYPE_CHECKING:
    import httpx

Resolver = Callable[[str, int], Awaitable[Sequence[str]]]

METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
# Headers that describe the connection are ours to set; a flow's would confuse servers on the way.
_OURS = frozenset(
    "host content-length transfer-encoding connection keep-alive te upgrade trailer expect accept-encoding "
    "proxy-authorization proxy-connection".split()
)
# On the way to another host only these go along: keys hide in headers of any name.
_HARMLESS = frozenset({"accept", "accept-language", "content-type", "user-agent"})


async def resolve(host: str, port: int) -> Sequence[str]:
    """The addresses of a name, by the operating system."""
    loop = asyncio.get_running_loop()
    found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


class GuardedHttp:
    """Sends requests to public addresses, and to the hosts its owner allowed by name.

    `allowed_hosts` holds `host` or `host:port`; those may be private. Each name is resolved once per
    request and the connection goes to the address that was checked, so a name cannot change in between.
    """

    def __init__(
        self,
        allowed_hosts: frozenset[str] = frozenset(),
        max_bytes: int = 2_000_000,
        max_seconds: float = 120.0,
        max_redirects: int = 5,
        resolver: Resolver = resolve,
    ) -> None:
        self._allowed = frozenset(name.strip().lower().rstrip(".") for name in allowed_hosts)
        self._max_bytes = max_bytes
        self._max_seconds = max_seconds
        self._max_redirects = max_redirects
        self._resolver = resolver
        self._tls: Any = None

    async def request(self, request: HttpRequest) -> HttpReply:
        """Send it and read the answer within the limits. Raises HttpError."""
        if request.method.upper() not in METHODS:
            raise HttpError("“{method}” isn’t a valid method.", "Use GET or POST.", method=request.method)
        seconds = max(0.001, min(request.timeout, self._max_seconds))
        url = parse_url(request.url)
        try:
            async with asyncio.timeout(seconds):
                return await self._follow(request, url)
        except TimeoutError:
            raise HttpError(
                "{host} didn’t answer within {seconds} seconds.",
                "Try again later, or give the block more time.",
                host=url.host,
                seconds=f"{seconds:g}",
            ) from None

    async def _follow(self, request: HttpRequest, url: "httpx.URL") -> HttpReply:
        method, body = request.method.upper(), request.body
        headers = {k: v for k, v in request.headers.items() if k.lower() not in _OURS}
        for _ in range(self._max_redirects + 1):
            response = await self._exchange(method, url, headers, body)
            if isinstance(response, HttpReply):
                return response
            status, target = response
            if status == 303 or (status in (301, 302) and method == "POST"):
                method, body = ("HEAD" if method == "HEAD" else "GET"), ""
            if not same_server(url, target):
                _refuse_to_carry(body, request.stays, url, target)
                headers = {k: v for k, v in headers.items() if k.lower() in _HARMLESS}
            url = target
        raise HttpError(
            "{host} redirects in circles.",
            "Open the address in a browser and use the one it leads to.",
            host=url.host,
        )

    async def _exchange(
        self, method: str, url: "httpx.URL", headers: dict[str, str], body: str
    ) -> "HttpReply | tuple[int, httpx.URL]":
        """One request and its reply, or where the reply redirects to."""
        import httpx

        failure: Exception = OSError()
        for address in await self.addresses(url):
            try:
                return await self._send(method, url, address, headers, body)
            except (httpx.ConnectError, httpx.ConnectTimeout) as error:
                failure = error
            except (httpx.HTTPError, httpx.InvalidURL, UnicodeError, ValueError, zlib.error) as error:
                failure = error
                break
        raise connection_failed(url, failure) from None

    async def _send(
        self, method: str, url: "httpx.URL", address: Address, headers: dict[str, str], body: str
    ) -> "HttpReply | tuple[int, httpx.URL]":
        import httpx

        # No pool: a connection kept for one flow's host must never serve another's.
        timeout = httpx.Timeout(None, connect=10.0)
        async with httpx.AsyncClient(verify=self.tls(), trust_env=False, timeout=timeout) as client:
            request = client.build_request(
                method,
                url.copy_with(host=str(address)),
                headers={"accept-encoding": "gzip", **headers, "host": url.netloc.decode("ascii")},
                content=body.encode() if body else None,
                extensions={"sni_hostname": url.raw_host.decode("ascii").strip("[]")},
            )
            response = await client.send(request, stream=True)
            try:
                if response.status_code in _REDIRECTS and response.headers.get("location"):
                    return response.status_code, parse_url(str(url.join(response.headers["location"])))
                data = await self._read(response)
            finally:
                await response.aclose()
            return HttpReply(
                status=response.status_code,
                headers=dict(response.headers),
                text=decode_page(data, response.charset_encoding or ""),
                data=data,
                url=str(url),
            )

    async def _read(self, response: "httpx.Response") -> bytes:
        # We unpack ourselves, so that a small reply cannot unfold into gigabytes.
        packed = response.headers.get("content-encoding", "").lower() in ("gzip", "x-gzip", "deflate")
        unpack = zlib.decompressobj(47) if packed else None
        data = bytearray()
        async for piece in response.aiter_raw():
            room = self._max_bytes - len(data)
            data += unpack.decompress(piece, room) if unpack else piece[:room]
            if len(data) >= self._max_bytes:
                break
        return bytes(data)

    async def addresses(self, url: "httpx.URL") -> list[Address]:
        """The addresses to connect to, every one of them permitted. Raises HttpError."""
        host, port = host_of(url), url.port or (443 if url.scheme == "https" else 80)
        literal = read_address(host)
        addresses = [literal] if literal else await self._look_up(host, port)
        if not (self._is_allowed(host, port) or all(map(is_public, addresses))):
            raise HttpError(
                "{host} is on this computer or your local network, which flows may not access.",
                "If you trust this flow with it, add the host in Settings → Local network.",
                host=host,
            )
        return addresses

    async def _look_up(self, host: str, port: int) -> list[Address]:
        try:
            # A scope like %eth0 names a network card of this machine, which ip_address keeps.
            addresses = [ip_address(address) for address in await self._resolver(host, port)]
        except (OSError, UnicodeError, ValueError):
            addresses = []
        if not addresses:
            raise HttpError(
                "The address {host} wasn’t found.",
                "Check the address for typos, and your internet connection.",
                host=host,
            )
        return addresses[:4]

    def _is_allowed(self, host: str, port: int) -> bool:
        names = {host, f"{host}:{port}", f"[{host}]", f"[{host}]:{port}"}
        return not self._allowed.isdisjoint(names)

    def tls(self) -> Any:
        """What connections are secured with."""
        if self._tls is None:
            import httpx

            self._tls = httpx.create_ssl_context()
        return self._tls


def _refuse_to_carry(body: str, stays: bool, old: "httpx.URL", new: "httpx.URL") -> None:
    if body or stays:
        raise HttpError(
            "{host} redirects to {other}.",
            "If you trust {other}, use its address directly.",
            host=host_of(old),
            other=host_of(new),
        )


def connection_failed(url: "httpx.URL", error: Exception) -> HttpError:
    # The library's own words may quote headers, so only the kind of error is told.
    return HttpError(
        "The connection to {host} failed ({reason}).",
        "Check the address, and that the other computer is running.",
        host=host_of(url),
        reason=type(error).__name__,
    )
