"""Answers too large for the memory, read as they come, from the same places that guarded requests may go to."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from flowloom.errors import HttpError
from flowloom.services.network.addresses import host_of, parse_url
from flowloom.services.network.guarded_requests import GuardedHttp, connection_failed

if TYPE_CHECKING:
    import httpx

REDIRECTS = 5
_MOVED = frozenset({301, 302, 303, 307, 308})
SILENCE = 60.0
"""Seconds without a byte after which a server is given up."""


@asynccontextmanager
async def opened(
    http: GuardedHttp, address: str, headers: Mapping[str, str], silence: float = SILENCE
) -> AsyncIterator["httpx.Response"]:
    """The answer to a GET, redirects followed and each place checked, its body still to come, not compressed.

    Only `headers` are sent, which hold no keys. Raises HttpError, and httpx.TransportError while the body is read.
    """
    import httpx

    url = parse_url(address)
    timeout = httpx.Timeout(silence, connect=10.0)
    async with httpx.AsyncClient(verify=http.tls(), trust_env=False, timeout=timeout) as client:
        for _ in range(REDIRECTS + 1):
            response = await _sent(http, client, url, headers)
            target = response.headers.get("location")
            if response.status_code not in _MOVED or not target:
                try:
                    yield response
                finally:
                    await response.aclose()
                return
            await response.aclose()
            before, url = url, parse_url(str(url.join(target)))
            if before.scheme == "https" and url.scheme != "https":
                raise HttpError(
                    "{host} redirects to {other} without encryption.",
                    "Use an address that begins with https from start to end.",
                    host=host_of(before),
                    other=host_of(url),
                )
    raise HttpError(
        "{host} redirects in circles.",
        "Open the address in a browser and use the one it leads to.",
        host=host_of(url),
    )


async def _sent(
    http: GuardedHttp, client: "httpx.AsyncClient", url: "httpx.URL", headers: Mapping[str, str]
) -> "httpx.Response":
    """The beginning of the answer of the first address that can be reached."""
    import httpx

    failure: Exception = OSError()
    for address in await http.addresses(url):
        request = client.build_request(
            "GET",
            url.copy_with(host=str(address)),
            headers={**headers, "accept-encoding": "identity", "host": url.netloc.decode("ascii")},
            extensions={"sni_hostname": url.raw_host.decode("ascii").strip("[]")},
        )
        try:
            return await client.send(request, stream=True)
        except (httpx.ConnectError, httpx.ConnectTimeout) as error:
            failure = error
        except (httpx.HTTPError, httpx.InvalidURL, UnicodeError, ValueError) as error:
            failure = error
            break
    raise connection_failed(url, failure) from None
